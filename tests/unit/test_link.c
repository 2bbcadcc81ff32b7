/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/link.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/buf.h"
#include "lib/loop.h"
#include "lib/mem.h"
#include "lib/sock.h"

enum { FRAME_MAX = 4096, QUEUE_MAX = 65536 };

static const struct link_limits limits = { FRAME_MAX, QUEUE_MAX };
static struct loop *loop;
static struct loop_timer *clock_out;
static struct link_server *server;
static struct link *mine; /* the link under test */
static int peer = -1;	  /* its raw other end */
static int ups, downs, frames, drains, until;
static uint64_t calls[4096];
static struct link_frame last;
static void (*act)(struct link *l); /* what the test does inside on_frame */
static void (*act_down)(struct link *l);

static void
give_up(void *arg)
{
	(void)arg;
	loop_stop(loop);
}

static void
on_up(void *arg, struct link *l)
{
	assert_ptr_equal(arg, &ups);
	assert_true(link_is_up(l));
	ups++;
	if (until == 'u')
		loop_stop(loop);
}

static void
on_frame(void *arg, struct link *l, const struct link_frame *f)
{
	assert_ptr_equal(arg, &ups);
	assert_true(frames < 4096);
	calls[frames++] = f->call;
	last = *f;
	if (act != NULL)
		act(l);
	if (until == frames)
		loop_stop(loop);
}

static void
on_down(void *arg, struct link *l)
{
	assert_ptr_equal(arg, &ups);
	assert_false(link_is_up(l));
	downs++;
	if (act_down != NULL)
		act_down(l);
	if (until == 'd')
		loop_stop(loop);
}

static void
on_drain(void *arg, struct link *l)
{
	assert_ptr_equal(arg, &ups);
	assert_int_equal(link_queued(l), 0);
	drains++;
}

static const struct link_ops ops = { on_up, on_frame, on_down };

/* Runs the loop until `what` ('u' up, 'd' down, or a number of frames), or ms passed. */
static void
turn(int what, int ms)
{
	until = what;
	loop_timer_set(clock_out, ms, 0);
	assert_int_equal(loop_run(loop, NULL, NULL, NULL), 0);
	until = -1;
}

static int
setup(void **state)
{
	int s[2];

	(void)state;
	ups = downs = frames = drains = 0;
	until = -1;
	act = act_down = NULL;
	server = NULL;
	loop = loop_new();
	clock_out = loop_timer_new(loop, give_up, NULL);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, s) != 0)
		return -1;
	mine = link_adopt(loop, s[0], &ops, &ups, limits);
	peer = s[1];
	return mine == NULL;
}

static int
teardown(void **state)
{
	(void)state;
	link_free(mine);
	link_server_free(server);
	if (peer >= 0)
		(void)close(peer);
	loop_timer_free(clock_out);
	loop_free(loop);
	mine = NULL;
	return 0;
}

/* A frame as it lies on the wire, its length field free to lie. */
static size_t
frame(char *out, uint32_t len, uint16_t type, uint16_t status, uint64_t call, size_t n)
{
	memcpy(out, &len, 4);
	memcpy(out + 4, &type, 2);
	memcpy(out + 6, &status, 2);
	memcpy(out + 8, &call, 8);
	memset(out + 16, 'p', n);
	return 16 + n;
}

static void
put(const void *p, size_t n)
{
	assert_int_equal(write(peer, p, n), n);
}

static void
put_frames(int count, uint64_t first, size_t payload)
{
	char out[FRAME_MAX];
	int i;

	for (i = 0; i < count; i++)
		put(out, frame(out, (uint32_t)(12 + payload), 1, 0, first + (uint64_t)i,
			     payload));
}

static void
test_frame_layout(void **state)
{
	static const unsigned char want[] = { 15, 0, 0, 0, 0x34, 0x12, 0x78, 0x56, 8, 7,
		6, 5, 4, 3, 2, 1, 'a', 'b', 'c' };
	unsigned char got[64];

	(void)state;
	assert_int_equal(
	    link_send(mine, 0x1234, 0x5678, 0x0102030405060708, "abc", 3), 0);
	assert_int_equal(link_queued(mine), sizeof want);
	turn(0, 20);
	assert_int_equal(read(peer, got, sizeof got), sizeof want);
	assert_memory_equal(got, want, sizeof want);
	assert_int_equal(link_queued(mine), 0);
}

static void
check_payload(struct link *l)
{
	(void)l;
	assert_int_equal(last.n, 100);
	assert_memory_equal(last.p, "pppppppppp", 10);
	assert_int_equal(last.p[99], 'p');
}

static void
test_receive(void **state)
{
	static char many[500 * 16];
	char out[200];
	size_t n = frame(out, 112, 7, 9, 42, 100), i;

	(void)state;
	act = check_payload;
	put(out, n);
	turn(1, 2000);
	assert_int_equal(last.type, 7);
	assert_int_equal(last.status, 9);
	assert_true(last.call == 42);
	for (i = 0; i < n; i++) { /* byte by byte it is the same frame */
		put(out + i, 1);
		turn(2, i == n - 1 ? 2000 : 1);
		assert_int_equal(frames, i == n - 1 ? 2 : 1);
	}
	act = NULL;
	for (i = 0; i < 500; i++)
		(void)frame(many + 16 * i, 12, 1, 0, 1000 + i, 0);
	put(many, sizeof many); /* many in one read, in order */
	turn(502, 2000);
	assert_int_equal(frames, 502);
	for (i = 0; i < 500; i++)
		assert_true(calls[2 + i] == 1000 + i);
	assert_int_equal(downs, 0);
}

static void
test_largest(void **state)
{
	char big[FRAME_MAX], out[FRAME_MAX];

	(void)state;
	memset(big, 'b', sizeof big);
	assert_int_equal(link_send(mine, 1, 0, 1, big, FRAME_MAX - 16), 0);
	assert_int_equal(link_send(mine, 1, 0, 1, big, FRAME_MAX - 15), ERR_LIMIT);
	assert_int_equal(link_send(mine, 1, 0, 1, big, (size_t)-1), ERR_LIMIT);
	put(out, frame(out, FRAME_MAX - 4, 1, 0, 5, FRAME_MAX - 16));
	turn(1, 2000);
	assert_int_equal(frames, 1);
	assert_int_equal(last.n, FRAME_MAX - 16);
}

/* A length that lies ends the connection and hands nothing out. */
static void
test_bad_length(void **state)
{
	static const uint32_t bad[] = { 0, 1, 11, FRAME_MAX - 3, 0x7fffffff, 0x80000000,
		0xfffffffb, 0xfffffffc, 0xfffffffd, 0xfffffffe, 0xffffffff };
	char out[64];
	size_t i;

	for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (i > 0)
			assert_int_equal(setup(state), 0);
		put_frames(1, 1, 4); /* a good one in front still counts */
		put(out, frame(out, bad[i], 1, 0, 2, 8));
		turn('d', 2000);
		assert_int_equal(frames, 1);
		assert_int_equal(downs, 1);
		assert_false(link_is_up(mine));
		assert_int_equal(link_send(mine, 1, 0, 1, "", 0), ERR_DOWN);
		if (i + 1 < sizeof bad / sizeof bad[0])
			teardown(state);
	}
}

static void
test_peer_ends(void **state)
{
	char out[64];

	(void)state;
	put_frames(3, 1, 4);
	(void)frame(out, 20, 1, 0, 9, 8);
	put(out, 10); /* half a header is dropped */
	(void)close(peer);
	peer = -1;
	turn('d', 2000);
	assert_int_equal(frames, 3); /* what came before the end is served */
	assert_int_equal(downs, 1);
	turn(0, 30);
	assert_int_equal(downs, 1);
}

static void
pause_it(struct link *l)
{
	link_pause(l, 1);
}

/* Frames that came in one read with the one that paused must come after the pause,
 * although no further byte arrives. */
static void
test_pause(void **state)
{
	(void)state;
	act = pause_it;
	put_frames(3, 1, 4);
	turn(0, 50);
	assert_int_equal(frames, 1);
	put_frames(1, 4, 4);
	turn(0, 50);
	assert_int_equal(frames, 1);
	act = NULL;
	link_pause(mine, 0);
	turn(4, 2000);
	assert_int_equal(frames, 4);
	assert_true(calls[1] == 2 && calls[2] == 3 && calls[3] == 4);
	link_pause(mine, 0); /* once more than needed: harmless */
	put_frames(1, 5, 4);
	turn(5, 2000);
	assert_int_equal(frames, 5);
	assert_int_equal(downs, 0);
}

static void
test_pause_then_end(void **state)
{
	(void)state;
	act = pause_it;
	put_frames(2, 1, 4);
	(void)close(peer);
	peer = -1;
	turn('d', 50);
	assert_int_equal(frames, 1);
	act = NULL;
	link_pause(mine, 0);
	turn('d', 2000);
	assert_int_equal(frames, 2);
	assert_int_equal(downs, 1);
}

/* A peer that does not read while we are paused fills its socket, not our memory. */
static void
test_pause_bounds_memory(void **state)
{
	static char out[FRAME_MAX];
	size_t n = frame(out, FRAME_MAX - 4, 1, 0, 1, FRAME_MAX - 16), i;
	ssize_t r = 0;

	(void)state;
	link_pause(mine, 1);
	for (i = 0; i < 4096 && r >= 0; i++) {
		r = write(peer, out, n);
		turn(0, 1);
	}
	assert_true(r < 0 && errno == EAGAIN);
	assert_int_equal(frames, 0);
}

static void
free_it(struct link *l)
{
	assert_ptr_equal(l, mine);
	link_free(mine);
	mine = NULL;
}

static void
test_freed_in_frame(void **state)
{
	(void)state;
	act = free_it;
	put_frames(3, 1, 4);
	turn(1, 2000);
	assert_int_equal(frames, 1);
	assert_int_equal(downs, 0); /* no callback after the free */
	turn(0, 30);
	assert_int_equal(read(peer, &frames, 1), 0); /* and the descriptor is closed */
}

static void
test_freed_in_down(void **state)
{
	(void)state;
	act_down = free_it;
	(void)close(peer);
	peer = -1;
	turn('d', 2000);
	assert_int_equal(downs, 1);
	assert_null(mine);
}

static void
close_it(struct link *l)
{
	link_close(l);
	link_close(l);
	assert_true(link_is_up(l)); /* later */
}

static void
test_close_in_frame(void **state)
{
	(void)state;
	act = close_it;
	put_frames(3, 1, 4);
	turn('d', 2000);
	assert_int_equal(frames, 1);
	assert_int_equal(downs, 1);
	link_close(mine); /* closed already: nothing */
	turn(0, 30);
	assert_int_equal(downs, 1);
}

static void
test_queue_full(void **state)
{
	static char page[1000], sink[65536];
	size_t sent = 0, got = 0;
	ssize_t r;
	int rc;

	(void)state;
	link_on_drain(mine, on_drain);
	/* First the socket's own buffer, turn by turn, then the queue. */
	while ((rc = link_send(mine, 1, 0, sent, page, sizeof page)) == 0) {
		sent++;
		assert_true(sent < 100000);
		if (sent % 20 == 0)
			turn(0, 1);
	}
	assert_int_equal(rc, ERR_AGAIN);
	assert_true(link_queued(mine) <= QUEUE_MAX + FRAME_MAX);
	assert_true(link_queued(mine) > QUEUE_MAX / 2);
	assert_int_equal(drains, 0);
	for (int quiet = 0; quiet < 3;) {
		r = read(peer, sink, sizeof sink);
		quiet = r > 0 ? 0 : quiet + 1;
		got += r > 0 ? (size_t)r : 0;
		turn(0, 1);
	}
	assert_int_equal(got, sent * 1016); /* every frame that was taken, whole */
	assert_int_equal(drains, 1);
	assert_int_equal(link_queued(mine), 0);
	assert_int_equal(link_send(mine, 1, 0, 1, page, sizeof page), 0);
	turn(0, 20);
	assert_int_equal(drains, 1); /* it was not over half again */
}

static void
free_on_drain(void *arg, struct link *l)
{
	(void)arg;
	drains++;
	free_it(l);
}

static void
test_freed_on_drain(void **state)
{
	static char page[1000], sink[65536];

	(void)state;
	link_on_drain(mine, free_on_drain);
	while (link_send(mine, 1, 0, 1, page, sizeof page) == 0)
		;
	while (mine != NULL) {
		while (read(peer, sink, sizeof sink) > 0)
			;
		turn(0, 1);
	}
	assert_int_equal(drains, 1);
}

/* The peer is gone when the flush runs: the link falls, and frees nothing under itself.
 */
static void
test_send_to_the_dead(void **state)
{
	(void)state;
	link_pause(mine, 1); /* so that only the write can notice */
	(void)close(peer);
	peer = -1;
	assert_int_equal(link_send(mine, 1, 0, 1, "x", 1), 0);
	turn('d', 2000);
	assert_int_equal(downs, 1);
	assert_false(link_is_up(mine));
}

static char path[64];
static int listener = -1;

static void
listen_again(void)
{
	(void)snprintf(path, sizeof path, "/tmp/ceptoar-link.%ld", (long)getpid());
	listener = sock_listen_unix(path, 0600);
	assert_true(listener >= 0);
}

static void
unlisten(void)
{
	(void)close(listener);
	(void)unlink(path);
}

static void
count_link(struct link *l, void *arg)
{
	assert_true(link_is_up(l));
	++*(int *)arg;
}

static void
echo(struct link *l)
{
	if (l != mine) /* the server's side */
		assert_int_equal(
		    link_send(l, last.type, 1, last.call, last.p, last.n), 0);
}

static void
test_dial_and_serve(void **state)
{
	int n = 0;

	(void)state;
	link_free(mine);
	listen_again();
	server = link_serve(loop, listener, &ops, &ups, limits);
	mine = link_dial(loop, path, &ops, &ups, limits);
	assert_non_null(server);
	assert_non_null(mine);
	assert_false(link_is_up(mine)); /* no callback before the return */
	assert_int_equal(link_send(mine, 1, 0, 1, "x", 1), ERR_DOWN);
	turn(0, 50);
	assert_int_equal(ups, 2); /* both sides */
	link_server_each(server, count_link, &n);
	assert_int_equal(n, 1);
	act = echo;
	assert_int_equal(link_send(mine, 3, 0, 77, "x", 1), 0);
	turn(2, 2000);
	assert_int_equal(last.status, 1);
	assert_true(last.call == 77);
	link_free(mine);
	mine = NULL;
	turn('d', 2000);
	assert_int_equal(downs, 1);
	n = 0;
	link_server_each(server, count_link, &n);
	assert_int_equal(n, 0);
	unlisten();
}

static void
test_redial(void **state)
{
	(void)state;
	link_free(mine);
	listen_again();
	unlisten(); /* nobody there yet */
	mine = link_dial(loop, path, &ops, &ups, limits);
	turn('u', 120);
	assert_int_equal(ups, 0);
	listen_again();
	server = link_serve(loop, listener, &ops, &ups, limits);
	turn(0, 1200); /* the wait doubles to a second at most */
	assert_int_equal(ups, 2);
	link_server_free(server); /* the program that was called restarts */
	server = NULL;
	unlisten();
	turn('d', 2000);
	assert_int_equal(downs, 1);
	listen_again();
	server = link_serve(loop, listener, &ops, &ups, limits);
	turn(0, 1200);
	assert_int_equal(ups, 4);
	assert_true(link_is_up(mine));
	unlisten();
}

static void
free_server(struct link *l)
{
	if (l == mine)
		return;
	link_server_free(server);
	server = NULL;
}

static void
test_server_freed_in_frame(void **state)
{
	(void)state;
	link_free(mine);
	listen_again();
	server = link_serve(loop, listener, &ops, &ups, limits);
	mine = link_dial(loop, path, &ops, &ups, limits);
	turn(0, 50);
	act = free_server;
	assert_int_equal(link_send(mine, 1, 0, 1, "x", 1), 0);
	assert_int_equal(link_send(mine, 1, 0, 2, "x", 1), 0);
	turn('d', 2000);
	assert_int_equal(frames, 1);
	assert_null(server);
	unlisten();
}

static void
sends_and_closes(struct link *l)
{
	if (l != mine) { /* the server answers a caller that is gone by now */
		link_free(mine);
		mine = NULL;
		assert_int_equal(link_send(l, 1, 0, 1, "x", 1), 0);
	}
}

static void
test_accepted_link_falls_in_flush(void **state)
{
	(void)state;
	link_free(mine);
	listen_again();
	server = link_serve(loop, listener, &ops, &ups, limits);
	mine = link_dial(loop, path, &ops, &ups, limits);
	turn(0, 50);
	act = sends_and_closes;
	assert_int_equal(link_send(mine, 1, 0, 1, "x", 1), 0);
	turn('d', 2000);
	assert_int_equal(downs, 1);
	unlisten();
}

static void
test_user(void **state)
{
	(void)state;
	assert_null(link_user(mine));
	link_user_set(mine, &ups);
	assert_ptr_equal(link_user(mine), &ups);
	link_free(NULL);
	link_server_free(NULL);
	assert_false(link_is_up(NULL));
}

/* Every allocation fails once: an error or a link, and nothing leaks. */
static void
test_no_memory(void **state)
{
	struct link *l;
	unsigned long n;
	int s[2];

	(void)state;
	for (n = 1; n < 20; n++) {
		assert_int_equal(
		    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, s), 0);
		(void)mem_fail_at(n);
		l = link_adopt(loop, s[0], &ops, &ups, limits);
		(void)mem_fail_at(0);
		if (l == NULL)
			assert_int_equal(close(s[0]), 0); /* still ours */
		else
			assert_true(link_is_up(l));
		(void)mem_fail_at(n);
		if (l != NULL && link_send(l, 1, 0, 1, "x", 1) == ERR_NOMEM) {
			(void)mem_fail_at(0); /* one frame lost, the link stands */
			assert_int_equal(link_queued(l), 0);
			assert_int_equal(link_send(l, 1, 0, 1, "x", 1), 0);
		}
		(void)mem_fail_at(0);
		link_free(l);
		(void)close(s[1]);
		(void)mem_fail_at(n);
		l = link_dial(loop, "/nowhere", &ops, &ups, limits);
		(void)mem_fail_at(0);
		link_free(l);
	}
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_frame_layout),
		T(test_receive),
		T(test_largest),
		T(test_bad_length),
		T(test_peer_ends),
		T(test_pause),
		T(test_pause_then_end),
		T(test_pause_bounds_memory),
		T(test_freed_in_frame),
		T(test_freed_in_down),
		T(test_close_in_frame),
		T(test_queue_full),
		T(test_freed_on_drain),
		T(test_send_to_the_dead),
		T(test_dial_and_serve),
		T(test_redial),
		T(test_server_freed_in_frame),
		T(test_accepted_link_falls_in_flush),
		T(test_user),
		T(test_no_memory),
	};

	return cmocka_run_group_tests_name("link", tests, NULL, NULL);
}
