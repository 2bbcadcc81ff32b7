/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_BULLETIN_H
#define PROTO_BULLETIN_H

#include <stdint.h>

#include "proto/frame.h"
#include "proto/json.h"
#include "proto/report.h"

enum { BULLETIN_GROUP = 64 };

/* What the keeper knows when it makes an automatic bulletin. */
struct bulletin_make {
	unsigned char id[ID_LEN];
	char number[16];      /* "2026-7KQ2M" */
	uint16_t revision;    /* 1, 2, ... */
	enum frame_kind kind; /* FRAME_BULLETIN, FRAME_UPDATE, FRAME_CANCEL */
	int64_t issued_ms, valid_until_ms; /* whole minutes */
	/* As shown: a sector, BULLETIN_GROUP + a group of sectors, or 255: not shown. */
	unsigned sector;
	const char *audience; /* as shown: "ceptoar", "several", "all", "public" */
	uint8_t tlp, severity, exercise, verified;
	uint8_t confirmed;  /* a second member said the same */
	unsigned reports;   /* how many different members did; 0: not shown */
	const char *reason; /* cancel: "withdrawn", "expired", "false_alarm"; update:
			       "still_unverified" or NULL */
	/* Of the reporter's facility, as far as enough members fit; NULL: not shown. */
	const char *region, *class_, *size;
	uint8_t hold_products; /* 1: the names of products are not shown */
};

/*
 * The automatic early warning: title, description (as summary), actions, indicators,
 * references and products of the scrubbed report, and what `m` shows of its facility;
 * never service_impact, times, causes, classes or statutory.  URLs outside indicators are
 * defanged.  Canonical bytes into out.
 */
int bulletin_write(const struct bulletin_make *m, const json_t *report,
    const struct taxonomy *t, struct buf *out) MUST_CHECK;
/* For readers of an earlier revision whose right has ended: number, revision, msg_type
 * and "withdrawn" or "see your CEPTOAR", ja and en; nothing of the new text. */
int bulletin_stub(const struct bulletin_make *m, struct buf *out) MUST_CHECK;
/* hxxp://, [.] and so on for URLs and domains in text; used by every renderer. */
int text_defang(struct slice text, const json_t *indicators, struct buf *out) MUST_CHECK;

#endif
