/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/in_courier.h"

#include <string.h>

#include "daemon/vault/change_people.h"
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
static void
answer_page(struct vault *v, struct link *l, const struct link_frame *f, const char *id,
    const char *person, unsigned page, enum vault_status status)
{
	struct vault_route all[CONTACTS_MAX];
	struct vault_routes m;
	unsigned n = 0;

	if (status == VS_OK && vpeople_contacts(vstore_people(v->store), id, person,
				   clock_wall_ms() / 1000, all, &n) != 0) {
		status = VS_INTERNAL;
		n = 0;
	}
	if (status == VS_OK)
		status = vault_routes_page(all, n, page, &m);
	else
		(void)vault_routes_page(all, 0, 0, &m);
	m.status = (uint8_t)status;
	buf_reset(&v->page);
	vault_routes_put(&v->page, &m);
	vault_answer(v, l, f->type, status, f->call);
	mem_wipe(all, sizeof all);
	mem_wipe(&m, sizeof m);
}

static void
routes(struct vault *v, struct link *l, const struct link_frame *f)
{
	unsigned char id[RECEIVER_LEN];
	enum vault_status status = VS_OK;
	const struct reg_member *m;
	unsigned page;
	struct wire w;

	wire_init(&w, f->p, f->n);
	wire_bytes(&w, id, sizeof id);
	page = wire_u8(&w);
	m = registry_receiver(v->reg, id);
	if (m == NULL)
		status = VS_UNKNOWN;
	else if (m->m.disabled)
		status = VS_DISABLED;
	answer_page(v, l, f, m != NULL ? m->m.id : "", "", page, status);
}

void
in_courier_contacts(struct vault *v, struct link *l, const struct link_frame *f)
{
	char id[VAULT_ID_MAX], person[VAULT_ID_MAX];
	unsigned page;
	struct wire w;

	wire_init(&w, f->p, f->n);
	vault_text_get(&w, id, sizeof id);
	vault_text_get(&w, person, sizeof person);
	page = wire_u8(&w);
	if (w.err != 0 || !change_is_id(id)) {
		vault_refuse(l, "vault-admin");
		return;
	}
	answer_page(v, l, f, id, person, page,
	    registry_member(v->reg, id) != NULL ? VS_OK : VS_UNKNOWN);
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
