/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <strings.h>

#include "proto/indicator.h"
#include "proto/report_field.h"
#include "proto/text.h"

enum { NAME_POINTS = 200 };

int
report_is_list(struct report_check *c, const struct field *f, const json_t *in,
    const struct json_at *at)
{
	if (!json_is_array(in))
		return fault_set(c->why, P_WRONG_TYPE, at, "a list");
	if (json_array_size(in) > f->max)
		return fault_set(c->why, P_INVALID_FIELD, at, "too many elements");
	return 0;
}

int
report_is_string(
    struct report_check *c, const json_t *in, const struct json_at *at, struct slice *ret)
{
	if (!json_is_string(in))
		return fault_set(c->why, P_WRONG_TYPE, at, "a string");
	ret->p = json_string_value(in);
	ret->n = json_string_length(in);
	return 0;
}

/* A string others will see: length, characters, not blank. */
static int
check_string(struct report_check *c, const json_t *in, const struct json_at *at,
    enum text_shape shape, size_t bytes, size_t points, struct slice *ret, int *ret_cr)
{
	struct text_facts facts;
	enum text_flaw flaw;
	int r;

	r = report_is_string(c, in, at, ret);
	if (r != 0)
		return r;
	if (ret->n > bytes)
		return fault_set(c->why, P_INVALID_FIELD, at, "too long");
	flaw = text_check(*ret, shape, &facts);
	if (flaw != TEXT_FINE)
		return fault_set(c->why,
		    flaw == TEXT_PILE ? P_INVALID_FIELD : P_TEXT_CONTROL, at,
		    text_flaw_detail(flaw));
	if (facts.blank)
		return fault_set(c->why, P_INVALID_FIELD, at, "must not be empty");
	if (points != 0 && facts.points > points)
		return fault_set(c->why, P_INVALID_FIELD, at, "too long");
	*ret_cr = facts.has_cr;
	return 0;
}

static json_t *
with_lf(struct slice s)
{
	struct buf b;
	json_t *j = NULL;

	buf_init(&b, s.n);
	text_add_lf(&b, s);
	if (buf_err(&b) == 0)
		j = json_stringn_nocheck(b.p, b.n);
	buf_done(&b);
	return j;
}

static int
add_text(struct report_check *c, const struct field *f, const json_t *in,
    const struct json_at *at, const char *lang, json_t *out)
{
	union {
		const json_t *in;
		json_t
		    *out; /* shared with the input: strings are never changed in place */
	} u = { in };
	struct slice s;
	int r, cr;

	r = check_string(c, in, at, f->type == FIELD_LINE ? TEXT_LINE : TEXT_BLOCK,
	    f->bytes, f->max, &s, &cr);
	if (r != 0)
		return r;
	c->text_bytes += s.n;
	if (c->text_bytes > (c->text_most != 0 ? c->text_most : REPORT_TEXT_BYTES))
		return fault_set(c->why, P_INVALID_FIELD, at,
		    c->text_most != 0
			? "all texts of a bulletin together hold at most 64 KiB"
			: "all texts of a report together hold at most 32 KiB");
	return report_set(out, lang, cr ? with_lf(s) : json_incref(u.out));
}

static int
add_languages(struct report_check *c, const struct field *f, const json_t *in,
    const struct json_at *at, json_t *out)
{
	struct json_at place = { .up = at };
	union {
		const json_t *in;
		json_t *out;
	} u = { in };
	void *it;
	int r;

	if (json_is_string(in))
		return add_text(c, f, in, at, c->lang, out);
	if (!json_is_object(in))
		return fault_set(
		    c->why, P_WRONG_TYPE, at, "a string, or an object of ja and en");
	if (json_object_size(in) == 0)
		return fault_set(c->why, P_INVALID_FIELD, at, "a text in ja, en or both");
	for (it = json_object_iter(u.out); it != NULL;
	     it = json_object_iter_next(u.out, it)) {
		place.key = json_object_iter_key(it);
		if (strcmp(place.key, "ja") != 0 && strcmp(place.key, "en") != 0)
			return fault_set(c->why, P_UNKNOWN_FIELD, &place, NULL);
		r = add_text(c, f, json_object_iter_value(it), &place, place.key, out);
		if (r != 0)
			return r;
	}
	return 0;
}

int
report_text(struct report_check *c, const struct field *f, const json_t *in,
    const struct json_at *at, json_t **ret)
{
	json_t *out;
	int r;

	out = json_object();
	if (out == NULL)
		return ERR_NOMEM;
	r = add_languages(c, f, in, at, out);
	if (r != 0) {
		json_decref(out);
		return r;
	}
	*ret = out;
	return 0;
}

static int
digits_then(const char **p, const char *end, size_t least, size_t most)
{
	size_t n = 0;

	while (*p < end && **p >= '0' && **p <= '9' && n < most) {
		(*p)++;
		n++;
	}
	return n >= least;
}

/* Numbers of known registers must be whole, so that a slip is seen at once. */
static const char *
reference_flaw(struct slice s)
{
	static const struct {
		const char *prefix;
		size_t first, second; /* digits, and digits after a hyphen */
		const char *expected;
	} registers[] = {
		{ "CVE-", 4, 4, "a CVE number as CVE-2026-12345" },
		{ "JVNDB-", 4, 6, "a JVN number as JVNDB-2026-000001" },
		{ "JVNVU#", 8, 0, "a JVN number as JVNVU#12345678" },
		{ "JVNTA#", 8, 0, "a JVN number as JVNTA#12345678" },
		{ "JVN#", 8, 0, "a JVN number as JVN#12345678" },
	};
	const char *p, *end = s.p + s.n;
	size_t i, n;

	for (i = 0; i < sizeof registers / sizeof registers[0]; i++) {
		n = strlen(registers[i].prefix);
		if (s.n < n || strncasecmp(s.p, registers[i].prefix, n) != 0)
			continue;
		p = s.p + n;
		if (!digits_then(&p, end, registers[i].first, registers[i].first))
			return registers[i].expected;
		if (registers[i].second > 0 &&
		    (p == end || *p++ != '-' ||
			!digits_then(&p, end, registers[i].second, 7)))
			return registers[i].expected;
		return p == end ? NULL : registers[i].expected;
	}
	return NULL;
}

static int
check_reference(struct report_check *c, struct slice s, const struct json_at *at)
{
	const char *detail = reference_flaw(s), *wrong;
	struct text_facts facts;
	int is_url =
	    memmem(s.p, s.n, "://", 3) != NULL || memmem(s.p, s.n, "[:]//", 5) != NULL;
	int r;

	if (detail == NULL && is_url) {
		r = indicator_check(IND_URL, s, &wrong);
		if (r == ERR_NOMEM)
			return r;
		if (r != 0 || (strncasecmp(s.p, "http", 4) != 0 &&
				  strncasecmp(s.p, "hxxp", 4) != 0))
			detail = "an http or https URL";
	} else if (detail == NULL) {
		if (text_check(s, TEXT_LINE, &facts) == TEXT_FINE &&
		    facts.points > NAME_POINTS)
			detail = "too long";
	}
	return detail != NULL ? fault_set(c->why, P_INVALID_FIELD, at, detail) : 0;
}

static int
holds(const json_t *list, struct slice s)
{
	const json_t *j;
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		j = json_array_get(list, i);
		if (json_string_length(j) == s.n &&
		    memcmp(json_string_value(j), s.p, s.n) == 0)
			return 1;
	}
	return 0;
}

/* FIELD_NAMES and FIELD_REFERENCES; what stands twice is kept once. */
int
report_names(struct report_check *c, const struct field *f, const json_t *in,
    const struct json_at *at, json_t **ret)
{
	struct json_at place = { .up = at };
	struct slice s;
	json_t *out, *j;
	int r, cr;

	r = report_is_list(c, f, in, at);
	if (r != 0)
		return r;
	out = json_array();
	if (out == NULL)
		return ERR_NOMEM;
	for (; r == 0 && place.index < json_array_size(in); place.index++) {
		j = json_array_get(in, place.index);
		r = check_string(c, j, &place, TEXT_LINE, f->bytes,
		    f->type == FIELD_NAMES ? NAME_POINTS : 0, &s, &cr);
		if (r == 0 && f->type == FIELD_REFERENCES)
			r = check_reference(c, s, &place);
		if (r == 0 && !holds(out, s) && json_array_append(out, j) != 0)
			r = ERR_NOMEM;
	}
	if (r != 0 || json_array_size(out) == 0) {
		json_decref(out);
		return r;
	}
	*ret = out;
	return 0;
}

static int
add_indicator(struct report_check *c, const struct field *f, const json_t *in,
    const struct json_at *at, json_t *out)
{
	struct json_at place = { .up = at };
	const char *detail, *key;
	struct slice type, value;
	union {
		const json_t *in;
		json_t *out;
	} u = { in };
	json_t *one;
	void *it;
	int t, r, cr;

	if (!json_is_object(in))
		return fault_set(c->why, P_WRONG_TYPE, at, "an object of type and value");
	for (it = json_object_iter(u.out); it != NULL;
	     it = json_object_iter_next(u.out, it)) {
		key = place.key = json_object_iter_key(it);
		if (strcmp(key, "type") != 0 && strcmp(key, "value") != 0)
			return fault_set(c->why, P_UNKNOWN_FIELD, &place, NULL);
	}
	place.key = "type";
	if (json_object_get(in, "type") == NULL)
		return fault_set(c->why, P_MISSING_FIELD, &place, NULL);
	r = report_is_string(c, json_object_get(in, "type"), &place, &type);
	if (r != 0)
		return r;
	t = indicator_type(type);
	if (t < 0)
		return fault_set(
		    c->why, P_INVALID_FIELD, &place, "not a known type of indicator");
	place.key = "value";
	if (json_object_get(in, "value") == NULL)
		return fault_set(c->why, P_MISSING_FIELD, &place, NULL);
	r = check_string(
	    c, json_object_get(in, "value"), &place, TEXT_LINE, f->bytes, 0, &value, &cr);
	if (r != 0)
		return r;
	r = indicator_check((enum indicator_type)t, value, &detail);
	if (r != 0)
		return r == ERR_INVALID
			   ? fault_set(c->why, P_INVALID_FIELD, &place, detail)
			   : r;
	one = json_object();
	if (one == NULL || json_array_append_new(out, one) != 0)
		return ERR_NOMEM;
	r = report_set(one, "type", json_incref(json_object_get(in, "type")));
	return r != 0
		   ? r
		   : report_set(one, "value", json_incref(json_object_get(in, "value")));
}

int
report_indicators(struct report_check *c, const struct field *f, const json_t *in,
    const struct json_at *at, json_t **ret)
{
	struct json_at place = { .up = at };
	json_t *out;
	int r;

	r = report_is_list(c, f, in, at);
	if (r != 0)
		return r;
	out = json_array();
	if (out == NULL)
		return ERR_NOMEM;
	for (; r == 0 && place.index < json_array_size(in); place.index++)
		r = add_indicator(c, f, json_array_get(in, place.index), &place, out);
	if (r != 0 || json_array_size(out) == 0) {
		json_decref(out);
		return r;
	}
	*ret = out;
	return 0;
}
