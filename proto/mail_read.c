/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/mail_read.h"

#include <string.h>
#include <strings.h>

/* The fields of an entity's head that are looked at, each unfolded. */
struct entity {
	struct buf subject, type, coding, place;
	struct slice body;
	int marked; /* one of them says that this is MIME */
};

/* One mail being read. */
struct reading {
	const struct mail_charsets *charsets;
	struct buf *out;
	struct fault *why;
	unsigned parts;
};

static int
bad(struct fault *why, const char *detail)
{
	const struct json_at at = { .key = "text" };

	return fault_set(why, P_INVALID_FIELD, &at, detail);
}

static struct slice
trimmed(struct slice s)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t')) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 &&
	       (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t' || s.p[s.n - 1] == '\r'))
		s.n--;
	return s;
}

static int
is(struct slice s, const char *word)
{
	return s.n == strlen(word) && strncasecmp(s.p, word, s.n) == 0;
}

/* The next line, without its end; 0 when there is none. */
static int
next_line(struct slice *rest, struct slice *ret)
{
	const char *end;

	if (rest->n == 0)
		return 0;
	end = memchr(rest->p, '\n', rest->n);
	ret->p = rest->p;
	ret->n = end != NULL ? (size_t)(end - rest->p) : rest->n;
	rest->p += ret->n + (end != NULL);
	rest->n -= ret->n + (end != NULL);
	if (ret->n > 0 && ret->p[ret->n - 1] == '\r')
		ret->n--;
	return 1;
}

static void
entity_init(struct entity *e)
{
	memset(e, 0, sizeof *e);
	buf_init(&e->subject, MAIL_FIELD_MAX);
	buf_init(&e->type, MAIL_FIELD_MAX);
	buf_init(&e->coding, MAIL_FIELD_MAX);
	buf_init(&e->place, MAIL_FIELD_MAX);
}

static void
entity_done(struct entity *e)
{
	buf_wipe(&e->subject);
	buf_wipe(&e->type);
	buf_wipe(&e->coding);
	buf_wipe(&e->place);
}

/* Where the value of this field goes: NULL when it is not looked at. */
static struct buf *
field_of(struct entity *e, struct slice name)
{
	const struct {
		const char *name;
		struct buf *b;
	} fields[] = { { "Subject", &e->subject }, { "Content-Type", &e->type },
		{ "Content-Transfer-Encoding", &e->coding },
		{ "Content-Disposition", &e->place } };
	size_t i;

	for (i = 0; i < 4; i++)
		if (is(name, fields[i].name)) {
			e->marked |= i == 1 || i == 2;
			return fields[i].b->n == 0 ? fields[i].b : NULL;
		}
	return NULL;
}

static int
is_name(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || (unsigned char)s.p[i] >= 0x7f)
			return 0;
	return s.n > 0;
}

/* The head, and where the body begins.  1: this is no head. */
static int
entity_read(struct slice text, struct entity *e)
{
	struct buf *at = NULL;
	struct slice line, value;
	const char *colon;
	unsigned n, fields = 0;

	for (n = 0; n < MAIL_HEAD_LINES && next_line(&text, &line); n++) {
		if (line.n == 0 && fields == 0)
			continue;
		if (line.n == 0)
			break;
		if (line.p[0] == ' ' || line.p[0] == '\t') { /* it goes on */
			value = trimmed(line);
			if (at != NULL && value.n > 0) {
				buf_addc(at, ' ');
				buf_add(at, value.p, value.n);
			}
			continue;
		}
		colon = memchr(line.p, ':', line.n);
		if (colon == NULL ||
		    !is_name((struct slice){ line.p, (size_t)(colon - line.p) }))
			return 1;
		at = field_of(e, (struct slice){ line.p, (size_t)(colon - line.p) });
		value = trimmed(
		    (struct slice){ colon + 1, line.n - (size_t)(colon - line.p) - 1 });
		if (at != NULL)
			buf_add(at, value.p, value.n);
		fields++;
	}
	e->body = text;
	return fields == 0 || n == MAIL_HEAD_LINES;
}

/* The value of a parameter, quotes taken off; n 0: there is none. */
static struct slice
parameter(struct slice field, const char *name)
{
	struct slice none = { "", 0 }, v;
	const char *at = field.p, *end = field.p + field.n, *stop;
	size_t n = strlen(name);

	if (field.n == 0)
		return none;
	while ((at = memchr(at, ';', (size_t)(end - at))) != NULL) {
		for (at++; at < end && (*at == ' ' || *at == '\t');)
			at++;
		if ((size_t)(end - at) <= n || strncasecmp(at, name, n) != 0 ||
		    at[n] != '=')
			continue;
		v.p = at + n + 1;
		if (v.p < end && *v.p == '"') {
			v.p++;
			stop = memchr(v.p, '"', (size_t)(end - v.p));
		} else {
			stop = memchr(v.p, ';', (size_t)(end - v.p));
		}
		v.n = (size_t)((stop != NULL ? stop : end) - v.p);
		return trimmed(v);
	}
	return none;
}

static struct slice
first_word(struct slice field)
{
	const char *end = field.n > 0 ? memchr(field.p, ';', field.n) : NULL;

	if (end != NULL)
		field.n = (size_t)(end - field.p);
	return trimmed(field);
}

static int
is_plain(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return 0;
	return 1;
}

static int
add_text(struct reading *r, const struct entity *e)
{
	struct slice coding = trimmed(buf_slice(&e->coding)), charset;
	struct buf raw;
	int rc;

	charset = parameter(buf_slice(&e->type), "charset");
	buf_init(&raw, MAIL_READ_MAX);
	rc = mail_transfer(coding, e->body, &raw);
	/* What was pasted as letters is UTF-8, whatever it was once sent as. */
	if (rc == 0 && !is(coding, "base64") && !is(coding, "quoted-printable") &&
	    !is_plain(e->body))
		charset.n = 0;
	if (rc == ERR_INVALID)
		rc = bad(r->why, "a Content-Transfer-Encoding of 7bit, 8bit, binary, "
				 "quoted-printable or base64");
	else if (rc == 0)
		rc = mail_to_utf8(r->charsets, charset, buf_slice(&raw), r->out);
	if (rc == ERR_NOTFOUND)
		rc = mail_bad_charset(charset, r->why);
	buf_wipe(&raw);
	return rc;
}

static int read_entity(struct reading *r, const struct entity *e, unsigned depth);

/* A part, from behind its delimiter to before the next one: 1 when it has no text. */
static int
read_part(struct reading *r, struct slice text, unsigned depth)
{
	struct entity e;
	int rc = 0;

	if (++r->parts > MAIL_PARTS)
		return bad(r->why, "a mail of 64 parts at most");
	entity_init(&e);
	if (text.n > 0 && (text.p[0] == '\n' || text.p[0] == '\r'))
		e.body = text; /* it has no head */
	else if (entity_read(text, &e) != 0)
		rc = 1;
	if (rc == 0)
		rc = read_entity(r, &e, depth);
	entity_done(&e);
	return rc;
}

/* Is the line this boundary?  2: the last one. */
static int
delimits(struct slice line, struct slice boundary)
{
	line = trimmed(line);
	if (line.n < boundary.n + 2 || memcmp(line.p, "--", 2) != 0 ||
	    memcmp(line.p + 2, boundary.p, boundary.n) != 0)
		return 0;
	line.p += boundary.n + 2;
	line.n -= boundary.n + 2;
	return line.n == 0 ? 1 : slice_eq(line, "--") ? 2 : 0;
}

static int
read_parts(struct reading *r, const struct entity *e, unsigned depth)
{
	struct slice boundary = parameter(buf_slice(&e->type), "boundary"), rest, line;
	struct slice part = { NULL, 0 };
	int rc = 1, is_end = 0;

	if (boundary.n == 0 || boundary.n > 70 || depth == MAIL_DEPTH)
		return bad(
		    r->why, "a multipart with a boundary, four in each other at most");
	rest = e->body;
	while (rc == 1 && is_end != 2 && next_line(&rest, &line)) {
		is_end = delimits(line, boundary);
		if (is_end == 0)
			continue;
		if (part.p != NULL) {
			part.n = (size_t)(line.p - part.p);
			rc = read_part(r, part, depth + 1);
		}
		part.p = rest.p;
	}
	if (rc == 1 && is_end != 2 && part.p != NULL) { /* its end was not pasted */
		part.n = (size_t)(rest.p - part.p);
		rc = read_part(r, part, depth + 1);
	}
	return rc;
}

/* 0: its text was added; 1: it has none. */
static int
read_entity(struct reading *r, const struct entity *e, unsigned depth)
{
	struct slice type = first_word(buf_slice(&e->type));

	if (buf_err(&e->type) != 0 || buf_err(&e->coding) != 0 || buf_err(&e->place) != 0)
		return bad(r->why, "a head whose fields are 8 KiB at most");
	if (type.n > 10 && strncasecmp(type.p, "multipart/", 10) == 0)
		return read_parts(r, e, depth);
	if ((type.n != 0 && !is(type, "text/plain")) ||
	    is(first_word(buf_slice(&e->place)), "attachment"))
		return 1;
	return add_text(r, e);
}

int
mail_read(
    struct slice text, const struct mail_charsets *c, struct buf *out, struct fault *why)
{
	struct reading r = { .charsets = c, .out = out, .why = why };
	struct entity e;
	int rc;

	entity_init(&e);
	rc = entity_read(text, &e);
	if (rc == 0 && !e.marked &&
	    (e.subject.n == 0 || memmem(e.subject.p, e.subject.n, "=?", 2) == NULL))
		rc = 1;
	if (rc == 0) {
		buf_adds(out, "Subject: ");
		rc = buf_err(&e.subject) != 0
			 ? bad(why, "a head whose fields are 8 KiB at most")
			 : mail_words(buf_slice(&e.subject), c, out, why);
		buf_adds(out, "\n\n");
		if (rc == 0)
			rc = read_entity(&r, &e, 0);
		if (rc == 1)
			rc = bad(
			    why, "a mail with a part of text/plain: HTML is not read");
	}
	entity_done(&e);
	return rc != 0 ? rc : buf_err(out);
}
