/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_DRAFT_H
#define PROTO_DRAFT_H

#include <stdint.h>

#include "proto/frame.h"
#include "proto/json.h"
#include "proto/report_field.h"
#include "proto/taxonomy.h"

/*
 * What a desk writes before it is a bulletin.  The same checks as of a report, by a table
 * of its own: texts in Japanese, English or both, TLP 2.0, indicators, references.
 */
enum {
	DRAFT_JSON_MAX = 256 * 1024,
	DRAFT_TEXT_BYTES = 64 * 1024, /* all texts together */
	DRAFT_CASES = 500,	      /* copies of one mail, for instance */
};
extern const struct field draft_field_table[];

/*
 * Validates and normalises: texts become {"ja","en"} (a plain string is in `lang`, which
 * goes), tlp its long form, times RFC 3339 in Japan's time; defaults: kind early_warning,
 * tlp TLP:AMBER, exercise false, audience.government {"centre":true}.  The times may lie
 * ahead; whether they still do is for the release.  *ret is a new object with known
 * fields only.  0, ERR_INVALID with `why` (the pointer names the field), or ERR_NOMEM.
 */
int draft_check(const json_t *in, const struct taxonomy *t, json_t **ret,
    struct fault *why) MUST_CHECK;

/* What a release needs, taken from a normalised draft. */
struct draft_facts {
	uint8_t kind; /* enum bulletin_kind */
	uint8_t severity, tlp, exercise, ack;
	uint8_t has_audience; /* 0: the draft leaves it to the desk's own */
	struct slots slots;   /* its CEPTOARs, and those of its sectors and groups */
	uint16_t flags;	      /* FRAME_CROSS.. and the government's, as written */
	int64_t valid_until, deadline; /* minutes; 0: not given */
	uint8_t cases[DRAFT_CASES][ID_LEN];
	unsigned case_count;
	uint32_t products[8];
	uint8_t product_count;
	uint8_t names[NAMES_MOST][RECEIVER_LEN]; /* with TLP:RED: to whom alone */
	unsigned name_count;
};
void draft_facts(const json_t *draft, const struct taxonomy *t, struct draft_facts *ret);

/* The minute since 1970 of a time that draft_check has written, a date's end; 0 for
 * NULL. */
int64_t draft_minute(const json_t *time);
/* The word of a kind, as "early_warning", and its name in Japanese (0) or English (1). */
const char *draft_kind_word(unsigned kind);
const char *draft_kind_name(unsigned kind, int lang);

#endif
