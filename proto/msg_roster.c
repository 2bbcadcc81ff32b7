/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/msg_roster.h"

#include <string.h>

void
vault_shift_put(struct buf *b, const struct vault_shift *m)
{
	vault_text_put(b, m->id, sizeof m->id);
	vault_text_put(b, m->person, sizeof m->person);
	wire_put_i64(b, m->from);
	wire_put_i64(b, m->to);
	wire_put_u8(b, m->order);
}

int
vault_shift_get(const void *p, size_t n, struct vault_shift *ret)
{
	struct wire w;

	memset(ret, 0, sizeof *ret);
	wire_init(&w, p, n);
	vault_text_get(&w, ret->id, sizeof ret->id);
	vault_text_get(&w, ret->person, sizeof ret->person);
	ret->from = wire_i64(&w);
	ret->to = wire_i64(&w);
	ret->order = wire_u8(&w);
	if (ret->from < 0 || ret->from > INT64_MAX / 2 || ret->to <= ret->from ||
	    ret->to - ret->from > SHIFT_MINUTES_MAX || ret->order == 0 ||
	    ret->order > SHIFT_ORDER_MAX)
		return ERR_PROTO;
	return wire_end(&w);
}
