/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/front/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/event.h>

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
	BUCKETS = 4096,
	PRUNE_MS = 10000,
	MILLI = 1000,
};

struct address {
	struct list chain;
	unsigned char net[8]; /* an IPv4 address, or the first half of an IPv6 one */
	uint8_t v6;
	unsigned conns;
	int64_t milli, at; /* handshakes left, in thousandths, at that time */
};

struct listener {
	int fd, spare; /* spare: given up for a moment when descriptors run out */
	int stopped, warned;
	struct event *ev;
	struct loop_timer *again, *prune;
	int64_t milli, at; /* the bucket of all */
	struct list bucket[BUCKETS];
};

static int64_t
refill(int64_t milli, int64_t *at, int64_t rate, int64_t now)
{
	int64_t burst = rate * MILLI; /* one second's worth */

	milli += (now - *at) * rate;
	*at = now;
	return milli > burst || milli < 0 ? burst : milli;
}

static struct address *
address_find(struct front *f, const struct sockaddr_storage *ss)
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)ss;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)ss;
	unsigned char net[8] = { 0 };
	uint64_t h = 1469598103934665603u;
	struct address *a;
	struct list *b, *l;
	unsigned i;
	uint8_t is6 = ss->ss_family == AF_INET6 && !IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr);

	if (ss->ss_family == AF_INET)
		memcpy(net, &v4->sin_addr, 4);
	else if (ss->ss_family != AF_INET6)
		return NULL;
	else
		memcpy(net, v6->sin6_addr.s6_addr + (is6 ? 0 : 12), is6 ? 8 : 4);
	for (i = 0; i < 8; i++)
		h = (h ^ net[i]) * 1099511628211u;
	b = &f->listener->bucket[h % BUCKETS];
	for (l = b->next; l != b; l = l->next) {
		a = list_of(l, struct address, chain);
		if (a->v6 == is6 && memcmp(a->net, net, sizeof net) == 0)
			return a;
	}
	a = mem_zalloc(sizeof *a);
	if (a == NULL)
		return NULL;
	memcpy(a->net, net, sizeof net);
	a->v6 = is6;
	list_init(&a->chain);
	list_add(b, &a->chain);
	return a;
}

void
address_enter(struct front *f, struct address *a)
{
	(void)f;
	if (a != NULL)
		a->conns++;
}

void
address_leave(struct front *f, struct address *a)
{
	(void)f;
	if (a != NULL)
		a->conns--;
}

/* Forgets addresses without connections whose bucket is full again. */
static void
on_prune(void *arg)
{
	struct front *f = arg;
	struct listener *s = f->listener;
	int64_t now = clock_mono_ms();
	struct list *l, *next;
	struct address *a;
	size_t i;

	for (i = 0; i < BUCKETS; i++) {
		for (l = s->bucket[i].next; l != &s->bucket[i]; l = next) {
			next = l->next;
			a = list_of(l, struct address, chain);
			if (a->conns != 0 || now - a->at < PRUNE_MS)
				continue;
			list_del(l);
			mem_free(a);
		}
	}
}

/* 1 when the address may have one more connection. */
static int
address_admits(struct front *f, struct address *a, int64_t now)
{
	const struct front_options *o = &f->opt;

	if (a == NULL)
		return 1;
	if (o->connections_per_address != 0 &&
	    a->conns >= (unsigned)o->connections_per_address) {
		f->stats.refused_cap++;
		return 0;
	}
	if (o->handshakes_per_second == 0 || o->handshakes_per_address == 0)
		return 1;
	if (a->at == 0) {
		a->at = now;
		a->milli = o->handshakes_per_address * MILLI;
	}
	a->milli = refill(a->milli, &a->at, o->handshakes_per_address, now);
	if (a->milli < MILLI) {
		f->stats.refused_rate++;
		return 0;
	}
	a->milli -= MILLI;
	return 1;
}

/* 1 when all together may have one more; otherwise it waits in the kernel's queue. */
static int
hub_admits(struct front *f, int64_t now)
{
	struct listener *s = f->listener;
	const struct front_options *o = &f->opt;

	if (o->connections != 0 && conns_count(f) >= (unsigned)o->connections)
		return 0;
	if (conns_in(f, CONN_HANDSHAKE) >= (unsigned)o->handshakes_at_once)
		return 0;
	if (o->handshakes_per_second == 0)
		return 1;
	s->milli = refill(s->milli, &s->at, o->handshakes_per_second, now);
	return s->milli >= MILLI;
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
	struct listener *s = ((struct front *)arg)->listener;

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

static void
on_accept(evutil_socket_t lfd, short what, void *arg)
{
	struct front *f = arg;
	struct listener *s = f->listener;
	struct sockaddr_storage ss;
	struct address *a;
	socklen_t n;
	int64_t now = clock_mono_ms();
	int fd, i;

	(void)what;
	for (i = 0; i < ACCEPTS_A_TURN; i++) {
		if (!hub_admits(f, now)) {
			pause_accept(s);
			return;
		}
		n = sizeof ss;
		memset(&ss, 0, sizeof ss);
		fd = accept4(
		    (int)lfd, (struct sockaddr *)&ss, &n, SOCK_CLOEXEC | SOCK_NONBLOCK);
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
		a = address_find(f, &ss);
		if (!address_admits(f, a, now)) {
			(void)close(fd);
			continue;
		}
		s->milli -= f->opt.handshakes_per_second != 0 ? MILLI : 0;
		f->stats.accepted++;
		if (conn_new(f, fd, a) != 0) {
			pause_accept(s);
			return;
		}
	}
}

int
listen_start(struct front *f, int fd)
{
	struct listener *s = mem_zalloc(sizeof *s);
	size_t i;

	if (s == NULL)
		return ERR_NOMEM;
	f->listener = s;
	s->fd = fd;
	sock_tune_tcp(fd, USER_TIMEOUT_MS); /* what it accepts inherits that */
	s->at = clock_mono_ms();
	s->milli = f->opt.handshakes_per_second * MILLI;
	for (i = 0; i < BUCKETS; i++)
		list_init(&s->bucket[i]);
	s->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
	s->again = loop_timer_new(f->loop, on_again, f);
	s->prune = loop_timer_new(f->loop, on_prune, f);
	s->ev = event_new(loop_base(f->loop), fd, EV_READ | EV_PERSIST, on_accept, f);
	if (s->again == NULL || s->prune == NULL || s->ev == NULL ||
	    event_add(s->ev, NULL) != 0)
		return ERR_NOMEM;
	loop_timer_set(s->prune, PRUNE_MS, 1);
	return 0;
}

void
listen_stop(struct front *f)
{
	struct listener *s = f->listener;

	if (s == NULL || s->stopped)
		return;
	s->stopped = 1;
	(void)event_del(s->ev);
	loop_timer_clear(s->again);
}

void
listen_free(struct front *f)
{
	struct listener *s = f->listener;
	size_t i;

	if (s == NULL)
		return;
	if (s->ev != NULL)
		event_free(s->ev);
	loop_timer_free(s->again);
	loop_timer_free(s->prune);
	if (s->spare >= 0)
		(void)close(s->spare);
	for (i = 0; i < BUCKETS; i++) {
		while (!list_empty(&s->bucket[i])) {
			struct address *a =
			    list_of(s->bucket[i].next, struct address, chain);

			list_del(&a->chain);
			mem_free(a);
		}
	}
	mem_free(s);
	f->listener = NULL;
}
