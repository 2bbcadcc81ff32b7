/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/sock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum {
	BACKLOG = 4096,
	FIRST_PASSED_FD = 3,
	/* Without it the kernel keeps up to 4 MiB for each reader that does not read. */
	UNSENT_MAX = 64 * 1024,
};

static int
unix_addr(struct sockaddr_un *sa, const char *path)
{
	size_t n = strlen(path);

	memset(sa, 0, sizeof *sa);
	sa->sun_family = AF_UNIX;
	if (n == 0 || n >= sizeof sa->sun_path)
		return ERR_INVALID;
	memcpy(sa->sun_path, path, n);
	return 0;
}

int
sock_listen_unix(const char *path, mode_t mode)
{
	struct sockaddr_un sa;
	struct stat st;
	mode_t old;
	int fd, rc;

	if (unix_addr(&sa, path) != 0)
		return ERR_INVALID;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return ERR_IO;
	/* Only what a dead program of ours can have left; a file in the way is an error.
	 */
	if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
		(void)unlink(path);
	old = umask((mode_t)(0777 & ~mode));
	rc = bind(fd, (struct sockaddr *)&sa, sizeof sa);
	(void)umask(old);
	if (rc != 0 || listen(fd, BACKLOG) != 0) {
		(void)close(fd);
		return ERR_IO;
	}
	return fd;
}

int
sock_connect_unix(const char *path)
{
	struct sockaddr_un sa;
	int fd, saved;

	if (unix_addr(&sa, path) != 0)
		return ERR_INVALID;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return ERR_IO;
	if (connect(fd, (struct sockaddr *)&sa, sizeof sa) != 0) {
		saved = errno;
		(void)close(fd);
		errno = saved;
		return saved == ENOENT || saved == ECONNREFUSED || saved == EAGAIN
			   ? ERR_DOWN
			   : ERR_IO;
	}
	return fd;
}

static socklen_t
inet_addr_of(struct sockaddr_storage *ss, const char *addr, uint16_t port)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)ss;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ss;

	memset(ss, 0, sizeof *ss);
	if (inet_pton(AF_INET, addr, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		return sizeof *v4;
	}
	memset(ss, 0, sizeof *ss);
	if (inet_pton(AF_INET6, addr, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(port);
		return sizeof *v6;
	}
	return 0;
}

int
sock_listen_tcp(const char *addr, uint16_t port, int reuseport, uint16_t *ret_port)
{
	struct sockaddr_storage ss;
	socklen_t n = inet_addr_of(&ss, addr, port);
	int fd, one = 1;

	if (n == 0)
		return ERR_INVALID;
	fd = socket(ss.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return ERR_IO;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (reuseport)
		(void)setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
	if (bind(fd, (struct sockaddr *)&ss, n) != 0 || listen(fd, BACKLOG) != 0)
		goto fail;
	n = sizeof ss;
	if (getsockname(fd, (struct sockaddr *)&ss, &n) != 0)
		goto fail;
	/* sin_port and sin6_port lie at the same place. */
	if (ret_port != NULL)
		*ret_port = ntohs(((struct sockaddr_in *)&ss)->sin_port);
	return fd;
fail:
	(void)close(fd);
	return ERR_IO;
}

void
sock_tune_tcp(int fd, unsigned user_timeout_ms)
{
	int one = 1, unsent = UNSENT_MAX;

	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
	if (user_timeout_ms != 0)
		(void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &user_timeout_ms,
		    sizeof user_timeout_ms);
}

static int
passed_count(void)
{
	const char *pid = getenv("LISTEN_PID"), *n = getenv("LISTEN_FDS");
	long v;

	if (pid == NULL || n == NULL || strtol(pid, NULL, 10) != (long)getpid())
		return 0;
	v = strtol(n, NULL, 10);
	return v > 0 && v < 1000 ? (int)v : 0;
}

int
sock_passed_all(const char *name, int *out, int cap)
{
	const char *names = getenv("LISTEN_FDNAMES"), *end;
	int count = passed_count(), i, n = 0, fd, flags;
	size_t len = strlen(name), part;

	for (i = 0; i < count && names != NULL; i++) {
		end = strchrnul(names, ':');
		part = (size_t)(end - names);
		if (part == len && memcmp(names, name, len) == 0 && n < cap) {
			fd = FIRST_PASSED_FD + i;
			flags = fcntl(fd, F_GETFL);
			if (flags >= 0)
				(void)fcntl(fd, F_SETFL, flags | O_NONBLOCK);
			(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
			out[n++] = fd;
		}
		names = *end == ':' ? end + 1 : NULL;
	}
	return n;
}

int
sock_passed(const char *name)
{
	int fd;

	return sock_passed_all(name, &fd, 1) == 1 ? fd : ERR_NOTFOUND;
}
