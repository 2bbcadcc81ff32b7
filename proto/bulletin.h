/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_BULLETIN_H
#define PROTO_BULLETIN_H

#include <stdint.h>

#include "proto/frame.h"
#include "proto/json.h"
#include "proto/report.h"

enum { BULLETIN_GROUP = 64 };

/* What the keeper knows when it makes a bulletin. */
struct bulletin_make {
	unsigned char id[ID_LEN];
	char number[16];      /* "2026-7KQ2M" */
	uint16_t revision;    /* 1, 2, ... */
	enum frame_kind kind; /* FRAME_BULLETIN, FRAME_UPDATE, FRAME_CANCEL */
	int64_t issued_ms, valid_until_ms; /* whole minutes */
	/* As shown: a sector, BULLETIN_GROUP + a group of sectors, or 255: not shown. */
	unsigned sector;
	const char *audience; /* as shown: "ceptoar", "several", "all", "public", "named"
			       */
	uint8_t tlp, severity, exercise, verified;
	uint8_t confirmed; /* a second member said the same */
	unsigned reports;  /* how many different members did; 0: not shown */
	/* cancel: "withdrawn", "expired", "false_alarm", "ended", "cancelled", "merged",
	 * "relay_withdrawn";
	 * update: "still_unverified" or NULL */
	const char *reason;
	/* Of the reporter's facility, as far as enough members fit; NULL: not shown. */
	const char *region, *class_, *size;
	const char *mode; /* the hub's, as "normal" or "large-scale"; NULL: not said */
	uint8_t hold_products; /* 1: the names of products are not shown */
	/* Of a desk's: enum bulletin_kind, "secretariat" or "centre" (NULL: a report's),
	 * until when to acknowledge (0: not asked for), and the desk's own words about a
	 * cancel, ja and en (NULL: none). */
	uint8_t what;
	const char *origin;
	int64_t ack_ms;
	const json_t *why;
};

/*
 * The automatic early warning: title, description (as summary), actions, indicators,
 * references and products of the scrubbed report, and what `m` shows of its facility;
 * never service_impact, times, causes, classes or statutory.  URLs outside indicators are
 * defanged.  Canonical bytes into out.
 */
int bulletin_write(const struct bulletin_make *m, const json_t *report,
    const struct taxonomy *t, struct buf *out) MUST_CHECK;
/*
 * A desk's bulletin: the texts, indicators, references and products of a draft (draft.h),
 * and its files (a JSON list of name, type, size and sha256; NULL: none).
 */
int bulletin_desk(const struct bulletin_make *m, const json_t *draft, const json_t *files,
    const struct taxonomy *t, struct buf *out) MUST_CHECK;
/* For readers of an earlier revision whose right has ended: number, revision, msg_type
 * and "withdrawn" or "see your CEPTOAR", ja and en; nothing of the new text. */
int bulletin_stub(const struct bulletin_make *m, struct buf *out) MUST_CHECK;
/* hxxp://, [.] and so on for URLs and domains in text; used by every renderer. */
int text_defang(struct slice text, const json_t *indicators, struct buf *out) MUST_CHECK;

#endif
