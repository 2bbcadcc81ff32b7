/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/ceptoar/desk.h"

/* Which receiver a member is, and who a receiver: as far as this desk may know it. */
enum { ID_HEX = 32, OUT_MAX = 1024 * 1024, MEMBER_MAX = 64 };

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
