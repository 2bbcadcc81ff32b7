/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/ceptoar/desk.h"

/* The hub's operating mode: everybody sees it, the centre switches it. */

static int
mode_show(struct session *s)
{
	json_t *answer = NULL;
	int rc = session_check(s);

	if (rc == EXIT_DONE)
		rc = cmd_get(s, "/v1/mode", &answer);
	return rc == EXIT_DONE ? desk_print(s, answer) : rc;
}

int
cmd_mode(struct session *s, int argc, char **argv)
{
	json_t *words, *answer = NULL;
	struct desk_options o;
	struct session at;
	int rc;

	if (argc == 1)
		return mode_show(s);
	rc = desk_options(argc, argv, &o);
	if (rc == EXIT_DONE && (optind + 1 != argc || o.alone || o.reason == NULL))
		rc = session_say(
		    EXIT_USAGE, "mode: normal|large-scale --reason TEXT, or nothing");
	if (rc == EXIT_DONE)
		rc = session_desk(s, &at);
	if (rc != EXIT_DONE)
		return rc;
	o.revision = 0;
	words = desk_words(&o);
	if (words == NULL ||
	    json_object_set_new(words, "mode", json_string(argv[optind])) != 0)
		rc = session_say(EXIT_USAGE, "mode: no UTF-8 text");
	if (rc == EXIT_DONE)
		rc = desk_call(&at, "POST", "/v1/mode", words, &answer);
	json_decref(words);
	return rc == EXIT_DONE ? desk_print(&at, answer) : rc;
}
