/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/db.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "lib/clock.h"
#include "lib/mem.h"

enum {
	BUSY_MS = 2000,
	FILL_US_MIN = 2000,
	FILL_US_MAX = 16000,
	FILL_LEAST = 8,
	WAL_FRAME = 4096 + 24, /* page size is SQLite's default and never changed */
};

struct db {
	sqlite3 *h;
	sqlite3_stmt **stmts;
	size_t count, room;
	sqlite3_stmt *begin, *commit, *rollback, *mark, *release, *undo;
	int wal_frames;	   /* not yet copied into the database */
	int broken;	   /* a sync failed: touch nothing any more */
	int64_t commit_us; /* of the last COMMIT */
	int64_t begun_us;  /* clock_mono_us() of the last BEGIN */
};

static unsigned long fail_in;
static int fail_rc;

unsigned long
db_fail_at(unsigned long n, int sqlite_rc)
{
	unsigned long left = fail_in;

	fail_in = n;
	fail_rc = sqlite_rc;
	return left;
}

static int
injected(void)
{
	if (fail_in == 0 || --fail_in > 0)
		return SQLITE_OK;
	return fail_rc;
}

int
db_map(int rc)
{
	switch (rc) {
	case SQLITE_IOERR_FSYNC:
	case SQLITE_IOERR_DIR_FSYNC:
		return ERR_OUTCOME;
	case SQLITE_IOERR_CORRUPTFS:
		return ERR_CORRUPT;
	case SQLITE_IOERR_NOMEM:
		return ERR_NOMEM;
	default:
		break;
	}
	switch (rc & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return 0;
	case SQLITE_FULL:
	case SQLITE_READONLY:
		return ERR_FULL;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return ERR_CORRUPT;
	case SQLITE_NOMEM:
		return ERR_NOMEM;
	case SQLITE_CONSTRAINT:
		return ERR_EXISTS;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ERR_CONFLICT;
	case SQLITE_TOOBIG:
		return ERR_LIMIT;
	case SQLITE_ERROR:
	case SQLITE_MISUSE:
	case SQLITE_RANGE:
	case SQLITE_SCHEMA:
		return ERR_INVALID;
	default:
		return ERR_IO;
	}
}

/* The errno of the last failed call on the database (which = FILE_POINTER) or its log. */
static int
last_errno(struct db *d, int which)
{
	sqlite3_file *f = NULL;
	int e = 0;

	if (sqlite3_file_control(d->h, "main", which, &f) == SQLITE_OK && f != NULL &&
	    f->pMethods != NULL)
		(void)f->pMethods->xFileControl(f, SQLITE_FCNTL_LAST_ERRNO, &e);
	return e;
}

static int
is_full(int e)
{
	return e == EFBIG || e == EDQUOT || e == ENOSPC;
}

/* A quota or a file size limit is a full disk; SQLite calls it a plain write error. */
static int
map_now(struct db *d, int rc)
{
	if ((rc == SQLITE_IOERR_WRITE || rc == SQLITE_IOERR_TRUNCATE) &&
	    (is_full(last_errno(d, SQLITE_FCNTL_FILE_POINTER)) ||
		is_full(last_errno(d, SQLITE_FCNTL_JOURNAL_POINTER))))
		return ERR_FULL;
	rc = db_map(rc);
	if (rc == ERR_OUTCOME)
		d->broken = 1;
	return rc;
}

static int
on_wal(void *arg, sqlite3 *h, const char *name, int frames)
{
	struct db *d = arg;

	(void)h;
	(void)name;
	d->wal_frames = frames;
	return SQLITE_OK;
}

/* One pragma or query; the first column of its first row as text into out. */
static int
ask(sqlite3 *h, const char *sql, char *out, size_t room)
{
	sqlite3_stmt *s = NULL;
	const unsigned char *t;
	int rc;

	out[0] = '\0';
	rc = sqlite3_prepare_v2(h, sql, -1, &s, NULL);
	if (rc != SQLITE_OK)
		return rc;
	rc = sqlite3_step(s);
	if (rc == SQLITE_ROW) {
		t = sqlite3_column_text(s, 0);
		(void)snprintf(out, room, "%s", t != NULL ? (const char *)t : "");
		while (rc == SQLITE_ROW)
			rc = sqlite3_step(s);
	}
	(void)sqlite3_finalize(s);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int
ask_int(sqlite3 *h, const char *sql, long long *ret)
{
	char t[32];
	int rc = ask(h, sql, t, sizeof t);

	if (rc == SQLITE_OK)
		*ret = strtoll(t, NULL, 10);
	return rc;
}

static void
set_limits(sqlite3 *h)
{
	static const struct {
		int id, value;
	} limits[] = {
		{ SQLITE_LIMIT_LENGTH, 16 * 1024 * 1024 },
		{ SQLITE_LIMIT_SQL_LENGTH, 100000 },
		{ SQLITE_LIMIT_COLUMN, 100 },
		{ SQLITE_LIMIT_EXPR_DEPTH, 100 },
		{ SQLITE_LIMIT_COMPOUND_SELECT, 10 },
		{ SQLITE_LIMIT_VDBE_OP, 25000 },
		{ SQLITE_LIMIT_FUNCTION_ARG, 16 },
		{ SQLITE_LIMIT_ATTACHED, 0 },
		{ SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100 },
		{ SQLITE_LIMIT_VARIABLE_NUMBER, 100 },
		{ SQLITE_LIMIT_TRIGGER_DEPTH, 10 },
		{ SQLITE_LIMIT_WORKER_THREADS, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof limits / sizeof limits[0]; i++)
		(void)sqlite3_limit(h, limits[i].id, limits[i].value);
	(void)sqlite3_db_config(h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(h, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	(void)sqlite3_db_config(h, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	(void)sqlite3_db_config(h, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	(void)sqlite3_db_config(h, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
}

/* Exclusive mode comes before the first look into a WAL, so that no -shm is ever made. */
static int
set_pragmas(sqlite3 *h)
{
	static const char *const pragmas[][2] = {
		{ "PRAGMA locking_mode=EXCLUSIVE", "exclusive" },
		{ "PRAGMA journal_mode=WAL", "wal" },
		{ "PRAGMA synchronous=FULL", NULL },
		{ "PRAGMA secure_delete=ON", "1" },
		{ "PRAGMA temp_store=MEMORY", NULL },
		{ "PRAGMA mmap_size=0", NULL },
		{ "PRAGMA cell_size_check=ON", NULL },
		{ "PRAGMA foreign_keys=ON", NULL },
		{ "PRAGMA wal_autocheckpoint=0", "0" },
		{ "PRAGMA cache_size=-16384", NULL },
	};
	char got[32];
	size_t i;
	int rc;

	for (i = 0; i < sizeof pragmas / sizeof pragmas[0]; i++) {
		rc = ask(h, pragmas[i][0], got, sizeof got);
		if (rc != SQLITE_OK)
			return rc;
		if (pragmas[i][1] != NULL && strcmp(got, pragmas[i][1]) != 0)
			return SQLITE_CANTOPEN;
	}
	return SQLITE_OK;
}

/*
 * The file is made here with its final mode: SQLite would make it readable first.  A log
 * without its database means that somebody moved or removed the database; SQLite would
 * throw the log away and start empty.
 */
static int
prepare_file(const char *path, struct buf *why)
{
	char wal[4096];
	struct stat st, wst;
	int fd;

	if ((size_t)snprintf(wal, sizeof wal, "%s-wal", path) >= sizeof wal) {
		buf_adds(why, "the path of the database is too long");
		return ERR_INVALID;
	}
	if (lstat(path, &st) == 0 && st.st_size > 0) {
		if (!S_ISREG(st.st_mode)) {
			buf_addf(why, "%s is not a plain file", path);
			return ERR_IO;
		}
		if (chmod(path, 0600) == 0)
			return 0;
		buf_addf(why, "%s: %s; the file must belong to the user of this program",
		    path, strerror(errno));
		return ERR_IO;
	}
	if (lstat(wal, &wst) == 0 && wst.st_size > 0) {
		buf_addf(why,
		    "%s is there without its database; restore the database from a "
		    "backup, "
		    "or move the -wal file away to start empty",
		    wal);
		return ERR_CORRUPT;
	}
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0) {
		buf_addf(why, "%s: %s; does its directory exist, writable by this user?",
		    path, strerror(errno));
		return errno == ENOSPC || errno == EDQUOT ? ERR_FULL : ERR_IO;
	}
	(void)fchmod(fd, 0600);
	(void)close(fd);
	return 0;
}

static int
migrate(struct db *d, const struct db_schema *schema, unsigned from)
{
	char sql[96];
	unsigned v;
	int rc;

	for (v = from; v < schema->versions; v++) {
		rc = sqlite3_exec(d->h, "BEGIN IMMEDIATE", NULL, NULL, NULL);
		if (rc == SQLITE_OK)
			rc = sqlite3_exec(d->h, schema->migrations[v], NULL, NULL, NULL);
		if (rc == SQLITE_OK) {
			(void)snprintf(sql, sizeof sql,
			    "PRAGMA application_id=%ld; PRAGMA user_version=%u",
			    (long)(int32_t)schema->application_id, v + 1);
			rc = sqlite3_exec(d->h, sql, NULL, NULL, NULL);
		}
		if (rc == SQLITE_OK)
			rc = sqlite3_exec(d->h, "COMMIT", NULL, NULL, NULL);
		if (rc != SQLITE_OK) {
			(void)sqlite3_exec(d->h, "ROLLBACK", NULL, NULL, NULL);
			return rc;
		}
	}
	return SQLITE_OK;
}

/* Is it ours, whole, and of a version that we know?  Then bring it up to date. */
static int
check_and_migrate(
    struct db *d, const char *path, const struct db_schema *schema, struct buf *why)
{
	long long app = 0, version = 0, tables = 0;
	char got[128];
	int rc;

	rc = ask_int(d->h, "PRAGMA application_id", &app);
	if (rc == SQLITE_OK)
		rc = ask_int(d->h, "PRAGMA user_version", &version);
	if (rc == SQLITE_OK)
		rc = ask_int(d->h, "SELECT count(*) FROM sqlite_schema", &tables);
	if (rc != SQLITE_OK)
		return rc;
	if (tables == 0 && app == 0 && version == 0)
		app = (int32_t)schema->application_id;
	if (app != (int32_t)schema->application_id) {
		buf_addf(
		    why, "%s is no %s database; give the right path", path, schema->name);
		return SQLITE_NOTADB;
	}
	if (version < 0 || version > (long long)schema->versions) {
		buf_addf(why,
		    "%s has schema version %lld and this program knows up to %u; "
		    "install the newer program or restore an older backup",
		    path, version, schema->versions);
		return SQLITE_MISMATCH;
	}
	rc = ask(d->h, "PRAGMA quick_check(1)", got, sizeof got);
	if (rc != SQLITE_OK)
		return rc;
	if (strcmp(got, "ok") != 0)
		return SQLITE_CORRUPT;
	return migrate(d, schema, (unsigned)version);
}

static int
fail_open(struct db *d, const char *path, int rc, struct buf *why)
{
	int e = rc == SQLITE_MISMATCH ? ERR_VERSION : map_now(d, rc);

	if (why->n > 0)
		return e;
	switch (e) {
	case ERR_CONFLICT:
		buf_addf(
		    why, "%s is in use by another process; stop that one first", path);
		break;
	case ERR_CORRUPT:
		buf_addf(why,
		    "%s is damaged; keep a copy, restore the newest backup and start "
		    "again; "
		    "nothing was changed",
		    path);
		break;
	case ERR_FULL:
		buf_addf(why,
		    "%s: the disk is full or read-only; make room and start again", path);
		break;
	default:
		buf_addf(why, "%s: %s", path, sqlite3_errmsg(d->h));
		break;
	}
	return e;
}

int
db_open(
    struct db **ret, const char *path, const struct db_schema *schema, struct buf *why)
{
	struct db *d;
	int rc;

	rc = prepare_file(path, why);
	if (rc != 0)
		return rc;
	/* Over a file size limit the write shall fail, not the process. */
	(void)signal(SIGXFSZ, SIG_IGN);
	d = mem_zalloc(sizeof *d);
	if (d == NULL)
		return ERR_NOMEM;
	rc = sqlite3_open_v2(path, &d->h,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
	if (rc != SQLITE_OK)
		goto fail;
	(void)sqlite3_busy_timeout(d->h, BUSY_MS);
	set_limits(d->h);
	rc = set_pragmas(d->h);
	if (rc != SQLITE_OK)
		goto fail;
	rc = check_and_migrate(d, path, schema, why);
	if (rc != SQLITE_OK)
		goto fail;
	(void)sqlite3_wal_hook(d->h, on_wal, d);
	/* Start with an empty log; a full disk must not keep us from reading. */
	rc = db_checkpoint(d, 1);
	if (rc != 0 && rc != ERR_FULL) {
		buf_addf(
		    why, "%s: the log cannot be written back: %s", path, err_str(rc));
		db_close(d);
		return rc;
	}
	d->begin = db_prepare(d, "BEGIN IMMEDIATE");
	d->commit = db_prepare(d, "COMMIT");
	d->rollback = db_prepare(d, "ROLLBACK");
	d->mark = db_prepare(d, "SAVEPOINT op");
	d->release = db_prepare(d, "RELEASE op");
	d->undo = db_prepare(d, "ROLLBACK TO op");
	*ret = d;
	return 0;
fail:
	rc = fail_open(d, path, rc, why);
	d->broken = 1; /* leave the log as it was found */
	db_close(d);
	return rc;
}

/* The path as a URI.  Without a log beside it nothing but the file counts, and SQLite
 * need not make files of its own there. */
static int
read_uri(const char *path, struct buf *out)
{
	char wal[4096];
	struct stat st;
	const char *p;
	int alone;

	if ((size_t)snprintf(wal, sizeof wal, "%s-wal", path) >= sizeof wal)
		return ERR_INVALID;
	alone = stat(wal, &st) != 0 || st.st_size == 0;
	buf_adds(out, "file:");
	for (p = path; *p != '\0'; p++) {
		if (*p == '%' || *p == '?' || *p == '#')
			buf_addf(out, "%%%02X", (unsigned)*p);
		else
			buf_addc(out, *p);
	}
	buf_adds(out, alone ? "?mode=ro&immutable=1" : "?mode=ro");
	return buf_err(out);
}

int
db_open_read(
    struct db **ret, const char *path, const struct db_schema *schema, struct buf *why)
{
	long long app = 0, version = 0;
	struct db *d = mem_zalloc(sizeof *d);
	struct buf uri;
	int rc;

	if (d == NULL)
		return ERR_NOMEM;
	d->broken = 1; /* it is left as it was found */
	buf_init(&uri, 16384);
	rc = read_uri(path, &uri);
	if (rc == 0) {
		rc = sqlite3_open_v2(buf_cstr(&uri), &d->h,
		    SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
			SQLITE_OPEN_URI,
		    NULL);
		if (rc == SQLITE_OK) {
			(void)sqlite3_busy_timeout(d->h, BUSY_MS);
			set_limits(d->h);
			rc = ask_int(d->h, "PRAGMA application_id", &app);
		}
		if (rc == SQLITE_OK)
			rc = ask_int(d->h, "PRAGMA user_version", &version);
		if (rc != SQLITE_OK)
			rc = fail_open(d, path, rc, why);
	}
	buf_done(&uri);
	if (rc == 0 && (app != (int32_t)schema->application_id ||
			   version != (long long)schema->versions)) {
		buf_addf(why, "%s is no %s database of schema version %u", path,
		    schema->name, schema->versions);
		rc = ERR_VERSION;
	}
	if (rc != 0)
		db_close(d);
	else
		*ret = d;
	return rc;
}

void
db_close(struct db *d)
{
	size_t i;

	if (d == NULL)
		return;
	if (d->h != NULL) {
		for (i = 0; i < d->count; i++)
			(void)sqlite3_finalize(d->stmts[i]);
		if (d->broken)
			(void)sqlite3_db_config(
			    d->h, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
		else
			(void)!db_checkpoint(d, 1);
		(void)sqlite3_close(d->h);
	}
	mem_free(d->stmts);
	mem_free(d);
}

struct sqlite3 *
db_handle(struct db *d)
{
	return d->h;
}

struct sqlite3_stmt *
db_prepare(struct db *d, const char *sql)
{
	sqlite3_stmt *s = NULL, **grown;

	if (sqlite3_prepare_v3(d->h, sql, -1, SQLITE_PREPARE_PERSISTENT, &s, NULL) !=
	    SQLITE_OK) {
		(void)fprintf(stderr, "db: %s in: %s\n", sqlite3_errmsg(d->h), sql);
		abort();
	}
	if (d->count == d->room) {
		d->room = d->room * 2 + 16;
		grown = mem_realloc(d->stmts, d->room * sizeof *grown);
		if (grown == NULL)
			abort();
		d->stmts = grown;
	}
	d->stmts[d->count++] = s;
	return s;
}

int
db_step(struct db *d, struct sqlite3_stmt *s)
{
	int rc = injected();

	if (rc == SQLITE_OK)
		rc = sqlite3_step(s);
	if (rc == SQLITE_ROW)
		return 1;
	return rc == SQLITE_DONE ? 0 : map_now(d, rc);
}

void
db_reset(struct sqlite3_stmt *s)
{
	(void)sqlite3_reset(s);
	(void)sqlite3_clear_bindings(s);
}

int
db_run(struct db *d, struct sqlite3_stmt *s)
{
	int rc = db_step(d, s);

	if (rc == 1) {
		(void)fprintf(stderr, "db: a row from: %s\n", sqlite3_sql(s));
		abort();
	}
	db_reset(s);
	return rc;
}

int
db_begin(struct db *d)
{
	if (d->broken)
		return ERR_OUTCOME;
	d->begun_us = clock_mono_us();
	return db_run(d, d->begin);
}

int
db_commit(struct db *d)
{
	int64_t began;
	int rc;

	if (sqlite3_get_autocommit(d->h) != 0)
		return ERR_CONFLICT; /* an error has rolled it back already */
	began = clock_mono_us();
	rc = db_run(d, d->commit);
	d->commit_us = clock_mono_us() - began;
	return rc;
}

int
db_filled(const struct db *d, unsigned n)
{
	int64_t us = d->commit_us * 2;

	us = us < FILL_US_MIN ? FILL_US_MIN : us > FILL_US_MAX ? FILL_US_MAX : us;
	return n >= FILL_LEAST && clock_mono_us() - d->begun_us > us;
}

void
db_rollback(struct db *d)
{
	if (sqlite3_get_autocommit(d->h) == 0)
		(void)!db_run(d, d->rollback);
}

int
db_mark(struct db *d)
{
	return db_run(d, d->mark);
}

int
db_mark_keep(struct db *d)
{
	return db_run(d, d->release);
}

void
db_mark_undo(struct db *d)
{
	if (sqlite3_get_autocommit(d->h) != 0)
		return; /* the whole transaction is gone already */
	(void)!db_run(d, d->undo);
	(void)!db_run(d, d->release);
}

uint64_t
db_wal_bytes(const struct db *d)
{
	return (uint64_t)d->wal_frames * WAL_FRAME;
}

int
db_checkpoint(struct db *d, int truncate)
{
	int log = 0, copied = 0, rc = injected();

	if (d->broken)
		return ERR_OUTCOME;
	if (rc == SQLITE_OK)
		rc = sqlite3_wal_checkpoint_v2(d->h, NULL,
		    truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE,
		    &log, &copied);
	if (rc != SQLITE_OK)
		return map_now(d, rc);
	d->wal_frames = log > copied ? log - copied : 0;
	return 0;
}
