/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_CONN_H
#define FRONT_CONN_H

#include <stdint.h>

#include <event2/event_struct.h>

#include "daemon/front/list.h"
#include "daemon/front/sent.h"
#include "lib/err.h"

/* Opaque types. */
struct address;
struct front;
struct member;
struct request;
struct ssl_st;
struct stream;

/*
 * One connection from acceptance to end.  The state says who acts on its events:
 *   NEW        made, nothing read
 *   HANDSHAKE  in_tls.c, 5 s
 *   IDLE       between requests, 30 s; also before the first one
 *   HEAD       in_http.c reads a head, 10 s
 *   BODY       in_http.c reads a body, 30 s and 1 KiB/s after 5 s
 *   WAITING    an answer of vault or keeper, or a row, is to come
 *   REPLY      in_http.c writes
 *   STREAMING  out_*.c
 *   CLOSING    all is said; input is drained so that the peer can read our last words
 */
enum conn_state {
	CONN_NEW = 0,
	CONN_HANDSHAKE,
	CONN_IDLE,
	CONN_HEAD,
	CONN_BODY,
	CONN_WAITING,
	CONN_REPLY,
	CONN_STREAMING,
	CONN_CLOSING,
	CONN_STATES
};

/* Which listener it came to: a bit of the route table's mask.  On the blind one nobody
 * shows a certificate, and nobody is known by any other mark.  The desks' one is that of
 * a program of its own, which serves no other.  To the one for answers links in mails
 * lead; nobody is asked for there either. */
enum conn_on { ON_MEMBERS = 1, ON_BLIND = 2, ON_DESK = 4, ON_ANSWERS = 8 };
enum { ON_NOBODY = ON_BLIND | ON_ANSWERS }; /* where no certificate is asked for */

struct conn {
	struct list all, tick, mates; /* every one; wheel of deadlines; of one member */
	struct conn *chain;	      /* in the table by id */
	uint64_t id;
	struct front *f;
	struct ssl_st *ssl;
	struct request *req;  /* NULL while idle or streaming */
	struct stream *st;    /* STREAMING only */
	struct member *who;   /* from the end of the handshake on; not on the blind one */
	struct address *from; /* the same */
	int64_t deadline;     /* clock_timer_ms(); 0: none */
	int64_t due;	      /* time of the wheel's slot it stands in; 0: in none */
	uint64_t cert_tag;
	uint64_t raw_mark; /* bytes on the wire before this request, or stream */
	int fd;
	uint8_t on; /* enum conn_on */
	uint8_t state, parked, pumping;
	uint8_t admitted;      /* the vault was asked, and has answered or will not */
	uint8_t held;	       /* a request waits for that */
	uint8_t no_vault;      /* the vault could not be asked: 503 and end */
	uint8_t peer_done;     /* the peer ended or broke: nothing more to say */
	uint8_t case_failures; /* case secrets that did not fit */
	struct sent sent;      /* rows that its member was sent; members' listener only */
	struct event rd, wr;
};

/* The table, the wheel of deadlines and the parking place. */
int conns_new(struct front *f) MUST_CHECK;
void conns_free(struct front *f);
unsigned conns_count(const struct front *f);
unsigned conns_in(const struct front *f, enum conn_state s);
/* The same of one listener. */
unsigned conns_count_on(const struct front *f, enum conn_on on);
unsigned conns_in_on(const struct front *f, enum conn_on on, enum conn_state s);
/* Calls fn for each; fn may close the one it got. */
void conns_each(struct front *f, void (*fn)(struct conn *c, void *arg), void *arg);

/* At the end of this turn: frees the parked, and tells on_drained when all are gone. */
void conns_reap_soon(struct front *f);

/* Takes over an accepted descriptor and starts the handshake.  On error (ERR_NOMEM,
 * ERR_CRYPTO) the descriptor is closed.  `from` may be NULL. */
int conn_new(struct front *f, enum conn_on on, int fd, struct address *from) MUST_CHECK;
struct conn *conn_find(struct front *f, uint64_t id); /* NULL: gone, or going */

/* The only way from state to state. */
void conn_set_state(struct conn *c, enum conn_state s);
/* Milliseconds from now; 0: none. */
void conn_deadline(struct conn *c, int64_t ms);
/* Which events it wants from now on. */
void conn_want(struct conn *c, int rd, int wr);
/* The only way to end at once.  The memory stays until the end of the loop's turn. */
void conn_close(struct conn *c);
/* Ends with manners: close_notify, then reads on for 2 s, for closing over unread bytes
 * would make the peer's kernel drop what we wrote last. */
void conn_finish(struct conn *c);

/* in_tls.c: every event of every connection. */
void in_tls_event(int fd, short what, void *arg);
/* in_tls.c: the deadline of a connection passed. */
void in_tls_expired(struct conn *c);

#endif
