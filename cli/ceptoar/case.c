/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ceptoar/case.h"

#include <stdio.h>
#include <string.h>

#include "cli/ceptoar/blind.h"
#include "lib/mem.h"

static int
is_whole(const char *given)
{
	return strlen(given) == CASE_HEX &&
	       given[strspn(given, "0123456789abcdef")] == '\0';
}

/* The cases whose secret is kept here and that begin so; the last one's id. */
static size_t
find_kept(const struct session *s, const char *given, char id[CASE_HEX + 1])
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
	return found;
}

static int
load_auth(struct case_ref *c)
{
	char name[NAME_ROOM];
	const char *secret;

	(void)snprintf(name, sizeof name, "case-%s", c->id);
	c->kept = state_load(&c->s, name);
	secret = json_string_value(json_object_get(c->kept, "secret"));
	if (secret != NULL && strlen(secret) == SECRET_TEXT)
		(void)snprintf(c->auth, sizeof c->auth, "Case %s", secret);
	else
		return session_say(EXIT_REFUSED, "%s: holds no secret", name);
	c->blind = json_is_true(json_object_get(c->kept, "blind"));
	return EXIT_DONE;
}

int
case_ready(struct case_ref *c)
{
	struct session use;
	int rc;

	if (c->kept == NULL) /* no secret: as the desk that it lies on */
		rc = session_desk(&c->s, &use);
	else
		rc = session_for(&c->s, c->kept, &use);
	if (rc == EXIT_DONE)
		c->s = use;
	return rc;
}

int
case_find(
    const struct session *s, const char *given, enum case_as as, struct case_ref *ret)
{
	size_t found;

	memset(ret, 0, sizeof *ret);
	ret->s = *s;
	found = as == CASE_AS_DESK ? 0 : find_kept(s, given, ret->id);
	if (found == 1)
		return load_auth(ret);
	if (found == 0 && as != CASE_AS_HOLDER && is_whole(given)) {
		memcpy(ret->id, given, CASE_HEX + 1);
		return EXIT_DONE;
	}
	if (as == CASE_AS_DESK)
		return session_say(EXIT_USAGE,
		    "case %s: a desk gives all 32 digits, as \"ceptoar inbox\" shows "
		    "them",
		    given);
	return session_say(EXIT_REFUSED,
	    found == 0 ? "case %s: its secret is not kept in %s"
		       : "case %s: several in %s begin so",
	    given, s->state_dir);
}

void
case_done(struct case_ref *c)
{
	json_decref(c->kept);
	mem_wipe(c->auth, sizeof c->auth);
}

int
case_ask(struct case_ref *c, const char *method, const char *tail, json_t **ret)
{
	static const struct slice empty = { "{}", 2 };
	char line[CASE_AUTH + 32], path[64 + CASE_HEX];
	const char *const head[] = { line, NULL };
	int rc = case_ready(c), post = strcmp(method, "POST") == 0;
	struct http_answer a;

	if (rc != EXIT_DONE)
		return rc;

	(void)snprintf(line, sizeof line, "Authorization: %s", c->auth);
	(void)snprintf(path, sizeof path, "/v1/cases/%s%s", c->id, tail);
	http_answer_init(&a);
	rc = http_do(&c->s, method, path, post ? &empty : NULL,
	    c->auth[0] != '\0' ? head : NULL, &a);
	if (rc != 0)
		rc = http_unreached(&c->s, rc);
	else if (a.status != 200)
		rc = http_refused(&a);
	else if ((*ret = json_loadb(a.body.p, a.body.n, 0, NULL)) == NULL)
		rc = session_say(EXIT_REFUSED, "the hub's answer is no JSON");
	http_answer_done(&a);
	mem_wipe(line, sizeof line);
	return rc;
}

/* "--desk" behind the id: as a desk, even where the secret is kept too. */
static int
wants_desk(int *argc, char **argv)
{
	if (*argc == 3 && strcmp(argv[2], "--desk") == 0) {
		*argc = 2;
		return 1;
	}
	return 0;
}

static int
show_state(const struct session *s, const json_t *j)
{
	const json_t *b = json_object_get(j, "bulletin");
	struct buf out;

	if (s->json)
		return cmd_print_json(s, j);
	buf_init(&out, 65536);
	show_object(j, 0, &out);
	if (json_is_object(b)) {
		buf_adds(&out, s->lang[0] == 'j' ? "この報告から早期警戒情報 "
						 : "The report led to bulletin ");
		show_string(json_object_get(b, "number"), &out);
		buf_adds(&out, s->lang[0] == 'j' ? " が出ました。\n" : ".\n");
	}
	return show_print(&out);
}

/* A call that is answered with the state of the case. */
static int
state_call(struct session *s, const char *id, enum case_as as, const char *method,
    const char *tail)
{
	struct case_ref c;
	json_t *j = NULL;
	int rc = case_find(s, id, as, &c);

	if (rc == EXIT_DONE)
		rc = case_ask(&c, method, tail, &j);
	if (rc == EXIT_DONE)
		rc = show_state(s, j);
	json_decref(j);
	case_done(&c);
	return rc;
}

static int
case_show(struct session *s, int argc, char **argv)
{
	int desk = wants_desk(&argc, argv);

	if (argc != 2)
		return session_say(EXIT_USAGE, "case show: ID [--desk]");
	return state_call(s, argv[1], desk ? CASE_AS_DESK : CASE_AS_EITHER, "GET", "");
}

static int
case_withdraw(struct session *s, int argc, char **argv)
{
	if (argc != 2)
		return session_say(EXIT_USAGE, "case withdraw: ID");
	return state_call(s, argv[1], CASE_AS_HOLDER, "POST", "/withdraw");
}

static int
case_close(struct session *s, int argc, char **argv)
{
	if (argc != 2)
		return session_say(EXIT_USAGE, "case close: ID");
	return state_call(s, argv[1], CASE_AS_DESK, "POST", "/close");
}

static int
case_follow_up(struct session *s, int argc, char **argv)
{
	char path[64 + CASE_HEX];
	struct case_ref c;
	json_t *report = NULL;
	int rc;

	if (argc != 3)
		return session_say(EXIT_USAGE, "case follow-up: ID FILE");
	rc = case_find(s, argv[1], CASE_AS_HOLDER, &c);
	if (rc == EXIT_DONE)
		rc = case_ready(&c);
	(void)snprintf(path, sizeof path, "/v1/cases/%s/reports", c.id);
	if (rc == EXIT_DONE && c.s.blind) {
		rc = blind_follow_up(&c.s, path, c.auth, argv[2]);
	} else if (rc == EXIT_DONE) {
		rc = cmd_read_report(argv[2], &report);
		if (rc == EXIT_DONE)
			rc = cmd_send(&c.s, path, report, c.auth, NULL);
	}
	json_decref(report);
	case_done(&c);
	return rc;
}

int
cmd_case(struct session *s, int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(struct session *s, int argc, char **argv);
	} verbs[] = { { "list", case_list }, { "show", case_show },
		{ "messages", case_messages }, { "answer", case_say },
		{ "follow-up", case_follow_up }, { "withdraw", case_withdraw },
		{ "receipt", case_receipt }, { "import", case_receipt },
		{ "ask", case_say }, { "close", case_close }, { "slip", case_slip } };
	size_t i;

	for (i = 0; argc > 1 && i < sizeof verbs / sizeof verbs[0]; i++)
		if (strcmp(argv[1], verbs[i].name) == 0)
			return verbs[i].run(s, argc - 1, argv + 1);
	return session_say(EXIT_USAGE,
	    "case: list, show, messages, answer, follow-up, withdraw, receipt, import; "
	    "for desks ask, close, slip; see ceptoar case --help");
}
