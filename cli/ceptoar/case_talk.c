/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/ceptoar/blind.h"
#include "cli/ceptoar/case.h"
#include "lib/file.h"
#include "proto/case_message.h"

/* Questions and answers of a case. */

static void
show_messages(const struct session *s, const json_t *j, struct buf *out)
{
	const json_t *list = json_object_get(j, "messages"), *m;
	struct buf text;
	size_t i, k;

	json_array_foreach(list, i, m)
	{
		show_bold(s, 1, out);
		buf_addf(out, "%d  ", (int)json_integer_value(json_object_get(m, "n")));
		show_string(json_object_get(m, "from"), out);
		buf_adds(out, "  ");
		show_string(json_object_get(m, "at"), out);
		show_bold(s, 0, out);
		buf_adds(out, "\n  ");
		buf_init(&text, 256 * 1024);
		show_text(s, m, "text", &text);
		for (k = 0; k < text.n; k++) {
			buf_addc(out, text.p[k]);
			if (text.p[k] == '\n' && k + 1 < text.n)
				buf_adds(out, "  ");
		}
		buf_done(&text);
		buf_addc(out, '\n');
	}
	if (json_array_size(list) == 0)
		buf_adds(out, "no messages\n");
}

int
case_messages(struct session *s, int argc, char **argv)
{
	int desk = argc == 3 && strcmp(argv[2], "--desk") == 0, rc;
	struct case_ref c;
	json_t *j = NULL;
	struct buf out;

	if (argc != 2 + desk)
		return session_say(EXIT_USAGE, "case messages: ID [--desk]");
	rc = case_find(s, argv[1], desk ? CASE_AS_DESK : CASE_AS_EITHER, &c);
	if (rc == EXIT_DONE)
		rc = case_ask(&c, "GET", "/messages", &j);
	if (rc == EXIT_DONE && s->json) {
		rc = cmd_print_json(s, j);
	} else if (rc == EXIT_DONE) {
		buf_init(&out, 8 * 1024 * 1024);
		show_messages(s, j, &out);
		rc = show_print(&out);
	}
	json_decref(j);
	case_done(&c);
	return rc;
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

static int
read_text(const char *given, struct buf *text)
{
	int rc = 0;

	if (strcmp(given, "-") == 0)
		rc = file_read("-", text);
	else
		buf_adds(text, given);
	while (text->n > 0 && text->p[text->n - 1] == '\n')
		text->n--;
	if (rc == 0)
		rc = buf_err(text);
	if (rc == ERR_LIMIT || (rc == 0 && text->n > MESSAGE_TEXT_MAX))
		return session_say(EXIT_USAGE, "a message holds at most 4 KiB");
	if (rc != 0)
		return session_say(EXIT_USAGE, "standard input: %s", err_str(rc));
	if (text->n == 0)
		return session_say(EXIT_USAGE, "the message is empty");
	return EXIT_DONE;
}

/* The body as it leaves: of a blind case scrubbed here, since the hub may not know whose
 * terms those would be. */
static int
make_body(struct case_ref *c, const char *text, struct buf *body)
{
	json_t *j = json_pack("{s:{s:s}}", "text", language_of(text), text), *own = NULL;
	int rc;

	if (j == NULL)
		return session_say(EXIT_USAGE, "the message is no UTF-8 text");
	rc = c->s.blind ? blind_message(&c->s, j, &own) : EXIT_DONE;
	if (rc == EXIT_DONE && json_canonical(own != NULL ? own : j, body) != 0)
		rc = session_say(EXIT_REFUSED, "out of memory");
	json_decref(j);
	json_decref(own);
	return rc;
}

static int
send_text(struct case_ref *c, const char *text)
{
	char path[64 + CASE_HEX];
	struct http_answer a;
	struct slice body;
	struct buf b;
	int rc = case_ready(c);

	(void)snprintf(path, sizeof path, "/v1/cases/%s/messages", c->id);
	buf_init(&b, 64 * 1024);
	if (rc == EXIT_DONE)
		rc = make_body(c, text, &b);
	if (rc != EXIT_DONE) {
		buf_wipe(&b);
		return rc;
	}
	body = buf_slice(&b);
	http_answer_init(&a);
	rc = cmd_post(&c->s, path, &body, c->auth[0] != '\0' ? c->auth : NULL, &a);
	if (rc != 0)
		rc = http_unreached(&c->s, rc);
	else if (a.status != 201 && a.status != 200)
		rc = http_refused(&a);
	else if (c->s.json)
		(void)printf("%s\n", buf_cstr(&a.body));
	if (rc == EXIT_DOWN)
		(void)session_say(0, "whether it was stored is unknown; \"ceptoar case "
				     "messages\" shows it if it was");
	http_answer_done(&a);
	buf_wipe(&b);
	return rc;
}

int
case_say(struct session *s, int argc, char **argv)
{
	int desk = strcmp(argv[0], "ask") == 0, rc;
	struct case_ref c;
	struct buf text;

	if (argc != 3)
		return session_say(EXIT_USAGE, "case %s: ID TEXT|-", argv[0]);
	rc = case_find(s, argv[1], desk ? CASE_AS_DESK : CASE_AS_HOLDER, &c);
	buf_init(&text, 64 * 1024);
	if (rc == EXIT_DONE)
		rc = read_text(argv[2], &text);
	if (rc == EXIT_DONE)
		rc = send_text(&c, buf_cstr(&text));
	buf_wipe(&text);
	case_done(&c);
	return rc;
}
