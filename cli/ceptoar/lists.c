/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/ceptoar/cmd.h"
#include "cli/ceptoar/trust.h"
#include "lib/mem.h"
#include "lib/term.h"

enum { TARGET_MAX = 2048, OUT_MAX = 16 * 1024 * 1024 };

/* Options that narrow a list, put into the target as they are. */
static int
narrowed(int argc, char **argv, struct buf *target, int may_wait)
{
	static const struct option names[] = { { "min-severity", 1, NULL, 'm' },
		{ "sector", 1, NULL, 's' }, { "limit", 1, NULL, 'l' },
		{ "cursor", 1, NULL, 'c' }, { "page", 1, NULL, 'p' },
		{ "wait", 1, NULL, 'w' }, { NULL, 0, NULL, 0 } };
	static const char *const query[] = { ['m'] = "min_severity",
		['s'] = "sector",
		['l'] = "limit",
		['c'] = "cursor",
		['p'] = "page",
		['w'] = "wait" };
	int o, waits = 0, begins = 0;

	while ((o = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (o == '?')
			return EXIT_USAGE;
		waits |= o == 'w';
		begins |= o == 'c';
		cmd_query(target, query[o], optarg);
	}
	if (may_wait && !waits) {
		cmd_query(target, "wait", "0");
		if (!begins) /* there is nothing after now */
			cmd_query(target, "cursor", "earliest");
	}
	if (optind != argc)
		return session_say(EXIT_USAGE, "%s: too many words", argv[0]);
	return EXIT_DONE;
}

/* How the answer to a listing call is printed. */
struct listing {
	const char *path, *key;
	void (*line)(const struct session *s, const json_t *item, struct buf *out);
	void (*rest)(const json_t *answer, struct buf *out); /* NULL: nothing */
	const char *next;				     /* option of the next page */
	int may_wait;
};

static int
get_list(struct session *s, int argc, char **argv, const struct listing *l, json_t **ret)
{
	struct buf target;
	int rc;

	buf_init(&target, TARGET_MAX);
	buf_adds(&target, l->path);
	rc = narrowed(argc, argv, &target, l->may_wait);
	if (rc == EXIT_DONE && buf_err(&target) != 0)
		rc = session_say(EXIT_USAGE, "%s: too long", argv[0]);
	if (rc == EXIT_DONE)
		rc = cmd_get(s, buf_cstr(&target), ret);
	buf_done(&target);
	return rc;
}

static void
next_page(const json_t *answer, const char *option, struct buf *out)
{
	const json_t *next = json_object_get(answer, "next");

	if (json_is_integer(next))
		buf_addf(
		    out, "more: %s %lld\n", option, (long long)json_integer_value(next));
	else if (json_is_string(next)) {
		buf_addf(out, "more: %s ", option);
		show_string(next, out);
		buf_addc(out, '\n');
	}
}

static int
list(struct session *s, int argc, char **argv, const struct listing *l)
{
	json_t *j = NULL;
	const json_t *item;
	struct buf out;
	size_t i;
	int rc = get_list(s, argc, argv, l, &j);

	if (rc != EXIT_DONE)
		return rc;
	buf_init(&out, OUT_MAX);
	json_array_foreach(json_object_get(j, l->key), i, item) l->line(s, item, &out);
	if (l->rest != NULL)
		l->rest(j, &out);
	if (l->next != NULL)
		next_page(j, l->next, &out);
	rc = s->json ? cmd_print_json(s, j) : show_print(&out);
	buf_done(&out);
	json_decref(j);
	return rc;
}

int
cmd_bulletins(struct session *s, int argc, char **argv)
{
	static const struct listing l = { "/v1/bulletins", "bulletins",
		show_bulletin_line, NULL, "--cursor", 0 };

	return list(s, argc, argv, &l);
}

static void
silences(const json_t *answer, struct buf *out)
{
	const json_t *item;
	size_t i;

	json_array_foreach(json_object_get(answer, "silences"), i, item)
	{
		buf_adds(out, "silence  ");
		show_string(json_object_get(item, "minute"), out);
		buf_adds(out, "  ");
		show_string(json_object_get(item, "ceptoar"), out);
		buf_adds(out, "  ");
		show_silence(item, out);
		buf_addc(out, '\n');
	}
}

int
cmd_inbox(struct session *s, int argc, char **argv)
{
	static const struct listing l = { "/v1/inbox", "items", show_inbox_item, silences,
		"--page", 0 };

	return list(s, argc, argv, &l);
}

static void
trend_line(const struct session *s, const json_t *item, struct buf *out)
{
	(void)s;
	show_trend(item, out);
}

int
cmd_trends(struct session *s, int argc, char **argv)
{
	static const struct listing l = { "/v1/trends", "trends", trend_line, NULL,
		"--page", 0 };

	return list(s, argc, argv, &l);
}

static void
audit_line(const struct session *s, const json_t *row, struct buf *out)
{
	static const char *const names[] = { "at", "person", "action", "ref", "detail" };
	const char *text;
	size_t k;

	(void)s;
	for (k = 0; k < sizeof names / sizeof names[0]; k++) {
		buf_adds(out, k > 0 ? "  " : "");
		/* An action is no domain, for all its dot. */
		text = json_string_value(json_object_get(row, names[k]));
		term_add(out, slice_of(text != NULL ? text : ""), TERM_LINE);
	}
	buf_addc(out, '\n');
}

int
cmd_audit(struct session *s, int argc, char **argv)
{
	static const struct listing l = { "/v1/audit", "rows", audit_line, NULL,
		"--cursor", 0 };

	return list(s, argc, argv, &l);
}

static void
event_line(const struct session *s, const json_t *e, struct buf *out)
{
	show_event(s, json_string_value(json_object_get(e, "event")),
	    json_object_get(e, "data"), out);
	buf_addc(out, '\n');
}

static void
go_on(const json_t *answer, struct buf *out)
{
	buf_adds(out, "go on: --cursor ");
	show_string(json_object_get(answer, "cursor"), out);
	buf_addc(out, '\n');
}

int
cmd_events(struct session *s, int argc, char **argv)
{
	static const struct listing l = { "/v1/events", "events", event_line, go_on, NULL,
		1 };

	return list(s, argc, argv, &l);
}

/* "2026-7KQ2M" or an id, with "@3" for revision 3. */
int
cmd_show(struct session *s, int argc, char **argv)
{
	const char *at;
	struct trust *t;
	json_t *j = NULL;
	struct buf target, out;
	int rc, ok;

	if (argc != 2)
		return session_say(
		    EXIT_USAGE, "show: expected one NUMBER or ID[@REVISION]");
	at = strchr(argv[1], '@');
	buf_init(&target, TARGET_MAX);
	if (strspn(argv[1],
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") !=
	    (at != NULL ? (size_t)(at - argv[1]) : strlen(argv[1]))) {
		buf_done(&target);
		return session_say(EXIT_USAGE, "%s: neither a number nor an id", argv[1]);
	}
	buf_adds(&target, "/v1/bulletins/");
	buf_add(&target, argv[1], at != NULL ? (size_t)(at - argv[1]) : strlen(argv[1]));
	if (at != NULL)
		cmd_query(&target, "revision", at + 1);
	rc = cmd_get(s, buf_cstr(&target), &j);
	if (rc == EXIT_DONE) {
		t = trust_open(s);
		ok = t != NULL && trust_check_json(t, j, NULL);
		trust_close(t);
		buf_init(&out, OUT_MAX);
		show_bulletin(s, j, &out);
		rc = s->json ? cmd_print_json(s, j) : show_print(&out);
		if (rc == EXIT_DONE && !ok)
			rc = EXIT_REFUSED;
		buf_done(&out);
	}
	json_decref(j);
	buf_done(&target);
	return rc;
}

static int
show_plain(struct session *s, const json_t *j)
{
	struct buf out;

	if (s->json)
		return cmd_print_json(s, j);
	buf_init(&out, OUT_MAX);
	show_object(j, 0, &out);
	return show_print(&out);
}

static int
get_plain(struct session *s, int argc, char **argv, const char *path)
{
	json_t *j = NULL;
	int rc;

	if (argc != 1)
		return session_say(EXIT_USAGE, "%s: takes no words", argv[0]);
	rc = cmd_get(s, path, &j);
	if (rc == EXIT_DONE)
		rc = show_plain(s, j);
	json_decref(j);
	return rc;
}

int
cmd_me(struct session *s, int argc, char **argv)
{
	return get_plain(s, argc, argv, "/v1/me");
}

int
cmd_transparency(struct session *s, int argc, char **argv)
{
	return get_plain(s, argc, argv, "/v1/transparency");
}

/* Without a file: what it is; with one: make it so. */
int
cmd_subscription(struct session *s, int argc, char **argv)
{
	struct http_answer a;
	json_t *j = NULL;
	struct slice body;
	char *text;
	int rc;

	if (argc > 2)
		return session_say(EXIT_USAGE, "subscription: expected one file at most");
	if (argc == 1) {
		rc = cmd_get(s, "/v1/subscription", &j);
	} else {
		rc = cmd_read_json(argv[1], &j);
		text = rc == EXIT_DONE ? json_dumps(j, JSON_COMPACT) : NULL;
		json_decref(j);
		j = NULL;
		if (text == NULL)
			return rc != EXIT_DONE ? rc : EXIT_REFUSED;
		body = slice_of(text);
		http_answer_init(&a);
		rc = http_do(s, "PUT", "/v1/subscription", &body, NULL, &a);
		if (rc != 0)
			rc = http_unreached(s, rc);
		else if (a.status != 200)
			rc = http_refused(&a);
		else
			j = json_loadb(a.body.p, a.body.n, 0, NULL);
		http_answer_done(&a);
		mem_free(text);
	}
	if (j != NULL)
		rc = show_plain(s, j);
	json_decref(j);
	return rc;
}
