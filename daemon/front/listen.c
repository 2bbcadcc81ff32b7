/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/front/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/event.h>

#include "daemon/front/address.h"
#include "daemon/front/bucket.h"
#include "daemon/front/conn.h"
#include "daemon/front/front.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/mem.h"
#include "lib/sock.h"

enum {
	ACCEPTS_A_TURN = 64,
	PAUSE_MS = 50,
	USER_TIMEOUT_MS = 15000,
};

struct listener {
	struct front *f;
	enum conn_on on;
	int fd, spare; /* spare: given up for a moment when descriptors run out */
	int stopped, warned;
	struct event *ev;
	struct loop_timer *again;
	struct bucket shakes; /* of all together */
};

static int64_t
rate_of(const struct listener *s)
{
	const struct front_options *o = &s->f->opt;

	return s->on == ON_BLIND     ? o->blind_handshakes_per_second
	       : s->on == ON_ANSWERS ? o->answer_handshakes_per_second
				     : o->handshakes_per_second;
}

/* 1 when all together may have one more; otherwise it waits in the kernel's queue. */
static int
hub_admits(struct listener *s, int64_t now)
{
	const struct front_options *o = &s->f->opt;
	long long most = s->on == ON_BLIND     ? o->blind_connections
			 : s->on == ON_ANSWERS ? o->answer_connections
					       : o->connections;
	int64_t rate = rate_of(s);

	if (most != 0 && conns_count_on(s->f, s->on) >= (unsigned)most)
		return 0;
	if (conns_in_on(s->f, s->on, CONN_HANDSHAKE) >= (unsigned)o->handshakes_at_once)
		return 0;
	return rate == 0 || bucket_has(&s->shakes, rate, BUCKET_SECOND, now);
}

static void
pause_accept(struct listener *s)
{
	if (s->stopped)
		return;
	(void)event_del(s->ev);
	loop_timer_set(s->again, PAUSE_MS, 0);
}

static void
on_again(void *arg)
{
	struct listener *s = arg;

	if (!s->stopped)
		(void)event_add(s->ev, NULL);
}

/* No descriptor left: take one caller with the spare one and hang up, so that the queue
 * moves, then wait.  Without the pause the loop would spin on the same caller. */
static void
out_of_descriptors(struct listener *s)
{
	int fd;

	if (!s->warned)
		log_warn("out of descriptors: accepting pauses");
	s->warned = 1;
	if (s->spare >= 0)
		(void)close(s->spare);
	fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd >= 0)
		(void)close(fd);
	s->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
	pause_accept(s);
}

/* One connection, and on the members' listener from whom.  A descriptor, or -1 and errno.
 */
static int
accept_one(struct listener *s, struct address **ret_from)
{
	struct sockaddr_storage ss;
	socklen_t n = sizeof ss;
	int fd;

	*ret_from = NULL;
	if ((s->on & ON_NOBODY) != 0)
		return accept4(s->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	memset(&ss, 0, sizeof ss);
	fd = accept4(s->fd, (struct sockaddr *)&ss, &n, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd >= 0)
		*ret_from = address_find(s->f->addresses, &ss);
	return fd;
}

static void
on_accept(evutil_socket_t lfd, short what, void *arg)
{
	struct listener *s = arg;
	struct address *from;
	int64_t now = clock_mono_ms();
	int fd, i;

	(void)lfd;
	(void)what;
	for (i = 0; i < ACCEPTS_A_TURN; i++) {
		if (!hub_admits(s, now)) {
			pause_accept(s);
			return;
		}
		fd = accept_one(s, &from);
		if (fd < 0 && (errno == EMFILE || errno == ENFILE)) {
			out_of_descriptors(s);
			return;
		}
		if (fd < 0 && (errno == ENOMEM || errno == ENOBUFS)) {
			pause_accept(s);
			return;
		}
		if (fd < 0 && (errno == ECONNABORTED || errno == EINTR))
			continue;
		if (fd < 0)
			return;
		s->warned = 0;
		if (!address_admits(s->f, from, now)) {
			(void)close(fd);
			continue;
		}
		if (rate_of(s) != 0)
			bucket_take(&s->shakes, BUCKET_SECOND);
		s->f->stats.accepted++;
		if (conn_new(s->f, s->on, fd, from) != 0) {
			pause_accept(s);
			return;
		}
	}
}

int
listen_start(struct front *f, enum conn_on on, int fd, struct listener **ret)
{
	struct listener *s = mem_zalloc(sizeof *s);

	if (s == NULL)
		return ERR_NOMEM;
	*ret = s; /* the caller frees it after an error too */
	s->f = f;
	s->on = on;
	s->fd = fd;
	sock_tune_tcp(fd, USER_TIMEOUT_MS); /* what it accepts inherits that */
	s->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
	s->again = loop_timer_new(f->loop, on_again, s);
	s->ev = event_new(loop_base(f->loop), fd, EV_READ | EV_PERSIST, on_accept, s);
	if (s->again == NULL || s->ev == NULL || event_add(s->ev, NULL) != 0)
		return ERR_NOMEM;
	return 0;
}

void
listen_stop(struct listener *s)
{
	if (s == NULL || s->stopped)
		return;
	s->stopped = 1;
	(void)event_del(s->ev);
	loop_timer_clear(s->again);
}

void
listen_free(struct listener *s)
{
	if (s == NULL)
		return;
	if (s->ev != NULL)
		event_free(s->ev);
	loop_timer_free(s->again);
	if (s->spare >= 0)
		(void)close(s->spare);
	mem_free(s);
}
