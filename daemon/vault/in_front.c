/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "daemon/vault/in_names.h"
#include "daemon/vault/named.h"
#include "daemon/vault/issue.h"
#include "daemon/vault/registry.h"
#include "daemon/vault/seal.h"
#include "daemon/vault/settle.h"
#include "daemon/vault/vstore_books.h"
#include "daemon/vault/vault.h"
#include "lib/clock.h"
#include "lib/wire.h"
#include "proto/msg_person.h"

/*
 * What a front may ask.  Requests have one size each; every answer is one page of
 * VAULT_PAGE bytes.  Nothing is logged about any of them.
 */
enum {
	ADMIT_LEN = 32 + 8,
	TERMS_LEN = 32 + 2,
	NAMED_LEN = 32 + ID_LEN,
};

static void
hello(struct vault *v, struct link *l, const struct link_frame *f)
{
	struct vault_hello m;

	m.generation = registry_generation(v->reg);
	memcpy(m.ticket_secret, registry_ticket_secret(v->reg), sizeof m.ticket_secret);
	buf_reset(&v->page);
	vault_hello_put(&v->page, &m);
	vault_answer(v, l, VM_HELLO, VS_OK, f->call);
}

static void
admit(struct vault *v, struct link *l, const struct link_frame *f)
{
	struct vault_admit m;
	struct reg_member *who = NULL;
	unsigned char spki[32];
	int64_t not_after;
	struct wire w;

	wire_init(&w, f->p, f->n);
	wire_bytes(&w, spki, sizeof spki);
	not_after = wire_i64(&w);
	memset(&m, 0, sizeof m);
	m.generation = registry_generation(v->reg);
	m.status = (uint8_t)registry_check(v->reg, spki, clock_wall_ms() / 1000, &who);
	/* Another certificate for the same key was never shown to the registry. */
	if (m.status == VS_OK && registry_cert(v->reg, spki)->not_after != not_after)
		m.status = VS_EXPIRED;
	if (m.status == VS_OK)
		registry_cert_rights(registry_cert(v->reg, spki), &m.rights);
	buf_reset(&v->page);
	vault_admit_put(&v->page, &m);
	vault_answer(v, l, VM_ADMIT, (enum vault_status)m.status, f->call);
}

static void
seal(struct vault *v, struct link *l, const struct link_frame *f)
{
	struct vault_seal m;
	struct vault_order o;

	if (vault_order_get(f->p, f->n, &o) != 0) {
		vault_refuse(l, "vault-front");
		return;
	}
	if (seal_add(v->seal, l, f->call, &o) == 0)
		return; /* answered after COMMIT */
	memset(&m, 0, sizeof m);
	m.status = VS_INTERNAL;
	buf_reset(&v->page);
	vault_seal_put(&v->page, &m);
	vault_answer(v, l, VM_SEAL, VS_INTERNAL, f->call);
}

static void
terms(struct vault *v, struct link *l, const struct link_frame *f)
{
	struct vault_terms m;
	struct reg_member *who = NULL;
	unsigned char spki[32];
	enum vault_status status;
	unsigned page;
	struct wire w;

	wire_init(&w, f->p, f->n);
	wire_bytes(&w, spki, sizeof spki);
	page = wire_u16(&w);
	memset(&m, 0, sizeof m);
	m.data.p = "";
	status = registry_check(v->reg, spki, clock_wall_ms() / 1000, &who);
	if (status == VS_OK)
		status = registry_terms(who, page, &m);
	m.status = (uint8_t)status;
	buf_reset(&v->page);
	vault_terms_put(&v->page, &m);
	vault_answer(v, l, VM_TERMS, status, f->call);
}

/* Whether there is no such report, it names nobody, or somebody else: one answer. */
static void
named(struct vault *v, struct link *l, const struct link_frame *f)
{
	unsigned char spki[32], report[ID_LEN];
	struct reg_member *who = NULL;
	struct vault_named m = { .status = VS_UNKNOWN, .cms = slice_of("") };
	struct buf cms;
	struct wire w;

	wire_init(&w, f->p, f->n);
	wire_bytes(&w, spki, sizeof spki);
	wire_bytes(&w, report, sizeof report);
	buf_init(&cms, ENVELOPE_CMS_MAX);
	if (registry_check(v->reg, spki, clock_wall_ms() / 1000, &who) == VS_OK &&
	    (who->m.roles & (ROLE_CENTRE | ROLE_MINISTRY)) != 0 &&
	    vbooks_get_named(v->books, report, who->m.id, &cms) == 0) {
		m.status = VS_OK;
		m.cms = buf_slice(&cms);
	}
	buf_reset(&v->page);
	vault_named_put(&v->page, &m);
	vault_answer(v, l, VM_NAMED, (enum vault_status)m.status, f->call);
	buf_done(&cms);
}

/* As VM_SEAL would answer about whom the reporter names, and whether it would go out. */
static void
nameable(struct vault *v, struct link *l, const struct link_frame *f)
{
	struct reg_member *who = NULL;
	struct vault_order o;
	struct vault_seal m;
	enum vault_status status;

	if (vault_order_get(f->p, f->n, &o) != 0) {
		vault_refuse(l, "vault-front");
		return;
	}
	status = registry_check(v->reg, o.spki, clock_wall_ms() / 1000, &who);
	if (status == VS_OK)
		status = named_check(v, &o);
	memset(&m, 0, sizeof m);
	m.status = (uint8_t)status;
	if (status == VS_OK)
		m.auto_ok = (uint8_t)settle_auto_ok(v->settle, who->m.id);
	buf_reset(&v->page);
	vault_seal_put(&v->page, &m);
	vault_answer(v, l, VM_NAMEABLE, status, f->call);
}

static void
settle(struct vault *v, struct link *l, const struct link_frame *f)
{
	struct vault_settle m;

	if (vault_settle_get(f->p, f->n, &m) == 0)
		settle_close(v->settle, l, &m);
	else
		vault_refuse(l, "vault-front");
}

static void
issue(struct vault *v, struct link *l, const struct link_frame *f)
{
	struct vault_signed m;
	struct vault_issue o;

	if (vault_issue_get(f->p, f->n, &o) != 0) {
		vault_refuse(l, "vault-front");
		return;
	}
	if (issue_add(v->issue, l, f->call, &o) == 0)
		return; /* answered after COMMIT */
	memset(&m, 0, sizeof m);
	m.status = VS_INTERNAL;
	buf_reset(&v->page);
	vault_signed_put(&v->page, &m);
	vault_answer(v, l, VM_ISSUE, VS_INTERNAL, f->call);
}

static void
on_frame(void *arg, struct link *l, const struct link_frame *f)
{
	static const struct {
		uint16_t type;
		size_t n;
		void (*fn)(struct vault *, struct link *, const struct link_frame *);
	} calls[] = {
		{ VM_HELLO, 0, hello },
		{ VM_ADMIT, ADMIT_LEN, admit },
		{ VM_SEAL, VAULT_ORDER_LEN, seal },
		{ VM_TERMS, TERMS_LEN, terms },
		{ VM_NAMED, NAMED_LEN, named },
		{ VM_ISSUE, VAULT_ISSUE_LEN, issue },
		{ VM_NAMES, VAULT_NAMES_ASK, in_names },
		{ VM_NAMES_LIST, VAULT_READERS_LEN, in_names_list },
		{ VM_NAMEABLE, VAULT_ORDER_LEN, nameable },
		{ VM_SETTLE, VAULT_SETTLE_LEN, settle },
	};
	size_t i;

	for (i = 0; i < sizeof calls / sizeof calls[0]; i++) {
		if (calls[i].type == f->type && calls[i].n == f->n && f->status == 0) {
			calls[i].fn(arg, l, f);
			return;
		}
	}
	vault_refuse(l, "vault-front");
}

static void
on_down(void *arg, struct link *l)
{
	struct vault *v = arg;

	seal_forget(v->seal, l);
	settle_forget(v->settle, l);
	issue_forget(v->issue, l);
}

const struct link_ops in_front_ops = { NULL, on_frame, on_down };

static void
push(struct link *l, void *arg)
{
	struct vault *v = arg;

	vault_answer(v, l, VM_GENERATION, VS_OK, 0);
}

void
in_front_push_generation(struct vault *v)
{
	if (v->fronts == NULL)
		return;
	buf_reset(&v->page);
	wire_put_u64(&v->page, registry_generation(v->reg));
	link_server_each(v->fronts, push, v);
}
