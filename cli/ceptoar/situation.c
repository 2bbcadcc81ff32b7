/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ceptoar/desk.h"

/* What the centre sees of all desks, and its one button. */

enum { LEVELS = 5, OUT_MAX = 64 * 1024 };

static long
waits(const json_t *desk, size_t level)
{
	return (long)json_integer_value(
	    json_array_get(json_object_get(desk, "by_level"), level));
}

/* Who has more of the highest level; else whose oldest waits longer. */
static int
is_further_behind(const json_t *a, const json_t *b)
{
	const char *x = json_string_value(json_object_get(a, "oldest"));
	const char *y = json_string_value(json_object_get(b, "oldest"));
	size_t i;

	for (i = LEVELS; i-- > 0;)
		if (waits(a, i) != waits(b, i))
			return waits(a, i) > waits(b, i);
	return x != NULL && (y == NULL || strcmp(x, y) < 0);
}

/* Takes the desk that is furthest behind off the list; NULL: none is. */
static json_t *
take_next(json_t *desks)
{
	size_t i, best = 0;
	json_t *one;

	for (i = 1; i < json_array_size(desks); i++)
		if (is_further_behind(
			json_array_get(desks, i), json_array_get(desks, best)))
			best = i;
	one = json_incref(json_array_get(desks, best));
	if (json_integer_value(json_object_get(one, "waiting")) == 0) {
		json_decref(one);
		return NULL;
	}
	(void)json_array_remove(desks, best);
	return one;
}

static int
print_backlog(struct session *s, json_t *answer)
{
	json_t *desks = json_object_get(answer, "desks"), *one;
	unsigned n = 0;
	struct buf out;
	size_t i;

	if (s->json)
		return desk_print(s, answer);
	buf_init(&out, OUT_MAX);
	for (; (one = take_next(desks)) != NULL; n++) {
		if (n == 0)
			buf_adds(&out,
			    "level 4     3     2     1     0  oldest            "
			    "         desk\n");
		buf_adds(&out, " ");
		for (i = LEVELS; i-- > 0;)
			buf_addf(&out, "%6ld", waits(one, i));
		buf_adds(&out, "  ");
		show_string(json_object_get(one, "oldest"), &out);
		buf_adds(&out, "  ");
		show_string(json_object_get(one, "desk"), &out);
		buf_addc(&out, '\n');
		json_decref(one);
	}
	buf_addf(&out, "nothing waits on %s%zu desks\n", n > 0 ? "the other " : "",
	    json_array_size(desks));
	json_decref(answer);
	return show_print(&out);
}

int
cmd_backlog(struct session *s, int argc, char **argv)
{
	json_t *answer = NULL;
	int rc;

	(void)argv;
	if (argc != 1)
		return session_say(EXIT_USAGE, "backlog: it takes nothing");
	rc = cmd_get(s, "/v1/backlog", &answer);
	return rc == EXIT_DONE ? print_backlog(s, answer) : rc;
}

int
cmd_confirm(struct session *s, int argc, char **argv)
{
	json_t *answer = NULL;
	char path[DESK_PATH];
	int rc;

	if (argc != 2)
		return session_say(EXIT_USAGE, "confirm: NUMBER");
	rc = desk_path(path, "bulletins", argv[1], "/confirm");
	if (rc == EXIT_DONE)
		rc = desk_call(s, "POST", path, NULL, &answer);
	return rc == EXIT_DONE ? desk_print(s, answer) : rc;
}

/* -------- situations */

static int
usage(void)
{
	return session_say(EXIT_USAGE,
	    "situation: [list [--closed]] | new TITLE | show ID | note [--public] ID "
	    "TEXT | "
	    "join|leave ID --case|--group|--bulletin ID... | task ID TEXT [--who NAME] "
	    "[--due TIME] | done ID N | report ID [--next TIME] [--severity N] | close "
	    "ID | "
	    "reopen ID");
}

static int
post(struct session *s, const char *ref, const char *end, json_t *body)
{
	json_t *answer = NULL;
	char path[DESK_PATH];
	int rc = desk_path(path, "situations", ref, end);

	if (rc == EXIT_DONE)
		rc = desk_call(s, "POST", path, body, &answer);
	json_decref(body);
	return rc == EXIT_DONE ? desk_print(s, answer) : rc;
}

static int
get(struct session *s, const char *path)
{
	json_t *answer = NULL;
	int rc = cmd_get(s, path, &answer);

	return rc == EXIT_DONE ? desk_print(s, answer) : rc;
}

static int
show(struct session *s, const char *ref)
{
	char path[DESK_PATH];
	int rc = desk_path(path, "situations", ref, "");

	return rc == EXIT_DONE ? get(s, path) : rc;
}

/* join and leave: --case ID and so on, as lists. */
static int
members(struct session *s, int argc, char **argv, int leave)
{
	static const char *const names[][2] = { { "--case", "cases" },
		{ "--group", "groups" }, { "--bulletin", "bulletins" } };
	json_t *body = json_object(), *list;
	int i, bad = body == NULL;
	size_t k;

	for (i = 3; !bad && i + 1 < argc; i += 2) {
		for (k = 0; k < 3 && strcmp(argv[i], names[k][0]) != 0; k++)
			;
		if (k == 3)
			break;
		list = json_object_get(body, names[k][1]);
		if (list == NULL) {
			list = json_array();
			bad |= json_object_set_new(body, names[k][1], list) != 0;
		}
		bad |= json_array_append_new(list, json_string(argv[i + 1])) != 0;
	}
	if (bad || argc < 5 || i != argc) {
		json_decref(body);
		return usage();
	}
	if (leave && json_object_set_new(body, "leave", json_true()) != 0) {
		json_decref(body);
		return usage();
	}
	return post(s, argv[2], "/members", body);
}

static int
note(struct session *s, int argc, char **argv)
{
	int public = argc == 5 && strcmp(argv[2], "--public") == 0;
	json_t *body;

	if (argc != 4 + public)
		return usage();
	body = json_pack("{s:s,s:b}", "text", argv[3 + public], "public", public);
	return body != NULL ? post(s, argv[2 + public], "/entries", body) : usage();
}

/* Options behind the words, as fields of the body. */
static int
with_options(int argc, char **argv, int from, const char *const (*names)[2], json_t *body)
{
	const char *const(*n)[2];
	json_t *value;
	int i;

	for (i = from; i + 1 < argc; i += 2) {
		for (n = names; (*n)[0] != NULL && strcmp(argv[i], (*n)[0]) != 0; n++)
			;
		if ((*n)[0] == NULL)
			break;
		value = strcmp((*n)[1], "severity") == 0
			    ? json_integer(strtol(argv[i + 1], NULL, 10))
			    : json_string(argv[i + 1]);
		if (json_object_set_new(body, (*n)[1], value) != 0)
			return usage();
	}
	return i == argc ? EXIT_DONE : usage();
}

static int
task(struct session *s, int argc, char **argv)
{
	static const char *const names[][2] = { { "--who", "who" }, { "--due", "due" },
		{ NULL, NULL } };
	json_t *body = argc >= 4 ? json_pack("{s:s}", "text", argv[3]) : NULL;
	int rc = body != NULL ? with_options(argc, argv, 4, names, body) : usage();

	if (rc == EXIT_DONE)
		return post(s, argv[2], "/tasks", body);
	json_decref(body);
	return rc;
}

static int
report(struct session *s, int argc, char **argv)
{
	static const char *const names[][2] = { { "--next", "next_report_at" },
		{ "--severity", "severity" }, { NULL, NULL } };
	json_t *body = argc >= 3 ? json_object() : NULL;
	int rc = body != NULL ? with_options(argc, argv, 3, names, body) : usage();

	if (rc == EXIT_DONE)
		return post(s, argv[2], "/report", body);
	json_decref(body);
	return rc;
}

static int
done(struct session *s, int argc, char **argv)
{
	char end[32];

	if (argc != 4 || strspn(argv[3], "0123456789") != strlen(argv[3]))
		return usage();
	(void)snprintf(end, sizeof end, "/tasks/%.9s", argv[3]);
	return post(s, argv[2], end, json_pack("{s:b}", "done", 1));
}

int
cmd_situation(struct session *s, int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "list";

	if (strcmp(verb, "list") == 0)
		return argc > 2 && strcmp(argv[2], "--closed") != 0
			   ? usage()
			   : get(s,
				 argc > 2 ? "/v1/situations?closed=1" : "/v1/situations");
	if (argc < 3)
		return usage();
	if (strcmp(verb, "new") == 0) {
		json_t *answer = NULL, *body = json_pack("{s:s}", "title", argv[2]);
		int rc = desk_call(s, "POST", "/v1/situations", body, &answer);

		json_decref(body);
		return rc == EXIT_DONE ? desk_print(s, answer) : rc;
	}
	if (strcmp(verb, "show") == 0)
		return show(s, argv[2]);
	if (strcmp(verb, "note") == 0)
		return note(s, argc, argv);
	if (strcmp(verb, "join") == 0 || strcmp(verb, "leave") == 0)
		return members(s, argc, argv, verb[0] == 'l');
	if (strcmp(verb, "task") == 0)
		return task(s, argc, argv);
	if (strcmp(verb, "done") == 0)
		return done(s, argc, argv);
	if (strcmp(verb, "report") == 0)
		return report(s, argc, argv);
	if (strcmp(verb, "close") == 0)
		return post(s, argv[2], "/close", NULL);
	if (strcmp(verb, "reopen") == 0)
		return post(s, argv[2], "/reopen", NULL);
	return usage();
}
