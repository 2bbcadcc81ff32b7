/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_H
#define KEEPER_H

#include <stdint.h>

#include "daemon/keeper/options.h"
#include "daemon/keeper/policy.h"
#include "daemon/keeper/store.h"
#include "lib/link.h"
#include "proto/msg_mode.h"

/* Opaque types. */
struct audit;
struct backup;
struct ballast;
struct batch;
struct checkpoint;
struct cursor_box;
struct directory;
struct escalate;
struct expire;
struct kgate;
struct ferry_pending;
struct mail_charsets;
struct loop;
struct loop_timer;
struct outbox;
struct pager;
struct signer;
struct steady;
struct streamed;
struct tail;

/* The socket that a caller came in by decides which calls exist for it. */
enum door {
	DOOR_FRONT = 1 << 0,   /* keeper-front */
	DOOR_DESK = 1 << 1,    /* keeper-desk: all of the former, and the desk's */
	DOOR_COURIER = 1 << 2, /* keeper-courier */
	DOOR_ADMIN = 1 << 3,   /* keeper-admin */
};

/* A caller. */
struct front {
	struct front *next;
	struct keeper *k;
	struct link *l;
	int adopted;
	enum door door;
	int greeted;	  /* has asked KM_HELLO: pushes may follow */
	unsigned strayed; /* calls of a door that is not its own */
	uint64_t id;	  /* what an answer that comes later looks it up by */
	/* The tailer's: this front wants rows from next_seq on. */
	int tailing, lagging;
	uint64_t next_seq;
};

/* The whole state of the program. */
struct keeper {
	struct loop *loop;
	const char *conf; /* path of the configuration, for SIGHUP; NULL in tests */
	struct options opt;
	struct policy policy;
	struct taxonomy *tax;
	struct store *store;
	struct cursor_box *cursors;
	struct directory *dir;
	struct kgate *gate;
	struct ferry_pending *ferry;	/* a file of another hub, half read; or NULL */
	struct mail_charsets *charsets; /* of mails that are pasted in */
	struct signer *signer;
	struct audit *audit;
	struct ballast *ballast;
	struct batch *batch;
	struct tail *tail;
	struct steady *steady;
	struct expire *expire;
	struct escalate *escalate;
	struct pager *pager;
	struct streamed *streamed;
	struct checkpoint *checkpoint;
	struct outbox *outbox;
	struct backup *backup;	  /* one at a time; NULL: none */
	struct loop_timer *leave; /* the end, when the last answers are out */
	int64_t leave_by;
	/* Until then (clock_mono_ms) what is to be written waits for the members: a
	 * warning that comes right after the start is not held for want of them. */
	int64_t members_by;
	struct link_server *front_server, *desk_server, *courier_server, *admin_server;
	int courier_here; /* there is a socket for couriers */
	struct front *fronts;
	uint8_t link_key[32]; /* links.c; of this run alone */
	uint64_t last_front;
	struct buf out;		      /* one answer at a time is built here */
	struct keeper_mode mode_told; /* to the fronts, last */
	int64_t full_said;	      /* when the full disk was last logged */
	int64_t (*now_ms)(void);      /* wall clock; a test sets its own */
	int64_t (*timer_ms)(void);    /* passes steadily, in sleep too; the same */

	int write_stop; /* damage was found: reads go on, nothing is written */
	int failing;	/* a sync failed: answer nothing more, leave with status 1 */
	int stopping;
	char reload_error[512];
	struct {
		uint64_t puts, batches, refused, signatures;
	} count;
};

/* Opens the store and everything around it; sockets are given afterwards. */
int keeper_open(struct keeper *k, struct loop *loop, struct buf *why) MUST_CHECK;
void keeper_close(struct keeper *k);
/* Policy and data files are read anew; on error the old ones stay and the status says so.
 */
/* Tells this front from which levels reports are released, or all fronts (NULL). */
void keeper_tell_auto(struct keeper *k, struct front *f);
void keeper_reload(struct keeper *k);
/* Says so in the log when the list of holidays ends within two months. */
void keeper_holidays(const struct keeper *k);
/* Ends orderly: the running batch, the answers on their way, then the loop. */
void keeper_drain(struct keeper *k);
void keeper_leave_step(void *arg); /* of k->leave */
/* The store has failed with `rc`: decides between going on, write-stop and fail-stop. */
void keeper_store_failed(struct keeper *k, int rc);

/* Callers: listening sockets, -1 for one that was not passed (the front's must be), or
 * one connected descriptor (tests). */
struct keeper_sockets {
	int front, desk, courier, admin;
};
int keeper_serve(struct keeper *k, const struct keeper_sockets *fd) MUST_CHECK;
struct front *keeper_adopt(struct keeper *k, int fd, enum door door) MUST_CHECK;
struct front *keeper_front(struct keeper *k, uint64_t id); /* NULL: gone */
/* Answers a call; a caller that does not read its answers is closed. */
void keeper_answer(struct keeper *k, struct front *f, uint16_t type, uint64_t call,
    const struct keeper_reply *r); /* f NULL: gone, nobody to tell */
void keeper_refuse(
    struct keeper *k, struct front *f, uint16_t type, uint64_t call, enum problem p);
/* Sends what stands in k->out as the bare answer of a call. */
void keeper_send_out(
    struct keeper *k, struct front *f, const struct link_frame *fr, enum problem p);
/* The caller broke the protocol: its connection ends. */
void keeper_broken(struct keeper *k, struct front *f);

/* in_front.c, in_admin.c: one frame of a caller. */
void front_frame(void *arg, struct link *l, const struct link_frame *fr);
void admin_frame(void *arg, struct link *l, const struct link_frame *fr);

#endif
