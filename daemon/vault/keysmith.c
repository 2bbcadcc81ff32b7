/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/keysmith.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <event2/event.h>
#include <openssl/crypto.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "lib/log.h"
#include "lib/loop.h"
#include "lib/mem.h"
#include "lib/sandbox.h"

enum { BITS = 3072, CHILD_FD = 3, LOW = 10 };
/* What the child is asked for. */
enum { NOW = 'n', AHEAD = 'a' };

struct keysmith {
	struct event *readable;
	int fd;
	pid_t pid;
	int asked, gone;
	void (*on_key)(void *arg, const unsigned char *der, size_t n);
	void *arg;
};

/* One key onto the socket.  0, or the end of the child. */
static int
make_one(int fd)
{
	EVP_PKEY *key = EVP_RSA_gen(BITS); /* its exponent is 65537 */
	unsigned char *der = NULL;
	int n = key != NULL ? i2d_PrivateKey(key, &der) : 0;
	ssize_t sent = -1;

	if (n > 0 && n <= KEYSMITH_DER_MAX)
		sent = send(fd, der, (size_t)n, MSG_NOSIGNAL);
	if (n > 0)
		OPENSSL_clear_free(der, (size_t)n);
	EVP_PKEY_free(key); /* OpenSSL wipes its numbers */
	return n > 0 && sent == n ? 0 : ERR_IO;
}

/* Only what nobody else wants of the machine, from now on: there is no way back, and none
 * is needed, for keys are asked for in the order of their epochs. */
static void
only_idle(void)
{
	static const struct sched_param none;

	(void)sched_setscheduler(0, SCHED_IDLE, &none);
}

static void __attribute__((noreturn)) child(int fd, pid_t parent)
{
	static const char *const nothing[] = { NULL };
	char ask;

	/* Asked to end is only the vault, and with it its socket. */
	(void)signal(SIGTERM, SIG_IGN);
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
		_exit(1);
	/* The listening sockets are the vault's. */
	if ((fd != CHILD_FD && dup2(fd, CHILD_FD) < 0) ||
	    close_range(CHILD_FD + 1, ~0U, 0) != 0)
		_exit(1);
	(void)setpriority(PRIO_PROCESS, 0, LOW); /* a busy machine makes keys too */
	/* OpenSSL reads its configuration now or never. */
	if (OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, NULL) != 1 ||
	    sandbox_paths(nothing, nothing) < 0 || sandbox_syscalls(SANDBOX_ALONE) < 0)
		_exit(1);
	while (recv(CHILD_FD, &ask, 1, 0) == 1) {
		if (ask == AHEAD)
			only_idle();
		if (make_one(CHILD_FD) != 0)
			_exit(1);
	}
	_exit(0);
}

int
keysmith_spawn(int *ret_fd, pid_t *ret_pid)
{
	pid_t self = getpid(), pid;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return ERR_IO;
	pid = fork();
	if (pid == 0)
		child(pair[1], self);
	(void)close(pair[1]);
	if (pid < 0) {
		(void)close(pair[0]);
		return ERR_IO;
	}
	*ret_fd = pair[0];
	*ret_pid = pid;
	return 0;
}

static void
died(struct keysmith *k)
{
	log_error("the process that makes issuer keys has ended; no more are made until "
		  "the vault is started again");
	k->gone = 1;
	(void)event_del(k->readable);
}

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct keysmith *k = arg;
	unsigned char der[KEYSMITH_DER_MAX];
	ssize_t n;

	(void)what;
	n = recv(fd, der, sizeof der, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		died(k);
		return;
	}
	k->asked = 0;
	k->on_key(k->arg, der, (size_t)n);
	mem_wipe(der, sizeof der);
}

int
keysmith_new(struct keysmith **ret, struct loop *loop, int fd, pid_t pid,
    void (*on_key)(void *arg, const unsigned char *der, size_t n), void *arg)
{
	struct keysmith *k = mem_zalloc(sizeof *k);

	if (k == NULL) {
		(void)close(fd);
		return ERR_NOMEM;
	}
	k->fd = fd;
	k->pid = pid;
	k->on_key = on_key;
	k->arg = arg;
	k->readable =
	    event_new(loop_base(loop), fd, EV_READ | EV_PERSIST, on_readable, k);
	if (k->readable == NULL || event_add(k->readable, NULL) != 0) {
		keysmith_free(k);
		return ERR_NOMEM;
	}
	*ret = k;
	return 0;
}

void
keysmith_free(struct keysmith *k)
{
	if (k == NULL)
		return;
	if (k->readable != NULL)
		event_free(k->readable);
	(void)close(k->fd);
	if (k->pid > 0) {
		(void)kill(k->pid, SIGKILL); /* it may be in the middle of a key */
		(void)waitpid(k->pid, NULL, 0);
	}
	mem_free(k);
}

void
keysmith_ask(struct keysmith *k, int ahead)
{
	const char what = ahead ? AHEAD : NOW;

	if (k->asked || k->gone)
		return;
	if (send(k->fd, &what, 1, MSG_NOSIGNAL | MSG_DONTWAIT) == 1)
		k->asked = 1;
}
