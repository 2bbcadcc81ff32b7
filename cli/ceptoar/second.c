/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/ceptoar/desk.h"

/* What waits for a second person; a desk's recalls and revisions. */

static int
second_list(struct session *s)
{
	json_t *answer = NULL;
	int rc = cmd_get(s, "/v1/second", &answer);

	return rc == EXIT_DONE ? desk_print(s, answer) : rc;
}

static int
second_give(struct session *s, int argc, char **argv, int agree)
{
	json_t *words, *answer = NULL;
	struct desk_options o;
	char path[DESK_PATH];
	int rc;

	rc = desk_options(argc, argv, &o);
	if (rc == EXIT_DONE &&
	    (optind + 1 != argc || o.alone || (!agree && o.reason == NULL)))
		rc = session_say(EXIT_USAGE,
		    "second: agree ID [--reason TEXT] | refuse ID --reason TEXT");
	if (rc == EXIT_DONE)
		rc = desk_path(path, "second", argv[optind], "");
	if (rc != EXIT_DONE)
		return rc;
	o.revision = 0;
	words = desk_words(&o);
	if (words == NULL ||
	    json_object_set_new(words, "agree", json_boolean(agree)) != 0)
		rc = session_say(EXIT_USAGE, "--reason: no UTF-8 text");
	if (rc == EXIT_DONE)
		rc = desk_call(s, "POST", path, words, &answer);
	json_decref(words);
	return rc == EXIT_DONE ? desk_print(s, answer) : rc;
}

int
cmd_second(struct session *s, int argc, char **argv)
{
	if (argc == 1 || (argc == 2 && strcmp(argv[1], "list") == 0))
		return second_list(s);
	if (strcmp(argv[1], "agree") == 0)
		return second_give(s, argc - 1, argv + 1, 1);
	if (strcmp(argv[1], "refuse") == 0)
		return second_give(s, argc - 1, argv + 1, 0);
	return session_say(EXIT_USAGE, "second: list, agree or refuse");
}

static int
usage(void)
{
	return session_say(EXIT_USAGE,
	    "bulletin: update NUMBER FILE|--draft ID | cancel NUMBER --reason TEXT | "
	    "false-alarm NUMBER");
}

/* The body of an update: a draft's id, or the content of a file. */
static int
update_body(
    struct session *s, const struct desk_options *o, const char *file, json_t *words)
{
	json_t *content = NULL;
	int rc;

	if ((file != NULL) == (o->draft != NULL))
		return usage();
	if (file == NULL)
		return json_object_set_new(words, "draft", json_string(o->draft)) == 0
			   ? EXIT_DONE
			   : usage();
	rc = cmd_read_json(file, &content);
	if (rc == EXIT_DONE)
		rc = names_fill(s, content);
	if (rc != EXIT_DONE)
		json_decref(content);
	else if (json_object_set_new(words, "content", content) != 0)
		rc = session_say(EXIT_REFUSED, "out of memory");
	return rc;
}

int
cmd_bulletin(struct session *s, int argc, char **argv)
{
	json_t *words = NULL, *answer = NULL;
	struct desk_options o;
	char path[DESK_PATH], end[32];
	int rc, update;

	if (argc < 2)
		return usage();
	update = strcmp(argv[1], "update") == 0;
	if (!update && strcmp(argv[1], "cancel") != 0 &&
	    strcmp(argv[1], "false-alarm") != 0)
		return usage();
	(void)snprintf(end, sizeof end, "/%.20s", argv[1]);
	argv++;
	argc--;
	rc = desk_options(argc, argv, &o);
	if (rc == EXIT_DONE && (optind == argc || optind + 1 + update < argc))
		rc = usage();
	if (rc == EXIT_DONE)
		rc = desk_path(path, "bulletins", argv[optind], end);
	if (rc != EXIT_DONE)
		return rc;
	o.revision = 0;
	words = desk_words(&o);
	if (words == NULL)
		return session_say(EXIT_USAGE, "--reason: no UTF-8 text");
	if (update)
		rc = update_body(
		    s, &o, optind + 2 == argc ? argv[optind + 1] : NULL, words);
	if (rc == EXIT_DONE)
		rc = desk_call(s, "POST", path, words, &answer);
	json_decref(words);
	return rc == EXIT_DONE ? desk_print(s, answer) : rc;
}
