/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_MSG_KEEPER_H
#define PROTO_MSG_KEEPER_H

#include <stdint.h>

#include "lib/wire.h"
#include "proto/frame.h"
#include "proto/problem.h"
#include "proto/rights.h"

/*
 * Messages of the keeper.  Sockets: keeper-front (fronts), keeper-admin (ceptoarctl).
 * The keeper dials vault-keeper itself.  Every answer to a call is a struct keeper_reply
 * unless noted; its `problem` travels as the frame's status.  A call id is random and
 * never a connection or receiver id.
 */
enum {
	/* A file of a bulletin, 2 MiB, with what goes with it. */
	KEEPER_FRAME_MAX = 2304 * 1024,
	KEEPER_QUEUE_MAX = 16 * 1024 * 1024,
	KEEPER_PAGE_MAX = 1024 * 1024, /* bytes of rows in one page */
	REPORT_JSON_MAX = 512 * 1024,
	ACKS_MAX = 500,
};

enum keeper_msg {
	/* keeper-front */
	KM_HELLO = 1, /* {} -> keeper_hello */
	KM_TAIL, /* {from u64}: push KM_ROWS with seq >= from on, catching up first */
	KM_ROWS, /* push, call 0: {head u64, n u32, n * frame}; n may be 0 (caught up) */
	/* {from u64, max_bytes u32} -> {head u64, earliest u64, n u32, n * frame} */
	KM_PAGE,
	/* {idem_key[32], idem_mac[32]} -> reply: OK + body, NOT_FOUND, or
	 * IDEMPOTENCY_MISMATCH */
	KM_FIND,
	KM_PUT,	     /* struct keeper_put -> reply, body is the receipt JSON */
	KM_CASE,     /* struct keeper_case -> reply, body is the case's state JSON */
	KM_WITHDRAW, /* struct keeper_case -> reply */
	/* {slot u8, blind u8, auto_ok u8, json} -> reply: who would get it and why (JSON)
	 */
	KM_EXPLAIN,
	KM_BULLETINS, /* struct keeper_list -> reply: {"bulletins":[...],"next":...} */
	/* {rights, ref str (32 hex or number), revision u16 (0 newest)} -> reply:
	 * canonical bytes */
	KM_BULLETIN,
	KM_ACKS,	/* {rights, n u16, n * keeper_ack} -> reply: {"results":[...]} */
	KM_SUB_GET,	/* {receiver} -> reply, body: subscription_put */
	KM_SUB_PUT,	/* {receiver, duties u8, subscription} -> reply, durable */
	KM_SUB_CHANGED, /* push {receiver, subscription} to every front */
	KM_INBOX,	/* struct keeper_list -> reply: {"items":[...],"next":...} */
	KM_AUTO,	/* push struct keeper_auto to every front: hello, and changes */
	KM_MESSAGES,	/* struct keeper_case -> reply: {"messages":[...]} */
	KM_MESSAGE, /* struct keeper_message (msg_case.h) -> reply: {"n":..,"at":..} */
	KM_CLOSE,   /* struct keeper_case of a desk -> reply */
	KM_SLIP,    /* struct keeper_case of a desk -> reply: {"to":..,"box":..} */
	KM_TOKENS,  /* {} -> reply: issuer keys and the council's statement */
	KM_TRANSPARENCY, /* {} -> reply */
	KM_TRENDS,	 /* struct keeper_list -> reply */
	KM_DUTY_KEYS,	 /* {} -> reply: certificates that slips are encrypted to */
	KM_DESK,	 /* struct keeper_desk (msg_desk.h) -> reply */
	KM_LINK,      /* {token_sum[32]} -> reply, body: struct link_facts (msg_link.h) */
	KM_ANSWER,    /* struct link_answer -> reply, body: struct link_done */
	KM_JWKS = 40, /* {} -> reply: public keys that bulletins are signed with */
	KM_STREAMED = 41, /* which rows went to whom (msg_reach.h) -> reply, durable */
	KM_FOLLOW = 42,	  /* struct keeper_case -> reply: may a sealed version follow? */
	/* keeper-admin */
	KM_A_STATUS = 64, /* {} -> reply: JSON */
	KM_A_EXPLAIN,	  /* as KM_EXPLAIN */
	KM_A_BACKUP,	  /* {path str} -> pushes KM_A_PROGRESS, then reply */
	KM_A_PROGRESS,	  /* push {done u32, total u32}, same call id */
	KM_A_STATEMENT,	  /* {jws str}: the council's statement of keys -> reply */
	KM_A_DUTY_KEY,	  /* {desk str (slug or "centre"), pem str} -> reply */
	KM_A_AUDIT = 72,  /* {enum audit_ask u8 (msg_admin.h), from u64} -> reply */
	/* {enum signing_verb u8, overlap u32 minutes, kid str} -> reply: the keys */
	KM_A_SIGNING = 80,
	/* {enum bundle_kind u8, ceptoar str, hub str, cursor str, minute i64, from u64}
	 * -> reply: a line {"cursor","hub","next"}, and rows (proto/bundle.h) */
	KM_A_EXPORT,
	KM_A_BUNDLE_SIGN, /* {header str} -> reply: its JWS */
	/* {enum bundle_kind u8, jwks str, hub str, ceptoar str, row str} -> reply */
	KM_A_IMPORT,
};

struct keeper_hello {
	uint32_t epoch;
	unsigned char cursor_key[16];
	/* Sequence of the newest and the oldest kept row; 0: none. */
	uint64_t head, earliest;
};

/*
 * The routing level from which a report may be released without anybody's hand: of each
 * CEPTOAR, and of reports that belong to none.  The vault counts the releases of a
 * member, and a front has to tell it whether this will be one.
 */
struct keeper_auto {
	uint8_t level[SLOTS], no_slot;
};

struct keeper_case {
	uint8_t case_id[ID_LEN];
	uint8_t desk; /* 1: a desk asks, by `rights`; 0: whoever holds the secret */
	uint8_t secret_hash[32]; /* SHA-256 of the presented secret */
	struct rights rights;
};

struct keeper_list {
	struct rights rights;
	uint8_t min_severity;
	uint64_t sectors; /* 0 = all */
	uint32_t limit;	  /* 1..500 */
	/* Bulletins: rows with seq < before, 0 = newest; "next" is an opaque cursor
	 * (proto/cursor.h).  Inbox: items to pass over; "next" is that number. */
	uint64_t before;
};

enum ack_status { ACK_RECEIVED = 1, ACK_READ = 2, ACK_ACTED = 3 };
struct keeper_ack {
	uint8_t id[ID_LEN];
	uint16_t revision;
	uint8_t status;
	uint32_t forwarded_to; /* members the bulletin was passed on to */
	struct slice note;     /* at most 1 KiB */
};

struct keeper_reply {
	enum problem problem; /* P_OK and the body, or what went wrong */
	uint8_t created;      /* enum reply_created of msg_put.h */
	struct slice pointer; /* JSON Pointer of the field at fault, or "" */
	struct slice detail;  /* a literal of the keeper, or "" */
	struct slice body;
};

void keeper_hello_put(struct buf *b, const struct keeper_hello *m);
int keeper_hello_get(const void *p, size_t n, struct keeper_hello *ret) MUST_CHECK;
void keeper_auto_put(struct buf *b, const struct keeper_auto *m);
int keeper_auto_get(const void *p, size_t n, struct keeper_auto *ret) MUST_CHECK;
void keeper_case_put(struct buf *b, const struct keeper_case *m);
int keeper_case_get(const void *p, size_t n, struct keeper_case *ret) MUST_CHECK;
/* In front of other fields of a message. */
void keeper_case_take(struct wire *w, struct keeper_case *ret);
void keeper_list_put(struct buf *b, const struct keeper_list *m);
int keeper_list_get(const void *p, size_t n, struct keeper_list *ret) MUST_CHECK;
void keeper_ack_put(struct buf *b, const struct keeper_ack *m); /* one element */
void keeper_ack_get(struct wire *w, struct keeper_ack *ret);	/* one element */
void keeper_reply_put(struct buf *b, const struct keeper_reply *m);
int keeper_reply_get(const void *p, size_t n, struct keeper_reply *ret) MUST_CHECK;

#endif
