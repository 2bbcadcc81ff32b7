/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/sse.h"

#include <string.h>

#include "lib/mem.h"

/* A field whose value may hold line ends becomes one field for each line: a line end must
 * never start a field of the sender's choice. */
static void
add_field(struct buf *out, const char *name, struct slice value)
{
	const char *nl;
	size_t n;

	for (;;) {
		for (n = 0, nl = NULL; n < value.n && nl == NULL; n++)
			if (value.p[n] == '\n' || value.p[n] == '\r')
				nl = value.p + n;
		if (nl != NULL)
			n--;
		buf_adds(out, name);
		buf_add(out, value.p, n);
		buf_addc(out, '\n');
		if (nl == NULL)
			return;
		n += *nl == '\r' && n + 1 < value.n && nl[1] == '\n' ? 2 : 1;
		value = (struct slice){ value.p + n, value.n - n };
	}
}

void
sse_event(struct buf *out, const char *cursor, const char *event, struct slice data)
{
	if (cursor != NULL) {
		buf_adds(out, "id: ");
		buf_adds(out, cursor);
		buf_addc(out, '\n');
	}
	buf_adds(out, "event: ");
	buf_adds(out, event);
	buf_addc(out, '\n');
	add_field(out, "data: ", data);
	buf_addc(out, '\n');
}

void
sse_retry(struct buf *out, unsigned ms)
{
	buf_addf(out, "retry: %u\n\n", ms);
}

void
sse_comment(struct buf *out)
{
	buf_adds(out, ":\n\n");
}

void
sse_reader_init(struct sse_reader *r, size_t data_cap)
{
	memset(r, 0, sizeof *r);
	buf_init(&r->line,
	    data_cap + 64); /* a line is a field's name and at most all the data */
	buf_init(&r->data, data_cap);
}

void
sse_reader_done(struct sse_reader *r)
{
	buf_done(&r->line);
	buf_done(&r->data);
}

/* Copies a value that must fit; ERR_LIMIT otherwise: cutting it would change what it
 * names. */
static int
keep(char *to, size_t cap, struct slice v)
{
	if (v.n >= cap)
		return ERR_LIMIT;
	if (v.n != 0)
		memcpy(to, v.p, v.n);
	to[v.n] = '\0';
	return 0;
}

static void
keep_retry(struct sse_reader *r, struct slice v)
{
	unsigned long x = 0;
	size_t i;

	if (v.n == 0 || v.n > 9)
		return;
	for (i = 0; i < v.n; i++) {
		if (v.p[i] < '0' || v.p[i] > '9')
			return;
		x = x * 10 + (unsigned long)(v.p[i] - '0');
	}
	r->retry_ms = (unsigned)x;
}

static int
on_field(struct sse_reader *r, struct slice line)
{
	const char *colon = memchr(line.p, ':', line.n);
	struct slice name = line, v = { NULL, 0 };

	if (colon == line.p) /* a comment: the heartbeat */
		return 0;
	if (colon != NULL) {
		name.n = (size_t)(colon - line.p);
		v = (struct slice){ colon + 1, line.n - name.n - 1 };
		if (v.n != 0 && v.p[0] == ' ')
			v = (struct slice){ v.p + 1, v.n - 1 };
	}
	if (slice_eq(name, "data")) {
		if (r->has_data)
			buf_addc(&r->data, '\n');
		r->has_data = 1;
		buf_add(&r->data, v.p, v.n);
		return buf_err(&r->data);
	}
	if (slice_eq(name, "event"))
		return keep(r->event, sizeof r->event, v);
	if (slice_eq(name, "id"))
		return v.n != 0 && memchr(v.p, '\0', v.n) != NULL
			   ? 0
			   : keep(r->id, sizeof r->id, v);
	if (slice_eq(name, "retry"))
		keep_retry(r, v);
	return 0; /* unknown fields are for a later version */
}

static int
on_blank(struct sse_reader *r,
    int (*on_event)(void *arg, const char *event, const char *id, struct slice data),
    void *arg)
{
	int err = 0;

	memcpy(r->last_id, r->id, sizeof r->last_id);
	if (r->has_data)
		err = on_event(arg, r->event[0] != '\0' ? r->event : "message",
		    r->last_id, buf_slice(&r->data));
	buf_reset(&r->data);
	r->event[0] = '\0';
	r->has_data = 0;
	return err;
}

static int
on_line(struct sse_reader *r,
    int (*on_event)(void *arg, const char *event, const char *id, struct slice data),
    void *arg)
{
	static const char bom[] = "\xef\xbb\xbf";
	struct slice line = buf_slice(&r->line);
	int err;

	if (!r->started && line.n >= 3 && memcmp(line.p, bom, 3) == 0)
		line = (struct slice){ line.p + 3, line.n - 3 };
	r->started = 1;
	err = line.n == 0 ? on_blank(r, on_event, arg) : on_field(r, line);
	buf_reset(&r->line);
	return err;
}

int
sse_reader_feed(struct sse_reader *r, struct slice bytes,
    int (*on_event)(void *arg, const char *event, const char *id, struct slice data),
    void *arg)
{
	size_t i, start = 0;
	int err;

	for (i = 0; i < bytes.n; i++) {
		if (bytes.p[i] == '\n' && r->after_cr) { /* the second half of a CRLF */
			r->after_cr = 0;
			start = i + 1;
			continue;
		}
		r->after_cr = bytes.p[i] == '\r';
		if (bytes.p[i] != '\n' && bytes.p[i] != '\r')
			continue;
		buf_add(&r->line, bytes.p + start, i - start);
		err = buf_err(&r->line);
		if (err == 0)
			err = on_line(r, on_event, arg);
		if (err != 0)
			return err;
		start = i + 1;
	}
	if (start < bytes.n)
		buf_add(&r->line, bytes.p + start, bytes.n - start);
	return buf_err(&r->line);
}
