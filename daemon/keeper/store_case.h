/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_CASE_H
#define KEEPER_STORE_CASE_H

#include "daemon/keeper/store.h"

/* What desks and reporters have between them: inbox, messages, call-back slips, duty
 * keys.  As in store.h: 0 or an error, ERR_NOTFOUND, ERR_EXISTS; buffers are appended to.
 */
enum message_side { SIDE_REPORTER = 0, SIDE_DESK = 1 };

struct store_message {
	uint16_t n;
	uint8_t side; /* enum message_side */
	int64_t minute;
	uint8_t has_key, key[32], mac[32];
};

struct store_slip {
	uint8_t desk; /* a slot, or DESK_CENTRE */
	int64_t due;  /* minute */
};

/* What lies on a desk: a slot's, or DESK_CENTRE's. */
int store_inbox_add(
    struct store *s, unsigned desk, int64_t minute, const uint8_t *report) MUST_CHECK;
/* Puts it back on top; nothing when it does not lie there. */
int store_inbox_move(struct store *s, unsigned desk, int64_t from, int64_t to,
    const uint8_t *report) MUST_CHECK;
/* Reports on these desks, newest minute first, each once; fills out[0..cap). */
struct store_item {
	int64_t minute;
	uint8_t report[ID_LEN];
	uint8_t named; /* it names the reader */
};
int store_inbox_list(struct store *s, const struct slots *desks, int centre,
    struct store_item *out, size_t cap, size_t *ret_n) MUST_CHECK;

int store_message_add(struct store *s, const uint8_t *case_id,
    const struct store_message *m, struct slice body) MUST_CHECK;
/* The one that was written under this key; n, minute and mac are filled. */
int store_message_known(struct store *s, const uint8_t *case_id, const uint8_t *key,
    struct store_message *ret) MUST_CHECK;
/* In order; fn's non-zero result ends it and is handed back.  fn may not use the store.
 */
int store_message_each(struct store *s, const uint8_t *case_id,
    int (*fn)(void *arg, const struct store_message *m, struct slice body),
    void *arg) MUST_CHECK;
int store_message_bytes(
    struct store *s, const uint8_t *case_id, uint64_t *ret) MUST_CHECK;

/* A later slip of a case takes the place of the earlier one. */
int store_slip_put(struct store *s, const uint8_t *case_id, const struct store_slip *slip,
    struct slice box) MUST_CHECK;
int store_slip_get(struct store *s, const uint8_t *case_id, struct store_slip *ret,
    struct buf *box) MUST_CHECK; /* box may be NULL */
int store_slip_del(struct store *s, const uint8_t *case_id) MUST_CHECK;
/* Destroys what is due; *ret_n: how many. */
int store_slip_due(struct store *s, int64_t minute, unsigned *ret_n) MUST_CHECK;

int store_duty_put(struct store *s, unsigned desk, struct slice cert) MUST_CHECK;
int store_duty_each(struct store *s,
    int (*fn)(void *arg, unsigned desk, struct slice cert), void *arg) MUST_CHECK;

#endif
