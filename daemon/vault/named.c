/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/named.h"

#include <string.h>

#include <openssl/x509.h>

#include "daemon/vault/layer.h"
#include "daemon/vault/registry.h"
#include "daemon/vault/vault.h"
#include "daemon/vault/vstore_books.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"

struct one {
	char id[VAULT_ID_MAX];
	struct layer *layer;
};

struct named {
	struct one *v;
	size_t n, room;
};

static int
add(struct named *n, const struct vbooks_recipient *r)
{
	const unsigned char *p = r->cert;
	X509 *cert = d2i_X509(NULL, &p, (long)r->n);
	const char *wrong = "holds no certificate";
	struct one *v = n->v;
	int rc = ERR_INVALID;

	if (n->n == n->room) {
		v = mem_realloc(n->v, (n->room + 16) * sizeof *v);
		if (v == NULL) {
			X509_free(cert);
			return ERR_NOMEM;
		}
		n->v = v;
		n->room += 16;
	}
	if (cert != NULL)
		rc = layer_new(&v[n->n].layer, cert, ENVELOPE_TEXT, &wrong);
	X509_free(cert);
	if (rc == ERR_NOMEM)
		return rc;
	if (rc != 0) { /* it was checked when it came; the others are not to suffer */
		log_error("recipient %s: %s", r->id, wrong != NULL ? wrong : err_str(rc));
		return 0;
	}
	memcpy(v[n->n].id, r->id, sizeof r->id);
	n->n++;
	return 0;
}

int
named_load(struct named **ret, struct vbooks *b)
{
	struct named *n = mem_zalloc(sizeof *n);
	struct vbooks_recipient r;
	int rc, bad = 0;

	if (n == NULL)
		return ERR_NOMEM;
	while ((rc = vbooks_next_recipient(b, &r)) == 1)
		if (bad == 0)
			bad = add(n, &r);
	if (rc == 0)
		rc = bad;
	if (rc != 0) {
		named_free(n);
		return rc;
	}
	*ret = n;
	return 0;
}

void
named_free(struct named *n)
{
	size_t i;

	if (n == NULL)
		return;
	for (i = 0; i < n->n; i++)
		layer_free(n->v[i].layer);
	mem_free(n->v);
	mem_free(n);
}

static struct layer *
find(const struct named *n, const char *id)
{
	size_t i;

	for (i = 0; i < n->n; i++)
		if (strcmp(n->v[i].id, id) == 0)
			return n->v[i].layer;
	return NULL;
}

const struct recipient *
named_recipient(const struct named *n, const char *id)
{
	const struct layer *l = find(n, id);

	return l != NULL ? layer_recipient(l) : NULL;
}

/* The layer of somebody who may be named today, or NULL. */
static struct layer *
usable(const struct vault *v, const char *id)
{
	const struct reg_member *m = registry_member(v->reg, id);
	struct layer *l = find(v->named, id);
	const struct recipient *r;
	const struct reg_cert *c;
	int64_t now = clock_wall_ms() / 1000;

	if (m == NULL || l == NULL || m->m.disabled ||
	    (m->m.roles & (ROLE_CENTRE | ROLE_MINISTRY)) == 0)
		return NULL;
	r = layer_recipient(l);
	c = registry_cert(v->reg, r->spki);
	if (now < r->begins || now > r->ends || (c != NULL && c->revoked))
		return NULL;
	return l;
}

enum vault_status
named_check(const struct vault *v, const struct vault_order *o)
{
	unsigned i;

	for (i = 0; i < o->named_count; i++)
		if (usable(v, o->named[i]) == NULL ||
		    (i > 0 && strcmp(o->named[0], o->named[i]) == 0))
			return VS_INVALID;
	return VS_OK;
}

enum vault_status
named_make(struct vault *v, const struct vault_order *o, const char *sender,
    uint32_t epoch, struct named_set *ret)
{
	char text[ENVELOPE_TEXT];
	struct layer *to;
	unsigned i;
	int rc = 0;

	ret->count = 0;
	if (o->named_count == 0)
		return VS_OK;
	if (named_check(v, o) != VS_OK)
		return VS_INVALID;
	envelope_text(sender, o->report, epoch, text);
	for (i = 0; rc == 0 && i < o->named_count; i++) {
		to = find(v->named, o->named[i]);
		ret->n[i] = layer_len(to);
		rc = layer_seal(to, (const unsigned char *)text, ret->cms[i]);
	}
	mem_wipe(text, sizeof text);
	ret->count = o->named_count;
	return rc == 0 ? VS_OK : VS_INTERNAL;
}

int
named_put(struct vault *v, const struct vault_order *o, const struct named_set *set,
    int64_t day)
{
	unsigned i;
	int rc = 0;

	for (i = 0; rc == 0 && i < set->count; i++)
		rc = vbooks_put_named(
		    v->books, o->report, o->named[i], set->cms[i], set->n[i], day);
	return rc;
}

void
named_receivers(const struct vault *v, const struct vault_order *o,
    unsigned char ret[NAMED_MAX][RECEIVER_LEN])
{
	const struct reg_member *m;
	unsigned i;

	for (i = 0; i < o->named_count; i++) {
		m = registry_member(v->reg, o->named[i]);
		if (m != NULL)
			memcpy(ret[i], m->receiver, RECEIVER_LEN);
	}
}
