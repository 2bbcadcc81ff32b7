/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_FRAME_H
#define PROTO_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "lib/wire.h"
#include "proto/rights.h"

/*
 * One row of the log: a fixed header on which alone a front filters, and canonical bytes
 * that are the same for everybody.  For an update or cancel the reach_* fields are the
 * union over all earlier revisions: who is inside the reach and not inside the audience
 * of this revision is sent `stub` instead of `body`.
 */
enum frame_kind {
	FRAME_BULLETIN = 1,
	FRAME_UPDATE,
	FRAME_CANCEL,
	FRAME_INBOX,
	FRAME_MODE,
	FRAME_KEYS,    /* the council's statement of issuer keys, to everybody */
	FRAME_CONTACT, /* a contact test: for couriers alone, on no stream or list */
};

enum frame_flag {
	FRAME_CROSS = 1u << 0,	/* also cross-sector subscribers at their threshold */
	FRAME_ALL = 1u << 1,	/* all CEPTOARs, whatever the cross threshold */
	FRAME_PUBLIC = 1u << 2, /* everybody who is connected */
	FRAME_CENTRE = 1u << 3, /* the national centre, whatever the slots */
	FRAME_EXERCISE = 1u << 4,
	FRAME_IT = 1u << 5,
	FRAME_OT = 1u << 6,
	FRAME_IOT = 1u << 7,
	FRAME_ACK = 1u << 8,	   /* an acknowledgement is asked for */
	FRAME_NO_GOV = 1u << 9,	   /* not for centre, ministries and agencies */
	FRAME_MINISTRY = 1u << 10, /* ministries too */
	FRAME_AGENCY = 1u << 11,   /* agencies too */
	FRAME_KIND_AT = 12,	   /* two bits: enum bulletin_kind */
	FRAME_KIND_MASK = 3u << FRAME_KIND_AT,
	FRAME_DESK = 1u << 14, /* written or released by a desk */
	/* Another's bulletin, passed on: affiliates of the slots too; with FRAME_CROSS
	 * affiliates and desks alone, for the members have the original. */
	FRAME_RELAY = 1u << 15,
	/* Who is in the audience beside the CEPTOARs of `slots`. */
	FRAME_AUDIENCE = FRAME_CROSS | FRAME_ALL | FRAME_PUBLIC | FRAME_CENTRE |
			 FRAME_MINISTRY | FRAME_AGENCY,
	/* What of earlier revisions stays in reach_flags: audience, and what a reader's
	 * filter needs to know (proto/frame_next.h).  FRAME_NO_GOV there: all of them had
	 * it. */
	FRAME_REACH = FRAME_AUDIENCE | FRAME_RELAY | FRAME_IT | FRAME_OT | FRAME_IOT,
};

/* 早期警戒情報, 復旧手法情報, 障害・攻撃情報, 攻撃手法情報. */
enum bulletin_kind {
	KIND_EARLY_WARNING,
	KIND_RECOVERY_METHOD,
	KIND_OUTAGE_ATTACK,
	KIND_ATTACK_METHOD,
};

/* "early_warning", "recovery_method", "outage_attack", "attack_method"; NULL beyond. */
const char *bulletin_kind_word(unsigned kind);
unsigned bulletin_kind_of(struct slice word); /* 4: none of them */

enum { NAMES_MOST = 64 };

struct frame_head {
	uint64_t seq;
	uint8_t kind, severity, tlp, sector; /* sector: index as shown; 255 none */
	uint16_t flags;
	struct slots slots; /* the audience's own CEPTOARs (inbox: whose desk) */
	uint8_t reach_severity, reach_tlp;
	uint16_t reach_flags;
	struct slots reach;
	uint32_t products[8];
	uint8_t product_count;
	uint8_t id[ID_LEN]; /* bulletin */
	uint16_t revision;
	uint32_t minute; /* since 1970 */
	uint64_t first;	 /* row of the bulletin's first revision; 0: no bulletin */
	uint32_t body_len, stub_len;
	/* TLP:RED has no audience but these receivers and the desk that wrote it, which
	 * is then all that `slots` and FRAME_CENTRE say.  All that were ever named, so
	 * that a correction finds them; bit i of `named`: names[i] is of this revision
	 * too.  Last, where the rows that name nobody never look. */
	uint8_t name_count;
	uint64_t named;
	uint8_t names[NAMES_MOST][RECEIVER_LEN];
};

/* The bytes of a header that are in use, a multiple of 16. */
static inline size_t
frame_head_size(const struct frame_head *h)
{
	return (offsetof(struct frame_head, names) + 15) / 16 * 16 +
	       (size_t)h->name_count * RECEIVER_LEN;
}

enum {
	/* Encoded header without names; with some a number, a mask and the names follow,
	 * then body and stub. */
	FRAME_HEAD_LEN = 121,
	FRAME_NAMES_MAX = 9 + NAMES_MOST * RECEIVER_LEN,
	FRAME_BODY_MAX = 768 * 1024, /* bytes of body and of stub, each */
};

enum frame_view { VIEW_NONE = 0, VIEW_BODY, VIEW_STUB };

/*
 * The whole rule of who gets a row, in one function: audience, TLP clearance and
 * subscription, by today's rights (protocol: "Who gets what").  `query` narrows a stream
 * by its own min_severity and sectors; NULL for none.  Desk rows (FRAME_INBOX) go to
 * secretariats of the slot, and to the centre from level 3 or with FRAME_CENTRE.
 */
struct frame_query {
	uint8_t min_severity;
	uint64_t sectors; /* 0 = all */
};
enum frame_view frame_view(const struct frame_head *h, const struct rights *r,
    const struct subscription *s, const struct frame_query *q);

/* May this reader ever be handed the object (bulletin by id, list)?  As frame_view, with
 * the thresholds left out: who is no cross-sector subscriber at all is not in that
 * audience. */
enum frame_view frame_may_read(
    const struct frame_head *h, const struct rights *r, int cross_subscriber);

/* Is this reader at the desk that wrote a row of TLP:RED? */
int frame_is_desk(const struct frame_head *h, const struct rights *r);
/* Names a receiver for this revision; ERR_LIMIT: NAMES_MOST were named already. */
int frame_name(struct frame_head *h, const uint8_t *receiver) MUST_CHECK;

/* Is this contact test (FRAME_CONTACT) for that reader?  Whatever it subscribed to, and
 * whatever its clearance is: there is nothing to read. */
int frame_tests(const struct frame_head *h, const struct rights *r);

/* The header alone: what a store keeps beside body and stub. */
void frame_head_put(struct buf *b, const struct frame_head *h);
/* Reads a header; out of range values are a wire error. */
void frame_head_get(struct wire *w, struct frame_head *ret);
void frame_put(
    struct buf *b, const struct frame_head *h, struct slice body, struct slice stub);
/* Reads one; body and stub point into the wire's memory. */
void frame_get(struct wire *w, struct frame_head *ret, struct slice *ret_body,
    struct slice *ret_stub);

#endif
