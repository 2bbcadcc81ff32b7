/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/names_sender.h"

#include <string.h>
#include <strings.h>

enum { WORD_MAX = 64 };

/* A word says so when it is one of these, or begins with one of those. */
static const char *const words[] = { "cert", "certificate", "from", "ip", "ipaddress",
	"org", "owner", "user", "via" };
static const char *const stems[] = { "affiliat", "client", "company", "contact", "cookie",
	"email", "employer", "forwarded", "mail", "member", "organis", "organiz",
	"origin", "person", "phone", "referer", "referrer", "remote", "reporter",
	"sender", "submitter", "telephone", "userid", "username" };

/* What a program shows elsewhere to say which user it works for; anywhere in the name. */
static const char *const credentials[] = { "accesstoken", "apikey", "authtoken",
	"proxyauthorization" };

static int
is_credential(const char *joined)
{
	size_t i;

	for (i = 0; i < sizeof credentials / sizeof credentials[0]; i++)
		if (strstr(joined, credentials[i]) != NULL)
			return 1;
	return 0;
}

static int
says_so(const char *word)
{
	size_t i;

	for (i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcmp(word, words[i]) == 0)
			return 1;
	for (i = 0; i < sizeof stems / sizeof stems[0]; i++)
		if (strncmp(word, stems[i], strlen(stems[i])) == 0)
			return 1;
	return 0;
}

static int
is_joint(char c)
{
	return c == '-' || c == '_' || c == '.' || c == ' ';
}

static char
lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

int
names_sender_header(struct slice name)
{
	char word[WORD_MAX], all[WORD_MAX];
	size_t i, n = 0, joined = 0;

	if (name.n == 10 && strncasecmp(name.p, "User-Agent", 10) == 0)
		return 0; /* the name of a program */
	for (i = 0; i <= name.n; i++) {
		if (i < name.n && !is_joint(name.p[i])) {
			if (n + 1 < sizeof word)
				word[n++] = lower(name.p[i]);
			if (joined + 1 < sizeof all)
				all[joined++] = lower(name.p[i]);
			continue;
		}
		word[n] = '\0';
		if (says_so(word))
			return 1;
		n = 0;
	}
	all[joined] = '\0';
	return is_credential(all);
}

/* A key as one word: "member_id", "member-id" and "memberId" are the same. */
static int
key_says_so(const char *key)
{
	char word[WORD_MAX];
	size_t n = 0;

	for (; *key != '\0' && n + 1 < sizeof word; key++)
		if (!is_joint(*key))
			word[n++] = lower(*key);
	word[n] = '\0';
	return says_so(word) || is_credential(word);
}

static int
look(const json_t *j, const struct json_at *up, struct fault *why)
{
	struct json_at at = { .up = up };
	union {
		const json_t *in;
		json_t *out; /* jansson's iterators want it so, and change nothing */
	} u = { j };
	void *it;
	int rc = 0;

	for (it = json_object_iter(u.out); rc == 0 && it != NULL;
	     it = json_object_iter_next(u.out, it)) {
		at.key = json_object_iter_key(it);
		rc = key_says_so(at.key) ? fault_set(why, P_NAMES_SENDER, &at, NULL)
					 : look(json_object_iter_value(it), &at, why);
	}
	at.key = NULL;
	for (; rc == 0 && at.index < json_array_size(j); at.index++)
		rc = look(json_array_get(j, at.index), &at, why);
	return rc;
}

int
names_sender_json(const json_t *j, struct fault *why)
{
	return look(j, NULL, why);
}
