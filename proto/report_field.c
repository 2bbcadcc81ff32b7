/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/report_field.h"

#include <string.h>

#include "proto/report.h"

static const char *const words_kind[] = { "incident", "precursor", NULL };
static const char *const words_stage[] = { "first", "follow_up", "final", NULL };
static const char *const words_status[] = { "none", "degraded", "stopped", "restored",
	NULL };
static const char *const words_answer[] = { "yes", "no", "unknown", NULL };
static const char *const words_certainty[] = { "suspected", "likely", "confirmed", NULL };
static const char *const words_systems[] = { "it", "ot", "iot", NULL };
static const char *const words_publish[] = { "none", "ceptoar", "cross_sector", NULL };
static const char *const words_identity[] = { "sealed", "named", NULL };
static const char *const words_hotline[] = { "consult", "page", NULL };
static const char *const words_lang[] = { "ja", "en", NULL };

static const struct field impact_table[] = {
	{ .name = "status", .type = FIELD_WORD, .words = words_status },
	{ .name = "maintenance_level_deviation",
	    .type = FIELD_WORD,
	    .words = words_answer },
	{ .name = "text", .type = FIELD_BLOCK, .bytes = 16 * 1024 },
	{ .name = NULL },
};

static const struct field consent_table[] = {
	{ .name = "publish", .type = FIELD_WORD, .words = words_publish },
	{ .name = "identity", .type = FIELD_WORD, .words = words_identity },
	{ .name = "named_to", .type = FIELD_RECIPIENTS, .max = 2, .bytes = 63 },
	{ .name = "k", .type = FIELD_K, .max = REPORT_K_MOST },
	{ .name = "government", .type = FIELD_BOOL },
	{ .name = NULL },
};

static const struct field facility_table[] = {
	{ .name = "region", .type = FIELD_SLUG, .bytes = 63 },
	{ .name = "class", .type = FIELD_SLUG, .bytes = 63 },
	{ .name = "size", .type = FIELD_SLUG, .bytes = 63 },
	{ .name = NULL },
};

const struct field report_field_table[] = {
	{ .name = "lang", .type = FIELD_WORD, .words = words_lang },
	{ .name = "kind", .type = FIELD_WORD, .required = 1, .words = words_kind },
	{ .name = "stage", .type = FIELD_WORD, .words = words_stage },
	{ .name = "title", .type = FIELD_LINE, .required = 1, .max = 200, .bytes = 800 },
	{ .name = "description", .type = FIELD_BLOCK, .bytes = 16 * 1024 },
	{ .name = "service_impact", .type = FIELD_OBJECT, .sub = impact_table },
	{ .name = "event_types", .type = FIELD_EVENTS, .max = 32, .bytes = 63 },
	{ .name = "cause_types", .type = FIELD_CAUSES, .max = 32, .bytes = 63 },
	{ .name = "severity_claimed", .type = FIELD_SEVERITY },
	{ .name = "potential", .type = FIELD_LEVEL },
	{ .name = "certainty", .type = FIELD_WORD, .words = words_certainty },
	{ .name = "occurred_at", .type = FIELD_TIME },
	{ .name = "detected_at", .type = FIELD_TIME },
	{ .name = "systems", .type = FIELD_WORDS, .max = 3, .words = words_systems },
	{ .name = "products", .type = FIELD_NAMES, .max = 64, .bytes = 800 },
	{ .name = "references", .type = FIELD_REFERENCES, .max = 64, .bytes = 2048 },
	{ .name = "indicators", .type = FIELD_INDICATORS, .max = 500, .bytes = 2048 },
	{ .name = "actions", .type = FIELD_BLOCK, .bytes = 16 * 1024 },
	{ .name = "tlp", .type = FIELD_TLP },
	{ .name = "statutory", .type = FIELD_WORD, .words = words_answer },
	{ .name = "consent", .type = FIELD_OBJECT, .sub = consent_table },
	{ .name = "facility", .type = FIELD_OBJECT, .sub = facility_table },
	{ .name = "ceptoar", .type = FIELD_CEPTOAR, .bytes = 63 },
	{ .name = "seen_bulletin", .type = FIELD_BULLETIN, .bytes = 32 },
	{ .name = "case_commitment", .type = FIELD_COMMITMENT, .bytes = 43 },
	{ .name = "hotline", .type = FIELD_WORD, .words = words_hotline },
	{ .name = "exercise", .type = FIELD_BOOL },
	{ .name = NULL },
};

static const struct field *
find(const struct field *table, const char *name)
{
	const struct field *f;

	for (f = table; f->name != NULL; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

static int
refuse_unknown(struct report_check *c, const struct field *table, const json_t *in,
    const struct json_at *at)
{
	struct json_at place = { .up = at };
	union {
		const json_t *in;
		json_t *out; /* jansson's iterators want it so, and change nothing */
	} u = { in };
	void *it;

	for (it = json_object_iter(u.out); it != NULL;
	     it = json_object_iter_next(u.out, it)) {
		place.key = json_object_iter_key(it);
		if (find(table, place.key) == NULL)
			return fault_set(c->why, P_UNKNOWN_FIELD, &place, NULL);
	}
	return 0;
}

int
report_set(json_t *object, const char *key, json_t *value)
{
	if (value == NULL || json_object_set_new_nocheck(object, key, value) != 0)
		return ERR_NOMEM;
	return 0;
}

int
report_object(struct report_check *c, const struct field *table, const json_t *in,
    const struct json_at *at, json_t **ret)
{
	struct json_at place = { .up = at };
	const struct field *f;
	json_t *out, *value;
	const json_t *j;
	int r;

	if (!json_is_object(in))
		return fault_set(c->why, P_WRONG_TYPE, at, "an object");
	r = refuse_unknown(c, table, in, at);
	if (r != 0)
		return r;
	out = json_object();
	if (out == NULL)
		return ERR_NOMEM;
	for (f = table; r == 0 && f->name != NULL; f++) {
		j = json_object_get(in, f->name);
		place.key = f->name;
		value = NULL;
		if (j != NULL)
			r = report_value(c, f, j, &place, &value);
		else if (f->required)
			r = fault_set(c->why, P_MISSING_FIELD, &place, NULL);
		if (r == 0 && value != NULL)
			r = report_set(out, f->name, value);
	}
	if (r != 0) {
		json_decref(out);
		return r;
	}
	*ret = out;
	return 0;
}

static const char *
type_name(enum field_type type)
{
	static const char *const names[] = {
		[FIELD_WORD] = "word",
		[FIELD_WORDS] = "words",
		[FIELD_LINE] = "line",
		[FIELD_BLOCK] = "block",
		[FIELD_EVENTS] = "events",
		[FIELD_CAUSES] = "causes",
		[FIELD_SEVERITY] = "severity",
		[FIELD_LEVEL] = "level",
		[FIELD_TIME] = "time",
		[FIELD_NAMES] = "names",
		[FIELD_REFERENCES] = "references",
		[FIELD_INDICATORS] = "indicators",
		[FIELD_TLP] = "tlp",
		[FIELD_BOOL] = "bool",
		[FIELD_CEPTOAR] = "ceptoar",
		[FIELD_RECIPIENTS] = "recipients",
		[FIELD_BULLETIN] = "bulletin",
		[FIELD_COMMITMENT] = "commitment",
		[FIELD_SLUG] = "slug",
		[FIELD_K] = "k",
		[FIELD_OBJECT] = "object",
		[FIELD_CEPTOARS] = "ceptoars",
		[FIELD_SECTORS] = "sectors",
		[FIELD_GROUPS] = "groups",
		[FIELD_COMMUNITIES] = "communities",
		[FIELD_IDS] = "ids",
		[FIELD_OFFICES] = "offices",
	};

	return names[type];
}

static void
describe(const struct field *table, struct buf *out)
{
	const struct field *f;
	size_t i;

	buf_addc(out, '[');
	for (f = table; f->name != NULL; f++) {
		buf_addf(out, "%s{\"name\":\"%s\",\"type\":\"%s\",\"required\":%s",
		    f == table ? "" : ",", f->name, type_name(f->type),
		    f->required ? "true" : "false");
		buf_addf(out, ",\"max\":%u,\"bytes\":%u", f->max, f->bytes);
		for (i = 0; f->words != NULL && f->words[i] != NULL; i++)
			buf_addf(
			    out, "%s\"%s\"", i == 0 ? ",\"words\":[" : ",", f->words[i]);
		if (f->words != NULL)
			buf_addc(out, ']');
		if (f->sub != NULL) {
			buf_adds(out, ",\"fields\":");
			describe(f->sub, out);
		}
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}

void
report_fields(struct buf *out)
{
	describe(report_field_table, out);
}
