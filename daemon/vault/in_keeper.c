/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "daemon/vault/issuer.h"
#include "daemon/vault/registry.h"
#include "daemon/vault/vault.h"
#include "daemon/vault/vstore.h"
#include "daemon/vault/vstore_roster.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/wire.h"
#include "proto/duty_span.h"
#include "proto/msg_issuer.h"

/*
 * The directory without names: rights, attributes and first subscriptions under receiver
 * ids, in the order of these ids, which are as good as random; of desks how many of their
 * people are there when.
 */
static void
make_row(const struct reg_member *m, struct vault_dir_row *ret)
{
	memset(ret, 0, sizeof *ret);
	registry_rights(m, &ret->rights);
	ret->disabled = m->m.disabled;
	ret->routes = m->m.routes;
	ret->always = m->m.always;
	memcpy(ret->region, m->m.region, sizeof ret->region);
	memcpy(ret->class_, m->m.class_, sizeof ret->class_);
	memcpy(ret->size, m->m.size, sizeof ret->size);
	ret->wants = m->m.wants;
}

/* Only of desks: when anybody else's people work is not the keeper's affair. */
static int
send_duty(struct vault *v, struct link *l, const struct reg_member *m)
{
	struct duty_spans spans = { 0 };
	struct vault_dir_duty one;
	size_t i;
	int rc;

	if (m->m.disabled || (m->m.roles & (ROLE_SECRETARIAT | ROLE_CENTRE)) == 0)
		return 0;
	rc = vroster_spans(vstore_roster(v->store), m->m.id, &spans);
	for (i = 0; rc == 0 && i < spans.n; i++) {
		if (spans.v[i].to <= clock_wall_ms() / 60000)
			continue; /* what is over decides nothing */
		memcpy(one.receiver, m->receiver, sizeof one.receiver);
		one.from = spans.v[i].from;
		one.to = spans.v[i].to;
		one.persons = spans.v[i].persons;
		buf_reset(&v->page);
		vault_dir_duty_put(&v->page, &one);
		vault_answer(v, l, VM_DIR_DUTY, VS_OK, 0);
	}
	duty_spans_free(&spans);
	return rc;
}

static void
send_directory(struct link *l, void *arg)
{
	struct vault *v = arg;
	size_t i, n = registry_member_count(v->reg);
	struct vault_dir_row row;

	if (link_user(l) == NULL)
		return; /* has not asked yet */
	buf_reset(&v->page);
	wire_put_u64(&v->page, registry_generation(v->reg));
	vault_answer(v, l, VM_DIR_BEGIN, VS_OK, 0);
	for (i = 0; i < n; i++) {
		make_row(registry_by_receiver(v->reg, i), &row);
		buf_reset(&v->page);
		vault_dir_row_put(&v->page, &row);
		vault_answer(v, l, VM_DIR_ROW, VS_OK, 0);
		if (send_duty(v, l, registry_by_receiver(v->reg, i)) != 0) {
			log_error("a roster could not be read");
			link_close(l); /* it dials again */
			return;
		}
	}
	buf_reset(&v->page);
	wire_put_u32(&v->page, (uint32_t)n);
	vault_answer(v, l, VM_DIR_END, VS_OK, 0);
}

/* Issuer keys, the whole set, and what else is published. */
static void
send_issuers(struct link *l, void *arg)
{
	struct vault *v = arg;
	struct vault_public all;
	struct vault_issuer m;
	size_t i;

	if (link_user(l) == NULL)
		return;
	for (i = 0; issuer_at(v->issuer, i, &m); i++) {
		buf_reset(&v->page);
		vault_issuer_put(&v->page, &m);
		vault_answer(v, l, VM_ISSUER, VS_OK, 0);
	}
	issuer_public(v->issuer, &all);
	buf_reset(&v->page);
	vault_public_put(&v->page, &all);
	vault_answer(v, l, VM_ISSUER_END, VS_OK, 0);
}

static void
on_frame(void *arg, struct link *l, const struct link_frame *f)
{
	struct vault *v = arg;
	uint32_t epoch;
	struct wire w;

	wire_init(&w, f->p, f->n);
	epoch = wire_u32(&w);
	if (f->type != VM_DIRECTORY || f->status != 0 || wire_end(&w) != 0 ||
	    epoch == 0) {
		vault_refuse(l, "vault-keeper");
		return;
	}
	if (issuer_keeper(v->issuer, epoch) != 0) {
		link_close(l); /* it dials again */
		return;
	}
	link_user_set(l, arg);
	send_directory(l, arg);
	send_issuers(l, arg);
}

const struct link_ops in_keeper_ops = { NULL, on_frame, NULL };

void
in_keeper_push_directory(struct vault *v)
{
	if (v->keepers == NULL)
		return;
	link_server_each(v->keepers, send_directory, v);
	in_keeper_push_issuers(v);
}

void
in_keeper_push_issuers(struct vault *v)
{
	if (v->keepers != NULL)
		link_server_each(v->keepers, send_issuers, v);
}
