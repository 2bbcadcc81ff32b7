/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/ceptoar/desk.h"

/* Which receiver a member is, and who a receiver: as far as this desk may know it. */
enum {
	ID_HEX = 32,
	OUT_MAX = 1024 * 1024,
	MEMBER_MAX = 64,
	AT_ONCE = 100, /* as many as the hub takes */
	IDS_MAX = AT_ONCE * (ID_HEX + 1),
	TARGET_MAX = 4096,
};

/* What the hub says of one of them; 404 looks the same whatever the reason. */
static int
ask(struct session *s, const char *who, json_t **ret)
{
	int is_receiver =
	    strlen(who) == ID_HEX && strspn(who, "0123456789abcdef") == ID_HEX;
	struct buf path;
	int rc;

	if (who[0] == '\0' || strlen(who) >= MEMBER_MAX)
		return session_say(
		    EXIT_USAGE, "%s: neither a member nor a receiver", who);
	buf_init(&path, 512);
	buf_adds(&path, "/v1/names");
	cmd_query(&path, is_receiver ? "receiver" : "member", who);
	rc = cmd_get(s, buf_cstr(&path), ret);
	buf_done(&path);
	if (rc != EXIT_DONE)
		(void)session_say(rc, "%s: no member that this desk may know", who);
	return rc;
}

int
cmd_names(struct session *s, int argc, char **argv)
{
	json_t *j = NULL;
	struct buf out;
	int i, rc = EXIT_DONE;

	if (argc < 2)
		return session_say(EXIT_USAGE, "names: expected members or receivers");
	for (i = 1; rc == EXIT_DONE && i < argc; i++) {
		rc = ask(s, argv[i], &j);
		if (rc == EXIT_DONE && s->json) {
			rc = cmd_print_json(s, j);
		} else if (rc == EXIT_DONE) {
			buf_init(&out, OUT_MAX);
			show_string(json_object_get(j, "receiver"), &out);
			buf_adds(&out, "  ");
			show_string(json_object_get(j, "id"), &out);
			buf_adds(&out, "  ");
			show_text(s, j, "names", &out);
			buf_addc(&out, '\n');
			rc = show_print(&out);
		}
		json_decref(j);
		j = NULL;
	}
	return rc;
}

int
names_fill(struct session *s, json_t *content)
{
	json_t *audience = json_object_get(content, "audience"), *answer = NULL;
	json_t *members = json_object_get(audience, "members"), *to, *m;
	const char *who;
	size_t i = 0;
	int rc = EXIT_DONE;

	if (members == NULL)
		return EXIT_DONE;
	to = json_object_get(audience, "receivers");
	to = to != NULL ? json_incref(to) : json_array();
	json_array_foreach(members, i, m)
	{
		who = json_string_value(m);
		rc = who != NULL && json_is_array(to)
			 ? ask(s, who, &answer)
			 : session_say(EXIT_USAGE, "audience.members: a list of members");
		if (rc == EXIT_DONE &&
		    json_array_append(to, json_object_get(answer, "receiver")) != 0)
			rc = session_say(EXIT_REFUSED, "out of memory");
		json_decref(answer);
		answer = NULL;
		if (rc != EXIT_DONE)
			break;
	}
	if (rc == EXIT_DONE &&
	    (!json_is_array(members) || json_object_set(audience, "receivers", to) != 0 ||
		json_object_del(audience, "members") != 0))
		rc = session_say(EXIT_USAGE, "audience.members: a list of members");
	json_decref(to);
	return rc;
}

void
names_begin(struct names_told *t, struct session *s, const char *bulletin)
{
	t->s = s;
	t->bulletin = bulletin;
	t->of = json_object();
	t->n = 0;
	buf_init(&t->ids, IDS_MAX);
}

void
names_want(struct names_told *t, const char *receiver)
{
	if (receiver == NULL || strnlen(receiver, ID_HEX) < ID_HEX)
		return;
	if (t->n > 0)
		buf_addc(&t->ids, ',');
	buf_add(&t->ids, receiver, ID_HEX);
	if (++t->n == AT_ONCE)
		names_ask(t);
}

void
names_ask(struct names_told *t)
{
	struct http_answer a;
	json_t *j = NULL, *one;
	struct buf path;
	size_t i;

	if (t->n == 0)
		return;
	buf_init(&path, TARGET_MAX);
	buf_adds(&path, "/v1/names");
	cmd_query(&path, "receivers", buf_cstr(&t->ids));
	cmd_query(&path, "bulletin", t->bulletin);
	http_answer_init(&a);
	if (buf_err(&path) == 0 &&
	    http_do(t->s, "GET", buf_cstr(&path), NULL, NULL, &a) == 0 && a.status == 200)
		j = json_loadb(a.body.p, a.body.n, 0, NULL);
	json_array_foreach(json_object_get(j, "names"), i, one)
	{
		const char *who = json_string_value(json_object_get(one, "receiver"));

		if (who != NULL)
			(void)json_object_set(t->of, who, one);
	}
	json_decref(j);
	http_answer_done(&a);
	buf_done(&path);
	buf_reset(&t->ids);
	t->n = 0;
}

void
names_end(struct names_told *t)
{
	json_decref(t->of);
	buf_done(&t->ids);
}
