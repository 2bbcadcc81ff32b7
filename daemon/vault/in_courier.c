/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/in_courier.h"

#include <stdio.h>
#include <string.h>

#include "daemon/vault/change_people.h"
#include "daemon/vault/in_charge.h"
#include "daemon/vault/people.h"
#include "daemon/vault/registry.h"
#include "daemon/vault/vault.h"
#include "daemon/vault/vstore.h"
#include "daemon/vault/vstore_people.h"
#include "daemon/vault/vstore_roster.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "lib/wire.h"

enum { TURNS = 24 /* persons that are called one after another */ };

/*
 * Addresses: who delivers asks for them one receiver at a time.  Nothing is logged about
 * any of them, and no address leaves by another socket, but to an administrator.
 */
struct asked {
	const struct reg_member *m; /* NULL: of nobody */
	const char *person;	    /* "": the member's own */
	int in_charge;		    /* of the member's people too, as they are on duty */
	unsigned page;
};

static int
look_up(struct vault *v, const struct asked *a, struct vault_route *ret, unsigned *ret_n)
{
	int64_t now = clock_wall_ms() / 1000;
	unsigned i;
	int rc;

	if (a->in_charge)
		return in_charge_routes(v, a->m, now, ret, ret_n);
	rc = vpeople_contacts(
	    vstore_people(v->store), a->m->m.id, a->person, now, ret, ret_n);
	for (i = 0; rc == 0 && i < *ret_n; i++)
		ret[i].now = 1;
	return rc;
}

static void
answer_page(struct vault *v, struct link *l, const struct link_frame *f,
    const struct asked *a, enum vault_status status)
{
	const size_t size = ROUTES_MAX * sizeof(struct vault_route);
	struct vault_route *all = mem_zalloc(size);
	struct vault_routes m;
	unsigned n = 0;

	if (status == VS_OK && (all == NULL || look_up(v, a, all, &n) != 0)) {
		status = VS_INTERNAL;
		n = 0;
	}
	if (status == VS_OK)
		status = vault_routes_page(all, n, a->page, &m);
	else
		(void)vault_routes_page(all, 0, 0, &m);
	m.status = (uint8_t)status;
	buf_reset(&v->page);
	vault_routes_put(&v->page, &m);
	vault_answer(v, l, f->type, status, f->call);
	mem_wipe_free(all, size);
	mem_wipe(&m, sizeof m);
}

static void
routes(struct vault *v, struct link *l, const struct link_frame *f)
{
	unsigned char id[RECEIVER_LEN];
	enum vault_status status = VS_OK;
	const struct reg_person *who = NULL;
	struct asked a = { .person = "" };
	struct wire w;

	wire_init(&w, f->p, f->n);
	wire_bytes(&w, id, sizeof id);
	a.page = wire_u8(&w);
	a.m = registry_receiver(v->reg, id);
	if (a.m == NULL)
		who = people_by_id(registry_people(v->reg), id);
	if (who != NULL) {
		a.m = who->member;
		a.person = who->id;
	}
	a.in_charge = who == NULL;
	if (a.m == NULL)
		status = VS_UNKNOWN;
	else if (a.m->m.disabled || (who != NULL && who->gone))
		status = VS_DISABLED;
	answer_page(v, l, f, &a, status);
}

/* Whom a page may rouse, in turn. */
struct turns {
	char person[TURNS][VAULT_ID_MAX]; /* "": the member itself */
	unsigned n;
};

/* 1: there is a contact that a page could go to; 0, or an error. */
static int
has_contacts(struct vault *v, const char *id, const char *person)
{
	struct vault_route all[CONTACTS_MAX];
	unsigned n = 0;
	int rc = vpeople_contacts(
	    vstore_people(v->store), id, person, clock_wall_ms() / 1000, all, &n);

	mem_wipe(all, sizeof all);
	return rc == 0 ? n > 0 : rc;
}

/* Whom no page would reach takes no turn: the next one would wait for it. */
static int
add_turn(struct vault *v, const struct reg_member *m, struct turns *t, const char *person)
{
	unsigned i;
	int rc;

	for (i = 0; i < t->n; i++)
		if (strcmp(t->person[i], person) == 0)
			return 0;
	rc = t->n < TURNS ? has_contacts(v, m->m.id, person) : 0;
	if (rc > 0)
		(void)snprintf(t->person[t->n++], VAULT_ID_MAX, "%s", person);
	return rc < 0 ? rc : 0;
}

static int
take_turns(struct vault *v, const struct reg_member *m, struct turns *t)
{
	struct vault_shift shift[ROSTER_PAGE];
	const struct reg_person *p = NULL;
	unsigned i, n = 0;
	int rc;

	t->n = 0;
	rc = vroster_on_duty(
	    vstore_roster(v->store), m->m.id, clock_wall_ms() / 60000, shift, &n);
	for (i = 0; rc == 0 && i < n; i++)
		rc = add_turn(v, m, t, shift[i].person);
	/* A shift that nobody has, or one person only: the others are better than none.
	 */
	for (p = people_after(registry_people(v->reg), m, ""); rc == 0 && p != NULL;
	     p = people_after(registry_people(v->reg), m, p->id))
		if (!p->gone && (p->duties & DUTY_OFFICER) != 0)
			rc = add_turn(v, m, t, p->id);
	return rc == 0 ? add_turn(v, m, t, "") : rc;
}

static void
duty(struct vault *v, struct link *l, const struct link_frame *f)
{
	unsigned char id[RECEIVER_LEN];
	enum vault_status status = VS_OK;
	struct asked a = { .person = "" };
	struct turns t = { .n = 0 };
	unsigned rank;
	struct wire w;

	wire_init(&w, f->p, f->n);
	wire_bytes(&w, id, sizeof id);
	a.page = wire_u8(&w);
	rank = wire_u8(&w);
	a.m = registry_receiver(v->reg, id);
	if (a.m == NULL || rank == 0 || w.err != 0)
		status = VS_UNKNOWN;
	else if (a.m->m.disabled)
		status = VS_DISABLED;
	else if (take_turns(v, a.m, &t) != 0)
		status = VS_INTERNAL;
	else if (rank > t.n)
		status = VS_UNKNOWN;
	if (status == VS_OK)
		a.person = t.person[rank - 1];
	answer_page(v, l, f, &a, status);
}

void
in_courier_contacts(struct vault *v, struct link *l, const struct link_frame *f)
{
	char id[VAULT_ID_MAX], person[VAULT_ID_MAX];
	struct asked a = { .person = person };
	struct wire w;

	wire_init(&w, f->p, f->n);
	vault_text_get(&w, id, sizeof id);
	vault_text_get(&w, person, sizeof person);
	a.page = wire_u8(&w);
	if (w.err != 0 || !change_is_id(id) || !change_is_person(person)) {
		vault_refuse(l, "vault-admin");
		return;
	}
	a.m = registry_member(v->reg, id);
	answer_page(v, l, f, &a, a.m != NULL ? VS_OK : VS_UNKNOWN);
}

static void
on_frame(void *arg, struct link *l, const struct link_frame *f)
{
	if (f->type == VM_DUTY && f->n == VAULT_DUTY_ASK && f->status == 0) {
		duty(arg, l, f);
		return;
	}
	if (f->type != VM_ROUTES || f->n != VAULT_ROUTES_ASK || f->status != 0) {
		vault_refuse(l, "vault-courier");
		return;
	}
	routes(arg, l, f);
}

const struct link_ops in_courier_ops = { NULL, on_frame, NULL };
