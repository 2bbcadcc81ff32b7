/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/audience.h"

#include <string.h>

#include "daemon/keeper/case.h"
#include "daemon/keeper/publish.h"
#include "daemon/keeper/recall.h"
#include "lib/mem.h"

/* What a draft is made of, and which bulletin it is the next revision of. */

/* With those of a bulletin that it revises. */
enum { CASES_MOST = 2 * DRAFT_CASES };

struct adding {
	struct keeper *k;
	struct audience *a;
	int asked; /* the draft names it; else it is of the bulletin's */
};

/* A case that its reporter has taken back cannot be asked for.  In a bulletin that was
 * made of it it stays: its consent and its k hold for what comes after. */
static int
add_case(void *arg, const uint8_t *id)
{
	static const uint8_t none[ID_LEN];
	struct adding *t = arg;
	struct audience *a = t->a;
	struct audience_case *one;
	struct store_report row;
	json_t *json = NULL;
	unsigned i;
	int rc;

	if (memcmp(id, none, ID_LEN) == 0)
		return 0;
	for (i = 0; i < a->n; i++)
		if (memcmp(a->v[i].row.id, id, ID_LEN) == 0)
			return 0;
	if (a->n == CASES_MOST)
		return ERR_LIMIT;
	one = &a->v[a->n];
	rc = store_case_get(t->k->store, id, &one->row);
	if (rc == ERR_NOTFOUND) /* its time of retention is over */
		return 0;
	if (rc == 0 && one->row.state == CASE_WITHDRAWN && t->asked)
		a->reasons |= AUD_WITHDRAWN;
	if (rc == 0)
		rc = publish_load(t->k, one->row.report, &row, &json);
	if (rc == 0)
		rc = store_shown_get(t->k->store, id, &one->before);
	if (rc != 0)
		return rc;
	report_facts(json, &one->facts);
	json_decref(json);
	/* A desk's text shows nothing of the facility. */
	one->facts.region[0] = one->facts.class_[0] = one->facts.size[0] = '\0';
	a->n++;
	return 0;
}

/* Is it this desk's to revise?  An automatic warning is for whoever takes it over. */
static int
is_ours(struct keeper *k, const struct store_bulletin *b, const struct store_draft *d)
{
	uint8_t desk;
	int rc;

	if ((b->head.flags & FRAME_DESK) == 0)
		return 1;
	rc = recall_desk(k, b, &desk);
	if (rc != 0)
		return rc == ERR_NOTFOUND ? 0 : rc;
	return desk == d->desk;
}

struct seeking {
	struct keeper *k;
	const struct store_draft *d;
	struct audience *a;
};

/* 1: this is the one. */
static int
seek(void *arg, struct store_bulletin *b)
{
	struct seeking *s = arg;
	int ours;

	if (b->state != BULLETIN_STANDS)
		return 0;
	ours = is_ours(s->k, b, s->d);
	if (ours != 1)
		return ours;
	s->a->target = *b;
	s->a->revises = 1;
	return 1;
}

/* The bulletin that it was made for: what was agreed on about a text of this desk's does
 * not go for another's. */
static int
named_target(struct keeper *k, const struct store_draft *d, struct audience *a)
{
	int rc = store_bulletin_get(k->store, d->bulletin, &a->target);

	if (rc != 0)
		return rc;
	a->revises = 1;
	if (a->target.state != BULLETIN_STANDS)
		a->reasons |= AUD_ENDED;
	rc = is_ours(k, &a->target, d);
	if (rc == 0)
		a->reasons |= AUD_FOREIGN;
	return rc < 0 ? rc : 0;
}

/* The bulletin that this is the next revision of, if any. */
static int
find_target(struct keeper *k, const struct store_draft *d, struct audience *a)
{
	struct seeking s = { k, d, a };
	unsigned i;
	int rc = 0;

	if (d->has_bulletin)
		return named_target(k, d, a);
	for (i = 0; rc == 0 && i < a->n; i++)
		rc = case_bulletins(k, &a->v[i].row, seek, &s);
	return rc < 0 ? rc : 0;
}

int
audience_gather(struct keeper *k, const struct store_draft *d,
    const struct draft_facts *f, struct audience *a)
{
	struct adding t = { k, a, 1 };
	unsigned i;
	int rc = 0;

	a->v = mem_calloc(CASES_MOST, sizeof *a->v);
	if (a->v == NULL)
		return ERR_NOMEM;
	for (i = 0; rc == 0 && i < f->case_count; i++)
		rc = add_case(&t, f->cases[i]);
	if (rc == 0)
		rc = find_target(k, d, a);
	/* A revision may not forget what the earlier ones were made of. */
	t.asked = 0;
	if (rc == 0 && a->revises)
		rc = add_case(&t, a->target.case_id);
	if (rc == 0 && a->revises)
		rc = store_bulletin_case_each(k->store, a->target.id, add_case, &t);
	return rc;
}
