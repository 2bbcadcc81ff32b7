/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_FRONT_H
#define FRONT_FRONT_H

#include <stdint.h>

#include "daemon/front/bucket.h"
#include "daemon/front/calls.h"
#include "daemon/front/list.h"
#include "daemon/front/options.h"
#include "proto/msg_keeper.h"
#include "proto/msg_mode.h"

/* Opaque types. */
struct addresses;
struct conns;
struct cursor_box;
struct link;
struct link_frame;
struct link_server;
struct listener;
struct local;
struct loop;
struct loop_task;
struct loop_timer;
struct ring;
struct scrubber;
struct sent_out;
struct ssl_ctx_st;
struct taxonomy;
struct who;

enum {
	RECORD = 16384, /* plaintext of one TLS record: one write, one system call */
	VAULT_AWAY_MS =
	    10 * 60 * 1000, /* how long an admission stands without the vault */
};

/* Counters since the start.  None is kept per member. */
/* Files that are asked of the keeper, whose queue holds 16 MiB, and that are written. */
enum { FILES_ASKED_MOST = 6, FILES_MOST = 64 };

struct stats {
	uint64_t accepted, refused_cap, refused_rate, shaken, resumed, shake_failed;
	uint64_t requests, answers[6]; /* by the status' first digit */
	uint64_t unknown_answers, call_timeouts, calls_refused;
	uint64_t rows, delivered_bytes, records, slow, revoked, rotated, pages;
};

/* What this program knows of the log. */
struct log_state {
	struct cursor_box *box; /* NULL until the keeper has said hello */
	uint32_t epoch;
	uint64_t head, earliest; /* newest row known, oldest row kept; 0: none */
};

/*
 * The whole state of the program: made in main, passed down; there are no other writable
 * globals.  Each part is the affair of the file it is named for.
 */
struct front {
	struct loop *loop;
	const char *conf_path; /* NULL: fallbacks (tests) */
	struct front_options opt;
	struct taxonomy *tax;
	struct stats stats;
	unsigned files_asked, files; /* in_desk.c; files: asked and held together */

	/* reload.c */
	struct ssl_ctx_st *ctx, *blind_ctx, *answers_ctx;
	/* The vault's, or random until it has spoken; a desks' front keeps the random
	 * one, for the other fronts know the vault's and could make tickets of it. */
	unsigned char ticket_secret[32];
	uint64_t generation;
	char reload_error[256]; /* "" when the last SIGHUP went well */
	int crl_alarm;

	/* up_vault.c, up_keeper.c */
	struct link *vault, *keeper;
	int vault_ready, keeper_ready; /* hello was answered */
	int64_t vault_away_since;      /* clock_timer_ms(); meaningful when not ready */
	struct log_state log;
	int64_t full_until;	      /* clock_mono_ms(): the keeper had no room */
	struct keeper_mode mode;      /* the hub's, likewise */
	struct keeper_auto auto_from; /* the keeper's word on automatic releases */
	struct calls calls;
	struct conns *conns;
	struct who *who;
	struct addresses *addresses;
	struct listener *members, *blind; /* NULL when no such socket was passed */
	struct listener *desk;		  /* not NULL: this is a desks' front */
	struct listener *answers;	  /* the same */
	struct bucket answer_failures;	  /* links that were none, of all together */
	struct bucket blind_reports;	  /* of all who come there */
	struct scrubber *patterns;	  /* without anybody's terms */
	struct link_server *admin;
	struct local *local;
	struct ring *ring;
	struct bucket case_failures; /* in_case.c */
	struct sent_out *sent;	     /* out_sent.c */

	/* out_fan.c: the order of service */
	struct list behind, current; /* streams with rows to come; streams without */
	struct list page_wait;	     /* streams that wait for memory for a page */
	struct list page_idle; /* pagers of blocked streams, longest blocked first */
	struct list polls;     /* long polls that wait for a row */
	struct loop_task *fan;
	size_t page_used;
	int64_t turn_began; /* microseconds; in_tls.c's budget of handshakes a turn */
	unsigned turn_shakes;

	int draining;
	int64_t drain_began;
	struct loop_timer *watch;
	void (*on_drained)(struct front *f); /* every connection is gone */
	char scratch[RECORD], gather[RECORD];
};

/* Makes everything but listeners and links.  `why` says what is wrong with files. */
int front_new(struct front **ret, struct loop *loop, const struct front_options *opt,
    const char *conf_path, struct buf *why) MUST_CHECK;
void front_free(struct front *f); /* NULL is fine */
/* SIGTERM: no new connections, running requests are finished, streams say goodbye;
 * on_drained is called when all are gone or after 8 s. */
void front_drain(struct front *f);

/* out_fan.c: late work of this turn is wanted. */
void front_turn(struct front *f);

/* up_vault.c, up_keeper.c: dial, and keep dialling. */
int up_vault_start(struct front *f) MUST_CHECK;
int up_keeper_start(struct front *f) MUST_CHECK;
/* A frame that answers no question: rows, a subscription, levels.  0 or ERR_PROTO. */
int up_keeper_push(struct front *f, const struct link_frame *fr) MUST_CHECK;

/* reload.c */
int reload_context(
    struct front *f, const struct front_options *opt, struct buf *why) MUST_CHECK;
void reload_all(struct front *f); /* SIGHUP */
void reload_generation(struct front *f, uint64_t generation);
/* Once a second: alarms of a stale CRL. */
void reload_watch(struct front *f);

/* admin.c, local.c: take listening descriptors (kept open, not owned). */
int admin_start(struct front *f, int fd) MUST_CHECK;
void status_json(struct front *f, struct buf *out);
int local_start(struct front *f, int fd) MUST_CHECK;
void local_free(struct local *l);

#endif
