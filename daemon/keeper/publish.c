/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/publish.h"

#include <stdio.h>
#include <string.h>

#include <openssl/rand.h>

#include "daemon/keeper/batch.h"
#include "daemon/keeper/escalate.h"
#include "daemon/keeper/mode.h"
#include "daemon/keeper/outbox.h"
#include "daemon/keeper/reach.h"
#include "daemon/keeper/relay.h"
#include "daemon/keeper/signer.h"
#include "daemon/keeper/situation.h"
#include "daemon/keeper/store_draft.h"
#include "daemon/keeper/store_topic.h"
#include "daemon/keeper/words.h"
#include "proto/bulletin.h"
#include "proto/frame_next.h"
#include "proto/report_time.h"

/* The way into the log, bells, and what every release needs; the bulletin of a case is in
 * publish_case.c. */

enum { MINUTE_MS = 60000, NUMBER_TRIES = 50 };

/* Body and stub of one row. */
struct texts {
	struct buf body, stub;
};

static void
texts_init(struct texts *t)
{
	buf_init(&t->body, FRAME_BODY_MAX);
	buf_init(&t->stub, FRAME_BODY_MAX);
}

static void
texts_done(struct texts *t)
{
	buf_done(&t->body);
	buf_done(&t->stub);
}

/* What readers get of a bulletin is signed; bells, modes and statements are not its. */
static int
sign(struct keeper *k, const struct frame_head *h, struct buf *body, struct buf *stub)
{
	int rc = 0;

	if (h->kind != FRAME_BULLETIN && h->kind != FRAME_UPDATE &&
	    h->kind != FRAME_CANCEL)
		return 0;
	if (body->n > 0)
		rc = signer_text(k, body);
	if (rc == 0 && stub->n > 0)
		rc = signer_text(k, stub);
	return rc;
}

int
publish_row(struct keeper *k, struct frame_head *h, struct buf *body, struct buf *stub)
{
	int rc = sign(k, h, body, stub);

	if (rc == 0)
		rc = store_log_add(
		    k->store, h, buf_slice(body), buf_slice(stub), batch_rows(k->batch));
	if (rc == 0)
		rc = reach_released(k, h);
	if (rc == 0)
		rc = outbox_add(k, h);
	if (rc == 0)
		rc = escalate_row(k, h, buf_slice(body));
	if (rc == 0)
		rc = situation_row(k, h);
	return rc != 0 ? rc : relay_row(k, h, buf_slice(body));
}

static int
log_add(struct keeper *k, struct frame_head *h, struct texts *t)
{
	return publish_row(k, h, &t->body, &t->stub);
}

int
publish_bell(struct keeper *k, const struct bell *b)
{
	const char *slug = taxonomy_slug(k->tax, b->slot);
	struct frame_head h;
	struct texts t;
	unsigned who;
	int64_t at;
	int rc;

	memset(&h, 0, sizeof h);
	h.kind = FRAME_INBOX;
	h.severity = b->level;
	h.sector = (uint8_t)taxonomy_sector_of_slot(k->tax, b->slot);
	slots_set(&h.slots, b->slot);
	who = taxonomy_reader(k->tax, b->slot, b->minute * MINUTE_MS, &at);
	if (at == b->minute * MINUTE_MS)
		slots_set(&h.slots, who); /* it stands in for a desk that sleeps */
	if (b->exercise)
		h.flags |= FRAME_EXERCISE;
	h.flags |= (b->desks & DESK_BIT_CENTRE) != 0 ? FRAME_CENTRE : FRAME_NO_GOV;
	h.minute = (uint32_t)b->minute;
	texts_init(&t);
	buf_adds(&t.body, "{\"ceptoar\":");
	if (slug != NULL)
		json_add_string(&t.body, slice_of(slug));
	else
		buf_adds(&t.body, "null");
	buf_adds(&t.body, ",\"minute\":");
	words_time(b->minute * MINUTE_MS, &t.body);
	buf_addf(&t.body, ",\"severity\":%u%s}", (unsigned)h.severity,
	    b->exercise ? ",\"status\":\"exercise\"" : "");
	rc = buf_err(&t.body);
	if (rc == 0)
		rc = log_add(k, &h, &t);
	texts_done(&t);
	return rc;
}

int
publish_number(struct keeper *k, int64_t minute, int exercise, char ret[NUMBER_MAX])
{
	static const char set[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	struct store_bulletin other;
	char now[REPORT_TIME_LEN];
	unsigned char r[5];
	int i, rc, n;

	report_time_write(minute * MINUTE_MS, now);
	for (i = 0; i < NUMBER_TRIES; i++) {
		if (RAND_bytes(r, sizeof r) != 1)
			return ERR_CRYPTO;
		n = snprintf(ret, NUMBER_MAX, "%s%.4s-%c%c%c%c%c", exercise ? "EX-" : "",
		    now, set[r[0] & 31], set[r[1] & 31], set[r[2] & 31], set[r[3] & 31],
		    set[r[4] & 31]);
		if (n < 0 || n >= NUMBER_MAX)
			return ERR_LIMIT;
		rc = store_bulletin_by_number(k->store, ret, &other);
		if (rc != 0)
			return rc == ERR_NOTFOUND ? 0 : rc;
	}
	return ERR_LIMIT;
}

/* As readers are shown it: the true list is the header's alone. */
static const char *
audience_word(const struct frame_head *h)
{
	unsigned i, n = 0;

	if (h->tlp >= TLP_RED && h->name_count > 0)
		return "named";
	if ((h->flags & FRAME_DESK) == 0 || (h->flags & (FRAME_PUBLIC | FRAME_ALL)) != 0)
		return policy_audience(h->flags);
	for (i = 0; i < SLOTS; i++)
		n += slots_has(&h->slots, i) != 0;
	return n > 1 || (h->flags & (FRAME_CROSS | FRAME_MINISTRY | FRAME_AGENCY)) != 0
		   ? "several"
		   : "ceptoar";
}

void
publish_make(const struct store_bulletin *b, int64_t minute, struct bulletin_make *ret)
{
	memset(ret, 0, sizeof *ret);
	memcpy(ret->id, b->id, ID_LEN);
	memcpy(ret->number, b->number, sizeof ret->number);
	ret->revision = b->revision;
	ret->kind = (enum frame_kind)b->head.kind;
	ret->issued_ms = minute * MINUTE_MS;
	ret->valid_until_ms = b->valid_until * MINUTE_MS;
	ret->sector = b->head.sector;
	ret->audience = audience_word(&b->head);
	ret->tlp = b->head.tlp;
	ret->severity = b->head.severity;
	ret->exercise = (b->head.flags & FRAME_EXERCISE) != 0;
	ret->verified = b->verified;
	ret->confirmed = b->reporters >= CONFIRM_MEMBERS;
	ret->what = (uint8_t)((b->head.flags & FRAME_KIND_MASK) >> FRAME_KIND_AT);
}

int
publish_revise(struct keeper *k, struct store_bulletin *b, int64_t minute,
    const struct bulletin_make *m, const json_t *json, enum publish_writing how)
{
	struct bulletin_make full = *m;
	struct texts t;
	int rc = mode_said(k, &full.mode);

	b->head.revision = b->revision;
	b->head.minute = (uint32_t)minute;
	memcpy(b->head.id, b->id, ID_LEN);
	texts_init(&t);
	if (rc == 0 && m->kind != FRAME_BULLETIN)
		rc = bulletin_stub(m, &t.stub);
	/* With nobody left in the audience the new text does not leave the inbox at all.
	 */
	if (rc == 0)
		rc = how == PUBLISH_STUB ? bulletin_stub(m, &t.body)
					 : bulletin_write(&full, json, k->tax, &t.body);
	/* What has to wait is signed too, and thrown away: it shall take as long. */
	if (rc == 0)
		rc = how != PUBLISH_NOTHING ? log_add(k, &b->head, &t)
					    : sign(k, &b->head, &t.body, &t.stub);
	texts_done(&t);
	if (rc == 0 && how != PUBLISH_NOTHING)
		rc = store_bulletin_put(k->store, b);
	return rc;
}

void
publish_products(struct frame_head *h, const uint32_t *products, unsigned n)
{
	unsigned i, k, most = sizeof h->products / sizeof h->products[0];

	for (i = 0; i < n && h->product_count < most; i++) {
		for (k = 0; k < h->product_count; k++)
			if (h->products[k] == products[i])
				break;
		if (k == h->product_count)
			h->products[h->product_count++] = products[i];
	}
}

int64_t
publish_day(int64_t ms, int up)
{
	const int64_t day = 86400000, japan = 9 * 3600000;
	int64_t start = (ms + japan) / day * day - japan;

	return up && start < ms ? start + day : start;
}

void
publish_next(struct store_bulletin *b, enum frame_kind kind)
{
	frame_next(&b->head, kind);
	b->revision++;
}

int
publish_word(struct keeper *k, const struct word_bell *w)
{
	struct frame_head h;
	struct texts text;
	int rc;

	memset(&h, 0, sizeof h);
	h.kind = FRAME_INBOX;
	h.severity = (uint8_t)w->level;
	h.sector = SECTOR_NONE;
	if (w->slots != NULL)
		h.slots = *w->slots;
	h.flags = (uint16_t)((w->not_centre ? FRAME_NO_GOV : FRAME_CENTRE) |
			     (w->exercise ? FRAME_EXERCISE : 0));
	h.minute = (uint32_t)w->minute;
	texts_init(&text);
	buf_adds(&text.body, "{\"ceptoar\":null,");
	if (strcmp(w->word, "minute") < 0)
		buf_addf(&text.body, "\"%s\":true,", w->word);
	buf_adds(&text.body, "\"minute\":");
	words_time(w->minute * MINUTE_MS, &text.body);
	if (strcmp(w->word, "minute") > 0 && strcmp(w->word, "severity") < 0)
		buf_addf(&text.body, ",\"%s\":true", w->word);
	buf_addf(&text.body, ",\"severity\":%u%s", w->level,
	    w->exercise ? ",\"status\":\"exercise\"" : "");
	if (strcmp(w->word, "severity") > 0)
		buf_addf(&text.body, ",\"%s\":true", w->word);
	buf_addc(&text.body, '}');
	rc = buf_err(&text.body);
	if (rc == 0)
		rc = log_add(k, &h, &text);
	texts_done(&text);
	return rc;
}

int
publish_trend(struct keeper *k, const struct store_trend *t, int exercise, int kept)
{
	const struct word_bell bell = { "trend", &t->slots, t->level, exercise,
		t->told_at, kept };

	return publish_word(k, &bell);
}

const char *
publish_origin(unsigned origin)
{
	return origin == ORIGIN_CENTRE ? "centre" : "secretariat";
}
