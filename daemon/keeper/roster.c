/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/roster.h"

#include "daemon/keeper/directory.h"
#include "daemon/keeper/keeper.h"
#include "lib/log.h"
#include "proto/duty_span.h"

struct learning {
	struct keeper *k;
	int rc;
};

static void
learn_one(void *arg, const struct vault_dir_duty *d)
{
	const struct duty_span span = { d->from, d->to, d->persons };
	struct learning *l = arg;
	struct taxonomy *t = l->k->tax;
	const struct vault_dir_row *row = directory_find(l->k->dir, d->receiver);
	unsigned i;

	if (row == NULL || row->disabled)
		return;
	if (l->rc == 0 && (row->rights.roles & ROLE_CENTRE) != 0)
		l->rc = taxonomy_roster_add(t, SLOT_NONE, &span);
	if ((row->rights.roles & ROLE_SECRETARIAT) == 0)
		return;
	for (i = 0; l->rc == 0 && i < SLOTS; i++)
		if (slots_has(&row->rights.sec, i))
			l->rc = taxonomy_roster_add(t, i, &span);
}

void
roster_learn(struct keeper *k)
{
	struct learning l = { k, 0 };

	taxonomy_roster_clear(k->tax);
	directory_each_duty(k->dir, learn_one, &l);
	if (l.rc == 0)
		return;
	log_error("rosters: %s; duty hours decide alone", err_str(l.rc));
	taxonomy_roster_clear(k->tax);
}
