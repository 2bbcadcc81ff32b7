/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/in_courier.h"

#include <string.h>

#include "daemon/vault/change_people.h"
#include "daemon/vault/in_charge.h"
#include "daemon/vault/people.h"
#include "daemon/vault/registry.h"
#include "daemon/vault/vault.h"
#include "daemon/vault/vstore.h"
#include "daemon/vault/vstore_people.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "lib/wire.h"

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
	if (f->type != VM_ROUTES || f->n != VAULT_ROUTES_ASK || f->status != 0) {
		vault_refuse(l, "vault-courier");
		return;
	}
	routes(arg, l, f);
}

const struct link_ops in_courier_ops = { NULL, on_frame, NULL };
