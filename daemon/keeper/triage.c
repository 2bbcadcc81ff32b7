/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/triage.h"

#include <string.h>

#include <openssl/rand.h>

#include "daemon/keeper/batch.h"
#include "proto/topic_value.h"

enum {
	FRESH_MINUTES = 30 * 24 * 60, /* later it is no copy but the same thing again */
	GROUPS_MOST = 64,	      /* of one draft */
	WORDS_MOST = 8,		      /* products, and classes, that are counted */
};

/* What one version is known by, on any desk. */
struct prints {
	uint8_t text[PRINT_LEN], topics[PRINT_LEN];
	int has_topics;
};

static int
prints_of(const struct batch_op *op, struct prints *ret)
{
	int rc = text_print(op->json, ret->text);

	if (rc == 0)
		rc = text_print_topics(&op->topics, op->facts.exercise, ret->topics);
	if (rc >= 0)
		ret->has_topics = rc;
	return rc < 0 ? rc : 0;
}

static int
group_by(struct keeper *k, unsigned desk, const uint8_t *print, int64_t minute,
    struct store_group *ret)
{
	uint8_t id[ID_LEN];
	int rc = store_print_get(k->store, desk, print, id);

	if (rc == 0)
		rc = store_group_get(k->store, id, ret);
	if (rc == 0 && ret->touched < minute - FRESH_MINUTES)
		rc = ERR_NOTFOUND;
	return rc;
}

static int
find(struct keeper *k, unsigned desk, const struct prints *p, int64_t minute,
    struct store_group *ret)
{
	int rc = group_by(k, desk, p->text, minute, ret);

	if (rc == ERR_NOTFOUND && p->has_topics)
		rc = group_by(k, desk, p->topics, minute, ret);
	return rc;
}

static int
new_group(unsigned desk, const struct store_report *row, struct store_group *ret)
{
	memset(ret, 0, sizeof *ret);
	if (RAND_bytes(ret->id, ID_LEN) != 1)
		return ERR_CRYPTO;
	ret->desk = (uint8_t)desk;
	ret->state = TRIAGE_WAITS;
	ret->level = row->level;
	ret->first = ret->touched = row->minute;
	return 0;
}

static void
wait_again(struct store_group *g)
{
	g->state = TRIAGE_WAITS;
	g->code = 0;
}

/* Where a further version of a case goes: *ret is its group now, or that of its copies,
 * or a new one. */
static int
place_further(struct keeper *k, const struct store_member_case *m, const struct prints *p,
    const struct store_report *row, struct store_group *ret)
{
	struct store_group_sum sum;
	struct store_group g;
	int rc, found;

	rc = find(k, m->desk, p, row->minute, &g);
	found = rc == 0;
	if (rc != 0 && rc != ERR_NOTFOUND)
		return rc;
	rc = store_group_get(k->store, m->grp, ret);
	if (rc != 0)
		return rc == ERR_NOTFOUND ? new_group(m->desk, row, ret) : rc;
	if (found && memcmp(g.id, ret->id, ID_LEN) == 0)
		return 0; /* it says the same once more */
	rc = store_group_sum(k->store, ret->id, &sum);
	if (rc != 0)
		return rc;
	if (sum.cases <= 1) {
		wait_again(ret); /* its only case says something new */
		return 0;
	}
	if (!found)
		return new_group(m->desk, row, ret);
	*ret = g;
	return 0;
}

static int
keep_prints(struct keeper *k, const struct store_group *g, const struct prints *p)
{
	int rc = store_print_put(k->store, g->desk, p->text, g->id);

	if (rc == 0 && p->has_topics)
		rc = store_print_put(k->store, g->desk, p->topics, g->id);
	return rc;
}

static int
join_desk(struct keeper *k, unsigned desk, const struct prints *p,
    const struct store_report *row)
{
	struct store_member_case m;
	struct store_group g;
	int rc = store_member_case_get(k->store, desk, row->case_id, &m);

	if (rc == 0) {
		rc = place_further(k, &m, p, row, &g);
	} else if (rc == ERR_NOTFOUND) {
		rc = find(k, desk, p, row->minute, &g);
		if (rc == ERR_NOTFOUND)
			rc = new_group(desk, row, &g);
	}
	if (rc != 0)
		return rc;
	if (row->level > g.level) {
		g.level = row->level;
		wait_again(&g);
	}
	g.touched = row->minute;
	m.desk = (uint8_t)desk;
	m.ended = 0;
	m.minute = row->minute;
	memcpy(m.case_id, row->case_id, ID_LEN);
	memcpy(m.grp, g.id, ID_LEN);
	memcpy(m.report, row->id, ID_LEN);
	rc = store_group_put(k->store, &g);
	if (rc == 0)
		rc = store_member_case_put(k->store, &m);
	return rc != 0 ? rc : keep_prints(k, &g, p);
}

static int
keep_words(struct keeper *k, const char *kind, const json_t *list, int exercise,
    const struct store_report *row)
{
	uint8_t print[PRINT_LEN];
	struct slice s;
	struct buf b;
	size_t i;
	int rc = 0;

	buf_init(&b, 16 * 1024);
	for (i = 0; rc == 0 && i < json_array_size(list) && i < WORDS_MOST; i++) {
		s.p = json_string_value(json_array_get(list, i));
		s.n = json_string_length(json_array_get(list, i));
		buf_reset(&b);
		rc = topic_product(s, &b);
		if (rc == 0)
			rc = text_print_word(kind, buf_slice(&b), exercise, print);
		if (rc == 0)
			rc = store_trait_put(
			    k->store, print, row->minute, row->case_id, row->slot);
	}
	buf_done(&b);
	return rc;
}

int
triage_join(struct keeper *k, const struct batch_op *op, const struct store_report *row)
{
	struct prints p;
	int rc = prints_of(op, &p);

	if (rc == 0 && (row->desks & DESK_BIT_OWN) != 0)
		rc = join_desk(k, row->slot, &p, row);
	if (rc == 0 && (row->desks & DESK_BIT_CENTRE) != 0)
		rc = join_desk(k, DESK_CENTRE, &p, row);
	if (rc == 0)
		rc = keep_words(k, "product", json_object_get(op->json, "products"),
		    op->facts.exercise, row);
	if (rc == 0)
		rc = keep_words(k, "class", json_object_get(op->json, "event_types"),
		    op->facts.exercise, row);
	return rc;
}

/* -------- what becomes of its cases */

typedef int on_group(
    struct keeper *k, struct store_member_case *m, struct store_group *g, int64_t minute);

/* fn on the case's group of one desk, and what fn has changed is written. */
static int
at_desk(struct keeper *k, unsigned desk, const struct store_case *c, on_group *fn,
    int64_t minute)
{
	struct store_member_case m;
	struct store_group g;
	int rc = store_member_case_get(k->store, desk, c->id, &m);

	if (rc == 0)
		rc = store_group_get(k->store, m.grp, &g);
	if (rc == 0)
		rc = fn(k, &m, &g, minute);
	if (rc == 0)
		rc = store_group_put(k->store, &g);
	return rc == ERR_NOTFOUND ? 0 : rc;
}

static int
each_desk(struct keeper *k, const struct store_case *c, on_group *fn, int64_t minute)
{
	int rc = c->slot == DESK_CENTRE ? 0 : at_desk(k, c->slot, c, fn, minute);

	if (rc == 0 && (c->desks & DESK_BIT_CENTRE) != 0)
		rc = at_desk(k, DESK_CENTRE, c, fn, minute);
	return rc;
}

static int
heard(
    struct keeper *k, struct store_member_case *m, struct store_group *g, int64_t minute)
{
	(void)k;
	(void)m;
	wait_again(g);
	g->touched = minute;
	return 0;
}

int
triage_heard(struct keeper *k, const struct store_case *c, int64_t minute)
{
	return each_desk(k, c, heard, minute);
}

static int
ended(
    struct keeper *k, struct store_member_case *m, struct store_group *g, int64_t minute)
{
	struct store_group_sum sum;
	int rc;

	(void)minute;
	m->ended = 1;
	rc = store_member_case_put(k->store, m);
	if (rc == 0)
		rc = store_group_sum(k->store, g->id, &sum);
	if (rc == 0 && sum.open == 0 && g->state == TRIAGE_WAITS)
		g->state = TRIAGE_DONE;
	return rc;
}

int
triage_ended(struct keeper *k, const struct store_case *c)
{
	return each_desk(k, c, ended, 0);
}

int
triage_left(struct keeper *k, const struct store_case *c)
{
	return at_desk(k, DESK_CENTRE, c, ended, 0);
}

static int
done(struct keeper *k, const uint8_t *group, const uint8_t *bulletin)
{
	struct store_group g;
	int rc = store_group_get(k->store, group, &g);

	if (rc == ERR_NOTFOUND)
		return 0;
	if (rc != 0 || (g.state == TRIAGE_DONE && g.has_bulletin &&
			   memcmp(g.bulletin, bulletin, ID_LEN) == 0))
		return rc;
	g.state = TRIAGE_DONE;
	g.code = 0;
	g.has_bulletin = 1;
	memcpy(g.bulletin, bulletin, ID_LEN);
	rc = store_group_put(k->store, &g);
	return rc != 0 ? rc : store_lock_del(k->store, g.id);
}

int
triage_released(struct keeper *k, const struct store_draft *d,
    const uint8_t (*cases)[ID_LEN], size_t n, const uint8_t *bulletin)
{
	uint8_t groups[GROUPS_MOST][ID_LEN];
	struct store_member_case m;
	size_t i, groups_n = 0;
	int rc =
	    store_group_draft_list(k->store, d->id, 0, groups, GROUPS_MOST, &groups_n);

	for (i = 0; rc == 0 && i < groups_n; i++)
		rc = done(k, groups[i], bulletin);
	for (i = 0; rc == 0 && i < n; i++) {
		rc = store_member_case_get(k->store, d->desk, cases[i], &m);
		if (rc == 0)
			rc = done(k, m.grp, bulletin);
		if (rc == ERR_NOTFOUND)
			rc = 0;
	}
	return rc;
}
