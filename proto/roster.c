/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/roster.h"

#include <string.h>

#include "proto/duty.h"
#include "proto/member_field.h"

enum { DAY_MINUTES = 24 * 60 };

static const json_t *
shift_at(const json_t *roster, size_t i)
{
	return json_array_get(json_object_get(roster, "shifts"), i);
}

/* "2026-12-01", the whole day, or "2026-12-01T17:30".  For a day `end` gives the moment
 * after it. */
static int
read_moment(const json_t *j, int end, int64_t *ret)
{
	const char *s = json_string_value(j);
	char date[11] = "";
	int64_t day;
	int m = 0;

	if (s == NULL || (strlen(s) != 10 && strlen(s) != 16))
		return ERR_INVALID;
	memcpy(date, s, 10);
	if (duty_date(date, &day) != 0)
		return ERR_INVALID;
	if (s[10] != '\0') {
		if (s[10] != 'T' || s[13] != ':' || strspn(s + 11, "0123456789") != 2 ||
		    strspn(s + 14, "0123456789") != 2)
			return ERR_INVALID;
		m = ((s[11] - '0') * 10 + s[12] - '0') * 60 + (s[14] - '0') * 10 + s[15] -
		    '0';
		if (m >= DAY_MINUTES || s[14] > '5')
			return ERR_INVALID;
	} else if (end) {
		day++;
	}
	*ret = duty_day_ms(day) / 60000 + m;
	return 0;
}

int
roster_get(const json_t *roster, size_t i, struct vault_shift *ret)
{
	const json_t *j = shift_at(roster, i), *order = json_object_get(j, "order");
	const char *id = json_string_value(json_object_get(j, "member"));
	const char *person = json_string_value(json_object_get(j, "person"));

	memset(ret, 0, sizeof *ret);
	if (id == NULL || person == NULL ||
	    read_moment(json_object_get(j, "from"), 0, &ret->from) != 0 ||
	    read_moment(json_object_get(j, "to"), 1, &ret->to) != 0)
		return ERR_NOTFOUND;
	(void)snprintf(ret->id, sizeof ret->id, "%s", id);
	(void)snprintf(ret->person, sizeof ret->person, "%s", person);
	ret->order = order != NULL ? (uint8_t)json_integer_value(order) : 1;
	return 0;
}

static int
check_shift(const json_t *j, const struct json_at *at, struct fault *why)
{
	static const char *const keys[] = { "member", "person", "from", "to", "order",
		NULL };
	struct json_at leaf = { at, "member", 0 };
	const json_t *order = json_object_get(j, "order");
	int64_t from = 0, to = 0;
	int r;

	if (!json_is_object(j))
		return fault_set(why, P_WRONG_TYPE, at, "an object");
	r = member_known(j, keys, at, why);
	if (r == 0)
		r = member_id(json_object_get(j, "member"), &leaf, why);
	leaf.key = "person";
	if (r == 0)
		r = member_id(json_object_get(j, "person"), &leaf, why);
	leaf.key = "from";
	if (r == 0 && read_moment(json_object_get(j, "from"), 0, &from) != 0)
		r = fault_set(why, P_INVALID_FIELD, &leaf,
		    "a day of Japan's calendar, 2026-12-01, or 2026-12-01T17:30");
	leaf.key = "to";
	if (r == 0 && read_moment(json_object_get(j, "to"), 1, &to) != 0)
		r = fault_set(why, P_INVALID_FIELD, &leaf,
		    "a day of Japan's calendar, 2026-12-01, or 2026-12-01T17:30");
	if (r == 0 && to <= from)
		r = fault_set(why, P_INVALID_FIELD, &leaf, "later than \"from\"");
	if (r == 0 && to - from > SHIFT_MINUTES_MAX)
		r = fault_set(why, P_INVALID_FIELD, &leaf, "at most 366 days");
	leaf.key = "order";
	if (r == 0 && order != NULL &&
	    (!json_is_integer(order) || json_integer_value(order) < 1 ||
		json_integer_value(order) > SHIFT_ORDER_MAX))
		r = fault_set(why, P_INVALID_FIELD, &leaf, "1 to 9");
	return r;
}

/* Is the i-th at a time of an earlier one of the same person? */
static int
is_double(const json_t *roster, size_t i)
{
	struct vault_shift a, b;
	size_t k;

	if (roster_get(roster, i, &a) != 0)
		return 0;
	for (k = 0; k < i; k++) {
		/* Strings first: most are somebody else's. */
		if (strcmp(a.person, json_string_value(json_object_get(
					 shift_at(roster, k), "person"))) != 0)
			continue;
		if (roster_get(roster, k, &b) == 0 && strcmp(a.id, b.id) == 0 &&
		    a.from < b.to && b.from < a.to)
			return 1;
	}
	return 0;
}

static int
check(const json_t *file, struct fault *why)
{
	static const char *const keys[] = { "shifts", NULL };
	struct json_at top = { NULL, "shifts", 0 }, entry = { &top, NULL, 0 };
	const json_t *list = json_object_get(file, "shifts");
	int r;

	if (!json_is_object(file))
		return fault_set(why, P_WRONG_TYPE, NULL, "an object with \"shifts\"");
	r = member_known(file, keys, NULL, why);
	if (r != 0)
		return r;
	if (list == NULL)
		return fault_set(why, P_MISSING_FIELD, &top, NULL);
	if (!json_is_array(list))
		return fault_set(why, P_WRONG_TYPE, &top, "a list");
	if (json_array_size(list) > SHIFTS_MAX)
		return fault_set(why, P_TOO_LARGE, &top, "at most 4096 shifts");
	for (; r == 0 && entry.index < json_array_size(list); entry.index++) {
		r = check_shift(json_array_get(list, entry.index), &entry, why);
		if (r == 0 && is_double(file, entry.index))
			r = fault_set(why, P_INVALID_FIELD, &entry,
			    "this person is on duty then by an earlier one");
	}
	return r;
}

int
roster_read(struct slice text, json_t **ret, struct fault *why)
{
	static const struct json_caps caps = {
		.bytes = 4 * 1024 * 1024, .depth = 6, .nodes = 100000, .string = 4096
	};
	json_t *file;
	int r = json_read(text, &caps, &file, why);

	if (r != 0)
		return r;
	r = check(file, why);
	if (r != 0) {
		json_decref(file);
		return r;
	}
	*ret = file;
	return 0;
}

size_t
roster_count(const json_t *roster)
{
	return json_array_size(json_object_get(roster, "shifts"));
}
