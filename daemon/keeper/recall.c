/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/recall.h"

#include <string.h>

#include "daemon/keeper/acks.h"
#include "daemon/keeper/publish.h"
#include "daemon/keeper/relay.h"
#include "daemon/keeper/second.h"
#include "daemon/keeper/shelf.h"
#include "daemon/keeper/words.h"

int
recall_desk(struct keeper *k, const struct store_bulletin *b, uint8_t *ret)
{
	struct store_meta m;
	struct store_case row;
	int rc;

	if ((b->head.flags & FRAME_RELAY) != 0)
		return relay_desk(k, b, ret);
	if ((b->head.flags & FRAME_DESK) != 0) {
		rc = store_meta_get(k->store, b->id, &m);
		if (rc == 0)
			*ret = m.desk;
		return rc;
	}
	rc = store_case_get(k->store, b->case_id, &row);
	if (rc == 0)
		*ret = row.slot; /* SLOT_NONE: an agency's, the centre's affair */
	return rc;
}

/* May the centre end it, with two?  A text that another desk wrote, and that it reads. */
static int
is_under_centre(struct keeper *k, const struct desk_call *c,
    const struct store_bulletin *b, unsigned desk)
{
	const struct rights *r = &c->m->rights;

	return (r->roles & ROLE_CENTRE) != 0 && desk != DESK_CENTRE &&
	       (b->head.flags & FRAME_DESK) != 0 &&
	       frame_may_read(&b->head, r, acks_is_cross(k, r)) == VIEW_BODY;
}

/* `centre`: 1 when it is not this desk's and the centre may end it all the same. */
static int
enter(struct keeper *k, struct desk_call *c, struct store_bulletin *ret,
    uint8_t *ret_desk, int *ret_centre)
{
	const struct rights *r = &c->m->rights;
	struct store_bulletin b;
	uint8_t desk;
	int rc, mine;

	rc = shelf_find(k, c->m->ref, &b);
	if (rc != 0)
		return rc;
	rc = recall_desk(k, &b, &desk);
	if (rc != 0)
		return rc;
	desk_about(k, c, desk);
	mine = desk_sits_at(c, desk);
	*ret_centre = !mine && is_under_centre(k, c, &b, desk);
	if (!mine && !*ret_centre)
		return frame_may_read(&b.head, r, acks_is_cross(k, r)) != VIEW_NONE
			   ? ERR_DENIED
			   : ERR_NOTFOUND;
	if (b.state != BULLETIN_STANDS)
		return desk_fail(c, P_CONFLICT, NULL, "the bulletin has ended");
	*ret = b;
	*ret_desk = desk;
	return 0;
}

int
recall_enter(
    struct keeper *k, struct desk_call *c, struct store_bulletin *ret, uint8_t *ret_desk)
{
	int centre = 0, rc = enter(k, c, ret, ret_desk, &centre);

	if (rc == 0 && !centre && (ret->head.flags & FRAME_RELAY) != 0)
		return desk_fail(c, P_CONFLICT, NULL,
		    "what was passed on follows its original; to change the note or the "
		    "deadline, cancel it and relay the original anew");
	return centre ? ERR_DENIED : rc; /* ended or not */
}

/* Another desk has ended its text: it hears of it at once. */
static int
tell_desk(struct keeper *k, const struct store_bulletin *b, unsigned desk, int64_t minute)
{
	struct frame_head h;
	struct buf body, stub;
	int rc;

	memset(&h, 0, sizeof h);
	h.kind = FRAME_INBOX;
	h.severity = b->head.severity;
	h.sector = SECTOR_NONE;
	h.flags = (uint16_t)(FRAME_NO_GOV | (b->head.flags & FRAME_EXERCISE));
	slots_set(&h.slots, desk);
	h.minute = (uint32_t)minute;
	buf_init(&body, 512);
	buf_init(&stub, 1);
	buf_addf(&body,
	    "{\"ceptoar\":\"%s\",\"ended\":\"%s\",\"minute\":", draft_desk_word(k, desk),
	    b->number);
	words_time(minute * 60000, &body);
	buf_addf(&body, ",\"severity\":%u%s}", (unsigned)h.severity,
	    (h.flags & FRAME_EXERCISE) != 0 ? ",\"status\":\"exercise\"" : "");
	rc = buf_err(&body);
	if (rc == 0)
		rc = publish_row(k, &h, &body, &stub);
	buf_done(&body);
	buf_done(&stub);
	return rc;
}

int
recall_write(struct keeper *k, struct store_bulletin *b, unsigned by, int64_t minute,
    int false_alarm, const char *why)
{
	json_t *words = why[0] != '\0' ? json_loads(why, 0, NULL) : NULL;
	uint8_t desk;
	int rc = recall_desk(k, b, &desk);

	if (rc == 0 && (b->head.flags & FRAME_RELAY) != 0)
		rc = relay_end(k, b, minute, words);
	else if (rc == 0)
		rc = publish_recall(
		    k, b, minute, false_alarm ? "false_alarm" : "cancelled", words);
	json_decref(words);
	return rc == 0 && desk != by ? tell_desk(k, b, desk, minute) : rc;
}

static int
answer(struct desk_call *c, const struct store_bulletin *b, const struct store_second *v)
{
	buf_adds(c->out, "{\"state\":\"cancelled\",\"bulletin\":{");
	words_id("id", b->id, c->out);
	buf_addf(c->out, ",\"number\":\"%s\",\"revision\":%u}", b->number,
	    (unsigned)b->revision);
	if (v->due > 0) {
		buf_adds(c->out, ",\"second\":{");
		words_id("id", v->id, c->out);
		buf_adds(c->out, ",\"due\":");
		words_time(v->due * 60000, c->out);
		buf_addc(c->out, '}');
	}
	buf_addc(c->out, '}');
	return buf_err(c->out);
}

/* A wrapper is its desk's; of the text in it that is the author's to say. */
static int
check_relay(struct keeper *k, struct desk_call *c, const struct store_bulletin *b,
    int false_alarm)
{
	if ((b->head.flags & FRAME_RELAY) == 0)
		return 0;
	if (false_alarm)
		return desk_fail(c, P_CONFLICT, NULL,
		    "whether it is a false alarm its author says; a relay is cancelled");
	return relay_may_end(k, c, b);
}

/* The centre's text needs two persons to end, and so does another desk's that the centre
 * ends; everybody else's own has to end fast. */
static int
recall(struct keeper *k, struct desk_call *c, int false_alarm)
{
	struct release_words w = { 0 };
	struct store_bulletin b;
	struct store_second v;
	uint8_t desk;
	int rc, after = 0, centre = 0;

	rc = enter(k, c, &b, &desk, &centre);
	if (rc == 0)
		rc = check_relay(k, c, &b, false_alarm);
	if (rc == 0)
		rc = release_words(c, c->json, &w);
	if (rc == 0 && (!false_alarm || centre) && w.reason == NULL)
		rc = desk_fail(c, P_MISSING_FIELD, "/reason", "why it is cancelled");
	if (rc != 0)
		goto out;
	memset(&v, 0, sizeof v);
	v.action = false_alarm ? SECOND_FALSE_ALARM : SECOND_CANCEL;
	v.desk = centre ? DESK_CENTRE : desk;
	v.has_bulletin = 1;
	memcpy(v.bulletin, b.id, ID_LEN);
	v.revision = b.revision;
	memcpy(v.reason, w.text, sizeof v.reason);
	if (v.desk == DESK_CENTRE && (b.head.flags & FRAME_DESK) != 0) {
		rc = w.alone ? second_alone(k, c, v.desk, &w) : second_ask(k, c, &v);
		after = 1;
	}
	if (rc == 0)
		rc = recall_write(k, &b, v.desk, c->minute, false_alarm, w.text);
	if (rc == 0 && after)
		rc = second_after(k, c, &v);
	if (rc == 0)
		rc = answer(c, &b, &v);
out:
	release_words_done(&w);
	return rc;
}

int
recall_cancel(struct keeper *k, struct desk_call *c)
{
	return recall(k, c, 0);
}

int
recall_false_alarm(struct keeper *k, struct desk_call *c)
{
	return recall(k, c, 1);
}
