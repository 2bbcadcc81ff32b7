/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/store_sqlite.h"

#include <string.h>

#include <sqlite3.h>

#include "daemon/keeper/store_case.h"
#include "daemon/keeper/store_delivery.h"
#include "daemon/keeper/store_reader.h"
#include "daemon/keeper/store_token.h"
#include "lib/db.h"

/* What belongs to receivers, and what time takes away. */

static void
bind_ack_key(struct sqlite3_stmt *st, const struct ack_record *a)
{
	store_bind_blob(st, 1, a->bulletin, ID_LEN);
	store_bind_int(st, 2, a->revision);
	store_bind_blob(st, 3, a->receiver, RECEIVER_LEN);
	store_bind_int(st, 4, a->evidence);
}

int
store_ack_get(struct store *s, const struct ack_record *key, struct ack_before *ret)
{
	struct sqlite3_stmt *st = s->sql[SQL_ACK_GET];
	int rc;

	bind_ack_key(st, key);
	rc = store_one(s, st);
	if (rc == 0) {
		ret->status = (uint8_t)store_col_int(st, 0);
		ret->flagged = (uint8_t)store_col_int(st, 1);
		ret->forwarded = (uint32_t)store_col_int(st, 2);
	}
	db_reset(st);
	return rc;
}

int
store_ack_put(struct store *s, const struct ack_record *a)
{
	struct sqlite3_stmt *st = s->sql[SQL_ACK_PUT];

	bind_ack_key(st, a);
	store_bind_blob(st, 5, a->person, RECEIVER_LEN);
	store_bind_int(st, 6, a->status);
	store_bind_int(st, 7, a->flagged);
	store_bind_int(st, 8, a->minute);
	store_bind_int(st, 9, a->forwarded);
	(void)sqlite3_bind_text64(st, 10, a->note.n > 0 ? a->note.p : "", a->note.n,
	    SQLITE_STATIC, SQLITE_UTF8);
	return db_run(s->db, st);
}

int
store_ack_forwarded(struct store *s, const struct ack_record *a)
{
	struct sqlite3_stmt *st = s->sql[SQL_ACK_FORWARDED];

	bind_ack_key(st, a);
	store_bind_int(st, 5, a->forwarded);
	return db_run(s->db, st);
}

int
store_sub_get(struct store *s, const uint8_t *receiver, struct subscription *ret)
{
	struct sqlite3_stmt *st = s->sql[SQL_SUB_GET];
	int rc;

	store_bind_blob(st, 1, receiver, RECEIVER_LEN);
	rc = store_one(s, st);
	if (rc == 0)
		rc = subscription_stored(store_col(st, 0), ret);
	db_reset(st);
	return rc;
}

int
store_sub_put(struct store *s, const uint8_t *receiver, const struct subscription *sub)
{
	struct sqlite3_stmt *st = s->sql[SQL_SUB_PUT];

	buf_reset(&s->scratch);
	subscription_put(&s->scratch, sub);
	if (buf_err(&s->scratch) != 0)
		return buf_err(&s->scratch);
	store_bind_blob(st, 1, receiver, RECEIVER_LEN);
	store_bind_blob(st, 2, s->scratch.p, s->scratch.n);
	return db_run(s->db, st);
}

static int
prune(
    struct store *s, enum store_sql which, int64_t before, unsigned most, unsigned *ret_n)
{
	struct sqlite3_stmt *st = s->sql[which];
	int rc;

	store_bind_int(st, 1, before);
	store_bind_int(st, 2, most);
	rc = db_run(s->db, st);
	if (rc == 0)
		*ret_n = (unsigned)sqlite3_changes(db_handle(s->db));
	return rc;
}

int
store_prune_idem(struct store *s, int64_t before, unsigned most, unsigned *ret_n)
{
	return prune(s, SQL_IDEM_PRUNE, before, most, ret_n);
}

int
store_prune_links(struct store *s, int64_t before_s, unsigned most, unsigned *ret_n)
{
	return prune(s, SQL_LINK_PRUNE, before_s, most, ret_n);
}

int
store_prune_ways(struct store *s, int64_t before, unsigned most, unsigned *ret_n)
{
	return prune(s, SQL_WAY_PRUNE, before, most, ret_n);
}

int
store_prune_spent(struct store *s, uint32_t before, unsigned most, unsigned *ret_n)
{
	return prune(s, SQL_SPENT_PRUNE, before, most, ret_n);
}

static int
run_id(struct store *s, enum store_sql which, const uint8_t *id)
{
	store_bind_blob(s->sql[which], 1, id, ID_LEN);
	return db_run(s->db, s->sql[which]);
}

/* The report of one desk row, its place on the desk, and its case, messages included,
 * when it was the last.  A slip has been gone for long. */
static int
forget_report(struct store *s, unsigned desk, const struct store_item *item)
{
	struct sqlite3_stmt *st = s->sql[SQL_INBOX_DEL];
	struct store_report r;
	int rc;

	store_bind_int(st, 1, desk);
	store_bind_int(st, 2, item->minute);
	store_bind_blob(st, 3, item->report, ID_LEN);
	rc = db_run(s->db, st);
	if (rc != 0)
		return rc;
	rc = store_report_get(s, item->report, &r, NULL);
	if (rc != 0)
		return rc == ERR_NOTFOUND ? 0 : rc; /* it lay on two desks */
	rc = run_id(s, SQL_NAMED_DEL, r.id);
	if (rc == 0)
		rc = run_id(s, SQL_REPORT_DEL, r.id);
	if (rc == 0)
		rc = run_id(s, SQL_GATE_DEL, r.id);
	if (rc == 0)
		rc = run_id(s, SQL_CASE_LESS, r.case_id);
	if (rc == 0)
		rc = run_id(s, SQL_CASE_DEL, r.case_id);
	if (rc == 0)
		rc = run_id(s, SQL_MESSAGE_DEL, r.case_id);
	if (rc == 0)
		rc = run_id(s, SQL_SHOWN_DEL, r.case_id);
	return rc;
}

/* Desk rows know the minute, so that reports need no index by time. */
int
store_prune_reports(struct store *s, int64_t before, unsigned most, unsigned *ret_n)
{
	struct sqlite3_stmt *st = s->sql[SQL_INBOX_OLD];
	struct store_item item;
	unsigned desk, n = 0;
	int rc = 0;

	for (desk = 0; rc == 0 && desk <= DESK_CENTRE && n < most; desk++) {
		while (rc == 0 && n < most) {
			store_bind_int(st, 1, desk);
			store_bind_int(st, 2, before);
			rc = store_one(s, st);
			if (rc == 0) {
				item.minute = store_col_int(st, 0);
				rc = store_col_fixed(st, 1, item.report, ID_LEN);
			}
			db_reset(st);
			if (rc == 0)
				rc = forget_report(s, desk, &item);
			n += rc == 0;
		}
		if (rc == ERR_NOTFOUND)
			rc = 0;
	}
	if (rc == 0)
		*ret_n = n;
	return rc;
}

static int
forget_row(struct store *s, const struct frame_head *h)
{
	static const enum store_sql revs[] = { SQL_REVISION_DEL, SQL_ACK_DEL,
		SQL_DELIVERY_FORGET };
	struct sqlite3_stmt *st = s->sql[SQL_LOG_DEL];
	size_t i;
	int rc;

	store_bind_int(st, 1, (int64_t)h->seq);
	rc = db_run(s->db, st);
	for (i = 0; rc == 0 && h->revision > 0 && i < sizeof revs / sizeof revs[0]; i++) {
		st = s->sql[revs[i]];
		store_bind_blob(st, 1, h->id, ID_LEN);
		store_bind_int(st, 2, h->revision);
		rc = db_run(s->db, st);
	}
	if (rc == 0 && h->revision > 0)
		rc = store_reach_forget(s, h->id, h->revision);
	if (rc != 0 || h->revision == 0)
		return rc;
	st = s->sql[SQL_BULLETIN_DEL];
	store_bind_blob(st, 1, h->id, ID_LEN);
	store_bind_int(st, 2, (int64_t)h->seq);
	rc = db_run(s->db, st);
	if (rc == 0) {
		st = s->sql[SQL_RELAY_DEL];
		store_bind_blob(st, 1, h->id, ID_LEN);
		rc = db_run(s->db, st);
	}
	if (rc == 0) {
		st = s->sql[SQL_RELAY_FILES_DEL];
		store_bind_blob(st, 1, h->id, ID_LEN);
		rc = db_run(s->db, st);
	}
	return rc == 0 ? store_question_forget(s, h->id) : rc;
}

int
store_prune_log(struct store *s, int64_t before, unsigned most, unsigned *ret_n)
{
	struct sqlite3_stmt *st = s->sql[SQL_LOG_PAGE];
	struct frame_head h;
	unsigned n;
	int rc = 0;

	for (n = 0; n < most && s->head.earliest > 0; n++) {
		store_bind_int(st, 1, (int64_t)s->head.earliest);
		rc = store_one(s, st);
		if (rc == 0) {
			rc = store_head_read(store_col(st, 1), store_col(st, 6), &h);
		}
		db_reset(st);
		if (rc != 0 || (int64_t)h.minute >= before || h.seq == s->head.seq)
			break;
		rc = forget_row(s, &h);
		if (rc != 0)
			break;
		s->head.earliest = h.seq + 1;
	}
	if (rc == 0)
		*ret_n = n;
	return rc;
}
