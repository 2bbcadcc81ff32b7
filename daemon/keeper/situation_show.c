/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/situation.h"

#include <string.h>

#include "daemon/keeper/acks.h"
#include "daemon/keeper/case.h"
#include "daemon/keeper/draft.h"
#include "daemon/keeper/words.h"
#include "proto/msg_mode.h"

enum { LIST_MOST = 200, PAGE = 200, MINUTE_MS = 60000 };

unsigned
situation_k(const struct keeper *k, unsigned desk)
{
	return (unsigned)policy_of(&k->policy, desk)->k_inside;
}

static void
head(struct keeper *k, const struct store_situation *s, struct buf *out)
{
	words_id("id", s->id, out);
	buf_addf(out, ",\"desk\":\"%s\",\"state\":\"%s\",\"title\":%s,\"opened_at\":",
	    draft_desk_word(k, s->desk), s->state == SITUATION_OPEN ? "open" : "closed",
	    s->title);
	words_time(s->opened * MINUTE_MS, out);
}

int
situation_answer(const struct store_situation *s, struct buf *out)
{
	buf_addc(out, '{');
	words_id("id", s->id, out);
	buf_addf(
	    out, ",\"state\":\"%s\"}", s->state == SITUATION_OPEN ? "open" : "closed");
	return buf_err(out);
}

/* -------- the list */

static int
list_desk(struct keeper *k, unsigned desk, unsigned state, unsigned *n, struct buf *out)
{
	struct store_situation s;
	unsigned i;
	int rc = 0;

	for (i = 0; rc == 0 && *n < LIST_MOST; i++) {
		rc = store_situation_nth(k->store, desk, state, i, &s);
		if (rc != 0)
			break;
		buf_adds(out, (*n)++ > 0 ? ",{" : "{");
		head(k, &s, out);
		buf_addc(out, '}');
		rc = buf_err(out);
	}
	return rc == ERR_NOTFOUND ? 0 : rc;
}

int
situation_list(struct keeper *k, struct desk_call *c)
{
	const struct rights *r = &c->m->rights;
	uint64_t closed = 0;
	unsigned state, desk, n = 0;
	int rc = desk_number(c, "closed", 0, 1, &closed);

	state = closed != 0 ? SITUATION_CLOSED : SITUATION_OPEN;
	buf_adds(c->out, "{\"situations\":[");
	for (desk = 0; rc == 0 && desk <= DESK_CENTRE; desk++)
		if (desk_sits_at(c, desk) ||
		    (desk == DESK_CENTRE && state == SITUATION_OPEN &&
			(r->roles & ROLE_SECRETARIAT) != 0))
			rc = list_desk(k, desk, state, &n, c->out);
	buf_adds(c->out, "]}");
	return rc != 0 ? rc : buf_err(c->out);
}

/* -------- one */

/* A figure, or null where it is below k and somebody else than the centre reads it. */
static void
figure(unsigned n, unsigned least, struct buf *out)
{
	if (n == 0 || n >= least)
		buf_addf(out, "%u", n);
	else
		buf_adds(out, "null");
}

static void
add_parts(struct keeper *k, const unsigned *counts, const unsigned *groups, unsigned live,
    unsigned least, struct buf *out)
{
	unsigned i, n = 0;

	buf_adds(out, "\"ceptoars\":[");
	for (i = 0; i < SLOTS; i++) {
		if (counts[i] == 0 || taxonomy_slug(k->tax, i) == NULL)
			continue;
		buf_addf(out, "%s{\"ceptoar\":\"%s\",\"reports\":", n++ > 0 ? "," : "",
		    taxonomy_slug(k->tax, i));
		figure(counts[i], least, out);
		buf_addc(out, '}');
	}
	buf_adds(out, "],\"groups\":[");
	for (i = n = 0; i < SECTOR_BITS; i++) {
		if (groups[i] == 0 || taxonomy_group_slug(k->tax, i) == NULL)
			continue;
		buf_addf(out, "%s{\"group\":\"%s\",\"reports\":", n++ > 0 ? "," : "",
		    taxonomy_group_slug(k->tax, i));
		figure(groups[i], live, out);
		buf_addc(out, '}');
	}
	buf_adds(out, "],");
}

/* The sectors that it affects, by counts. */
static int
add_counts(struct keeper *k, const struct store_situation *s, struct buf *out)
{
	unsigned counts[SLOTS + 1], groups[SECTOR_BITS] = { 0 }, i, g, total = 0;
	unsigned least = situation_k(k, s->desk);
	unsigned live = s->desk == DESK_CENTRE ? 0 : least;
	int rc = store_situation_counts(k->store, s->id, counts);

	for (i = 0; rc == 0 && i <= SLOTS; i++) {
		total += counts[i];
		g = i < SLOTS ? taxonomy_group_of_slot(k->tax, i) : SECTOR_BITS;
		if (g < SECTOR_BITS)
			groups[g] += counts[i];
	}
	buf_adds(out, ",\"counts\":{");
	add_parts(k, counts, groups, live, least, out);
	buf_adds(out, "\"reports\":");
	figure(total, live, out);
	buf_addc(out, '}');
	return rc != 0 ? rc : buf_err(out);
}

static const char *
kind_word(enum entry_kind kind)
{
	static const char *const words[] = { "", "note", "opened", "closed", "reports",
		"left", "bulletin", "update", "cancel", "reached", "mode", "report",
		"report_sent" };

	return kind >= ENTRY_NOTE && kind <= ENTRY_REPORT_SENT ? words[kind] : "";
}

/* What its number means; a count of reports from k up. */
static void
add_value(const struct store_entry *e, unsigned least, struct buf *out)
{
	switch (e->kind) {
	case ENTRY_REPORTS:
	case ENTRY_LEFT:
		buf_adds(out, ",\"reports\":");
		figure(e->value, least, out);
		break;
	case ENTRY_MODE:
		buf_addf(out, ",\"mode\":\"%s\"", hub_mode_word(e->value));
		break;
	case ENTRY_REACHED:
		buf_addf(out, ",\"percent\":%u", (unsigned)e->value);
		break;
	case ENTRY_REPORT:
	case ENTRY_REPORT_SENT:
		buf_addf(out, ",\"number\":%u", (unsigned)e->value);
		break;
	default:
		break;
	}
}

static void
add_bulletin(const struct store_bulletin *b, unsigned revision, struct buf *out)
{
	buf_addc(out, '{');
	words_id("id", b->id, out);
	buf_addf(out, ",\"number\":\"%s\",\"revision\":%u}", b->number, revision);
}

/* May whoever asks read it?  1 with *b, 0, or an error. */
static int
readable(struct keeper *k, const struct desk_call *c, const uint8_t *id,
    struct store_bulletin *b)
{
	const struct rights *r = &c->m->rights;
	int rc = store_bulletin_get(k->store, id, b);

	if (rc == ERR_NOTFOUND)
		return 0;
	return rc == 0 ? frame_may_read(&b->head, r, acks_is_cross(k, r)) != VIEW_NONE
		       : rc;
}

static int
add_entry(struct keeper *k, struct desk_call *c, const struct store_entry *e,
    unsigned least, unsigned *n)
{
	static const uint8_t nobody[RECEIVER_LEN];
	struct store_bulletin b;
	struct buf *out = c->out;
	int rc = 1;

	if (e->has_ref)
		rc = readable(k, c, e->ref, &b);
	if (rc <= 0)
		return rc;
	buf_addf(out, "%s{\"n\":%u,\"at\":", (*n)++ > 0 ? "," : "", (unsigned)e->n);
	words_time(e->minute * MINUTE_MS, out);
	buf_addf(out, ",\"kind\":\"%s\"", kind_word(e->kind));
	add_value(e, least, out);
	if (memcmp(e->person, nobody, RECEIVER_LEN) != 0) {
		buf_addc(out, ',');
		words_id("person", e->person, out);
	}
	if (e->has_ref) {
		buf_adds(out, ",\"bulletin\":");
		add_bulletin(&b, b.revision, out);
	}
	if (e->kind == ENTRY_NOTE)
		buf_addf(out, ",\"public\":%s,\"text\":%s", e->public ? "true" : "false",
		    e->text);
	buf_addc(out, '}');
	return buf_err(out);
}

static int
add_timeline(struct keeper *k, struct desk_call *c, const struct store_situation *s)
{
	unsigned least = s->desk == DESK_CENTRE ? 0 : situation_k(k, s->desk), n = 0, i;
	struct store_entry e = { 0 };
	uint64_t after = 0;
	int rc = desk_number(c, "after", 0, 999999, &after);

	e.n = (uint32_t)after;
	buf_adds(c->out, ",\"timeline\":[");
	for (i = 0; rc == 0 && i < PAGE; i++) {
		rc = store_entry_next(k->store, s->id, e.n, &e);
		if (rc == 0)
			rc = add_entry(k, c, &e, least, &n);
	}
	buf_adds(c->out, "],\"next\":");
	if (rc == 0)
		buf_addf(c->out, "%u", (unsigned)e.n);
	else
		buf_adds(c->out, "null");
	return rc == ERR_NOTFOUND ? buf_err(c->out) : rc;
}

static int
add_tasks(struct keeper *k, const struct store_situation *s, struct buf *out)
{
	struct store_task t = { 0 };
	int rc = 0;

	buf_adds(out, ",\"tasks\":[");
	while (rc == 0) {
		uint32_t after = t.n;

		rc = store_task_next(k->store, s->id, after, &t);
		if (rc != 0)
			break;
		buf_addf(out, "%s{\"n\":%u,\"text\":%s", after > 0 ? "," : "",
		    (unsigned)t.n, t.text);
		if (t.who[0] != '\0')
			buf_addf(out, ",\"who\":%s", t.who);
		if (t.due > 0) {
			buf_adds(out, ",\"due\":");
			words_time(t.due * MINUTE_MS, out);
		}
		if (t.done > 0) {
			buf_adds(out, ",\"done_at\":");
			words_time(t.done * MINUTE_MS, out);
		}
		buf_addc(out, ',');
		words_id("person", t.person, out);
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
	return rc == ERR_NOTFOUND ? buf_err(out) : rc;
}

/* Ids of the cases that lie on the desk that asks. */
static int
add_cases(struct keeper *k, struct desk_call *c, const struct store_situation *s)
{
	struct keeper_case ask;
	struct store_case row;
	unsigned i, n = 0;
	int rc = 0;

	memset(&ask, 0, sizeof ask);
	ask.desk = 1;
	ask.rights = c->m->rights;
	buf_adds(c->out, ",\"cases\":[");
	for (i = 0; rc == 0; i++) {
		rc = store_situation_case_nth(k->store, s->id, i, ask.case_id);
		if (rc != 0)
			break;
		rc = case_enter(k, &ask, &row);
		if (rc == 0) {
			buf_adds(c->out, n++ > 0 ? ",\"" : "\"");
			buf_add_hex(c->out, row.id, ID_LEN);
			buf_addc(c->out, '"');
		} else if (rc == ERR_NOTFOUND) {
			rc = 0;
		}
	}
	buf_addc(c->out, ']');
	return rc == ERR_NOTFOUND ? buf_err(c->out) : rc;
}

static int
add_bulletins(struct keeper *k, struct desk_call *c, const struct store_situation *s)
{
	struct store_bulletin b;
	uint8_t id[ID_LEN];
	unsigned i, n = 0;
	int rc = 0, may;

	buf_adds(c->out, ",\"bulletins\":[");
	for (i = 0; rc == 0; i++) {
		rc = store_situation_bulletin_nth(k->store, s->id, i, id);
		may = rc == 0 ? readable(k, c, id, &b) : 0;
		if (may < 0)
			return may;
		if (may == 0)
			continue;
		buf_adds(c->out, n++ > 0 ? "," : "");
		add_bulletin(&b, b.revision, c->out);
	}
	buf_addc(c->out, ']');
	return rc == ERR_NOTFOUND ? buf_err(c->out) : rc;
}

int
situation_get(struct keeper *k, struct desk_call *c)
{
	struct store_situation s;
	int own, rc = situation_enter(k, c, &s, &own);

	if (rc != 0)
		return rc;
	buf_addc(c->out, '{');
	head(k, &s, c->out);
	rc = add_cases(k, c, &s);
	/* Of the centre's a secretariat sees what it has joined itself. */
	if (rc == 0 && own)
		rc = add_counts(k, &s, c->out);
	if (rc == 0 && own)
		rc = add_bulletins(k, c, &s);
	if (rc == 0 && own)
		rc = add_tasks(k, &s, c->out);
	if (rc == 0 && own)
		rc = add_timeline(k, c, &s);
	if (own)
		buf_addf(c->out, ",\"last_report\":%u", (unsigned)s.reports);
	buf_addc(c->out, '}');
	return rc != 0 ? rc : buf_err(c->out);
}
