/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/json.h"

#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

#include "lib/mem.h"

const struct json_caps json_caps_report = {
	.bytes = 256 * 1024, .depth = 16, .nodes = 8000, .string = 64 * 1024
};

/* One character of a pointer, "~" and "/" as RFC 6901 wants them; 0 when it is full. */
static size_t
pointer_char(char *out, size_t room, const char *key, size_t n)
{
	if (n == 1 && (*key == '~' || *key == '/')) {
		if (room < 2)
			return 0;
		out[0] = '~';
		out[1] = *key == '~' ? '0' : '1';
		return 2;
	}
	if (n > room)
		return 0;
	memcpy(out, key, n);
	return n;
}

static size_t
pointer_write(const struct json_at *at, char *out, size_t room)
{
	char number[24];
	const char *key;
	size_t left, n, w, used;

	if (at == NULL)
		return 0;
	n = pointer_write(at->up, out, room);
	if (n >= room)
		return n;
	(void)snprintf(number, sizeof number, "%zu", at->index);
	key = at->key != NULL ? at->key : number;
	out[n++] = '/';
	for (left = strlen(key); left > 0; left -= used, key += used) {
		used = (size_t)utf8proc_utf8class[(unsigned char)*key];
		if (used == 0 || used > left)
			used = 1;
		w = pointer_char(out + n, room - n, key, used);
		if (w == 0)
			return n;
		n += w;
	}
	return n;
}

int
fault_set(struct fault *why, enum problem p, const struct json_at *at, const char *detail)
{
	why->problem = p;
	why->detail = detail;
	why->pointer[pointer_write(at, why->pointer, sizeof why->pointer - 1)] = '\0';
	return ERR_INVALID;
}

/*
 * The first pass: no grammar (that is jansson's), only what jansson would refuse with
 * less to say, too late (depth, size) or not at all (-0).
 */
struct scan {
	const unsigned char *p, *end;
	const struct json_caps *caps;
	size_t depth, nodes;
	enum problem problem;
	const char *detail;
};

static int
scan_fail(struct scan *s, enum problem p, const char *detail)
{
	s->problem = p;
	s->detail = detail;
	return ERR_INVALID;
}

static int
hex4(const unsigned char *p, const unsigned char *end, unsigned *ret)
{
	unsigned v = 0, i, d;

	if (end - p < 4)
		return 0;
	for (i = 0; i < 4; i++) {
		if (p[i] >= '0' && p[i] <= '9')
			d = p[i] - (unsigned)'0';
		else if ((p[i] | 32) >= 'a' && (p[i] | 32) <= 'f')
			d = (p[i] | 32u) - 'a' + 10;
		else
			return 0;
		v = v << 4 | d;
	}
	*ret = v;
	return 1;
}

/* At the backslash; steps over the escape.  Malformed ones are left to jansson. */
static int
scan_escape(struct scan *s)
{
	static const char lone[] = "a surrogate without its other half";
	unsigned u, low;

	s->p++;
	if (s->p == s->end)
		return 0;
	if (*s->p++ != 'u' || !hex4(s->p, s->end, &u))
		return 0;
	s->p += 4;
	if (u == 0)
		return scan_fail(s, P_JSON_ENCODING, "U+0000 is not allowed");
	if (u >= 0xDC00 && u <= 0xDFFF)
		return scan_fail(s, P_JSON_ENCODING, lone);
	if (u >= 0xD800 && u <= 0xDBFF) {
		if (s->end - s->p < 6 || s->p[0] != '\\' || s->p[1] != 'u' ||
		    !hex4(s->p + 2, s->end, &low) || low < 0xDC00 || low > 0xDFFF)
			return scan_fail(s, P_JSON_ENCODING, lone);
		s->p += 6;
	}
	return 0;
}

/* Behind the opening quote; steps over the closing one. */
static int
scan_string(struct scan *s)
{
	const unsigned char *start = s->p;
	utf8proc_int32_t c;
	utf8proc_ssize_t n;
	int r;

	while (s->p < s->end && *s->p != '"') {
		if (*s->p == '\\') {
			r = scan_escape(s);
			if (r != 0)
				return r;
			continue;
		}
		n = 1;
		if (*s->p >= 0x80) {
			n = utf8proc_iterate(s->p, s->end - s->p, &c);
			if (n <= 0)
				return scan_fail(s, P_JSON_ENCODING, "not valid UTF-8");
		}
		s->p += n;
	}
	if ((size_t)(s->p - start) > s->caps->string)
		return scan_fail(s, P_TOO_LARGE, "one string is longer than allowed");
	if (s->p < s->end)
		s->p++;
	return 0;
}

/* At a digit or minus.  Range is checked by jansson. */
static int
scan_number(struct scan *s)
{
	const unsigned char *start = s->p;

	while (
	    s->p < s->end && *s->p != '\0' && strchr("0123456789+-.eExX", *s->p) != NULL)
		s->p++;
	if (s->p - start == 2 && start[0] == '-' && start[1] == '0')
		return scan_fail(s, P_JSON_NUMBER, "minus zero");
	if (s->p - start > 1 && (memchr(start, 'x', (size_t)(s->p - start)) != NULL ||
				    memchr(start, 'X', (size_t)(s->p - start)) != NULL))
		return scan_fail(s, P_JSON_NUMBER, "numbers are decimal");
	if (s->p - start > 400)
		return scan_fail(s, P_JSON_NUMBER, "too many digits");
	return 0;
}

static int
scan_word(struct scan *s)
{
	const unsigned char *start = s->p;
	size_t n;

	while (s->p < s->end && ((*s->p | 32) >= 'a' && (*s->p | 32) <= 'z'))
		s->p++;
	n = (size_t)(s->p - start);
	if ((n == 3 && memcmp(start, "NaN", 3) == 0) ||
	    (n == 8 && memcmp(start, "Infinity", 8) == 0))
		return scan_fail(s, P_JSON_NUMBER, "not a number");
	return 0;
}

static int
scan_one(struct scan *s)
{
	unsigned char c = *s->p;

	if (c == '"') {
		s->p++;
		return scan_string(s);
	}
	if (c == '-' || (c >= '0' && c <= '9'))
		return scan_number(s);
	if ((c | 32) >= 'a' && (c | 32) <= 'z')
		return scan_word(s);
	if (c >= 0x80)
		return scan_fail(s, P_JSON_SYNTAX, "only strings hold other than ASCII");
	if (c < 0x20 && c != '\t' && c != '\n' &&
	    c != '\r') /* jansson takes 123 and NUL */
		return scan_fail(s, P_JSON_SYNTAX, "control characters are not allowed");
	s->p++;
	if (c == '{' || c == '[') {
		s->nodes++;
		if (++s->depth > s->caps->depth)
			return scan_fail(s, P_JSON_DEPTH, NULL);
	} else if (c == '}' || c == ']') {
		if (s->depth > 0)
			s->depth--;
	} else if (c == ',' || c == ':') {
		s->nodes++;
	}
	if (s->nodes > s->caps->nodes)
		return scan_fail(
		    s, P_TOO_LARGE, "more members and elements than allowed");
	return 0;
}

static int
scan_text(struct slice text, const struct json_caps *caps, struct fault *why)
{
	struct scan s = { .caps = caps };

	s.p = (const unsigned char *)text.p;
	s.end = s.p + text.n;
	if (text.n >= 3 && memcmp(text.p, "\xEF\xBB\xBF", 3) == 0)
		return fault_set(
		    why, P_JSON_SYNTAX, NULL, "a byte order mark is not allowed");
	while (s.p < s.end)
		if (scan_one(&s) != 0)
			return fault_set(why, s.problem, NULL, s.detail);
	return 0;
}

/*
 * jansson's memory comes through the same door as ours.  Of a failed allocation it often
 * says bad syntax, and sometimes nothing: a string that could not grow just lacks a few
 * bytes.  So failures are counted here, and nothing that was read beside one is used.
 */
static unsigned long refused;

static void *
alloc_noting(size_t n)
{
	void *p = mem_alloc(n);

	if (p == NULL)
		refused++;
	return p;
}

static int
jansson_fault(const json_error_t *e, struct fault *why)
{
	switch (json_error_code(e)) {
	case json_error_out_of_memory:
		return ERR_NOMEM;
	case json_error_duplicate_key:
		return fault_set(why, P_JSON_DUPLICATE, NULL, NULL);
	case json_error_stack_overflow:
		return fault_set(why, P_JSON_DEPTH, NULL, NULL);
	case json_error_invalid_utf8:
	case json_error_null_character:
	case json_error_null_byte_in_key:
		return fault_set(why, P_JSON_ENCODING, NULL, NULL);
	case json_error_numeric_overflow:
		return fault_set(why, P_JSON_NUMBER, NULL, "out of range");
	default:
		return fault_set(why, P_JSON_SYNTAX, NULL, NULL);
	}
}

int
json_read(
    struct slice text, const struct json_caps *caps, json_t **ret, struct fault *why)
{
	unsigned long before = refused;
	json_error_t e;
	json_t *j;
	int r;

	if (text.n > caps->bytes)
		return fault_set(why, P_TOO_LARGE, NULL, NULL);
	if (text.n == 0)
		return fault_set(why, P_JSON_SYNTAX, NULL, "the text is empty");
	r = scan_text(text, caps, why);
	if (r != 0)
		return r;
	json_set_alloc_funcs(alloc_noting, mem_free);
	j = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &e);
	if (refused != before) {
		json_decref(j);
		return ERR_NOMEM;
	}
	if (j == NULL)
		return jansson_fault(&e, why);
	*ret = j;
	return 0;
}
