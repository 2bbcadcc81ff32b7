/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ceptoar/show.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "lib/term.h"
#include "proto/bulletin.h"

enum { TEXT_ROOM = 256 * 1024 };

void
show_bold(const struct session *s, int on, struct buf *out)
{
	if (s->colour)
		buf_adds(out, on ? "\033[1m" : "\033[0m");
}

int
show_print(struct buf *out)
{
	int rc = buf_err(out);

	if (rc == 0 && fwrite(out->p, 1, out->n, stdout) != out->n)
		rc = ERR_IO;
	if (fflush(stdout) != 0)
		rc = ERR_IO;
	buf_done(out);
	return rc == 0 ? EXIT_DONE
		       : session_say(EXIT_REFUSED, "cannot write: %s", err_str(rc));
}

/* Nothing on a terminal may be clicked or copied into an accident. */
static void
add_safe(struct slice text, int how, struct buf *out)
{
	struct buf d;

	buf_init(&d, TEXT_ROOM);
	if (text.n > 0 && text_defang(text, NULL, &d) == 0)
		text = buf_slice(&d);
	term_add(out, text, how);
	buf_done(&d);
}

static struct slice
string_of(const json_t *v)
{
	struct slice s = { json_string_value(v), json_string_length(v) };

	return s.p != NULL ? s : slice_of("");
}

void
show_string(const json_t *v, struct buf *out)
{
	add_safe(string_of(v), TERM_LINE, out);
}

static const json_t *
in_language(const struct session *s, const json_t *text)
{
	const json_t *v;

	if (json_is_string(text))
		return text;
	v = json_object_get(text, s->lang);
	if (v == NULL)
		v = json_object_get(text, s->lang[0] == 'j' ? "en" : "ja");
	return v;
}

void
show_text(const struct session *s, const json_t *o, const char *key, struct buf *out)
{
	add_safe(string_of(in_language(s, json_object_get(o, key))), TERM_TEXT, out);
}

/* A labelled text with its lines set in. */
static void
add_block(const struct session *s, const json_t *o, const char *key, const char *label,
    struct buf *out)
{
	struct buf t;
	size_t i;

	buf_init(&t, TEXT_ROOM);
	show_text(s, o, key, &t);
	if (t.n > 0) {
		buf_addf(out, "%s\n  ", label);
		for (i = 0; i < t.n; i++) {
			buf_addc(out, t.p[i]);
			if (t.p[i] == '\n' && i + 1 < t.n)
				buf_adds(out, "  ");
		}
		buf_addc(out, '\n');
	}
	buf_done(&t);
}

static void
add_field(const json_t *o, const char *key, const char *label, struct buf *out)
{
	const json_t *v = json_object_get(o, key);

	if (!json_is_string(v))
		return;
	buf_addf(out, "%-12s", label);
	show_string(v, out);
	buf_addc(out, '\n');
}

static void
add_list(const json_t *list, const char *label, struct buf *out)
{
	const json_t *v;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	buf_addf(out, "%s\n", label);
	json_array_foreach(list, i, v)
	{
		buf_adds(out, "  ");
		if (json_is_object(v)) {
			show_string(json_object_get(v, "type"), out);
			buf_adds(out, "  ");
			show_string(json_object_get(v, "value"), out);
		} else {
			show_string(v, out);
		}
		buf_addc(out, '\n');
	}
}

static void
add_head(const struct session *s, const json_t *b, struct buf *out)
{
	const json_t *sector = json_object_get(b, "sector");

	show_bold(s, 1, out);
	show_string(json_object_get(b, "tlp"), out);
	buf_adds(out, "  ");
	show_string(json_object_get(b, "number"), out);
	if (json_integer_value(json_object_get(b, "revision")) > 1)
		buf_addf(out, " rev. %d",
		    (int)json_integer_value(json_object_get(b, "revision")));
	buf_addf(
	    out, "  level %d  ", (int)json_integer_value(json_object_get(b, "severity")));
	show_string(json_object_get(b, "msg_type"), out);
	buf_adds(out, "\n");
	show_text(s, b, "title", out);
	buf_addc(out, '\n');
	show_bold(s, 0, out);
	if (json_is_object(json_object_get(b, "note"))) {
		show_text(s, b, "note", out);
		buf_addc(out, '\n');
	}
	if (json_is_integer(json_object_get(b, "reports")))
		buf_addf(out, "%-12s%d\n", "members",
		    (int)json_integer_value(json_object_get(b, "reports")));
	if (json_is_object(sector)) {
		buf_addf(out, "%-12s", "sector");
		show_string(in_language(s, sector), out);
		buf_addc(out, '\n');
	} else {
		add_field(b, "sector", "sector", out);
	}
}

/* What a desk's bulletin has beside an automatic one. */
static void
add_desk(const json_t *b, struct buf *out)
{
	const json_t *f, *origin = json_object_get(b, "origin");
	const char *from = json_string_value(origin);
	size_t i;

	if (from == NULL || strcmp(from, "anonymous_report") == 0)
		return;
	add_field(b, "origin", "from", out);
	add_field(b, "kind", "kind", out);
	add_field(json_object_get(b, "ack"), "deadline", "answer by", out);
	json_array_foreach(json_object_get(b, "attachments"), i, f)
	{
		buf_addf(out, "%-12s", "file");
		show_string(json_object_get(f, "name"), out);
		buf_addf(out, "  %d bytes\n",
		    (int)json_integer_value(json_object_get(f, "size")));
	}
}

/* What was passed on, whole: the wrapper above it says by whom and under which TLP. */
static void
add_original(const struct session *s, const json_t *relay, struct buf *out)
{
	const json_t *original = json_object_get(relay, "original");

	if (!json_is_object(original))
		return;
	buf_adds(out, "passed on by ");
	show_string(json_object_get(relay, "by"), out);
	if (json_is_string(json_object_get(relay, "hub"))) {
		buf_adds(out, ", from the hub ");
		show_string(json_object_get(relay, "hub"), out);
	}
	buf_addc(out, '\n');
	add_block(s, relay, "note", "note", out);
	buf_adds(out, "---- original\n");
	/* A wrapper in a wrapper is none of ours: it is shown as it is, one deep. */
	if (json_object_get(original, "relay") == NULL)
		show_bulletin(s, original, out);
	buf_adds(out, "----\n");
}

void
show_bulletin(const struct session *s, const json_t *b, struct buf *out)
{
	add_head(s, b, out);
	add_desk(b, out);
	add_field(b, "issued_at", "issued", out);
	add_field(b, "valid_until", "valid until", out);
	add_field(b, "audience", "audience", out);
	add_field(b, "id", "id", out);
	add_block(s, b, "reason", "reason", out);
	add_block(s, b, "text", "text", out);
	add_block(s, b, "summary", "summary", out);
	add_block(s, b, "body", "text", out);
	add_block(s, b, "actions", "actions", out);
	add_list(json_object_get(b, "indicators"), "indicators", out);
	add_list(json_object_get(b, "references"), "references", out);
	add_list(json_object_get(b, "products"), "products", out);
	add_original(s, json_object_get(b, "relay"), out);
	show_bold(s, 1, out);
	show_string(json_object_get(b, "tlp"), out);
	show_bold(s, 0, out);
	buf_addc(out, '\n');
}

void
show_bulletin_line(const struct session *s, const json_t *b, struct buf *out)
{
	show_string(json_object_get(b, "number"), out);
	buf_addf(out, "  %d  ", (int)json_integer_value(json_object_get(b, "severity")));
	show_string(json_object_get(b, "tlp"), out);
	buf_adds(out, "  ");
	show_string(json_object_get(b, "issued_at"), out);
	buf_adds(out, "  ");
	show_string(json_object_get(b, "msg_type"), out);
	buf_adds(out, "  ");
	show_text(s, b, "title", out);
	buf_addc(out, '\n');
}

/* What is only an exercise says so wherever it is shown. */
static void
show_exercise(int is, struct buf *out)
{
	if (is)
		buf_adds(out, "【訓練】 EXERCISE  ");
}

void
show_silence(const json_t *v, struct buf *out)
{
#define N(name) ((int)json_integer_value(json_object_get(v, name)))
	show_string(json_object_get(v, "number"), out);
	buf_addf(out, ": %d of %d silent, %d %% acknowledged  ", N("silent"),
	    N("entitled"), N("percent"));
#undef N
}

void
show_event(
    const struct session *s, const char *event, const json_t *data, struct buf *out)
{
	if (event == NULL)
		event = "";
	if (strcmp(event, "bulletin") == 0 || strcmp(event, "update") == 0 ||
	    strcmp(event, "cancel") == 0) {
		show_bulletin(s, data, out);
	} else if (strcmp(event, "inbox") == 0) {
		buf_addf(out, "inbox  level %d  ",
		    (int)json_integer_value(json_object_get(data, "severity")));
		show_string(json_object_get(data, "ceptoar"), out);
		buf_adds(out, "  ");
		show_string(json_object_get(data, "minute"), out);
		buf_adds(out, "  ");
		if (json_is_true(json_object_get(data, "second")))
			buf_adds(out, "waits for a second person: ceptoar second  ");
		if (json_object_get(data, "ended") != NULL) {
			buf_adds(out, "the centre has ended your bulletin ");
			show_string(json_object_get(data, "ended"), out);
			buf_adds(out, "  ");
		}
		if (json_is_true(json_object_get(data, "drill")))
			buf_adds(out, "a planned drill could not begin: ceptoar drill  ");
		if (json_is_true(json_object_get(data, "trend")))
			buf_adds(out, "many report the same: ceptoar trends  ");
		if (json_object_get(data, "silent") != NULL)
			show_silence(data, out);
		show_exercise(json_object_get(data, "status") != NULL, out);
		buf_addc(out, '\n');
	} else if (strcmp(event, "keys") == 0) { /* its kilobytes are for tokens alone */
		buf_adds(out, "keys  a new statement of the council\n");
	} else {
		term_add(out, slice_of(event), TERM_LINE);
		buf_addc(out, '\n');
		show_object(data, 1, out);
	}
}

static int
figure(const json_t *o, const char *key)
{
	return (int)json_integer_value(json_object_get(o, key));
}

/* A number of things, when there are any. */
static void
add_count(const json_t *o, const char *key, const char *what, struct buf *out)
{
	if (figure(o, key) > 0)
		buf_addf(out, "  %d%s", figure(o, key), what);
}

/* "7 members of 2 sectors, 9 reports: sha256 ...", and what is missing from it; of few
 * members the number of reports is not given. */
static void
show_counted(const json_t *t, struct buf *out)
{
	static const char *const parts[] = { "type", "value", "event" };
	const json_t *topic = json_object_get(t, "topic");
	const char *kind = json_string_value(json_object_get(topic, "kind"));
	size_t i;

	buf_addf(
	    out, "%d members of %d sectors", figure(t, "members"), figure(t, "sectors"));
	if (json_is_integer(json_object_get(t, "reports")))
		buf_addf(out, ", %d reports", figure(t, "reports"));
	buf_adds(out, ": ");
	if (kind != NULL && strcmp(kind, "indicator") != 0) {
		show_string(json_object_get(topic, "kind"), out);
		buf_addc(out, ' ');
	}
	for (i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (json_is_string(json_object_get(topic, parts[i]))) {
			show_string(json_object_get(topic, parts[i]), out);
			buf_addc(out, ' ');
		}
	if (json_is_false(json_object_get(t, "whole"))) {
		buf_adds(out, "(counted since ");
		show_string(json_object_get(t, "since"), out);
		buf_adds(out, " only)");
	}
	buf_addc(out, '\n');
}

void
show_trend(const json_t *t, struct buf *out)
{
	const char *status = json_string_value(json_object_get(t, "status"));

	show_string(json_object_get(t, "last"), out);
	buf_adds(out, "  ");
	show_exercise(status != NULL && strcmp(status, "exercise") == 0, out);
	show_counted(t, out);
}

void
show_inbox_item(const struct session *s, const json_t *i, struct buf *out)
{
	const json_t *report = json_object_get(i, "report");

	buf_addf(out, "level %d  ", (int)json_integer_value(json_object_get(i, "level")));
	show_string(json_object_get(i, "received"), out);
	buf_adds(out, "  ");
	show_string(json_object_get(i, "ceptoar"), out);
	buf_adds(out, "  ");
	show_string(json_object_get(i, "state"), out);
	buf_adds(out, "  ");
	show_exercise(json_is_true(json_object_get(report, "exercise")), out);
	show_text(s, report != NULL ? report : i, "title", out);
	buf_adds(out, "\n  case ");
	show_string(json_object_get(i, "case"), out);
	add_count(i, "messages", " messages", out);
	add_count(i, "unread", " not answered", out);
	if (json_is_true(json_object_get(i, "slip")))
		buf_adds(out, "  call-back slip");
	buf_addc(out, '\n');
	if (json_object_get(i, "like") != NULL) {
		buf_adds(out, "    like: ");
		show_counted(json_object_get(i, "like"), out);
	}
	if (json_is_true(json_object_get(i, "named"))) {
		buf_adds(out, "    names its sender to you: ceptoar identity ");
		show_string(json_object_get(i, "id"), out);
		buf_addc(out, '\n');
	}
}

/* A text of several lines below the line that was begun, marked so that none of them
 * looks like a field. */
static void
add_lines(struct slice text, unsigned depth, struct buf *out)
{
	struct buf t;
	size_t i;

	buf_init(&t, TEXT_ROOM);
	add_safe(text, TERM_TEXT, &t);
	buf_addf(out, "\n%*s| ", (int)depth * 2, "");
	for (i = 0; i < t.n; i++) {
		buf_addc(out, t.p[i]);
		if (t.p[i] == '\n' && i + 1 < t.n)
			buf_addf(out, "%*s| ", (int)depth * 2, "");
	}
	if (t.n > 0 && t.p[t.n - 1] == '\n')
		out->n--; /* the line ends as every other one does */
	buf_done(&t);
}

static void
add_scalar(const json_t *j, unsigned depth, struct buf *out)
{
	if (json_is_string(j) && strchr(json_string_value(j), '\n') != NULL)
		add_lines(string_of(j), depth, out);
	else if (json_is_string(j))
		show_string(j, out);
	else if (json_is_integer(j))
		buf_addf(out, "%lld", (long long)json_integer_value(j));
	else if (json_is_boolean(j))
		buf_adds(out, json_is_true(j) ? "yes" : "no");
	else if (json_is_null(j))
		buf_adds(out, "-");
}

void
show_value(const json_t *j, unsigned depth, struct buf *out)
{
	if (!json_is_object(j) && !json_is_array(j)) {
		add_scalar(j, depth, out);
		buf_addc(out, '\n');
	}
	show_object(j, depth, out);
}

void
show_object(const json_t *j, unsigned depth, struct buf *out)
{
	const json_t *v;
	const char *k;
	size_t i;

	json_object_foreach((json_t *)(uintptr_t)j, k, v)
	{
		buf_addf(out, "%*s", (int)depth * 2, "");
		term_add(out, slice_of(k), TERM_LINE);
		buf_adds(out, ": ");
		add_scalar(v, depth + 1, out);
		buf_addc(out, '\n');
		show_object(v, depth + 1, out);
	}
	json_array_foreach(j, i, v)
	{
		buf_addf(out, "%*s- ", (int)depth * 2, "");
		add_scalar(v, depth + 1, out);
		buf_addc(out, '\n');
		show_object(v, depth + 1, out);
	}
}
