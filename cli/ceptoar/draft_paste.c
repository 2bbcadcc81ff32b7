/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ceptoar/desk.h"
#include "cli/ceptoar/triage.h"
#include "lib/file.h"

/* A draft out of a mail, and the reporters' word on a draft. */
enum { TEXT_MAX = 128 * 1024 };

static int
read_text(const char *path, struct buf *text)
{
	int rc = file_read(path, text);

	if (rc == ERR_LIMIT)
		return session_say(EXIT_USAGE, "%s: at most 128 KiB", path);
	return rc == 0 ? EXIT_DONE : session_say(EXIT_USAGE, "%s: %s", path, err_str(rc));
}

static int
body_of(const struct session *s, const struct buf *text, const char *severity,
    const char *source, json_t **ret)
{
	json_t *j = json_pack("{s:s%,s:s}", "text", text->p != NULL ? text->p : "",
	    text->n, "lang", s->lang);
	char *end;
	long level;

	if (j == NULL)
		return session_say(EXIT_USAGE, "the text is not UTF-8");
	*ret = j;
	if (source != NULL && json_object_set_new(j, "source", json_string(source)) != 0)
		return session_say(EXIT_USAGE, "--source: no UTF-8 text");
	if (severity == NULL)
		return EXIT_DONE;
	level = strtol(severity, &end, 10);
	if (*end != '\0' || json_object_set_new(j, "severity", json_integer(level)) != 0)
		return session_say(EXIT_USAGE, "--severity: expected 0 to 4");
	return EXIT_DONE;
}

int
draft_paste(struct session *s, int argc, char **argv)
{
	static const struct option names[] = { { "severity", 1, NULL, 's' },
		{ "source", 1, NULL, 'f' }, { NULL, 0, NULL, 0 } };
	const char *severity = NULL, *source = NULL;
	json_t *body = NULL, *answer = NULL;
	struct buf text;
	int o, rc;

	while ((o = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (o == '?')
			return EXIT_USAGE;
		*(o == 's' ? &severity : &source) = optarg;
	}
	if (optind + 1 != argc)
		return session_say(EXIT_USAGE,
		    "draft paste: [--severity N] [--source TEXT] FILE (\"-\": standard "
		    "input)");
	buf_init(&text, TEXT_MAX);
	rc = read_text(argv[optind], &text);
	if (rc == EXIT_DONE)
		rc = body_of(s, &text, severity, source, &body);
	buf_wipe(&text);
	if (rc == EXIT_DONE)
		rc = desk_call(s, "POST", "/v1/drafts/paste", body, &answer);
	json_decref(body);
	return rc == EXIT_DONE ? desk_print(s, answer) : rc;
}

int
draft_approval(struct session *s, int argc, char **argv)
{
	json_t *answer = NULL;
	char path[DESK_PATH];
	int rc;

	if (argc != 2)
		return session_say(EXIT_USAGE, "draft approval: ID");
	rc = desk_path(path, "drafts", argv[1], "/approval");
	if (rc == EXIT_DONE)
		rc = desk_call(s, "POST", path, NULL, &answer);
	return rc == EXIT_DONE ? desk_print(s, answer) : rc;
}
