/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/case_message.h"

#include "proto/report_field.h"
#include "proto/scrub.h"

static const char *const languages[] = { "ja", "en" };

static struct slice
text_of(const json_t *j)
{
	return (struct slice){ json_string_value(j), json_string_length(j) };
}

/* Too long is told apart from what is wrong, and before anything is looked at. */
static int
check_size(const json_t *text, size_t most, struct fault *why)
{
	struct json_at at = { .key = "text" }, leaf = { .up = &at };
	size_t i;

	if (text_of(text).n > most)
		return fault_set(why, P_TOO_LARGE, &at, NULL);
	for (i = 0; i < 2; i++) {
		leaf.key = languages[i];
		if (text_of(json_object_get(text, leaf.key)).n > most)
			return fault_set(why, P_TOO_LARGE, &leaf, NULL);
	}
	return 0;
}

int
message_check(const json_t *in, size_t most, json_t **ret, struct fault *why)
{
	const struct field table[] = {
		{ "text", FIELD_BLOCK, 1, 0, (unsigned)most, NULL, NULL },
		{ NULL, FIELD_BLOCK, 0, 0, 0, NULL, NULL },
	};
	struct report_check c = { .now_ms = INT64_MAX, .lang = "ja", .why = why };
	int rc;

	rc = check_size(json_object_get(in, "text"), most, why);
	return rc != 0 ? rc : report_object(&c, table, in, NULL, ret);
}

int
message_is_public(const json_t *message, struct fault *why)
{
	struct json_at at = { .key = "text" }, leaf = { .up = &at };
	const json_t *j;
	size_t i;

	for (i = 0; i < 2; i++) {
		leaf.key = languages[i];
		j = json_object_get(json_object_get(message, "text"), leaf.key);
		if (j != NULL && scrub_text_reveals(text_of(j), NULL))
			return fault_set(why, P_NOT_PUBLIC, &leaf, NULL);
	}
	return 0;
}
