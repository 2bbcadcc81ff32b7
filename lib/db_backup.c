/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/db.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "lib/mem.h"

/* Copied under another name, synced, then renamed: a file named as asked is whole. */
struct db_backup {
	sqlite3 *to;
	sqlite3_backup *b;
	char *path, *part;
	const char *scrub; /* NULL: the copy stays as it is */
	int failed;
};

static int
sync_path(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC), rc;

	if (fd < 0)
		return ERR_IO;
	rc = fsync(fd) == 0 ? 0 : ERR_IO;
	(void)close(fd);
	return rc;
}

static int
sync_dir_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir;
	int rc;

	if (slash == NULL)
		return sync_path(".", O_RDONLY | O_DIRECTORY);
	dir = mem_dup(path, slash == path ? 1 : (size_t)(slash - path));
	if (dir == NULL)
		return ERR_NOMEM;
	rc = sync_path(dir, O_RDONLY | O_DIRECTORY);
	mem_free(dir);
	return rc;
}

/* Makes the empty part file, readable by nobody else from its first moment. */
static int
make_part(const struct db_backup *b)
{
	struct stat st;
	int fd;

	if (lstat(b->path, &st) == 0)
		return ERR_EXISTS;
	(void)unlink(b->part);
	fd = open(b->part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return errno == ENOSPC || errno == EDQUOT ? ERR_FULL : ERR_IO;
	(void)close(fd);
	return 0;
}

int
db_backup_start(struct db_backup **ret, struct db *d, const char *to)
{
	struct db_backup *b = mem_zalloc(sizeof *b);
	size_t n = strlen(to);
	int rc;

	if (b == NULL)
		return ERR_NOMEM;
	b->path = mem_dup(to, n);
	b->part = mem_alloc(n + sizeof ".part");
	if (b->path == NULL || b->part == NULL) {
		rc = ERR_NOMEM;
		goto fail;
	}
	(void)snprintf(b->part, n + sizeof ".part", "%s.part", to);
	rc = make_part(b);
	if (rc != 0) {
		mem_free(b->part);
		b->part = NULL;
		goto fail;
	}
	rc = sqlite3_open_v2(b->part, &b->to,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(b->to,
		    "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF", NULL, NULL, NULL);
	if (rc == SQLITE_OK) {
		b->b = sqlite3_backup_init(b->to, "main", db_handle(d), "main");
		if (b->b == NULL)
			rc = sqlite3_extended_errcode(b->to);
	}
	if (rc != SQLITE_OK) {
		rc = db_map(rc);
		goto fail;
	}
	*ret = b;
	return 0;
fail:
	db_backup_free(b);
	return rc;
}

void
db_backup_scrub(struct db_backup *b, const char *sql)
{
	b->scrub = sql;
}

/* All pages are copied: make it last and give it its name. */
static int
finish(struct db_backup *b)
{
	/* The copy says of itself that it is in WAL mode; in exclusive mode that makes no
	 * -shm, and closing folds the log in. */
	static const char quiet[] =
	    "PRAGMA locking_mode=EXCLUSIVE; PRAGMA secure_delete=ON";
	int rc = sqlite3_backup_finish(b->b);

	b->b = NULL;
	if (rc == SQLITE_OK && b->scrub != NULL)
		rc = sqlite3_exec(b->to, quiet, NULL, NULL, NULL);
	if (rc == SQLITE_OK && b->scrub != NULL)
		rc = sqlite3_exec(b->to, b->scrub, NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_close(b->to);
	if (rc != SQLITE_OK)
		return db_map(rc);
	b->to = NULL;
	rc = sync_path(b->part, O_RDWR);
	if (rc != 0)
		return rc;
	/* link, not rename: never over a file that came meanwhile. */
	if (link(b->part, b->path) != 0)
		return errno == EEXIST ? ERR_EXISTS : ERR_IO;
	(void)unlink(b->part);
	mem_free(b->part);
	b->part = NULL;
	return sync_dir_of(b->path);
}

int
db_backup_step(struct db_backup *b, int pages, unsigned *ret_done, unsigned *ret_total)
{
	int rc, left, total;

	if (b->failed || b->b == NULL)
		return ERR_CONFLICT;
	rc = sqlite3_backup_step(b->b, pages);
	left = sqlite3_backup_remaining(b->b);
	total = sqlite3_backup_pagecount(b->b);
	*ret_done = total > left ? (unsigned)(total - left) : 0;
	*ret_total = total > 0 ? (unsigned)total : 0;
	if (rc == SQLITE_OK || rc == SQLITE_BUSY || rc == SQLITE_LOCKED)
		return 0;
	if (rc != SQLITE_DONE) {
		b->failed = 1;
		return db_map(rc);
	}
	rc = finish(b);
	if (rc != 0)
		b->failed = 1;
	return rc == 0 ? 1 : rc;
}

void
db_backup_free(struct db_backup *b)
{
	if (b == NULL)
		return;
	if (b->b != NULL)
		(void)sqlite3_backup_finish(b->b);
	if (b->to != NULL)
		(void)sqlite3_close(b->to);
	if (b->part != NULL)
		(void)unlink(b->part);
	mem_free(b->part);
	mem_free(b->path);
	mem_free(b);
}
