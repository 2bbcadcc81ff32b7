/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/draft.h"

#include <string.h>

#include "proto/report_time.h"

enum { KINDS = 4 };

static const char *const words_lang[] = { "ja", "en", NULL };
static const char *const words_kind[] = { "early_warning", "recovery_method",
	"outage_attack", "attack_method", NULL };
static const char *const kind_names[KINDS][2] = {
	{ "早期警戒情報", "Early warning" },
	{ "復旧手法情報", "Recovery method" },
	{ "障害・攻撃情報", "Outage and attack information" },
	{ "攻撃手法情報", "Attack method" },
};

static const struct field offices_table[] = {
	{ .name = "centre", .type = FIELD_BOOL },
	{ .name = "ministries", .type = FIELD_BOOL },
	{ .name = "agencies", .type = FIELD_BOOL },
	{ .name = NULL },
};

static const struct field audience_table[] = {
	{ .name = "ceptoars", .type = FIELD_CEPTOARS, .max = SLOTS, .bytes = 63 },
	{ .name = "sectors", .type = FIELD_SECTORS, .max = SECTOR_BITS, .bytes = 63 },
	{ .name = "groups", .type = FIELD_GROUPS, .max = SECTOR_BITS, .bytes = 63 },
	{ .name = "communities", .type = FIELD_COMMUNITIES, .max = SLOTS, .bytes = 63 },
	{ .name = "cross", .type = FIELD_BOOL },
	{ .name = "all", .type = FIELD_BOOL },
	{ .name = "public", .type = FIELD_BOOL },
	{ .name = "government", .type = FIELD_OFFICES, .sub = offices_table },
	{ .name = "receivers", .type = FIELD_IDS, .max = NAMES_MOST, .bytes = 32 },
	{ .name = NULL },
};

static const struct field ack_table[] = {
	{ .name = "required", .type = FIELD_BOOL, .required = 1 },
	{ .name = "deadline", .type = FIELD_TIME },
	{ .name = NULL },
};

const struct field draft_field_table[] = {
	{ .name = "lang", .type = FIELD_WORD, .words = words_lang },
	{ .name = "kind", .type = FIELD_WORD, .words = words_kind },
	{ .name = "severity", .type = FIELD_LEVEL, .required = 1 },
	{ .name = "title", .type = FIELD_LINE, .required = 1, .max = 200, .bytes = 800 },
	{ .name = "summary", .type = FIELD_BLOCK, .bytes = 16 * 1024 },
	{ .name = "body", .type = FIELD_BLOCK, .bytes = 16 * 1024 },
	{ .name = "actions", .type = FIELD_BLOCK, .bytes = 16 * 1024 },
	{ .name = "tlp", .type = FIELD_TLP },
	{ .name = "audience", .type = FIELD_OBJECT, .sub = audience_table },
	{ .name = "valid_until", .type = FIELD_TIME },
	{ .name = "references", .type = FIELD_REFERENCES, .max = 64, .bytes = 2048 },
	{ .name = "indicators", .type = FIELD_INDICATORS, .max = 500, .bytes = 2048 },
	{ .name = "products", .type = FIELD_NAMES, .max = 64, .bytes = 800 },
	{ .name = "ack", .type = FIELD_OBJECT, .sub = ack_table },
	{ .name = "exercise", .type = FIELD_BOOL },
	{ .name = "cases", .type = FIELD_IDS, .max = DRAFT_CASES, .bytes = 32 },
	{ .name = NULL },
};

static int
set_default(json_t *o, const char *key, json_t *value)
{
	if (json_object_get(o, key) == NULL)
		return report_set(o, key, value);
	json_decref(value);
	return value != NULL ? 0 : ERR_NOMEM;
}

/* Without a deadline the hub sets one when it goes out; nobody else is given one. */
static int
settle_ack(json_t *draft, struct fault *why)
{
	json_t *ack = json_object_get(draft, "ack");
	struct json_at up = { .key = "ack" };
	struct json_at place = { .up = &up, .key = "deadline" };
	int required = json_is_true(json_object_get(ack, "required"));
	int given = json_object_get(ack, "deadline") != NULL;

	if (!required && given)
		return fault_set(
		    why, P_INVALID_FIELD, &place, "only where required is true");
	return 0;
}

/* Named receivers are TLP:RED's, and then nobody else reads it. */
static int
settle_names(const json_t *draft, const json_t *audience, struct fault *why)
{
	struct json_at up = { .key = "audience" };
	struct json_at place = { .up = &up, .key = "receivers" };
	const char *tlp = json_string_value(json_object_get(draft, "tlp"));
	size_t beside = 1;

	if (tlp == NULL || strcmp(tlp, "TLP:RED") != 0)
		return fault_set(why, P_INVALID_FIELD, &place, "only with TLP:RED");
	/* That the government is kept out may stand beside them. */
	if (json_is_false(json_object_get(audience, "government")))
		beside++;
	if (json_object_size(audience) != beside)
		return fault_set(
		    why, P_INVALID_FIELD, &place, "named receivers, or another audience");
	return 0;
}

static int
settle(json_t *draft, struct fault *why)
{
	json_t *audience = json_object_get(draft, "audience");
	int r = 0;

	(void)json_object_del(draft, "lang");
	r = set_default(draft, "kind", json_string(words_kind[0]));
	if (r == 0)
		r = set_default(draft, "tlp", json_string("TLP:AMBER"));
	if (r == 0)
		r = set_default(draft, "exercise", json_false());
	if (r == 0 && json_object_get(audience, "receivers") != NULL)
		r = settle_names(draft, audience, why);
	else if (r == 0 && audience != NULL)
		r = set_default(audience, "government", json_pack("{s:b}", "centre", 1));
	return r != 0 ? r : settle_ack(draft, why);
}

int
draft_check(const json_t *in, const struct taxonomy *t, json_t **ret, struct fault *why)
{
	struct report_check c = { .taxonomy = t,
		.now_ms = INT64_MAX,
		.lang = "ja",
		.text_most = DRAFT_TEXT_BYTES,
		.why = why };
	const char *lang = json_string_value(json_object_get(in, "lang"));
	json_t *out;
	int r;

	if (lang != NULL && strcmp(lang, "en") == 0)
		c.lang = "en";
	r = report_object(&c, draft_field_table, in, NULL, &out);
	if (r != 0)
		return r;
	r = settle(out, why);
	if (r != 0) {
		json_decref(out);
		return r;
	}
	*ret = out;
	return 0;
}

static unsigned
index_of(const json_t *j, const char *const *words)
{
	const char *s = json_string_value(j);
	unsigned i;

	for (i = 0; s != NULL && words[i] != NULL; i++)
		if (strcmp(s, words[i]) == 0)
			return i;
	return 0;
}

static struct slice
text_of(const json_t *j)
{
	return (struct slice){ json_string_value(j), json_string_length(j) };
}

static void
join(struct slots *into, const struct slots *more)
{
	unsigned i;

	for (i = 0; i < SLOT_BYTES; i++)
		into->b[i] |= more->b[i];
}

static void
take_slots(const json_t *audience, const struct taxonomy *t, struct slots *ret)
{
	const json_t *list = json_object_get(audience, "ceptoars");
	struct slots more;
	size_t i;

	for (i = 0; i < json_array_size(list); i++)
		slots_set(ret, taxonomy_slot(t, text_of(json_array_get(list, i))));
	list = json_object_get(audience, "communities");
	for (i = 0; i < json_array_size(list); i++)
		slots_set(ret, taxonomy_community(t, text_of(json_array_get(list, i))));
	list = json_object_get(audience, "sectors");
	for (i = 0; i < json_array_size(list); i++) {
		taxonomy_sector_slots(
		    t, taxonomy_sector(t, text_of(json_array_get(list, i))), &more);
		join(ret, &more);
	}
	list = json_object_get(audience, "groups");
	for (i = 0; i < json_array_size(list); i++) {
		taxonomy_group_slots(
		    t, taxonomy_group(t, text_of(json_array_get(list, i))), &more);
		join(ret, &more);
	}
}

static uint16_t
take_flags(const json_t *audience)
{
	static const struct {
		const char *key;
		uint16_t flag;
	} bits[] = { { "cross", FRAME_CROSS }, { "all", FRAME_ALL },
		{ "public", FRAME_PUBLIC } },
	  offices[] = { { "centre", FRAME_CENTRE }, { "ministries", FRAME_MINISTRY },
		  { "agencies", FRAME_AGENCY } };
	const json_t *government = json_object_get(audience, "government");
	uint16_t flags = 0;
	size_t i;

	for (i = 0; i < 3; i++) {
		if (json_is_true(json_object_get(audience, bits[i].key)))
			flags |= bits[i].flag;
		if (json_is_true(json_object_get(government, offices[i].key)))
			flags |= offices[i].flag;
	}
	return json_is_false(government) ? flags | FRAME_NO_GOV : flags;
}

static void
take_lists(const json_t *draft, struct draft_facts *f)
{
	const json_t *list = json_object_get(draft, "products");
	size_t i;

	for (i = 0; i < json_array_size(list) && f->product_count < 8; i++)
		f->products[f->product_count++] =
		    product_hash(text_of(json_array_get(list, i)));
	list = json_object_get(draft, "cases");
	for (i = 0; i < json_array_size(list) && i < DRAFT_CASES; i++)
		if (hex_decode(text_of(json_array_get(list, i)), f->cases[f->case_count],
			ID_LEN) == ID_LEN)
			f->case_count++;
	list = json_object_get(json_object_get(draft, "audience"), "receivers");
	for (i = 0; i < json_array_size(list) && i < NAMES_MOST; i++)
		if (hex_decode(text_of(json_array_get(list, i)), f->names[f->name_count],
			RECEIVER_LEN) == RECEIVER_LEN)
			f->name_count++;
}

void
draft_facts(const json_t *draft, const struct taxonomy *t, struct draft_facts *ret)
{
	static const char *const tlps[] = { "TLP:CLEAR", "TLP:GREEN", "TLP:AMBER",
		"TLP:AMBER+STRICT", "TLP:RED", NULL };
	const json_t *audience = json_object_get(draft, "audience");
	const json_t *ack = json_object_get(draft, "ack");
	struct draft_facts f;

	memset(&f, 0, sizeof f);
	f.kind = (uint8_t)index_of(json_object_get(draft, "kind"), words_kind);
	f.severity = (uint8_t)json_integer_value(json_object_get(draft, "severity"));
	f.tlp = (uint8_t)index_of(json_object_get(draft, "tlp"), tlps);
	f.exercise = (uint8_t)json_is_true(json_object_get(draft, "exercise"));
	f.ack = (uint8_t)json_is_true(json_object_get(ack, "required"));
	f.deadline = draft_minute(json_object_get(ack, "deadline"));
	f.valid_until = draft_minute(json_object_get(draft, "valid_until"));
	f.has_audience = audience != NULL;
	take_slots(audience, t, &f.slots);
	f.flags = audience != NULL ? take_flags(audience) : FRAME_CENTRE;
	take_lists(draft, &f);
	*ret = f;
}

int64_t
draft_minute(const json_t *time)
{
	const char *s = json_string_value(time);

	return s != NULL ? report_time_end(s) / 60000 : 0;
}

const char *
draft_kind_word(unsigned kind)
{
	return words_kind[kind < KINDS ? kind : 0];
}

const char *
draft_kind_name(unsigned kind, int lang)
{
	return kind_names[kind < KINDS ? kind : 0][lang != 0];
}
