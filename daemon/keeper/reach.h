/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_REACH_H
#define KEEPER_REACH_H

#include "daemon/keeper/keeper.h"
#include "daemon/keeper/store_reach.h"

/* Opaque types. */
struct vault_dir_row;

/*
 * Who of those who are entitled to a revision was reached, and how that is known: a walk
 * over the directory, its acknowledgements and its deliveries side by side, all of them
 * in the order of receiver ids.
 */
enum reach_state {
	REACH_NOTHING, /* nobody knows of any way to it */
	REACH_FAILED,  /* by every route that was tried */
	REACH_QUEUED,
	REACH_SENT, /* its kernel, or the server of its route, took it */
	REACH_RECEIVED,
	REACH_READ,
	REACH_ACTED,
	REACH_STATES
};
enum { REACH_ROUTES = 16 };

/* One receiver.  What is flagged is in `ack`, and decides nothing. */
struct reach_row {
	const struct vault_dir_row *who;
	enum reach_state state;
	uint8_t streamed, queued, sent, failed;
	int64_t streamed_at; /* minute; 0: not known */
	uint8_t graded;	     /* bit for each grade that ack[] has */
	struct store_ack ack[EVIDENCES + 1];
	unsigned routes;
	struct store_route route[REACH_ROUTES];
	uint32_t forwarded; /* the highest number that a counted word named */
};

struct reach_walk {
	struct keeper *k;
	struct frame_head head;
	const struct vault_dir_row *rows;
	size_t n, at;
	struct store_ack ack; /* read ahead */
	struct store_route route;
	int has_ack, has_route;
};

/* Of the bulletin's revision (0: the newest): *ret is the head of its row.  ERR_NOTFOUND.
 */
int reach_head(struct keeper *k, const struct store_bulletin *b, uint16_t revision,
    struct frame_head *ret) MUST_CHECK;
/* Receivers behind `after` (NULL: all).  Until the end nothing else walks. */
int reach_begin(struct reach_walk *w, struct keeper *k, const struct frame_head *h,
    const uint8_t *after) MUST_CHECK;
/* The next one who is entitled and for whom `who` (NULL: for all) says yes; ERR_NOTFOUND
 * at the end. */
int reach_next(struct reach_walk *w,
    int (*who)(void *arg, const struct vault_dir_row *row), void *arg,
    struct reach_row *ret) MUST_CHECK;
void reach_end(struct reach_walk *w);

/* The minute in which anybody whose word counts first said this (ACK_*); 0: nobody did.
 */
int64_t reach_first_at(const struct reach_row *r, unsigned status);

/* Figures of a CEPTOAR, or of all.  stage[] and by[][] count whom a state was at least
 * said of; a receiver with several grades counts in each of them, and in stage[] once. */
struct reach_figures {
	unsigned entitled, queued, sent, failed, silent, flagged;
	unsigned stage[4], by[EVIDENCES + 1][4];
	uint64_t forwarded;
};
/* v[slot], and v[SLOTS] for all. */
int reach_count(struct keeper *k, const struct frame_head *h,
    struct reach_figures v[SLOTS + 1]) MUST_CHECK;

/* In publish_row: how many are entitled to what goes out now.  Without a directory nobody
 * knows, and nothing is noted. */
int reach_released(struct keeper *k, const struct frame_head *h) MUST_CHECK;
/* Is this member entitled to a row now? */
int reach_is_entitled(const struct frame_head *h, const struct vault_dir_row *row);
/* Does it belong to this CEPTOAR, in whatever way? */
int reach_is_of(const struct vault_dir_row *row, unsigned slot);
const char *reach_word(enum reach_state s);

#endif
