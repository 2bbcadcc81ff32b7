/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/msg_link.h"

#include <string.h>

void
link_facts_put(struct buf *b, const struct link_facts *m)
{
	wire_put_str(b, slice_of(m->number));
	wire_put_u16(b, m->revision);
	wire_put_u8(b, m->kind);
	wire_put_u8(b, m->message);
	wire_put_u8(b, m->severity);
	wire_put_u8(b, m->exercise);
	wire_put_bytes(b, m->seal, LINK_SEAL_LEN);
}

static void
take_facts(struct wire *w, struct link_facts *ret)
{
	struct slice number = wire_str(w, sizeof ret->number - 1);

	memset(ret, 0, sizeof *ret);
	if (number.n != 0)
		memcpy(ret->number, number.p, number.n);
	ret->revision = wire_u16(w);
	ret->kind = wire_u8(w);
	ret->message = wire_u8(w);
	ret->severity = wire_u8(w);
	ret->exercise = wire_u8(w);
	wire_bytes(w, ret->seal, LINK_SEAL_LEN);
	if ((ret->kind > 3 && ret->kind != LINK_NOT_TOLD) ||
	    (ret->severity > 4 && ret->severity != LINK_NOT_TOLD) || ret->exercise > 1)
		w->err = ERR_PROTO;
}

int
link_facts_get(const void *p, size_t n, struct link_facts *ret)
{
	struct wire w;

	wire_init(&w, p, n);
	take_facts(&w, ret);
	return wire_end(&w);
}

void
link_answer_put(struct buf *b, const struct link_answer *m)
{
	wire_put_bytes(b, m->sum, LINK_SUM_LEN);
	wire_put_bytes(b, m->seal, LINK_SEAL_LEN);
	wire_put_u8(b, m->choice);
	wire_put_u32(b, m->forwarded);
}

int
link_answer_get(const void *p, size_t n, struct link_answer *ret)
{
	struct wire w;

	wire_init(&w, p, n);
	wire_bytes(&w, ret->sum, LINK_SUM_LEN);
	wire_bytes(&w, ret->seal, LINK_SEAL_LEN);
	ret->choice = wire_u8(&w);
	ret->forwarded = wire_u32(&w);
	if (ret->choice < LINK_RECEIVED || ret->choice > LINK_NOT_ME ||
	    ret->forwarded > LINK_FORWARDED_MAX)
		w.err = ERR_PROTO;
	return wire_end(&w);
}

void
link_done_put(struct buf *b, const struct link_done *m)
{
	wire_put_u8(b, m->outcome);
	wire_put_u16(b, m->wait_s);
	link_facts_put(b, &m->facts);
}

int
link_done_get(const void *p, size_t n, struct link_done *ret)
{
	struct wire w;

	wire_init(&w, p, n);
	ret->outcome = wire_u8(&w);
	ret->wait_s = wire_u16(&w);
	take_facts(&w, &ret->facts);
	if (ret->outcome < LINK_DONE || ret->outcome > LINK_STALE)
		w.err = ERR_PROTO;
	return wire_end(&w);
}
