/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "daemon/keeper/draft.h"
#include "proto/http.h"

/*
 * The drafts of the desks where somebody sits, page by page: first those with which there
 * is something to do, then those that were released; the last touched first.
 */
enum { LIMIT = 50, LIMIT_MOST = 200, CURSOR_MAX = 64, DESKS = SLOTS + 1 };

struct listing {
	struct keeper *k;
	const struct desk_call *c;
	/* Each desk's next one, so that no desk hides behind another. */
	struct store_draft next[DESKS];
	uint8_t has[DESKS];
	int released; /* which of the two kinds `next` is of */
};

static unsigned
desk_at(unsigned place)
{
	return place < SLOTS ? place : DESK_CENTRE;
}

static int
refill(struct listing *l, unsigned place, const struct store_draft *after)
{
	int rc = store_draft_after(l->k->store, desk_at(place), l->released,
	    after->touched, after->id, &l->next[place]);

	l->has[place] = rc == 0;
	return rc == ERR_NOTFOUND ? 0 : rc;
}

static int
begin(struct listing *l, int released, const struct store_draft *after)
{
	unsigned i;
	int rc = 0;

	l->released = released;
	for (i = 0; rc == 0 && i < DESKS; i++)
		if (desk_sits_at(l->c, desk_at(i)))
			rc = refill(l, i, after);
	return rc;
}

static int
is_before(const struct store_draft *a, const struct store_draft *b)
{
	if (a->touched != b->touched)
		return a->touched > b->touched;
	return memcmp(a->id, b->id, ID_LEN) > 0;
}

/* The place of the next one of all; DESKS: there is none any more. */
static unsigned
foremost(const struct listing *l)
{
	unsigned i, best = DESKS;

	for (i = 0; i < DESKS; i++)
		if (l->has[i] &&
		    (best == DESKS || is_before(&l->next[i], &l->next[best])))
			best = i;
	return best;
}

/* What comes before all. */
static void
from_start(struct store_draft *ret)
{
	memset(ret, 0, sizeof *ret);
	ret->touched = INT64_MAX;
	memset(ret->id, 0xff, ID_LEN);
}

/* As foremost(), and goes on to the released ones when the others are through. */
static int
find_next(struct listing *l, unsigned *ret)
{
	struct store_draft start;
	int rc = 0;

	*ret = foremost(l);
	if (*ret != DESKS || l->released)
		return 0;
	from_start(&start);
	rc = begin(l, 1, &start);
	*ret = foremost(l);
	return rc;
}

static void
add_field(const json_t *content, const char *key, struct buf *out)
{
	buf_addf(out, ",\"%s\":", key);
	if (json_object_get(content, key) == NULL ||
	    json_canonical(json_object_get(content, key), out) != 0)
		buf_adds(out, "null");
}

static int
write_one(struct keeper *k, const struct store_draft *d, struct buf *out)
{
	json_t *content = NULL;
	int rc = draft_read(k, d, d->revision, &content);

	if (rc != 0)
		return rc;
	buf_addc(out, '{');
	draft_head(k, d, out);
	add_field(content, "kind", out);
	add_field(content, "severity", out);
	add_field(content, "title", out);
	add_field(content, "tlp", out);
	buf_addc(out, '}');
	json_decref(content);
	return buf_err(out);
}

/* "kind-minute-id" of the last one of the page before, kind 1: released. */
static int
read_cursor(struct desk_call *c, int *released, struct store_draft *after)
{
	char hex[2 * ID_LEN + 1] = "";
	long long minute = 0;
	struct buf v;
	int got, rc = 0;

	*released = 0;
	from_start(after);
	buf_init(&v, CURSOR_MAX);
	got = http_query(c->m->query, "cursor", &v);
	if (got < 0 ||
	    (got == 1 && (buf_err(&v) != 0 ||
			     sscanf(buf_cstr(&v), "%1d-%10lld-%32[0-9a-f]", released,
				 &minute, hex) != 3 ||
			     *released < 0 || *released > 1 || minute < 0 ||
			     hex_decode(slice_of(hex), after->id, ID_LEN) != ID_LEN)))
		rc = desk_fail(c, P_CURSOR_INVALID, NULL, NULL);
	else if (got == 1)
		after->touched = minute;
	buf_done(&v);
	return rc;
}

static int
write_page(struct listing *l, unsigned limit, struct buf *out)
{
	struct store_draft last;
	unsigned at, n = 0;
	int released = 0, rc;

	buf_adds(out, "{\"drafts\":[");
	rc = find_next(l, &at);
	for (; rc == 0 && at != DESKS && n < limit; n++) {
		last = l->next[at];
		released = l->released;
		buf_adds(out, n > 0 ? "," : "");
		rc = write_one(l->k, &last, out);
		if (rc == 0)
			rc = refill(l, at, &last);
		if (rc == 0)
			rc = find_next(l, &at);
	}
	buf_adds(out, "],\"next\":");
	if (rc != 0 || at == DESKS || n == 0) {
		buf_adds(out, "null}");
		return rc != 0 ? rc : buf_err(out);
	}
	buf_addf(out, "\"%d-%lld-", released, (long long)last.touched);
	buf_add_hex(out, last.id, ID_LEN);
	buf_adds(out, "\"}");
	return buf_err(out);
}

int
draft_list(struct keeper *k, struct desk_call *c)
{
	static const char *const known[] = { "cursor", "limit", NULL };
	struct listing l = { .k = k, .c = c };
	struct store_draft after;
	uint64_t limit = LIMIT;
	int released, rc;

	if (!http_query_known(c->m->query, known))
		return desk_fail(c, P_BAD_REQUEST, NULL, "cursor and limit are known");
	rc = desk_number(c, "limit", 1, LIMIT_MOST, &limit);
	if (rc == 0)
		rc = read_cursor(c, &released, &after);
	if (rc == 0)
		rc = begin(&l, released, &after);
	return rc == 0 ? write_page(&l, (unsigned)limit, c->out) : rc;
}
