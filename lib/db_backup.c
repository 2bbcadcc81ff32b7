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

enum { PAGE = 4096, PIECE = 16 * 1024 };

/*
 * Pages are copied into a file that has lost its name before the first of them comes:
 * whatever ends the program, what is to be scrubbed is in no file that anybody finds.
 * Scrubbed, it is copied once more under another name, synced, then renamed: a file named
 * as asked is whole.
 */
struct db_backup {
	sqlite3 *to;
	sqlite3_backup *b;
	char *path, *part, *log; /* as asked, until then, and SQLite's beside that */
	const char *scrub;	 /* NULL: the copy stays as it is */
	int work, out; /* descriptors: the nameless file, what is copied from it */
	off_t at, size;
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

static int
os_error(void)
{
	return errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? ERR_FULL : ERR_IO;
}

/* Makes the empty part file, readable by nobody else from its first moment. */
static int
make_part(const struct db_backup *b, int *ret_fd)
{
	struct stat st;

	if (lstat(b->path, &st) == 0)
		return ERR_EXISTS;
	(void)unlink(b->part);
	(void)unlink(b->log);
	*ret_fd = open(b->part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	return *ret_fd < 0 ? os_error() : 0;
}

int
db_backup_start(struct db_backup **ret, struct db *d, const char *to)
{
	struct db_backup *b = mem_zalloc(sizeof *b);
	size_t n = strlen(to);
	int rc;

	if (b == NULL)
		return ERR_NOMEM;
	b->work = b->out = -1;
	b->path = mem_dup(to, n);
	b->part = mem_alloc(n + sizeof ".part");
	b->log = mem_alloc(n + sizeof ".part-wal");
	if (b->path == NULL || b->part == NULL || b->log == NULL) {
		rc = ERR_NOMEM;
		goto fail;
	}
	(void)snprintf(b->part, n + sizeof ".part", "%s.part", to);
	(void)snprintf(b->log, n + sizeof ".part-wal", "%s.part-wal", to);
	rc = make_part(b, &b->work);
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
	/* It loses its name.  What takes the name is empty yet; SQLite looks at it for
	 * the mode of its log. */
	if (rc == SQLITE_OK && make_part(b, &b->out) != 0)
		rc = SQLITE_IOERR;
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

/* All pages are copied: what may not be in it is taken out, and its copy begins. */
static int
finish(struct db_backup *b)
{
	struct stat st;
	/* The copy says of itself that it is in WAL mode; in exclusive mode that makes no
	 * -shm.  Its log has nothing that was scrubbed, and is folded in by hand: at the
	 * end of a file without a name SQLite leaves it. */
	static const char quiet[] =
	    "PRAGMA locking_mode=EXCLUSIVE; PRAGMA secure_delete=ON";
	int rc = sqlite3_backup_finish(b->b);

	b->b = NULL;
	if (rc == SQLITE_OK && b->scrub != NULL)
		rc = sqlite3_exec(b->to, quiet, NULL, NULL, NULL);
	if (rc == SQLITE_OK && b->scrub != NULL)
		rc = sqlite3_exec(b->to, b->scrub, NULL, NULL, NULL);
	if (rc == SQLITE_OK && b->scrub != NULL)
		rc = sqlite3_wal_checkpoint_v2(
		    b->to, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_close(b->to);
	if (rc != SQLITE_OK)
		return db_map(rc);
	b->to = NULL;
	(void)unlink(b->log);
	if (fstat(b->work, &st) != 0)
		return ERR_IO;
	b->size = st.st_size;
	return 0;
}

/* Up to so many bytes; 1: that was the last of them. */
static int
copy_some(struct db_backup *b, off_t most)
{
	char piece[PIECE];
	ssize_t n, put, done;

	for (; most > 0 && b->at < b->size; most -= n) {
		n = pread(b->work, piece, sizeof piece, b->at);
		if (n <= 0)
			return ERR_IO;
		for (done = 0; done < n; done += put) {
			put = write(b->out, piece + done, (size_t)(n - done));
			if (put <= 0)
				return os_error();
		}
		b->at += n;
	}
	return b->at == b->size;
}

/* Makes it last and gives it its name. */
static int
give_name(struct db_backup *b)
{
	if (fsync(b->out) != 0)
		return ERR_IO;
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

	if (b->failed || (b->b == NULL && b->to != NULL))
		return ERR_CONFLICT;
	if (b->b == NULL) {
		rc = copy_some(b, (off_t)pages * PAGE);
		if (rc == 1) {
			rc = give_name(b);
			rc = rc == 0 ? 1 : rc;
		}
		b->failed = rc < 0;
		*ret_done = (unsigned)(b->at / PAGE);
		*ret_total = (unsigned)(b->size / PAGE);
		return rc;
	}
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
	b->failed = rc != 0;
	return rc;
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
	if (b->work >= 0)
		(void)close(b->work);
	if (b->out >= 0)
		(void)close(b->out);
	if (b->part != NULL) {
		(void)unlink(b->part);
		(void)unlink(b->log);
	}
	mem_free(b->log);
	mem_free(b->part);
	mem_free(b->path);
	mem_free(b);
}
