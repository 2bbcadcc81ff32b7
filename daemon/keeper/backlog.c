/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/centre.h"

#include "daemon/keeper/draft.h"
#include "daemon/keeper/store_situation.h"
#include "daemon/keeper/words.h"

static void
write_desk(
    struct keeper *k, unsigned desk, const struct store_waiting *w, struct buf *out)
{
	unsigned level, n = 0;

	for (level = 0; level < 5; level++)
		n += w->by_level[level];
	buf_addf(out,
	    "{\"by_level\":[%u,%u,%u,%u,%u],\"desk\":\"%s\",\"oldest\":", w->by_level[0],
	    w->by_level[1], w->by_level[2], w->by_level[3], w->by_level[4],
	    draft_desk_word(k, desk));
	if (n > 0)
		words_time(w->oldest * 60000, out);
	else
		buf_adds(out, "null");
	buf_addf(out, ",\"waiting\":%u}", n);
}

int
backlog_show(struct keeper *k, struct desk_call *c)
{
	struct store_waiting all[SLOTS + 1];
	unsigned i, n = 0;
	int rc = store_backlog(k->store, all);

	if (rc != 0)
		return rc;
	buf_adds(c->out, "{\"desks\":[");
	for (i = 0; i < SLOTS; i++) {
		if (taxonomy_slug(k->tax, i) == NULL)
			continue;
		buf_adds(c->out, n++ > 0 ? "," : "");
		write_desk(k, i, &all[i], c->out);
	}
	buf_adds(c->out, n > 0 ? "," : "");
	write_desk(k, DESK_CENTRE, &all[SLOTS], c->out);
	buf_adds(c->out, "]}");
	return buf_err(c->out);
}
