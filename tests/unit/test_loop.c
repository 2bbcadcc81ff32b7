/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/loop.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>
#include <event2/event.h>

#include "lib/clock.h"
#include "lib/mem.h"

static struct loop *loop;
static struct loop_timer *timer, *watch;
static struct loop_task *task;
static int fired, stopped;
static char order[64], letter[][2] = { "a", "b", "c", "T", "s" };

static void
give_up(void *arg)
{
	(void)arg;
	fail_msg("the loop did not end by itself");
}

static int
setup(void **state)
{
	(void)state;
	fired = stopped = 0;
	order[0] = '\0';
	loop = loop_new();
	watch = loop != NULL ? loop_timer_new(loop, give_up, NULL) : NULL;
	if (watch == NULL)
		return -1;
	loop_timer_set(watch, 20000, 0);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	loop_timer_free(watch);
	loop_free(loop);
	loop_free(NULL);
	loop_timer_free(NULL);
	loop_task_free(NULL);
	return 0;
}

static void
stop(void *arg)
{
	(void)arg;
	loop_stop(loop);
}

static void
note(void *arg)
{
	(void)strncat(order, (const char *)arg, sizeof order - strlen(order) - 1);
}

static void
test_timers(void **state)
{
	struct loop_timer *a = loop_timer_new(loop, note, letter[0]);
	struct loop_timer *b = loop_timer_new(loop, note, letter[1]);
	struct loop_timer *c = loop_timer_new(loop, note, letter[2]);
	struct loop_timer *end = loop_timer_new(loop, stop, NULL);
	int64_t start = clock_mono_ms();

	(void)state;
	loop_timer_set(a, 30, 0);
	loop_timer_set(b, 1, 0);
	loop_timer_set(b, 60, 0); /* replaces */
	loop_timer_set(c, 10, 0);
	loop_timer_clear(c);
	loop_timer_set(end, 90, 0);
	assert_int_equal(loop_run(loop, NULL, NULL, NULL), 0);
	assert_string_equal(order, "ab");
	/* libevent looks at a clock that is a tick behind. */
	assert_true(clock_mono_ms() - start >= 70);
	loop_timer_free(a);
	loop_timer_free(b);
	loop_timer_free(c);
	loop_timer_free(end);
}

static void
count_to_five(void *arg)
{
	(void)arg;
	if (++fired == 5) {
		loop_timer_clear(timer); /* inside itself */
		loop_timer_set(watch, 20000, 0);
	}
}

static void
test_repeat(void **state)
{
	struct loop_timer *end = loop_timer_new(loop, stop, NULL);

	(void)state;
	timer = loop_timer_new(loop, count_to_five, NULL);
	loop_timer_set(timer, 2, 1);
	loop_timer_set(end, 100, 0);
	assert_int_equal(loop_run(loop, NULL, NULL, NULL), 0);
	assert_int_equal(fired, 5);
	loop_timer_free(timer);
	loop_timer_free(end);
}

static void
free_timer(void *arg)
{
	(void)arg;
	fired++;
	loop_timer_free(timer);
	loop_stop(loop);
}

static void
test_timer_freed_inside(void **state)
{
	int repeat;

	(void)state;
	for (repeat = 0; repeat < 2; repeat++) {
		timer = loop_timer_new(loop, free_timer, NULL);
		loop_timer_set(timer, -5, repeat); /* a time that has passed is now */
		assert_int_equal(loop_run(loop, NULL, NULL, NULL), 0);
		assert_int_equal(fired, repeat + 1);
	}
}

static void
again_twice(void *arg)
{
	(void)arg;
	if (++fired < 3)
		loop_task_poke(task); /* from inside itself: the next turn */
	else
		loop_stop(loop);
}

static void
test_task_pokes_itself(void **state)
{
	(void)state;
	task = loop_task_new(loop, again_twice, NULL);
	loop_task_poke(task);
	loop_task_poke(task);
	assert_int_equal(loop_run(loop, NULL, NULL, NULL), 0);
	assert_int_equal(fired, 3);
	loop_task_free(task);
}

static void
free_task(void *arg)
{
	(void)arg;
	fired++;
	loop_task_poke(task);
	loop_task_free(task);
	loop_stop(loop);
}

static void
test_task_freed_inside(void **state)
{
	(void)state;
	task = loop_task_new(loop, free_task, NULL);
	loop_task_poke(task);
	assert_int_equal(loop_run(loop, NULL, NULL, NULL), 0);
	assert_int_equal(fired, 1);
}

static void
task_note(void *arg)
{
	(void)arg;
	note(letter[3]);
	if (strlen(order) >= 7)
		loop_stop(loop);
}

static void
on_read(evutil_socket_t fd, short what, void *arg)
{
	char c;

	(void)what;
	(void)arg;
	if (read(fd, &c, 1) != 1)
		return;
	note(letter[4]);
	loop_task_poke(task);
}

/* Late work comes once a turn, after all sockets of it: this is the group commit. */
static void
test_task_after_sockets(void **state)
{
	struct event *ev[3];
	int p[3][2], i;

	(void)state;
	task = loop_task_new(loop, task_note, NULL);
	for (i = 0; i < 3; i++) {
		assert_int_equal(pipe(p[i]), 0);
		assert_int_equal(write(p[i][1], "xy", 2), 2);
		ev[i] = event_new(
		    loop_base(loop), p[i][0], EV_READ | EV_PERSIST, on_read, NULL);
		assert_int_equal(event_add(ev[i], NULL), 0);
	}
	assert_int_equal(loop_run(loop, NULL, NULL, NULL), 0);
	assert_string_equal(order, "sssTsssT");
	for (i = 0; i < 3; i++) {
		event_free(ev[i]);
		(void)close(p[i][0]);
		(void)close(p[i][1]);
	}
	loop_task_free(task);
}

static void
on_term(void *arg)
{
	assert_ptr_equal(arg, order);
	if (++stopped == 2)
		loop_stop(loop);
}

static void
on_hup(void *arg)
{
	assert_ptr_equal(arg, order);
	fired++;
}

static void
send_signals(void *arg)
{
	(void)arg;
	(void)raise(SIGHUP);
	(void)raise(SIGTERM);
	(void)raise(SIGPIPE); /* ignored, or this test ends here */
	(void)raise(SIGINT);
}

static void
test_signals(void **state)
{
	struct loop_timer *t = loop_timer_new(loop, send_signals, NULL);

	(void)state;
	loop_timer_set(t, 0, 0);
	assert_int_equal(loop_run(loop, on_term, on_hup, order), 0);
	assert_int_equal(fired, 1);
	assert_int_equal(stopped, 2);
	/* Without handlers SIGTERM just ends the loop and SIGHUP does nothing. */
	loop_timer_set(t, 0, 0);
	assert_int_equal(loop_run(loop, NULL, NULL, NULL), 0);
	loop_timer_free(t);
}

static void
test_notify(void **state)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), n;
	struct loop_timer *end = loop_timer_new(loop, stop, NULL);
	char name[64], got[64];
	ssize_t r;

	(void)state;
	loop_notify("READY=1"); /* without a socket: nothing happens */
	n = snprintf(name, sizeof name, "@ceptoar-notify-%ld", (long)getpid());
	memcpy(sa.sun_path, name, (size_t)n);
	sa.sun_path[0] = '\0';
	assert_int_equal(
	    bind(fd, (struct sockaddr *)&sa,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)n)),
	    0);
	assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
	loop_notify("READY=1");
	r = recv(fd, got, sizeof got, MSG_DONTWAIT);
	assert_int_equal(r, 7);
	assert_memory_equal(got, "READY=1", 7);
	/* The watchdog is fed from the loop, three times in its span. */
	assert_int_equal(setenv("WATCHDOG_USEC", "90000", 1), 0);
	loop_timer_set(end, 100, 0);
	assert_int_equal(loop_run(loop, NULL, NULL, NULL), 0);
	for (n = 0; recv(fd, got, sizeof got, MSG_DONTWAIT) == 10; n++)
		assert_memory_equal(got, "WATCHDOG=1", 10);
	assert_true(n >= 2 && n <= 4);
	(void)unsetenv("NOTIFY_SOCKET");
	(void)unsetenv("WATCHDOG_USEC");
	(void)close(fd);
	loop_timer_free(end);
}

static void
test_no_memory(void **state)
{
	struct loop *l;

	(void)state;
	(void)mem_fail_at(1);
	l = loop_new();
	assert_null(l);
	(void)mem_fail_at(1);
	assert_null(loop_timer_new(loop, stop, NULL));
	(void)mem_fail_at(1);
	assert_null(loop_task_new(loop, stop, NULL));
	(void)mem_fail_at(0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_timers),
		T(test_repeat),
		T(test_timer_freed_inside),
		T(test_task_pokes_itself),
		T(test_task_freed_inside),
		T(test_task_after_sockets),
		T(test_signals),
		T(test_notify),
		T(test_no_memory),
	};

	return cmocka_run_group_tests_name("loop", tests, NULL, NULL);
}
