/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ceptoar/triage.h"

#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "cli/ceptoar/desk.h"
#include "lib/file.h"
#include "proto/case_message.h"

/* What waits on a desk. */
enum { OUT_MAX = 16 * 1024 * 1024, TARGET_MAX = 2048 };

static int
usage(void)
{
	return session_say(EXIT_USAGE,
	    "triage: [list] | show GROUP | lock GROUP [--take REASON] | unlock GROUP | "
	    "aside GROUP CODE REASON | back GROUP | ask GROUP TEXT|- | merge GROUP... "
	    "[--draft FILE]");
}

json_t *
desk_text(const char *text)
{
	const char *p = text;

	while (*p != '\0' && (unsigned char)*p < 0x80) /* pure ASCII is no Japanese */
		p++;
	return json_pack("{s:s}", *p != '\0' ? "ja" : "en", text);
}

static int
number(const json_t *item, const char *key)
{
	return (int)json_integer_value(json_object_get(item, key));
}

static void
show_marks(const json_t *item, struct buf *out)
{
	const json_t *bulletin = json_object_get(item, "bulletin");

	if (number(item, "unread") > 0)
		buf_addf(out, "  %d unread", number(item, "unread"));
	if (json_is_true(json_object_get(item, "slip")))
		buf_adds(out, "  call-back slip");
	if (json_is_object(bulletin)) {
		buf_adds(out, "  bulletin ");
		show_string(json_object_get(bulletin, "number"), out);
	}
	if (json_array_size(json_object_get(item, "drafts")) > 0)
		buf_adds(out, "  in a draft");
	if (json_is_integer(json_object_get(item, "k")))
		buf_addf(out, "  k %d", number(item, "k"));
}

/* "level 3  12 reports  waits  45 min  title" and what else there is to know. */
static void
show_item(const struct session *s, const json_t *item, struct buf *out)
{
	const json_t *lock = json_object_get(item, "lock"), *v;
	const json_t *alike = json_object_get(item, "alike");
	const char *key;
	int any = 0;

	buf_addf(out, "level %d  %d %s  ", number(item, "level"), number(item, "count"),
	    number(item, "count") == 1 ? "report" : "reports");
	show_string(json_object_get(item, "state"), out);
	buf_addf(out, "  %d min  ", number(item, "age"));
	if (json_is_true(json_object_get(item, "exercise")))
		buf_adds(out, s->lang[0] == 'j' ? "【訓練】" : "EXERCISE ");
	show_text(s, item, "title", out);
	buf_adds(out, "\n  ");
	show_string(json_object_get(item, "group"), out);
	show_marks(item, out);
	if (lock != NULL) {
		buf_adds(out, json_is_true(json_object_get(lock, "mine"))
				  ? "  held by you until "
				  : "  held by another person until ");
		show_string(json_object_get(lock, "until"), out);
	}
	buf_addc(out, '\n');
	if (json_object_size(alike) > 0)
		json_object_foreach((json_t *)(uintptr_t)alike, key, v) buf_addf(out,
		    "%s%s %d", any++ > 0 ? ", " : "    others in 30 days: ", key,
		    (int)json_integer_value(v));
	if (any > 0)
		buf_addc(out, '\n');
}

static void
show_next(const json_t *answer, struct buf *out)
{
	const json_t *next = json_object_get(answer, "next");

	if (json_is_integer(next))
		buf_addf(out, "more: --page %d\n", (int)json_integer_value(next));
}

/* Options that narrow a list, and --take and --draft of single verbs. */
struct options {
	const char *take, *draft;
};

static int
options(int argc, char **argv, struct buf *target, struct options *ret)
{
	static const struct option names[] = { { "min-level", 1, NULL, 'm' },
		{ "state", 1, NULL, 's' }, { "ceptoar", 1, NULL, 'c' },
		{ "page", 1, NULL, 'p' }, { "limit", 1, NULL, 'l' },
		{ "take", 1, NULL, 't' }, { "draft", 1, NULL, 'd' },
		{ NULL, 0, NULL, 0 } };
	static const char *const query[] = { ['m'] = "min_level",
		['s'] = "state",
		['c'] = "ceptoar",
		['p'] = "page",
		['l'] = "limit" };
	int o;

	memset(ret, 0, sizeof *ret);
	while ((o = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (o == '?')
			return EXIT_USAGE;
		if (o == 't')
			ret->take = optarg;
		else if (o == 'd')
			ret->draft = optarg;
		else if (target != NULL)
			cmd_query(target, query[o], optarg);
		else
			return usage();
	}
	if (target != NULL && buf_err(target) != 0)
		return session_say(EXIT_USAGE, "triage: too long");
	return EXIT_DONE;
}

static int
triage_list(struct session *s, int argc, char **argv)
{
	json_t *j = NULL;
	const json_t *item;
	struct options o;
	struct buf target, out;
	size_t i;
	int rc;

	buf_init(&target, TARGET_MAX);
	buf_adds(&target, "/v1/triage");
	rc = options(argc, argv, &target, &o);
	if (rc == EXIT_DONE && (optind != argc || o.take != NULL || o.draft != NULL))
		rc = usage();
	if (rc == EXIT_DONE)
		rc = cmd_get(s, buf_cstr(&target), &j);
	buf_done(&target);
	if (rc != EXIT_DONE || s->json)
		return rc == EXIT_DONE ? desk_print(s, j) : rc;
	buf_init(&out, OUT_MAX);
	json_array_foreach(json_object_get(j, "items"), i, item) show_item(s, item, &out);
	show_next(j, &out);
	json_decref(j);
	return show_print(&out);
}

static int
triage_show(struct session *s, int argc, char **argv)
{
	char path[DESK_PATH];
	json_t *j = NULL;
	const json_t *r;
	struct options o;
	struct buf target, out;
	size_t i = 0;
	int rc;

	buf_init(&target, TARGET_MAX);
	rc = options(argc, argv, &target, &o);
	if (rc == EXIT_DONE && optind + 1 != argc)
		rc = usage();
	if (rc == EXIT_DONE)
		rc = desk_path(path, "triage", argv[optind], "");
	if (rc == EXIT_DONE && target.n + strlen(path) < sizeof path)
		(void)strncat(path, buf_cstr(&target), sizeof path - strlen(path) - 1);
	buf_done(&target);
	if (rc == EXIT_DONE)
		rc = cmd_get(s, path, &j);
	if (rc != EXIT_DONE || s->json)
		return rc == EXIT_DONE ? desk_print(s, j) : rc;
	buf_init(&out, OUT_MAX);
	show_item(s, json_object_get(j, "item"), &out);
	json_array_foreach(json_object_get(j, "reports"), i, r)
	{
		buf_addc(&out, '\n');
		show_inbox_item(s, r, &out);
		show_object(json_object_get(r, "report"), 2, &out);
	}
	show_next(j, &out);
	json_decref(j);
	return show_print(&out);
}

/* One call about a group that is answered with the group. */
static int
change(struct session *s, const char *group, const char *method, const char *end,
    json_t *body)
{
	char path[DESK_PATH];
	json_t *j = NULL;
	struct buf out;
	int rc = desk_path(path, "triage", group, end);

	if (rc == EXIT_DONE)
		rc = desk_call(s, method, path, body, &j);
	json_decref(body);
	if (rc != EXIT_DONE)
		return rc;
	if (s->json || json_object_get(j, "group") == NULL)
		return desk_print(s, j);
	buf_init(&out, OUT_MAX);
	show_item(s, j, &out);
	json_decref(j);
	return show_print(&out);
}

static int
no_text(json_t *body)
{
	return body != NULL ? EXIT_DONE : session_say(EXIT_USAGE, "no UTF-8 text");
}

static int
triage_lock(struct session *s, int argc, char **argv)
{
	struct options o;
	json_t *body = NULL;
	int rc = options(argc, argv, NULL, &o);

	if (rc == EXIT_DONE && optind + 1 != argc)
		rc = usage();
	if (rc != EXIT_DONE)
		return rc;
	body = o.take != NULL
		   ? json_pack("{s:b,s:o}", "take", 1, "reason", desk_text(o.take))
		   : json_object();
	rc = no_text(body);
	return rc == EXIT_DONE ? change(s, argv[optind], "POST", "/lock", body) : rc;
}

static int
triage_unlock(struct session *s, int argc, char **argv)
{
	return argc == 2 ? change(s, argv[1], "DELETE", "/lock", NULL) : usage();
}

static int
triage_back(struct session *s, int argc, char **argv)
{
	return argc == 2 ? change(s, argv[1], "POST", "/back", NULL) : usage();
}

static int
triage_aside(struct session *s, int argc, char **argv)
{
	json_t *body;
	int rc;

	if (argc != 4)
		return usage();
	body = json_pack("{s:s,s:o}", "code", argv[2], "reason", desk_text(argv[3]));
	rc = no_text(body);
	return rc == EXIT_DONE ? change(s, argv[1], "POST", "/aside", body) : rc;
}

static int
triage_ask(struct session *s, int argc, char **argv)
{
	json_t *body;
	struct buf text;
	int rc = 0;

	if (argc != 3)
		return usage();
	buf_init(&text, MESSAGE_TEXT_MAX + 1);
	if (strcmp(argv[2], "-") == 0)
		rc = file_read("-", &text);
	else
		buf_adds(&text, argv[2]);
	if (rc != 0 || buf_err(&text) != 0) {
		buf_done(&text);
		return session_say(EXIT_USAGE, "a message holds at most 4 KiB");
	}
	body = json_pack("{s:o}", "text", desk_text(buf_cstr(&text)));
	buf_done(&text);
	rc = no_text(body);
	return rc == EXIT_DONE ? change(s, argv[1], "POST", "/ask", body) : rc;
}

static int
triage_merge(struct session *s, int argc, char **argv)
{
	json_t *body = json_object(), *groups = json_array(), *draft = NULL;
	struct options o;
	int i, rc = options(argc, argv, NULL, &o), bad = body == NULL || groups == NULL;
	const char *first = argv[optind];

	if (rc == EXIT_DONE && optind >= argc)
		rc = usage();
	for (i = optind + 1; rc == EXIT_DONE && i < argc; i++)
		bad |= json_array_append_new(groups, json_string(argv[i])) != 0;
	if (rc == EXIT_DONE && o.draft != NULL)
		rc = cmd_read_json(o.draft, &draft);
	if (rc == EXIT_DONE && draft != NULL)
		bad |= json_object_set_new(body, "draft", draft) != 0;
	bad |= json_object_set(body, "groups", groups) != 0;
	json_decref(groups);
	if (rc == EXIT_DONE && bad)
		rc = session_say(EXIT_REFUSED, "out of memory");
	if (rc == EXIT_DONE)
		return change(s, first, "POST", "/merge", body);
	json_decref(body);
	return rc;
}

int
cmd_triage(struct session *s, int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(struct session *s, int argc, char **argv);
	} verbs[] = { { "list", triage_list }, { "show", triage_show },
		{ "lock", triage_lock }, { "unlock", triage_unlock },
		{ "aside", triage_aside }, { "back", triage_back }, { "ask", triage_ask },
		{ "merge", triage_merge } };
	size_t i;

	if (argc == 1 || argv[1][0] == '-')
		return triage_list(s, argc, argv);
	for (i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (strcmp(argv[1], verbs[i].name) == 0)
			return verbs[i].run(s, argc - 1, argv + 1);
	return usage();
}
