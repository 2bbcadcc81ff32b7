/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/drill_measure.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "proto/json.h"
#include "proto/msg_courier.h"
#include "proto/msg_registry.h"
#include "proto/suppress.h"

/* One stage of one CEPTOAR. */
struct stage {
	unsigned entitled, sent, delivered, opened, acknowledged;
	unsigned by[EVIDENCES + 1], why[DRILL_REASONS];
};

/* An acknowledgement: where, and how many minutes it took. */
struct sample {
	uint8_t slot, stage;
	uint32_t minutes;
};

struct measure {
	struct keeper *k;
	const struct frame_head *head;
	struct stage v[SLOTS + 1][DRILL_STAGES];
	struct sample *sample;
	size_t samples, room;
	struct suppress_cell reports[SLOTS + 1];
	uint32_t least; /* k */
};

const char *
drill_reason_word(enum drill_reason why)
{
	static const char *const words[DRILL_REASONS] = { "", "no_contact",
		"not_connected", "waiting", "mailbox_full", "no_addressee", "gone", "tls",
		"no_answer", "other" };

	return words[why];
}

static enum drill_reason
of_words(const struct store_route *r)
{
	static const struct {
		const char *said;
		uint8_t mail; /* 1: of a mail server, 2: of anything else; 0: of both */
		enum drill_reason why;
	} table[] = { { "status 452", 1, REASON_MAILBOX_FULL },
		{ "status 522", 1, REASON_MAILBOX_FULL },
		{ "status 552", 1, REASON_MAILBOX_FULL },
		{ "status 55", 1, REASON_NO_ADDRESSEE }, { "status 410", 2, REASON_GONE },
		{ "gone", 2, REASON_GONE }, { "certificate", 0, REASON_TLS },
		{ "tls", 0, REASON_TLS }, { "timeout", 0, REASON_NO_ANSWER },
		{ "no connection", 0, REASON_NO_ANSWER },
		{ "transfer error", 0, REASON_NO_ANSWER },
		{ "odd answer", 0, REASON_NO_ANSWER },
		{ "no such contact", 0, REASON_NO_CONTACT },
		{ "no mail address", 0, REASON_NO_CONTACT } };
	const char *said = r->reason;
	size_t i;
	int mail = r->route == BY_MAIL ? 1 : 2;

	if (strncmp(said, "down: ", 6) == 0)
		said += 6; /* a host that rests says why */
	for (i = 0; i < sizeof table / sizeof table[0]; i++)
		if ((table[i].mail == 0 || table[i].mail == mail) &&
		    strncmp(said, table[i].said, strlen(table[i].said)) == 0)
			return table[i].why;
	return REASON_OTHER;
}

enum drill_reason
drill_reason(const struct reach_row *r)
{
	unsigned i;

	if (r->state >= REACH_SENT)
		return REASON_NONE;
	for (i = 0; i < r->routes; i++)
		if (r->route[i].reason[0] != '\0')
			return of_words(&r->route[i]);
	if (r->queued)
		return REASON_WAITING;
	return (r->who->routes & ~ROUTE_TELEPHONE) == 0 ? REASON_NO_CONTACT
							: REASON_NOT_CONNECTED;
}

/* The minutes from the sending to the first word that counts; UINT32_MAX: none came. */
static uint32_t
minutes_of(const struct reach_row *r, uint32_t sent)
{
	int64_t at, first = INT64_MAX;
	unsigned s;

	for (s = ACK_RECEIVED; s <= ACK_ACTED; s++) {
		at = reach_first_at(r, s);
		if (at > 0 && at < first)
			first = at;
	}
	if (first == INT64_MAX)
		return UINT32_MAX;
	return first > sent ? (uint32_t)(first - sent) : 0;
}

static int
add_sample(struct measure *m, unsigned slot, unsigned stage, uint32_t minutes)
{
	struct sample *more;

	if (m->samples == m->room) {
		m->room = m->room == 0 ? 256 : 2 * m->room;
		more = mem_realloc(m->sample, m->room * sizeof *more);
		if (more == NULL)
			return ERR_NOMEM;
		m->sample = more;
	}
	m->sample[m->samples++] =
	    (struct sample){ (uint8_t)slot, (uint8_t)stage, minutes };
	return 0;
}

static int
count(struct measure *m, unsigned slot, unsigned stage, const struct reach_row *r)
{
	struct stage *s = &m->v[slot][stage];
	int acknowledged = r->state >= REACH_RECEIVED;
	enum drill_reason why = drill_reason(r);
	uint32_t minutes;
	unsigned i;

	s->entitled++;
	s->sent += r->routes > 0 || r->state >= REACH_SENT;
	s->delivered += r->state >= REACH_SENT;
	s->opened += r->state >= REACH_READ;
	s->acknowledged += (unsigned)acknowledged;
	s->why[why]++;
	for (i = EVIDENCE_CLIENT; i <= EVIDENCES; i++)
		s->by[i] += (r->graded >> i & 1) != 0 && !r->ack[i].flagged;
	if (!acknowledged)
		return 0;
	minutes = minutes_of(r, m->head->minute);
	return minutes != UINT32_MAX ? add_sample(m, slot, stage, minutes) : 0;
}

/* Where it stands in a CEPTOAR; DRILL_STAGES: nowhere.  A ministry that names no CEPTOAR
 * answers for all of them. */
static unsigned
stage_in(const struct rights *r, unsigned slot)
{
	if ((r->roles & ROLE_MINISTRY) != 0 &&
	    (slots_has(&r->aff, slot) || slots_empty(&r->aff)))
		return STAGE_MINISTRY;
	if (slots_has(&r->sec, slot))
		return STAGE_SECRETARIAT;
	if (slots_has(&r->op, slot) ||
	    ((r->roles & ROLE_AFFILIATE) != 0 && slots_has(&r->aff, slot)))
		return STAGE_OPERATOR;
	return DRILL_STAGES;
}

static unsigned
stage_of_all(const struct rights *r)
{
	if ((r->roles & ROLE_MINISTRY) != 0)
		return STAGE_MINISTRY;
	if ((r->roles & ROLE_SECRETARIAT) != 0)
		return STAGE_SECRETARIAT;
	return (r->roles & (ROLE_OPERATOR | ROLE_AFFILIATE)) != 0 ? STAGE_OPERATOR
								  : DRILL_STAGES;
}

static int
walk(struct measure *m, const struct frame_head *head)
{
	struct reach_walk w;
	struct reach_row r;
	unsigned slot, stage;
	int rc = reach_begin(&w, m->k, head, NULL);

	if (rc != 0)
		return rc;
	while ((rc = reach_next(&w, NULL, NULL, &r)) == 0) {
		stage = stage_of_all(&r.who->rights);
		if (stage < DRILL_STAGES)
			rc = count(m, SLOTS, stage, &r);
		for (slot = 0; rc == 0 && slot < SLOTS; slot++) {
			stage = stage_in(&r.who->rights, slot);
			if (stage < DRILL_STAGES)
				rc = count(m, slot, stage, &r);
		}
		if (rc != 0)
			break;
	}
	reach_end(&w);
	return rc == ERR_NOTFOUND ? 0 : rc;
}

static int
by_place(const void *a, const void *b)
{
	const struct sample *x = a, *y = b;

	if (x->slot != y->slot)
		return x->slot < y->slot ? -1 : 1;
	if (x->stage != y->stage)
		return x->stage < y->stage ? -1 : 1;
	return x->minutes < y->minutes ? -1 : x->minutes > y->minutes;
}

/* "minutes":{..}: the least figure within which so many of a hundred had answered. */
static void
write_minutes(const struct measure *m, unsigned slot, unsigned stage, struct buf *out)
{
	static const struct {
		const char *name;
		unsigned of_100;
	} ranks[] = { { "max", 100 }, { "p50", 50 }, { "p90", 90 }, { "p95", 95 } };
	size_t i, first = 0, n = 0;

	for (i = 0; i < m->samples; i++)
		if (m->sample[i].slot == slot && m->sample[i].stage == stage) {
			first = n == 0 ? i : first;
			n++;
		}
	if (n == 0) {
		buf_adds(out, "\"minutes\":null");
		return;
	}
	buf_adds(out, "\"minutes\":{");
	for (i = 0; i < sizeof ranks / sizeof ranks[0]; i++)
		buf_addf(out, "%s\"%s\":%u", i > 0 ? "," : "", ranks[i].name,
		    (unsigned)m->sample[first + (n * ranks[i].of_100 + 99) / 100 - 1]
			.minutes);
	buf_addc(out, '}');
}

static void
write_stage(const struct measure *m, unsigned slot, unsigned stage, struct buf *out)
{
	static const char *const names[DRILL_STAGES] = { "ministry", "secretariat",
		"operator" };
	const struct stage *s = &m->v[slot][stage];
	unsigned i, n = 0;

	buf_addf(out,
	    "{\"acknowledged\":%u,\"by\":{\"client\":%u,\"link\":%u,\"relay\":%u,"
	    "\"telephone\":%u},\"delivered\":%u,\"entitled\":%u,",
	    s->acknowledged, s->by[EVIDENCE_CLIENT], s->by[EVIDENCE_LINK],
	    s->by[EVIDENCE_RELAY], s->by[EVIDENCE_TELEPHONE], s->delivered, s->entitled);
	write_minutes(m, slot, stage, out);
	buf_addf(out, ",\"opened\":%u,\"percent\":", s->opened);
	if (s->entitled > 0)
		buf_addf(out, "%u", s->acknowledged * 100 / s->entitled);
	else
		buf_adds(out, "null");
	buf_addf(
	    out, ",\"sent\":%u,\"stage\":\"%s\",\"unreached\":{", s->sent, names[stage]);
	for (i = REASON_NONE + 1; i < DRILL_REASONS; i++)
		if (s->why[i] > 0)
			buf_addf(out, "%s\"%s\":%u", n++ > 0 ? "," : "",
			    drill_reason_word((enum drill_reason)i), s->why[i]);
	buf_adds(out, "}}");
}

/* "reports": how many came, null when that is not asked or not settled, "<11*". */
static void
write_reports(const struct measure *m, unsigned slot, int counted, struct buf *out)
{
	const struct suppress_cell *c = &m->reports[slot];

	if (!counted)
		buf_adds(out, "\"reports\":null");
	else if (c->hidden || c->n < m->least)
		buf_addf(out, "\"reports\":\"<%u*\"", (unsigned)m->least);
	else
		buf_addf(out, "\"reports\":%u", (unsigned)c->n);
}

static int
count_reports(struct measure *m, const struct store_drill *d)
{
	const struct suppress_line all = { SLOTS, 0, 1, SLOTS };
	uint32_t n[SLOTS];
	unsigned i;
	int rc = store_drill_reports(m->k->store, d->id, n);

	m->least = (uint32_t)m->k->policy.rules.k_beyond;
	for (i = 0; i < SLOTS; i++) {
		m->reports[i].n = n[i];
		m->reports[SLOTS].n += n[i];
	}
	return rc == 0 ? suppress_small(m->reports, SLOTS + 1, &all, 1, m->least) : rc;
}

/* Is it a CEPTOAR that the drill was for?  Who sits in two is no line of the other one,
 * and ministries alone are none where all are drilled. */
static int
has_anybody(const struct measure *m, unsigned slot)
{
	const int named = slots_has(&m->head->slots, slot);
	unsigned i, n = 0;

	if (!named && (m->head->flags & (FRAME_ALL | FRAME_CROSS | FRAME_PUBLIC)) == 0)
		return 0;
	for (i = 0; i < DRILL_STAGES; i++)
		n += named || i != STAGE_MINISTRY ? m->v[slot][i].entitled : 0;
	return n > 0;
}

static int
give(const struct measure *m, unsigned slot, int counted,
    int (*fn)(void *arg, unsigned slot, struct slice body), void *arg)
{
	const char *slug = slot < SLOTS ? taxonomy_slug(m->k->tax, slot) : NULL;
	struct buf row;
	unsigned i;
	int rc;

	if (slot < SLOTS && (slug == NULL || !has_anybody(m, slot)))
		return 0;
	buf_init(&row, DRILL_ROW_MAX);
	buf_addf(&row, "{\"ceptoar\":%s%s%s,", slug != NULL ? "\"" : "",
	    slug != NULL ? slug : "null", slug != NULL ? "\"" : "");
	write_reports(m, slot, counted, &row);
	buf_adds(&row, ",\"stages\":[");
	for (i = 0; i < DRILL_STAGES; i++) {
		buf_adds(&row, i > 0 ? "," : "");
		write_stage(m, slot, i, &row);
	}
	buf_adds(&row, "]}");
	rc = buf_err(&row);
	if (rc == 0)
		rc = fn(arg, slot < SLOTS ? slot : SLOT_NONE, buf_slice(&row));
	buf_done(&row);
	return rc;
}

int
drill_measure(struct keeper *k, const struct store_drill *d,
    const struct frame_head *head, int final,
    int (*fn)(void *arg, unsigned slot, struct slice body), void *arg)
{
	struct measure *m = mem_zalloc(sizeof *m);
	int rc, counted = final && d->kind == DRILL_UP;
	unsigned slot;

	if (m == NULL)
		return ERR_NOMEM;
	m->k = k;
	m->head = head;
	rc = walk(m, head);
	if (rc == 0 && counted)
		rc = count_reports(m, d);
	if (m->samples > 0)
		qsort(m->sample, m->samples, sizeof m->sample[0], by_place);
	for (slot = 0; rc == 0 && slot <= SLOTS; slot++)
		rc = give(m, slot, counted, fn, arg);
	mem_free(m->sample);
	mem_free(m);
	return rc;
}
