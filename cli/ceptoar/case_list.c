/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/ceptoar/case.h"

/* The cases whose secret is kept here, with what the hub says of each. */

static void
show_line(const char *id, const json_t *state, const char *instead, struct buf *out)
{
	const json_t *b = json_object_get(state, "bulletin");
	int unread = (int)json_integer_value(json_object_get(state, "unread"));

	buf_addf(out, "%s  ", id);
	if (state == NULL) {
		buf_addf(out, "%s\n", instead);
		return;
	}
	show_string(json_object_get(state, "state"), out);
	if (json_is_object(b)) {
		buf_adds(out, "  ");
		show_string(json_object_get(b, "number"), out);
		buf_addf(out, " rev. %d",
		    (int)json_integer_value(json_object_get(b, "revision")));
	}
	buf_addf(out, "  %d messages",
	    (int)json_integer_value(json_object_get(state, "messages")));
	if (unread > 0)
		buf_addf(out, ", %d not answered", unread);
	buf_addc(out, '\n');
}

static int
list_one(
    const struct session *s, const char *id, int offline, json_t *list, struct buf *out)
{
	const char *instead = "not asked";
	struct case_ref c;
	json_t *state = NULL, *entry;
	int rc = case_find(s, id, CASE_AS_HOLDER, &c);

	/* Asked in one go, blind cases would be known as those of one reporter. */
	if (rc == EXIT_DONE && c.blind)
		instead = "blind: asked for by \"case show\" alone";
	else if (rc == EXIT_DONE && !offline)
		rc = case_ask(&c, "GET", "", &state);
	if (rc != EXIT_DONE)
		instead = "no answer";
	case_done(&c);
	show_line(id, state, instead, out);
	entry = json_pack("{s:s,s:o?}", "case", id, "state", state);
	if (entry == NULL || json_array_append_new(list, entry) != 0)
		return session_say(EXIT_REFUSED, "out of memory");
	return rc;
}

static int
show_all(const struct session *s, int offline, json_t *cases, struct buf *out)
{
	char id[CASE_HEX + 1];
	const char *line, *end;
	struct buf names;
	int one, rc = EXIT_DONE;

	buf_init(&names, 1024 * 1024);
	state_list(s, "case-", &names);
	for (line = buf_cstr(&names); *line != '\0'; line = end + (*end == '\n')) {
		end = line + strcspn(line, "\n");
		if (end - line != CASE_HEX + 5)
			continue;
		memcpy(id, line + 5, CASE_HEX);
		id[CASE_HEX] = '\0';
		one = list_one(s, id, offline, cases, out);
		if (one != EXIT_DONE)
			rc = one;
	}
	buf_done(&names);
	return rc;
}

static void
show_pending(const struct session *s, json_t *pending, struct buf *out)
{
	const char *line, *end;
	struct buf names;

	buf_init(&names, 1024 * 1024);
	state_list(s, "pending-", &names);
	for (line = buf_cstr(&names); *line != '\0'; line = end + (*end == '\n')) {
		end = line + strcspn(line, "\n");
		buf_addf(out, "%.*s  not answered: ceptoar report --again %.*s\n",
		    (int)(end - line), line, (int)(end - line), line);
		(void)json_array_append_new(
		    pending, json_stringn(line, (size_t)(end - line)));
	}
	buf_done(&names);
}

int
case_list(struct session *s, int argc, char **argv)
{
	int offline = argc == 2 && strcmp(argv[1], "--offline") == 0, rc, printed;
	json_t *cases, *pending;
	struct buf out;

	if (argc > 2 || (argc == 2 && !offline))
		return session_say(EXIT_USAGE, "case list: [--offline]");
	cases = json_array();
	pending = json_array();
	buf_init(&out, 1024 * 1024);
	rc = show_all(s, offline, cases, &out);
	show_pending(s, pending, &out);
	if (s->json) {
		json_t *j = json_pack("{s:O,s:O}", "cases", cases, "pending", pending);

		printed = cmd_print_json(s, j);
		json_decref(j);
		buf_done(&out);
	} else {
		printed = show_print(&out);
	}
	json_decref(cases);
	json_decref(pending);
	return printed != EXIT_DONE ? printed : rc;
}
