/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/paste_in.h"

#include <string.h>

#include "daemon/keeper/draft.h"
#include "daemon/keeper/words.h"
#include "proto/paste.h"

enum { SEVERITY = 2 }; /* until the desk has read it: nobody is paged at that */

static const char *const languages[] = { "ja", "en", NULL };

/* The fields beside the text, and that there are no others. */
static int
read_body(struct desk_call *c, json_t **ret)
{
	static const struct field table[] = {
		{ .name = "lang", .type = FIELD_WORD, .words = languages },
		{ .name = "severity", .type = FIELD_LEVEL },
		{ .name = "source", .type = FIELD_REFERENCES, .max = 1, .bytes = 2048 },
		{ .name = NULL },
	};
	struct report_check check = {
		.now_ms = c->now_ms, .lang = "ja", .why = &c->fault
	};
	json_t *rest, *source;
	int rc;

	if (c->json == NULL)
		return desk_fail(c, P_JSON_SYNTAX, NULL, "{\"text\":..,\"lang\":..}");
	if (!json_is_object(c->json))
		return desk_fail(c, P_WRONG_TYPE, "", "an object");
	if (json_object_get(c->json, "text") == NULL)
		return desk_fail(c, P_MISSING_FIELD, "/text", "what was pasted in");
	if (!json_is_string(json_object_get(c->json, "text")))
		return desk_fail(c, P_WRONG_TYPE, "/text", "a string");
	rest = json_copy((json_t *)(uintptr_t)c->json);
	if (rest == NULL || json_object_del(rest, "text") != 0) {
		json_decref(rest);
		return ERR_NOMEM;
	}
	source = json_object_get(rest, "source"); /* one of a list, for the one check */
	if (source != NULL &&
	    json_object_set_new(rest, "source", json_pack("[O]", source)) != 0)
		rc = ERR_NOMEM;
	else
		rc = report_object(&check, table, rest, NULL, ret);
	json_decref(rest);
	if (rc == ERR_INVALID)
		c->problem = c->fault.problem;
	return rc;
}

/* Where it came from stands first. */
static int
add_source(json_t *content, json_t *source)
{
	json_t *list;

	if (source == NULL)
		return 0;
	list = json_copy(source);
	if (list == NULL ||
	    json_array_extend(list, json_object_get(content, "references")) != 0 ||
	    (json_array_size(list) > PASTE_REFERENCES &&
		json_array_remove(list, PASTE_REFERENCES) != 0)) {
		json_decref(list);
		return ERR_NOMEM;
	}
	return json_object_set_new(content, "references", list) == 0 ? 0 : ERR_NOMEM;
}

static int
make(struct keeper *k, struct desk_call *c, const json_t *given, json_t *content, int cut)
{
	json_t *severity = json_object_get(given, "severity");
	struct draft_seed seed = { .content = content };
	uint8_t id[ID_LEN];
	int rc = add_source(content, json_object_get(given, "source"));

	if (rc == 0 &&
	    json_object_set_new(content, "severity",
		severity != NULL ? json_incref(severity) : json_integer(SEVERITY)) != 0)
		rc = ERR_NOMEM;
	if (rc == 0)
		rc = draft_make(k, c, &seed, id);
	if (rc != 0)
		return rc;
	c->created = 1;
	desk_ref(c, id);
	buf_addf(c->out, "{\"cut\":%s,", cut ? "true" : "false");
	words_id("draft", id, c->out);
	buf_addf(c->out, ",\"indicators\":%zu,\"references\":%zu}",
	    json_array_size(json_object_get(content, "indicators")),
	    json_array_size(json_object_get(content, "references")));
	return buf_err(c->out);
}

int
paste_in(struct keeper *k, struct desk_call *c)
{
	json_t *given = NULL, *content = NULL;
	const char *lang = NULL;
	struct slice text;
	int cut = 0, rc = read_body(c, &given);

	if (rc == 0) {
		text.p = json_string_value(json_object_get(c->json, "text"));
		text.n = json_string_length(json_object_get(c->json, "text"));
		lang = json_string_value(json_object_get(given, "lang"));
		rc = paste_read(text, lang != NULL ? lang : "ja", k->charsets, &content,
		    &cut, &c->fault);
		if (rc == ERR_INVALID)
			c->problem = c->fault.problem;
		if (rc == ERR_LIMIT)
			rc = desk_fail(c, P_TOO_LARGE, "/text", "at most 128 KiB");
	}
	if (rc == 0)
		rc = make(k, c, given, content, cut);
	json_decref(given);
	json_decref(content);
	return rc;
}
