/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/report.h"

#include <string.h>

#include "proto/members.h"
#include "proto/report_field.h"
#include "proto/scrub.h"
#include "proto/text.h"

static int
set_default(json_t *report, const char *key, const char *word)
{
	if (json_object_get(report, key) != NULL)
		return 0;
	return report_set(report, key, json_string_nocheck(word));
}

static unsigned
level_of(const json_t *j)
{
	return (unsigned)json_integer_value(j);
}

/* Overall severity: the highest axis. */
static unsigned
severity_of(const json_t *report)
{
	const json_t *s = json_object_get(report, "severity_claimed");
	unsigned a = level_of(json_object_get(s, "continuity"));
	unsigned b = level_of(json_object_get(s, "safety"));
	unsigned c = level_of(json_object_get(s, "trust"));

	return a > b ? (a > c ? a : c) : (b > c ? b : c);
}

static int
is_word(const json_t *object, const char *key, const char *word)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s != NULL && strcmp(s, word) == 0;
}

static int
settle_severity(struct report_check *c, json_t *report)
{
	struct json_at place = { .key = "severity_claimed" };
	json_t *zero;
	int r = 0;

	if (json_object_get(report, "severity_claimed") == NULL) {
		if (is_word(report, "kind", "incident"))
			return fault_set(c->why, P_MISSING_FIELD, &place, NULL);
		zero =
		    json_pack("{s:i,s:i,s:i}", "continuity", 0, "safety", 0, "trust", 0);
		r = report_set(report, "severity_claimed", zero);
	}
	if (r == 0 && json_object_get(report, "potential") == NULL)
		r = report_set(
		    report, "potential", json_integer((int)severity_of(report)));
	return r;
}

/* Nobody is named without being told to whom, and no recipient without being named. */
static int
settle_consent(struct report_check *c, json_t *report)
{
	struct json_at consent_at = { .key = "consent" };
	struct json_at place = { .up = &consent_at, .key = "named_to" };
	json_t *consent = json_object_get(report, "consent");
	int named, r = 0;

	if (consent == NULL) {
		consent = json_object();
		r = report_set(report, "consent", consent);
	}
	if (r == 0)
		r = set_default(consent, "publish", "none");
	if (r == 0)
		r = set_default(consent, "identity", "sealed");
	if (r != 0)
		return r;
	named = json_object_get(consent, "named_to") != NULL;
	if (is_word(consent, "identity", "named") && !named)
		return fault_set(
		    c->why, P_MISSING_FIELD, &place, "who may learn your name");
	if (is_word(consent, "identity", "sealed") && named)
		return fault_set(
		    c->why, P_INVALID_FIELD, &place, "only with the identity \"named\"");
	place.key = "government";
	if (named && json_is_false(json_object_get(consent, "government")))
		return fault_set(c->why, P_INVALID_FIELD, &place,
		    "true, or nothing, where government offices are named");
	return 0;
}

static int
settle(struct report_check *c, json_t *report)
{
	int r;

	r = set_default(report, "lang", "ja");
	if (r == 0)
		r = set_default(report, "stage", "first");
	if (r == 0)
		r = set_default(report, "certainty", "suspected");
	if (r == 0)
		r = set_default(report, "tlp", "TLP:AMBER");
	if (r == 0 && json_object_get(report, "exercise") == NULL)
		r = report_set(report, "exercise", json_false());
	if (r == 0)
		r = settle_severity(c, report);
	if (r == 0)
		r = settle_consent(c, report);
	return r;
}

int
report_check(const json_t *in, const struct taxonomy *t, int64_t now_ms, json_t **ret,
    struct fault *why)
{
	struct report_check c = {
		.taxonomy = t, .now_ms = now_ms, .lang = "ja", .why = why
	};
	json_t *out;
	int r;

	if (is_word(in, "lang", "en"))
		c.lang = "en";
	r = report_object(&c, report_field_table, in, NULL, &out);
	if (r != 0)
		return r;
	r = settle(&c, out);
	if (r != 0) {
		json_decref(out);
		return r;
	}
	*ret = out;
	return 0;
}

static int
list_holds(const json_t *list, const char *word)
{
	size_t i;

	for (i = 0; i < json_array_size(list); i++)
		if (strcmp(json_string_value(json_array_get(list, i)), word) == 0)
			return 1;
	return 0;
}

static uint8_t
index_of(const json_t *j, const char *const *words)
{
	const char *s = json_string_value(j);
	uint8_t i;

	for (i = 0; s != NULL && words[i] != NULL; i++)
		if (strcmp(s, words[i]) == 0)
			return i;
	return 0;
}

/* UTS 39 looks at what is read first: the title, in either language. */
static int
has_mixed_script(const json_t *report)
{
	const json_t *title = json_object_get(report, "title"), *j;
	static const char *const langs[] = { "ja", "en" };
	struct text_facts facts;
	struct slice s;
	size_t i;

	for (i = 0; i < 2; i++) {
		j = json_object_get(title, langs[i]);
		if (j == NULL)
			continue;
		s.p = json_string_value(j);
		s.n = json_string_length(j);
		if (text_check(s, TEXT_LINE, &facts) == TEXT_FINE && facts.mixed_script)
			return 1;
	}
	return 0;
}

static void
take_commitment(const json_t *report, struct report_facts *f)
{
	const json_t *j = json_object_get(report, "case_commitment");
	struct slice s;

	if (j == NULL)
		return;
	s.p = json_string_value(j);
	s.n = json_string_length(j);
	f->has_commitment = b64url_decode(s, f->commitment, sizeof f->commitment) ==
			    (long)sizeof f->commitment;
}

static void
take_products(const json_t *report, struct report_facts *f)
{
	const json_t *list = json_object_get(report, "products"), *j;
	struct slice s;
	size_t i;

	for (i = 0; i < json_array_size(list) && f->product_count < 8; i++) {
		j = json_array_get(list, i);
		s.p = json_string_value(j);
		s.n = json_string_length(j);
		f->products[f->product_count++] = product_hash(s);
	}
}

int
report_is_critical(const struct report_facts *f)
{
	return f->level >= CRITICAL_LEVEL || f->hotline != HOTLINE_NONE;
}

void
report_facts(const json_t *report, struct report_facts *ret)
{
	static const char *const certainties[] = { "suspected", "likely", "confirmed",
		NULL };
	static const char *const tlps[] = { "TLP:CLEAR", "TLP:GREEN", "TLP:AMBER",
		"TLP:AMBER+STRICT", "TLP:RED", NULL };
	static const char *const publish[] = { "none", "ceptoar", "cross_sector", NULL };
	static const char *const hotlines[] = { "", "consult", "page", NULL };
	const json_t *consent = json_object_get(report, "consent");
	const json_t *facility = json_object_get(report, "facility");
	const json_t *systems = json_object_get(report, "systems");
	const json_t *events = json_object_get(report, "event_types");
	const char *ceptoar = json_string_value(json_object_get(report, "ceptoar"));
	struct report_facts f;

	memset(&f, 0, sizeof f);
	f.precursor = (uint8_t)is_word(report, "kind", "precursor");
	f.severity = (uint8_t)severity_of(report);
	f.potential = (uint8_t)level_of(json_object_get(report, "potential"));
	f.certainty = index_of(json_object_get(report, "certainty"), certainties);
	f.tlp = index_of(json_object_get(report, "tlp"), tlps);
	f.publish = index_of(json_object_get(consent, "publish"), publish);
	f.hotline = index_of(json_object_get(report, "hotline"), hotlines);
	f.exercise = (uint8_t)json_is_true(json_object_get(report, "exercise"));
	f.named = (uint8_t)is_word(consent, "identity", "named");
	f.no_government = (uint8_t)json_is_false(json_object_get(consent, "government"));
	f.systems = (uint8_t)((list_holds(systems, "it") ? SYSTEM_IT : 0) |
			      (list_holds(systems, "ot") ? SYSTEM_OT : 0) |
			      (list_holds(systems, "iot") ? SYSTEM_IOT : 0));
	f.mixed_script = (uint8_t)has_mixed_script(report);
	f.level = f.severity;
	if (f.potential > f.level &&
	    (f.precursor || f.certainty > 0 ||
		((f.systems & SYSTEM_OT) != 0 && list_holds(events, "system_intrusion"))))
		f.level = f.potential;
	if (ceptoar != NULL && strlen(ceptoar) < sizeof f.ceptoar)
		memcpy(f.ceptoar, ceptoar, strlen(ceptoar) + 1);
	f.k = (uint16_t)json_integer_value(json_object_get(consent, "k"));
	members_word(f.region, sizeof f.region, json_object_get(facility, "region"));
	members_word(f.class_, sizeof f.class_, json_object_get(facility, "class"));
	members_word(f.size, sizeof f.size, json_object_get(facility, "size"));
	take_commitment(report, &f);
	take_products(report, &f);
	*ret = f;
}

static int
check_public(const json_t *j, const json_t *indicators, const struct json_at *at,
    struct fault *why)
{
	struct slice s = { json_string_value(j), json_string_length(j) };

	if (j == NULL || !scrub_text_reveals(s, indicators))
		return 0;
	return fault_set(why, P_NOT_PUBLIC, at, NULL);
}

static int
check_public_text(const json_t *text, const json_t *indicators, const struct json_at *at,
    struct fault *why)
{
	struct json_at place = { .up = at, .key = "ja" };
	int r;

	r = check_public(json_object_get(text, "ja"), indicators, &place, why);
	if (r != 0)
		return r;
	place.key = "en";
	return check_public(json_object_get(text, "en"), indicators, &place, why);
}

static int
check_public_list(const json_t *list, const json_t *indicators, const struct json_at *at,
    struct fault *why)
{
	struct json_at place = { .up = at };
	int r = 0;

	for (; r == 0 && place.index < json_array_size(list); place.index++)
		r = check_public(
		    json_array_get(list, place.index), indicators, &place, why);
	return r;
}

/* Every text that others may come to read, wherever the table has one. */
static int
check_public_object(const struct field *table, const json_t *object,
    const json_t *indicators, const struct json_at *at, struct fault *why)
{
	struct json_at place = { .up = at };
	const struct field *f;
	const json_t *j;
	int r = 0;

	for (f = table; r == 0 && f->name != NULL; f++) {
		j = json_object_get(object, f->name);
		place.key = f->name;
		if (f->type == FIELD_LINE || f->type == FIELD_BLOCK)
			r = check_public_text(j, indicators, &place, why);
		else if (f->type == FIELD_NAMES || f->type == FIELD_REFERENCES)
			r = check_public_list(j, indicators, &place, why);
		else if (f->type == FIELD_SLUG)
			r = check_public(j, indicators, &place, why);
		else if (f->type == FIELD_OBJECT)
			r = check_public_object(f->sub, j, indicators, &place, why);
	}
	return r;
}

int
report_is_public(const json_t *report, struct fault *why)
{
	json_t *again;
	int r, same;

	r = report_check(report, NULL, INT64_MAX, &again, why);
	if (r != 0)
		return r;
	same = json_equal(again, report);
	json_decref(again);
	if (!same)
		return fault_set(why, P_INVALID_FIELD, NULL, "not in normal form");
	return check_public_object(
	    report_field_table, report, json_object_get(report, "indicators"), NULL, why);
}

int
record_shared(const json_t *record, json_t **ret, struct fault *why)
{
	const struct json_at in_shared = { .key = "shared" };
	struct json_at place = in_shared;
	union {
		const json_t *in;
		json_t *out;
	} u = { record };
	json_t *shared;
	void *it;

	if (!json_is_object(record))
		return fault_set(why, P_WRONG_TYPE, NULL, "an object");
	shared = json_object_get(record, "shared");
	if (shared == NULL && json_object_get(record, "private") == NULL) {
		*ret = json_incref(u.out);
		return 0;
	}
	if (shared == NULL)
		return fault_set(why, P_MISSING_FIELD, &place, NULL);
	if (!json_is_object(shared))
		return fault_set(why, P_WRONG_TYPE, &place, "an object");
	for (it = json_object_iter(u.out); it != NULL;
	     it = json_object_iter_next(u.out, it)) {
		place.key = json_object_iter_key(it);
		if (strcmp(place.key, "shared") != 0 && strcmp(place.key, "private") != 0)
			return fault_set(why, P_UNKNOWN_FIELD, &place, NULL);
	}
	/* A brace that stands wrong: the hub would refuse it, but it would have it. */
	if (json_object_get(shared, "private") != NULL) {
		place = (struct json_at){ &in_shared, "private", 0 };
		return fault_set(
		    why, P_UNKNOWN_FIELD, &place, "it belongs beside \"shared\"");
	}
	*ret = json_incref(shared);
	return 0;
}
