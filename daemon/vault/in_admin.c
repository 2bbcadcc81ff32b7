/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "daemon/vault/backup.h"
#include "daemon/vault/changes.h"
#include "daemon/vault/in_courier.h"
#include "daemon/vault/in_escrow.h"
#include "daemon/vault/named.h"
#include "daemon/vault/issuer.h"
#include "daemon/vault/registry.h"
#include "daemon/vault/vstore.h"
#include "daemon/vault/vault.h"
#include "lib/db.h"
#include "lib/mem.h"
#include "lib/wire.h"
#include "proto/msg_people.h"

/* What an administrator may ask: change the registry, look at it, state, backup. */
enum {
	PATH_LEN = 256,
	LIST_MAX = 16,
	SHOW_CERTS_MAX = 64,
	ISSUERS_MAX = 64,
};

/* A text of fixed room with its closing NUL inside.  1 when it is one. */
static int
text_of(const struct link_frame *f, char *out, size_t room)
{
	memcpy(out, f->p, room);
	return out[room - 1] == '\0';
}

static void
answer_empty(
    struct vault *v, struct link *l, const struct link_frame *f, enum vault_status status)
{
	buf_reset(&v->page);
	vault_answer(v, l, f->type, status, f->call);
}

static void
commit(struct vault *v, struct link *l, const struct link_frame *f)
{
	uint64_t before = registry_generation(v->reg);
	struct vstore_meta meta;
	enum vault_status status = changes_commit(v->changes, l);

	answer_empty(v, l, f, status);
	if (status == VS_OK && vstore_meta(v->store, &meta) == 0 &&
	    meta.generation != before)
		vault_registry_changed(v);
	mem_wipe(&meta, sizeof meta);
}

static void
list(struct vault *v, struct link *l, const struct link_frame *f)
{
	char after[VAULT_ID_MAX];
	const struct reg_member *m;
	size_t i;
	unsigned n = 0;

	if (!text_of(f, after, sizeof after)) {
		vault_refuse(l, "vault-admin");
		return;
	}
	i = registry_after(v->reg, after);
	m = registry_at(v->reg, i);
	if (m != NULL && strcmp(m->m.id, after) == 0)
		i++;
	buf_reset(&v->page);
	wire_put_u8(&v->page, 0);
	for (; n < LIST_MAX && (m = registry_at(v->reg, i)) != NULL; i++, n++) {
		wire_put_bytes(&v->page, m->m.id, sizeof m->m.id);
		wire_put_u16(&v->page, m->m.roles);
		wire_put_u8(&v->page, m->m.disabled);
	}
	if (buf_err(&v->page) == 0)
		v->page.p[0] = (char)n;
	vault_answer(v, l, f->type, VS_OK, f->call);
}

static void
put_recipient(struct vault *v, const char *id)
{
	static const struct recipient none;
	const struct recipient *r = named_recipient(v->named, id);

	wire_put_u8(&v->page, r != NULL);
	if (r == NULL)
		r = &none;
	wire_put_bytes(&v->page, r->spki, sizeof r->spki);
	wire_put_i64(&v->page, r->ends);
}

static void
show(struct vault *v, struct link *l, const struct link_frame *f)
{
	char id[VAULT_ID_MAX];
	const struct reg_member *m;
	const struct reg_cert *c;
	size_t i, at;
	unsigned n = 0;

	if (!text_of(f, id, sizeof id)) {
		vault_refuse(l, "vault-admin");
		return;
	}
	m = registry_member(v->reg, id);
	if (m == NULL) {
		answer_empty(v, l, f, VS_UNKNOWN);
		return;
	}
	buf_reset(&v->page);
	vault_member_put(&v->page, &m->m);
	wire_put_u16(&v->page, (uint16_t)m->term_count);
	at = v->page.n;
	wire_put_u8(&v->page, 0);
	for (i = 0; n < SHOW_CERTS_MAX && (c = registry_cert_at(v->reg, i)) != NULL;
	     i++) {
		if (c->member != m)
			continue;
		wire_put_bytes(&v->page, c->spki, sizeof c->spki);
		wire_put_i64(&v->page, c->not_after);
		wire_put_u8(&v->page, (uint8_t)c->revoked);
		n++;
	}
	if (buf_err(&v->page) == 0)
		v->page.p[at] = (char)n;
	put_recipient(v, id);
	vault_answer(v, l, f->type, VS_OK, f->call);
}

static void
count_link(struct link *l, void *arg)
{
	(void)l;
	++*(uint32_t *)arg;
}

static void
state(struct vault *v, struct link *l, const struct link_frame *f)
{
	struct vault_state s;

	memset(&s, 0, sizeof s);
	s.generation = registry_generation(v->reg);
	s.members = (uint32_t)registry_member_count(v->reg);
	s.disabled = (uint32_t)registry_disabled_count(v->reg);
	s.certs = (uint32_t)registry_cert_count(v->reg);
	s.envelopes = v->envelopes;
	if (v->fronts != NULL)
		link_server_each(v->fronts, count_link, &s.fronts);
	if (v->keepers != NULL)
		link_server_each(v->keepers, count_link, &s.keepers);
	s.wal_bytes = db_wal_bytes(vstore_db(v->store));
	memcpy(s.reload_error, v->reload_error, sizeof s.reload_error);
	buf_reset(&v->page);
	vault_state_put(&v->page, &s);
	vault_answer(v, l, f->type, VS_OK, f->call);
}

static void
backup(struct vault *v, struct link *l, const struct link_frame *f)
{
	char path[PATH_LEN];
	enum vault_status status;

	if (!text_of(f, path, sizeof path)) {
		vault_refuse(l, "vault-admin");
		return;
	}
	status = backup_start(v->backup, l, f->call, path);
	if (status != VS_OK)
		answer_empty(v, l, f, status);
}

/* What the council signs: which key is whose. */
static void
issuers(struct vault *v, struct link *l, const struct link_frame *f)
{
	struct vault_issuer m;
	struct wire w;
	size_t i;
	unsigned n = 0;

	wire_init(&w, f->p, f->n);
	buf_reset(&v->page);
	wire_put_u8(&v->page, 0);
	for (i = wire_u16(&w); n < ISSUERS_MAX && issuer_at(v->issuer, i, &m); i++, n++) {
		wire_put_u8(&v->page, m.group);
		wire_put_u32(&v->page, m.epoch);
		wire_put_u8(&v->page, m.state);
		wire_put_bytes(&v->page, issuer_id_at(v->issuer, i), KEY_ID_LEN);
	}
	if (buf_err(&v->page) == 0)
		v->page.p[0] = (char)n;
	vault_answer(v, l, f->type, VS_OK, f->call);
}

static void
on_frame(void *arg, struct link *l, const struct link_frame *f)
{
	static const struct {
		uint16_t type;
		size_t n;
		void (*fn)(struct vault *, struct link *, const struct link_frame *);
	} calls[] = {
		{ VM_A_COMMIT, 0, commit },
		{ VM_A_LIST, VAULT_ID_MAX, list },
		{ VM_A_SHOW, VAULT_ID_MAX, show },
		{ VM_A_STATUS, 0, state },
		{ VM_A_BACKUP, PATH_LEN, backup },
		{ VM_A_ENVELOPE, ESCROW_ENVELOPE_LEN, in_escrow_envelope },
		{ VM_A_EXPORTS, ESCROW_EXPORTS_LEN, in_escrow_exports },
		{ VM_A_ESCROW, 0, in_escrow_pairs },
		{ VM_A_RELOAD, 0, in_escrow_reload },
		{ VM_A_ISSUER_LIST, 2, issuers },
		{ VM_A_CONTACTS, VAULT_CONTACTS_ASK, in_courier_contacts },
	};
	struct vault *v = arg;
	size_t i;

	for (i = 0; i < sizeof calls / sizeof calls[0]; i++) {
		if (calls[i].type == f->type && calls[i].n == f->n && f->status == 0) {
			calls[i].fn(v, l, f);
			return;
		}
	}
	if (changes_frame_len(f->type) == 0 || changes_frame_len(f->type) != f->n ||
	    f->status != 0) {
		vault_refuse(l, "vault-admin");
		return;
	}
	answer_empty(v, l, f, changes_add(v->changes, l, f));
}

static void
on_down(void *arg, struct link *l)
{
	struct vault *v = arg;

	changes_forget(v->changes, l);
	backup_forget(v->backup, l);
}

const struct link_ops in_admin_ops = { NULL, on_frame, on_down };
