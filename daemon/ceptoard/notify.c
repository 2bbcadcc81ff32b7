/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/ceptoard/notify.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <event2/event.h>

#include "lib/loop.h"
#include "lib/mem.h"

struct notify {
	int fd;
	struct event *ev;
	char path[sizeof((struct sockaddr_un *)0)->sun_path];
	void (*on_ready)(void *, pid_t);
	void *arg;
};

/* One line of the datagram is READY=1. */
static int
says_ready(const char *p)
{
	for (; p != NULL && *p != '\0'; p = strchr(p, '\n')) {
		p += *p == '\n';
		if (strncmp(p, "READY=1", 7) == 0 && (p[7] == '\n' || p[7] == '\0'))
			return 1;
	}
	return 0;
}

static pid_t
sender(struct msghdr *m)
{
	struct cmsghdr *c;
	struct ucred who;

	for (c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c))
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_CREDENTIALS) {
			memcpy(&who, CMSG_DATA(c), sizeof who);
			return who.pid;
		}
	return 0;
}

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct notify *n = arg;
	union {
		char room[CMSG_SPACE(sizeof(struct ucred))];
		struct cmsghdr align;
	} control;
	char text[1024];
	struct iovec io = { .iov_base = text, .iov_len = sizeof text - 1 };
	struct msghdr m = { .msg_iov = &io,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control };
	ssize_t r = recvmsg((int)fd, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	(void)what;
	if (r < 0)
		return;
	text[r] = '\0';
	if (says_ready(text) && sender(&m) > 0)
		n->on_ready(n->arg, sender(&m));
}

int
notify_new(struct notify **ret, struct loop *loop, const char *path,
    void (*on_ready)(void *arg, pid_t pid), void *arg, struct buf *why)
{
	struct notify *n = mem_zalloc(sizeof *n);
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	int on = 1;

	if (n == NULL)
		return ERR_NOMEM;
	n->on_ready = on_ready;
	n->arg = arg;
	(void)snprintf(n->path, sizeof n->path, "%s", path);
	memcpy(sa.sun_path, n->path, sizeof sa.sun_path);
	(void)unlink(path);
	n->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (n->fd < 0 ||
	    setsockopt(n->fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0 ||
	    bind(n->fd, (struct sockaddr *)&sa, sizeof sa) != 0) {
		buf_addf(why, "%s: %s", path, strerror(errno));
		notify_free(n);
		return ERR_IO;
	}
	n->ev = event_new(loop_base(loop), n->fd, EV_READ | EV_PERSIST, on_readable, n);
	if (n->ev == NULL || event_add(n->ev, NULL) != 0) {
		notify_free(n);
		return ERR_NOMEM;
	}
	*ret = n;
	return 0;
}

void
notify_free(struct notify *n)
{
	if (n == NULL)
		return;
	if (n->ev != NULL)
		event_free(n->ev);
	if (n->fd >= 0)
		(void)close(n->fd);
	(void)unlink(n->path);
	mem_free(n);
}

const char *
notify_path(const struct notify *n)
{
	return n->path;
}
