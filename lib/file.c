/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef PREFIX
#define PREFIX "/usr"
#endif

int
file_read(const char *path, struct buf *into)
{
	enum { STEP = 16384 };
	size_t at = into->n;
	ssize_t r;
	char *w;
	int fd = STDIN_FILENO, rc = 0;

	if (strcmp(path, "-") != 0)
		fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? ERR_NOTFOUND : ERR_IO;
	for (;;) {
		char piece[STEP];

		r = read(fd, piece, sizeof piece);
		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			break;
		w = buf_extend(into, (size_t)r);
		if (w == NULL)
			break;
		memcpy(w, piece, (size_t)r);
	}
	if (r < 0)
		rc = ERR_IO;
	else if (buf_err(into) != 0)
		rc = buf_err(into);
	if (rc != 0)
		into->n = at;
	if (fd != STDIN_FILENO)
		(void)close(fd);
	return rc;
}

static int
write_all(int fd, const char *p, size_t n)
{
	ssize_t r;

	while (n > 0) {
		r = write(fd, p, n);
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return errno == ENOSPC || errno == EDQUOT ? ERR_FULL : ERR_IO;
		p += r;
		n -= (size_t)r;
	}
	return 0;
}

/* A rename lasts when its folder is on the disk. */
static int
sync_folder(const char *path)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	int fd, rc;

	(void)snprintf(folder, sizeof folder, "%.*s",
	    slash == NULL ? 1 : (int)(slash - path) + 1, slash == NULL ? "." : path);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return ERR_IO;
	rc = fsync(fd) != 0 ? ERR_IO : 0;
	(void)close(fd);
	return rc;
}

int
file_write(const char *path, mode_t mode, const void *p, size_t n)
{
	char tmp[PATH_MAX];
	int fd, rc, len;

	len = snprintf(tmp, sizeof tmp, "%s.%ld.tmp", path, (long)getpid());
	if (len < 0 || (size_t)len >= sizeof tmp)
		return ERR_LIMIT;
	(void)unlink(tmp); /* left by a crash of a process with our number */
	fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd < 0)
		return errno == ENOSPC ? ERR_FULL : ERR_IO;
	rc = fchmod(fd, mode) != 0 ? ERR_IO : write_all(fd, p, n);
	if (rc == 0 && fsync(fd) != 0)
		rc = ERR_IO;
	if (close(fd) != 0 && rc == 0)
		rc = ERR_IO;
	if (rc == 0 && rename(tmp, path) != 0)
		rc = ERR_IO;
	if (rc != 0)
		(void)unlink(tmp);
	return rc == 0 ? sync_folder(path) : rc;
}

int
file_mkdir(const char *path, mode_t mode)
{
	struct stat st;

	if (mkdir(path, mode) == 0)
		return chmod(path, mode) == 0 ? 0 : ERR_IO;
	if (errno != EEXIST || stat(path, &st) != 0)
		return ERR_IO;
	if (!S_ISDIR(st.st_mode)) {
		errno = ENOTDIR;
		return ERR_IO;
	}
	return 0;
}

int
file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

/* The folder of our own binary, without the closing slash. */
static int
own_folder(char *out, size_t room)
{
	ssize_t n = readlink("/proc/self/exe", out, room - 1);
	char *slash;

	if (n <= 0 || (size_t)n >= room - 1)
		return ERR_NOTFOUND;
	out[n] = '\0';
	slash = strrchr(out, '/');
	if (slash == NULL)
		return ERR_NOTFOUND;
	*slash = '\0';
	return 0;
}

/* Puts a path together and tests it; *ret is written only when it is good. */
static int
try_path(const char *folder, const char *middle, const char *name, int how, char *ret,
    size_t room)
{
	char path[PATH_MAX], whole[PATH_MAX];
	int n = snprintf(path, sizeof path, "%s/%s%s", folder, middle, name);

	if (n < 0 || (size_t)n >= sizeof path || access(path, how) != 0)
		return ERR_NOTFOUND;
	if (realpath(path, whole) == NULL || strlen(whole) >= room)
		return ERR_NOTFOUND;
	memcpy(ret, whole, strlen(whole) + 1);
	return 0;
}

int
file_find_data(const char *name, char *ret, size_t room)
{
	char own[PATH_MAX];

	if (own_folder(own, sizeof own) == 0 &&
	    try_path(own, "../conf/", name, R_OK, ret, room) == 0)
		return 0;
	if (try_path("conf", "", name, R_OK, ret, room) == 0)
		return 0;
	return try_path(PREFIX "/share/ceptoar", "", name, R_OK, ret, room);
}

int
file_find_program(const char *name, char *ret, size_t room)
{
	static const char *const places[] = { "", "../bin/", "../sbin/",
		"../libexec/ceptoar/" };
	const char *path = getenv("PATH"), *end;
	char own[PATH_MAX], part[PATH_MAX];
	size_t i, n;

	if (own_folder(own, sizeof own) == 0)
		for (i = 0; i < sizeof places / sizeof places[0]; i++)
			if (try_path(own, places[i], name, X_OK, ret, room) == 0)
				return 0;
	for (; path != NULL && *path != '\0'; path = *end == '\0' ? end : end + 1) {
		end = strchrnul(path, ':');
		n = (size_t)(end - path);
		if (n == 0 || n >= sizeof part || path[0] != '/')
			continue; /* no program from the working directory */
		memcpy(part, path, n);
		part[n] = '\0';
		if (try_path(part, "", name, X_OK, ret, room) == 0)
			return 0;
	}
	return ERR_NOTFOUND;
}
