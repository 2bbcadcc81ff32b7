/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/ballast.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/loop.h"
#include "lib/mem.h"

enum { TRY_MS = 5000, MIB = 1024 * 1024, BLOCK = 512 };

struct ballast {
	struct loop_timer *timer;
	char db[PATH_MAX], path[PATH_MAX];
	off_t size;
	int here, spent;
};

/* 0, or what errno says. */
static int
fill(const struct ballast *b)
{
	int fd = open(b->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600), rc = 0;
	struct stat st;

	if (fd < 0)
		return errno;
	if (fstat(fd, &st) != 0)
		rc = errno;
	else if (!S_ISREG(st.st_mode))
		rc = EINVAL;
	/* One of another size, or of which a part was never there. */
	else if (st.st_size != b->size || st.st_blocks < b->size / BLOCK) {
		rc = ftruncate(fd, 0) == 0 ? posix_fallocate(fd, 0, b->size) : errno;
		if (rc != 0)
			(void)unlink(b->path);
	}
	(void)close(fd);
	return rc;
}

void
ballast_refill(struct ballast *b)
{
	struct statvfs fs;

	if (b->size == 0 || b->here)
		return;
	/* Not at once what was just given up: then nothing could use it. */
	if (b->spent && (statvfs(b->db, &fs) != 0 ||
			    (uint64_t)fs.f_bavail * fs.f_frsize < 2 * (uint64_t)b->size))
		return;
	b->here = fill(b) == 0;
	if (b->here && b->spent)
		log_info("there is room on the disk again: everything is written");
	b->spent = b->spent && !b->here;
}

static void
on_timer(void *arg)
{
	ballast_refill(arg);
}

struct ballast *
ballast_new(struct loop *l, const char *db, long long mib)
{
	struct ballast *b = mem_zalloc(sizeof *b);
	int rc;

	if (b == NULL)
		return NULL;
	b->size = (off_t)mib * MIB;
	b->timer = loop_timer_new(l, on_timer, b);
	if (b->timer == NULL || snprintf(b->db, sizeof b->db, "%s", db) >= PATH_MAX ||
	    snprintf(b->path, sizeof b->path, "%s.ballast", db) >= PATH_MAX) {
		ballast_free(b);
		return NULL;
	}
	if (b->size == 0)
		return b;
	rc = fill(b);
	b->here = rc == 0;
	/* Started anew while the disk is full: what is left is still for what is
	 * critical. */
	b->spent = rc == ENOSPC || rc == EDQUOT;
	if (!b->here)
		log_warn("there is no room for a reserve of %lld MiB beside the database",
		    mib);
	loop_timer_set(b->timer, TRY_MS, 1);
	return b;
}

void
ballast_free(struct ballast *b)
{
	if (b == NULL)
		return;
	loop_timer_free(b->timer);
	mem_free(b);
}

int
ballast_spend(struct ballast *b)
{
	if (b == NULL || !b->here)
		return 0;
	/* Somebody may have it open, to copy it: unlinking alone would free nothing. */
	if (truncate(b->path, 0) != 0 && errno != ENOENT)
		return 0;
	(void)unlink(b->path);
	b->here = 0;
	b->spent = 1;
	log_error(
	    "the disk is full; the reserve of %lld MiB beside the database is given up "
	    "for what is critical",
	    (long long)(b->size / MIB));
	return 1;
}

int
ballast_is_spent(const struct ballast *b)
{
	return b != NULL && b->spent;
}
