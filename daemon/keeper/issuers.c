/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/issuers.h"

#include <string.h>

#include <openssl/evp.h>

#include "lib/log.h"
#include "lib/mem.h"

enum { KEYS_MAX = 64 * GROUPS_MAX };

struct set {
	struct issuers_key *v;
	size_t n, room;
};

struct issuers {
	struct set now, next; /* next: being received */
	struct vault_public all;
	struct issuers_key none;
	int known;
};

static void
set_clear(struct set *s)
{
	while (s->n > 0)
		EVP_PKEY_free(s->v[--s->n].key);
}

struct issuers *
issuers_new(void)
{
	struct issuers *s = mem_zalloc(sizeof *s);

	if (s == NULL)
		return NULL;
	/* All bits set is an odd number of the right length, which is all that an
	 * exponentiation asks for. */
	memset(s->none.n, 0xff, sizeof s->none.n);
	if (blind_rsa_key(&s->none.key, s->none.n) != 0) {
		mem_free(s);
		return NULL;
	}
	return s;
}

void
issuers_free(struct issuers *s)
{
	if (s == NULL)
		return;
	set_clear(&s->now);
	set_clear(&s->next);
	EVP_PKEY_free(s->none.key);
	mem_free(s->now.v);
	mem_free(s->next.v);
	mem_free(s);
}

const struct issuers_key *
issuers_none(const struct issuers *s)
{
	return &s->none;
}

static const struct issuers_key *
find(const struct set *s, unsigned group, uint32_t epoch)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (s->v[i].group == group && s->v[i].epoch == epoch)
			return &s->v[i];
	return NULL;
}

/* A key that was known before is not made of its modulus again. */
static int
make_key(const struct set *old, struct issuers_key *k)
{
	const struct issuers_key *same = find(old, k->group, k->epoch);

	if (same == NULL || memcmp(same->n, k->n, sizeof k->n) != 0)
		return blind_rsa_key(&k->key, k->n);
	if (EVP_PKEY_up_ref(same->key) != 1)
		return ERR_CRYPTO;
	k->key = same->key;
	return 0;
}

static int
reserve(struct set *s)
{
	size_t room = s->room * 2 + 32;
	struct issuers_key *v;

	if (s->n < s->room)
		return 0;
	if (s->n >= KEYS_MAX)
		return ERR_LIMIT;
	v = mem_realloc(s->v, room * sizeof *v);
	if (v == NULL)
		return ERR_NOMEM;
	s->v = v;
	s->room = room;
	return 0;
}

int
issuers_add(struct issuers *s, const void *p, size_t n)
{
	struct vault_issuer m;
	struct issuers_key k;
	unsigned i;
	int rc = vault_issuer_get(p, n, &m);

	/* Two keys for one group and epoch would let the vault tell members apart. */
	if (rc == 0 && find(&s->next, m.group, m.epoch) != NULL)
		rc = ERR_PROTO;
	if (rc != 0)
		return rc;
	memset(&k, 0, sizeof k);
	k.group = m.group;
	k.epoch = m.epoch;
	k.state = (enum issuer_state)m.state;
	k.drawn = m.drawn;
	for (i = 0; i < m.slots; i++) {
		slots_set(&k.ceptoars, m.slot[i]);
		k.in[m.slot[i]] = m.in[i];
	}
	memcpy(k.n, m.n, sizeof k.n);
	rc = token_key_id(k.n, k.id);
	if (rc == 0)
		rc = reserve(&s->next);
	if (rc == 0)
		rc = make_key(&s->now, &k);
	if (rc == 0)
		s->next.v[s->next.n++] = k;
	return rc;
}

int
issuers_end(struct issuers *s, const void *p, size_t n)
{
	struct set old = s->now;
	struct vault_public all;
	int rc = vault_public_get(p, n, &all);

	if (rc != 0)
		return rc;
	/* That log only grows; who has noted its head would find out as well. */
	if (s->known && (all.exports < s->all.exports ||
			    (all.exports == s->all.exports &&
				memcmp(all.exports_head, s->all.exports_head,
				    sizeof all.exports_head) != 0)))
		log_error("the vault's log of exports is not the one that it was: %llu "
			  "exports then, %llu now",
		    (unsigned long long)s->all.exports, (unsigned long long)all.exports);
	s->all = all;
	s->known = 1;
	s->now = s->next;
	s->next = old;
	set_clear(&s->next);
	return 0;
}

void
issuers_broken(struct issuers *s)
{
	set_clear(&s->next);
}

const struct issuers_key *
issuers_find(const struct issuers *s, unsigned group, uint32_t epoch)
{
	const struct issuers_key *k = find(&s->now, group, epoch);

	return k != NULL && k->state != ISSUER_COMING ? k : NULL;
}

const struct issuers_key *
issuers_at(const struct issuers *s, size_t i)
{
	return i < s->now.n ? &s->now.v[i] : NULL;
}

const struct vault_public *
issuers_public(const struct issuers *s)
{
	return s->known ? &s->all : NULL;
}
