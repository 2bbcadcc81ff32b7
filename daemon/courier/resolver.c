/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/courier/resolver.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <event2/event.h>

#include "lib/clock.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/mem.h"
#include "lib/sandbox.h"

enum { CHILD_FD = 3, LATE_MS = (RESOLVER_ALARM_S + 1) * 1000, TICK_MS = 250 };

struct question {
	uint64_t id; /* 0: free */
	int64_t since;
};

struct resolver {
	struct event *readable;
	struct loop_timer *tick;
	int fd, gone;
	pid_t pid;
	struct question asked[RESOLVER_AT_ONCE];
	void (*on_name)(void *, uint64_t, const struct resolved *);
	void *arg;
	void (*on_end)(void *);
	void *end_arg;
};

size_t
resolver_encode(uint64_t id, const struct resolved *a, unsigned char *out)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	unsigned i;
	size_t n = 0;

	memcpy(out, &id, sizeof id);
	n += sizeof id;
	out[n++] = (unsigned char)a->word;
	out[n++] = (unsigned char)a->n;
	for (i = 0; i < a->n; i++, n += 16) {
		memset(out + n, 0, 17);
		if (a->address[i].ss_family == AF_INET) {
			memcpy(&v4, &a->address[i], sizeof v4);
			out[n++] = 4;
			memcpy(out + n, &v4.sin_addr, 4);
		} else {
			memcpy(&v6, &a->address[i], sizeof v6);
			out[n++] = 6;
			memcpy(out + n, &v6.sin6_addr, 16);
		}
	}
	return n;
}

static void
address_read(const unsigned char *p, struct sockaddr_storage *ret)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };

	memset(ret, 0, sizeof *ret);
	if (p[0] == 4) {
		memcpy(&v4.sin_addr, p + 1, 4);
		memcpy(ret, &v4, sizeof v4);
	} else {
		memcpy(&v6.sin6_addr, p + 1, 16);
		memcpy(ret, &v6, sizeof v6);
	}
}

static int
decode(const unsigned char *p, size_t n, uint64_t *ret_id, struct resolved *ret)
{
	unsigned i;

	if (n < 10 || p[8] > NAME_ENDED || p[9] > RESOLVER_ADDRESSES ||
	    n != 10 + (size_t)p[9] * 17)
		return ERR_PROTO;
	memcpy(ret_id, p, sizeof *ret_id);
	ret->word = (enum resolver_word)p[8];
	ret->n = p[9];
	for (i = 0; i < ret->n; i++)
		address_read(p + 10 + (size_t)i * 17, &ret->address[i]);
	return 0;
}

/* One name, in the process that is for it alone. */
static void
look_up(const char *host, struct resolved *ret)
{
	struct addrinfo how, *list = NULL, *a;
	int rc;

	memset(&how, 0, sizeof how);
	how.ai_socktype = SOCK_STREAM;
	memset(ret, 0, sizeof *ret);
	rc = getaddrinfo(host, NULL, &how, &list);
	ret->word = rc == 0 ? NAME_FOUND : NAME_UNKNOWN;
	for (a = list; rc == 0 && a != NULL; a = a->ai_next) {
		if ((a->ai_family != AF_INET && a->ai_family != AF_INET6) ||
		    a->ai_addrlen > sizeof ret->address[0])
			continue;
		if (ret->n == RESOLVER_ADDRESSES) {
			ret->word = NAME_TOO_MANY;
			ret->n = 0;
			break;
		}
		memcpy(&ret->address[ret->n++], a->ai_addr, a->ai_addrlen);
	}
	if (rc == 0)
		freeaddrinfo(list);
	if (ret->n == 0 && ret->word == NAME_FOUND)
		ret->word = NAME_UNKNOWN;
}

static void __attribute__((noreturn)) worker(uint64_t id, const char *host)
{
	static struct resolved found;
	static unsigned char out[RESOLVER_DATAGRAM];
	size_t n;

	(void)signal(SIGALRM, SIG_DFL);
	(void)alarm(RESOLVER_ALARM_S);
	look_up(host, &found);
	n = resolver_encode(id, &found, out);
	_exit(send(CHILD_FD, out, n, MSG_NOSIGNAL) == (ssize_t)n ? 0 : 1);
}

static void __attribute__((noreturn)) starter(int fd, pid_t parent)
{
	static const char *const ro[] = { "/etc", "/usr", "/lib", "/lib64", "/run",
		NULL };
	static const char *const none[] = { NULL };
	char ask[8 + RESOLVER_NAME];
	struct resolved warm;
	uint64_t id;
	ssize_t n;

	(void)signal(SIGTERM, SIG_IGN);
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	(void)signal(SIGCHLD, SIG_IGN); /* nobody waits for the workers */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
		_exit(1);
	if ((fd != CHILD_FD && dup2(fd, CHILD_FD) < 0) ||
	    close_range(CHILD_FD + 1, ~0U, 0) != 0)
		_exit(1);
	/* The name service's modules are loaded now or never. */
	look_up("localhost", &warm);
	if (sandbox_paths(ro, none) < 0 || sandbox_syscalls(SANDBOX_NETWORK) < 0)
		_exit(1);
	while ((n = recv(CHILD_FD, ask, sizeof ask, 0)) > 0) {
		if (n <= 8 || ask[n - 1] != '\0')
			_exit(1);
		memcpy(&id, ask, sizeof id);
		if (fork() == 0)
			worker(id, ask + 8);
		/* A fork that failed is a question that runs late. */
	}
	_exit(0);
}

int
resolver_spawn(int *ret_fd, pid_t *ret_pid)
{
	pid_t self = getpid(), pid;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return ERR_IO;
	pid = fork();
	if (pid == 0)
		starter(pair[1], self);
	(void)close(pair[1]);
	if (pid < 0) {
		(void)close(pair[0]);
		return ERR_IO;
	}
	*ret_fd = pair[0];
	*ret_pid = pid;
	return 0;
}

/* Frees the question; 0 when nobody asked it. */
static int
take(struct resolver *r, uint64_t id)
{
	unsigned i;

	for (i = 0; i < RESOLVER_AT_ONCE; i++)
		if (r->asked[i].id == id && id != 0) {
			r->asked[i].id = 0;
			return 1;
		}
	return 0;
}

static void
tell(struct resolver *r, uint64_t id, const struct resolved *a)
{
	if (take(r, id) && r->on_name != NULL)
		r->on_name(r->arg, id, a);
}

static void
tell_word(struct resolver *r, uint64_t id, enum resolver_word word)
{
	struct resolved a;

	memset(&a, 0, sizeof a);
	a.word = word;
	tell(r, id, &a);
}

static void
died(struct resolver *r)
{
	unsigned i;

	log_error("the process that looks up names has ended");
	r->gone = 1;
	(void)event_del(r->readable);
	for (i = 0; i < RESOLVER_AT_ONCE; i++)
		if (r->asked[i].id != 0)
			tell_word(r, r->asked[i].id, NAME_ENDED);
	if (r->on_end != NULL)
		r->on_end(r->end_arg);
}

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	static unsigned char p[RESOLVER_DATAGRAM];
	static struct resolved a;
	struct resolver *r = arg;
	uint64_t id = 0;
	ssize_t n;

	(void)what;
	n = recv(fd, p, sizeof p, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0)
		died(r);
	else if (decode(p, (size_t)n, &id, &a) == 0)
		tell(r, id, &a);
}

static void
on_tick(void *arg)
{
	struct resolver *r = arg;
	int64_t now = clock_mono_ms();
	unsigned i;

	for (i = 0; i < RESOLVER_AT_ONCE; i++)
		if (r->asked[i].id != 0 && now - r->asked[i].since >= LATE_MS)
			tell_word(r, r->asked[i].id, NAME_LATE);
}

int
resolver_new(struct resolver **ret, struct loop *loop, int fd, pid_t pid)
{
	struct resolver *r = mem_zalloc(sizeof *r);

	if (r == NULL) {
		(void)close(fd);
		return ERR_NOMEM;
	}
	r->fd = fd;
	r->pid = pid;
	r->readable =
	    event_new(loop_base(loop), fd, EV_READ | EV_PERSIST, on_readable, r);
	r->tick = loop_timer_new(loop, on_tick, r);
	if (r->readable == NULL || r->tick == NULL || event_add(r->readable, NULL) != 0) {
		resolver_free(r);
		return ERR_NOMEM;
	}
	loop_timer_set(r->tick, TICK_MS, 1);
	*ret = r;
	return 0;
}

void
resolver_free(struct resolver *r)
{
	if (r == NULL)
		return;
	if (r->readable != NULL)
		event_free(r->readable);
	loop_timer_free(r->tick);
	(void)close(r->fd);
	if (r->pid > 0) {
		(void)kill(r->pid, SIGKILL);
		(void)waitpid(r->pid, NULL, 0);
	}
	mem_free(r);
}

void
resolver_on_name(struct resolver *r,
    void (*fn)(void *arg, uint64_t id, const struct resolved *a), void *arg)
{
	r->on_name = fn;
	r->arg = arg;
}

void
resolver_on_end(struct resolver *r, void (*fn)(void *arg), void *arg)
{
	r->on_end = fn;
	r->end_arg = arg;
}

int
resolver_ask(struct resolver *r, uint64_t id, const char *host)
{
	char ask[8 + RESOLVER_NAME];
	size_t n = strlen(host) + 1;
	unsigned i;

	if (r->gone)
		return ERR_DOWN;
	if (n > RESOLVER_NAME)
		return ERR_LIMIT;
	for (i = 0; i < RESOLVER_AT_ONCE && r->asked[i].id != 0; i++)
		continue;
	if (i == RESOLVER_AT_ONCE)
		return ERR_AGAIN;
	memcpy(ask, &id, sizeof id);
	memcpy(ask + sizeof id, host, n);
	if (send(r->fd, ask, sizeof id + n, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return errno == EAGAIN ? ERR_AGAIN : ERR_DOWN;
	r->asked[i].id = id;
	r->asked[i].since = clock_mono_ms();
	return 0;
}
