/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "proto/bundle.h"

/* A row of bulletins: the signed text, and what its header says that the text does not.
 */

static const char *const tlps[] = { "TLP:CLEAR", "TLP:GREEN", "TLP:AMBER" };
static const char *const systems[] = { "it", "ot", "iot" };
static const char *const what[] = { "early_warning", "recovery_method", "outage_attack",
	"attack_method" };
static const char *const types[] = { "alert", "update", "cancel" };
enum { TLPS = 3, SYSTEMS = 3, WHATS = 4, TYPES = 3 };

int
bundle_bulletin_write(
    const struct frame_head *h, struct slice body, int stub, struct buf *out)
{
	const char *comma = "";
	unsigned i;

	if (h->tlp >= TLPS)
		return ERR_INVALID;
	buf_adds(out, "{\"body\":");
	buf_add(out, body.p, body.n);
	buf_addf(out, ",\"facts\":{\"severity\":%u,\"stub\":%s,\"systems\":[",
	    (unsigned)h->severity, stub ? "true" : "false");
	for (i = 0; i < SYSTEMS; i++)
		if ((h->flags & FRAME_IT << i) != 0) {
			buf_addf(out, "%s\"%s\"", comma, systems[i]);
			comma = ",";
		}
	buf_addf(out, "],\"tlp\":\"%s\"}}\n", tlps[h->tlp]);
	return buf_err(out);
}

/* Which of the words; -1: none. */
static int
word(const json_t *v, const char *const *words, int n)
{
	const char *s = json_string_value(v);
	int i;

	for (i = 0; s != NULL && i < n; i++)
		if (strcmp(s, words[i]) == 0)
			return i;
	return -1;
}

static int
bad(struct fault *why, const char *up, const char *key, const char *detail)
{
	const struct json_at top = { NULL, up, 0 }, at = { &top, key, 0 };

	return fault_set(why, P_INVALID_FIELD, key != NULL ? &at : &top, detail);
}

static int
read_facts(const json_t *f, struct bundle_bulletin *b, struct fault *why)
{
	const json_t *level = json_object_get(f, "severity"), *v;
	int tlp = word(json_object_get(f, "tlp"), tlps, TLPS), n;
	size_t i;

	if (!json_is_object(f) || json_object_size(f) != 4)
		return bad(why, "facts", NULL, "four members");
	if (!json_is_integer(level) || json_integer_value(level) < 0 ||
	    json_integer_value(level) > 4)
		return bad(why, "facts", "severity", "0 to 4");
	if (tlp < 0)
		return bad(why, "facts", "tlp", "TLP:AMBER at most");
	if (!json_is_boolean(json_object_get(f, "stub")))
		return bad(why, "facts", "stub", "true or false");
	if (!json_is_array(json_object_get(f, "systems")))
		return bad(why, "facts", "systems", "a list");
	for (i = 0; i < json_array_size(json_object_get(f, "systems")); i++) {
		v = json_array_get(json_object_get(f, "systems"), i);
		n = word(v, systems, SYSTEMS);
		if (n < 0)
			return bad(why, "facts", "systems", "it, ot, iot");
		b->flags |= (uint16_t)(FRAME_IT << n);
	}
	b->severity = (uint8_t)json_integer_value(level);
	b->tlp = (uint8_t)tlp;
	b->stub = (uint8_t)json_is_true(json_object_get(f, "stub"));
	return 0;
}

/* "2026-7KQ2M", and so on: it becomes a number here. */
static int
read_number(const json_t *v, char ret[16])
{
	static const char set[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-";
	const char *s = json_string_value(v);

	if (s == NULL || strlen(s) < 10 || strlen(s) > 15 || s[strspn(s, set)] != '\0')
		return 0;
	memcpy(ret, s, strlen(s) + 1);
	return 1;
}

static int
read_body(const json_t *o, struct bundle_bulletin *b, struct fault *why)
{
	const json_t *id = json_object_get(o, "id"), *n = json_object_get(o, "revision");
	struct slice hex = { json_string_value(id), json_string_length(id) };
	int type = word(json_object_get(o, "msg_type"), types, TYPES), kind;

	if (!json_is_object(o))
		return bad(why, "body", NULL, "an object");
	if (hex.p == NULL || hex.n != (size_t)2 * ID_LEN ||
	    hex_decode(hex, b->id, ID_LEN) != ID_LEN)
		return bad(why, "body", "id", "32 hexadecimal digits");
	if (!read_number(json_object_get(o, "number"), b->number))
		return bad(why, "body", "number", "a bulletin's number");
	if (!json_is_integer(n) || json_integer_value(n) < 1 ||
	    json_integer_value(n) > UINT16_MAX)
		return bad(why, "body", "revision", "1 to 65535");
	if (type < 0)
		return bad(why, "body", "msg_type", "alert, update or cancel");
	if (json_object_get(o, "relay") != NULL)
		return bad(why, "body", "relay", "an original, no relay");
	b->revision = (uint16_t)json_integer_value(n);
	b->kind = (uint8_t)(FRAME_BULLETIN + type);
	if (word(json_object_get(o, "status"), (const char *const[]){ "exercise" }, 1) ==
	    0)
		b->flags |= FRAME_EXERCISE;
	if (b->stub)
		return 0;
	kind = word(json_object_get(o, "kind"), what, WHATS);
	if (kind < 0)
		return bad(why, "body", "kind", "a kind of bulletin");
	b->flags |= (uint16_t)(kind << FRAME_KIND_AT);
	if (json_integer_value(json_object_get(o, "severity")) != b->severity)
		return bad(why, "body", "severity", "the same as in its facts");
	if (word(json_object_get(o, "tlp"), tlps, TLPS) != b->tlp)
		return bad(why, "body", "tlp", "the same as in its facts");
	return 0;
}

int
bundle_bulletin_read(struct slice row, struct bundle_bulletin *ret, struct fault *why)
{
	static const struct json_caps caps = { BUNDLE_ROW_MAX, 18, 20000, 64 * 1024 };
	struct bundle_bulletin b;
	json_t *j = NULL;
	int rc = json_read(row, &caps, &j, why);

	if (rc != 0)
		return rc;
	memset(&b, 0, sizeof b);
	buf_init(&b.text, FRAME_BODY_MAX);
	if (!json_is_object(j) || json_object_size(j) != 2)
		rc = fault_set(why, P_INVALID_FIELD, NULL, "body and facts");
	if (rc == 0)
		rc = read_facts(json_object_get(j, "facts"), &b, why);
	if (rc == 0)
		rc = read_body(json_object_get(j, "body"), &b, why);
	if (rc == 0)
		rc = json_canonical(json_object_get(j, "body"), &b.text);
	if (rc == ERR_LIMIT)
		rc = bad(why, "body", NULL, "a text that is not too long");
	if (rc == 0) {
		b.body = json_incref(json_object_get(j, "body"));
		*ret = b;
	} else {
		buf_done(&b.text);
	}
	json_decref(j);
	return rc;
}

void
bundle_bulletin_done(struct bundle_bulletin *b)
{
	json_decref(b->body);
	b->body = NULL;
	buf_done(&b->text);
}
