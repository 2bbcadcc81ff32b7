/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_SQL_TRIAGE_H
#define KEEPER_STORE_SQL_TRIAGE_H

/* The statements of store_sqlite_triage.c and store_sqlite_approval.c: X(name, text). */
#define TRIAGE_COLUMNS \
	"id, desk, state, level, first, touched, code, person, since, bulletin"
#define APPROVAL_COLUMNS    "draft, case_id, sum, asked, answer, blocks"
#define TRIAGE_CASE_COLUMNS "desk, case_id, grp, report, minute, ended"

/* clang-format off */
#define TRIAGE_SQL(X) \
	X(GROUP_PUT, "INSERT INTO triage (" TRIAGE_COLUMNS ", ja, en) VALUES" \
	    " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, '', '')" \
	    " ON CONFLICT (id) DO UPDATE SET state = ?3, level = ?4, touched = ?6," \
	    " code = ?7, person = ?8, since = ?9, bulletin = ?10") \
	X(GROUP_GET, "SELECT " TRIAGE_COLUMNS " FROM triage WHERE id = ?1") \
	X(GROUP_WORDS, "UPDATE triage SET ja = ?2, en = ?3 WHERE id = ?1") \
	X(GROUP_WORDS_GET, "SELECT ja, en FROM triage WHERE id = ?1") \
	X(GROUP_SUM, "SELECT count(*), sum(t.ended = 0), sum(c.told)," \
	    " sum(t.ended = 0 AND c.commitment IS NOT NULL), count(s.case_id)," \
	    " min(CASE WHEN g.inside >= 0 THEN g.inside END)," \
	    " min(CASE WHEN g.beyond >= 0 THEN g.beyond END), max(c.bulletin)" \
	    " FROM triage_cases t JOIN cases c ON c.id = t.case_id" \
	    " LEFT JOIN gates g ON g.report = t.report" \
	    " LEFT JOIN slips s ON s.case_id = t.case_id AND s.desk = t.desk" \
	    " WHERE t.grp = ?1") \
	X(GROUP_SLOTS, "SELECT DISTINCT c.slot FROM triage_cases t" \
	    " JOIN cases c ON c.id = t.case_id WHERE t.grp = ?1") \
	X(GROUP_LIST, "SELECT " TRIAGE_COLUMNS " FROM triage WHERE desk = ?1" \
	    " AND state = ?2 AND level >= ?3" \
	    " AND (?4 < 0 OR ?4 = EXISTS (SELECT 1 FROM triage_locks l" \
	    " WHERE l.grp = triage.id AND l.until > ?5))" \
	    " AND (?6 < 0 OR EXISTS (SELECT 1 FROM triage_cases t" \
	    " JOIN cases c ON c.id = t.case_id WHERE t.grp = triage.id AND c.slot = ?6))" \
	    " ORDER BY level DESC, touched DESC, id LIMIT ?7") \
	X(PRINT_GET, "SELECT grp FROM triage_keys WHERE desk = ?1 AND print = ?2") \
	X(PRINT_PUT, "INSERT INTO triage_keys (desk, print, grp) VALUES (?1, ?2, ?3)" \
	    " ON CONFLICT (desk, print) DO UPDATE SET grp = ?3") \
	X(MEMBER_CASE_PUT, "INSERT INTO triage_cases (" TRIAGE_CASE_COLUMNS ") VALUES" \
	    " (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (desk, case_id) DO UPDATE SET" \
	    " grp = ?3, report = ?4, minute = ?5, ended = ?6") \
	X(MEMBER_CASE_GET, "SELECT " TRIAGE_CASE_COLUMNS " FROM triage_cases" \
	    " WHERE desk = ?1 AND case_id = ?2") \
	X(MEMBER_CASE_LIST, "SELECT " TRIAGE_CASE_COLUMNS " FROM triage_cases" \
	    " WHERE grp = ?1 ORDER BY minute DESC, case_id DESC LIMIT ?2 OFFSET ?3") \
	X(LOCK_PUT, "INSERT OR REPLACE INTO triage_locks (grp, person, receiver, since," \
	    " until, ja, en) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)") \
	X(LOCK_GET, "SELECT person, receiver, since, until FROM triage_locks" \
	    " WHERE grp = ?1") \
	X(LOCK_RENEW, "UPDATE triage_locks SET until = ?2 WHERE grp = ?1") \
	X(LOCK_DEL, "DELETE FROM triage_locks WHERE grp = ?1") \
	X(APPROVAL_PUT, "INSERT OR REPLACE INTO approvals (" APPROVAL_COLUMNS ")" \
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)") \
	X(APPROVAL_GET, "SELECT " APPROVAL_COLUMNS " FROM approvals WHERE draft = ?1" \
	    " AND case_id = ?2") \
	X(APPROVAL_DRAFT, "SELECT " APPROVAL_COLUMNS " FROM approvals WHERE draft = ?1" \
	    " LIMIT ?2") \
	X(APPROVAL_CASE, "SELECT " APPROVAL_COLUMNS " FROM approvals WHERE case_id = ?1" \
	    " ORDER BY asked DESC LIMIT ?2") \
	X(REFUSAL_ADD, "INSERT OR IGNORE INTO refusals (case_id, sum) VALUES (?1, ?2)") \
	X(REFUSAL_DEL, "DELETE FROM refusals WHERE case_id = ?1 AND sum = ?2") \
	X(REFUSAL_GET, "SELECT 1 FROM refusals WHERE case_id = ?1 AND sum = ?2") \
	X(GROUP_DRAFT_ADD, "INSERT OR IGNORE INTO triage_drafts (draft, grp)" \
	    " VALUES (?1, ?2)") \
	X(GROUP_DRAFT_EACH, "SELECT grp FROM triage_drafts WHERE draft = ?1 LIMIT ?2") \
	X(GROUP_DRAFT_OF, "SELECT draft FROM triage_drafts WHERE grp = ?1 LIMIT ?2") \
	X(TRAIT_PUT, "INSERT OR IGNORE INTO triage_traits (trait, minute, case_id, slot)" \
	    " VALUES (?1, ?2, ?3, ?4)") \
	X(TRAIT_EACH, "SELECT case_id, slot FROM triage_traits t WHERE trait = ?1" \
	    " AND minute >= ?2 AND NOT EXISTS (SELECT 1 FROM triage_cases m" \
	    " WHERE m.desk = ?5 AND m.case_id = t.case_id AND m.grp = ?3) LIMIT ?4") \
	X(TRAIT_TOPICS, "SELECT case_id, slot FROM topics t WHERE topic = ?1" \
	    " AND minute >= ?2 AND NOT EXISTS (SELECT 1 FROM triage_cases m" \
	    " WHERE m.desk = ?5 AND m.case_id = t.case_id AND m.grp = ?3) LIMIT ?4") \
	X(TRAIT_PRUNE, "DELETE FROM triage_traits WHERE (trait, minute, case_id) IN" \
	    " (SELECT trait, minute, case_id FROM triage_traits WHERE minute < ?1" \
	    " LIMIT ?2)") \
	X(MEMBER_CASE_PRUNE, "DELETE FROM triage_cases WHERE (desk, case_id) IN" \
	    " (SELECT desk, case_id FROM triage_cases WHERE minute < ?1 LIMIT ?2)") \
	X(GROUP_PRUNE, "DELETE FROM triage WHERE id IN (SELECT id FROM triage" \
	    " WHERE touched < ?1 AND NOT EXISTS (SELECT 1 FROM triage_cases t" \
	    " WHERE t.grp = triage.id) LIMIT ?2)")
/* clang-format on */

#endif
