/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIB_LINK_H
#define LIB_LINK_H

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

/* Opaque types. */
struct loop;
struct link;
struct link_server;

/*
 * Frames between programs over AF_UNIX streams.  On the wire, little-endian:
 *   u32 n (bytes that follow), u16 type, u16 status, u64 call, payload of n - 12 bytes.
 * A request carries a call id drawn by the caller; the answer repeats it.  Pushes have
 * call 0.  A frame beyond the cap, or shorter than its header, ends the connection.
 */
struct link_frame {
	uint16_t type, status;
	uint64_t call;
	const unsigned char *p; /* valid during the callback only */
	size_t n;
};

struct link_ops {
	/* The connection stands (dialled again or accepted). */
	void (*on_up)(void *arg, struct link *l);
	/* One frame.  May call link_send, link_close. */
	void (*on_frame)(void *arg, struct link *l, const struct link_frame *f);
	/* It is gone: every call without an answer will get none.  An accepted link is
	 * freed after this returns; a dialled one tries again by itself. */
	void (*on_down)(void *arg, struct link *l);
};

struct link_limits {
	size_t frame_max; /* bytes of one frame, header included, either way */
	size_t queue_max; /* bytes waiting to be sent before link_send says ERR_AGAIN */
};

/* Dials an AF_UNIX path and keeps dialling: 20 ms doubling to 1 s.  Does not call back
 * before returning. */
struct link *link_dial(struct loop *loop, const char *path, const struct link_ops *ops,
    void *arg, struct link_limits lim) MUST_CHECK;
/* Takes over a connected descriptor (tests: socketpair).  on_up is not called.  On NULL
 * the descriptor stays the caller's. */
struct link *link_adopt(struct loop *loop, int fd, const struct link_ops *ops, void *arg,
    struct link_limits lim) MUST_CHECK;
void link_free(struct link *l); /* no callback; NULL is fine; fine inside a callback */
/* Drops the connection: no more frames, on_down is called later. */
void link_close(struct link *l);

/* Accepts on a listening descriptor (kept open, not owned). */
struct link_server *link_serve(struct loop *loop, int listen_fd,
    const struct link_ops *ops, void *arg, struct link_limits lim) MUST_CHECK;
void link_server_free(struct link_server *s); /* frees its links without callbacks */
/* Calls fn for every link that stands. */
void link_server_each(
    struct link_server *s, void (*fn)(struct link *, void *), void *arg);

/* Queues one frame; what piled up in a loop turn leaves in one system call.
 * 0, ERR_DOWN, ERR_AGAIN (queue full: nothing was queued), ERR_LIMIT, ERR_NOMEM. */
int link_send(struct link *l, uint16_t type, uint16_t status, uint64_t call,
    const void *p, size_t n) MUST_CHECK;
int link_is_up(const struct link *l);
size_t link_queued(const struct link *l);
/* Called once when the queue, having been over half of queue_max, is empty again. */
void link_on_drain(struct link *l, void (*fn)(void *arg, struct link *l));
/* One pointer for the user of an accepted link (its per-peer state). */
void link_user_set(struct link *l, void *user);
void *link_user(const struct link *l);
/* Stop or resume reading: back-pressure on the peer. */
void link_pause(struct link *l, int paused);

#endif
