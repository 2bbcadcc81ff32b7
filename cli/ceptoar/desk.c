/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ceptoar/desk.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BODY_MAX = 1024 * 1024, OUT_MAX = 16 * 1024 * 1024 };

int
desk_path(char path[DESK_PATH], const char *what, const char *ref, const char *end)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-";
	size_t n = strlen(ref);

	if (n == 0 || n > 64 || strspn(ref, plain) != n)
		return session_say(EXIT_USAGE, "%s: expected an id or a number", what);
	(void)snprintf(path, DESK_PATH, "/v1/%s/%s%s", what, ref, end);
	return EXIT_DONE;
}

int
desk_call(struct session *s, const char *method, const char *path, const json_t *body,
    json_t **ret)
{
	struct http_answer a;
	struct slice text;
	struct buf b;
	int rc = 0;

	buf_init(&b, BODY_MAX);
	if (body != NULL)
		rc = json_canonical(body, &b);
	if (rc != 0) {
		buf_done(&b);
		return session_say(EXIT_USAGE, "the text cannot be sent: %s",
		    rc == ERR_INVALID ? "it holds a number with a fraction"
				      : err_str(rc));
	}
	text = buf_slice(&b);
	http_answer_init(&a);
	rc = strcmp(method, "POST") == 0
		 ? cmd_post(s, path, &text, NULL, &a)
		 : http_do(s, method, path, body != NULL ? &text : NULL, NULL, &a);
	if (rc != 0)
		rc = http_unreached(s, rc);
	else if (a.status != 200 && a.status != 201)
		rc = http_refused(&a);
	else
		*ret = json_loadb(a.body.p, a.body.n, 0, NULL);
	http_answer_done(&a);
	buf_done(&b);
	return rc;
}

int
desk_print(struct session *s, json_t *j)
{
	struct buf out;
	int rc;

	if (s->json) {
		rc = cmd_print_json(s, j);
	} else {
		buf_init(&out, OUT_MAX);
		show_object(j, 0, &out);
		rc = show_print(&out);
	}
	json_decref(j);
	return rc;
}

int
desk_options(int argc, char **argv, struct desk_options *ret)
{
	static const struct option names[] = { { "revision", 1, NULL, 'r' },
		{ "alone", 0, NULL, 'a' }, { "reason", 1, NULL, 'w' },
		{ "draft", 1, NULL, 'd' }, { "out", 1, NULL, 'o' },
		{ NULL, 0, NULL, 0 } };
	char *end;
	int o;

	memset(ret, 0, sizeof *ret);
	while ((o = getopt_long(argc, argv, "", names, NULL)) != -1) {
		switch (o) {
		case 'r':
			ret->revision = strtol(optarg, &end, 10);
			if (*end != '\0' || ret->revision < 1)
				return session_say(
				    EXIT_USAGE, "--revision: expected a number");
			break;
		case 'a':
			ret->alone = 1;
			break;
		case 'w':
			ret->reason = optarg;
			break;
		case 'd':
			ret->draft = optarg;
			break;
		case 'o':
			ret->out = optarg;
			break;
		default:
			return EXIT_USAGE;
		}
	}
	return EXIT_DONE;
}

/* A text in its language: pure ASCII is no Japanese. */
static json_t *
text_of(const char *text)
{
	const char *p = text;

	while (*p != '\0' && (unsigned char)*p < 0x80)
		p++;
	return json_pack("{s:s}", *p != '\0' ? "ja" : "en", text);
}

json_t *
desk_words(const struct desk_options *o)
{
	json_t *j = json_object();
	int bad = j == NULL;

	if (!bad && o->revision > 0)
		bad |= json_object_set_new(j, "revision", json_integer(o->revision));
	if (!bad && o->alone)
		bad |= json_object_set_new(j, "alone", json_true());
	if (!bad && o->reason != NULL)
		bad |= json_object_set_new(j, "reason", text_of(o->reason));
	if (!bad)
		return j;
	json_decref(j);
	return NULL;
}
