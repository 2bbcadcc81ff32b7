/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_REPORT_FIELD_H
#define PROTO_REPORT_FIELD_H

#include <stdint.h>

#include "proto/json.h"
#include "proto/taxonomy.h"

/*
 * The one table of a report's fields: the validation, report_fields() and, by a test, the
 * JSON Schema follow it.  To add a field, add a row (and the property in
 * report.schema.json); to add a kind of value, add a type and its check.
 */
enum field_type {
	FIELD_WORD,	  /* one of `words` */
	FIELD_WORDS,	  /* a list of them */
	FIELD_LINE,	  /* text of one line in ja, en or both; a string is in `lang` */
	FIELD_BLOCK,	  /* text of several lines, likewise */
	FIELD_EVENTS,	  /* a list of event classes of the taxonomy */
	FIELD_CAUSES,	  /* a list of cause classes */
	FIELD_SEVERITY,	  /* an integer, or three axes */
	FIELD_LEVEL,	  /* an integer 0..4 */
	FIELD_TIME,	  /* report_time.h */
	FIELD_NAMES,	  /* a list of short lines */
	FIELD_REFERENCES, /* a list of CVE, JVN, URL or other short lines */
	FIELD_INDICATORS, /* a list of {type, value} */
	FIELD_TLP,
	FIELD_BOOL,
	FIELD_CEPTOAR,	  /* a slug of the taxonomy */
	FIELD_RECIPIENTS, /* a list of slugs */
	FIELD_BULLETIN,	  /* id or number of a bulletin */
	FIELD_COMMITMENT, /* base64url of 32 bytes */
	FIELD_SLUG,	  /* lower-case letters, digits, hyphens and underscores */
	FIELD_K,	  /* an integer, REPORT_K_LEAST to `max` */
	FIELD_OBJECT,	  /* `sub` */
	FIELD_CEPTOARS,	  /* a list of slugs of the taxonomy, likewise the next two */
	FIELD_SECTORS,
	FIELD_GROUPS,
	FIELD_COMMUNITIES,
	FIELD_IDS,     /* a list of ids, 32 hexadecimal digits each */
	FIELD_OFFICES, /* `sub`, or false for none */
};

struct field {
	const char *name; /* NULL ends a table */
	enum field_type type;
	int required;
	unsigned max; /* of a list: elements; of a text or name: code points, 0: no cap */
	unsigned bytes; /* of a text, name or element */
	const char *const *words;
	const struct field *sub;
};
extern const struct field report_field_table[];

enum { REPORT_TEXT_BYTES = 32 * 1024 }; /* all texts of a report together */

/* What the checks of one report share. */
struct report_check {
	const struct taxonomy *taxonomy; /* NULL: classes and slugs by their shape only */
	int64_t now_ms;			 /* INT64_MAX: times may lie in the future */
	const char *lang;		 /* of plain strings */
	size_t text_bytes;		 /* so far */
	size_t text_most;		 /* 0: REPORT_TEXT_BYTES */
	struct fault *why;
};

/*
 * Checks one value and makes its normal form: a new reference, or NULL when the field
 * says nothing (an empty list) and is left out.  0, ERR_INVALID with c->why, or
 * ERR_NOMEM.
 */
int report_value(struct report_check *c, const struct field *f, const json_t *in,
    const struct json_at *at, json_t **ret) MUST_CHECK;
/* The same for an object by its table. */
int report_object(struct report_check *c, const struct field *table, const json_t *in,
    const struct json_at *at, json_t **ret) MUST_CHECK;
/* Steals `value` (NULL is ERR_NOMEM). */
int report_set(json_t *object, const char *key, json_t *value) MUST_CHECK;

/* report_text.c: texts, names, references and indicators. */
int report_text(struct report_check *c, const struct field *f, const json_t *in,
    const struct json_at *at, json_t **ret) MUST_CHECK;
int report_names(struct report_check *c, const struct field *f, const json_t *in,
    const struct json_at *at, json_t **ret) MUST_CHECK;
int report_indicators(struct report_check *c, const struct field *f, const json_t *in,
    const struct json_at *at, json_t **ret) MUST_CHECK;
/* 0 for a list of at most f->max elements. */
int report_is_list(struct report_check *c, const struct field *f, const json_t *in,
    const struct json_at *at) MUST_CHECK;
int report_is_string(struct report_check *c, const json_t *in, const struct json_at *at,
    struct slice *ret) MUST_CHECK;

#endif
