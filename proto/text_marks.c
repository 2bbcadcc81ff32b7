/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/text_marks.h"

#include <string.h>

#include "lib/mem.h"
#include "proto/report_field.h"
#include "proto/text_marks_find.h"

/* A mark in entries of the folded text. */
struct span {
	size_t start, end;
	uint8_t kind;
};

/* What may stand between the parts of one date, or of one address. */
static int
is_gap(uint32_t c)
{
	return c == ' ' || c == ',' || c == 't' || c == 0x3001;
}

/* Puts a span behind the last one, or joins it when hardly anything lies between. */
static size_t
span_add(const struct mark_text *t, struct span *v, size_t n, struct span s)
{
	size_t i;

	if (n == 0 || v[n - 1].kind != s.kind || s.start > v[n - 1].end + 2) {
		v[n] = s;
		return n + 1;
	}
	for (i = v[n - 1].end; i < s.start; i++)
		if (!is_gap(mark_at(t, i))) {
			v[n] = s;
			return n + 1;
		}
	v[n - 1].end = s.end;
	return n;
}

static size_t
find(const struct mark_text *t, struct span *v, size_t cap)
{
	struct span s = { 0, 0, 0 };
	size_t i = 0, from = 0, n = 0;

	while (i < t->f.n && n < cap) {
		s.start = i;
		s.kind = MARK_TIME;
		s.end = i + mark_time(t, i);
		if (s.end == i) {
			s.kind = MARK_PLACE;
			s.end = mark_place(t, from, i, &s.start);
		}
		if (s.end <= i) {
			i++;
			continue;
		}
		n = span_add(t, v, n, s);
		i = from = s.end;
	}
	return n;
}

/* Code points of the original before byte `to`, counted on from an earlier place. */
static uint32_t
points(struct slice utf8, uint32_t *at, uint32_t *count, uint32_t to)
{
	for (; *at < to; (*at)++)
		*count += ((unsigned char)utf8.p[*at] & 0xC0) != 0x80;
	return *count;
}

int
text_marks(struct slice utf8, struct text_mark *out, size_t cap, size_t *ret_n)
{
	struct mark_text t = { .utf8 = utf8 };
	uint32_t at = 0, count = 0, end;
	struct span *v;
	size_t i, n;
	int r;

	r = fold_text(utf8, &t.f);
	if (r != 0)
		return r;
	v = mem_calloc(cap + 1, sizeof *v);
	if (v == NULL) {
		fold_done(&t.f);
		return ERR_NOMEM;
	}
	n = find(&t, v, cap);
	for (i = 0; i < n; i++) {
		out[i].offset = points(utf8, &at, &count, t.f.v[v[i].start].start);
		end = points(utf8, &at, &count, t.f.v[v[i].end - 1].end);
		out[i].length = end - out[i].offset;
		out[i].kind = v[i].kind;
	}
	mem_free(v);
	fold_done(&t.f);
	*ret_n = n;
	return 0;
}

static int
list_add(json_t *list, const char *pointer, const struct text_mark *m)
{
	json_t *j = json_pack("{s:s,s:i,s:i,s:s}", "pointer", pointer, "offset",
	    (int)m->offset, "length", (int)m->length, "kind",
	    m->kind == MARK_TIME ? "time" : "place");

	return j != NULL && json_array_append_new(list, j) == 0 ? 0 : ERR_NOMEM;
}

static int
mark_language(const json_t *text, const char *lang, const char *at, json_t *list)
{
	const json_t *j = json_object_get(text, lang);
	struct text_mark v[MARKS_MAX];
	struct slice s = { json_string_value(j), json_string_length(j) };
	size_t i, n, had = json_array_size(list);
	struct buf pointer;
	int r;

	if (s.p == NULL || had >= MARKS_MAX)
		return 0;
	r = text_marks(s, v, MARKS_MAX - had, &n);
	buf_init(&pointer, 256);
	buf_addf(&pointer, "%s/%s", at, lang);
	if (r == 0)
		r = buf_err(&pointer);
	for (i = 0; r == 0 && i < n; i++)
		r = list_add(list, buf_cstr(&pointer), &v[i]);
	buf_done(&pointer);
	return r;
}

static int
mark_object(const struct field *table, const json_t *object, const char *at, json_t *list)
{
	const struct field *f;
	const json_t *j;
	struct buf pointer;
	int r = 0;

	for (f = table; r == 0 && f->name != NULL; f++) {
		j = json_object_get(object, f->name);
		if (j == NULL)
			continue;
		buf_init(&pointer, 256);
		buf_addf(&pointer, "%s/%s", at, f->name);
		r = buf_err(&pointer);
		if (r == 0 && (f->type == FIELD_LINE || f->type == FIELD_BLOCK)) {
			r = mark_language(j, "ja", buf_cstr(&pointer), list);
			if (r == 0)
				r = mark_language(j, "en", buf_cstr(&pointer), list);
		} else if (r == 0 && f->type == FIELD_OBJECT) {
			r = mark_object(f->sub, j, buf_cstr(&pointer), list);
		}
		buf_done(&pointer);
	}
	return r;
}

int
report_marks(const json_t *report, json_t **ret)
{
	json_t *list = json_array();
	int r =
	    list != NULL ? mark_object(report_field_table, report, "", list) : ERR_NOMEM;

	if (r == 0)
		*ret = list;
	else
		json_decref(list);
	return r;
}
