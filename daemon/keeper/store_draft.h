/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_DRAFT_H
#define KEEPER_STORE_DRAFT_H

#include "daemon/keeper/store.h"

/* What desks write and release.  As in store.h: 0 or an error, ERR_NOTFOUND, ERR_EXISTS;
 * buffers are appended to. */
enum draft_state { DRAFT_OPEN = 1, DRAFT_WAITS, DRAFT_RELEASED };
enum desk_origin { ORIGIN_SECRETARIAT = 1, ORIGIN_CENTRE };
enum second_action { SECOND_RELEASE = 1, SECOND_CANCEL, SECOND_FALSE_ALARM };
enum second_state { SECOND_WAITS = 1, SECOND_AGREED, SECOND_REFUSED };
enum { SECOND_TEXT_MAX = 4000, ATTACHMENT_NAME_MAX = 64 };

struct store_draft {
	uint8_t id[ID_LEN];
	uint8_t desk; /* a slot, or DESK_CENTRE */
	enum draft_state state;
	uint16_t revision; /* the newest */
	int64_t touched;   /* minute */
	uint8_t has_bulletin, bulletin[ID_LEN];
};

struct store_draft_revision {
	uint16_t revision;
	uint8_t person[RECEIVER_LEN];
	int64_t minute;
};

struct store_meta {
	uint8_t bulletin[ID_LEN];
	uint8_t desk, origin, kind;
	uint8_t person[RECEIVER_LEN], has_second, second[RECEIVER_LEN];
	uint8_t draft[ID_LEN];
	int64_t ack_due; /* minute; 0: none asked for */
};

struct store_second {
	uint8_t id[ID_LEN];
	enum second_action action;
	enum second_state state;
	uint8_t desk; /* of who asked */
	uint8_t person[RECEIVER_LEN];
	int64_t minute;
	uint8_t has_draft, draft[ID_LEN];
	uint16_t revision; /* of the draft */
	uint8_t has_bulletin, bulletin[ID_LEN];
	int64_t due; /* done alone: to be looked at until this minute; 0: waits */
	uint8_t overdue;
	char reason[SECOND_TEXT_MAX + 1];
	uint8_t has_second, second[RECEIVER_LEN];
	int64_t answered;
	char answer[SECOND_TEXT_MAX + 1];
};

struct store_attachment {
	char name[ATTACHMENT_NAME_MAX + 1];
	char type[32];
	uint32_t size;
	uint8_t sum[SUM_LEN];
};

int store_draft_put(struct store *s, const struct store_draft *d) MUST_CHECK;
int store_draft_get(
    struct store *s, const uint8_t *id, struct store_draft *ret) MUST_CHECK;
/* With its revisions and files. */
int store_draft_del(struct store *s, const uint8_t *id) MUST_CHECK;
/* Of one desk, without those that were released. */
int store_draft_count(struct store *s, unsigned desk, unsigned *ret) MUST_CHECK;
/* Of one desk, the last touched first: the next one behind this minute and id, of those
 * that were released or of the others. */
int store_draft_after(struct store *s, unsigned desk, int released, int64_t touched,
    const uint8_t *id, struct store_draft *ret) MUST_CHECK;
int store_draft_revision_add(struct store *s, const uint8_t *id,
    const struct store_draft_revision *r, struct slice body) MUST_CHECK;
/* body may be NULL. */
int store_draft_revision_get(struct store *s, const uint8_t *id, uint16_t revision,
    struct store_draft_revision *ret, struct buf *body) MUST_CHECK;

int store_meta_put(struct store *s, const struct store_meta *m) MUST_CHECK;
int store_meta_get(
    struct store *s, const uint8_t *bulletin, struct store_meta *ret) MUST_CHECK;
int store_bulletin_case_add(
    struct store *s, const uint8_t *bulletin, const uint8_t *case_id) MUST_CHECK;
int store_bulletin_case_each(struct store *s, const uint8_t *bulletin,
    int (*fn)(void *arg, const uint8_t *case_id), void *arg) MUST_CHECK;

/* The other way round: what desks have made of the case.  fn may use the store. */
int store_case_bulletin_each(struct store *s, const uint8_t *case_id,
    int (*fn)(void *arg, const uint8_t *bulletin), void *arg) MUST_CHECK;

int store_second_put(struct store *s, const struct store_second *v) MUST_CHECK;
int store_second_get(
    struct store *s, const uint8_t *id, struct store_second *ret) MUST_CHECK;
/* Those that wait, oldest first; fn may use the store. */
int store_second_each(struct store *s, unsigned most,
    int (*fn)(void *arg, const struct store_second *v), void *arg) MUST_CHECK;
/* One that was done alone and that nobody has looked at until `minute`. */
int store_second_due(
    struct store *s, int64_t minute, struct store_second *ret) MUST_CHECK;
/* Requests that wait with this draft go: it has another text now.  done: what was to be
 * looked at afterwards too, for it was never done. */
int store_second_drop(struct store *s, const uint8_t *draft, int done) MUST_CHECK;

int store_attachment_put(struct store *s, const uint8_t *draft,
    const struct store_attachment *a, struct slice body) MUST_CHECK;
int store_attachment_get(struct store *s, const uint8_t *draft, const char *name,
    struct store_attachment *ret, struct buf *body) MUST_CHECK; /* body may be NULL */
int store_attachment_del(
    struct store *s, const uint8_t *draft, const char *name) MUST_CHECK;
/* By name; fn may not use the store. */
int store_attachment_each(struct store *s, const uint8_t *draft,
    int (*fn)(void *arg, const struct store_attachment *a), void *arg) MUST_CHECK;
int store_attachment_clear(struct store *s, const uint8_t *draft) MUST_CHECK;
int store_attachment_copy(
    struct store *s, const uint8_t *from, const uint8_t *to) MUST_CHECK;

struct store_desk_idem {
	uint8_t mac[32], call[32];
};
int store_desk_idem_add(struct store *s, const uint8_t *key,
    const struct store_desk_idem *i, int64_t minute, struct slice body) MUST_CHECK;
int store_desk_idem_get(struct store *s, const uint8_t *key, struct store_desk_idem *ret,
    struct buf *body) MUST_CHECK;

/* At most `most` of each: idempotency rows from before `idem`; drafts that nobody has
 * touched, answered requests, and what belonged to bulletins that are gone, from before
 * `old`. */
int store_prune_drafts(struct store *s, int64_t idem, int64_t old, unsigned most,
    unsigned *ret_n) MUST_CHECK;

#endif
