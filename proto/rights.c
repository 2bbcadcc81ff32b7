/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/rights.h"

#include <string.h>

void
rights_put(struct buf *b, const struct rights *r)
{
	wire_put_bytes(b, r->receiver, sizeof r->receiver);
	wire_put_bytes(b, r->op.b, sizeof r->op.b);
	wire_put_bytes(b, r->sec.b, sizeof r->sec.b);
	wire_put_bytes(b, r->aff.b, sizeof r->aff.b);
	wire_put_u16(b, r->roles);
	wire_put_u8(b, r->clearance);
	wire_put_bytes(b, r->person, sizeof r->person);
	wire_put_u8(b, r->duties);
}

void
rights_get(struct wire *w, struct rights *ret)
{
	memset(ret, 0, sizeof *ret);
	wire_bytes(w, ret->receiver, sizeof ret->receiver);
	wire_bytes(w, ret->op.b, sizeof ret->op.b);
	wire_bytes(w, ret->sec.b, sizeof ret->sec.b);
	wire_bytes(w, ret->aff.b, sizeof ret->aff.b);
	ret->roles = wire_u16(w);
	ret->clearance = wire_u8(w);
	wire_bytes(w, ret->person, sizeof ret->person);
	ret->duties = wire_u8(w);
	if (ret->clearance > TLP_RED || ret->duties > DUTIES_ALL)
		w->err = ERR_PROTO;
}
