/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <event2/event.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "daemon/vault/keysmith.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "proto/blind_rsa.h"

/* The real process: it is forked here as the vault forks it. */
enum { WAIT_MS = 110000 };

static unsigned got;
static unsigned char modulus[3][BLIND_RSA_LEN];

static void
on_key(void *arg, const unsigned char *der, size_t n)
{
	const unsigned char *p = der;
	EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &p, (long)n);

	(void)arg;
	assert_non_null(key);
	assert_ptr_equal(p, der + n);
	assert_true(got < 3);
	assert_int_equal(blind_rsa_modulus(key, modulus[got++]), 0);
	EVP_PKEY_free(key);
}

static void
turn(struct loop *loop, unsigned want, int64_t ms)
{
	const struct timeval step = { 0, 5000 };
	int64_t end = clock_mono_ms() + ms;

	while (got < want && clock_mono_ms() < end) {
		(void)event_base_loopexit(loop_base(loop), &step);
		(void)event_base_loop(loop_base(loop), EVLOOP_ONCE);
	}
}

/* One question at a time. */
static void
test_asks_once(void **state)
{
	struct loop *loop = loop_new();
	struct keysmith *k = NULL;
	char b[8];
	int pair[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	assert_int_equal(keysmith_new(&k, loop, pair[0], 0, on_key, NULL), 0);
	keysmith_ask(k, 0);
	keysmith_ask(k, 0);
	assert_int_equal(recv(pair[1], b, sizeof b, MSG_DONTWAIT), 1);
	assert_int_equal(recv(pair[1], b, sizeof b, MSG_DONTWAIT), -1);
	keysmith_free(k);
	(void)close(pair[1]);
	loop_free(loop);
}

/* One key for each question; each another one. */
static void
test_makes_keys(void **state)
{
	struct loop *loop = loop_new();
	struct keysmith *k = NULL;
	pid_t pid;
	int fd;

	(void)state;
	got = 0;
	assert_int_equal(keysmith_spawn(&fd, &pid), 0);
	assert_int_equal(keysmith_new(&k, loop, fd, pid, on_key, NULL), 0);
	turn(loop, 1, 50);
	assert_int_equal(got, 0); /* not before it is asked */
	keysmith_ask(k, 0);
	turn(loop, 1, WAIT_MS);
	assert_int_equal(got, 1);
	turn(loop, 2, 50);
	assert_int_equal(got, 1);
	keysmith_ask(k, 0);
	turn(loop, 2, WAIT_MS);
	assert_int_equal(got, 2);
	assert_memory_not_equal(modulus[0], modulus[1], BLIND_RSA_LEN);
	assert_int_equal(getpriority(PRIO_PROCESS, (id_t)pid), 10);
	assert_int_equal(sched_getscheduler(pid), SCHED_OTHER);
	keysmith_ask(k, 1); /* nobody waits for this one */
	turn(loop, 3, WAIT_MS);
	assert_int_equal(got, 3);
	assert_int_equal(sched_getscheduler(pid), SCHED_IDLE);
	keysmith_free(k);
	assert_int_equal(kill(pid, 0), -1); /* gone, and buried */
	assert_int_equal(errno, ESRCH);
	loop_free(loop);
}

/* Its death is no end of the vault's. */
static void
test_dies(void **state)
{
	struct loop *loop = loop_new();
	struct keysmith *k = NULL;
	pid_t pid;
	int fd;

	(void)state;
	got = 0;
	assert_int_equal(keysmith_spawn(&fd, &pid), 0);
	assert_int_equal(keysmith_new(&k, loop, fd, pid, on_key, NULL), 0);
	assert_int_equal(kill(pid, SIGKILL), 0);
	turn(loop, 1, 200);
	keysmith_ask(k, 0); /* nothing, and no signal either */
	turn(loop, 1, 50);
	assert_int_equal(got, 0);
	keysmith_free(k);
	loop_free(loop);
}

/* It ends when the vault does, whatever way that went, and not by being told to. */
static void
test_ends_with_its_socket(void **state)
{
	int fd, status = -1;
	pid_t pid;

	(void)state;
	assert_int_equal(keysmith_spawn(&fd, &pid), 0);
	(void)usleep(300000); /* it has set up its signals by then */
	assert_int_equal(kill(pid, SIGTERM), 0);
	(void)usleep(100000);
	assert_int_equal(waitpid(pid, &status, WNOHANG), 0);
	(void)close(fd);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
}

/* It holds what it was given and the standard descriptors, no listening socket. */
static void
test_holds_nothing(void **state)
{
	char path[64], link[PATH_MAX];
	int fd, pair[2], i, open_now = 0;
	pid_t pid;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0); /* inherited */
	assert_int_equal(keysmith_spawn(&fd, &pid), 0);
	(void)usleep(300000);
	for (i = 3; i < 64; i++) {
		(void)snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)pid, i);
		open_now += readlink(path, link, sizeof link) > 0;
	}
	assert_int_equal(open_now, 1);
	(void)close(fd);
	(void)close(pair[0]);
	(void)close(pair[1]);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_asks_once),
		cmocka_unit_test(test_makes_keys),
		cmocka_unit_test(test_dies),
		cmocka_unit_test(test_ends_with_its_socket),
		cmocka_unit_test(test_holds_nothing),
	};

	log_level_set(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
