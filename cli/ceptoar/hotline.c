/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/ceptoar/desk.h"

/* The hotline at the centre's desk. */

enum { OUT_MAX = 1024 * 1024 };

static void
add(const json_t *o, const char *key, struct buf *out)
{
	const json_t *v = json_object_get(o, key);

	if (json_is_string(v)) {
		buf_adds(out, "  ");
		show_string(v, out);
	}
}

static int
number_of(const json_t *o, const char *key)
{
	return (int)json_integer_value(json_object_get(o, key));
}

static void
show_call(const json_t *c, struct buf *out)
{
	show_string(json_object_get(c, "state"), out);
	add(c, "since", out);
	buf_addf(out, "  %s %d min",
	    json_is_string(json_object_get(c, "first_contact"))	 ? "answered after"
	    : json_is_string(json_object_get(c, "withdrawn_at")) ? "withdrawn after"
								 : "waits",
	    number_of(c, "waited"));
	add(c, "kind", out);
	buf_addf(out, "  level %d", number_of(c, "level"));
	add(c, "ceptoar", out);
	buf_adds(out, "\n  case");
	add(c, "case", out);
	buf_addc(out, '\n');
}

static void
show_page(const json_t *p, struct buf *out)
{
	const json_t *list, *one;
	size_t i;

	buf_adds(out, "page  ");
	show_string(json_object_get(p, "state"), out);
	add(p, "since", out);
	buf_addf(out, "  %d calls:", number_of(p, "calls"));
	list = json_object_get(p, "sectors");
	json_array_foreach(list, i, one)
	{
		add(one, "sector", out);
		buf_addf(out, " %d", number_of(one, "calls"));
	}
	buf_adds(out, "\n  id");
	add(p, "id", out);
	list = json_object_get(p, "paged");
	json_array_foreach(list, i, one)
	{
		buf_adds(out, "\n  paged");
		add(one, "who", out);
		add(one, "at", out);
	}
	buf_addc(out, '\n');
}

static int
hotline_list(struct session *s)
{
	const json_t *one;
	json_t *j = NULL;
	struct buf out;
	size_t i;
	int rc = cmd_get(s, "/v1/hotline", &j);

	if (rc != EXIT_DONE)
		return rc;
	buf_init(&out, OUT_MAX);
	json_array_foreach(json_object_get(j, "calls"), i, one) show_call(one, &out);
	json_array_foreach(json_object_get(j, "pages"), i, one) show_page(one, &out);
	rc = s->json ? cmd_print_json(s, j) : show_print(&out);
	buf_done(&out);
	json_decref(j);
	return rc;
}

/* By the name that the centre has for the person, else by the id. */
static void
show_person(struct session *s, const json_t *id, struct buf *out)
{
	json_t *j = NULL;
	struct buf path;
	struct http_answer a;

	buf_init(&path, 512);
	buf_adds(&path, "/v1/names");
	cmd_query(&path, "person", json_string_value(id));
	http_answer_init(&a);
	if (http_do(s, "GET", buf_cstr(&path), NULL, NULL, &a) == 0 && a.status == 200)
		j = json_loadb(a.body.p, a.body.n, 0, NULL);
	show_string(j != NULL ? json_object_get(j, "id") : id, out);
	http_answer_done(&a);
	json_decref(j);
	buf_done(&path);
}

static int
hotline_ack(struct session *s, const char *id)
{
	const json_t *person;
	json_t *answer = NULL;
	char path[DESK_PATH];
	struct buf out;
	int rc = desk_path(path, "hotline", id, "/ack");

	if (rc == EXIT_DONE)
		rc = desk_call(s, "POST", path, NULL, &answer);
	person = json_object_get(answer, "person");
	if (rc != EXIT_DONE || s->json || json_is_true(json_object_get(answer, "mine")) ||
	    !json_is_string(person))
		return rc == EXIT_DONE ? desk_print(s, answer) : rc;
	buf_init(&out, 1024);
	buf_adds(&out, "somebody else has it: ");
	show_person(s, person, &out);
	buf_adds(&out, ", since ");
	show_string(json_object_get(answer, "taken_at"), &out);
	buf_addc(&out, '\n');
	json_decref(answer);
	return show_print(&out);
}

/* The words are read out once; no key, for no answer of this is kept. */
static int
hotline_open(struct session *s, int argc, char **argv)
{
	struct http_answer a;
	json_t *words = json_object(), *j = NULL;
	struct slice text;
	struct buf b;
	int i, rc = words != NULL ? EXIT_DONE : EXIT_REFUSED;

	for (i = 1; rc == EXIT_DONE && i < argc; i++)
		if (strcmp(argv[i], "--blind") == 0)
			rc = json_object_set_new(words, "listener", json_string("blind"));
		else if (strcmp(argv[i], "--ceptoar") == 0 && i + 1 < argc)
			rc =
			    json_object_set_new(words, "ceptoar", json_string(argv[++i]));
		else
			rc = session_say(
			    EXIT_USAGE, "hotline: open [--ceptoar SLUG] [--blind]");
	buf_init(&b, 1024);
	if (rc == EXIT_DONE && json_canonical(words, &b) != 0)
		rc = session_say(EXIT_USAGE, "the text cannot be sent");
	json_decref(words);
	text = buf_slice(&b);
	http_answer_init(&a);
	if (rc == EXIT_DONE) {
		rc = http_do(s, "POST", "/v1/hotline", &text, NULL, &a);
		if (rc != 0)
			rc = http_unreached(s, rc);
		else if (a.status != 201)
			rc = http_refused(&a);
		else
			j = json_loadb(a.body.p, a.body.n, 0, NULL);
	}
	buf_reset(&b);
	if (j != NULL) {
		buf_adds(&b, "case  ");
		show_string(json_object_get(j, "case"), &b);
		buf_addf(&b, "\n%s",
		    json_string_value(json_object_get(j, "words")) != NULL
			? json_string_value(json_object_get(j, "words"))
			: "");
		rc = s->json ? cmd_print_json(s, j) : show_print(&b);
	}
	http_answer_done(&a);
	json_decref(j);
	buf_wipe(&b);
	return rc;
}

int
cmd_hotline(struct session *s, int argc, char **argv)
{
	if (argc == 1 || (argc == 2 && strcmp(argv[1], "list") == 0))
		return hotline_list(s);
	if (argc == 3 && strcmp(argv[1], "ack") == 0)
		return hotline_ack(s, argv[2]);
	if (strcmp(argv[1], "open") == 0)
		return hotline_open(s, argc - 1, argv + 1);
	return session_say(EXIT_USAGE, "hotline: list, ack ID or open");
}
