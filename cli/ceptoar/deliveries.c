/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/ceptoar/desk.h"
#include "lib/mem.h"
#include "proto/csv.h"

/* Who got a bulletin: figures and lines, with names as far as this desk may know them. */
enum {
	TARGET_MAX = 2048,
	OUT_MAX = 16 * 1024 * 1024,
	ID_HEX = 32,
	CALLED_MAX = 512,
	CSV_RECEIVER = 2, /* cells before it */
};

struct asked {
	const char *ref, *ceptoar, *state, *revision;
	int silent, csv, own;
};

static int
read_options(int argc, char **argv, struct asked *a)
{
	static const struct option names[] = { { "silent", 0, NULL, 's' },
		{ "csv", 0, NULL, 'c' }, { "own", 0, NULL, 'o' },
		{ "ceptoar", 1, NULL, 'p' }, { "state", 1, NULL, 't' },
		{ "revision", 1, NULL, 'r' }, { NULL, 0, NULL, 0 } };
	int o;

	while ((o = getopt_long(argc, argv, "", names, NULL)) != -1) {
		switch (o) {
		case 's':
			a->silent = 1;
			break;
		case 'c':
			a->csv = 1;
			break;
		case 'o':
			a->own = 1;
			break;
		case 'p':
			a->ceptoar = optarg;
			break;
		case 't':
			a->state = optarg;
			break;
		case 'r':
			a->revision = optarg;
			break;
		default:
			return EXIT_USAGE;
		}
	}
	if (optind + 1 != argc)
		return session_say(EXIT_USAGE, "deliveries: expected one NUMBER or ID");
	a->ref = argv[optind];
	if (strspn(a->ref,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") !=
	    strlen(a->ref))
		return session_say(EXIT_USAGE, "%s: neither a number nor an id", a->ref);
	return EXIT_DONE;
}

static void
target_of(const struct asked *a, const char *tail, const char *cursor, struct buf *out)
{
	buf_addf(out, "/v1/bulletins/%s/%s", a->ref, tail);
	if (a->silent)
		cmd_query(out, "silent", "1");
	if (a->ceptoar != NULL)
		cmd_query(out, "ceptoar", a->ceptoar);
	if (a->state != NULL)
		cmd_query(out, "state", a->state);
	if (a->revision != NULL)
		cmd_query(out, "revision", a->revision);
	if (cursor != NULL)
		cmd_query(out, "cursor", cursor);
}

/* Who a receiver is, or "" where this desk is not told. */
static void
call(const struct session *s, const json_t *told, const char *receiver, struct buf *out)
{
	size_t before = out->n;

	show_text(s, json_object_get(told, receiver), "names", out);
	while (out->n > before && out->p[out->n - 1] == '\n')
		out->n--;
}

static void
show_figures(const json_t *f, struct buf *out)
{
	static const char *const grades[] = { "client", "link", "telephone", "relay" };
	const json_t *stages = json_object_get(f, "stages"), *g;
	const json_t *percent = json_object_get(f, "percent");
	const json_t *then = json_object_get(f, "at_release");
	size_t i;

#define N(o, name) ((int)json_integer_value(json_object_get(o, name)))
	if (json_is_string(json_object_get(f, "ceptoar")))
		show_string(json_object_get(f, "ceptoar"), out);
	else
		buf_adds(out, "all");
	buf_addf(out, ": %d entitled", N(f, "entitled"));
	if (json_is_integer(then))
		buf_addf(out, " (%d at the release)", (int)json_integer_value(then));
	buf_addf(out, ", sent %d (%d %%), received %d (%d %%), read %d (%d %%), ",
	    N(f, "sent"), N(percent, "sent"), N(stages, "received"),
	    N(percent, "received"), N(stages, "read"), N(percent, "read"));
	buf_addf(out, "acted %d (%d %%), silent %d\n", N(stages, "acted"),
	    N(percent, "acted"), N(f, "silent"));
	for (i = 0; i < sizeof grades / sizeof grades[0]; i++) {
		g = json_object_get(json_object_get(f, "evidence"), grades[i]);
		if (N(g, "received") > 0)
			buf_addf(out, "    by %s: received %d, read %d, acted %d\n",
			    grades[i], N(g, "received"), N(g, "read"), N(g, "acted"));
	}
#undef N
}

/* Which step after silence has brought it; nothing for the release itself. */
static void
show_brought(const char *by, struct buf *out)
{
	if (by != NULL && strcmp(by, "second_route") == 0)
		buf_adds(out, " (second route)");
	else if (by != NULL && strcmp(by, "second_contact") == 0)
		buf_adds(out, " (second contact)");
}

static void
show_line(const struct session *s, const json_t *told, const json_t *r, struct buf *out)
{
	const char *receiver = json_string_value(json_object_get(r, "receiver"));
	const json_t *list, *e;
	size_t i, before;

	before = out->n;
	if (receiver != NULL)
		call(s, told, receiver, out);
	if (out->n == before)
		show_string(json_object_get(r, "receiver"), out);
	buf_adds(out, "  ");
	show_string(json_object_get(r, "state"), out);
	if (json_is_true(json_object_get(r, "streamed")))
		buf_adds(out, "  stream");
	list = json_object_get(r, "routes");
	json_array_foreach(list, i, e)
	{
		buf_adds(out, "  ");
		show_string(json_object_get(e, "route"), out);
		buf_addc(out, ':');
		show_string(json_object_get(e, "state"), out);
		show_brought(json_string_value(json_object_get(e, "brought_by")), out);
		if (json_string_length(json_object_get(e, "reason")) > 0) {
			buf_addc(out, ' ');
			show_string(json_object_get(e, "reason"), out);
		}
	}
	list = json_object_get(r, "evidence");
	json_array_foreach(list, i, e)
	{
		buf_adds(out, "  ");
		show_string(json_object_get(e, "grade"), out);
		buf_addc(out, ':');
		show_string(json_object_get(e, "status"), out);
		if (json_is_true(json_object_get(e, "flagged")))
			buf_adds(out, " (not counted)");
	}
	buf_addc(out, '\n');
}

static int
show_page(struct session *s, const struct asked *a, const json_t *j, int first)
{
	const json_t *list, *one;
	struct names_told told;
	struct buf out;
	size_t i;

	if (s->json)
		return cmd_print_json(s, j);
	names_begin(&told, s, a->ref);
	buf_init(&out, OUT_MAX);
	list = json_object_get(j, "summary");
	json_array_foreach(list, i, one) show_figures(one, &out);
	one = json_object_get(j, "seen_too");
	if (first && json_is_object(one))
		buf_addf(&out, "%d say that it happened to them too\n",
		    (int)json_integer_value(json_object_get(one, "members")));
	list = json_object_get(j, "deliveries");
	if (!a->own) {
		json_array_foreach(list, i, one) names_want(
		    &told, json_string_value(json_object_get(one, "receiver")));
		names_ask(&told);
	}
	json_array_foreach(list, i, one) show_line(s, told.of, one, &out);
	names_end(&told);
	return show_print(&out);
}

/* One answer of the hub, or what is wrong; who is no desk is told what it can ask. */
static int
fetch(
    struct session *s, const struct asked *a, struct buf *target, struct http_answer *got)
{
	const char *code;
	json_t *j;
	int rc;

	if (buf_err(target) != 0)
		return session_say(EXIT_USAGE, "deliveries: too long");
	rc = http_do(s, "GET", buf_cstr(target), NULL, NULL, got);
	if (rc != 0)
		return http_unreached(s, rc);
	if (got->status == 200)
		return EXIT_DONE;
	rc = http_refused(got);
	j = json_loadb(got->body.p, got->body.n, 0, NULL);
	code = json_string_value(json_object_get(j, "code"));
	if (!a->own && code != NULL && strcmp(code, "forbidden") == 0)
		(void)session_say(0, "of a member its own line: deliveries --own");
	json_decref(j);
	return rc;
}

static int
list_all(struct session *s, const struct asked *a)
{
	char cursor[ID_HEX + 1] = "";
	const json_t *next;
	struct http_answer got;
	struct buf target;
	json_t *j;
	int rc, first = 1;

	do {
		j = NULL;
		buf_init(&target, TARGET_MAX);
		target_of(a, "deliveries", first ? NULL : cursor, &target);
		http_answer_init(&got);
		rc = fetch(s, a, &target, &got);
		if (rc == EXIT_DONE) {
			j = json_loadb(got.body.p, got.body.n, 0, NULL);
			rc = j != NULL ? show_page(s, a, j, first)
				       : session_say(
					     EXIT_REFUSED, "the hub's answer is no JSON");
		}
		http_answer_done(&got);
		buf_done(&target);
		next = json_object_get(j, "next");
		if (json_string_length(next) == ID_HEX)
			memcpy(cursor, json_string_value(next), ID_HEX + 1);
		else
			cursor[0] = '\0';
		json_decref(j);
		first = 0;
	} while (rc == EXIT_DONE && cursor[0] != '\0');
	return rc;
}

/* The receiver of a line, or NULL: the cells before it need no quotes. */
static const char *
receiver_of(const char *line, const char *end)
{
	int i;

	for (i = 0; i < CSV_RECEIVER && line != NULL && line < end; i++) {
		line = memchr(line, ',', (size_t)(end - line));
		line = line != NULL ? line + 1 : NULL;
	}
	return line != NULL && end - line > ID_HEX && line[ID_HEX] == ',' &&
		       strspn(line, "0123456789abcdef") == ID_HEX
		   ? line
		   : NULL;
}

/* The hub's table with a last column: who that is. */
static int
add_names(struct session *s, const char *ref, const char *text, struct buf *out)
{
	const char *line, *end, *receiver;
	struct names_told told;
	char id[ID_HEX + 1];
	struct buf name;
	unsigned at;

	names_begin(&told, s, ref);
	for (line = text; (end = strstr(line, "\r\n")) != NULL; line = end + 2)
		names_want(&told, receiver_of(line, end));
	names_ask(&told);
	buf_init(&name, CALLED_MAX);
	for (line = text; (end = strstr(line, "\r\n")) != NULL; line = end + 2) {
		buf_add(out, line, (size_t)(end - line));
		receiver = receiver_of(line, end);
		at = 1;
		buf_reset(&name);
		if (receiver != NULL) {
			(void)snprintf(id, sizeof id, "%.32s", receiver);
			call(s, told.of, id, &name);
		} else if (line == text) {
			buf_adds(&name, "name");
		}
		csv_cell(out, &at, buf_slice(&name));
		csv_line(out, &at);
	}
	buf_done(&name);
	names_end(&told);
	return buf_err(out);
}

static int
table(struct session *s, const struct asked *a)
{
	struct buf target, out;
	struct http_answer got;
	int rc;

	buf_init(&target, TARGET_MAX);
	buf_init(&out, OUT_MAX);
	target_of(a, "deliveries.csv", NULL, &target);
	http_answer_init(&got);
	rc = fetch(s, a, &target, &got);
	if (rc == EXIT_DONE &&
	    (add_names(s, a->ref, buf_cstr(&got.body), &out) != 0 ||
		fwrite(out.p, 1, out.n, stdout) != out.n || fflush(stdout) != 0))
		rc = session_say(EXIT_REFUSED, "the table could not be written");
	http_answer_done(&got);
	buf_done(&target);
	buf_wipe(&out);
	return rc;
}

int
cmd_deliveries(struct session *s, int argc, char **argv)
{
	struct asked a = { NULL, NULL, NULL, NULL, 0, 0, 0 };
	struct session at;
	int rc = read_options(argc, argv, &a);

	if (rc != EXIT_DONE)
		return rc;
	at = *s;
	rc = a.own ? session_check(s) : session_desk(s, &at);
	if (rc != EXIT_DONE)
		return rc;
	return a.csv ? table(&at, &a) : list_all(&at, &a);
}
