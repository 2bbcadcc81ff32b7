/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/ceptoar/blind.h"
#include "cli/ceptoar/cmd.h"
#include "cli/ceptoar/state.h"
#include "lib/mem.h"

enum { CASE_HEX = 32 };

/* The whole case id, from it or from its unique beginning. */
static int
find_case(const struct session *s, const char *given, char id[CASE_HEX + 1])
{
	const char *line, *end;
	size_t n = strlen(given), found = 0;
	struct buf names;

	buf_init(&names, 1024 * 1024);
	state_list(s, "case-", &names);
	for (line = buf_cstr(&names); *line != '\0'; line = end + (*end == '\n')) {
		end = line + strcspn(line, "\n");
		if (end - line != CASE_HEX + 5 || strncmp(line + 5, given, n) != 0)
			continue;
		memcpy(id, line + 5, CASE_HEX);
		id[CASE_HEX] = '\0';
		found++;
	}
	buf_done(&names);
	if (found == 1)
		return EXIT_DONE;
	return session_say(EXIT_REFUSED,
	    found == 0 ? "case %s: its secret is not kept in %s"
		       : "case %s: several in %s begin so",
	    given, s->state_dir);
}

/* "Case <secret>", the value of the Authorization header, and the session it goes by. */
static int
load_auth(const struct session *s, const char *id, char auth[SECRET_TEXT + 6],
    struct session *use)
{
	char name[NAME_ROOM];
	const char *secret;
	json_t *j;
	int rc = EXIT_DONE;

	(void)snprintf(name, sizeof name, "case-%s", id);
	j = state_load(s, name);
	secret = json_string_value(json_object_get(j, "secret"));
	if (secret != NULL && strlen(secret) == SECRET_TEXT)
		(void)snprintf(auth, SECRET_TEXT + 6, "Case %s", secret);
	else
		rc = session_say(EXIT_REFUSED, "%s: holds no secret", name);
	if (rc == EXIT_DONE)
		rc = session_for(s, j, use);
	json_decref(j);
	return rc;
}

static int
ask(struct session *s, const char *method, const char *path, const char *auth)
{
	static const struct slice empty = { "{}", 2 };
	char line[SECRET_TEXT + 32];
	const char *const head[] = { line, NULL };
	struct http_answer a;
	json_t *j = NULL;
	struct buf out;
	int rc;

	(void)snprintf(line, sizeof line, "Authorization: %s", auth);
	http_answer_init(&a);
	rc = http_do(
	    s, method, path, strcmp(method, "POST") == 0 ? &empty : NULL, head, &a);
	if (rc != 0)
		rc = http_unreached(s, rc);
	else if (a.status != 200)
		rc = http_refused(&a);
	else
		j = json_loadb(a.body.p, a.body.n, 0, NULL);
	if (j != NULL && s->json) {
		rc = cmd_print_json(s, j);
	} else if (j != NULL) {
		buf_init(&out, 65536);
		show_object(j, 0, &out);
		rc = show_print(&out);
	}
	json_decref(j);
	http_answer_done(&a);
	mem_wipe(line, sizeof line);
	return rc;
}

static int
follow_up(struct session *s, const char *path, const char *auth, const char *file)
{
	json_t *report = NULL;
	int rc;

	if (s->blind)
		return blind_follow_up(s, path, auth, file);
	rc = cmd_read_report(file, &report);
	if (rc == EXIT_DONE)
		rc = cmd_send(s, path, report, auth, NULL);
	json_decref(report);
	return rc;
}

static int
list_cases(const struct session *s)
{
	struct buf names, out;
	const char *line, *end;

	buf_init(&names, 1024 * 1024);
	buf_init(&out, 1024 * 1024);
	state_list(s, "case-", &names);
	for (line = buf_cstr(&names); *line != '\0'; line = end + (*end == '\n')) {
		end = line + strcspn(line, "\n");
		buf_addf(&out, "%.*s\n", (int)(end - line - 5), line + 5);
	}
	buf_reset(&names);
	state_list(s, "pending-", &names);
	for (line = buf_cstr(&names); *line != '\0'; line = end + (*end == '\n')) {
		end = line + strcspn(line, "\n");
		buf_addf(&out, "%.*s  (not answered: ceptoar report --again)\n",
		    (int)(end - line), line);
	}
	buf_done(&names);
	return show_print(&out);
}

int
cmd_case(struct session *s, int argc, char **argv)
{
	char id[CASE_HEX + 1], auth[SECRET_TEXT + 6], path[128];
	const char *verb = argc > 2 ? argv[2] : "state";
	struct session use;
	int rc;

	if (argc == 1)
		return list_cases(s);
	if (!((strcmp(verb, "state") == 0 || strcmp(verb, "withdraw") == 0) &&
		argc <= 3) &&
	    !(strcmp(verb, "follow-up") == 0 && argc == 4))
		return session_say(
		    EXIT_USAGE, "case: ID [state | withdraw | follow-up FILE]");
	rc = find_case(s, argv[1], id);
	if (rc == EXIT_DONE)
		rc = load_auth(s, id, auth, &use);
	if (rc != EXIT_DONE)
		return rc;
	(void)snprintf(path, sizeof path, "/v1/cases/%s%s", id,
	    strcmp(verb, "withdraw") == 0    ? "/withdraw"
	    : strcmp(verb, "follow-up") == 0 ? "/reports"
					     : "");
	if (strcmp(verb, "follow-up") == 0)
		rc = follow_up(&use, path, auth, argv[3]);
	else
		rc =
		    ask(&use, strcmp(verb, "withdraw") == 0 ? "POST" : "GET", path, auth);
	mem_wipe(auth, sizeof auth);
	return rc;
}
