/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_H
#define KEEPER_STORE_H

#include <stdint.h>

#include "lib/buf.h"
#include "proto/frame.h"
#include "proto/msg_keeper.h"

/* Opaque types. */
struct store;

/*
 * What the keeper asks of its database, as typed operations: no SQL outside the driver
 * (store_sqlite*.c), so that another driver can stand behind the same names.  Results are
 * 0 or an error of lib/err.h; "get" gives ERR_NOTFOUND, "add" ERR_EXISTS.  Buffers are
 * appended to.  All of it blocks; there is one caller.
 */
enum { DESK_CENTRE = SLOT_NONE, SUM_LEN = 32, NUMBER_MAX = 16 };
enum { DESK_BIT_OWN = 1, DESK_BIT_CENTRE = 2 };
enum case_state { CASE_RECEIVED = 1, CASE_RELEASED, CASE_WITHDRAWN, CASE_CLOSED };
enum bulletin_state { BULLETIN_STANDS = 1, BULLETIN_CANCELLED };

struct store_info {
	uint32_t epoch;
	unsigned char cursor_key[16];
	uint64_t head, earliest; /* of the log; 0: empty */
	uint64_t wal_bytes;
};

struct store_report {
	uint8_t id[ID_LEN], case_id[ID_LEN];
	uint8_t slot, level, blind, desks;
	int64_t minute;
	uint8_t bulletin[ID_LEN]; /* made or revised by this version, when revision > 0 */
	uint16_t revision;
};

struct store_case {
	uint8_t id[ID_LEN];
	uint8_t has_commitment, commitment[32];
	uint8_t slot;
	enum case_state state;
	int64_t minute;
	uint32_t reports;
	uint8_t report[ID_LEN]; /* the newest version */
	uint8_t has_bulletin, bulletin[ID_LEN];
	uint8_t desks;	 /* DESK_BIT_*, where it lies */
	int64_t touched; /* minute under which the newest version lies in the inbox */
	/* Messages; the desk's since the reporter's last one, and the other way round. */
	uint16_t messages, asked, told;
};

struct store_bulletin {
	uint8_t id[ID_LEN], case_id[ID_LEN], report[ID_LEN];
	char number[NUMBER_MAX];
	uint16_t revision;
	enum bulletin_state state;
	uint8_t verified;
	uint16_t reporters;	     /* different members who said the same; 0: unknown */
	int64_t issued, valid_until; /* minutes */
	int64_t note_due, end_due;   /* minutes; 0: not any more */
	struct frame_head head;	     /* of the newest revision */
};

struct store_idem {
	uint8_t mac[32], report[ID_LEN];
	int64_t minute;
};

/* Opens or makes the database; `why` gets a sentence with an instruction. */
int store_open(struct store **ret, const char *path, struct buf *why) MUST_CHECK;
void store_close(struct store *s); /* TRUNCATE checkpoint; NULL is fine */
void store_info(const struct store *s, struct store_info *ret);

/* One transaction at a time; a mark is one operation inside it. */
int store_begin(struct store *s) MUST_CHECK;
int store_commit(struct store *s) MUST_CHECK; /* ERR_OUTCOME: stop the program */
void store_rollback(struct store *s);
/* Has the transaction, with n operations, been filled for long enough? */
int store_filled(const struct store *s, unsigned n);
int store_mark(struct store *s) MUST_CHECK;
int store_mark_keep(struct store *s) MUST_CHECK;
void store_mark_undo(struct store *s);

int store_report_add(
    struct store *s, const struct store_report *r, struct slice body) MUST_CHECK;
int store_report_get(
    struct store *s, const uint8_t *id, struct store_report *ret, struct buf *body)
    MUST_CHECK; /* body may be NULL; ERR_CORRUPT when it does not verify */
int store_case_put(
    struct store *s, const struct store_case *c) MUST_CHECK; /* add or change */
int store_case_get(struct store *s, const uint8_t *id, struct store_case *ret) MUST_CHECK;
int store_idem_add(
    struct store *s, const uint8_t *key, const struct store_idem *i) MUST_CHECK;
int store_idem_get(
    struct store *s, const uint8_t *key, struct store_idem *ret) MUST_CHECK;

int store_bulletin_put(struct store *s, const struct store_bulletin *b) MUST_CHECK;
int store_bulletin_get(
    struct store *s, const uint8_t *id, struct store_bulletin *ret) MUST_CHECK;
int store_bulletin_by_number(
    struct store *s, const char *number, struct store_bulletin *ret) MUST_CHECK;
/* Newest first, sequence below `before` (0: all): calls fn until it returns non-zero
 * (handed back) or `scan` rows were seen (ERR_LIMIT).  fn may use the store. */
int store_bulletin_each(struct store *s, uint64_t before, unsigned scan,
    int (*fn)(void *arg, const struct frame_head *h), void *arg) MUST_CHECK;
/* One that is due at `minute`; *ret_end: 1 the end, 0 the note. */
int store_bulletin_due(
    struct store *s, int64_t minute, struct store_bulletin *ret, int *ret_end) MUST_CHECK;
int store_revision_seq(
    struct store *s, const uint8_t *id, uint16_t revision, uint64_t *ret_seq) MUST_CHECK;

/* Appends a row, gives it its sequence, and adds the encoded frame to `out`. */
int store_log_add(struct store *s, struct frame_head *h, struct slice body,
    struct slice stub, struct buf *out) MUST_CHECK;
/* Rows from `from` on, encoded frames, at most `bytes` (one row at least). */
int store_log_page(struct store *s, uint64_t from, size_t bytes, struct buf *out,
    uint32_t *ret_n) MUST_CHECK;

/* Retention, at most `most` rows a call; *ret_n says how many went. */
int store_prune_idem(
    struct store *s, int64_t before, unsigned most, unsigned *ret_n) MUST_CHECK;
int store_prune_reports(
    struct store *s, int64_t before, unsigned most, unsigned *ret_n) MUST_CHECK;
int store_prune_log(
    struct store *s, int64_t before, unsigned most, unsigned *ret_n) MUST_CHECK;

int store_checkpoint(struct store *s, int truncate) MUST_CHECK;
/* A copy in steps; 0 more to do, 1 done.  The copy gets an epoch of its own, so that
 * whoever starts from it tells subscribers that rows may be missing. */
int store_backup_start(struct store *s, const char *to) MUST_CHECK; /* one at a time */
int store_backup_step(
    struct store *s, unsigned *ret_done, unsigned *ret_total) MUST_CHECK;
void store_backup_end(struct store *s);

#endif
