/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/store_sqlite_steady.h"

#include <string.h>

#include <sqlite3.h>

#include "daemon/keeper/store_sqlite.h"
#include "daemon/keeper/store_steady.h"
#include "lib/db.h"

/* The clock that deadlines go by, and what moves when it is set. */

static const char *const sql_text[CSQL_COUNT] = {
	[CSQL_GET] = "SELECT boot, minute, ahead, jumped, since, jump FROM steady",
	[CSQL_PUT] = "INSERT OR REPLACE INTO steady (one, boot, minute, ahead, jumped, "
		     "since, jump) VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)",
	[CSQL_SHIFT_STEPS] = "UPDATE escalation_steps SET due = max(due + ?1, 0),"
			     " second = max(second + ?1, 0),"
			     " deadline = max(deadline + ?1, 0)",
	/* When the calls came stays as it was told, unless that is now still to come:
	 * later calls would join them without a page. */
	[CSQL_SHIFT_PAGES] = "UPDATE hotline_pages SET next_at = max(next_at + ?1, 0),"
			     " first = max(first + min(?1, 0), 0),"
			     " last = max(last + min(?1, 0), 0)"
			     " WHERE state = 1 OR ?1 < 0",
	[CSQL_SHIFT_QUEUED] = "UPDATE deliveries SET queued_at = max(queued_at + ?1, 0),"
			      " next_at = iif(next_at > 0, max(next_at + ?1 * 60, 0), 0)"
			      " WHERE state = 1",
	[CSQL_SHIFT_DIGESTS] = "UPDATE deliveries SET queued_at = max(queued_at + ?1, 0),"
			       " next_at = iif(next_at > 0, max(next_at + ?1 * 60, 0), 0)"
			       " WHERE state = 6",
	[CSQL_SHIFT_LEASED] =
	    "UPDATE deliveries SET queued_at = max(queued_at + ?1, 0),"
	    " lease_until = max(lease_until + ?1 * 60, 0) WHERE state = 2",
	/* Who has switched since the jump went by the clock on the wall: never later
	 * than it is now, and what is not later than that does not go back. */
	[CSQL_SHIFT_MODE] = "UPDATE mode SET renewed = max(min(renewed + ?1, ?2), 0)"
			    " WHERE ?1 > 0 OR renewed > ?2",
	[CSQL_CLAMP_QUEUED] =
	    "UPDATE deliveries SET queued_at = min(queued_at, ?1),"
	    " next_at = iif(next_at > ?1 * 60 + ?2, ?1 * 60, next_at)"
	    " WHERE state = 1 AND (queued_at > ?1 OR next_at > ?1 * 60 + ?2)",
	[CSQL_CLAMP_DIGESTS] =
	    "UPDATE deliveries SET queued_at = min(queued_at, ?1),"
	    " next_at = iif(next_at > ?1 * 60 + ?2, ?1 * 60, next_at)"
	    " WHERE state = 6 AND (queued_at > ?1 OR next_at > ?1 * 60 + ?2)",
	[CSQL_CLAMP_PAGES] =
	    "UPDATE hotline_pages SET first = min(first, ?1), last = min(last, ?1),"
	    " next_at = min(next_at, ?1 + ?3) WHERE (first > ?1 OR last > ?1 OR"
	    " (state = 1 AND next_at > ?1 + ?3))",
	[CSQL_CLAMP_MODE] = "UPDATE mode SET renewed = min(renewed, ?1),"
			    " since = min(since, ?1) WHERE (renewed > ?1 OR since > ?1)"
			    "",
};

void
store_steady_prepare(struct store *s)
{
	int i;

	for (i = 0; i < CSQL_COUNT; i++)
		s->steady[i] = db_prepare(s->db, sql_text[i]);
}

int
store_steady_get(struct store *s, struct store_steady *ret)
{
	struct sqlite3_stmt *st = s->steady[CSQL_GET];
	int rc = store_one(s, st);

	memset(ret, 0, sizeof *ret);
	if (rc == 0) {
		ret->minute = store_col_int(st, 1);
		ret->ahead = store_col_int(st, 2);
		ret->jumped = store_col_int(st, 3) != 0;
		ret->since = store_col_int(st, 4);
		ret->jump = store_col_int(st, 5);
		rc = store_col_fixed(st, 0, ret->boot, BOOT_LEN);
	}
	db_reset(st);
	return rc;
}

int
store_steady_put(struct store *s, const struct store_steady *v)
{
	struct sqlite3_stmt *st = s->steady[CSQL_PUT];

	store_bind_blob(st, 1, v->boot, BOOT_LEN);
	store_bind_int(st, 2, v->minute);
	store_bind_int(st, 3, v->ahead);
	store_bind_int(st, 4, v->jumped);
	store_bind_int(st, 5, v->since);
	store_bind_int(st, 6, v->jump);
	return db_run(s->db, st);
}

/* Statements from `first` up to `end`, each with as many of the numbers as it asks for.
 */
static int
run(struct store *s, int first, int end, const int64_t *v)
{
	struct sqlite3_stmt *st;
	int i, n, rc = 0;

	for (; rc == 0 && first < end; first++) {
		st = s->steady[first];
		n = sqlite3_bind_parameter_count(st);
		for (i = 0; i < n; i++)
			store_bind_int(st, i + 1, v[i]);
		rc = db_run(s->db, st);
	}
	return rc;
}

int
store_steady_shift(struct store *s, int64_t minutes, int64_t now)
{
	const int64_t v[] = { minutes, now };

	return run(s, CSQL_SHIFT_FIRST, CSQL_CLAMP_FIRST, v);
}

int
store_steady_clamp(struct store *s, int64_t now, int64_t delay_s, int64_t page_minutes)
{
	const int64_t v[] = { now, delay_s, page_minutes };

	return run(s, CSQL_CLAMP_FIRST, CSQL_COUNT, v);
}
