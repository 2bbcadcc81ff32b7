/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "proto/report.h"
#include "proto/report_field.h"
#include "proto/report_time.h"

static int
invalid(struct report_check *c, const struct json_at *at, const char *detail)
{
	return fault_set(c->why, P_INVALID_FIELD, at, detail);
}

static json_t *
share(const json_t *in)
{
	union {
		const json_t *in;
		json_t *out; /* values are never changed in place */
	} u = { in };

	return json_incref(u.out);
}

static int
word_of(const char *const *words, struct slice s)
{
	size_t i;

	for (i = 0; words[i] != NULL; i++)
		if (slice_eq(s, words[i]))
			return 1;
	return 0;
}

static int
is_slug(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if ((s.p[i] < 'a' || s.p[i] > 'z') && (s.p[i] < '0' || s.p[i] > '9') &&
		    s.p[i] != '-' && s.p[i] != '_')
			return 0;
	return s.n > 0;
}

static int
is_id(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if ((s.p[i] < '0' || s.p[i] > '9') && (s.p[i] < 'a' || s.p[i] > 'f'))
			return 0;
	return s.n == (size_t)2 * ID_LEN;
}

/* A slug that must stand in one of the lists of sectors and CEPTOARs. */
static const char *
place_flaw(const struct taxonomy *t, enum field_type type, struct slice s)
{
	if (type == FIELD_CEPTOARS)
		return taxonomy_slot(t, s) != SLOT_NONE
			   ? NULL
			   : "not the slug of a known CEPTOAR";
	if (type == FIELD_SECTORS)
		return taxonomy_sector(t, s) != SECTOR_NONE
			   ? NULL
			   : "not the slug of a known sector";
	if (type == FIELD_COMMUNITIES)
		return taxonomy_community(t, s) != SLOT_NONE
			   ? NULL
			   : "not the slug of a known community";
	return taxonomy_group(t, s) != SECTOR_NONE
		   ? NULL
		   : "not the slug of a known group of sectors";
}

/* One element of a list of words, classes or slugs. */
static const char *
element_flaw(const struct report_check *c, const struct field *f, struct slice s)
{
	if (f->type == FIELD_WORDS)
		return word_of(f->words, s) ? NULL : "not one of the allowed words";
	if (f->type == FIELD_IDS)
		return is_id(s) ? NULL : "an id, 32 hexadecimal digits";
	if (s.n > f->bytes || !is_slug(s))
		return "lower-case letters, digits, hyphens and underscores";
	if (c->taxonomy == NULL || f->type == FIELD_RECIPIENTS)
		return NULL;
	if (f->type == FIELD_CEPTOARS || f->type == FIELD_SECTORS ||
	    f->type == FIELD_GROUPS || f->type == FIELD_COMMUNITIES)
		return place_flaw(c->taxonomy, f->type, s);
	if (f->type == FIELD_EVENTS)
		return taxonomy_is_event(c->taxonomy, s) ? NULL
							 : "not a known event class";
	return taxonomy_is_cause(c->taxonomy, s) ? NULL : "not a known cause class";
}

static int
holds(const json_t *list, const json_t *value)
{
	size_t i;

	for (i = 0; i < json_array_size(list); i++)
		if (json_equal(json_array_get(list, i), value))
			return 1;
	return 0;
}

static int
check_words(struct report_check *c, const struct field *f, const json_t *in,
    const struct json_at *at, json_t **ret)
{
	struct json_at place = { .up = at };
	const char *flaw;
	struct slice s;
	json_t *out, *j;
	int r;

	r = report_is_list(c, f, in, at);
	if (r != 0)
		return r;
	out = json_array();
	if (out == NULL)
		return ERR_NOMEM;
	for (; r == 0 && place.index < json_array_size(in); place.index++) {
		j = json_array_get(in, place.index);
		r = report_is_string(c, j, &place, &s);
		if (r != 0)
			break;
		flaw = element_flaw(c, f, s);
		if (flaw != NULL)
			r = invalid(c, &place, flaw);
		else if (!holds(out, j) && json_array_append(out, j) != 0)
			r = ERR_NOMEM;
	}
	if (r != 0 || json_array_size(out) == 0) {
		json_decref(out);
		return r;
	}
	*ret = out;
	return 0;
}

/* 3.0 is a number that is not allowed here; anything else is a wrong type. */
static int
check_integer(struct report_check *c, const json_t *in, long long least, long long most,
    const char *detail, const struct json_at *at)
{
	double d;

	if (json_is_real(in)) {
		d = json_real_value(in);
		if (d > -1e15 && d < 1e15 && d == (double)(long long)d)
			return fault_set(c->why, P_JSON_NUMBER, at,
			    "an integer, written without a fraction or exponent");
	}
	if (!json_is_integer(in))
		return fault_set(c->why, P_WRONG_TYPE, at, "an integer");
	if (json_integer_value(in) < least || json_integer_value(in) > most)
		return invalid(c, at, detail);
	return 0;
}

static int
check_level(struct report_check *c, const json_t *in, const struct json_at *at)
{
	return check_integer(c, in, 0, 4, "0 to 4", at);
}

static const char *const axes[] = { "continuity", "safety", "trust", NULL };

static int
check_axes(struct report_check *c, const json_t *in, const struct json_at *at)
{
	struct json_at place = { .up = at };
	union {
		const json_t *in;
		json_t *out;
	} u = { in };
	void *it;
	int r;

	if (json_object_size(in) == 0)
		return invalid(c, at, "at least one of continuity, safety and trust");
	for (it = json_object_iter(u.out); it != NULL;
	     it = json_object_iter_next(u.out, it)) {
		place.key = json_object_iter_key(it);
		if (!word_of(axes, slice_of(place.key)))
			return fault_set(c->why, P_UNKNOWN_FIELD, &place, NULL);
		r = check_level(c, json_object_iter_value(it), &place);
		if (r != 0)
			return r;
	}
	return 0;
}

/* A plain number is continuity; an axis that is not named is 0. */
static int
check_severity(
    struct report_check *c, const json_t *in, const struct json_at *at, json_t **ret)
{
	const json_t *j;
	json_t *out;
	size_t i;
	int r;

	r = json_is_object(in) ? check_axes(c, in, at) : check_level(c, in, at);
	if (r != 0)
		return r;
	out = json_object();
	if (out == NULL)
		return ERR_NOMEM;
	for (i = 0; r == 0 && axes[i] != NULL; i++) {
		j = json_is_object(in) ? json_object_get(in, axes[i])
		    : i == 0	       ? in
				       : NULL;
		r = report_set(out, axes[i], j != NULL ? share(j) : json_integer(0));
	}
	if (r != 0) {
		json_decref(out);
		return r;
	}
	*ret = out;
	return 0;
}

static int
check_tlp(struct report_check *c, struct slice s, const struct json_at *at, json_t **ret)
{
	static const struct {
		const char *in, *out;
	} labels[] = {
		{ "CLEAR", "TLP:CLEAR" },
		{ "WHITE", "TLP:CLEAR" },
		{ "GREEN", "TLP:GREEN" },
		{ "AMBER", "TLP:AMBER" },
		{ "AMBER+STRICT", "TLP:AMBER+STRICT" },
		{ "RED", "TLP:RED" },
	};
	size_t i;

	if (s.n > 4 && slice_eq_nocase((struct slice){ s.p, 4 }, "TLP:")) {
		s.p += 4;
		s.n -= 4;
	}
	for (i = 0; i < sizeof labels / sizeof labels[0]; i++)
		if (slice_eq_nocase(s, labels[i].in)) {
			*ret = json_string_nocheck(labels[i].out);
			return *ret != NULL ? 0 : ERR_NOMEM;
		}
	return invalid(
	    c, at, "TLP:CLEAR, TLP:GREEN, TLP:AMBER, TLP:AMBER+STRICT or TLP:RED");
}

static int
check_time(struct report_check *c, struct slice s, const struct json_at *at, json_t **ret)
{
	char text[REPORT_TIME_LEN];
	const char *detail;
	int r;

	r = report_time(s, c->now_ms, text, &detail);
	if (r == ERR_INVALID)
		return invalid(c, at, detail);
	if (r != 0)
		return r;
	*ret = json_string_nocheck(text);
	return *ret != NULL ? 0 : ERR_NOMEM;
}

/* 32 hexadecimal digits, or 2026-7KQ2M, with a letter in front for exercises. */
static int
is_bulletin(struct slice s)
{
	static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", digits[] = "0123456789";
	char text[33];
	size_t n;

	if (s.n > 32)
		return 0;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	if (s.n == 32)
		return strspn(text, "0123456789abcdef") == 32;
	n = strspn(text, upper);
	if (n > 1 || strspn(text + n, digits) != 4 || text[n + 4] != '-' || s.n != n + 10)
		return 0;
	return strspn(text + n + 5, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == 5;
}

static int
check_scalar(struct report_check *c, const struct field *f, const json_t *in,
    const struct json_at *at, json_t **ret)
{
	unsigned char commitment[32];
	struct slice s;
	int ok, r;

	r = report_is_string(c, in, at, &s);
	if (r != 0)
		return r;
	switch (f->type) {
	case FIELD_TLP:
		return check_tlp(c, s, at, ret);
	case FIELD_TIME:
		return check_time(c, s, at, ret);
	case FIELD_WORD:
		if (!word_of(f->words, s))
			return invalid(c, at, "not one of the allowed words");
		break;
	case FIELD_CEPTOAR:
		ok = s.n <= f->bytes && is_slug(s) &&
		     (c->taxonomy == NULL || taxonomy_slot(c->taxonomy, s) != SLOT_NONE);
		if (!ok)
			return invalid(c, at, "not the slug of a known CEPTOAR");
		break;
	case FIELD_SLUG:
		if (s.n > f->bytes || !is_slug(s))
			return invalid(
			    c, at, "lower-case letters, digits, hyphens and underscores");
		break;
	case FIELD_BULLETIN:
		if (!is_bulletin(s))
			return invalid(c, at, "the id or number of a bulletin");
		break;
	default: /* FIELD_COMMITMENT */
		if (s.n != f->bytes ||
		    b64url_decode(s, commitment, sizeof commitment) != 32)
			return invalid(c, at, "43 characters of base64url");
		break;
	}
	*ret = share(in);
	return 0;
}

int
report_value(struct report_check *c, const struct field *f, const json_t *in,
    const struct json_at *at, json_t **ret)
{
	int r;

	switch (f->type) {
	case FIELD_LINE:
	case FIELD_BLOCK:
		return report_text(c, f, in, at, ret);
	case FIELD_NAMES:
	case FIELD_REFERENCES:
		return report_names(c, f, in, at, ret);
	case FIELD_INDICATORS:
		return report_indicators(c, f, in, at, ret);
	case FIELD_WORDS:
	case FIELD_EVENTS:
	case FIELD_CAUSES:
	case FIELD_RECIPIENTS:
	case FIELD_CEPTOARS:
	case FIELD_SECTORS:
	case FIELD_GROUPS:
	case FIELD_COMMUNITIES:
	case FIELD_IDS:
		return check_words(c, f, in, at, ret);
	case FIELD_SEVERITY:
		return check_severity(c, in, at, ret);
	case FIELD_LEVEL:
		r = check_level(c, in, at);
		if (r == 0)
			*ret = share(in);
		return r;
	case FIELD_K:
		r = check_integer(c, in, REPORT_K_LEAST, f->max, "5 to 1000", at);
		if (r == 0)
			*ret = share(in);
		return r;
	case FIELD_BOOL:
		if (!json_is_boolean(in))
			return fault_set(c->why, P_WRONG_TYPE, at, "true or false");
		*ret = share(in);
		return 0;
	case FIELD_OFFICES:
		if (!json_is_false(in))
			return report_object(c, f->sub, in, at, ret);
		*ret = share(in);
		return 0;
	case FIELD_OBJECT:
		r = report_object(c, f->sub, in, at, ret);
		if (r == 0 && json_object_size(*ret) == 0) {
			json_decref(*ret);
			*ret = NULL;
		}
		return r;
	default:
		return check_scalar(c, f, in, at, ret);
	}
}
