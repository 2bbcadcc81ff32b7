/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_TRIAGE_H
#define KEEPER_STORE_TRIAGE_H

#include "daemon/keeper/store.h"
#include "proto/text_print.h"

/* A desk's groups of copies; as store.h, of which this is a part. */
enum triage_state { TRIAGE_WAITS = 1, TRIAGE_ASIDE, TRIAGE_DONE };
enum { TRIAGE_REASON_MAX = 4096, LOCK_SECONDS = 15 * 60 };

struct store_group {
	uint8_t id[ID_LEN];
	uint8_t desk; /* a slot, or DESK_CENTRE */
	enum triage_state state;
	uint8_t level;
	int64_t first, touched; /* minutes */
	/* Of one that was set aside; code 0: it was not. */
	uint8_t code, person[RECEIVER_LEN];
	int64_t since; /* minute */
	uint8_t has_bulletin, bulletin[ID_LEN];
};

/* A case of a group. */
struct store_member_case {
	uint8_t desk, ended;
	uint8_t case_id[ID_LEN], grp[ID_LEN], report[ID_LEN];
	int64_t minute;
};

struct store_lock {
	uint8_t person[RECEIVER_LEN], receiver[RECEIVER_LEN];
	int64_t since, until; /* seconds */
};

/* What the cases of a group come to. */
struct store_group_sum {
	unsigned cases, open, unread, channels, slips;
	int k; /* fewest members that fit one of them; -1: not weighed */
	uint8_t has_bulletin, bulletin[ID_LEN];
};

/* Adds, or changes all but desk, first and the words of a reason. */
int store_group_put(struct store *s, const struct store_group *g) MUST_CHECK;
int store_group_get(
    struct store *s, const uint8_t *id, struct store_group *ret) MUST_CHECK;
/* The words why it was set aside, or of the lock that was taken over: either may be "".
 */
int store_group_words(
    struct store *s, const uint8_t *id, struct slice ja, struct slice en) MUST_CHECK;
int store_group_words_get(
    struct store *s, const uint8_t *id, struct buf *ja, struct buf *en) MUST_CHECK;
int store_group_sum(
    struct store *s, const uint8_t *id, struct store_group_sum *ret) MUST_CHECK;
/* The CEPTOARs of its cases. */
int store_group_slots(
    struct store *s, const uint8_t *id, struct slots *ret, int *ret_none) MUST_CHECK;
/* A page of one desk, the highest and then the newest first: ids only.  `state`: enum
 * triage_state; locked 1 those that are held at `now`, 0 those that are not, -1 both;
 * slot: with a case of this CEPTOAR, -1 any. */
struct triage_query {
	unsigned desk, min_level;
	enum triage_state state;
	int locked, slot;
	int64_t now; /* seconds */
};
int store_group_list(struct store *s, const struct triage_query *q,
    struct store_group *out, size_t cap, size_t *ret_n) MUST_CHECK;

int store_print_get(
    struct store *s, unsigned desk, const uint8_t *print, uint8_t *ret_grp) MUST_CHECK;
int store_print_put(
    struct store *s, unsigned desk, const uint8_t *print, const uint8_t *grp) MUST_CHECK;

int store_member_case_put(struct store *s, const struct store_member_case *c) MUST_CHECK;
int store_member_case_get(struct store *s, unsigned desk, const uint8_t *case_id,
    struct store_member_case *ret) MUST_CHECK;
/* The newest first, `skip` of them passed over; fills out[0..cap). */
int store_member_case_list(struct store *s, const uint8_t *grp, size_t skip,
    struct store_member_case *out, size_t cap, size_t *ret_n) MUST_CHECK;

int store_lock_put(struct store *s, const uint8_t *grp, const struct store_lock *l,
    struct slice ja, struct slice en) MUST_CHECK;
int store_lock_get(
    struct store *s, const uint8_t *grp, struct store_lock *ret) MUST_CHECK;
int store_lock_renew(struct store *s, const uint8_t *grp, int64_t until) MUST_CHECK;
int store_lock_del(struct store *s, const uint8_t *grp) MUST_CHECK;

int store_group_draft_add(
    struct store *s, const uint8_t *draft, const uint8_t *grp) MUST_CHECK;
/* The groups of a draft, or the drafts of a group: ids, at most cap. */
int store_group_draft_list(struct store *s, const uint8_t *id, int of_group,
    uint8_t (*out)[ID_LEN], size_t cap, size_t *ret_n) MUST_CHECK;

int store_trait_put(struct store *s, const uint8_t *trait, int64_t minute,
    const uint8_t *case_id, unsigned slot) MUST_CHECK;
/* Cases with this trait (topics: with this topic) from a minute on, at most `most` rows,
 * those of the group left out: each goes to fn, which may not use the store. */
int store_trait_each(struct store *s, int topics, const uint8_t *id, int64_t from,
    const struct store_group *without, unsigned most,
    int (*fn)(void *arg, const uint8_t *case_id, unsigned slot), void *arg) MUST_CHECK;

/* Retention, at most `most` rows of each kind; *ret_n: how many went. */
int store_prune_triage(struct store *s, int64_t reports_before, int64_t topics_before,
    unsigned most, unsigned *ret_n) MUST_CHECK;

#endif
