/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/ceptoar/desk.h"
#include "cli/ceptoar/triage.h"

/* Drafts of bulletins. */
enum { OUT_MAX = 16 * 1024 * 1024 };

static int
usage(void)
{
	return session_say(EXIT_USAGE,
	    "draft: new FILE | edit ID FILE | show ID | list [--cursor C] | "
	    "audience ID | release ID | delete ID");
}

static int
draft_new(struct session *s, int argc, char **argv)
{
	json_t *content = NULL, *answer = NULL;
	int rc;

	if (argc != 2)
		return usage();
	rc = cmd_read_json(argv[1], &content);
	if (rc == EXIT_DONE)
		rc = names_fill(s, content);
	if (rc == EXIT_DONE)
		rc = desk_call(s, "POST", "/v1/drafts", content, &answer);
	json_decref(content);
	return rc == EXIT_DONE ? desk_print(s, answer) : rc;
}

/* What is changed: FILE as "draft show --json" gave it, or the content alone, which is
 * then based on --revision or on what the hub has now. */
static int
change_of(struct session *s, const char *path, json_t *in, long revision, json_t **ret)
{
	json_t *content = json_object_get(in, "draft");
	const json_t *base = json_object_get(in, "revision");
	json_t *now = NULL;
	int rc = EXIT_DONE;

	if (content == NULL)
		content = in;
	if (revision == 0 && json_is_integer(base))
		revision = (long)json_integer_value(base);
	if (revision == 0) {
		rc = cmd_get(s, path, &now);
		if (rc == EXIT_DONE)
			revision =
			    (long)json_integer_value(json_object_get(now, "revision"));
		json_decref(now);
	}
	if (rc == EXIT_DONE)
		rc = names_fill(s, content);
	if (rc != EXIT_DONE)
		return rc;
	*ret = json_pack("{s:i, s:O}", "revision", (int)revision, "draft", content);
	return *ret != NULL ? EXIT_DONE : session_say(EXIT_REFUSED, "out of memory");
}

static int
draft_edit(struct session *s, int argc, char **argv)
{
	json_t *in = NULL, *change = NULL, *answer = NULL;
	struct desk_options o;
	char path[DESK_PATH];
	int rc;

	rc = desk_options(argc, argv, &o);
	if (rc == EXIT_DONE && optind + 2 != argc)
		rc = usage();
	if (rc == EXIT_DONE)
		rc = desk_path(path, "drafts", argv[optind], "");
	if (rc == EXIT_DONE)
		rc = cmd_read_json(argv[optind + 1], &in);
	if (rc == EXIT_DONE)
		rc = change_of(s, path, in, o.revision, &change);
	if (rc == EXIT_DONE)
		rc = desk_call(s, "PUT", path, change, &answer);
	json_decref(in);
	json_decref(change);
	return rc == EXIT_DONE ? desk_print(s, answer) : rc;
}

static int
draft_show(struct session *s, int argc, char **argv)
{
	struct desk_options o;
	json_t *answer = NULL;
	char path[DESK_PATH], query[32] = "";
	int rc;

	rc = desk_options(argc, argv, &o);
	if (rc == EXIT_DONE && optind + 1 != argc)
		rc = usage();
	if (rc != EXIT_DONE)
		return rc;
	if (o.revision > 0)
		(void)snprintf(query, sizeof query, "?revision=%ld", o.revision);
	rc = desk_path(path, "drafts", argv[optind], query);
	if (rc == EXIT_DONE)
		rc = cmd_get(s, path, &answer);
	return rc == EXIT_DONE ? desk_print(s, answer) : rc;
}

static int
draft_list(struct session *s, int argc, char **argv)
{
	json_t *answer = NULL;
	const json_t *d, *next;
	struct buf target, out;
	size_t i = 0;
	int rc;

	if (argc != 1 && (argc != 3 || strcmp(argv[1], "--cursor") != 0))
		return usage();
	buf_init(&target, DESK_PATH);
	buf_adds(&target, "/v1/drafts?limit=200");
	if (argc == 3)
		cmd_query(&target, "cursor", argv[2]);
	rc = buf_err(&target) == 0 ? cmd_get(s, buf_cstr(&target), &answer) : usage();
	buf_done(&target);
	if (rc != EXIT_DONE || s->json)
		return rc == EXIT_DONE ? desk_print(s, answer) : rc;
	buf_init(&out, OUT_MAX);
	json_array_foreach(json_object_get(answer, "drafts"), i, d)
	{
		show_string(json_object_get(d, "id"), &out);
		buf_addf(&out, "  %d  ",
		    (int)json_integer_value(json_object_get(d, "severity")));
		show_string(json_object_get(d, "state"), &out);
		buf_adds(&out, "  ");
		show_text(s, d, "title", &out);
		buf_addc(&out, '\n');
	}
	next = json_object_get(answer, "next");
	if (json_is_string(next)) {
		buf_adds(&out, "more: --cursor ");
		show_string(next, &out);
		buf_addc(&out, '\n');
	}
	json_decref(answer);
	return show_print(&out);
}

static int
draft_audience(struct session *s, int argc, char **argv)
{
	json_t *answer = NULL;
	char path[DESK_PATH];
	const json_t *r;
	struct buf out;
	size_t i = 0;
	int rc;

	if (argc != 2)
		return usage();
	rc = desk_path(path, "drafts", argv[1], "/audience");
	if (rc == EXIT_DONE)
		rc = cmd_get(s, path, &answer);
	if (rc != EXIT_DONE || s->json)
		return rc == EXIT_DONE ? desk_print(s, answer) : rc;
	buf_init(&out, OUT_MAX);
	show_text(s, answer, "sentence", &out);
	buf_addc(&out, '\n');
	if (json_is_true(json_object_get(answer, "second_person")))
		buf_adds(&out, s->lang[0] == 'j' ? "もう一人の承認が必要です。\n"
						 : "A second person has to agree.\n");
	if (json_is_true(json_object_get(answer, "dependants")))
		buf_adds(&out, s->lang[0] == 'j'
				   ? "自セプターだけを宛先（audience.ceptoars）"
				     "にすれば、一人で公開できます。\n"
				   : "Alone it can go to the own CEPTOAR: name that one "
				     "in audience.ceptoars.\n");
	json_array_foreach(json_object_get(answer, "reasons"), i, r)
	{
		show_string(json_object_get(r, "code"), &out);
		buf_adds(&out, ": ");
		show_string(json_object_get(r, s->lang[0] == 'j' ? "ja" : "en"), &out);
		buf_addc(&out, '\n');
	}
	json_decref(answer);
	return show_print(&out);
}

static int
draft_release(struct session *s, int argc, char **argv)
{
	json_t *words, *answer = NULL;
	struct desk_options o;
	char path[DESK_PATH];
	int rc;

	rc = desk_options(argc, argv, &o);
	if (rc == EXIT_DONE && optind + 1 != argc)
		rc = usage();
	if (rc == EXIT_DONE)
		rc = desk_path(path, "drafts", argv[optind], "/release");
	if (rc != EXIT_DONE)
		return rc;
	words = desk_words(&o);
	if (words == NULL)
		return session_say(EXIT_USAGE, "--reason: no UTF-8 text");
	rc = desk_call(s, "POST", path, words, &answer);
	json_decref(words);
	return rc == EXIT_DONE ? desk_print(s, answer) : rc;
}

static int
draft_delete(struct session *s, int argc, char **argv)
{
	json_t *answer = NULL;
	char path[DESK_PATH];
	int rc;

	if (argc != 2)
		return usage();
	rc = desk_path(path, "drafts", argv[1], "");
	if (rc == EXIT_DONE)
		rc = desk_call(s, "DELETE", path, NULL, &answer);
	json_decref(answer);
	return rc;
}

int
cmd_draft(struct session *s, int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(struct session *s, int argc, char **argv);
	} verbs[] = { { "new", draft_new }, { "edit", draft_edit },
		{ "show", draft_show }, { "list", draft_list },
		{ "audience", draft_audience }, { "release", draft_release },
		{ "delete", draft_delete }, { "paste", draft_paste },
		{ "approval", draft_approval } };
	size_t i;

	for (i = 0; argc > 1 && i < sizeof verbs / sizeof verbs[0]; i++)
		if (strcmp(argv[1], verbs[i].name) == 0)
			return verbs[i].run(s, argc - 1, argv + 1);
	return usage();
}
