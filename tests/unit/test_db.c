/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

#include "lib/db.h"

static const char *const V1[] = {
	"CREATE TABLE t (k BLOB PRIMARY KEY, v TEXT NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE child (k BLOB REFERENCES t (k)) STRICT;",
};
static const char *const V2[] = {
	"CREATE TABLE t (k BLOB PRIMARY KEY, v TEXT NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE child (k BLOB REFERENCES t (k)) STRICT;",
	"ALTER TABLE t ADD COLUMN extra INTEGER; UPDATE t SET extra = 7;",
};
static const char *const BAD[] = {
	"CREATE TABLE t (k BLOB PRIMARY KEY, v TEXT NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE child (k BLOB REFERENCES t (k)) STRICT;",
	"ALTER TABLE t ADD COLUMN extra INTEGER; UPDATE nowhere SET extra = 7;",
};
static const struct db_schema S1 = { "test", 0x54455354, V1, 1 };
static const struct db_schema S2 = { "test", 0x54455354, V2, 2 };
static const struct db_schema SBAD = { "test", 0x54455354, BAD, 2 };
static const struct db_schema OTHER = { "other", 0x4f544852, V1, 1 };

struct place {
	char dir[64], path[96], wal[96], copy[96];
	struct buf why;
};

static int
setup(void **state)
{
	static struct place p;

	(void)snprintf(p.dir, sizeof p.dir, "/tmp/test_db.XXXXXX");
	assert_non_null(mkdtemp(p.dir));
	(void)snprintf(p.path, sizeof p.path, "%s/t.db", p.dir);
	(void)snprintf(p.wal, sizeof p.wal, "%s/t.db-wal", p.dir);
	(void)snprintf(p.copy, sizeof p.copy, "%s/copy.db", p.dir);
	buf_init(&p.why, 4096);
	*state = &p;
	return 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;
	char part[112];

	(void)snprintf(part, sizeof part, "%s.part", p->copy);
	buf_done(&p->why);
	(void)unlink(p->path);
	(void)unlink(p->wal);
	(void)unlink(p->copy);
	(void)unlink(part);
	(void)db_fail_at(0, 0);
	return rmdir(p->dir);
}

static struct db *
must_open(struct place *p, const struct db_schema *s)
{
	struct db *d = NULL;
	int rc = db_open(&d, p->path, s, &p->why);

	if (rc != 0)
		print_message("db_open: %d %s\n", rc, buf_cstr(&p->why));
	assert_int_equal(rc, 0);
	return d;
}

static void
put(struct db *d, const char *k, const char *v)
{
	sqlite3_stmt *s = db_prepare(d, "INSERT INTO t (k, v) VALUES (?1, ?2)");

	sqlite3_bind_blob(s, 1, k, (int)strlen(k), SQLITE_STATIC);
	sqlite3_bind_text(s, 2, v, -1, SQLITE_STATIC);
	assert_int_equal(db_run(d, s), 0);
}

static long long
number(struct db *d, const char *sql)
{
	sqlite3_stmt *s = db_prepare(d, sql);
	long long v;

	assert_int_equal(db_step(d, s), 1);
	v = sqlite3_column_int64(s, 0);
	db_reset(s);
	return v;
}

/* Every setting that the promise of durability or of forgetting stands on. */
static void
test_settings(void **state)
{
	static const struct {
		const char *sql, *want;
	} cases[] = {
		{ "PRAGMA journal_mode", "wal" },
		{ "PRAGMA synchronous", "2" },
		{ "PRAGMA locking_mode", "exclusive" },
		{ "PRAGMA secure_delete", "1" },
		{ "PRAGMA temp_store", "2" },
		{ "PRAGMA mmap_size", "0" },
		{ "PRAGMA cell_size_check", "1" },
		{ "PRAGMA foreign_keys", "1" },
		{ "PRAGMA wal_autocheckpoint", "0" },
		{ "PRAGMA trusted_schema", "0" },
		{ "PRAGMA busy_timeout", "2000" },
		{ "PRAGMA user_version", "1" },
		{ "PRAGMA application_id", "1413829460" },
	};
	struct place *p = *state;
	struct db *d = must_open(p, &S1);
	sqlite3_stmt *s;
	struct stat st;
	size_t i;
	int on;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		s = db_prepare(d, cases[i].sql);
		if (sqlite3_step(s) !=
		    SQLITE_ROW) { /* mmap_size says nothing when it is off */
			assert_string_equal(cases[i].want, "0");
			continue;
		}
		assert_string_equal(
		    (const char *)sqlite3_column_text(s, 0), cases[i].want);
		db_reset(s);
	}
	assert_int_equal(sqlite3_limit(db_handle(d), SQLITE_LIMIT_ATTACHED, -1), 0);
	assert_int_not_equal(
	    sqlite3_exec(db_handle(d), "ATTACH '/tmp/x.db' AS x", NULL, NULL, NULL),
	    SQLITE_OK);
	assert_int_equal(
	    sqlite3_db_config(db_handle(d), SQLITE_DBCONFIG_DEFENSIVE, -1, &on),
	    SQLITE_OK);
	assert_int_equal(on, 1);
	assert_int_equal(sqlite3_db_config(db_handle(d),
			     SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, -1, &on),
	    SQLITE_OK);
	assert_int_equal(on, 0);
	put(d, "a", "b");
	assert_int_equal(stat(p->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(stat(p->wal, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	db_close(d);
}

/* An existing file that others may read is closed to them. */
static void
test_mode_is_tightened(void **state)
{
	struct place *p = *state;
	struct stat st;

	db_close(must_open(p, &S1));
	assert_int_equal(chmod(p->path, 0644), 0);
	db_close(must_open(p, &S1));
	assert_int_equal(stat(p->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

static void
test_rows_survive(void **state)
{
	struct place *p = *state;
	struct db *d = must_open(p, &S1);
	struct stat st;

	put(d, "a", "b");
	assert_true(db_wal_bytes(d) > 0);
	assert_int_equal(db_checkpoint(d, 0), 0);
	assert_int_equal(db_wal_bytes(d), 0);
	put(d, "c", "d");
	assert_int_equal(db_checkpoint(d, 1), 0);
	assert_int_equal(stat(p->wal, &st), 0);
	assert_int_equal(st.st_size, 0);
	db_close(d);
	assert_int_equal(access(p->wal, F_OK), -1);
	d = must_open(p, &S1);
	assert_int_equal(number(d, "SELECT count(*) FROM t"), 2);
	db_close(d);
}

/* A deleted text is found neither in the file nor, after TRUNCATE, in its log. */
static void
test_deleted_text_is_gone(void **state)
{
	struct place *p = *state;
	struct db *d = must_open(p, &S1);
	static char all[1 << 20];
	ssize_t n;
	int fd;

	put(d, "a", "canary-5d2f");
	assert_int_equal(
	    sqlite3_exec(db_handle(d), "DELETE FROM t", NULL, NULL, NULL), 0);
	assert_int_equal(db_checkpoint(d, 1), 0);
	fd = open(p->path, O_RDONLY);
	n = read(fd, all, sizeof all);
	assert_true(n > 0);
	assert_null(memmem(all, (size_t)n, "canary-5d2f", 11));
	close(fd);
	db_close(d);
}

static void
test_migration(void **state)
{
	struct place *p = *state;
	struct db *d = must_open(p, &S1);

	put(d, "a", "b");
	db_close(d);
	d = must_open(p, &S2);
	assert_int_equal(number(d, "SELECT extra FROM t"), 7);
	assert_int_equal(number(d, "PRAGMA user_version"), 2);
	db_close(d);
}

/* A migration that fails leaves the old version, not half of the new. */
static void
test_migration_fails_whole(void **state)
{
	struct place *p = *state;
	struct db *d = must_open(p, &S1);

	db_close(d);
	assert_int_equal(db_open(&d, p->path, &SBAD, &p->why), ERR_INVALID);
	assert_true(p->why.n > 0);
	d = must_open(p, &S1);
	assert_int_equal(number(d, "PRAGMA user_version"), 1);
	assert_int_equal(number(d, "SELECT count(*) FROM pragma_table_info('t')"), 2);
	db_close(d);
}

static void
test_newer_is_refused(void **state)
{
	struct place *p = *state;
	struct db *d = must_open(p, &S2);

	db_close(d);
	assert_int_equal(db_open(&d, p->path, &S1, &p->why), ERR_VERSION);
	assert_non_null(strstr(buf_cstr(&p->why), "install the newer program"));
	d = must_open(p, &S2); /* and nothing has happened to it */
	db_close(d);
}

static void
test_foreign_is_refused(void **state)
{
	struct place *p = *state;
	struct db *d = must_open(p, &OTHER);

	db_close(d);
	assert_int_equal(db_open(&d, p->path, &S1, &p->why), ERR_CORRUPT);
	assert_non_null(strstr(buf_cstr(&p->why), "no test database"));
}

/* A second process gets "in use", and the first goes on. */
static void
test_locked(void **state)
{
	struct place *p = *state;
	int up[2], status;
	char c;
	pid_t pid;
	struct db *d;

	assert_int_equal(pipe(up), 0);
	d = must_open(p, &S1);
	pid = fork();
	if (pid == 0) {
		struct db *mine;
		int rc = db_open(&mine, p->path, &S1, &p->why);

		c = rc == ERR_CONFLICT &&
		    strstr(buf_cstr(&p->why), "another process") != NULL;
		_exit(write(up[1], &c, 1) == 1 ? 0 : 1);
	}
	assert_int_equal(read(up[0], &c, 1), 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(c, 1);
	put(d, "a", "b");
	db_close(d);
	close(up[0]);
	close(up[1]);
}

static void
test_corrupt_is_refused(void **state)
{
	struct place *p = *state;
	struct db *d = must_open(p, &S1);
	char junk[64], key[16];
	int i, fd;

	for (i = 0; i < 500; i++) {
		(void)snprintf(key, sizeof key, "%d", i);
		put(d, key, "some text that fills the pages of this table");
	}
	db_close(d);
	memset(junk, 0xa5, sizeof junk);
	fd = open(p->path, O_RDWR);
	assert_int_equal(pwrite(fd, junk, sizeof junk, 3 * 4096L), sizeof junk);
	close(fd);
	assert_int_equal(db_open(&d, p->path, &S1, &p->why), ERR_CORRUPT);
	assert_non_null(strstr(buf_cstr(&p->why), "restore the newest backup"));
	buf_reset(&p->why);
	fd = open(p->path, O_RDWR);
	assert_int_equal(pwrite(fd, junk, sizeof junk, 0), sizeof junk);
	close(fd);
	assert_int_equal(db_open(&d, p->path, &S1, &p->why), ERR_CORRUPT);
	assert_true(p->why.n > 0);
}

/* The database is gone and its log is not: SQLite would start empty without a word. */
static void
test_log_without_database(void **state)
{
	struct place *p = *state;
	struct db *d;
	int fd = open(p->wal, O_WRONLY | O_CREAT, 0600);

	assert_int_equal(write(fd, "0123456789", 10), 10);
	close(fd);
	assert_int_equal(db_open(&d, p->path, &S1, &p->why), ERR_CORRUPT);
	assert_non_null(strstr(buf_cstr(&p->why), "without its database"));
}

static void
test_no_directory(void **state)
{
	struct place *p = *state;
	struct db *d;

	assert_int_equal(db_open(&d, "/nonexistent/x/t.db", &S1, &p->why), ERR_IO);
	assert_non_null(strstr(buf_cstr(&p->why), "directory"));
}

static void
test_savepoint(void **state)
{
	struct place *p = *state;
	struct db *d = must_open(p, &S1);

	assert_int_equal(db_begin(d), 0);
	assert_int_equal(db_mark(d), 0);
	put(d, "a", "1");
	assert_int_equal(db_mark_keep(d), 0);
	assert_int_equal(db_mark(d), 0);
	put(d, "b", "2");
	db_mark_undo(d);
	assert_int_equal(db_commit(d), 0);
	assert_int_equal(number(d, "SELECT count(*) FROM t"), 1);
	assert_int_equal(db_begin(d), 0);
	put(d, "c", "3");
	db_rollback(d);
	db_rollback(d); /* twice is harmless */
	assert_int_equal(number(d, "SELECT count(*) FROM t"), 1);
	assert_int_equal(db_commit(d), ERR_CONFLICT);
	db_close(d);
}

/* A commit that took long is paid for by a longer batch. */
static void
test_fill(void **state)
{
	struct db *d = must_open(*state, &S1);
	struct sqlite3_stmt *s =
	    db_prepare(d, "INSERT INTO t VALUES (randomblob(16), hex(zeroblob(524288)))");
	unsigned i;

	assert_non_null(s);
	assert_int_equal(db_begin(d), 0);
	(void)usleep(3000);
	assert_int_equal(db_filled(d, 7), 0);
	assert_int_equal(db_filled(d, 8), 1);
	for (i = 0; i < 32; i++)
		assert_int_equal(db_run(d, s), 0);
	assert_int_equal(db_commit(d), 0);
	assert_int_equal(db_begin(d), 0); /* of 32 MiB: it took far longer than 2 ms */
	assert_int_equal(db_filled(d, 1000), 0);
	(void)usleep(2500);
	assert_int_equal(db_filled(d, 1000), 0);
	(void)usleep(16000);
	assert_int_equal(db_filled(d, 1000), 1);
	db_rollback(d);
	db_close(d);
}

static void
test_map(void **state)
{
	static const struct {
		int rc, want;
	} cases[] = {
		{ SQLITE_OK, 0 },
		{ SQLITE_FULL, ERR_FULL },
		{ SQLITE_READONLY, ERR_FULL },
		{ SQLITE_READONLY_DBMOVED, ERR_FULL },
		{ SQLITE_IOERR, ERR_IO },
		{ SQLITE_IOERR_WRITE, ERR_IO },
		{ SQLITE_IOERR_FSYNC, ERR_OUTCOME },
		{ SQLITE_IOERR_DIR_FSYNC, ERR_OUTCOME },
		{ SQLITE_CORRUPT, ERR_CORRUPT },
		{ SQLITE_NOTADB, ERR_CORRUPT },
		{ SQLITE_NOMEM, ERR_NOMEM },
		{ SQLITE_IOERR_NOMEM, ERR_NOMEM },
		{ SQLITE_CONSTRAINT_PRIMARYKEY, ERR_EXISTS },
		{ SQLITE_BUSY, ERR_CONFLICT },
		{ SQLITE_TOOBIG, ERR_LIMIT },
		{ SQLITE_ERROR, ERR_INVALID },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(db_map(cases[i].rc), cases[i].want);
}

/* After a failed sync nothing is written any more, not even by closing. */
static void
test_failed_sync_is_final(void **state)
{
	struct place *p = *state;
	struct db *d = must_open(p, &S1);

	assert_int_equal(db_begin(d), 0);
	put(d, "a", "1");
	(void)db_fail_at(1, SQLITE_IOERR_FSYNC);
	assert_int_equal(db_commit(d), ERR_OUTCOME);
	assert_int_equal(db_checkpoint(d, 1), ERR_OUTCOME);
	db_rollback(d);
	assert_int_equal(db_begin(d), ERR_OUTCOME);
	db_close(d);
	d = must_open(p, &S1);
	assert_int_equal(number(d, "SELECT count(*) FROM t"), 0);
	db_close(d);
}

/* Over a quota: an error, no signal, and the next commit after it works. */
static void
test_full(void **state)
{
	struct place *p = *state;
	struct rlimit was, small = { 200 * 1024, RLIM_INFINITY };
	static char text[64 * 1024];
	struct db *d = must_open(p, &S1);
	sqlite3_stmt *s =
	    db_prepare(d, "INSERT INTO t (k, v) VALUES (randomblob(16), ?1)");
	int i, rc = 0;

	memset(text, 'x', sizeof text - 1);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	small.rlim_max = was.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	for (i = 0; i < 20 && rc == 0; i++) {
		assert_int_equal(db_begin(d), 0);
		sqlite3_bind_text(s, 1, text, -1, SQLITE_STATIC);
		rc = db_run(d, s);
		if (rc == 0)
			rc = db_commit(d);
		if (rc != 0)
			db_rollback(d);
	}
	assert_int_equal(rc, ERR_FULL);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	put(d, "a", "b");
	assert_int_equal(number(d, "SELECT count(*) FROM t"), i);
	db_close(d);
}

static void
test_backup(void **state)
{
	struct place *p = *state;
	struct db *d = must_open(p, &S1), *copy = NULL;
	struct db_backup *b = NULL;
	unsigned done = 0, total = 0;
	struct stat st;
	char key[16];
	int i, rc;

	for (i = 0; i < 400; i++) {
		(void)snprintf(key, sizeof key, "%d", i);
		put(d, key, "some text that fills the pages of this table");
	}
	assert_int_equal(db_backup_start(&b, d, p->copy), 0);
	assert_int_equal(db_backup_step(b, 2, &done, &total), 0);
	assert_int_equal(done, 2);
	assert_true(total > 4);
	assert_int_equal(access(p->copy, F_OK), -1);
	put(d, "late", "written while the copy runs");
	while ((rc = db_backup_step(b, 2, &done, &total)) == 0)
		;
	assert_int_equal(rc, 1);
	assert_int_equal(done, total);
	db_backup_free(b);
	assert_int_equal(stat(p->copy, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(db_backup_start(&b, d, p->copy), ERR_EXISTS);
	assert_int_equal(db_open(&copy, p->copy, &S1, &p->why), 0);
	assert_int_equal(number(copy, "SELECT count(*) FROM t"), 401);
	db_close(copy);
	db_close(d);
}

/* What is scrubbed is in no page of the copy, and still in the original. */
static void
test_backup_scrubbed(void **state)
{
	struct place *p = *state;
	struct db *d = must_open(p, &S1), *copy = NULL;
	struct db_backup *b = NULL;
	unsigned done, total;
	static char all[1 << 20];
	char wal[112];
	size_t n;
	FILE *f;
	int rc;

	put(d, "secret", "tsukimi-no-yoru");
	put(d, "open", "hanabi");
	assert_int_equal(db_backup_start(&b, d, p->copy), 0);
	db_backup_scrub(b, "DELETE FROM t WHERE k = CAST('secret' AS BLOB)");
	while ((rc = db_backup_step(b, 1, &done, &total)) == 0)
		;
	assert_int_equal(rc, 1);
	db_backup_free(b);
	f = fopen(p->copy, "rb");
	assert_non_null(f);
	n = fread(all, 1, sizeof all, f);
	(void)fclose(f);
	assert_null(memmem(all, n, "tsukimi-no-yoru", 15));
	assert_non_null(memmem(all, n, "hanabi", 6));
	(void)snprintf(wal, sizeof wal, "%s.part-wal", p->copy);
	assert_int_equal(access(wal, F_OK), -1);
	assert_int_equal(db_open(&copy, p->copy, &S1, &p->why), 0);
	assert_int_equal(number(copy, "SELECT count(*) FROM t"), 1);
	db_close(copy);
	assert_int_equal(number(d, "SELECT count(*) FROM t"), 2);
	db_close(d);
}

/* How many files of the folder beside the database hold this text. */
static unsigned
files_with(const struct place *p, const char *text)
{
	static char all[8 << 20];
	char path[400];
	struct dirent *e;
	unsigned n = 0;
	size_t got;
	DIR *dir = opendir(p->dir);
	FILE *f;

	assert_non_null(dir);
	while ((e = readdir(dir)) != NULL) {
		if (strncmp(e->d_name, "t.db", 4) == 0 || e->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof path, "%s/%s", p->dir, e->d_name);
		f = fopen(path, "rb");
		assert_non_null(f);
		got = fread(all, 1, sizeof all, f);
		(void)fclose(f);
		n += memmem(all, got, text, strlen(text)) != NULL;
	}
	(void)closedir(dir);
	return n;
}

/* Killed after so many steps; 1: it was done before. */
static int
killed_after(struct place *p, int steps)
{
	struct db_backup *b = NULL;
	unsigned done, total;
	struct db *d;
	int status, i;
	pid_t pid = fork();

	if (pid == 0) {
		d = must_open(p, &S1);
		if (db_backup_start(&b, d, p->copy) != 0)
			_exit(2);
		db_backup_scrub(b, "DELETE FROM t WHERE k = CAST('secret' AS BLOB)");
		for (i = 0; i < steps; i++)
			if (db_backup_step(b, 100, &done, &total) != 0)
				break;
		if (i < steps) {
			db_backup_free(b);
			db_close(d);
			_exit(1);
		}
		(void)raise(SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status))
		assert_int_equal(WEXITSTATUS(status), 1);
	return WIFEXITED(status);
}

/* Whenever kill -9 comes: what must not be in a copy is in no file but the database. */
static void
test_backup_killed(void **state)
{
	struct place *p = *state;
	struct db *d = must_open(p, &S1);
	static char text[4000];
	char key[16], part[112];
	int i, steps;

	/* More than SQLite holds in memory before it writes, the secret in front. */
	memset(text, 'x', sizeof text - 1);
	memcpy(text, "hanabi", 6);
	put(d, "secret", "tsukimi-no-yoru");
	for (i = 0; i < 1000; i++) {
		(void)snprintf(key, sizeof key, "t%d", i);
		put(d, key, text);
	}
	db_close(d);
	for (steps = 0; !killed_after(p, steps); steps++) {
		assert_int_equal(files_with(p, "tsukimi-no-yoru"), 0);
		assert_int_equal(access(p->copy, F_OK), -1);
	}
	assert_in_range(steps, 10, 100);
	assert_int_equal(files_with(p, "tsukimi-no-yoru"), 0);
	assert_int_equal(files_with(p, "hanabi"), 1);
	(void)snprintf(part, sizeof part, "%s.part", p->copy);
	assert_int_equal(access(part, F_OK), -1);
}

static void
test_backup_unfinished(void **state)
{
	struct place *p = *state;
	struct db *d = must_open(p, &S1);
	struct db_backup *b = NULL;
	unsigned done, total;
	char part[112];

	assert_int_equal(db_backup_start(&b, d, p->copy), 0);
	assert_int_equal(db_backup_step(b, 1, &done, &total), 0);
	db_backup_free(b);
	(void)snprintf(part, sizeof part, "%s.part", p->copy);
	assert_int_equal(access(p->copy, F_OK), -1);
	assert_int_equal(access(part, F_OK), -1);
	assert_int_equal(db_backup_start(&b, d, "/nonexistent/x"), ERR_IO);
	db_close(d);
}

static void
test_close_null(void **state)
{
	(void)state;
	db_close(NULL);
	db_backup_free(NULL);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_settings),
		T(test_mode_is_tightened),
		T(test_rows_survive),
		T(test_deleted_text_is_gone),
		T(test_migration),
		T(test_migration_fails_whole),
		T(test_newer_is_refused),
		T(test_foreign_is_refused),
		T(test_locked),
		T(test_corrupt_is_refused),
		T(test_log_without_database),
		T(test_no_directory),
		T(test_savepoint),
		T(test_fill),
		cmocka_unit_test(test_map),
		T(test_failed_sync_is_final),
		T(test_full),
		T(test_backup),
		T(test_backup_scrubbed),
		T(test_backup_killed),
		T(test_backup_unfinished),
		cmocka_unit_test(test_close_null),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
