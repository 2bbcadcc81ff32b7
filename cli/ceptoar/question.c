/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/ceptoar/cmd.h"
#include "lib/mem.h"

/* Questions about a bulletin, and a desk's answers. */
enum { ID_HEX = 32, PATH_MAX_LEN = 160, TARGET_MAX = 512, OUT_MAX = 8 * 1024 * 1024 };

static int
is_ref(const char *s)
{
	size_t n = strlen(s);

	return n > 0 && n <= ID_HEX &&
	       strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			 "0123456789-") == n;
}

/* Pure ASCII is no Japanese. */
static const char *
language_of(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text >= 0x80)
			return "ja";
	return "en";
}

static void
show_question(const struct session *s, const json_t *q, struct buf *out)
{
	const json_t *answer = json_object_get(q, "answer");
	const json_t *bulletin = json_object_get(q, "bulletin");

	show_bold(s, 1, out);
	if (json_is_string(json_object_get(q, "id"))) {
		show_string(json_object_get(q, "id"), out);
		buf_adds(out, "  ");
		show_string(json_object_get(bulletin, "number"), out);
		buf_adds(out, "  ");
		show_string(json_object_get(q, "at"), out);
		buf_addc(out, '\n');
	}
	show_bold(s, 0, out);
	buf_adds(out, "  ? ");
	show_text(s, q, "text", out);
	buf_addc(out, '\n');
	if (!json_is_object(answer))
		return;
	buf_adds(out, "  > ");
	show_text(s, answer, "text", out);
	buf_adds(out, "  (");
	show_string(json_object_get(answer, "to"), out);
	buf_adds(out, ")\n");
}

/* An answer of the hub: a question, or a list of them. */
static int
print(struct session *s, const json_t *j)
{
	const json_t *list = json_object_get(j, "questions"), *q;
	struct buf out;
	size_t i;

	if (s->json)
		return cmd_print_json(s, j);
	buf_init(&out, OUT_MAX);
	json_array_foreach(list, i, q) show_question(s, q, &out);
	if (list == NULL)
		show_question(s, j, &out);
	else if (json_array_size(list) == 0)
		buf_adds(&out, "no questions\n");
	if (json_is_string(json_object_get(j, "next"))) {
		buf_adds(&out, "more: --cursor ");
		show_string(json_object_get(j, "next"), &out);
		buf_addc(&out, '\n');
	}
	return show_print(&out);
}

static int
post(struct session *s, const char *path, json_t *what, json_t **ret)
{
	struct http_answer a;
	struct slice body;
	struct buf text;
	int rc;

	buf_init(&text, 64 * 1024);
	if (what == NULL || json_canonical(what, &text) != 0) {
		buf_wipe(&text);
		return session_say(EXIT_USAGE, "the text is no UTF-8, or too long");
	}
	body = buf_slice(&text);
	http_answer_init(&a);
	rc = cmd_post(s, path, &body, NULL, &a);
	if (rc != 0)
		rc = http_unreached(s, rc);
	else if (a.status != 201 && a.status != 200)
		rc = http_refused(&a);
	else if ((*ret = json_loadb(a.body.p, a.body.n, 0, NULL)) == NULL)
		rc = session_say(EXIT_REFUSED, "the hub's answer is no JSON");
	http_answer_done(&a);
	buf_wipe(&text);
	return rc;
}

/* Sends it, and keeps the secret that the answer is read with. */
static int
ask(struct session *s, int argc, char **argv)
{
	char secret[SECRET_TEXT + 1], commitment[SECRET_TEXT + 1];
	char path[PATH_MAX_LEN], name[NAME_ROOM];
	json_t *what, *got = NULL, *kept;
	const char *id;
	int rc = session_check(s);

	if (argc != 3 || !is_ref(argv[1]))
		return session_say(EXIT_USAGE, "question ask: NUMBER|ID TEXT");
	if (rc != EXIT_DONE)
		return rc;
	if (state_secret(secret, commitment) != 0)
		return session_say(EXIT_REFUSED, "no random numbers");
	(void)snprintf(path, sizeof path, "/v1/bulletins/%s/questions", argv[1]);
	what = json_pack("{s:{s:s},s:s}", "text", language_of(argv[2]), argv[2],
	    "commitment", commitment);
	rc = post(s, path, what, &got);
	id = json_string_value(json_object_get(got, "id"));
	if (rc == EXIT_DONE && (id == NULL || strlen(id) != ID_HEX))
		rc = session_say(EXIT_REFUSED, "the hub's answer names no question");
	if (rc == EXIT_DONE) {
		(void)snprintf(name, sizeof name, "question-%.32s", id);
		kept = json_pack("{s:s}", "secret", secret);
		rc = kept != NULL ? state_save(s, name, kept)
				  : session_say(EXIT_REFUSED, "out of memory");
		json_decref(kept);
	}
	if (rc == EXIT_DONE)
		rc = s->json ? cmd_print_json(s, got)
			     : (printf("question %.32s\n", id) < 0 ? EXIT_REFUSED
								   : EXIT_DONE);
	mem_wipe(secret, sizeof secret);
	json_decref(what);
	json_decref(got);
	return rc;
}

/* By the secret that is kept here. */
static int
show(struct session *s, int argc, char **argv)
{
	char name[NAME_ROOM], line[SECRET_TEXT + 64], path[PATH_MAX_LEN];
	const char *const head[] = { line, NULL };
	const char *secret;
	struct http_answer a;
	json_t *kept, *j = NULL;
	int rc = session_check(s);

	if (argc != 2 || !is_ref(argv[1]))
		return session_say(EXIT_USAGE, "question show: ID");
	if (rc != EXIT_DONE)
		return rc;
	(void)snprintf(name, sizeof name, "question-%s", argv[1]);
	kept = state_load(s, name);
	secret = json_string_value(json_object_get(kept, "secret"));
	if (secret == NULL) {
		json_decref(kept);
		return session_say(EXIT_REFUSED, "%s: its secret is not kept here", name);
	}
	(void)snprintf(line, sizeof line, "Authorization: Case %s", secret);
	(void)snprintf(path, sizeof path, "/v1/questions/%s", argv[1]);
	http_answer_init(&a);
	rc = http_do(s, "GET", path, NULL, head, &a);
	if (rc != 0)
		rc = http_unreached(s, rc);
	else if (a.status != 200)
		rc = http_refused(&a);
	else if ((j = json_loadb(a.body.p, a.body.n, 0, NULL)) == NULL)
		rc = session_say(EXIT_REFUSED, "the hub's answer is no JSON");
	else
		rc = print(s, j);
	http_answer_done(&a);
	mem_wipe(line, sizeof line);
	json_decref(kept);
	json_decref(j);
	return rc;
}

/* "--open", "--cursor C" for a desk; a bulletin's number: what was answered to all. */
static int
list(struct session *s, int argc, char **argv)
{
	struct session at = *s;
	struct buf target;
	json_t *j = NULL;
	int i, rc = EXIT_DONE;

	buf_init(&target, TARGET_MAX);
	if (argc == 2 && argv[1][0] != '-' && is_ref(argv[1])) {
		buf_addf(&target, "/v1/bulletins/%s/questions", argv[1]);
		rc = session_check(&at);
	} else {
		buf_adds(&target, "/v1/questions");
		for (i = 1; i < argc && rc == EXIT_DONE; i++) {
			if (strcmp(argv[i], "--open") == 0)
				cmd_query(&target, "open", "1");
			else if (strcmp(argv[i], "--cursor") == 0 && i + 1 < argc)
				cmd_query(&target, "cursor", argv[++i]);
			else
				rc = session_say(EXIT_USAGE,
				    "question list: [NUMBER|ID], or [--open] "
				    "[--cursor C]");
		}
		if (rc == EXIT_DONE)
			rc = session_desk(s, &at);
	}
	if (rc == EXIT_DONE)
		rc = cmd_get(&at, buf_cstr(&target), &j);
	if (rc == EXIT_DONE)
		rc = print(&at, j);
	buf_done(&target);
	json_decref(j);
	return rc;
}

static int
answer(struct session *s, int argc, char **argv)
{
	int all = 0, replace = 0, i, rc;
	char path[PATH_MAX_LEN];
	struct session at;
	json_t *what, *got = NULL;

	for (i = 3; i < argc; i++) {
		all |= strcmp(argv[i], "--all") == 0;
		replace |= strcmp(argv[i], "--replace") == 0;
	}
	if (argc != 3 + all + replace || !is_ref(argv[1]))
		return session_say(
		    EXIT_USAGE, "question answer: ID TEXT [--all] [--replace]");
	rc = session_desk(s, &at);
	if (rc != EXIT_DONE)
		return rc;
	(void)snprintf(path, sizeof path, "/v1/questions/%s/answer", argv[1]);
	what = json_pack("{s:{s:s},s:s}", "text", language_of(argv[2]), argv[2], "to",
	    all ? "all" : "one");
	if (replace && json_object_set_new(what, "replace", json_true()) != 0) {
		json_decref(what);
		return session_say(EXIT_REFUSED, "out of memory");
	}
	rc = post(&at, path, what, &got);
	if (rc == EXIT_DONE)
		rc = print(&at, got);
	json_decref(what);
	json_decref(got);
	return rc;
}

int
cmd_question(struct session *s, int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(struct session *s, int argc, char **argv);
	} verbs[] = { { "ask", ask }, { "show", show }, { "list", list },
		{ "answer", answer } };
	size_t i;

	for (i = 0; argc > 1 && i < sizeof verbs / sizeof verbs[0]; i++)
		if (strcmp(argv[1], verbs[i].name) == 0)
			return verbs[i].run(s, argc - 1, argv + 1);
	return session_say(EXIT_USAGE,
	    "question: ask, show, list; for desks answer; see ceptoar question --help");
}
