/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/msg_mode.h"

const char *
hub_mode_word(unsigned mode)
{
	return mode == MODE_LARGE_SCALE ? "large-scale" : "normal";
}

void
keeper_mode_put(struct buf *b, const struct keeper_mode *m)
{
	wire_put_u8(b, m->mode);
	wire_put_i64(b, m->since);
	wire_put_i64(b, m->renew_by);
}

int
keeper_mode_get(const void *p, size_t n, struct keeper_mode *ret)
{
	struct keeper_mode m;
	struct wire w;
	int rc;

	wire_init(&w, p, n);
	m.mode = wire_u8(&w);
	m.since = wire_i64(&w);
	m.renew_by = wire_i64(&w);
	if (w.err == 0 && (m.mode < MODE_NORMAL || m.mode > MODE_LARGE_SCALE ||
			      m.since < 0 || m.renew_by < 0))
		w.err = ERR_PROTO;
	rc = wire_end(&w);
	if (rc == 0)
		*ret = m;
	return rc;
}
