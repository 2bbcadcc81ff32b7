/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIB_DB_H
#define LIB_DB_H

#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"

/* Opaque types. */
struct sqlite3;
struct sqlite3_stmt;
struct db;

/*
 * A SQLite file, opened the one way this project opens one: WAL, synchronous=FULL,
 * locking_mode=EXCLUSIVE, one connection, secure_delete, temp_store=MEMORY, mmap_size=0,
 * trusted_schema=OFF, cell_size_check, DEFENSIVE, no extensions, no ATTACH, low limits,
 * foreign_keys, wal_autocheckpoint=0, busy_timeout 2 s; quick_check at start; file mode
 * 0600.  A 64 MiB ballast is the caller's affair.
 */
struct db_schema {
	const char *name; /* "vault", "keeper" */
	uint32_t application_id;
	const char *const
	    *migrations; /* [i] brings version i to i + 1; each in one transaction */
	unsigned versions;
};

/* Opens or makes the file and brings it to the newest version.  ERR_VERSION: newer than
 * we know; ERR_CORRUPT: quick_check or application_id; ERR_CONFLICT: locked by another
 * process; ERR_IO, ERR_FULL, ERR_NOMEM.  `why` gets a sentence with an instruction. */
int db_open(struct db **ret, const char *path, const struct db_schema *schema,
    struct buf *why) MUST_CHECK;
/* A file only to read, left as it is, of exactly the newest version: a copy, or the file
 * of a program that is stopped.  ERR_CONFLICT: in use.  Nothing but db_prepare, db_step,
 * db_reset and db_close is for it. */
int db_open_read(struct db **ret, const char *path, const struct db_schema *schema,
    struct buf *why) MUST_CHECK;
/* TRUNCATE checkpoint, then close.  NULL is fine. */
void db_close(struct db *d);
struct sqlite3 *db_handle(struct db *d);

/* Prepares a statement that lives as long as the database (freed by db_close).  The SQL
 * is a literal of ours; a failure is our bug and aborts with the text on stderr. */
struct sqlite3_stmt *db_prepare(struct db *d, const char *sql);
/* Steps: 1 a row, 0 done, or an error code of db_map. */
int db_step(struct db *d, struct sqlite3_stmt *s) MUST_CHECK;
/* Steps to the end expecting no row, then resets and clears bindings. */
int db_run(struct db *d, struct sqlite3_stmt *s) MUST_CHECK;
void db_reset(struct sqlite3_stmt *s); /* reset and clear bindings */

int db_begin(struct db *d) MUST_CHECK; /* BEGIN IMMEDIATE */
int db_commit(
    struct db *d) MUST_CHECK; /* ERR_OUTCOME when the sync failed: stop the program */
void db_rollback(struct db *d);
/*
 * Has the transaction been filled from a queue for long enough, with n operations in it?
 * After eight, for fewer are not worth a sync, and after twice the time that the last
 * COMMIT took, within 2 and 16 ms: a slow disk gets few syncs, and a fast one short
 * batches, so that whoever is next in the chain (the keeper behind the vault) begins with
 * the first reports while the last are still sealed.
 */
int db_filled(const struct db *d, unsigned n);
/* Savepoint of one operation inside a batch. */
int db_mark(struct db *d) MUST_CHECK;
int db_mark_keep(struct db *d) MUST_CHECK;
void db_mark_undo(struct db *d);

/* SQLITE_FULL/READONLY -> ERR_FULL; IOERR_FSYNC and kin on commit -> ERR_OUTCOME; other
 * IOERR -> ERR_IO; CORRUPT/NOTADB -> ERR_CORRUPT; NOMEM; CONSTRAINT -> ERR_EXISTS. */
int db_map(int sqlite_rc);

/* Bytes of the log that are not copied into the database yet. */
uint64_t db_wal_bytes(const struct db *d);
int db_checkpoint(struct db *d, int truncate) MUST_CHECK; /* PASSIVE or TRUNCATE */

/* Backup by sqlite3_backup in steps: start, then step until it returns 1. */
struct db_backup;
int db_backup_start(struct db_backup **ret, struct db *d, const char *to) MUST_CHECK;
/* What must not be in a copy: SQL, a literal of ours, that is run on it with
 * secure_delete before any file has a name that it stands in.  For that the copy needs
 * its room twice while it is made. */
void db_backup_scrub(struct db_backup *b, const char *sql);
/* Copies up to `pages`; 0 more to do, 1 done (file synced), or an error. */
int db_backup_step(
    struct db_backup *b, int pages, unsigned *ret_done, unsigned *ret_total) MUST_CHECK;
void db_backup_free(struct db_backup *b); /* unfinished: the target is removed */

/* Tests: the n-th step or checkpoint from now fails with this SQLite code (n = 0: none).
 * Returns what was left of an earlier call's n: 0, that it has failed. */
unsigned long db_fail_at(unsigned long n, int sqlite_rc);

#endif
