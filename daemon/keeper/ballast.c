/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/ballast.h"

#include <errno.h>
#include <fcntl.h>
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
	struct keeper *k;
	struct loop_timer *timer;
	char path[PATH_MAX];
	off_t size;
	int here, spent;
};

static int
fill(const struct ballast *b)
{
	int fd = open(b->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600), rc;
	struct stat st;

	if (fd < 0)
		return -1;
	rc = fstat(fd, &st);
	if (rc == 0 && !S_ISREG(st.st_mode))
		rc = -1;
	/* One of another size, or of which a part was never there. */
	if (rc == 0 && (st.st_size != b->size || st.st_blocks < b->size / BLOCK)) {
		rc = ftruncate(fd, 0);
		if (rc == 0)
			rc = posix_fallocate(fd, 0, b->size);
		if (rc != 0)
			(void)unlink(b->path);
	}
	(void)close(fd);
	return rc;
}

void
ballast_refill(struct keeper *k)
{
	struct ballast *b = k->ballast;
	struct statvfs fs;

	if (b == NULL || b->size == 0 || b->here)
		return;
	/* Not at once what was just given up: then nothing could use it. */
	if (b->spent && (statvfs(k->opt.db, &fs) != 0 ||
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
	struct ballast *b = arg;

	ballast_refill(b->k);
}

struct ballast *
ballast_new(struct keeper *k)
{
	struct ballast *b = mem_zalloc(sizeof *b);

	if (b == NULL)
		return NULL;
	b->k = k;
	b->size = (off_t)k->opt.ballast_mib * MIB;
	b->timer = loop_timer_new(k->loop, on_timer, b);
	if (b->timer == NULL ||
	    snprintf(b->path, sizeof b->path, "%s.ballast", k->opt.db) >= PATH_MAX) {
		ballast_free(b);
		return NULL;
	}
	if (b->size == 0)
		return b;
	b->here = fill(b) == 0;
	if (!b->here)
		log_warn("there is no room for a reserve of %lld MiB beside the database",
		    k->opt.ballast_mib);
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
ballast_spend(struct keeper *k)
{
	struct ballast *b = k->ballast;

	if (b == NULL || !b->here)
		return 0;
	/* Somebody may have it open, to copy it: unlinking alone would free nothing. */
	if (truncate(b->path, 0) != 0 && errno != ENOENT)
		return 0;
	(void)unlink(b->path);
	b->here = 0;
	b->spent = 1;
	log_error(
	    "store: the disk is full; the reserve of %lld MiB is given up for reports "
	    "of level %d and up, and for desks that look",
	    (long long)(b->size / MIB), BALLAST_LEVEL);
	return 1;
}

int
ballast_is_spent(const struct keeper *k)
{
	return k->ballast != NULL && k->ballast->spent;
}
