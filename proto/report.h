/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_REPORT_H
#define PROTO_REPORT_H

#include <stdint.h>

#include "proto/json.h"
#include "proto/rights.h"
#include "proto/taxonomy.h"

enum consent_publish { CONSENT_NONE = 0, CONSENT_CEPTOAR, CONSENT_CROSS_SECTOR };
enum hotline { HOTLINE_NONE = 0, HOTLINE_CONSULT, HOTLINE_PAGE };
enum systems { SYSTEM_IT = 1, SYSTEM_OT = 2, SYSTEM_IOT = 4 };
/* How many members a reporter may ask to be hidden among. */
enum { REPORT_K_LEAST = 5, REPORT_K_MOST = 1000 };

/*
 * Validates a report by one field table and normalises it: texts become {"ja","en"},
 * severity_claimed its three axes, times RFC 3339 with +09:00 kept (era dates such as
 * 令和8年11月8日 are accepted), tlp its long form, defaults filled in (stage first,
 * certainty suspected, tlp TLP:AMBER, consent {publish none, identity sealed}, lang ja,
 * potential = severity).  *ret is a new object that holds known fields only.  now_ms is
 * the wall clock (no clock in here).  0, ERR_INVALID with `why`, or ERR_NOMEM.
 */
int report_check(const json_t *in, const struct taxonomy *t, int64_t now_ms, json_t **ret,
    struct fault *why) MUST_CHECK;

/* What routing needs, taken from a normalised report. */
struct report_facts {
	/* certainty: 0 suspected 1 likely 2 confirmed */
	uint8_t precursor, severity, potential, certainty;
	uint8_t level; /* routing level: the higher of severity and, for precursors, OT
			  intrusions and anything likely or confirmed, potential */
	uint8_t tlp, publish, hotline, exercise, systems, named;
	uint8_t no_government; /* consent.government is false */
	char ceptoar[64];      /* "" when not given */
	uint8_t has_commitment;
	unsigned char commitment[32];
	uint32_t products[8];
	uint8_t product_count;
	uint8_t mixed_script; /* a word of the title mixes look-alike scripts */
	uint16_t k;	      /* consent.k, 0: not asked for */
	/* What the reporter lets be shown of its facility, as the directory has it; ""
	 * not given. */
	char region[16], class_[16], size[8];
};
void report_facts(const json_t *report, struct report_facts *ret);
/* What a full disk keeps room for: level CRITICAL_LEVEL and up, and calls for help. */
enum { CRITICAL_LEVEL = 3 };
int report_is_critical(const struct report_facts *f);

/* The receiving side's own check (keeper): still of the normalised form, and no mail
 * address, telephone number, private address or user path outside `indicators`.
 * 0, ERR_INVALID with `why` (not_public and the pointer). */
int report_is_public(const json_t *report, struct fault *why) MUST_CHECK;

/* A record is {"shared": report, "private": {...}}: *ret is a new reference to `shared`,
 * or to the whole when it is a plain report.  `private` never leaves the machine. */
int record_shared(const json_t *record, json_t **ret, struct fault *why) MUST_CHECK;

/* The field table as a JSON list of {name, type, required, max, bytes, words, fields}:
 * for documentation, and for the test that holds the JSON Schema against it. */
void report_fields(struct buf *out);

#endif
