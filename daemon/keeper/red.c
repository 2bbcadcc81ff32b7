/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/red.h"

#include "daemon/keeper/directory.h"

int
red_place(const struct directory *d, const uint8_t *receiver, struct slots *slots,
    uint16_t *flags)
{
	static const struct {
		uint16_t role, flag;
	} offices[] = { { ROLE_CENTRE, FRAME_CENTRE }, { ROLE_MINISTRY, FRAME_MINISTRY },
		{ ROLE_AGENCY, FRAME_AGENCY } };
	const struct vault_dir_row *row = directory_find(d, receiver);
	const struct rights *r;
	struct slots places;
	uint16_t found = 0;
	unsigned i;

	if (row == NULL || row->disabled || row->rights.roles == 0)
		return 0;
	r = &row->rights;
	rights_places(&r->op, &r->sec, &r->aff, r->roles, &places);
	if ((r->roles & ROLE_SUBSCRIBER) != 0)
		for (i = COMMUNITY_FIRST / 8; i < SLOT_BYTES; i++)
			places.b[i] |= r->aff.b[i];
	for (i = 0; i < sizeof offices / sizeof offices[0]; i++)
		if ((r->roles & offices[i].role) != 0)
			found |= offices[i].flag;
	if (found == 0 && slots_empty(&places))
		found = FRAME_PUBLIC;
	for (i = 0; i < SLOT_BYTES; i++)
		slots->b[i] |= places.b[i];
	*flags |= found;
	return 1;
}

void
red_places(const struct directory *d, const struct frame_head *h, struct slots *slots,
    uint16_t *flags)
{
	unsigned i;

	for (i = 0; i < h->name_count; i++)
		if ((h->named >> i & 1) != 0)
			(void)red_place(d, h->names[i], slots, flags);
}

int
red_set(struct frame_head *h, const struct draft_facts *f)
{
	unsigned i;
	int rc = 0;

	if (f->tlp < TLP_RED || f->name_count > 0)
		h->named = 0;
	for (i = 0; rc == 0 && f->tlp >= TLP_RED && i < f->name_count; i++)
		rc = frame_name(h, f->names[i]);
	return rc;
}
