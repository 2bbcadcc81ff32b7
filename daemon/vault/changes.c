/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/changes.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/x509.h>

#include "daemon/vault/issuer.h"
#include "daemon/vault/registry.h"
#include "daemon/vault/vstore.h"
#include "daemon/vault/change_people.h"
#include "daemon/vault/vstore_books.h"
#include "daemon/vault/vstore_people.h"
#include "daemon/vault/vstore_tokens.h"
#include "daemon/vault/vault.h"
#include "lib/db.h"
#include "lib/loop.h"
#include "lib/mem.h"
#include "proto/msg_person.h"
#include "proto/recipient.h"

enum {
	ALL_ROLES = ROLE_OPERATOR | ROLE_SECRETARIAT | ROLE_AFFILIATE | ROLE_CENTRE |
		    ROLE_MINISTRY | ROLE_AGENCY | ROLE_OBSERVER | ROLE_SUBSCRIBER,
	CHANGES_MAX = 64 * 1024 * 1024,
	SILENCE_MS = 60 * 1000,
	SUBSCRIPTION = 3 + 8 + 8 * 4 + 1 + 2 + 2 * 8 + SECTOR_BITS / 2 + 2,
	MEMBER_LEN =
	    VAULT_ID_MAX + 1 + 3 * SLOT_BYTES + 2 + 3 + 16 + 16 + 8 + SUBSCRIPTION,
	TERM_LEN = VAULT_ID_MAX + 1 + 2 + VAULT_TERM_MAX,
	REVOKE_LEN = 32,
	DISABLE_LEN = VAULT_ID_MAX + 1,
	SECTORS_LEN = SLOTS,
	RECIPIENT_LEN = VAULT_ID_MAX + 2 + RECIPIENT_DER_MAX,
};

struct changes {
	struct vault *v;
	struct link *owner; /* NULL: none is open */
	struct loop_timer *silence;
	/* {type u16, payload as str without its closing zeros} each */
	struct buf list;
	enum vault_status spoilt;
};

static void
drop(struct changes *c)
{
	c->owner = NULL;
	c->spoilt = VS_OK;
	loop_timer_clear(c->silence);
	buf_wipe(&c->list);
	buf_init(&c->list, CHANGES_MAX);
}

static void
on_silence(void *arg)
{
	struct changes *c = arg;

	if (c->owner != NULL)
		link_close(c->owner);
	drop(c);
}

int
changes_new(struct changes **ret, struct vault *v)
{
	struct changes *c = mem_zalloc(sizeof *c);

	if (c == NULL)
		return ERR_NOMEM;
	c->v = v;
	buf_init(&c->list, CHANGES_MAX);
	c->silence = loop_timer_new(v->loop, on_silence, c);
	if (c->silence == NULL) {
		changes_free(c);
		return ERR_NOMEM;
	}
	*ret = c;
	return 0;
}

void
changes_free(struct changes *c)
{
	if (c == NULL)
		return;
	loop_timer_free(c->silence);
	buf_wipe(&c->list);
	mem_free(c);
}

void
changes_forget(struct changes *c, const struct link *l)
{
	if (c->owner == l)
		drop(c);
}

size_t
changes_frame_len(uint16_t type)
{
	switch (type) {
	case VM_A_MEMBER:
		return MEMBER_LEN;
	case VM_A_TERM:
		return TERM_LEN;
	case VM_A_CERT:
		return VAULT_CERT_LEN;
	case VM_A_CERT_REVOKE:
		return REVOKE_LEN;
	case VM_A_DISABLE:
		return DISABLE_LEN;
	case VM_A_RECIPIENT:
		return RECIPIENT_LEN;
	case VM_A_GROUPS:
		return VAULT_GROUPS_LEN;
	case VM_A_SECTORS:
		return SECTORS_LEN;
	default:
		return change_people_len(type);
	}
}

static int
any_slot(const struct slots *s)
{
	static const struct slots none;

	return memcmp(s, &none, sizeof none) != 0;
}

/* Whose slots `aff` may hold: an affiliate's, a subscriber's communities, and what a
 * ministry answers for. */
static int
aff_is_sound(const struct vault_member *m)
{
	unsigned i, low = 0, high = 0;

	for (i = 0; i < SLOTS; i++) {
		if (slots_has(&m->aff, i) && i < COMMUNITY_FIRST)
			low = 1;
		else if (slots_has(&m->aff, i))
			high = 1;
	}
	if (high != ((m->roles & ROLE_SUBSCRIBER) != 0))
		return 0;
	return (m->roles & ROLE_MINISTRY) != 0 ||
	       low == ((m->roles & ROLE_AFFILIATE) != 0);
}

/* A role by CEPTOAR and its slots come together, or a reader of one alone is deceived. */
static int
member_is_sound(const struct vault_member *m)
{
	return change_is_id(m->id) && m->roles != 0 && (m->roles & ~ALL_ROLES) == 0 &&
	       any_slot(&m->op) == ((m->roles & ROLE_OPERATOR) != 0) &&
	       any_slot(&m->sec) == ((m->roles & ROLE_SECRETARIAT) != 0) &&
	       aff_is_sound(m) && m->clearance < TLP_RED;
}

static int
sectors_are_sound(const unsigned char *p)
{
	unsigned i;

	for (i = 0; i < SLOTS; i++)
		if (p[i] >= SECTOR_BITS && p[i] != SECTOR_NONE)
			return 0;
	return 1;
}

/* n 0: no more a recipient; else a certificate that envelopes can be made for. */
static int
recipient_get(const unsigned char *p, size_t n, struct vbooks_recipient *ret)
{
	const unsigned char *der;
	struct recipient to;
	struct wire w;
	X509 *cert;
	int ok;

	memset(ret, 0, sizeof *ret);
	wire_init(&w, p, n);
	wire_bytes(&w, ret->id, sizeof ret->id);
	ret->n = wire_u16(&w);
	wire_bytes(&w, ret->cert, sizeof ret->cert);
	if (!change_is_id(ret->id) || ret->n > sizeof ret->cert)
		return ERR_INVALID;
	if (ret->n == 0)
		return 0;
	der = ret->cert;
	cert = d2i_X509(NULL, &der, (long)ret->n);
	ok = cert != NULL && der == ret->cert + ret->n &&
	     recipient_check(cert, &to) == NULL;
	X509_free(cert);
	ERR_clear_error();
	if (!ok)
		return ERR_INVALID;
	memcpy(ret->spki, to.spki, sizeof ret->spki);
	return 0;
}

static void
cert_get(struct wire *w, struct vstore_cert *ret)
{
	memset(ret, 0, sizeof *ret);
	wire_bytes(w, ret->id, sizeof ret->id);
	wire_bytes(w, ret->person, sizeof ret->person);
	wire_bytes(w, ret->spki, sizeof ret->spki);
	ret->not_after = wire_i64(w);
}

/* What can be said of a change before the others of its batch are known. */
static enum vault_status
check(const struct changes *c, uint16_t type, const unsigned char *p, size_t n)
{
	const struct reg_cert *known;
	struct vbooks_recipient recipient;
	struct vault_member m;
	struct vault_term t;
	struct vstore_cert cert;
	struct vault_groups groups;
	struct wire w;

	wire_init(&w, p, n);
	switch (type) {
	case VM_A_MEMBER:
		return vault_member_get(p, n, &m) == 0 && member_is_sound(&m)
			   ? VS_OK
			   : VS_INVALID;
	case VM_A_TERM:
		return vault_term_get(p, n, &t) == 0 && change_is_id(t.id) ? VS_OK
									   : VS_INVALID;
	case VM_A_CERT:
		cert_get(&w, &cert);
		if (!change_is_id(cert.id) || !change_is_person(cert.person) ||
		    cert.not_after <= 0)
			return VS_INVALID;
		known = registry_cert(c->v->reg, cert.spki);
		if (known != NULL && (strcmp(known->member->m.id, cert.id) != 0 ||
					 strcmp(known->person, cert.person) != 0))
			return VS_EXISTS;
		return known != NULL && known->revoked ? VS_REVOKED : VS_OK;
	case VM_A_CERT_REVOKE:
		wire_bytes(&w, cert.spki, sizeof cert.spki);
		return VS_OK;
	case VM_A_RECIPIENT:
		return recipient_get(p, n, &recipient) == 0 ? VS_OK : VS_INVALID;
	case VM_A_GROUPS:
		return vault_groups_get(p, n, &groups) == 0 ? VS_OK : VS_INVALID;
	case VM_A_SECTORS:
		return sectors_are_sound(p) ? VS_OK : VS_INVALID;
	case VM_A_DISABLE:
		wire_bytes(&w, cert.id, sizeof cert.id);
		return change_is_id(cert.id) && wire_u8(&w) <= 1 ? VS_OK : VS_INVALID;
	default:
		return change_people_check(type, p, n);
	}
}

enum vault_status
changes_add(struct changes *c, struct link *l, const struct link_frame *f)
{
	enum vault_status status;
	struct slice bytes = { (const char *)f->p, f->n };

	if (c->owner != NULL && c->owner != l)
		return VS_INVALID;
	c->owner = l;
	loop_timer_set(c->silence, SILENCE_MS, 0);
	status = check(c, f->type, f->p, f->n);
	/* A certificate that is revoked stays so; to name it again does no harm. */
	if (status == VS_REVOKED)
		return status;
	if (status == VS_OK) {
		while (bytes.n > 0 && bytes.p[bytes.n - 1] == '\0')
			bytes.n--;
		wire_put_u16(&c->list, f->type);
		wire_put_str(&c->list, bytes);
		if (buf_err(&c->list) != 0)
			status = VS_INTERNAL;
	}
	if (status != VS_OK && c->spoilt == VS_OK)
		c->spoilt = status;
	return status;
}

static int
apply_cert(struct vstore *s, const void *p, size_t n)
{
	struct vstore_cert c;
	struct wire w;
	int rc;

	wire_init(&w, p, n);
	cert_get(&w, &c);
	rc = vstore_put_cert(s, &c);
	return rc == ERR_DENIED ? 0 : rc; /* revoked earlier in this batch */
}

static int
apply_recipient(struct vbooks *b, const unsigned char *p, size_t n)
{
	struct vbooks_recipient r;
	int rc = recipient_get(p, n, &r);

	if (rc != 0)
		return rc;
	return r.n > 0 ? vbooks_put_recipient(b, &r) : vbooks_drop_recipient(b, r.id);
}

static int
apply_groups(struct changes *c, const unsigned char *p, size_t n)
{
	struct vstore_tokens *s = issuer_store(c->v->issuer);
	struct vstore_tokens_meta m;
	int rc = vstore_tokens_meta(s, &m);

	if (rc == 0)
		rc = vault_groups_get(p, n, &m.groups);
	return rc == 0 ? vstore_tokens_meta_put(s, &m) : rc;
}

static int
apply(struct changes *c, uint16_t type, const unsigned char *p, size_t n)
{
	struct vstore *s = c->v->store;
	struct vault_member m;
	struct vault_term t;
	int rc;

	switch (type) {
	case VM_A_MEMBER:
		rc = vault_member_get(p, n, &m);
		rc = rc == 0 ? vstore_put_member(s, &m) : rc;
		return rc == 0 ? vpeople_forget(vstore_people(s), m.id) : rc;
	case VM_A_TERM:
		rc = vault_term_get(p, n, &t);
		rc = rc == 0 ? vstore_put_term(s, &t) : rc;
		mem_wipe(&t, sizeof t);
		return rc;
	case VM_A_CERT:
		return apply_cert(s, p, n);
	case VM_A_CERT_REVOKE:
		return vstore_revoke(s, p);
	case VM_A_RECIPIENT:
		return apply_recipient(c->v->books, p, n);
	case VM_A_GROUPS:
		return apply_groups(c, p, n);
	case VM_A_SECTORS:
		return vstore_put_sectors(s, p);
	case VM_A_DISABLE:
		return vstore_disable(s, (const char *)p, p[VAULT_ID_MAX]);
	default:
		return change_people_apply(s, type, p, n);
	}
}

/* All changes in their order, into the open transaction. */
static int
apply_all(struct changes *c)
{
	unsigned char payload[VAULT_PAGE];
	struct slice s;
	struct wire w;
	uint16_t type;
	int rc = 0;

	wire_init(&w, c->list.p, c->list.n);
	while (rc == 0 && w.at < w.n) {
		type = wire_u16(&w);
		s = wire_str(&w, sizeof payload);
		memset(payload, 0, sizeof payload);
		memcpy(payload, s.p, s.n);
		rc = apply(c, type, payload, changes_frame_len(type));
	}
	mem_wipe(payload, sizeof payload);
	if (rc == 0)
		rc = change_people_sweep(c->v->store);
	return rc;
}

static enum vault_status
status_of(struct vault *v, int err)
{
	switch (err) {
	case 0:
		return VS_OK;
	case ERR_NOTFOUND:
		return VS_UNKNOWN;
	case ERR_EXISTS:
		return VS_EXISTS;
	case ERR_PROTO:
	case ERR_INVALID:
		return VS_INVALID;
	default:
		return vault_write_failed(v, err);
	}
}

enum vault_status
changes_commit(struct changes *c, struct link *l)
{
	struct db *db = vstore_db(c->v->store);
	enum vault_status status = c->spoilt;
	int rc;

	if (c->owner != l)
		return c->owner == NULL ? VS_OK
					: VS_INVALID; /* nothing to do; not yours */
	if (status == VS_OK) {
		rc = c->v->writes_off ? ERR_CORRUPT : db_begin(db);
		if (rc == 0)
			rc = apply_all(c);
		if (rc == 0)
			rc = vstore_bump_generation(c->v->store);
		if (rc == 0)
			rc = db_commit(db);
		if (rc != 0)
			db_rollback(db);
		status = status_of(c->v, rc);
	}
	drop(c);
	return status;
}
