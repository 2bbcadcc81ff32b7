/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/member_contact.h"

#include <string.h>

#include "proto/member_field.h"

/* jansson's iterators want what they do not change. */
union object {
	const json_t *in;
	json_t *out;
};

/* Words that say what the value is, and what it has to look like. */
static const struct {
	const char *word;
	unsigned kind;
	const char *wants;
} words[] = {
	{ "mail", CONTACT_MAIL, "a mail address, such as csirt@example.jp" },
	{ "webhook", CONTACT_WEBHOOK, "a web address that begins with https://" },
	{ "telephone", CONTACT_TELEPHONE, "a telephone number" },
	{ "sms", CONTACT_SMS, "a telephone number" },
	{ "voice", CONTACT_VOICE, "a telephone number" },
};
enum { WORDS = sizeof words / sizeof words[0] };

static int
is_mail(const char *s)
{
	const char *at = strchr(s, '@');

	return at != NULL && at != s && at[1] != '\0' && strchr(at + 1, '@') == NULL &&
	       strpbrk(s, " \"<>(),;:\\") == NULL;
}

static int
is_web(const char *s)
{
	return contact_is_https(s) && strpbrk(s, " \"<>\\") == NULL;
}

static int
looks_like(unsigned kind, const char *s)
{
	switch (kind) {
	case CONTACT_MAIL:
		return is_mail(s);
	case CONTACT_WEBHOOK:
		return is_web(s);
	default:
		return strpbrk(s, "0123456789") != NULL && strchr(s, '@') == NULL;
	}
}

/* The kind of a value under another word, or under none; 0: no route. */
static unsigned
by_look(const char *s)
{
	if (strstr(s, "://") != NULL)
		return is_web(s) ? CONTACT_WEBHOOK : 0;
	if (strchr(s, '@') != NULL)
		return is_mail(s) ? CONTACT_MAIL : 0;
	return strpbrk(s, "0123456789") != NULL ? CONTACT_TELEPHONE : 0;
}

/* Words beside the routes that say what they are. */
static int
is_no_route(const char *word)
{
	static const char *const others[] = { "name", "lang", "secret", "pin" };
	size_t i;

	for (i = 0; i < sizeof others / sizeof others[0]; i++)
		if (strcmp(word, others[i]) == 0)
			return 1;
	return member_is_remark(word);
}

static unsigned
kind_of(const char *word, const char *value)
{
	size_t i;

	for (i = 0; i < WORDS; i++)
		if (strcmp(word, words[i].word) == 0)
			return words[i].kind;
	return is_no_route(word) ? 0 : by_look(value);
}

/* A web address under another word, or under none, is a webhook: then it has to be one.
 */
static int
check_look(const char *value, const struct json_at *at, struct fault *why)
{
	if (strstr(value, "://") != NULL && !is_web(value))
		return fault_set(
		    why, P_INVALID_FIELD, at, "a web address that begins with https://");
	return 0;
}

/* What there is only beside a webhook: its secret, or the pin of its server. */
static int
check_secret(const json_t *item, const char *word, const char *hex,
    const struct json_at *at, struct fault *why)
{
	unsigned char secret[CONTACT_SECRET];

	if (json_object_get(item, "webhook") == NULL)
		return fault_set(why, P_INVALID_FIELD, at, "only beside \"webhook\"");
	if (strcmp(word, "pin") == 0)
		return contact_pin_ok(hex) ? 0
					   : fault_set(why, P_INVALID_FIELD, at,
						 "sha256// and base64 of 32 bytes, or "
						 "two of these with ; between");
	if (hex_decode(slice_of(hex), secret, sizeof secret) != sizeof secret)
		return fault_set(why, P_INVALID_FIELD, at, "64 hexadecimal digits");
	return 0;
}

static int
check_value(const json_t *item, const char *word, const json_t *j,
    const struct json_at *at, struct fault *why)
{
	size_t most = kind_of(word, "") != 0 ? CONTACT_VALUE_MAX : VAULT_TERM_MAX, i;
	const char *s;
	int r = member_string(j, most, at, why);

	if (r != 0)
		return r;
	s = json_string_value(j);
	for (i = 0; i < WORDS; i++)
		if (strcmp(word, words[i].word) == 0 && !looks_like(words[i].kind, s))
			return fault_set(why, P_INVALID_FIELD, at, words[i].wants);
	if (strcmp(word, "secret") == 0 || strcmp(word, "pin") == 0)
		return check_secret(item, word, s, at, why);
	if (strcmp(word, "lang") == 0 && strcmp(s, "ja") != 0 && strcmp(s, "en") != 0)
		return fault_set(why, P_INVALID_FIELD, at, "\"ja\" or \"en\"");
	return is_no_route(word) ? 0 : check_look(s, at, why);
}

static int
check_item(const json_t *j, const struct json_at *at, struct fault *why)
{
	union object u = { j };
	struct json_at leaf = { at, NULL, 0 };
	void *it;
	int r = 0;

	if (json_is_string(j)) {
		r = member_string(j, VAULT_TERM_MAX, at, why);
		return r != 0 ? r : check_look(json_string_value(j), at, why);
	}
	if (!json_is_object(j))
		return fault_set(
		    why, P_WRONG_TYPE, at, "a string, or an object of strings");
	for (it = json_object_iter(u.out); r == 0 && it != NULL;
	     it = json_object_iter_next(u.out, it)) {
		leaf.key = json_object_iter_key(it);
		r = check_value(j, leaf.key, json_object_iter_value(it), &leaf, why);
	}
	return r;
}

/* Walks the routes of a checked list. */
struct walk {
	const json_t *list, *item;
	size_t i;
	void *it;
	unsigned kind;
	const char *value;
};

static int
next(struct walk *w)
{
	union object u;
	const char *word;

	for (;;) {
		if (w->it == NULL) {
			w->item = json_array_get(w->list, w->i++);
			if (w->item == NULL)
				return 0;
			u.in = w->item;
			w->it = json_object_iter(u.out);
			if (json_is_string(w->item)) {
				w->value = json_string_value(w->item);
				w->kind = by_look(w->value);
				if (w->kind != 0)
					return 1;
			}
			if (w->it == NULL)
				continue;
		}
		u.in = w->item;
		word = json_object_iter_key(w->it);
		w->value = json_string_value(json_object_iter_value(w->it));
		w->it = json_object_iter_next(u.out, w->it);
		w->kind = w->value != NULL ? kind_of(word, w->value) : 0;
		if (w->kind != 0)
			return 1;
	}
}

int
member_contacts_check(const json_t *list, const struct json_at *at, struct fault *why)
{
	struct json_at leaf = { at, NULL, 0 };
	struct walk w = { .list = list };
	size_t n = 0;
	int r = 0;

	if (!json_is_array(list))
		return fault_set(why, P_WRONG_TYPE, at, "a list");
	if (json_array_size(list) > CONTACTS_MAX)
		return fault_set(why, P_TOO_LARGE, at, "at most 16 contacts");
	for (; r == 0 && leaf.index < json_array_size(list); leaf.index++)
		r = check_item(json_array_get(list, leaf.index), &leaf, why);
	while (r == 0 && next(&w))
		if (++n > CONTACTS_MAX)
			r = fault_set(why, P_TOO_LARGE, at, "at most 16 contacts");
	return r;
}

uint8_t
member_routes(const json_t *list)
{
	struct walk w = { .list = list };
	unsigned bits = 0;

	while (next(&w))
		bits |= contact_route(w.kind);
	return (uint8_t)bits;
}

size_t
member_contacts_get(const json_t *list, const char *id, const char *person,
    const char *lang, struct vault_contact ret[CONTACTS_MAX])
{
	struct walk w = { .list = list };
	const char *hex, *said, *pin;
	struct vault_contact *c;
	size_t n = 0;

	while (n < CONTACTS_MAX && next(&w)) {
		c = &ret[n++];
		memset(c, 0, sizeof *c);
		(void)snprintf(c->id, sizeof c->id, "%s", id);
		(void)snprintf(c->person, sizeof c->person, "%s", person);
		c->kind = (uint8_t)w.kind;
		said = json_string_value(json_object_get(w.item, "lang"));
		(void)snprintf(c->lang, sizeof c->lang, "%s", said != NULL ? said : lang);
		(void)snprintf(c->value, sizeof c->value, "%s", w.value);
		hex = json_string_value(json_object_get(w.item, "secret"));
		pin = json_string_value(json_object_get(w.item, "pin"));
		if (w.kind == CONTACT_WEBHOOK && pin != NULL)
			(void)snprintf(c->pin, sizeof c->pin, "%s", pin);
		if (w.kind == CONTACT_WEBHOOK && hex != NULL)
			c->has_secret = hex_decode(slice_of(hex), c->secret,
					    sizeof c->secret) == sizeof c->secret;
	}
	return n;
}
