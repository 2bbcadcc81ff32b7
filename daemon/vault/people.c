/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/people.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "daemon/vault/registry.h"
#include "daemon/vault/vstore.h"
#include "daemon/vault/vstore_people.h"
#include "lib/mem.h"

struct people {
	struct reg_person *v; /* by member and id */
	const struct reg_person **by_id;
	size_t n, room;
};

/* Not to be turned back without the key.  No id holds a slash: no two are alike. */
int
people_hmac(const struct vstore_meta *meta, const char *id, const char *person,
    unsigned char ret[RECEIVER_LEN])
{
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	struct buf msg;
	int rc;

	buf_init(&msg, 4 * VAULT_ID_MAX);
	if (person == NULL)
		buf_addf(&msg, "receiver%s", id);
	else
		buf_addf(&msg, "person%s/%s", id, person);
	rc = buf_err(&msg);
	if (rc == 0 && (HMAC(EVP_sha256(), meta->receiver_key, sizeof meta->receiver_key,
			    (const unsigned char *)msg.p, msg.n, mac, &len) == NULL ||
			   len < RECEIVER_LEN))
		rc = ERR_CRYPTO;
	buf_done(&msg);
	if (rc == 0)
		memcpy(ret, mac, RECEIVER_LEN);
	mem_wipe(mac, sizeof mac);
	return rc;
}

static int
add(struct people *p, const struct registry *r, const struct vstore_meta *meta,
    const struct vault_person *m, int gone)
{
	struct reg_person *to, *v;

	if (p->n == p->room) {
		v = mem_realloc(p->v, (p->room == 0 ? 64 : p->room * 2) * sizeof *v);
		if (v == NULL)
			return ERR_NOMEM;
		p->v = v;
		p->room = p->room == 0 ? 64 : p->room * 2;
	}
	to = &p->v[p->n];
	memset(to, 0, sizeof *to);
	to->member = registry_member(r, m->id);
	if (to->member == NULL)
		return ERR_CORRUPT;
	memcpy(to->id, m->person, sizeof to->id);
	to->duties = m->duties;
	to->langs = m->langs;
	to->gone = gone != 0;
	p->n++;
	return people_hmac(meta, m->id, m->person, to->person);
}

static int
cmp_id(const void *a, const void *b)
{
	const struct reg_person *const *x = a, *const *y = b;

	return memcmp((*x)->person, (*y)->person, RECEIVER_LEN);
}

static int
index_ids(struct people *p)
{
	size_t i;

	p->by_id = mem_calloc(p->n, sizeof(void *));
	if (p->by_id == NULL)
		return ERR_NOMEM;
	for (i = 0; i < p->n; i++)
		p->by_id[i] = &p->v[i];
	if (p->n > 1)
		qsort(p->by_id, p->n, sizeof(void *), cmp_id);
	return 0;
}

int
people_load(struct people **ret, const struct registry *r, const struct vstore_meta *meta,
    struct vpeople *s)
{
	struct people *p = mem_zalloc(sizeof *p);
	struct vault_person m;
	int rc, gone, e = 0;

	if (p == NULL)
		return ERR_NOMEM;
	while ((rc = vpeople_next_person(s, &m, &gone)) == 1)
		if (e == 0) /* walk to the end, so that the next walk starts afresh */
			e = add(p, r, meta, &m, gone);
	if (rc == 0)
		rc = e;
	if (rc == 0)
		rc = index_ids(p);
	if (rc != 0) {
		people_free(p);
		return rc;
	}
	*ret = p;
	return 0;
}

void
people_free(struct people *p)
{
	if (p == NULL)
		return;
	mem_free(p->v);
	mem_free(p->by_id);
	mem_free(p);
}

/* The place of the first that is not before (id, person). */
static size_t
lower(const struct people *p, const char *id, const char *person)
{
	size_t lo = 0, hi = p->n, mid;
	int c;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		c = strcmp(p->v[mid].member->m.id, id);
		if (c < 0 || (c == 0 && strcmp(p->v[mid].id, person) < 0))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

const struct reg_person *
people_find(const struct people *p, const struct reg_member *m, const char *id)
{
	size_t i = lower(p, m->m.id, id);

	return i < p->n && p->v[i].member == m && strcmp(p->v[i].id, id) == 0 ? &p->v[i]
									      : NULL;
}

const struct reg_person *
people_after(const struct people *p, const struct reg_member *m, const char *id)
{
	size_t i = lower(p, m->m.id, id);

	if (i < p->n && p->v[i].member == m && strcmp(p->v[i].id, id) == 0)
		i++;
	return i < p->n && p->v[i].member == m ? &p->v[i] : NULL;
}

const struct reg_person *
people_by_id(const struct people *p, const unsigned char person[RECEIVER_LEN])
{
	size_t lo = 0, hi = p->n, mid;
	int c;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		c = memcmp(p->by_id[mid]->person, person, RECEIVER_LEN);
		if (c == 0)
			return p->by_id[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}
