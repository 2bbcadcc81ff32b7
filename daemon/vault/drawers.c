/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/drawers.h"

#include <string.h>

#include "daemon/vault/registry.h"
#include "daemon/vault/vstore_tokens.h"
#include "lib/mem.h"

static int
append(struct drawers *d, const char *id)
{
	size_t room = d->room * 2 + 64;
	char(*grown)[VAULT_ID_MAX];

	if (strlen(id) >= VAULT_ID_MAX)
		return ERR_CORRUPT;
	if (d->n == d->room) {
		grown = mem_realloc(d->ids, room * sizeof *grown);
		if (grown == NULL)
			return ERR_NOMEM;
		d->ids = grown;
		d->room = room;
	}
	memset(d->ids[d->n], 0, VAULT_ID_MAX);
	memcpy(d->ids[d->n++], id, strlen(id));
	return 0;
}

/* Who is suspended, or has gone, is no candidate that anybody should rely on. */
static void
count(struct drawers *d, const struct registry *r, const char *id)
{
	const struct reg_member *m = registry_member(r, id);
	unsigned i;

	for (i = 0; m != NULL && !m->m.disabled && i < SLOTS; i++)
		if (rights_reports_in(&m->m.op, &m->m.aff, m->m.roles, i))
			d->in[i]++;
}

int
drawers_load(
    struct drawers *d, struct vstore_tokens *store, const unsigned char key[KEY_ID_LEN])
{
	char id[VAULT_ID_MAX] = "";
	int rc;

	while ((rc = vstore_tokens_next_drawer(store, key, id)) == 1) {
		rc = append(d, id);
		if (rc != 0)
			break;
	}
	return rc;
}

void
drawers_done(struct drawers *d)
{
	mem_free(d->ids);
	memset(d, 0, sizeof *d);
}

void
drawers_add(struct drawers *d, const struct registry *r, const char *id)
{
	/* Without memory the number is too small until the next start, never too large.
	 */
	if (append(d, id) == 0)
		count(d, r, id);
}

void
drawers_recount(struct drawers *d, const struct registry *r)
{
	size_t i;

	memset(d->in, 0, sizeof d->in);
	for (i = 0; i < d->n; i++)
		count(d, r, d->ids[i]);
}

void
drawers_tell(const struct drawers *d, const struct vault_groups *groups, unsigned group,
    struct vault_issuer *ret)
{
	unsigned i;

	ret->slots = 0;
	for (i = 0; i < SLOTS; i++) {
		if (groups->of[i] != group)
			continue;
		ret->slot[ret->slots] = (uint8_t)i;
		ret->in[ret->slots++] = d->in[i];
	}
}
