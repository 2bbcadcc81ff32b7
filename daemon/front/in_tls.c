/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <sys/socket.h>

#include <event2/event.h>

#include "daemon/front/conn.h"
#include "daemon/front/front.h"
#include "daemon/front/in_http.h"
#include "daemon/front/out_stream.h"
#include "daemon/front/who.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/tls.h"

/*
 * Bytes become events here: the handshake, and who reads or writes next.  A handshake
 * costs a millisecond or two of this one thread, so what they may take together in one
 * turn is bounded: the rest stays readable and its turn comes again, behind fan-out.
 */
enum {
	SHAKES_BUDGET_US = 6000,
	DISCARD_A_TURN = 8,
	DISCARD_MAX = 1 << 20, /* bytes read for nothing after our last word */
};

static void
shake(struct conn *c)
{
	struct front *f = c->f;
	int64_t began = clock_mono_us();

	if (began - f->turn_began > SHAKES_BUDGET_US && f->turn_shakes > 0) {
		/* Marks the end of this turn: the fan-out task resets it. */
		front_turn(f);
		return;
	}
	if (f->turn_shakes++ == 0)
		f->turn_began = began;
	front_turn(f);
	switch (tls_handshake(c->ssl)) {
	case TLS_DONE:
		f->stats.shaken++;
		f->stats.resumed += tls_resumed(c->ssl) ? 1u : 0u;
		conn_want(c, 1, 0);
		tls_pad(c->ssl, 1);
		who_arrive(c);
		return;
	case TLS_WANT_READ:
		conn_want(c, 1, 0);
		return;
	case TLS_WANT_WRITE:
		conn_want(c, 0, 1);
		return;
	default:
		/* No line: a flood of them must not fill the journal. */
		f->stats.shake_failed++;
		c->peer_done = 1;
		conn_close(c);
	}
}

/* After our goodbye: whatever still comes is thrown away, encrypted as it is. */
static void
discard(struct conn *c)
{
	ssize_t n;
	int i;

	for (i = 0; i < DISCARD_A_TURN; i++) {
		n = recv(c->fd, c->f->scratch, sizeof c->f->scratch, 0);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n <= 0)
			break;
		c->cert_tag += (uint64_t)n;
		if (c->cert_tag > DISCARD_MAX)
			break;
	}
	if (i < DISCARD_A_TURN)
		conn_close(c);
}

void
in_tls_event(int fd, short what, void *arg)
{
	struct conn *c = arg;

	(void)fd;
	if (c->parked)
		return;
	switch ((enum conn_state)c->state) {
	case CONN_HANDSHAKE:
		shake(c);
		return;
	case CONN_IDLE:
	case CONN_HEAD:
	case CONN_BODY:
		http_pump(c);
		return;
	case CONN_REPLY:
		http_flush(c);
		return;
	case CONN_STREAMING:
		if ((what & EV_WRITE) != 0)
			stream_writable(c);
		if ((what & EV_READ) != 0 && !c->parked && c->state == CONN_STREAMING)
			stream_readable(c);
		return;
	case CONN_WAITING:
		/* It sends on while its answer is made: that waits in the kernel. */
		conn_want(c, 0, 0);
		return;
	case CONN_CLOSING:
		discard(c);
		return;
	case CONN_NEW:
	case CONN_STATES:
		break;
	}
	conn_close(c);
}

void
in_tls_expired(struct conn *c)
{
	switch ((enum conn_state)c->state) {
	case CONN_HEAD:
	case CONN_BODY:
	case CONN_WAITING:
		http_expired(c);
		return;
	case CONN_STREAMING:
		stream_tick(c);
		return;
	case CONN_HANDSHAKE:
		c->f->stats.shake_failed++;
		c->peer_done = 1;
		break;
	case CONN_NEW:
	case CONN_IDLE:
	case CONN_REPLY:
	case CONN_CLOSING:
	case CONN_STATES:
		break;
	}
	conn_close(c);
}
