/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_WHO_H
#define FRONT_WHO_H

#include <stdint.h>

#include "daemon/front/bucket.h"
#include "daemon/front/calls.h"
#include "daemon/front/list.h"
#include "lib/err.h"
#include "proto/problem.h"
#include "proto/rights.h"

/* Opaque types. */
struct conn;
struct front;
struct scrubber;
struct who;

enum { SPKI_LEN = 32 };

/*
 * Who may do what, as the vault said it.  A `member` is a certificate's key as admitted;
 * a `reader` is the receiver behind one or several of them.  Both live as long as a
 * connection needs them, a reader a minute longer (its bucket of reports must not be
 * refilled by reconnecting).  Neither holds a name.
 */
struct reader {
	struct list chain, idle, wish;
	unsigned char receiver[RECEIVER_LEN];
	unsigned refs, streams;
	struct list open; /* its streams, oldest first */
	struct subscription wants;
	uint8_t wants_known;
	uint8_t seen_valid; /* seen_*: the newest row of the ring it may see */
	uint64_t seen_seq, seen_upto;
	int64_t idle_since;
	struct bucket reports; /* left in this minute */
};

struct member {
	struct list chain,
	    order; /* order: asked anew after a change, oldest answer first */
	unsigned char spki[SPKI_LEN];
	int64_t not_after;
	struct list conns;
	unsigned refs;
	uint8_t answered, status; /* enum vault_status */
	uint64_t generation;	  /* of that answer */
	int64_t asked;		  /* clock_mono_ms() of a question that is out; 0: none */
	struct rights rights;
	struct reader *reader; /* when the status is VS_OK */
	struct scrubber *scrubber;
	uint64_t scrubber_generation;
};

int who_new(struct front *f) MUST_CHECK;
void who_free(struct front *f);

/* After a handshake: takes the peer's key, asks the vault, and lets the first request be
 * read; http_admitted() is called when the vault has answered.  On the blind listener
 * there is nobody to ask for, and c->who stays NULL. */
void who_arrive(struct conn *c);
void who_leave(struct conn *c);
/* At every request and now and then on a stream: P_OK, or why it may do nothing. */
enum problem who_check(struct conn *c);
/* Roles for the route table, as far as this person has the duty for them, and
 * ROLE_MEMBER; on the blind listener all, for there the call itself brings what it takes:
 * a token or a case secret. */
unsigned who_roles(const struct conn *c);

/* The vault's generation changed, or it is back: everybody is asked for anew, at a
 * bounded rate; who lost the right is closed. */
void who_changed(struct front *f);
/* The keeper is back: what it pushed meanwhile was missed. */
void who_forget_wants(struct front *f);
/* The receiver's subscription from the keeper: asks, and reads the answer (0, ERR_DOWN,
 * ERR_PROTO). */
int who_ask_wants(struct front *f, struct reader *r, uint64_t owner, call_fn *fn,
    uint64_t *ret_id) MUST_CHECK;
int who_take_wants(struct front *f, struct reader *r, const struct answer *a) MUST_CHECK;
/* The keeper says that a receiver's subscription changed (all fronts hear it). */
void who_wants(
    struct front *f, const unsigned char *receiver, const struct subscription *s);
/* One more report of this reader; 0 when it is over [limits] reports_per_minute. */
int who_may_report(struct front *f, struct reader *r);

#endif
