/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/ceptoar/desk.h"
#include "lib/file.h"
#include "proto/attachment.h"

/* Files of drafts and bulletins. */

static int
usage(void)
{
	return session_say(EXIT_USAGE, "attach: DRAFT FILE... | --remove NAME DRAFT | "
				       "--get NAME [--out FILE] NUMBER");
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

static int
file_path(char path[DESK_PATH], const char *what, const char *ref, const char *name)
{
	char end[ATTACHMENT_NAME + 16];

	if (!attachment_name_ok(slice_of(name)))
		return session_say(EXIT_USAGE,
		    "%s: the name has to be of ASCII letters, digits, dots, hyphens and "
		    "underscores, and to end with .pdf, .csv or .txt",
		    name);
	(void)snprintf(end, sizeof end, "/attachments/%s", name);
	return desk_path(path, what, ref, end);
}

static int
put(struct session *s, const char *draft, const char *file)
{
	char path[DESK_PATH];
	const char *detail = "";
	struct http_answer a;
	struct slice body;
	struct buf b;
	int rc = file_path(path, "drafts", draft, base_name(file));

	if (rc != EXIT_DONE)
		return rc;
	buf_init(&b, ATTACHMENT_MAX);
	rc = file_read(file, &b);
	body = buf_slice(&b);
	http_answer_init(&a);
	if (rc == ERR_LIMIT)
		rc = session_say(EXIT_USAGE, "%s: a file holds at most 2 MiB", file);
	else if (rc != 0)
		rc = session_say(EXIT_USAGE, "%s: %s", file, err_str(rc));
	else if (attachment_type(slice_of(base_name(file)), body, &detail) == NULL)
		rc = session_say(EXIT_REFUSED, "%s: %s", file, detail);
	else if ((rc = http_do(s, "PUT", path, &body, NULL, &a)) != 0)
		rc = http_unreached(s, rc);
	else if (a.status != 201 && a.status != 200)
		rc = http_refused(&a);
	else if (s->json)
		(void)printf("%s\n", buf_cstr(&a.body));
	http_answer_done(&a);
	buf_done(&b);
	return rc;
}

static int
take(struct session *s, const char *number, const char *name, const char *out)
{
	char path[DESK_PATH];
	struct http_answer a;
	int rc = file_path(path, "bulletins", number, name);

	if (rc != EXIT_DONE)
		return rc;
	http_answer_init(&a);
	rc = http_do(s, "GET", path, NULL, NULL, &a);
	if (rc != 0)
		rc = http_unreached(s, rc);
	else if (a.status != 200)
		rc = http_refused(&a);
	else if ((rc = file_write(out != NULL ? out : name, 0600, a.body.p, a.body.n)) !=
		 0)
		rc = session_say(
		    EXIT_REFUSED, "%s: %s", out != NULL ? out : name, err_str(rc));
	http_answer_done(&a);
	return rc;
}

static int
take_out(struct session *s, const char *draft, const char *name)
{
	char path[DESK_PATH];
	json_t *answer = NULL;
	int rc = file_path(path, "drafts", draft, name);

	if (rc == EXIT_DONE)
		rc = desk_call(s, "DELETE", path, NULL, &answer);
	json_decref(answer);
	return rc;
}

int
cmd_attach(struct session *s, int argc, char **argv)
{
	static const struct option names[] = { { "remove", 1, NULL, 'r' },
		{ "get", 1, NULL, 'g' }, { "out", 1, NULL, 'o' }, { NULL, 0, NULL, 0 } };
	const char *name = NULL, *out = NULL;
	int o, what = 0, rc = EXIT_DONE;
	struct session desk;

	while ((o = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (o == '?')
			return EXIT_USAGE;
		if (o == 'o') {
			out = optarg;
			continue;
		}
		what = o;
		name = optarg;
	}
	if (what == 0 ? optind + 2 > argc : optind + 1 != argc)
		return usage();
	if (what == 'g') /* for every reader; what follows is a desk's */
		return take(s, argv[optind], name, out);
	rc = session_desk(s, &desk);
	if (rc == EXIT_DONE && what == 'r')
		return take_out(&desk, argv[optind], name);
	for (o = optind + 1; rc == EXIT_DONE && o < argc; o++)
		rc = put(&desk, argv[optind], argv[o]);
	return rc;
}
