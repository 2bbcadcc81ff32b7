/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/loop.h"

#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <event2/event.h>

#include "lib/mem.h"

struct loop {
	struct event_base *base;
	void (*on_term)(void *);
	void (*on_hup)(void *);
	void *arg;
};

struct loop_timer {
	struct event *ev;
	void (*fn)(void *);
	void *arg;
	struct timeval every;
	int repeat;
};

struct loop_task {
	struct event *ev;
	void (*fn)(void *);
	void *arg;
	int running, dead;
};

struct loop *
loop_new(void)
{
	struct loop *l = mem_zalloc(sizeof *l);

	if (l == NULL)
		return NULL;
	l->base = event_base_new();
	if (l->base == NULL) {
		loop_free(l);
		return NULL;
	}
	return l;
}

void
loop_free(struct loop *l)
{
	if (l == NULL)
		return;
	if (l->base != NULL)
		event_base_free(l->base);
	mem_free(l);
}

struct event_base *
loop_base(struct loop *l)
{
	return l->base;
}

static void
on_signal(evutil_socket_t sig, short what, void *arg)
{
	struct loop *l = arg;

	(void)what;
	if (sig == SIGHUP) {
		if (l->on_hup != NULL)
			l->on_hup(l->arg);
	} else if (l->on_term != NULL) {
		l->on_term(l->arg);
	} else {
		loop_stop(l);
	}
}

static void
feed_watchdog(void *arg)
{
	(void)arg;
	loop_notify("WATCHDOG=1");
}

static struct loop_timer *
watchdog_start(struct loop *l)
{
	const char *usec = getenv("WATCHDOG_USEC");
	struct loop_timer *t;
	long long us;

	us = usec != NULL ? strtoll(usec, NULL, 10) : 0;
	if (us < 1000)
		return NULL;
	t = loop_timer_new(l, feed_watchdog, NULL);
	if (t != NULL)
		loop_timer_set(t, us / 1000 / 3 + 1, 1);
	return t;
}

int
loop_run(struct loop *l, void (*on_term)(void *), void (*on_hup)(void *), void *arg)
{
	static const int sigs[] = { SIGTERM, SIGINT, SIGHUP };
	struct event *ev[3] = { NULL, NULL, NULL };
	struct loop_timer *dog;
	size_t i;
	int rc = 0;

	l->on_term = on_term;
	l->on_hup = on_hup;
	l->arg = arg;
	(void)signal(SIGPIPE, SIG_IGN);
	for (i = 0; i < 3; i++) {
		ev[i] = evsignal_new(l->base, sigs[i], on_signal, l);
		if (ev[i] == NULL || event_add(ev[i], NULL) != 0)
			rc = ERR_IO;
	}
	dog = watchdog_start(l);
	if (rc == 0 && event_base_loop(l->base, EVLOOP_NO_EXIT_ON_EMPTY) < 0)
		rc = ERR_IO;
	loop_timer_free(dog);
	for (i = 0; i < 3; i++)
		if (ev[i] != NULL)
			event_free(ev[i]);
	return rc;
}

void
loop_stop(struct loop *l)
{
	(void)event_base_loopexit(l->base, NULL);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct loop_timer *t = arg;

	(void)fd;
	(void)what;
	if (t->repeat)
		(void)event_add(t->ev, &t->every);
	t->fn(t->arg); /* last: it may free t */
}

struct loop_timer *
loop_timer_new(struct loop *l, void (*fn)(void *), void *arg)
{
	struct loop_timer *t = mem_zalloc(sizeof *t);

	if (t == NULL)
		return NULL;
	t->fn = fn;
	t->arg = arg;
	t->ev = evtimer_new(l->base, on_timer, t);
	if (t->ev == NULL) {
		mem_free(t);
		return NULL;
	}
	return t;
}

void
loop_timer_set(struct loop_timer *t, int64_t ms, int repeat)
{
	if (ms < 0)
		ms = 0;
	t->every.tv_sec = (time_t)(ms / 1000);
	t->every.tv_usec = (suseconds_t)(ms % 1000 * 1000);
	t->repeat = repeat;
	(void)event_add(t->ev, &t->every);
}

void
loop_timer_clear(struct loop_timer *t)
{
	t->repeat = 0;
	(void)event_del(t->ev);
}

void
loop_timer_free(struct loop_timer *t)
{
	if (t == NULL)
		return;
	event_free(t->ev);
	mem_free(t);
}

static void
on_task(evutil_socket_t fd, short what, void *arg)
{
	struct loop_task *t = arg;

	(void)fd;
	(void)what;
	t->running = 1;
	t->fn(t->arg);
	t->running = 0;
	if (t->dead)
		mem_free(t);
}

struct loop_task *
loop_task_new(struct loop *l, void (*fn)(void *), void *arg)
{
	struct loop_task *t = mem_zalloc(sizeof *t);

	if (t == NULL)
		return NULL;
	t->fn = fn;
	t->arg = arg;
	t->ev = event_new(l->base, -1, 0, on_task, t);
	if (t->ev == NULL) {
		loop_task_free(t);
		return NULL;
	}
	return t;
}

void
loop_task_poke(struct loop_task *t)
{
	static const struct timeval soon = { 0, 0 };

	/* An active event goes to the end of this turn's queue.  From inside the task
	 * that would never end the turn, so the next one is taken. */
	if (t->dead)
		return;
	if (t->running)
		(void)event_add(t->ev, &soon);
	else
		event_active(t->ev, EV_TIMEOUT, 1);
}

void
loop_task_free(struct loop_task *t)
{
	if (t == NULL)
		return;
	if (t->ev != NULL)
		event_free(t->ev);
	t->ev = NULL;
	if (t->running)
		t->dead = 1; /* on_task frees it when the function returns */
	else
		mem_free(t);
}

void
loop_notify(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	size_t n;
	int fd;

	if (path == NULL || (path[0] != '/' && path[0] != '@'))
		return;
	n = strlen(path);
	if (n >= sizeof sa.sun_path)
		return;
	memcpy(sa.sun_path, path, n);
	if (path[0] == '@')
		sa.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	(void)sendto(fd, state, strlen(state), MSG_NOSIGNAL | MSG_DONTWAIT,
	    (struct sockaddr *)&sa,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
	(void)close(fd);
}
