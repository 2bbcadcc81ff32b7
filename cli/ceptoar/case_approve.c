/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <openssl/sha.h>

#include "cli/ceptoar/blind.h"
#include "cli/ceptoar/case.h"
#include "cli/ceptoar/triage.h"
#include "proto/json.h"

/* The reporter's word on a text that the desk wants to release. */
enum { TEXT_MAX = 512 * 1024, SUM_HEX = 64 };

/* The sum of what was shown, made here: of another text than the hub says it is nothing
 * is approved. */
static int
sum_of(const json_t *approval, char ret[SUM_HEX + 1])
{
	const char *told = json_string_value(json_object_get(approval, "sha256"));
	unsigned char md[SHA256_DIGEST_LENGTH];
	struct buf text, hex;
	int rc;

	buf_init(&text, TEXT_MAX);
	buf_init(&hex, SUM_HEX + 1);
	rc = json_canonical(json_object_get(approval, "draft"), &text);
	if (rc == 0) {
		(void)SHA256((const unsigned char *)text.p, text.n, md);
		buf_add_hex(&hex, md, sizeof md);
		(void)snprintf(ret, SUM_HEX + 1, "%s", buf_cstr(&hex));
	}
	buf_done(&text);
	buf_done(&hex);
	if (rc != 0 || told == NULL || strcmp(told, ret) != 0)
		return session_say(
		    EXIT_REFUSED, "the hub's sum does not fit the text that it shows");
	return EXIT_DONE;
}

static int
confirm(const struct session *s, const json_t *approval, int approve)
{
	char line[16];
	struct buf out;
	int rc;

	if (!s->json) {
		buf_init(&out, TEXT_MAX);
		show_object(json_object_get(approval, "draft"), 0, &out);
		rc = show_print(&out);
		if (rc != EXIT_DONE)
			return rc;
	}
	if (s->yes)
		return EXIT_DONE;
	if (!isatty(STDIN_FILENO) || s->json)
		return session_say(EXIT_USAGE, "nothing was said: --yes does it without "
					       "asking, a terminal is asked");
	(void)fputs(
	    approve ? "Approve exactly this? [y/N] " : "Refuse this? [y/N] ", stderr);
	if (fgets(line, sizeof line, stdin) != NULL &&
	    (strcmp(line, "y\n") == 0 || strcmp(line, "yes\n") == 0))
		return EXIT_DONE;
	return session_say(EXIT_REFUSED, "nothing was said");
}

/* A note of a blind case is scrubbed here: the hub may not know whose terms those are. */
static int
add_note(struct case_ref *c, const char *note, json_t *body)
{
	json_t *message, *own = NULL;
	const json_t *text;
	int rc = EXIT_DONE;

	if (note == NULL)
		return EXIT_DONE;
	message = json_pack("{s:o}", "text", desk_text(note));
	if (message == NULL)
		return session_say(EXIT_USAGE, "the note is no UTF-8 text");
	if (c->s.blind)
		rc = blind_message(&c->s, message, &own);
	text = json_object_get(own != NULL ? own : message, "text");
	if (rc == EXIT_DONE &&
	    json_object_set(body, "note", (json_t *)(uintptr_t)text) != 0)
		rc = session_say(EXIT_REFUSED, "out of memory");
	json_decref(message);
	json_decref(own);
	return rc;
}

static int
send_word(struct case_ref *c, const json_t *body)
{
	char path[64 + CASE_HEX];
	struct http_answer a;
	struct slice text;
	struct buf b;
	int rc;

	(void)snprintf(path, sizeof path, "/v1/cases/%s/approval", c->id);
	buf_init(&b, 64 * 1024);
	if (json_canonical(body, &b) != 0) {
		buf_wipe(&b);
		return session_say(EXIT_REFUSED, "out of memory");
	}
	text = buf_slice(&b);
	http_answer_init(&a);
	rc = cmd_post(&c->s, path, &text, c->auth, &a);
	if (rc != 0)
		rc = http_unreached(&c->s, rc);
	else if (a.status != 200)
		rc = http_refused(&a);
	else if (c->s.json)
		(void)printf("%s\n", buf_cstr(&a.body));
	http_answer_done(&a);
	buf_wipe(&b);
	return rc;
}

static int
answer(struct case_ref *c, int approve, const char *note)
{
	char sum[SUM_HEX + 1];
	json_t *state = NULL, *body = NULL;
	const json_t *approval;
	int rc = case_ask(c, "GET", "", &state);

	approval = json_object_get(state, "approval");
	if (rc == EXIT_DONE && approval == NULL)
		rc =
		    session_say(EXIT_REFUSED, "no text of this case waits for your word");
	if (rc == EXIT_DONE)
		rc = sum_of(approval, sum);
	if (rc == EXIT_DONE)
		rc = confirm(&c->s, approval, approve);
	if (rc == EXIT_DONE) {
		body = json_pack("{s:b,s:s}", "approve", approve, "sha256", sum);
		if (body == NULL)
			rc = session_say(EXIT_REFUSED, "out of memory");
	}
	if (rc == EXIT_DONE)
		rc = add_note(c, note, body);
	if (rc == EXIT_DONE)
		rc = send_word(c, body);
	json_decref(state);
	json_decref(body);
	return rc;
}

int
case_approve(struct session *s, int argc, char **argv)
{
	struct case_ref c;
	int rc;

	if (argc != 2 && argc != 3)
		return session_say(EXIT_USAGE, "case %s: ID [NOTE]", argv[0]);
	rc = case_find(s, argv[1], CASE_AS_HOLDER, &c);
	if (rc == EXIT_DONE)
		rc = answer(&c, strcmp(argv[0], "approve") == 0, argv[2]);
	case_done(&c);
	return rc;
}
