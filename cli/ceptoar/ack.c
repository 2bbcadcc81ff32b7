/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ceptoar/cmd.h"
#include "lib/mem.h"

enum { ID_HEX = 32, NUMBER_MAX = 32 };

static int
is_id(const char *s)
{
	return strlen(s) == ID_HEX && strspn(s, "0123456789abcdef") == ID_HEX;
}

/* A number is looked up; its newest revision is what the reader has before it. */
static int
resolve(struct session *s, const char *what, char id[ID_HEX + 1], long *revision)
{
	const char *at = strchr(what, '@'), *found;
	size_t n = at != NULL ? (size_t)(at - what) : strlen(what);
	char path[128], *end;
	json_t *j = NULL;
	int rc = EXIT_DONE;

	*revision = 0;
	if (at != NULL) {
		*revision = strtol(at + 1, &end, 10);
		if (*end != '\0' || *revision < 1 || *revision > 65535)
			return session_say(EXIT_USAGE, "%s: not a revision", at + 1);
	}
	if (n == 0 || n > ID_HEX ||
	    strspn(what,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") < n)
		return session_say(EXIT_USAGE, "%s: neither a number nor an id", what);
	(void)snprintf(id, ID_HEX + 1, "%.*s", (int)n, what);
	if (is_id(id) && *revision > 0)
		return EXIT_DONE;
	(void)snprintf(path, sizeof path, "/v1/bulletins/%s", id);
	rc = cmd_get(s, path, &j);
	found = json_string_value(json_object_get(j, "id"));
	if (rc == EXIT_DONE && (found == NULL || !is_id(found)))
		rc = session_say(EXIT_REFUSED, "%s: the hub's answer names no id", what);
	if (rc == EXIT_DONE) {
		memcpy(id, found, ID_HEX + 1);
		if (*revision == 0)
			*revision =
			    (long)json_integer_value(json_object_get(j, "revision"));
	}
	json_decref(j);
	return rc;
}

static int
show_results(struct session *s, const struct http_answer *a)
{
	json_t *j = json_loadb(a->body.p, a->body.n, 0, NULL);
	const json_t *r;
	struct buf out;
	size_t i;
	int rc, lost = 0;

	buf_init(&out, 1024 * 1024);
	json_array_foreach(json_object_get(j, "results"), i, r)
	{
		const char *result = json_string_value(json_object_get(r, "result"));

		lost |= result == NULL || strcmp(result, "recorded") != 0;
		show_string(json_object_get(r, "id"), &out);
		buf_adds(&out, "  ");
		show_string(json_object_get(r, "result"), &out);
		buf_adds(&out, "  ");
		show_string(json_object_get(r, "status"), &out);
		buf_addc(&out, '\n');
	}
	rc = s->json && j != NULL ? cmd_print_json(s, j) : show_print(&out);
	buf_done(&out);
	json_decref(j);
	return lost ? EXIT_REFUSED : rc;
}

static int
show_recorded(struct session *s, const struct http_answer *a)
{
	json_t *j = json_loadb(a->body.p, a->body.n, 0, NULL);
	struct buf out;
	int rc;

	buf_init(&out, 4096);
	show_string(json_object_get(j, "id"), &out);
	buf_adds(&out, "  ");
	show_string(json_object_get(j, "result"), &out);
	buf_adds(&out, "  by telephone\n");
	rc = s->json && j != NULL ? cmd_print_json(s, j) : show_print(&out);
	buf_done(&out);
	json_decref(j);
	return rc;
}

static int
post_to(struct session *s, const char *path, json_t *acks,
    int (*show)(struct session *s, const struct http_answer *a))
{
	char *text = json_dumps(acks, JSON_COMPACT);
	struct http_answer a;
	struct slice body;
	int rc;

	if (text == NULL)
		return session_say(EXIT_REFUSED, "out of memory");
	body = slice_of(text);
	http_answer_init(&a);
	rc = http_do(s, "POST", path, &body, NULL, &a);
	if (rc != 0)
		rc = http_unreached(s, rc);
	else if (a.status != 200)
		rc = http_refused(&a);
	else
		rc = show(s, &a);
	http_answer_done(&a);
	mem_free(text);
	return rc;
}

static int
post(struct session *s, json_t *acks)
{
	return post_to(s, "/v1/acks", acks, show_results);
}

/* One call each: it is about one member, and seldom about several bulletins. */
static int
by_phone(struct session *s, json_t *list, const char *receiver)
{
	struct session at;
	json_t *one;
	size_t i;
	int rc = session_desk(s, &at);

	json_array_foreach(list, i, one)
	{
		if (rc != EXIT_DONE)
			break;
		if (json_object_set_new(one, "receiver", json_string(receiver)) != 0 ||
		    json_object_set_new(one, "via", json_string("phone")) != 0)
			rc = session_say(EXIT_USAGE, "%s: not a receiver", receiver);
		else
			rc = post_to(&at, "/v1/acks/for", one, show_recorded);
	}
	return rc;
}

int
cmd_ack(struct session *s, int argc, char **argv)
{
	static const struct option names[] = { { "status", 1, NULL, 's' },
		{ "forwarded-to", 1, NULL, 'f' }, { "note", 1, NULL, 'n' },
		{ "phone", 1, NULL, 'p' }, { NULL, 0, NULL, 0 } };
	const char *status = "received", *note = NULL, *phone = NULL;
	char id[ID_HEX + 1], *end;
	json_t *list = json_array(), *one, *acks;
	long revision, forwarded = -1;
	int o, rc = EXIT_DONE;

	while (rc == EXIT_DONE && (o = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (o == 's') {
			status = optarg;
		} else if (o == 'n') {
			note = optarg;
		} else if (o == 'p') {
			phone = optarg;
		} else if (o == 'f') {
			forwarded = strtol(optarg, &end, 10);
			if (*end != '\0' || forwarded < 0)
				rc = session_say(
				    EXIT_USAGE, "--forwarded-to: expected a number");
		} else {
			rc = EXIT_USAGE;
		}
	}
	if (rc == EXIT_DONE && optind == argc)
		rc = session_say(EXIT_USAGE, "ack: expected NUMBER or ID[@REVISION] ...");
	for (; rc == EXIT_DONE && optind < argc; optind++) {
		rc = resolve(s, argv[optind], id, &revision);
		if (rc != EXIT_DONE)
			break;
		one = json_pack("{s:s, s:I, s:s, s:s*}", "id", id, "revision",
		    (json_int_t)revision, "status", status, "note", note);
		if (forwarded >= 0)
			(void)json_object_set_new(
			    one, "forwarded_to", json_integer((json_int_t)forwarded));
		if (json_array_append_new(list, one) != 0)
			rc = session_say(EXIT_REFUSED, "out of memory");
	}
	acks = json_pack("{s:O}", "acks", list);
	if (rc == EXIT_DONE)
		rc = phone != NULL ? by_phone(s, list, phone) : post(s, acks);
	json_decref(acks);
	json_decref(list);
	return rc;
}
