/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/member_person.h"

#include <string.h>

#include "proto/member_contact.h"
#include "proto/member_field.h"

static const struct {
	const char *word;
	uint8_t bit;
} duties[] = { { "reporter", DUTY_REPORTER }, { "desk", DUTY_DESK },
	{ "duty_officer", DUTY_OFFICER }, { "machine", DUTY_MACHINE } },
  langs[] = { { "ja", LANG_JA }, { "en", LANG_EN } };

static uint8_t
duty_of(const json_t *j)
{
	const char *s = json_string_value(j);
	size_t i;

	for (i = 0; s != NULL && i < sizeof duties / sizeof duties[0]; i++)
		if (strcmp(s, duties[i].word) == 0)
			return duties[i].bit;
	return 0;
}

static uint8_t
lang_of(const json_t *j)
{
	const char *s = json_string_value(j);
	size_t i;

	for (i = 0; s != NULL && i < sizeof langs / sizeof langs[0]; i++)
		if (strcmp(s, langs[i].word) == 0)
			return langs[i].bit;
	return 0;
}

/* A list of words, at least one, each known and once. */
static int
check_words(const json_t *list, uint8_t (*bit_of)(const json_t *), const char *wants,
    const struct json_at *at, struct fault *why)
{
	struct json_at leaf = { at, NULL, 0 };
	unsigned seen = 0, bit;

	if (!json_is_array(list))
		return fault_set(why, P_WRONG_TYPE, at, "a list");
	if (json_array_size(list) == 0)
		return fault_set(why, P_INVALID_FIELD, at, "at least one");
	for (; leaf.index < json_array_size(list); leaf.index++) {
		bit = bit_of(json_array_get(list, leaf.index));
		if (bit == 0)
			return fault_set(why, P_INVALID_FIELD, &leaf, wants);
		if ((seen & bit) != 0)
			return fault_set(why, P_INVALID_FIELD, &leaf, "each once");
		seen |= bit;
	}
	return 0;
}

static int
check_person(const json_t *j, size_t *terms, const struct json_at *at, struct fault *why)
{
	static const char *const keys[] = { "id", "names", "duties", "languages",
		"contacts", NULL };
	struct json_at leaf = { at, "id", 0 };
	const json_t *e;
	int r;

	if (!json_is_object(j))
		return fault_set(why, P_WRONG_TYPE, at, "an object");
	r = member_known(j, keys, at, why);
	if (r == 0)
		r = member_id(json_object_get(j, "id"), &leaf, why);
	leaf.key = "duties";
	e = json_object_get(j, "duties");
	if (r == 0 && e == NULL)
		r = fault_set(why, P_MISSING_FIELD, &leaf, NULL);
	if (r == 0)
		r = check_words(
		    e, duty_of, "reporter, desk, duty_officer or machine", &leaf, why);
	leaf.key = "names";
	e = json_object_get(j, "names");
	if (r == 0 && e != NULL)
		r = member_names(e, terms, &leaf, why);
	leaf.key = "languages";
	e = json_object_get(j, "languages");
	if (r == 0 && e != NULL)
		r = check_words(e, lang_of, "\"ja\" or \"en\"", &leaf, why);
	leaf.key = "contacts";
	e = json_object_get(j, "contacts");
	return r == 0 && e != NULL ? member_contacts_check(e, &leaf, why) : r;
}

/* The i-th id again among those before it? */
static int
is_twice(const json_t *list, size_t i)
{
	const char *id =
	    json_string_value(json_object_get(json_array_get(list, i), "id"));
	size_t k;

	for (k = 0; k < i; k++)
		if (strcmp(id, json_string_value(
				   json_object_get(json_array_get(list, k), "id"))) == 0)
			return 1;
	return 0;
}

int
member_persons_check(
    const json_t *list, size_t *terms, const struct json_at *at, struct fault *why)
{
	struct json_at entry = { at, NULL, 0 }, leaf = { &entry, "id", 0 };
	int r = 0;

	if (!json_is_array(list))
		return fault_set(why, P_WRONG_TYPE, at, "a list");
	if (json_array_size(list) > PERSONS_MAX)
		return fault_set(why, P_TOO_LARGE, at, "at most 64 persons");
	for (; r == 0 && entry.index < json_array_size(list); entry.index++) {
		r = check_person(json_array_get(list, entry.index), terms, &entry, why);
		if (r == 0 && is_twice(list, entry.index))
			r = fault_set(why, P_INVALID_FIELD, &leaf,
			    "another person of this member has this id");
	}
	return r;
}

void
member_names_get(
    const json_t *names, const char *id, const char *person, struct vault_names *ret)
{
	const char *ja = json_string_value(json_object_get(names, "ja"));
	const char *en = json_string_value(json_object_get(names, "en"));

	memset(ret, 0, sizeof *ret);
	(void)snprintf(ret->id, sizeof ret->id, "%s", id);
	(void)snprintf(ret->person, sizeof ret->person, "%s", person);
	if (ja == NULL)
		ja = en;
	if (en == NULL)
		en = ja;
	if (ja == NULL)
		return;
	(void)snprintf(ret->ja, sizeof ret->ja, "%s", ja);
	(void)snprintf(ret->en, sizeof ret->en, "%s", en);
}

const char *
member_person_lang(const json_t *j)
{
	return lang_of(json_array_get(json_object_get(j, "languages"), 0)) == LANG_EN
		   ? "en"
		   : "ja";
}

void
member_person_get(const json_t *j, const char *id, struct vault_person *ret,
    struct vault_names *ret_names)
{
	const json_t *list = json_object_get(j, "duties");
	const char *person = json_string_value(json_object_get(j, "id"));
	size_t i;

	memset(ret, 0, sizeof *ret);
	(void)snprintf(ret->id, sizeof ret->id, "%s", id);
	(void)snprintf(ret->person, sizeof ret->person, "%s", person);
	for (i = 0; i < json_array_size(list); i++)
		ret->duties |= duty_of(json_array_get(list, i));
	list = json_object_get(j, "languages");
	for (i = 0; i < json_array_size(list); i++)
		ret->langs |= lang_of(json_array_get(list, i));
	if (ret->langs == 0)
		ret->langs = LANG_JA;
	member_names_get(json_object_get(j, "names"), id, person, ret_names);
}
