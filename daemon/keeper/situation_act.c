/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/situation.h"

#include <stdio.h>
#include <string.h>

#include "proto/draft.h"
#include "proto/report_time.h"

enum { ENTRIES_MOST = 5000, TASKS_MOST = 500, TEXT_BYTES = 4000 };

static const struct field entry_table[] = {
	{ .name = "text", .type = FIELD_BLOCK, .required = 1, .bytes = TEXT_BYTES },
	{ .name = "public", .type = FIELD_BOOL },
	{ .name = "at", .type = FIELD_TIME },
	{ .name = NULL },
};

static const struct field task_table[] = {
	{ .name = "text", .type = FIELD_BLOCK, .required = 1, .bytes = TEXT_BYTES },
	{ .name = "who", .type = FIELD_LINE, .max = 100, .bytes = 400 },
	{ .name = "due", .type = FIELD_TIME },
	{ .name = NULL },
};

static const struct field done_table[] = {
	{ .name = "done", .type = FIELD_BOOL, .required = 1 },
	{ .name = NULL },
};

static int
numbered(struct keeper *k, struct desk_call *c, const struct store_situation *s,
    uint32_t n, uint32_t most)
{
	if (n > most)
		return desk_fail(c, P_CONFLICT, NULL, "there are too many in it");
	buf_addf(c->out, "{\"n\":%u}", (unsigned)n);
	return store_situation_put(k->store, s);
}

/* When it was: given, or now; not ahead. */
static int
minute_of(struct desk_call *c, const json_t *body, int64_t *ret)
{
	const json_t *at = json_object_get(body, "at");

	*ret = at != NULL ? draft_minute(at) : c->minute;
	return *ret > c->minute ? desk_fail(c, P_INVALID_FIELD, "/at", "it lies ahead")
				: 0;
}

int
situation_entry(struct keeper *k, struct desk_call *c)
{
	struct store_situation s;
	struct store_entry e;
	json_t *body = NULL;
	int rc = situation_change(k, c, &s);

	memset(&e, 0, sizeof e);
	if (rc == 0)
		rc = situation_body(c, entry_table, &body);
	if (rc == 0)
		rc = minute_of(c, body, &e.minute);
	if (rc == 0)
		rc = situation_text(c, body, "text", e.text, sizeof e.text);
	e.kind = ENTRY_NOTE;
	e.public = (uint8_t)json_is_true(json_object_get(body, "public"));
	memcpy(e.person, c->m->rights.person, RECEIVER_LEN);
	json_decref(body);
	if (rc == 0)
		rc = store_entry_add(k->store, s.id, &e);
	c->created = rc == 0;
	return rc == 0 ? numbered(k, c, &s, e.n, ENTRIES_MOST) : rc;
}

int
situation_task(struct keeper *k, struct desk_call *c)
{
	struct store_situation s;
	struct store_task t;
	json_t *body = NULL;
	int rc = situation_change(k, c, &s);

	memset(&t, 0, sizeof t);
	if (rc == 0)
		rc = situation_body(c, task_table, &body);
	if (rc == 0)
		rc = situation_text(c, body, "text", t.text, sizeof t.text);
	if (rc == 0)
		rc = situation_text(c, body, "who", t.who, sizeof t.who);
	t.due = draft_minute(json_object_get(body, "due"));
	memcpy(t.person, c->m->rights.person, RECEIVER_LEN);
	json_decref(body);
	if (rc == 0)
		rc = store_task_put(k->store, s.id, &t);
	c->created = rc == 0;
	return rc == 0 ? numbered(k, c, &s, t.n, TASKS_MOST) : rc;
}

/* The task that the path names. */
static int
find_task(struct keeper *k, struct desk_call *c, const struct store_situation *s,
    struct store_task *ret)
{
	uint32_t n = 0;
	size_t i;
	int rc;

	for (i = 0; i < c->m->sub.n; i++) {
		if (c->m->sub.p[i] < '0' || c->m->sub.p[i] > '9' || n > TASKS_MOST)
			return ERR_NOTFOUND;
		n = n * 10 + (uint32_t)(c->m->sub.p[i] - '0');
	}
	if (n == 0)
		return ERR_NOTFOUND;
	rc = store_task_next(k->store, s->id, n - 1, ret);
	return rc == 0 && ret->n != n ? ERR_NOTFOUND : rc;
}

int
situation_done(struct keeper *k, struct desk_call *c)
{
	struct store_situation s;
	struct store_task t;
	json_t *body = NULL;
	int rc = situation_change(k, c, &s);

	if (rc == 0)
		rc = find_task(k, c, &s, &t);
	if (rc == 0)
		rc = situation_body(c, done_table, &body);
	if (rc != 0)
		return rc;
	t.done = json_is_true(json_object_get(body, "done")) ? c->minute : 0;
	json_decref(body);
	rc = store_task_put(k->store, s.id, &t);
	return rc == 0 ? numbered(k, c, &s, t.n, TASKS_MOST) : rc;
}
