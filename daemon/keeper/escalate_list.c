/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/escalate.h"

#include <string.h>

#include "daemon/keeper/publish.h"
#include "daemon/keeper/words.h"

/* What lies on the desks when the time is over: one list of each, one figure for the
 * centre, whatever the number of those who are silent. */

enum { MINUTE_MS = 60000, SHOWN_MOST = 50 };

/* Rounded down: only all of them are 100. */
static unsigned
percent(const struct store_silence *v)
{
	return v->entitled > 0 ? (v->entitled - v->silent) * 100 / v->entitled : 100;
}

static void
add_figures(const struct store_silence *v, const struct store_bulletin *b,
    const char *slug, struct buf *out)
{
	buf_addc(out, '{');
	words_id("bulletin", v->bulletin, out);
	buf_adds(out, ",\"ceptoar\":");
	if (slug != NULL)
		json_add_string(out, slice_of(slug));
	else
		buf_adds(out, "null");
	buf_addf(out, ",\"entitled\":%u,\"minute\":", (unsigned)v->entitled);
	words_time(v->minute * MINUTE_MS, out);
	buf_addf(out,
	    ",\"number\":\"%s\",\"percent\":%u,\"revision\":%u,\"severity\":%u,"
	    "\"silent\":%u}",
	    b->number, percent(v), (unsigned)v->revision, (unsigned)b->head.severity,
	    (unsigned)v->silent);
}

/* Is it told there?  What is kept from the government is no figure of the centre's
 * either: it would tell of the bulletin, and by the number of those entitled whose it is.
 * TLP:RED is its own desk's affair. */
static int
is_told(const struct frame_head *h, unsigned desk)
{
	if (desk == DESK_CENTRE)
		return (h->flags & FRAME_NO_GOV) == 0 &&
		       (h->tlp < TLP_RED || (h->flags & FRAME_CENTRE) != 0);
	return desk < SLOTS && (h->tlp < TLP_RED || slots_has(&h->slots, desk));
}

static int
ring(struct keeper *k, const struct store_bulletin *b, const struct store_silence *v)
{
	struct frame_head h;
	struct buf body, stub;
	unsigned who;
	int64_t at;
	int rc;

	memset(&h, 0, sizeof h);
	h.kind = FRAME_INBOX;
	h.severity = b->head.severity;
	h.sector = SECTOR_NONE;
	h.minute = (uint32_t)v->minute;
	if (v->desk == DESK_CENTRE) {
		h.flags |= FRAME_CENTRE;
	} else {
		/* The centre has its own: thirty desks' bells would be an alarm each. */
		h.flags |= FRAME_NO_GOV;
		slots_set(&h.slots, v->desk);
		who = taxonomy_reader(k->tax, v->desk, v->minute * MINUTE_MS, &at);
		if (at == v->minute * MINUTE_MS)
			slots_set(&h.slots, who);
	}
	buf_init(&body, 1024);
	buf_init(&stub, 1);
	add_figures(v, b, taxonomy_slug(k->tax, v->desk), &body);
	rc = buf_err(&body);
	if (rc == 0)
		rc = publish_row(k, &h, &body, &stub);
	buf_done(&body);
	buf_done(&stub);
	return rc;
}

int
escalate_list(
    struct keeper *k, const struct store_bulletin *b, const struct store_silence *v)
{
	int rc;

	if (!is_told(&b->head, v->desk))
		return 0;
	rc = store_silence_put(k->store, v);
	return rc == 0 && v->silent > 0 ? ring(k, b, v) : rc;
}

struct showing {
	struct keeper *k;
	struct buf *out;
	unsigned n;
};

static int
show_one(void *arg, const struct store_silence *v)
{
	struct showing *s = arg;
	struct store_bulletin b;
	int rc = store_bulletin_get(s->k->store, v->bulletin, &b);

	if (rc != 0)
		return rc == ERR_NOTFOUND ? 0 : rc;
	if (!is_told(&b.head, v->desk)) /* since its last revision */
		return 0;
	buf_adds(s->out, s->n++ > 0 ? "," : "");
	add_figures(v, &b, taxonomy_slug(s->k->tax, v->desk), s->out);
	return buf_err(s->out);
}

int
escalate_show(struct keeper *k, const struct slots *slots, int centre, struct buf *out)
{
	struct showing s = { k, out, 0 };
	unsigned slot;
	int rc = 0;

	buf_adds(out, "\"silences\":[");
	if (centre)
		rc = store_silence_each(k->store, DESK_CENTRE, SHOWN_MOST, show_one, &s);
	for (slot = 0; rc == 0 && slot < SLOTS; slot++)
		if (slots_has(slots, slot))
			rc = store_silence_each(k->store, slot, SHOWN_MOST, show_one, &s);
	buf_addc(out, ']');
	return rc;
}
