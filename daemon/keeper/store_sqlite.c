/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/store_sqlite.h"

#include <string.h>

#include <openssl/evp.h>
#include <sqlite3.h>

#include "lib/db.h"

/* The text of the statements, and values into and out of them. */

#define BULLETIN_COLUMNS \
	"id, case_id, report, number, revision, state, verified, issued, valid_until, " \
	"note_due, end_due, head, reporters, names"
#define DELIVERY_COLUMNS \
	"bulletin, revision, receiver, route, contact, state, tries, next_at, " \
	"lease_until, reason, queued_at, sent_at, digest, stage"
#define DELIVERY_KEY \
	" WHERE bulletin = ?1 AND revision = ?2 AND receiver = ?3 AND route = ?4" \
	" AND contact = ?5"
#define RELAY_COLUMNS \
	"bulletin, original, slot, hub, revision, tlp, members, ordered, words, ended"
#define ORDER_COLUMNS "slot, origin, min_severity, always, tlp, person, minute, words"
#define TREND_COLUMNS \
	"topic, slots, level, members, sectors, since, first, last, told, told_at, " \
	"report"

const char *const store_sql_text[SQL_COUNT] = {
	[SQL_META_GET] = "SELECT epoch, cursor_key, head, chain FROM meta",
	[SQL_META_NEW] = "INSERT INTO meta (one, epoch, cursor_key, head, chain)"
			 " VALUES (1, ?1, ?2, 0, zeroblob(32))",
	[SQL_META_SET] = "UPDATE meta SET epoch = ?1, head = ?2, chain = ?3",
	[SQL_LOG_ADD] = "INSERT INTO log (seq, head, prev, sum, body, stub, names)"
			" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	[SQL_LOG_PAGE] =
	    "SELECT seq, head, prev, sum, body, stub, names FROM log WHERE seq >= ?1"
	    " ORDER BY seq",
	[SQL_LOG_MIN] = "SELECT min(seq) FROM log",
	[SQL_LOG_LAST] = "SELECT seq, sum FROM log ORDER BY seq DESC LIMIT 1",
	[SQL_LOG_DEL] = "DELETE FROM log WHERE seq = ?1",
	[SQL_REPORT_ADD] =
	    "INSERT INTO reports (id, case_id, slot, minute, level, blind, desks, "
	    "bulletin,"
	    " revision, sum, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
	[SQL_REPORT_GET] = "SELECT case_id, slot, minute, level, blind, desks, bulletin,"
			   " revision, sum, body FROM reports WHERE id = ?1",
	[SQL_REPORT_DEL] = "DELETE FROM reports WHERE id = ?1",
	[SQL_CASE_PUT] =
	    "INSERT INTO cases (id, commitment, slot, minute, state, reports, report, "
	    "bulletin, desks, touched, messages, asked, told)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
	    " ON CONFLICT (id) DO UPDATE SET state = ?5, reports = ?6, report = ?7,"
	    " bulletin = ?8, desks = ?9, touched = ?10, messages = ?11, asked = ?12,"
	    " told = ?13",
	[SQL_CASE_GET] =
	    "SELECT commitment, slot, minute, state, reports, report, bulletin,"
	    " desks, touched, messages, asked, told FROM cases WHERE id = ?1",
	[SQL_CASE_LESS] =
	    "UPDATE cases SET reports = reports - 1 WHERE id = ?1 AND reports > 0",
	[SQL_CASE_DEL] = "DELETE FROM cases WHERE id = ?1 AND reports = 0",
	[SQL_INBOX_ADD] = "INSERT INTO inbox (desk, minute, report) VALUES (?1, ?2, ?3)",
	[SQL_INBOX_MOVE] = "UPDATE inbox SET minute = ?3 WHERE desk = ?1 AND minute = ?2 "
			   "AND report = ?4",
	[SQL_INBOX_LIST] = "SELECT minute, report FROM inbox WHERE desk = ?1"
			   " ORDER BY minute DESC, report DESC LIMIT ?2",
	[SQL_INBOX_OLD] =
	    "SELECT minute, report FROM inbox WHERE desk = ?1 AND minute < ?2"
	    " ORDER BY minute LIMIT 1",
	[SQL_INBOX_DEL] =
	    "DELETE FROM inbox WHERE desk = ?1 AND minute = ?2 AND report = ?3",
	[SQL_NAMED_ADD] =
	    "INSERT INTO named (receiver, minute, report) VALUES (?1, ?2, ?3)",
	[SQL_NAMED_LIST] = "SELECT minute, report FROM named WHERE receiver = ?1"
			   " ORDER BY minute DESC, report DESC LIMIT ?2",
	[SQL_NAMED_DEL] = "DELETE FROM named WHERE report = ?1",
	[SQL_IDEM_ADD] =
	    "INSERT INTO idem (key, mac, report, minute) VALUES (?1, ?2, ?3, ?4)",
	[SQL_IDEM_GET] = "SELECT mac, report, minute FROM idem WHERE key = ?1",
	[SQL_IDEM_PRUNE] = "DELETE FROM idem WHERE key IN"
			   " (SELECT key FROM idem WHERE minute < ?1 LIMIT ?2)",
	[SQL_SPENT_ADD] = "INSERT INTO spent (id, epoch) VALUES (?1, ?2)",
	[SQL_SPENT_PRUNE] = "DELETE FROM spent WHERE id IN"
			    " (SELECT id FROM spent WHERE epoch < ?1 LIMIT ?2)",
	[SQL_GATE_ADD] = "INSERT INTO gates (report, held, shown, inside, beyond)"
			 " VALUES (?1, ?2, ?3, ?4, ?5)",
	[SQL_GATE_GET] =
	    "SELECT held, shown, inside, beyond FROM gates WHERE report = ?1",
	[SQL_GATE_DEL] = "DELETE FROM gates WHERE report = ?1",
	[SQL_SHOWN_PUT] =
	    "INSERT INTO shown (case_id, k, inside, beyond, region, class, size)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (case_id) DO UPDATE SET"
	    " k = ?2, inside = ?3, beyond = ?4, region = ?5, class = ?6, size = ?7",
	[SQL_SHOWN_GET] = "SELECT k, inside, beyond, region, class, size FROM shown"
			  " WHERE case_id = ?1",
	[SQL_SHOWN_DEL] = "DELETE FROM shown WHERE case_id = ?1"
			  " AND NOT EXISTS (SELECT 1 FROM cases WHERE id = ?1)",
	[SQL_BULLETIN_PUT] =
	    "INSERT INTO bulletins (" BULLETIN_COLUMNS
	    ", seq) VALUES (?1, ?2, ?3, ?4, ?5, ?6,"
	    " ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) ON CONFLICT (id) DO UPDATE SET"
	    " report = ?3, revision = ?5, state = ?6, verified = ?7, valid_until = ?9,"
	    " note_due = ?10, end_due = ?11, head = ?12, reporters = ?13, names = ?14,"
	    " seq = ?15",
	[SQL_BULLETIN_GET] = "SELECT " BULLETIN_COLUMNS " FROM bulletins WHERE id = ?1",
	[SQL_BULLETIN_NUMBER] =
	    "SELECT " BULLETIN_COLUMNS " FROM bulletins WHERE number = ?1",
	[SQL_BULLETIN_EACH] =
	    "SELECT head, names FROM bulletins WHERE seq < ?1 ORDER BY seq DESC LIMIT 1",
	[SQL_BULLETIN_NOTE] = "SELECT " BULLETIN_COLUMNS " FROM bulletins"
			      " WHERE note_due <= ?1 ORDER BY note_due LIMIT 1",
	[SQL_BULLETIN_END] = "SELECT " BULLETIN_COLUMNS " FROM bulletins"
			     " WHERE end_due <= ?1 ORDER BY end_due LIMIT 1",
	[SQL_BULLETIN_DEL] = "DELETE FROM bulletins WHERE id = ?1 AND seq = ?2",
	[SQL_REVISION_ADD] =
	    "INSERT INTO revisions (bulletin, revision, seq) VALUES (?1, ?2, ?3)",
	[SQL_REVISION_GET] =
	    "SELECT seq FROM revisions WHERE bulletin = ?1 AND revision = ?2",
	[SQL_REVISION_DEL] =
	    "DELETE FROM revisions WHERE bulletin = ?1 AND revision = ?2",
	[SQL_ACK_GET] = "SELECT status, flagged, forwarded FROM acks WHERE bulletin = ?1"
			" AND revision = ?2 AND receiver = ?3 AND evidence = ?4",
	[SQL_ACK_FORWARDED] = "UPDATE acks SET forwarded = ?5 WHERE bulletin = ?1"
			      " AND revision = ?2 AND receiver = ?3 AND evidence = ?4",
	/* A flagged word is not when it was received: a counted one starts anew. */
	[SQL_ACK_PUT] =
	    "INSERT INTO acks (bulletin, revision, receiver, evidence, person, status,"
	    " flagged, minute, received_at, read_at, acted_at, forwarded, note)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, iif(?6 = 1, ?8, NULL),"
	    " iif(?6 = 2, ?8, NULL), iif(?6 = 3, ?8, NULL), ?9, ?10)"
	    " ON CONFLICT (bulletin, revision, receiver, evidence) DO UPDATE SET"
	    " person = ?5, status = ?6, flagged = ?7, minute = ?8, forwarded = ?9,"
	    " note = ?10,"
	    " received_at = coalesce(iif(flagged = ?7, received_at, NULL),"
	    " excluded.received_at),"
	    " read_at = coalesce(iif(flagged = ?7, read_at, NULL), excluded.read_at),"
	    " acted_at = coalesce(iif(flagged = ?7, acted_at, NULL), excluded.acted_at)",
	[SQL_ACK_COUNT] = "SELECT s, count(*), sum(f) FROM (SELECT max(status) AS s, "
			  "max(forwarded) AS f"
			  " FROM acks WHERE bulletin = ?1 AND flagged = 0 GROUP BY "
			  "receiver) GROUP BY s",
	[SQL_ACK_DEL] = "DELETE FROM acks WHERE bulletin = ?1 AND revision = ?2",
	[SQL_SUB_GET] = "SELECT wants FROM subscriptions WHERE receiver = ?1",
	[SQL_SUB_PUT] = "INSERT INTO subscriptions (receiver, wants) VALUES (?1, ?2)"
			" ON CONFLICT (receiver) DO UPDATE SET wants = ?2",
	[SQL_STATEMENT_GET] = "SELECT serial, jws FROM statement",
	[SQL_STATEMENT_PUT] =
	    "INSERT OR REPLACE INTO statement (one, serial, jws) VALUES (1, ?1, ?2)",
	[SQL_MESSAGE_ADD] =
	    "INSERT INTO messages (case_id, n, side, minute, key, mac, body)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	[SQL_MESSAGE_KNOWN] =
	    "SELECT n, minute, mac FROM messages WHERE case_id = ?1 AND key = ?2",
	[SQL_MESSAGE_EACH] = "SELECT n, side, minute, body FROM messages"
			     " WHERE case_id = ?1 ORDER BY n",
	[SQL_MESSAGE_BYTES] = "SELECT sum(length(body)) FROM messages WHERE case_id = ?1",
	[SQL_MESSAGE_DEL] = "DELETE FROM messages WHERE case_id = ?1"
			    " AND NOT EXISTS (SELECT 1 FROM cases WHERE id = ?1)",
	[SQL_SLIP_PUT] = "INSERT INTO slips (case_id, desk, box, due)"
			 " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (case_id)"
			 " DO UPDATE SET desk = ?2, box = ?3, due = ?4",
	[SQL_SLIP_GET] = "SELECT desk, due, box FROM slips WHERE case_id = ?1",
	[SQL_SLIP_DEL] = "DELETE FROM slips WHERE case_id = ?1",
	[SQL_SLIP_DUE] = "DELETE FROM slips WHERE due <= ?1",
	[SQL_DUTY_PUT] = "INSERT INTO duty_keys (desk, cert) VALUES (?1, ?2)"
			 " ON CONFLICT (desk) DO UPDATE SET cert = ?2",
	[SQL_DUTY_EACH] = "SELECT desk, cert FROM duty_keys ORDER BY desk",
	[SQL_TOPIC_PUT] =
	    "INSERT INTO topics (topic, minute, case_id, slot, level, members, sectors,"
	    " since, waits) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
	    " ON CONFLICT (topic, minute, case_id) DO UPDATE SET level = max(level, ?5),"
	    " members = ?6, sectors = ?7, since = ?8, waits = max(waits, ?9)",
	/* Counts of one minute stand in no order; the highest of it is the newest. */
	[SQL_TOPIC_LAST] =
	    "SELECT minute, members, sectors, since FROM (SELECT minute, members, "
	    "sectors,"
	    " since FROM topics WHERE topic = ?1 ORDER BY minute DESC LIMIT 256)"
	    " WHERE members > 0 ORDER BY minute DESC, members DESC LIMIT 1",
	[SQL_TOPIC_CASES] =
	    "SELECT count(DISTINCT case_id) FROM (SELECT case_id FROM topics WHERE"
	    " topic = ?1 AND minute BETWEEN ?2 AND ?3 LIMIT ?4)",
	[SQL_TOPIC_SPAN] = "SELECT minute, slot, level FROM topics WHERE topic = ?1"
			   " ORDER BY minute LIMIT ?2",
	[SQL_TOPIC_WAITING] =
	    "SELECT minute, case_id FROM topics WHERE topic = ?1 AND waits = 1"
	    " AND case_id <> ?2 LIMIT ?3",
	[SQL_TOPIC_SETTLED] = "UPDATE topics SET waits = 0 WHERE topic = ?1"
			      " AND minute = ?2 AND case_id = ?3",
	[SQL_TOPIC_PRUNE] =
	    "DELETE FROM topics WHERE (topic, minute, case_id) IN (SELECT topic, minute,"
	    " case_id FROM topics WHERE minute < ?1 LIMIT ?2)",
	[SQL_TREND_GET] = "SELECT " TREND_COLUMNS " FROM trends WHERE topic = ?1",
	[SQL_TREND_PUT] = "INSERT OR REPLACE INTO trends (" TREND_COLUMNS ") VALUES"
			  " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
	[SQL_TREND_LIST] =
	    "SELECT " TREND_COLUMNS " FROM trends ORDER BY last DESC, topic LIMIT ?1",
	[SQL_TREND_PRUNE] = "DELETE FROM trends WHERE topic IN"
			    " (SELECT topic FROM trends WHERE last < ?1 LIMIT ?2)",
	[SQL_OUTBOX_ADD] = "INSERT INTO outbox (seq, bulletin, revision, after)"
			   " VALUES (?1, ?2, ?3, ?4)",
	[SQL_OUTBOX_FIRST] =
	    "SELECT seq, bulletin, revision, after FROM outbox ORDER BY seq LIMIT 1",
	[SQL_OUTBOX_MOVE] = "UPDATE outbox SET after = ?2 WHERE seq = ?1",
	[SQL_OUTBOX_DEL] = "DELETE FROM outbox WHERE seq = ?1",
	[SQL_DELIVERY_ADD] =
	    "INSERT OR IGNORE INTO deliveries (bulletin, revision, receiver, route, "
	    "contact, state, next_at, queued_at, digest, stage) VALUES (?1, ?2, ?3, ?4, "
	    "?5, ?6, ?7, ?8, ?6 = 6, ?9)",
	[SQL_DELIVERY_GET] = "SELECT " DELIVERY_COLUMNS " FROM deliveries" DELIVERY_KEY,
	[SQL_DELIVERY_SET] = "UPDATE deliveries SET state = ?6, tries = ?7, next_at = ?8,"
			     " lease_until = ?9, reason = ?10, sent_at = ?11,"
			     " person = coalesce(?12, person)" DELIVERY_KEY,
	[SQL_DELIVERY_DEL] = "DELETE FROM deliveries" DELIVERY_KEY,
	[SQL_DELIVERY_DUE] = "SELECT " DELIVERY_COLUMNS " FROM deliveries WHERE state = 1"
			     " AND receiver = ?1 AND route = ?2 AND next_at <= ?3"
			     " AND stage <> 3 ORDER BY next_at LIMIT ?4",
	[SQL_DELIVERY_OPEN] = "SELECT " DELIVERY_COLUMNS " FROM deliveries WHERE"
			      " bulletin = ?1 AND revision = ?2 AND receiver = ?3"
			      " AND state IN (1, 2) AND (stage > 0 OR route IN (3, 4))"
			      " LIMIT ?4",
	[SQL_DELIVERY_PAGES] =
	    "SELECT " DELIVERY_COLUMNS " FROM deliveries WHERE state = 1 AND stage = 3"
	    " AND next_at <= ?1 ORDER BY next_at LIMIT ?2",
	[SQL_DELIVERY_PAGES_NEXT] = "SELECT next_at FROM deliveries WHERE state = 1"
				    " AND stage = 3 ORDER BY next_at LIMIT 1",
	[SQL_DELIVERY_OF_PAGE] = "SELECT " DELIVERY_COLUMNS " FROM deliveries WHERE"
				 " bulletin = ?1 AND state IN (1, 2) LIMIT ?2",
	[SQL_DIGEST_FIRST] = "SELECT next_at, receiver, contact FROM deliveries WHERE"
			     " state = 6 ORDER BY next_at, receiver, contact LIMIT 1",
	[SQL_DIGEST_OF] = "SELECT " DELIVERY_COLUMNS " FROM deliveries WHERE state = 6"
			  " AND receiver = ?1 AND contact = ?2 AND next_at <= ?3"
			  " ORDER BY queued_at, bulletin, revision LIMIT ?4",
	[SQL_DELIVERY_NEXT] =
	    "SELECT next_at FROM deliveries WHERE state = 1 AND receiver = ?1"
	    " AND route = ?2 AND stage <> 3 ORDER BY next_at LIMIT 1",
	[SQL_DELIVERY_LAPSE] =
	    "UPDATE deliveries SET state = CASE digest WHEN 1 THEN 6 ELSE 1 END,"
	    " next_at = 0, lease_until = 0"
	    " WHERE (bulletin, revision, receiver, route, contact) IN (SELECT bulletin,"
	    " revision, receiver, route, contact FROM deliveries WHERE state = 2"
	    " AND lease_until <= ?1 LIMIT ?2)",
	[SQL_DELIVERY_LANES] =
	    "SELECT receiver, route, min(at), sum(n) FROM"
	    " (SELECT receiver, route, min(next_at) AS at, 0 AS n FROM deliveries"
	    " WHERE state = 1 AND stage <> 3 GROUP BY receiver, route UNION ALL"
	    " SELECT receiver, route, 9223372036854775807, count(*) FROM deliveries"
	    " WHERE state = 2 AND stage <> 3 GROUP BY receiver, route)"
	    " GROUP BY receiver, route",
	[SQL_DELIVERY_FORGET] =
	    "DELETE FROM deliveries WHERE bulletin = ?1 AND revision = ?2",
	/* A way that goes on working is written once a day. */
	[SQL_WAY_PUT] = "INSERT INTO ways (receiver, route, contact, works, minute)"
			" VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET"
			" works = excluded.works, minute = excluded.minute"
			" WHERE works <> excluded.works OR works = 0"
			" OR minute + 1440 <= excluded.minute",
	[SQL_WAY_DROP] = "DELETE FROM ways WHERE receiver = ?1 AND route = ?2"
			 " AND (contact = 255) = ?3",
	[SQL_WAYS_BROKEN] =
	    "SELECT receiver, route FROM (SELECT receiver, route, works FROM ways"
	    " WHERE minute >= ?1 UNION ALL SELECT receiver, route, 0 FROM gone)"
	    " GROUP BY receiver, route HAVING max(works) = 0 ORDER BY receiver, route",
	[SQL_WAY_PRUNE] = "DELETE FROM ways WHERE (receiver, route, contact) IN"
			  " (SELECT receiver, route, contact FROM ways"
			  " WHERE minute < ?1 LIMIT ?2)",
	[SQL_GONE_PUT] = "INSERT OR REPLACE INTO gone (receiver, route, contact, mark)"
			 " VALUES (?1, ?2, ?3, ?4)",
	[SQL_GONE_GET] =
	    "SELECT mark FROM gone WHERE receiver = ?1 AND route = ?2 AND contact = ?3",
	[SQL_GONE_DEL] =
	    "DELETE FROM gone WHERE receiver = ?1 AND route = ?2 AND contact = ?3",
	[SQL_LINK_ADD] = "INSERT INTO links (token_sum, bulletin, revision, receiver, "
			 "sent_at, contact)"
			 " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	[SQL_LINK_PRUNE] = "DELETE FROM links WHERE token_sum IN"
			   " (SELECT token_sum FROM links WHERE sent_at < ?1 LIMIT ?2)",
	[SQL_SIGNING_ADD] = "INSERT INTO signing_keys (kid, n, point, made, since)"
			    " SELECT ?1, coalesce(max(n), 0) + 1, ?2, ?3, ?4"
			    " FROM signing_keys",
	[SQL_SIGNING_PRIVATE_ADD] =
	    "INSERT INTO signing_private (kid, der) VALUES (?1, ?2)",
	[SQL_SIGNING_EACH] =
	    "SELECT k.kid, point, made, since, der FROM signing_keys k"
	    " LEFT JOIN signing_private p ON p.kid = k.kid ORDER BY since, n",
	[SQL_SIGNING_PRIVATE_DEL] = "DELETE FROM signing_private WHERE kid = ?1",
	[SQL_SIGNING_DEL] = "DELETE FROM signing_keys WHERE kid = ?1",
	[SQL_LINK_GET] =
	    "SELECT bulletin, revision, receiver, sent_at, used_at, EXISTS (SELECT 1 FROM"
	    " deliveries AS d WHERE d.bulletin = links.bulletin AND d.revision ="
	    " links.revision AND d.receiver = links.receiver AND d.route = 1 AND d.state "
	    "= 2), contact, (SELECT person FROM deliveries AS p WHERE p.bulletin ="
	    " links.bulletin AND p.revision = links.revision AND p.receiver ="
	    " links.receiver AND p.route = 1 AND p.contact = links.contact)"
	    " FROM links WHERE token_sum = ?1",
	[SQL_LINK_USE] =
	    "UPDATE links SET answer = ?2, used_at = ?3 WHERE token_sum = ?1",
	[SQL_LINK_SENT] = "UPDATE links SET sent_at = ?4 WHERE bulletin = ?1 AND"
			  " revision = ?2 AND receiver = ?3 AND used_at = 0",
	[SQL_LINK_ASTRAY] =
	    "UPDATE deliveries SET reason = 'not the addressee' WHERE bulletin = ?1 AND"
	    " revision = ?2 AND receiver = ?3 AND route = 1 AND (contact = ?4 OR ?4 = "
	    "255)",
	[SQL_AUDIT_ADD] =
	    "INSERT INTO audit (number, minute, person, receiver, action, ref, detail,"
	    " prev, sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
	[SQL_AUDIT_LAST] = "SELECT number, sum FROM audit ORDER BY number DESC LIMIT 1",
	[SQL_AUDIT_EACH] = "SELECT number, minute, person, receiver, action, ref, detail,"
			   " prev, sum FROM audit WHERE number >= ?1"
			   " ORDER BY number LIMIT ?2",
	[SQL_AUDIT_OF] = "SELECT number, minute, person, receiver, action, ref, detail,"
			 " prev, sum FROM audit WHERE receiver IN"
			 " (?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
			 " AND number < ?2 ORDER BY number DESC LIMIT ?1",
	[SQL_AUDIT_POINT_ADD] = "INSERT INTO audit_points (number, minute, sum, jws)"
				" VALUES (?1, ?2, ?3, ?4)",
	[SQL_AUDIT_POINT_LAST] = "SELECT number, minute, sum, jws FROM audit_points"
				 " ORDER BY number DESC LIMIT 1",
	[SQL_AUDIT_POINT_EACH] = "SELECT number, minute, sum, jws FROM audit_points"
				 " WHERE number >= ?1 ORDER BY number LIMIT ?2",
	[SQL_AUDIT_KEY_ADD] = "INSERT INTO audit_keys (n, minute, public) SELECT"
			      " 1 + coalesce(max(n), 0), ?1, ?2 FROM audit_keys",
	[SQL_AUDIT_KEY_EACH] = "SELECT public FROM audit_keys ORDER BY n DESC LIMIT ?1",
	[SQL_AUDIT_PRIVATE_ADD] = "INSERT INTO audit_private (n, der)"
				  " SELECT max(n), ?1 FROM audit_keys",
	[SQL_AUDIT_PRIVATE_GET] =
	    "SELECT der FROM audit_private WHERE n = (SELECT max(n) FROM audit_keys)",
	[SQL_RELAY_PUT] =
	    "INSERT INTO relays (" RELAY_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7,"
	    " ?8, ?9, ?10) ON CONFLICT (bulletin) DO UPDATE SET revision = ?5, tlp = ?6,"
	    " members = ?7, ordered = ?8, words = ?9, ended = ?10",
	[SQL_RELAY_GET] = "SELECT " RELAY_COLUMNS " FROM relays WHERE bulletin = ?1",
	[SQL_RELAY_OF] =
	    "SELECT " RELAY_COLUMNS " FROM relays WHERE original = ?1 AND slot = ?2"
	    " ORDER BY ended LIMIT 1",
	[SQL_RELAY_LIST] = "SELECT bulletin FROM relays WHERE original = ?1 AND hub = ''"
			   " AND ended = 0 ORDER BY slot",
	[SQL_RELAY_FOREIGN] =
	    "SELECT " RELAY_COLUMNS " FROM relays WHERE hub = ?1 AND bulletin IN"
	    " (SELECT id FROM bulletins WHERE issued >= ?2) ORDER BY bulletin",
	[SQL_RELAY_DEL] = "DELETE FROM relays WHERE bulletin = ?1"
			  " AND NOT EXISTS (SELECT 1 FROM bulletins WHERE id = ?1)",
	/* Files of another hub's bulletin lie by its id. */
	[SQL_RELAY_FILES_DEL] = "DELETE FROM attachments WHERE draft = ?1"
				" AND NOT EXISTS (SELECT 1 FROM bulletins WHERE id = ?1)",
	[SQL_ORDER_PUT] =
	    "INSERT INTO orders (" ORDER_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7,"
	    " ?8) ON CONFLICT (slot, origin) DO UPDATE SET min_severity = ?3, always = "
	    "?4,"
	    " tlp = ?5, person = ?6, minute = ?7, words = ?8",
	[SQL_ORDER_DEL] = "DELETE FROM orders WHERE slot = ?1 AND origin = ?2",
	[SQL_ORDER_EACH] = "SELECT " ORDER_COLUMNS " FROM orders ORDER BY slot, origin",
	[SQL_ORDER_GET] =
	    "SELECT " ORDER_COLUMNS " FROM orders WHERE slot = ?1 AND origin = ?2",
#define SQL_TEXT(name, text) [SQL_##name] = text,
	TRIAGE_SQL(SQL_TEXT)
#undef SQL_TEXT
};

void
store_bind_blob(struct sqlite3_stmt *st, int i, const void *p, size_t n)
{
	/* A NULL pointer would bind NULL: an empty blob needs any address. */
	(void)sqlite3_bind_blob64(st, i, n > 0 ? p : "", n, SQLITE_STATIC);
}

void
store_bind_int(struct sqlite3_stmt *st, int i, int64_t v)
{
	(void)sqlite3_bind_int64(st, i, v);
}

struct slice
store_col(struct sqlite3_stmt *st, int i)
{
	struct slice c = { sqlite3_column_blob(st, i), 0 };

	c.n = (size_t)sqlite3_column_bytes(st, i);
	if (c.p == NULL)
		c.p = "";
	return c;
}

int
store_col_fixed(struct sqlite3_stmt *st, int i, void *out, size_t n)
{
	struct slice c = store_col(st, i);

	if (c.n != n)
		return ERR_CORRUPT;
	memcpy(out, c.p, n);
	return 0;
}

void
store_bind_text(struct sqlite3_stmt *st, int i, const char *text)
{
	(void)sqlite3_bind_text(st, i, text, -1, SQLITE_STATIC);
}

int
store_col_text(struct sqlite3_stmt *st, int i, char *out, size_t n)
{
	struct slice c = store_col(st, i);

	if (c.n >= n)
		return ERR_CORRUPT;
	memcpy(out, c.p, c.n);
	out[c.n] = '\0';
	return 0;
}

int64_t
store_col_int(struct sqlite3_stmt *st, int i)
{
	return sqlite3_column_int64(st, i);
}

int
store_one(struct store *s, struct sqlite3_stmt *st)
{
	int rc = db_step(s->db, st);

	return rc == 1 ? 0 : rc == 0 ? ERR_NOTFOUND : rc;
}

int
store_read_one(struct store *s, struct sqlite3_stmt *st,
    int (*read)(struct sqlite3_stmt *st, void *ret), void *ret)
{
	int rc = store_one(s, st);

	if (rc == 0)
		rc = read(st, ret);
	db_reset(st);
	return rc;
}

int
store_read_all(struct store *s, struct sqlite3_stmt *st,
    int (*read)(struct sqlite3_stmt *st, void *ret), void *v, size_t size, size_t cap,
    size_t *ret_n)
{
	size_t n = 0;
	int rc;

	while ((rc = db_step(s->db, st)) == 1) {
		rc = n < cap ? read(st, (unsigned char *)v + n * size) : ERR_LIMIT;
		if (rc != 0)
			break;
		n++;
	}
	db_reset(st);
	if (rc == 0)
		*ret_n = n;
	return rc;
}

int
store_read_id(struct sqlite3_stmt *st, void *ret)
{
	return store_col_fixed(st, 0, ret, ID_LEN);
}

int
store_sum(struct store *s, const struct slice *pieces, size_t n, unsigned char *ret)
{
	size_t i;
	int ok;

	ok = EVP_DigestInit_ex2(s->md, s->sha256, NULL);
	for (i = 0; ok && i < n; i++)
		ok = EVP_DigestUpdate(s->md, pieces[i].p, pieces[i].n);
	return ok && EVP_DigestFinal_ex(s->md, ret, NULL) ? 0 : ERR_CRYPTO;
}
