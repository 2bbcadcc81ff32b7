/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/triage.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/keeper/desk.h"
#include "daemon/keeper/policy.h"
#include "daemon/keeper/publish.h"
#include "daemon/keeper/store_gate.h"
#include "daemon/keeper/words.h"
#include "lib/mem.h"
#include "proto/http.h"
#include "proto/report.h"

enum {
	CASES_SHOWN = 20,
	DRAFTS_SHOWN = 8,
	PAGE = 20,
	PAGE_MOST = 100,
	FAR = 10000,
	ITEM_PAGE = 20,
	ITEM_PAGE_MOST = 100,
	BYTES_MOST = KEEPER_FRAME_MAX / 4,
};

static const char *const codes[] = { "", "duplicate", "no_relevance", "test", "answered",
	"other" };

/* -------- one group */

static int
write_json(const char *name, const json_t *j, struct buf *out)
{
	if (j == NULL)
		return 0;
	buf_addf(out, ",\"%s\":", name);
	return json_canonical(j, out);
}

/* What the newest report says, and how the gate has weighed it. */
static int
write_newest(struct keeper *k, const struct desk_call *c, const struct store_group *g,
    const struct store_member_case *m, struct buf *out)
{
	struct report_facts facts;
	struct store_report r;
	struct store_gate gate;
	json_t *json = NULL;
	int rc = publish_load(k, m->report, &r, &json);

	if (rc != 0)
		return rc == ERR_NOTFOUND ? 0 : rc; /* its time was over */
	report_facts(json, &facts);
	rc = write_json("title", json_object_get(json, "title"), out);
	if (rc == 0)
		rc = write_json("kind", json_object_get(json, "kind"), out);
	if (rc == 0 && facts.hotline != HOTLINE_NONE)
		rc = write_json("hotline", json_object_get(json, "hotline"), out);
	if (rc == 0)
		rc = write_json("classes", json_object_get(json, "event_types"), out);
	buf_addf(out, ",\"exercise\":%s", facts.exercise ? "true" : "false");
	if (rc == 0)
		rc = store_gate_get(k->store, r.id, &gate);
	if (rc == 0) {
		buf_adds(out, ",\"held\":");
		policy_reasons(policy_neutral(gate.held), out);
	}
	if (rc == ERR_NOTFOUND) /* older than the gate */
		rc = 0;
	buf_addc(out, ',');
	if (rc == 0)
		rc = triage_like_write(k, g, json, c->minute, out);
	json_decref(json);
	return rc;
}

static int
write_ceptoars(struct keeper *k, const struct store_group *g, struct buf *out)
{
	struct slots slots;
	const char *slug;
	unsigned i;
	int none, any = 0, rc = store_group_slots(k->store, g->id, &slots, &none);

	buf_adds(out, ",\"ceptoars\":[");
	for (i = 0; rc == 0 && i < SLOTS; i++) {
		slug = slots_has(&slots, i) ? taxonomy_slug(k->tax, i) : NULL;
		if (slug == NULL)
			continue;
		buf_adds(out, any++ > 0 ? "," : "");
		json_add_string(out, slice_of(slug));
	}
	buf_addc(out, ']');
	return rc;
}

static int
write_aside(struct keeper *k, const struct store_group *g, struct buf *out)
{
	struct buf ja, en;
	int rc;

	if (g->state != TRIAGE_ASIDE || g->code >= sizeof codes / sizeof codes[0])
		return 0;
	buf_init(&ja, TRIAGE_REASON_MAX);
	buf_init(&en, TRIAGE_REASON_MAX);
	rc = store_group_words_get(k->store, g->id, &ja, &en);
	buf_addf(out, ",\"aside\":{\"code\":\"%s\",\"since\":", codes[g->code]);
	words_time(g->since * 60000, out);
	buf_adds(out, ",\"reason\":{");
	if (en.n > 0) {
		buf_adds(out, "\"en\":");
		json_add_string(out, buf_slice(&en));
	}
	if (ja.n > 0) {
		buf_adds(out, en.n > 0 ? ",\"ja\":" : "\"ja\":");
		json_add_string(out, buf_slice(&ja));
	}
	buf_adds(out, "}}");
	buf_done(&ja);
	buf_done(&en);
	return rc;
}

static int
write_bulletin(struct keeper *k, const struct store_group *g,
    const struct store_group_sum *sum, struct buf *out)
{
	struct store_bulletin b;
	int rc;

	if (!g->has_bulletin && !sum->has_bulletin)
		return 0;
	rc = store_bulletin_get(
	    k->store, g->has_bulletin ? g->bulletin : sum->bulletin, &b);
	if (rc != 0)
		return rc == ERR_NOTFOUND ? 0 : rc;
	buf_adds(out, ",\"bulletin\":{");
	words_id("id", b.id, out);
	buf_addf(
	    out, ",\"number\":\"%s\",\"revision\":%u}", b.number, (unsigned)b.revision);
	return 0;
}

/* What is being written of it. */
static int
write_drafts(struct keeper *k, const struct store_group *g, struct buf *out)
{
	uint8_t v[DRAFTS_SHOWN][ID_LEN];
	size_t i, n = 0;
	int rc = store_group_draft_list(k->store, g->id, 1, v, DRAFTS_SHOWN, &n);

	for (i = 0; rc == 0 && i < n; i++) {
		buf_adds(out, i > 0 ? ",\"" : ",\"drafts\":[\"");
		buf_add_hex(out, v[i], ID_LEN);
		buf_addc(out, '"');
	}
	if (n > 0)
		buf_addc(out, ']');
	return rc;
}

static void
write_sum(const struct store_group_sum *sum, struct buf *out)
{
	buf_addf(out,
	    ",\"count\":%u,\"open\":%u,\"unread\":%u,\"channels\":%u,\"slip\":%s,\"k\":",
	    sum->cases, sum->open, sum->unread, sum->channels,
	    sum->slips > 0 ? "true" : "false");
	if (sum->k >= 0)
		buf_addf(out, "%d", sum->k);
	else
		buf_adds(out, "null");
}

static void
write_cases(const struct store_member_case *m, size_t n, struct buf *out)
{
	size_t i;

	buf_adds(out, ",\"cases\":[");
	for (i = 0; i < n; i++) {
		buf_adds(out, i > 0 ? ",\"" : "\"");
		buf_add_hex(out, m[i].case_id, ID_LEN);
		buf_addc(out, '"');
	}
	buf_addc(out, ']');
}

static void
write_head(const struct desk_call *c, const struct store_group *g, struct buf *out)
{
	buf_addc(out, '{');
	words_id("group", g->id, out);
	buf_addf(out, ",\"level\":%u,\"age\":%lld,\"newest\":%lld", (unsigned)g->level,
	    (long long)(c->minute > g->first ? c->minute - g->first : 0),
	    (long long)(c->minute > g->touched ? c->minute - g->touched : 0));
}

int
triage_item_write(struct keeper *k, const struct desk_call *c,
    const struct store_group *g, struct buf *out)
{
	static const char *const states[] = { "", "waits", "aside", "done" };
	struct store_member_case m[CASES_SHOWN];
	struct store_group_sum sum;
	size_t n = 0;
	int locked = 0, rc = store_group_sum(k->store, g->id, &sum);

	if (rc == 0)
		rc = store_member_case_list(k->store, g->id, 0, m, CASES_SHOWN, &n);
	if (rc != 0)
		return rc;
	write_head(c, g, out);
	write_sum(&sum, out);
	write_cases(m, n, out);
	rc = write_ceptoars(k, g, out);
	if (rc == 0 && n > 0)
		rc = write_newest(k, c, g, &m[0], out);
	if (rc == 0)
		rc = write_bulletin(k, g, &sum, out);
	if (rc == 0)
		rc = write_drafts(k, g, out);
	if (rc == 0)
		rc = write_aside(k, g, out);
	if (rc == 0)
		rc = triage_lock_write(k, c, g, out, &locked);
	buf_addf(out, ",\"state\":\"%s\"}",
	    locked && g->state == TRIAGE_WAITS ? "locked" : states[g->state]);
	return rc != 0 ? rc : buf_err(out);
}

/* -------- the list */

static int
read_state(struct desk_call *c, struct triage_query *q)
{
	static const struct {
		const char *word;
		enum triage_state state;
		int locked;
	} words[] = { { "waits", TRIAGE_WAITS, 0 }, { "locked", TRIAGE_WAITS, 1 },
		{ "aside", TRIAGE_ASIDE, -1 }, { "done", TRIAGE_DONE, -1 } };
	struct buf b;
	size_t i;
	int found = 0, got;

	q->state = TRIAGE_WAITS;
	q->locked = -1;
	buf_init(&b, 16);
	got = http_query(c->m->query, "state", &b);
	for (i = 0; got == 1 && i < sizeof words / sizeof words[0]; i++) {
		if (!slice_eq(buf_slice(&b), words[i].word))
			continue;
		q->state = words[i].state;
		q->locked = words[i].locked;
		found = 1;
	}
	buf_done(&b);
	if (got == 0 || found)
		return 0;
	return desk_fail(c, P_BAD_REQUEST, NULL, "state: waits, locked, aside or done");
}

static int
read_ceptoar(struct keeper *k, struct desk_call *c, struct triage_query *q)
{
	unsigned slot = SLOT_NONE;
	struct buf b;
	int got;

	q->slot = -1;
	buf_init(&b, 64);
	got = http_query(c->m->query, "ceptoar", &b);
	if (got == 1)
		slot = taxonomy_slot(k->tax, buf_slice(&b));
	buf_done(&b);
	if (got == 0)
		return 0;
	if (slot == SLOT_NONE)
		return desk_fail(c, P_BAD_REQUEST, NULL, "ceptoar: no such CEPTOAR");
	q->slot = (int)slot;
	return 0;
}

static int
read_query(struct keeper *k, struct desk_call *c, struct triage_query *q, uint64_t *skip,
    uint64_t *limit)
{
	static const char *const known[] = { "min_level", "state", "ceptoar", "page",
		"limit", NULL };
	uint64_t level = 0;
	int rc;

	memset(q, 0, sizeof *q);
	q->now = c->now_ms / 1000;
	if (!http_query_known(c->m->query, known))
		return desk_fail(c, P_BAD_REQUEST, NULL,
		    "min_level, state, ceptoar, page and limit are known");
	rc = desk_number(c, "min_level", 0, 4, &level);
	q->min_level = (unsigned)level;
	if (rc == 0)
		rc = desk_number(c, "page", 0, FAR, skip);
	if (rc == 0)
		rc = desk_number(c, "limit", 1, PAGE_MOST, limit);
	if (rc == 0)
		rc = read_state(c, q);
	return rc != 0 ? rc : read_ceptoar(k, c, q);
}

static int
by_height(const void *a, const void *b)
{
	const struct store_group *x = a, *y = b;

	if (x->level != y->level)
		return x->level > y->level ? -1 : 1;
	if (x->touched != y->touched)
		return x->touched > y->touched ? -1 : 1;
	return memcmp(x->id, y->id, ID_LEN);
}

/* The first `most` of all desks where the caller sits; v has room for twice as many. */
static int
gather(struct keeper *k, const struct desk_call *c, struct triage_query *q,
    struct store_group *v, size_t most, size_t *ret_n)
{
	size_t n = 0, got = 0;
	unsigned desk;
	int rc = 0;

	for (desk = 0; rc == 0 && desk <= DESK_CENTRE; desk++) {
		if (!desk_sits_at(c, desk))
			continue;
		q->desk = desk;
		rc = store_group_list(k->store, q, v + n, most, &got);
		if (rc != 0)
			break;
		n += got;
		qsort(v, n, sizeof *v, by_height);
		if (n > most)
			n = most;
	}
	*ret_n = n;
	return rc;
}

static int
write_list(struct keeper *k, struct desk_call *c, const struct store_group *v, size_t n,
    size_t at, size_t limit)
{
	size_t start = c->out->n, i;
	int rc = 0;

	buf_adds(c->out, "{\"items\":[");
	for (i = at; rc == 0 && i < n && i < at + limit; i++) {
		buf_adds(c->out, i > at ? "," : "");
		rc = triage_item_write(k, c, &v[i], c->out);
		if (c->out->n - start > BYTES_MOST) {
			i++;
			break;
		}
	}
	if (i < n)
		buf_addf(c->out, "],\"next\":%zu}", i);
	else
		buf_adds(c->out, "],\"next\":null}");
	return rc != 0 ? rc : buf_err(c->out);
}

int
triage_list(struct keeper *k, struct desk_call *c)
{
	uint64_t skip = 0, limit = PAGE;
	struct triage_query q;
	struct store_group *v;
	size_t n = 0, most;
	int rc = read_query(k, c, &q, &skip, &limit);

	if (rc != 0)
		return rc;
	most = (size_t)(skip + limit + 1);
	v = mem_calloc(2 * most, sizeof *v);
	if (v == NULL)
		return ERR_NOMEM;
	rc = gather(k, c, &q, v, most, &n);
	if (rc == 0)
		rc = write_list(k, c, v, n, (size_t)skip, (size_t)limit);
	mem_free(v);
	return rc;
}

/* -------- the reports of one group */

static int
write_reports(struct keeper *k, struct desk_call *c, const struct store_group *g,
    size_t skip, size_t limit)
{
	struct store_member_case m[ITEM_PAGE_MOST + 1];
	size_t n = 0, i, given = 0, start = c->out->n, before;
	int rc = store_member_case_list(k->store, g->id, skip, m, limit + 1, &n);

	buf_adds(c->out, ",\"reports\":[");
	for (i = 0; rc == 0 && i < n && i < limit; i++) {
		before = c->out->n;
		buf_adds(c->out, given > 0 ? "," : "");
		rc = desk_report(k, &c->m->rights, m[i].report, c->out);
		if (rc == ERR_NOTFOUND) { /* its time was over */
			c->out->n = before;
			rc = 0;
			continue;
		}
		given++;
		if (c->out->n - start > BYTES_MOST) {
			i++;
			break;
		}
	}
	if (i < n)
		buf_addf(c->out, "],\"next\":%zu}", skip + i);
	else
		buf_adds(c->out, "],\"next\":null}");
	return rc != 0 ? rc : buf_err(c->out);
}

int
triage_item(struct keeper *k, struct desk_call *c)
{
	static const char *const known[] = { "page", "limit", NULL };
	uint64_t skip = 0, limit = ITEM_PAGE;
	struct store_group g;
	int rc = triage_open(k, c, &g);

	if (rc == 0 && !http_query_known(c->m->query, known))
		rc = desk_fail(c, P_BAD_REQUEST, NULL, "page and limit are known");
	if (rc == 0)
		rc = desk_number(c, "page", 0, FAR, &skip);
	if (rc == 0)
		rc = desk_number(c, "limit", 1, ITEM_PAGE_MOST, &limit);
	if (rc == 0)
		rc = triage_touch(k, c, &g);
	if (rc != 0)
		return rc;
	buf_adds(c->out, "{\"item\":");
	rc = triage_item_write(k, c, &g, c->out);
	return rc != 0 ? rc : write_reports(k, c, &g, (size_t)skip, (size_t)limit);
}
