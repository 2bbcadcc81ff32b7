/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COURIER_COURIER_H
#define COURIER_COURIER_H

#include <stdint.h>

#include "daemon/courier/endpoint.h"
#include "daemon/courier/options.h"
#include "lib/link.h"
#include "proto/msg_courier.h"

/* Opaque types. */
struct loop;
struct loop_task;
struct loop_timer;
struct resolver;
struct sender;
struct transfer;
struct transfers;

enum {
	IN_HAND_MAX = 256, /* deliveries that this program has at once */
	REASON_MAX = COURIER_REASON_MAX,
};

/* Where a delivery is; delivery_stage() is the one place that moves it. */
enum stage {
	STAGE_MATE,    /* it goes with another one, whose steps are its own */
	STAGE_VAULT,   /* its addresses are asked for */
	STAGE_WAITING, /* for a connection, or for its endpoint's breaker */
	STAGE_NAME,    /* its host's name is looked up */
	STAGE_SENDING,
	STAGE_SETTLED, /* its result waits to be told */
	STAGE_TOLD,    /* the keeper has not confirmed that yet */
};

/* A bulletin's bytes, shared by the deliveries of one lease. */
struct text {
	unsigned refs;
	size_t n;
	char p[];
};

struct delivery {
	struct delivery *next;
	uint64_t id; /* what answers that come later find it by */
	enum stage stage;
	int64_t since; /* clock_mono_ms() of the stage */
	int64_t born;  /* clock_timer_ms() when it came */
	struct courier_job job;
	uint64_t lead; /* MATE: with whom it goes */
	int digest;    /* others go with this one */
	struct text *text;
	struct vault_route contact; /* wiped with the delivery */
	struct target target;	    /* filled by its sender */
	const struct sender *sender;
	struct endpoint *endpoint;
	struct transfer *transfer;
	struct courier_result result;
	char reason[REASON_MAX + 1];
	/* Pages of the vault's answer: what was found of this kind so far. */
	uint8_t page, found, numbers[COURIER_SPLIT_MAX];
};

/* The whole state of the program. */
struct courier {
	struct loop *loop;
	const char *conf; /* path, for SIGHUP; NULL in tests */
	struct options opt;
	struct link *keeper, *vault;
	struct link_server *admin;
	struct delivery *first, **last;
	unsigned in_hand, telling; /* of which told and not confirmed */
	uint64_t last_id, lease_call, done_call, digest_call; /* 0: none is under way */
	uint64_t page_call;
	int pages_due;	   /* a page of the hotline waits at the keeper */
	int64_t digest_at; /* clock_mono_ms() from which on digests are asked for */
	int keeper_up, vault_up, stopping, dirty; /* dirty: something may be leased */
	int failed;				  /* it has to be started anew */
	struct loop_timer *wait, *tick;
	struct loop_task *turn;
	int64_t leave_by;
	struct endpoints *endpoints;
	struct resolver *resolver;
	struct transfers *transfers;
	int64_t (*now_s)(void); /* wall clock; a test sets its own */
	char reload_error[512];
	struct {
		uint64_t leased, sent, retried, failed, refused;
	} count;
};

/* Everything but the links and sockets.  `resolver` is taken over, also on error. */
int courier_open(
    struct courier *c, struct loop *loop, struct resolver *resolver) MUST_CHECK;
void courier_close(struct courier *c);
void courier_reload(struct courier *c);
/* What is being sent may end, the rest goes back; then the loop ends. */
void courier_drain(struct courier *c);
/* Looks, at the end of this turn, at what can go on. */
void courier_poke(struct courier *c);

/* A job that was leased; takes a reference of the text.  ERR_NOMEM. */
int delivery_new(
    struct courier *c, const struct courier_job *j, struct text *t) MUST_CHECK;
/* The same for a page of the hotline, which stands before all others. */
int delivery_page(
    struct courier *c, const struct courier_job *j, struct text *t) MUST_CHECK;
/* The same for the first of a digest; NULL: it is here already, or no memory. */
struct delivery *delivery_lead(
    struct courier *c, const struct courier_job *j, struct text *t);
/* And for another one of it; without memory its lease runs out. */
void delivery_join(struct courier *c, const struct courier_job *j, struct text *t,
    const struct delivery *lead);
struct delivery *delivery_find(struct courier *c, uint64_t id); /* NULL: gone */
void delivery_stage(struct courier *c, struct delivery *d, enum stage stage);
void delivery_free(struct courier *c, struct delivery *d);
void text_drop(struct text *t);

/* What became of it, and of those that go with it.  `reason` is a word of ours, or a
 * status of the far end. */
void delivery_settle(
    struct courier *c, struct delivery *d, enum courier_outcome o, const char *reason);
/* It failed: again later, in `after` seconds when that is not negative, or given up. */
void delivery_failed(
    struct courier *c, struct delivery *d, const char *reason, int64_t after);
/* It could not be tried: again soon, whatever its age. */
void delivery_postpone(struct courier *c, struct delivery *d, const char *reason);

/* up_keeper.c, up_vault.c, admin.c */
int up_keeper_start(struct courier *c, int fd) MUST_CHECK; /* fd -1: dial */
void up_keeper_lease(struct courier *c);
void up_keeper_tell(struct courier *c);
void up_page_ask(struct courier *c); /* up_page.c */
void up_page_take(
    struct courier *c, const struct courier_jobs *m, struct text *const *text);
void up_digest_ask(struct courier *c); /* up_digest.c */
void up_digest_take(
    struct courier *c, const struct courier_jobs *m, struct text *const *text);
int up_vault_start(struct courier *c, int fd) MUST_CHECK;
void up_vault_ask(struct courier *c, struct delivery *d);
int admin_start(struct courier *c, int fd) MUST_CHECK;
void courier_status(struct courier *c, struct buf *out);

#endif
