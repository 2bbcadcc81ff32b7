/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/drill.h"

#include <string.h>

#include <openssl/rand.h>

#include "daemon/keeper/directory.h"
#include "daemon/keeper/drill_measure.h"
#include "daemon/keeper/publish.h"
#include "daemon/keeper/release.h"
#include "lib/log.h"

/* What ends without having begun: there is nothing for a second person to look at. */
static int
give_up(struct keeper *k, struct store_drill *d, int64_t minute)
{
	int rc = d->has_draft ? store_second_drop(k->store, d->draft, 1) : 0;

	d->state = DRILL_ENDED;
	d->ended = minute;
	return rc == 0 ? store_drill_set(k->store, d) : rc;
}

/* What cannot begin: its desk waits for it. */
static int
fail(struct keeper *k, struct store_drill *d, int64_t minute)
{
	struct slots slots;
	struct word_bell bell = { "drill", NULL, 0, 1, minute, 0 };
	int rc = give_up(k, d, minute);

	log_info("drill: one could not begin: its draft is gone or may not be released");
	if (d->desk != DESK_CENTRE) {
		memset(&slots, 0, sizeof slots);
		slots_set(&slots, d->desk);
		bell.slots = &slots;
		bell.not_centre = 1;
	}
	return rc == 0 ? publish_word(k, &bell) : rc;
}

int
drill_turned_down(struct keeper *k, const uint8_t *draft, int64_t minute)
{
	struct store_drill d;
	int rc = store_drill_of_draft(k->store, draft, &d);

	if (rc != 0)
		return rc == ERR_NOTFOUND ? 0 : rc;
	return give_up(k, &d, minute);
}

int
drill_keeps(struct keeper *k, struct desk_call *c, const uint8_t *draft)
{
	struct store_drill d;
	int rc = store_drill_of_draft(k->store, draft, &d);

	if (rc != 0)
		return rc == ERR_NOTFOUND ? 0 : rc;
	return desk_fail(
	    c, P_CONFLICT, NULL, "it is a planned drill's; end the drill to change it");
}

int
drill_stands(struct keeper *k, struct desk_call *c, const uint8_t *bulletin)
{
	struct store_drill d;
	int rc = store_drill_of_bulletin(k->store, bulletin, &d);

	if (rc != 0 || d.state != DRILL_RUNNING)
		return rc == ERR_NOTFOUND ? 0 : rc;
	return desk_fail(
	    c, P_CONFLICT, NULL, "a drill runs with it; end the drill to change it");
}

static void
runs(struct store_drill *d, const uint8_t *bulletin, const char *number, int64_t minute)
{
	d->state = DRILL_RUNNING;
	d->start = minute;
	d->has_bulletin = 1;
	memcpy(d->bulletin, bulletin, ID_LEN);
	(void)snprintf(d->number, sizeof d->number, "%s", number);
}

struct crossing {
	struct keeper *k;
	const struct audience *a;
	int found;
};

static int
crosses(void *arg, const struct store_drill *d)
{
	struct crossing *x = arg;
	struct store_bulletin b;
	int rc;

	if (d->kind != DRILL_UP || !d->has_bulletin)
		return 0;
	rc = store_bulletin_get(x->k->store, d->bulletin, &b);
	if (rc != 0)
		return rc == ERR_NOTFOUND ? 0 : rc;
	x->found |= ((b.head.flags | x->a->flags) & FRAME_ALL) != 0 ||
		    slots_meet(&b.head.slots, &x->a->slots);
	return 0;
}

/* Two that ask the same CEPTOAR at a time would show, by the difference of their figures,
 * what neither of them shows. */
static int
check_crossing(struct keeper *k, struct desk_call *c, const struct store_drill *d,
    const struct audience *a)
{
	struct crossing x = { k, a, 0 };
	int rc;

	if (d->kind != DRILL_UP)
		return 0;
	rc = store_drill_each(k->store, DRILL_RUNNING, DRILL_OPEN_MOST, crosses, &x);
	if (rc != 0 || !x.found)
		return rc;
	return c != NULL ? desk_fail(c, P_CONFLICT, "/audience",
			       "another drill asks for reports there")
			 : ERR_INVALID;
}

/* Its bulletin goes out.  ERR_INVALID with `c`: the reason was said; without: it cannot.
 */
static int
begin(struct keeper *k, struct desk_call *c, struct store_drill *d, int64_t minute)
{
	struct release_by by = { .person = d->person };
	struct store_draft draft;
	struct store_bulletin b;
	struct draft_facts f;
	struct audience a;
	json_t *content = NULL;
	int rc = store_draft_get(k->store, d->draft, &draft);

	/* Only what was looked at when it was planned. */
	if (rc == 0 && (draft.state == DRAFT_RELEASED || draft.revision != 1))
		return ERR_INVALID;
	if (rc == 0)
		rc = draft_read(k, &draft, draft.revision, &content);
	if (rc != 0)
		return rc == ERR_NOTFOUND ? ERR_INVALID : rc;
	draft_facts(content, k->tax, &f);
	rc = f.exercise && f.case_count == 0 ? 0 : ERR_INVALID;
	if (rc == 0)
		rc = audience_weigh(k, NULL, &draft, &f, minute, &a);
	if (rc == 0) {
		if (a.reasons != 0)
			rc = c != NULL ? audience_refuse(k, c, &a) : ERR_INVALID;
		else
			rc = check_crossing(k, c, d, &a);
		if (rc == 0)
			rc = release_write(k, &draft, content, &f, &by, minute, &a, &b);
		audience_free(&a);
	}
	json_decref(content);
	if (rc == 0) {
		runs(d, b.id, b.number, minute);
		rc = store_drill_set(k->store, d);
	}
	return rc;
}

static int
count_one(void *arg, const struct store_drill *d)
{
	unsigned *n = arg;

	*n += d->state != DRILL_ENDED;
	return 0;
}

static int
room(struct keeper *k, struct desk_call *c)
{
	unsigned n = 0;
	int rc =
	    store_drill_each(k->store, DRILL_PLANNED, DRILL_OPEN_MOST, count_one, &n);

	if (rc == 0)
		rc = store_drill_each(
		    k->store, DRILL_RUNNING, DRILL_OPEN_MOST, count_one, &n);
	if (rc == 0 && n >= DRILL_OPEN_MOST)
		rc = desk_fail(c, P_CONFLICT, NULL, "too many drills are open");
	return rc;
}

int
drill_post(struct keeper *k, struct desk_call *c)
{
	struct store_drill d;
	struct buf body;
	int rc = room(k, c);

	memset(&d, 0, sizeof d);
	d.state = DRILL_PLANNED;
	memcpy(d.person, c->m->rights.person, RECEIVER_LEN);
	if (rc == 0 && RAND_bytes(d.id, ID_LEN) != 1)
		rc = ERR_CRYPTO;
	buf_init(&body, DRILL_BODY_MAX);
	if (rc == 0)
		rc = drill_plan(k, c, &d, &body);
	if (rc == 0)
		rc = store_drill_add(k->store, &d, buf_slice(&body));
	if (rc == 0 && d.start <= c->minute)
		rc = begin(k, c, &d, c->minute);
	if (rc == 0)
		rc = drill_head(k, &d, buf_slice(&body), c->out);
	buf_addc(c->out, '}');
	buf_done(&body);
	c->created = rc == 0;
	(void)snprintf(
	    c->detail, sizeof c->detail, "%s", d.kind == DRILL_UP ? "up" : "down");
	return rc != 0 ? rc : buf_err(c->out);
}

struct keeping {
	struct keeper *k;
	const struct store_drill *d;
};

static int
keep_row(void *arg, unsigned slot, struct slice body)
{
	const struct keeping *t = arg;

	return store_drill_row_put(t->k->store, t->d->id, slot, body);
}

/* What it has shown is written down, then its bulletin ends. */
static int
finish(struct keeper *k, struct store_drill *d, int64_t minute)
{
	struct keeping t = { k, d };
	struct store_bulletin b;
	struct frame_head head;
	int rc = store_bulletin_get(k->store, d->bulletin, &b);
	int kept = rc == 0;

	if (kept)
		rc = reach_head(k, &b, 1, &head);
	if (rc == 0)
		rc = drill_measure(k, d, &head, 1, keep_row, &t);
	if (rc == ERR_NOTFOUND) /* it was kept for less time than the drill took */
		rc = 0;
	if (rc == 0)
		rc = store_drill_reports_del(k->store, d->id);
	d->state = DRILL_ENDED;
	d->ended = minute;
	if (rc == 0)
		rc = store_drill_set(k->store, d);
	if (rc == 0 && kept && d->kind != DRILL_CONTACT && b.state == BULLETIN_STANDS)
		rc = publish_cancel(k, &b, minute, "ended");
	return rc;
}

int
drill_end(struct keeper *k, struct desk_call *c)
{
	struct store_drill d;
	struct buf body;
	int rc;

	buf_init(&body, DRILL_BODY_MAX);
	rc = drill_enter(k, c, &d, &body);
	if (rc == 0 && !drill_is_of(&c->m->rights, d.desk))
		rc = desk_fail(c, P_FORBIDDEN, NULL, "whoever began it ends it");
	if (rc == 0 && d.state == DRILL_ENDED)
		rc = desk_fail(c, P_CONFLICT, NULL, "it has ended");
	if (rc == 0 && d.state == DRILL_RUNNING)
		rc = finish(k, &d, c->minute);
	else if (rc == 0)
		rc = give_up(k, &d, c->minute);
	if (rc == 0)
		rc = drill_head(k, &d, buf_slice(&body), c->out);
	buf_addc(c->out, '}');
	buf_done(&body);
	return rc != 0 ? rc : buf_err(c->out);
}

int
drill_due(struct keeper *k, int64_t minute)
{
	struct store_drill d;
	int rc;

	/* Nobody would be entitled. */
	if (directory_count(k->dir) == 0)
		return ERR_NOTFOUND;
	rc = store_drill_due(k->store, minute, &d);
	if (rc != 0)
		return rc;
	if (d.state == DRILL_RUNNING)
		return finish(k, &d, minute);
	rc = begin(k, NULL, &d, minute);
	return rc == ERR_INVALID ? fail(k, &d, minute) : rc;
}

struct counting {
	struct keeper *k;
	unsigned slot, n;
	uint8_t id[DRILL_OPEN_MOST][ID_LEN];
};

/* Was this CEPTOAR asked? */
static int
look(void *arg, const struct store_drill *d)
{
	struct counting *c = arg;
	struct store_bulletin b;
	int rc;

	if (d->kind != DRILL_UP || !d->has_bulletin || c->n == DRILL_OPEN_MOST)
		return 0;
	rc = store_bulletin_get(c->k->store, d->bulletin, &b);
	if (rc != 0)
		return rc == ERR_NOTFOUND ? 0 : rc;
	if (slots_has(&b.head.slots, c->slot) || (b.head.flags & FRAME_ALL) != 0)
		memcpy(c->id[c->n++], d->id, ID_LEN);
	return 0;
}

int
drill_report(struct keeper *k, unsigned slot)
{
	struct counting c = { .k = k, .slot = slot };
	unsigned i;
	int rc;

	if (slot >= SLOTS)
		return 0;
	rc = store_drill_each(k->store, DRILL_RUNNING, DRILL_OPEN_MOST, look, &c);
	for (i = 0; rc == 0 && i < c.n; i++)
		rc = store_drill_report(k->store, c.id[i], slot);
	return rc;
}
