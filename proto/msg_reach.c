/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/msg_reach.h"

#include <string.h>

static void
put(struct buf *b, const struct rights *r, const struct keeper_streamed *m)
{
	struct rights plain = *r;

	memset(plain.person, 0, sizeof plain.person);
	plain.duties = 0;
	rights_put(b, &plain);
	subscription_put(b, &m->wants);
	wire_put_u8(b, m->query.min_severity);
	wire_put_u64(b, m->query.sectors);
}

static void
get(struct wire *w, struct keeper_streamed *ret)
{
	rights_get(w, &ret->rights);
	subscription_get(w, &ret->wants);
	ret->query.min_severity = wire_u8(w);
	ret->query.sectors = wire_u64(w);
}

void
keeper_streamed_put(struct buf *b, const struct keeper_streamed *m)
{
	put(b, &m->rights, m);
	wire_put_u64(b, m->first);
	wire_put_u64(b, m->last);
}

void
keeper_streamed_get(struct wire *w, struct keeper_streamed *ret)
{
	memset(ret, 0, sizeof *ret);
	get(w, ret);
	ret->first = wire_u64(w);
	ret->last = wire_u64(w);
	if (ret->first == 0 || ret->first > ret->last || ret->last > (uint64_t)INT64_MAX)
		w->err = ERR_PROTO;
}

void
keeper_streamed_as(struct buf *b, const struct keeper_streamed *m)
{
	struct rights plain = m->rights;

	memset(plain.receiver, 0, sizeof plain.receiver);
	put(b, &plain, m);
}

int
keeper_streamed_as_get(const void *p, size_t n, struct keeper_streamed *ret)
{
	struct keeper_streamed m;
	struct wire w;
	int rc;

	memset(&m, 0, sizeof m);
	wire_init(&w, p, n);
	get(&w, &m);
	rc = wire_end(&w);
	if (rc == 0)
		*ret = m;
	return rc;
}
