/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/relay.h"

#include <string.h>

#include "proto/report_field.h"
#include "proto/report_time.h"

static const char *const words_to[] = { "affiliates", "everybody", NULL };
static const char *const words_when[] = { "asleep", "always", NULL };
static const char *const words_from[] = { "centre", "ceptoars", "any", NULL };

static const struct field ack_table[] = {
	{ .name = "required", .type = FIELD_BOOL, .required = 1 },
	{ .name = "deadline", .type = FIELD_TIME },
	{ .name = NULL },
};

static const struct field ask_table[] = {
	{ .name = "ceptoar", .type = FIELD_CEPTOAR, .bytes = 63 },
	{ .name = "tlp", .type = FIELD_TLP },
	{ .name = "note", .type = FIELD_BLOCK, .bytes = RELAY_NOTE_BYTES },
	{ .name = "to", .type = FIELD_WORD, .words = words_to },
	{ .name = "ack", .type = FIELD_OBJECT, .sub = ack_table },
	{ .name = NULL },
};

static const struct field order_table[] = {
	{ .name = "ceptoar", .type = FIELD_CEPTOAR, .required = 1, .bytes = 63 },
	{ .name = "from", .type = FIELD_WORD, .required = 1, .words = words_from },
	{ .name = "min_severity", .type = FIELD_LEVEL, .required = 1 },
	{ .name = "when", .type = FIELD_WORD, .required = 1, .words = words_when },
	{ .name = "tlp", .type = FIELD_TLP },
	{ .name = "note", .type = FIELD_BLOCK, .bytes = RELAY_NOTE_BYTES },
	{ .name = NULL },
};

static const char *const tlps[] = { "TLP:CLEAR", "TLP:GREEN", "TLP:AMBER",
	"TLP:AMBER+STRICT", "TLP:RED" };
enum { TLPS = sizeof tlps / sizeof tlps[0] };

static int
word_is(const json_t *o, const char *key, const char *want)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s != NULL && strcmp(s, want) == 0;
}

static void
read_tlp(const json_t *o, uint8_t *ret_has, uint8_t *ret)
{
	unsigned i;

	*ret_has = 0;
	for (i = 0; i < TLPS; i++)
		if (word_is(o, "tlp", tlps[i])) {
			*ret_has = 1;
			*ret = (uint8_t)i;
		}
}

/* Of the checked object, what the wrapper shows stays. */
static int
keep_words(const json_t *checked, json_t **ret)
{
	static const char *const keys[] = { "ack", "note" };
	json_t *o = json_object(), *v;
	size_t i;
	int rc = o != NULL ? 0 : ERR_NOMEM;

	for (i = 0; rc == 0 && i < sizeof keys / sizeof keys[0]; i++) {
		v = json_object_get(checked, keys[i]);
		if (v != NULL)
			rc = report_set(o, keys[i], json_incref(v));
	}
	if (rc == 0)
		*ret = o;
	else
		json_decref(o);
	return rc;
}

static int
check_ack(const json_t *in, struct fault *why)
{
	const json_t *ack = json_object_get(in, "ack");
	const struct json_at up = { NULL, "ack", 0 }, at = { &up, "deadline", 0 };
	int required = json_is_true(json_object_get(ack, "required"));

	if (required && json_object_get(ack, "deadline") == NULL)
		return fault_set(
		    why, P_MISSING_FIELD, &at, "until when to acknowledge it");
	if (!required && json_object_get(ack, "deadline") != NULL)
		return fault_set(
		    why, P_INVALID_FIELD, &at, "only where required is true");
	return 0;
}

int
relay_check(
    const json_t *in, const struct taxonomy *t, struct relay_ask *ret, struct fault *why)
{
	struct report_check c = {
		.taxonomy = t, .now_ms = INT64_MAX, .lang = "ja", .why = why
	};
	json_t *empty = NULL, *checked = NULL;
	unsigned slot;
	int rc;

	if (in == NULL)
		in = empty = json_object();
	if (in == NULL)
		return ERR_NOMEM;
	rc = report_object(&c, ask_table, in, NULL, &checked);
	if (rc == 0)
		rc = check_ack(checked, why);
	if (rc == 0) {
		memset(ret, 0, sizeof *ret);
		read_tlp(checked, &ret->has_tlp, &ret->tlp);
		ret->members = (uint8_t)word_is(checked, "to", "everybody");
		slot = taxonomy_slot(t,
		    slice_of(json_is_string(json_object_get(checked, "ceptoar"))
				 ? json_string_value(json_object_get(checked, "ceptoar"))
				 : ""));
		ret->ceptoar = taxonomy_slug(t, slot);
		rc = keep_words(checked, &ret->words);
	}
	json_decref(checked);
	json_decref(empty);
	return rc;
}

int
order_check(
    const json_t *in, const struct taxonomy *t, struct order_ask *ret, struct fault *why)
{
	struct report_check c = {
		.taxonomy = t, .now_ms = INT64_MAX, .lang = "ja", .why = why
	};
	json_t *checked = NULL;
	int rc;

	rc = report_object(&c, order_table, in, NULL, &checked);
	if (rc != 0)
		return rc;
	memset(ret, 0, sizeof *ret);
	read_tlp(checked, &ret->has_tlp, &ret->tlp);
	while (words_from[ret->from] != NULL &&
	       !word_is(checked, "from", words_from[ret->from]))
		ret->from++;
	ret->min_severity =
	    (uint8_t)json_integer_value(json_object_get(checked, "min_severity"));
	ret->always = (uint8_t)word_is(checked, "when", "always");
	ret->slot = taxonomy_slot(
	    t, slice_of(json_string_value(json_object_get(checked, "ceptoar"))));
	rc = keep_words(checked, &ret->words);
	json_decref(checked);
	return rc;
}

const char *
order_from_word(unsigned from)
{
	return from <= ORDER_ANY ? words_from[from] : NULL;
}

static int
copy(json_t *o, const char *key, const json_t *from)
{
	json_t *v = json_object_get(from, key);

	return v == NULL ? 0 : report_set(o, key, json_incref(v));
}

static int
set_time(json_t *o, const char *key, int64_t ms)
{
	char text[REPORT_TIME_LEN];

	report_time_write(ms, text);
	return report_set(o, key, json_string(text));
}

static int
set_id(json_t *o, const uint8_t id[ID_LEN])
{
	struct buf hex;
	int rc;

	buf_init(&hex, 2 * ID_LEN + 1);
	buf_add_hex(&hex, id, ID_LEN);
	rc = report_set(o, "id", json_string(buf_cstr(&hex)));
	buf_done(&hex);
	return rc;
}

/* What the wrapper says of itself. */
static int
set_own(json_t *o, const struct bulletin_make *m)
{
	int rc = set_id(o, m->id);

	if (rc == 0)
		rc = report_set(o, "number", json_string(m->number));
	if (rc == 0)
		rc = report_set(o, "revision", json_integer(m->revision));
	if (rc == 0)
		rc = report_set(o, "msg_type",
		    json_string(m->kind == FRAME_BULLETIN ? "alert"
				: m->kind == FRAME_CANCEL ? "cancel"
							  : "update"));
	if (rc == 0)
		rc = report_set(o, "origin", json_string("relay"));
	if (rc == 0)
		rc = report_set(o, "audience", json_string("ceptoar"));
	if (rc == 0)
		rc = report_set(
		    o, "tlp", json_string(m->tlp < TLPS ? tlps[m->tlp] : NULL));
	if (rc == 0 && m->mode != NULL)
		rc = report_set(o, "mode", json_string(m->mode));
	if (rc == 0)
		rc = set_time(o, "issued_at", m->issued_ms);
	if (rc == 0 && m->revision > 1)
		rc = report_set(o, "supersedes", json_integer(m->revision - 1));
	return rc;
}

static int
set_ack(json_t *o, const struct relay_make *m)
{
	json_t *ack = json_object_get(m->words, "ack");

	if (ack == NULL || m->head.kind == FRAME_CANCEL)
		return report_set(o, "ack", json_pack("{s:b}", "required", 0));
	return report_set(o, "ack", json_incref(ack));
}

static int
set_relay(json_t *o, const struct relay_make *m, const json_t *original)
{
	json_t *r = json_pack("{s:s}", "by", m->by);
	union {
		const json_t *in;
		json_t *out; /* counted, and left as it is */
	} u = { original };
	int rc = r != NULL ? 0 : ERR_NOMEM;

	if (rc == 0 && m->hub != NULL)
		rc = report_set(r, "hub", json_string(m->hub));
	if (rc == 0)
		rc = copy(r, "note", m->words);
	if (rc == 0)
		rc = report_set(r, "original", json_incref(u.out));
	if (rc != 0) {
		json_decref(r);
		return rc;
	}
	return report_set(o, "relay", r);
}

int
relay_write(const struct relay_make *m, const json_t *original, struct buf *out)
{
	/* The original's own words of what it is; all else stands inside it. */
	static const char *const same[] = { "kind", "status", "title", "severity",
		"verified", "note", "sector", "valid_until", "reason" };
	json_t *o = json_object();
	size_t i;
	int rc = o != NULL ? 0 : ERR_NOMEM;

	for (i = 0; rc == 0 && i < sizeof same / sizeof same[0]; i++)
		rc = copy(o, same[i], original);
	if (rc == 0 &&
	    (json_object_get(o, "kind") == NULL || json_object_get(o, "title") == NULL ||
		json_object_get(o, "severity") == NULL))
		rc = ERR_INVALID;
	if (rc == 0)
		rc = set_own(o, &m->head);
	if (rc == 0)
		rc = set_ack(o, m);
	if (rc == 0)
		rc = set_relay(o, m, original);
	if (rc == 0)
		rc = json_canonical(o, out);
	json_decref(o);
	return rc;
}

int
relay_original(const json_t *wrapper, struct buf *out)
{
	const json_t *o = json_object_get(json_object_get(wrapper, "relay"), "original");

	return json_is_object(o) ? json_canonical(o, out) : ERR_NOTFOUND;
}
