/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_OPTIONS_H
#define KEEPER_OPTIONS_H

#include <limits.h>
#include <stdint.h>

#include "lib/buf.h"

/* Opaque types. */
struct keeper;
struct policy;
struct taxonomy;

/* Whether rows are brought to people and machines beside the streams. */
enum courier_on { COURIER_OFF, COURIER_AUTO, COURIER_ON };

enum { TREND_STEPS = 8, TREND_TEXT = 64 };

enum { ESCALATION_LEVEL = 3 }; /* below it only who was asked, and no pager */

/* [escalation]: until when who has to acknowledge, and what comes before that. */
struct escalation_rules {
	int on;
	long long level4, level3; /* ms: at once; of duty hours */
	char morning_text[16];
	int morning;				/* the same, as a second of the day */
	long long second_route, second_contact; /* percent of the way */
};

/* [hotline]: who is paged when. */
struct hotline_rules {
	long long level_ms, window_ms;
	char steps_text[TREND_TEXT];
	uint16_t steps[TREND_STEPS]; /* the same, rising; zeros behind the last */
};

struct options {
	char db[PATH_MAX];
	char vault_socket[108];
	char backup_dir[PATH_MAX];
	long long ballast_mib; /* 0: none */
	char ceptoars[PATH_MAX], taxonomy[PATH_MAX], holidays[PATH_MAX];
	long long report_ms, idem_ms, topic_ms; /* retention */
	long long token_k;			/* members that must have drawn */
	char trend_text[TREND_TEXT];
	uint16_t trend_steps[TREND_STEPS]; /* the same, rising; zeros behind the last */
	char courier_text[8];
	enum courier_on courier; /* the same */
	long long lease_ms, link_quiet_ms;
	char digest_text[16];
	int digest_at; /* the same, as a second of the day */
	struct escalation_rules escalation;
	struct hotline_rules hotline;
	/* [mode]: until when to acknowledge where a draft does not say; of that the
	 * percentage in large-scale mode, and of [escalation]; from which level drafts go
	 * to all then; when the mode has to be renewed. */
	long long ack_ms, ack_percent, escalation_percent, wide_level, renew_ms;
	char log_level[8];
};

/* Reads the file over the defaults; `why` says what is wrong. */
int options_read(struct options *ret, const char *conf, struct buf *why) MUST_CHECK;
/* The data files of [data], as one taxonomy (new, to be freed). */
int options_taxonomy(
    const struct options *o, struct taxonomy **ret, struct buf *why) MUST_CHECK;
/* [policy] and every [policy SLUG]; an unknown slug is an error. */
int options_policy(const char *conf, const struct taxonomy *t, struct policy *ret,
    struct buf *why) MUST_CHECK;
int options_log_level(const struct options *o); /* enum log_level, or ERR_INVALID */
/* The command line: 1 go on with k->conf, opt, tax and policy filled; 0 done (--help,
 * --check, ...); ERR_*: the reason has been printed. */
int options_main(int argc, char **argv, struct keeper *k) MUST_CHECK;

#endif
