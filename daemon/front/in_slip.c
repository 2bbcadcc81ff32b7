/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "daemon/front/in_report.h"
#include "proto/msg_put.h"
#include "proto/taxonomy.h"

/* {"to": "centre" or a CEPTOAR, "box": base64url of what only that desk can open}. */

static int
read_desk(const json_t *to, const struct json_at *at, const struct taxonomy *t,
    uint8_t *ret, struct fault *why)
{
	struct slice s = { json_string_value(to), json_string_length(to) };
	unsigned slot;

	if (to == NULL)
		return fault_set(why, P_MISSING_FIELD, at, NULL);
	if (s.p == NULL)
		return fault_set(why, P_WRONG_TYPE, at, "a string");
	slot = slice_eq(s, "centre") ? SLOT_NONE : taxonomy_slot(t, s);
	if (slot == SLOT_NONE && !slice_eq(s, "centre"))
		return fault_set(why, P_INVALID_FIELD, at, "\"centre\" or a CEPTOAR");
	*ret = (uint8_t)slot;
	return 0;
}

static int
read_box(const json_t *box, const struct json_at *at, unsigned char *room, size_t *ret_n,
    struct fault *why)
{
	struct slice s = { json_string_value(box), json_string_length(box) };
	long n;

	if (box == NULL)
		return fault_set(why, P_MISSING_FIELD, at, NULL);
	if (s.p == NULL)
		return fault_set(why, P_WRONG_TYPE, at, "a string");
	n = b64url_decode(s, room, SLIP_MAX);
	if (n == ERR_LIMIT)
		return fault_set(why, P_TOO_LARGE, at, "at most 2 KiB");
	if (n <= 0)
		return fault_set(why, P_INVALID_FIELD, at, "base64url without padding");
	*ret_n = (size_t)n;
	return 0;
}

int
in_slip_take(json_t *in, const struct taxonomy *t, unsigned char room[SLIP_MAX],
    size_t *ret_n, uint8_t *ret_desk, struct fault *why)
{
	struct json_at slip = { .key = "slip" }, leaf = { .up = &slip };
	json_t *v = json_object_get(in, "slip");
	const char *key;
	json_t *member;
	int rc;

	*ret_n = 0;
	if (v == NULL)
		return 0;
	if (!json_is_object(v))
		return fault_set(why, P_WRONG_TYPE, &slip, "an object of to and box");
	json_object_foreach(v, key, member)
	{
		leaf.key = key;
		if (strcmp(key, "to") != 0 && strcmp(key, "box") != 0)
			return fault_set(why, P_UNKNOWN_FIELD, &leaf, NULL);
	}
	leaf.key = "to";
	rc = read_desk(json_object_get(v, "to"), &leaf, t, ret_desk, why);
	leaf.key = "box";
	if (rc == 0)
		rc = read_box(json_object_get(v, "box"), &leaf, room, ret_n, why);
	if (rc == 0)
		(void)json_object_del(in, "slip");
	return rc;
}
