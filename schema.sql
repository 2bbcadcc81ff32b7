-- SPDX-License-Identifier: Apache-2.0
-- The truth for the databases.  A section "-- version: N" is the migration from N-1 to N,
-- run in one transaction; a released section is never edited, a new one is added below.

-- database: vault
-- version: 1
-- Who the members are, and the sealed envelopes.  Nothing here says which member sent
-- what: an envelope opens only with the keys of both escrow holders, and they are offline.

-- One row: the registry's generation and the two secrets that the hub keeps for ever.
CREATE TABLE meta (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	generation INTEGER NOT NULL CHECK (generation > 0),
	receiver_key BLOB NOT NULL CHECK (length(receiver_key) = 32),
	ticket_secret BLOB NOT NULL CHECK (length(ticket_secret) = 32)
) STRICT;

-- op, sec, aff: bit sets of CEPTOAR slots.  wants: the first subscription, encoded.
CREATE TABLE members (
	id TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 63),
	disabled INTEGER NOT NULL CHECK (disabled IN (0, 1)),
	op BLOB NOT NULL CHECK (length(op) = 16),
	sec BLOB NOT NULL CHECK (length(sec) = 16),
	aff BLOB NOT NULL CHECK (length(aff) = 16),
	roles INTEGER NOT NULL,
	clearance INTEGER NOT NULL CHECK (clearance BETWEEN 0 AND 4),
	routes INTEGER NOT NULL,
	region TEXT NOT NULL,
	class TEXT NOT NULL,
	size TEXT NOT NULL,
	wants BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- What the scrubber starts from: names, aliases, domains and so on of one member.
CREATE TABLE terms (
	member TEXT NOT NULL REFERENCES members (id),
	n INTEGER NOT NULL,
	kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 8),
	text BLOB NOT NULL CHECK (length(text) BETWEEN 1 AND 256),
	PRIMARY KEY (member, n)
) STRICT, WITHOUT ROWID;

-- spki: SHA-256 of the certificate's SubjectPublicKeyInfo; one belongs to one member.
CREATE TABLE certs (
	spki BLOB PRIMARY KEY CHECK (length(spki) = 32),
	member TEXT NOT NULL REFERENCES members (id),
	not_after INTEGER NOT NULL,
	revoked INTEGER NOT NULL CHECK (revoked IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX certs_member ON certs (member);

-- day: days since 1970, for retention; nothing finer, no row order.
CREATE TABLE envelopes (
	report_id BLOB PRIMARY KEY CHECK (length(report_id) = 16),
	envelope BLOB NOT NULL,
	day INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX envelopes_day ON envelopes (day);

-- version: 2
-- Holders' pairs: the first 8 bytes of SHA-256 over both certificates.  Which pair opens
-- an envelope; zeros: made before this was noted.
CREATE TABLE pairs (
	pair BLOB PRIMARY KEY CHECK (length(pair) = 8)
) STRICT, WITHOUT ROWID;
ALTER TABLE envelopes ADD COLUMN pair BLOB NOT NULL DEFAULT x'0000000000000000'
	CHECK (length(pair) = 8);
DROP INDEX envelopes_day;
CREATE INDEX envelopes_day ON envelopes (day, pair);

-- The centre and ministries that a reporter may name; cert is DER.
CREATE TABLE recipients (
	member TEXT PRIMARY KEY REFERENCES members (id),
	cert BLOB NOT NULL CHECK (length(cert) BETWEEN 1 AND 2048),
	spki BLOB NOT NULL CHECK (length(spki) = 32)
) STRICT, WITHOUT ROWID;

-- Envelopes of named reports: member is whom the reporter chose, never who sent it.
CREATE TABLE named (
	report_id BLOB NOT NULL CHECK (length(report_id) = 16),
	member TEXT NOT NULL REFERENCES members (id),
	envelope BLOB NOT NULL,
	day INTEGER NOT NULL,
	PRIMARY KEY (report_id, member)
) STRICT, WITHOUT ROWID;
CREATE INDEX named_day ON named (day);

-- Every envelope that was handed out, before it was: append-only, and chained.
-- sum = SHA-256(prev, number, minute, report_id, reason); proto/msg_escrow.h.
CREATE TABLE exports (
	number INTEGER PRIMARY KEY CHECK (number > 0),
	minute INTEGER NOT NULL CHECK (minute >= 0),
	report_id BLOB NOT NULL CHECK (length(report_id) = 16),
	reason TEXT NOT NULL,
	prev BLOB NOT NULL CHECK (length(prev) = 32),
	sum BLOB NOT NULL CHECK (length(sum) = 32)
) STRICT;
-- The first also stops INSERT OR REPLACE, which fires no trigger of DELETE.
CREATE TRIGGER exports_insert BEFORE INSERT ON exports
WHEN NEW.number <> 1 + (SELECT coalesce(max(number), 0) FROM exports) BEGIN
	SELECT RAISE(ABORT, 'exports is append-only');
END;
CREATE TRIGGER exports_update BEFORE UPDATE ON exports BEGIN
	SELECT RAISE(ABORT, 'exports is append-only');
END;
CREATE TRIGGER exports_delete BEFORE DELETE ON exports BEGIN
	SELECT RAISE(ABORT, 'exports is append-only');
END;
-- Blind tokens.  One row: the newest epoch ever seen, which never goes back; its length;
-- which keeper the keys are for (0: none yet), for one that has forgotten spent tokens
-- must not meet the old keys; of which sector group each CEPTOAR slot is (255: none).
CREATE TABLE tokens (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	epoch INTEGER NOT NULL CHECK (epoch BETWEEN 0 AND 4294967295),
	seconds INTEGER NOT NULL CHECK (seconds > 0),
	keeper INTEGER NOT NULL CHECK (keeper BETWEEN 0 AND 4294967295),
	groups INTEGER NOT NULL CHECK (groups BETWEEN 0 AND 64),
	group_of BLOB NOT NULL CHECK (length(group_of) = 128)
) STRICT;

-- id: SHA-256 of the modulus.  drawn: members that drew in its epoch.  A dead key is used
-- no more, and goes when its rows in issued have gone.
CREATE TABLE issuer_keys (
	id BLOB PRIMARY KEY CHECK (length(id) = 32),
	grp INTEGER NOT NULL CHECK (grp BETWEEN 0 AND 63),
	epoch INTEGER NOT NULL CHECK (epoch BETWEEN 0 AND 4294967295),
	modulus BLOB NOT NULL CHECK (length(modulus) = 384),
	drawn INTEGER NOT NULL CHECK (drawn >= 0),
	dead INTEGER NOT NULL CHECK (dead IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX issuer_keys_one ON issuer_keys (grp, epoch) WHERE dead = 0;

-- The private halves, until their epoch ends.  Never in a backup.
CREATE TABLE issuer_private (
	id BLOB PRIMARY KEY REFERENCES issuer_keys (id),
	der BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- blinded: SHA-256 of what was signed blindly, so that a retry gets the same signature
-- and counts once.  Nothing here can be matched with a token that is redeemed.
CREATE TABLE issued (
	id BLOB NOT NULL REFERENCES issuer_keys (id),
	member TEXT NOT NULL REFERENCES members (id),
	blinded BLOB NOT NULL CHECK (length(blinded) = 32),
	signature BLOB NOT NULL CHECK (length(signature) = 384),
	PRIMARY KEY (id, member, blinded)
) STRICT, WITHOUT ROWID;

-- One row: the sector of each CEPTOAR slot, a byte each, 255 for none, as the data files
-- say.  Counts of the sectors that a thing was reported from start here.
CREATE TABLE sectors (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	of_slot BLOB NOT NULL CHECK (length(of_slot) = 128)
) STRICT;

-- version: 3
-- The desk: people and how they are reached.

-- person: '' for what is the member's own.  n counts from 1 for each of them.  kind: 1
-- mail, 2 webhook, 3 sms, 4 voice, 5 telephone.
CREATE TABLE contacts (
	member TEXT NOT NULL REFERENCES members (id),
	person TEXT NOT NULL CHECK (length(person) <= 63),
	n INTEGER NOT NULL CHECK (n BETWEEN 1 AND 16),
	kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 5),
	lang TEXT NOT NULL CHECK (lang IN ('ja', 'en')),
	value TEXT NOT NULL CHECK (length(value) BETWEEN 1 AND 512),
	PRIMARY KEY (member, person, n)
) STRICT, WITHOUT ROWID;

-- Who of a member may hold a certificate of its own.  duties: bits of proto/rights.h;
-- langs: 1 Japanese, 2 English.  gone: the newest import does not name it; the row stays,
-- for what it did has its id.
CREATE TABLE persons (
	member TEXT NOT NULL REFERENCES members (id),
	person TEXT NOT NULL CHECK (length(person) BETWEEN 1 AND 63),
	duties INTEGER NOT NULL CHECK (duties BETWEEN 1 AND 15),
	langs INTEGER NOT NULL CHECK (langs BETWEEN 1 AND 3),
	gone INTEGER NOT NULL CHECK (gone IN (0, 1)),
	PRIMARY KEY (member, person)
) STRICT, WITHOUT ROWID;

-- Who of a member's persons is on duty from when to when, in minutes since 1970; rank: who
-- is called first.
CREATE TABLE shifts (
	member TEXT NOT NULL,
	person TEXT NOT NULL,
	from_minute INTEGER NOT NULL CHECK (from_minute >= 0),
	to_minute INTEGER NOT NULL CHECK (to_minute > from_minute),
	rank INTEGER NOT NULL CHECK (rank BETWEEN 1 AND 9),
	PRIMARY KEY (member, from_minute, person),
	FOREIGN KEY (member, person) REFERENCES persons (member, person)
) STRICT, WITHOUT ROWID;

-- What members (person '') and persons are called, for the desks that may know it.
CREATE TABLE names (
	member TEXT NOT NULL REFERENCES members (id),
	person TEXT NOT NULL CHECK (length(person) <= 63),
	ja TEXT NOT NULL CHECK (length(ja) <= 256),
	en TEXT NOT NULL CHECK (length(en) <= 256),
	PRIMARY KEY (member, person)
) STRICT, WITHOUT ROWID;

-- person: whose of the member's the certificate is; '': the member's own.
ALTER TABLE certs ADD COLUMN person TEXT NOT NULL DEFAULT '' CHECK (length(person) <= 63);

-- What webhooks are signed with.  A table of its own, for an import writes contacts anew
-- and must not change a secret.  old: signed with as well, until old_until (seconds).
CREATE TABLE contact_secrets (
	member TEXT NOT NULL REFERENCES members (id),
	person TEXT NOT NULL,
	value TEXT NOT NULL,
	secret BLOB NOT NULL CHECK (length(secret) = 32),
	old BLOB CHECK (length(old) = 32),
	old_until INTEGER NOT NULL CHECK (old_until >= 0),
	PRIMARY KEY (member, person, value)
) STRICT, WITHOUT ROWID;

-- version: 4
-- pin: which keys a webhook's server may have, as libcurl takes it; '' for any.
ALTER TABLE contacts ADD COLUMN pin TEXT NOT NULL DEFAULT '' CHECK (length(pin) <= 105);

-- version: 5
-- Somebody is there around the clock: silence is short then.
ALTER TABLE members ADD COLUMN always INTEGER NOT NULL DEFAULT 0 CHECK (always IN (0, 1));

-- database: keeper
-- version: 1
-- What each table may say about a report: random keys, no row order, the minute of
-- acceptance, its CEPTOAR.  No member, no address, no receiver stands beside a report.

-- One row: who this database is, and the head of the log.  The transaction itself moves
-- the head, so that the sequence has no gap and no reader sees 8 before 7.
CREATE TABLE meta (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	epoch INTEGER NOT NULL CHECK (epoch BETWEEN 1 AND 4294967295),
	cursor_key BLOB NOT NULL CHECK (length(cursor_key) = 16),
	head INTEGER NOT NULL CHECK (head >= 0),
	chain BLOB NOT NULL CHECK (length(chain) = 32)
) STRICT;

-- The bus.  head, body and stub are what proto/frame.h says, the same for everybody.
-- sum = SHA-256(prev, head, body, stub), prev = the sum of the row before.
CREATE TABLE log (
	seq INTEGER PRIMARY KEY CHECK (seq > 0),
	head BLOB NOT NULL CHECK (length(head) = 121),
	prev BLOB NOT NULL CHECK (length(prev) = 32),
	sum BLOB NOT NULL CHECK (length(sum) = 32),
	body BLOB NOT NULL,
	stub BLOB NOT NULL
) STRICT;

-- Every version of every report; none overwrites another.  body: scrubbed, canonical.
-- desks: 1 its secretariat, 2 the centre.  revision: of the case's bulletin, made by this
-- version; 0: none.
CREATE TABLE reports (
	id BLOB PRIMARY KEY CHECK (length(id) = 16),
	case_id BLOB NOT NULL CHECK (length(case_id) = 16),
	slot INTEGER NOT NULL CHECK (slot BETWEEN 0 AND 127 OR slot = 255),
	minute INTEGER NOT NULL CHECK (minute >= 0),
	level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 4),
	blind INTEGER NOT NULL CHECK (blind IN (0, 1)),
	desks INTEGER NOT NULL CHECK (desks BETWEEN 1 AND 3),
	bulletin BLOB CHECK (length(bulletin) = 16),
	revision INTEGER NOT NULL CHECK (revision BETWEEN 0 AND 65535),
	sum BLOB NOT NULL CHECK (length(sum) = 32),
	body BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- commitment: SHA-256 of the case secret; NULL when the reporter wanted no channel.
-- state: 1 received, 2 released, 3 withdrawn, 4 closed.  report: its newest version.
CREATE TABLE cases (
	id BLOB PRIMARY KEY CHECK (length(id) = 16),
	commitment BLOB CHECK (length(commitment) = 32),
	slot INTEGER NOT NULL CHECK (slot BETWEEN 0 AND 127 OR slot = 255),
	minute INTEGER NOT NULL CHECK (minute >= 0),
	state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 4),
	reports INTEGER NOT NULL CHECK (reports >= 0),
	report BLOB NOT NULL CHECK (length(report) = 16),
	bulletin BLOB CHECK (length(bulletin) = 16)
) STRICT, WITHOUT ROWID;

-- What waits on a desk: a CEPTOAR's slot, or 255 for the centre.
CREATE TABLE inbox (
	desk INTEGER NOT NULL CHECK (desk BETWEEN 0 AND 127 OR desk = 255),
	minute INTEGER NOT NULL CHECK (minute >= 0),
	report BLOB NOT NULL CHECK (length(report) = 16),
	PRIMARY KEY (desk, minute, report)
) STRICT, WITHOUT ROWID;

-- key: SHA-256(listener, key, case commitment); mac: SHA-256(that, HMAC(key, body as it came)).
CREATE TABLE idem (
	key BLOB PRIMARY KEY CHECK (length(key) = 32),
	mac BLOB NOT NULL CHECK (length(mac) = 32),
	report BLOB NOT NULL CHECK (length(report) = 16),
	minute INTEGER NOT NULL CHECK (minute >= 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX idem_minute ON idem (minute);

-- One row a bulletin, at its newest revision; seq and head: that revision's log row.
-- report: whose text it carries.  state: 1 stands, 2 cancelled.
-- due, note_due: minutes at which an unverified warning ends, and says that it still is.
CREATE TABLE bulletins (
	id BLOB PRIMARY KEY CHECK (length(id) = 16),
	number TEXT NOT NULL UNIQUE CHECK (length(number) BETWEEN 10 AND 15),
	case_id BLOB NOT NULL CHECK (length(case_id) = 16),
	report BLOB NOT NULL CHECK (length(report) = 16),
	revision INTEGER NOT NULL CHECK (revision BETWEEN 1 AND 65535),
	seq INTEGER NOT NULL UNIQUE,
	state INTEGER NOT NULL CHECK (state IN (1, 2)),
	verified INTEGER NOT NULL CHECK (verified IN (0, 1)),
	issued INTEGER NOT NULL CHECK (issued >= 0),
	valid_until INTEGER NOT NULL CHECK (valid_until >= 0),
	note_due INTEGER,
	end_due INTEGER,
	head BLOB NOT NULL CHECK (length(head) = 121)
) STRICT, WITHOUT ROWID;
CREATE INDEX bulletins_note ON bulletins (note_due) WHERE note_due IS NOT NULL;
CREATE INDEX bulletins_end ON bulletins (end_due) WHERE end_due IS NOT NULL;

CREATE TABLE revisions (
	bulletin BLOB NOT NULL CHECK (length(bulletin) = 16),
	revision INTEGER NOT NULL CHECK (revision BETWEEN 1 AND 65535),
	seq INTEGER NOT NULL,
	PRIMARY KEY (bulletin, revision)
) STRICT, WITHOUT ROWID;

-- Who confirmed what: receiver ids, which lie in another keyed domain than reports.
-- status: 1 received, 2 read, 3 acted; never backwards.
CREATE TABLE acks (
	bulletin BLOB NOT NULL CHECK (length(bulletin) = 16),
	revision INTEGER NOT NULL CHECK (revision BETWEEN 1 AND 65535),
	receiver BLOB NOT NULL CHECK (length(receiver) = 16),
	status INTEGER NOT NULL CHECK (status BETWEEN 1 AND 3),
	minute INTEGER NOT NULL CHECK (minute >= 0),
	forwarded INTEGER NOT NULL CHECK (forwarded >= 0),
	note TEXT NOT NULL,
	PRIMARY KEY (bulletin, revision, receiver)
) STRICT, WITHOUT ROWID;

CREATE TABLE subscriptions (
	receiver BLOB PRIMARY KEY CHECK (length(receiver) = 16),
	wants BLOB NOT NULL CHECK (length(wants) <= 128)
) STRICT, WITHOUT ROWID;

-- version: 2
-- Reports of which a reader may learn the sender, since the reporter named it: receiver
-- is the centre's or a ministry's, whom the reporter chose, never the sender's.
CREATE TABLE named (
	receiver BLOB NOT NULL CHECK (length(receiver) = 16),
	minute INTEGER NOT NULL CHECK (minute >= 0),
	report BLOB NOT NULL CHECK (length(report) = 16),
	PRIMARY KEY (receiver, minute, report)
) STRICT, WITHOUT ROWID;
CREATE INDEX named_report ON named (report);
-- The council's statement of issuer keys, as it came; one row, the newest.
CREATE TABLE statement (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	serial INTEGER NOT NULL CHECK (serial >= 0),
	jws TEXT NOT NULL CHECK (length(jws) BETWEEN 1 AND 131072)
) STRICT;

-- One-time tokens of the blind listener that were used.  id: SHA-256 of what the token
-- signs; inserted in the transaction of its report, but nothing joins the two.  Kept until
-- no token of that epoch is taken any more.
CREATE TABLE spent (
	id BLOB PRIMARY KEY CHECK (length(id) = 32),
	epoch INTEGER NOT NULL CHECK (epoch BETWEEN 0 AND 4294967295)
) STRICT, WITHOUT ROWID;
CREATE INDEX spent_epoch ON spent (epoch);

-- The case channel.  desks: 1 and 2 as in reports, of all versions together.  touched:
-- the minute under which the newest version lies in the inbox.  messages: how many; asked:
-- the desk's since the reporter's last one, told: the reporter's since the desk's last.
-- When somebody reads is kept nowhere.
ALTER TABLE cases ADD COLUMN desks INTEGER NOT NULL DEFAULT 1 CHECK (desks BETWEEN 1 AND 3);
ALTER TABLE cases ADD COLUMN touched INTEGER NOT NULL DEFAULT 0 CHECK (touched >= 0);
ALTER TABLE cases ADD COLUMN messages INTEGER NOT NULL DEFAULT 0 CHECK (messages >= 0);
ALTER TABLE cases ADD COLUMN asked INTEGER NOT NULL DEFAULT 0 CHECK (asked >= 0);
ALTER TABLE cases ADD COLUMN told INTEGER NOT NULL DEFAULT 0 CHECK (told >= 0);
UPDATE cases SET
	desks = coalesce((SELECT desks FROM reports WHERE id = cases.report), 1),
	touched = coalesce((SELECT minute FROM reports WHERE id = cases.report), minute);

-- side: 0 the reporter, 1 the desk.  body: {"ja","en"}, scrubbed, addresses defanged.
-- key, mac: of an Idempotency-Key, as in idem.
CREATE TABLE messages (
	case_id BLOB NOT NULL CHECK (length(case_id) = 16),
	n INTEGER NOT NULL CHECK (n BETWEEN 1 AND 200),
	side INTEGER NOT NULL CHECK (side IN (0, 1)),
	minute INTEGER NOT NULL CHECK (minute >= 0),
	key BLOB CHECK (length(key) = 32),
	mac BLOB CHECK (length(mac) = 32),
	body BLOB NOT NULL,
	PRIMARY KEY (case_id, n)
) STRICT, WITHOUT ROWID;

-- Call-back slips: a name or number that the desk alone can open.  due: the minute at
-- which it is destroyed, unless the case ends before.
CREATE TABLE slips (
	case_id BLOB PRIMARY KEY CHECK (length(case_id) = 16),
	desk INTEGER NOT NULL CHECK (desk BETWEEN 0 AND 127 OR desk = 255),
	box BLOB NOT NULL CHECK (length(box) BETWEEN 1 AND 2048),
	due INTEGER NOT NULL CHECK (due >= 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX slips_due ON slips (due);

-- Certificates that slips are encrypted to, PEM.
CREATE TABLE duty_keys (
	desk INTEGER PRIMARY KEY CHECK (desk BETWEEN 0 AND 127 OR desk = 255),
	cert TEXT NOT NULL CHECK (length(cert) BETWEEN 1 AND 8192)
) STRICT, WITHOUT ROWID;

-- What the k gate has decided about a version of a report.  held: why it waits, bits of
-- daemon/keeper/policy.h; shown: what readers may see beside the text, bits of store_gate.h;
-- inside, beyond: how many members fit that, in its CEPTOAR and for others, -1: no such
-- readers.
CREATE TABLE gates (
	report BLOB PRIMARY KEY CHECK (length(report) = 16),
	held INTEGER NOT NULL CHECK (held BETWEEN 0 AND 65535),
	shown INTEGER NOT NULL CHECK (shown BETWEEN 0 AND 255),
	inside INTEGER NOT NULL CHECK (inside >= -1),
	beyond INTEGER NOT NULL CHECK (beyond >= -1)
) STRICT, WITHOUT ROWID;

-- What the bulletins of a case have shown together, and the highest k that was asked for:
-- a later one never lets readers conclude more.
CREATE TABLE shown (
	case_id BLOB PRIMARY KEY CHECK (length(case_id) = 16),
	k INTEGER NOT NULL CHECK (k BETWEEN 0 AND 1000),
	inside INTEGER NOT NULL CHECK (inside BETWEEN 0 AND 255),
	beyond INTEGER NOT NULL CHECK (beyond BETWEEN 0 AND 255),
	region TEXT NOT NULL,
	class TEXT NOT NULL,
	size TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- Before there was a gate each bulletin showed its sector.
INSERT INTO shown SELECT DISTINCT case_id, 0, 8, 8, '', '', '' FROM bulletins;

-- What reports are about, for a month: figures that the vault has counted, never who.
-- topic: a thing that the report names (proto/topic.h).  members, sectors: how many
-- different members of how many sectors had said so in the 24 hours before, as counted
-- since the minute `since`; 0: it was not counted.  waits: the case has a bulletin that
-- no second member has confirmed yet.
CREATE TABLE topics (
	topic BLOB NOT NULL CHECK (length(topic) = 16),
	minute INTEGER NOT NULL CHECK (minute >= 0),
	case_id BLOB NOT NULL CHECK (length(case_id) = 16),
	slot INTEGER NOT NULL CHECK (slot BETWEEN 0 AND 127 OR slot = 255),
	level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 4),
	members INTEGER NOT NULL CHECK (members BETWEEN 0 AND 65535),
	sectors INTEGER NOT NULL CHECK (sectors BETWEEN 0 AND 64),
	since INTEGER NOT NULL CHECK (since >= 0),
	waits INTEGER NOT NULL CHECK (waits IN (0, 1)),
	PRIMARY KEY (topic, minute, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX topics_minute ON topics (minute);
CREATE INDEX topics_waits ON topics (topic) WHERE waits = 1;

-- Topics that many have: the newest figures, the CEPTOARs whose reports have it, the
-- highest level of those.  told: of how many members the desks were last told, and when.
-- report: one of them, its words are taken from there.
CREATE TABLE trends (
	topic BLOB PRIMARY KEY CHECK (length(topic) = 16),
	slots BLOB NOT NULL CHECK (length(slots) = 16),
	level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 4),
	members INTEGER NOT NULL CHECK (members BETWEEN 0 AND 65535),
	sectors INTEGER NOT NULL CHECK (sectors BETWEEN 0 AND 64),
	since INTEGER NOT NULL CHECK (since >= 0),
	first INTEGER NOT NULL CHECK (first >= 0),
	last INTEGER NOT NULL CHECK (last >= 0),
	told INTEGER NOT NULL CHECK (told BETWEEN 0 AND 65535),
	told_at INTEGER NOT NULL CHECK (told_at >= 0),
	report BLOB NOT NULL CHECK (length(report) = 16)
) STRICT, WITHOUT ROWID;
CREATE INDEX trends_last ON trends (last);

-- Different members who said the same, as last counted; from 2 on it is confirmed.
ALTER TABLE bulletins ADD COLUMN reporters INTEGER NOT NULL DEFAULT 0
	CHECK (reporters BETWEEN 0 AND 65535);

-- version: 3
-- The desk: what people do with reports and bulletins.  Nothing here says who sent what.
-- Drafts of bulletins.  desk: a CEPTOAR's slot, or 255 for the centre.  state: 1 open,
-- 2 waits for a second person, 3 released.  bulletin: the one that it revises or became.
CREATE TABLE drafts (
	id BLOB PRIMARY KEY CHECK (length(id) = 16),
	desk INTEGER NOT NULL CHECK (desk BETWEEN 0 AND 127 OR desk = 255),
	state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 3),
	revision INTEGER NOT NULL CHECK (revision BETWEEN 1 AND 65535),
	touched INTEGER NOT NULL CHECK (touched >= 0),
	bulletin BLOB CHECK (length(bulletin) = 16)
) STRICT, WITHOUT ROWID;
CREATE INDEX drafts_desk ON drafts (desk, touched);

-- Every version with the person who wrote it.  body: proto/draft.h, canonical.
CREATE TABLE draft_revisions (
	draft BLOB NOT NULL CHECK (length(draft) = 16),
	revision INTEGER NOT NULL CHECK (revision BETWEEN 1 AND 65535),
	person BLOB NOT NULL CHECK (length(person) = 16),
	minute INTEGER NOT NULL CHECK (minute >= 0),
	body BLOB NOT NULL,
	PRIMARY KEY (draft, revision)
) STRICT, WITHOUT ROWID;

-- What is known of a bulletin of a desk beside its row: the newest release.  origin:
-- 1 secretariat, 2 centre.  second: who agreed, NULL where nobody had to.
CREATE TABLE bulletin_meta (
	bulletin BLOB PRIMARY KEY CHECK (length(bulletin) = 16),
	desk INTEGER NOT NULL CHECK (desk BETWEEN 0 AND 127 OR desk = 255),
	origin INTEGER NOT NULL CHECK (origin BETWEEN 1 AND 2),
	kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 3),
	person BLOB NOT NULL CHECK (length(person) = 16),
	second BLOB CHECK (length(second) = 16),
	draft BLOB NOT NULL CHECK (length(draft) = 16),
	ack_due INTEGER NOT NULL CHECK (ack_due >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE bulletin_cases (
	bulletin BLOB NOT NULL CHECK (length(bulletin) = 16),
	case_id BLOB NOT NULL CHECK (length(case_id) = 16),
	PRIMARY KEY (bulletin, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX bulletin_cases_case ON bulletin_cases (case_id);

-- What one person has asked for and another has to look at.  action: 1 release, 2 cancel,
-- 3 false alarm.  state: 1 waits, 2 agreed, 3 refused.  due: done alone, the minute until
-- which it has to be looked at; 0: it waits and nothing was done.  overdue: was told.
CREATE TABLE seconds (
	id BLOB PRIMARY KEY CHECK (length(id) = 16),
	action INTEGER NOT NULL CHECK (action BETWEEN 1 AND 3),
	state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 3),
	desk INTEGER NOT NULL CHECK (desk BETWEEN 0 AND 127 OR desk = 255),
	person BLOB NOT NULL CHECK (length(person) = 16),
	minute INTEGER NOT NULL CHECK (minute >= 0),
	draft BLOB CHECK (length(draft) = 16),
	revision INTEGER NOT NULL CHECK (revision BETWEEN 0 AND 65535),
	bulletin BLOB CHECK (length(bulletin) = 16),
	due INTEGER NOT NULL CHECK (due >= 0),
	overdue INTEGER NOT NULL CHECK (overdue IN (0, 1)),
	reason TEXT NOT NULL CHECK (length(reason) <= 8000),
	second BLOB CHECK (length(second) = 16),
	answered INTEGER NOT NULL CHECK (answered >= 0),
	answer TEXT NOT NULL CHECK (length(answer) <= 8000)
) STRICT, WITHOUT ROWID;
CREATE INDEX seconds_waits ON seconds (state, minute);
CREATE INDEX seconds_due ON seconds (due) WHERE state = 1 AND due > 0 AND overdue = 0;

-- Files of a draft, and of the bulletin that came of it.
CREATE TABLE attachments (
	draft BLOB NOT NULL CHECK (length(draft) = 16),
	name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
	type TEXT NOT NULL,
	size INTEGER NOT NULL CHECK (size BETWEEN 1 AND 2097152),
	sum BLOB NOT NULL CHECK (length(sum) = 32),
	body BLOB NOT NULL,
	PRIMARY KEY (draft, name)
) STRICT, WITHOUT ROWID;

-- Answers to desks' calls under an Idempotency-Key: the same call gets the same again.
CREATE TABLE desk_idem (
	key BLOB PRIMARY KEY CHECK (length(key) = 32),
	mac BLOB NOT NULL CHECK (length(mac) = 32),
	call BLOB NOT NULL CHECK (length(call) = 32),
	minute INTEGER NOT NULL CHECK (minute >= 0),
	body BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX desk_idem_minute ON desk_idem (minute);
-- The outbox.  A row of the log that is to be brought to people and machines: added in the
-- row's own transaction, taken apart receiver by receiver, `after` is the last one done.
CREATE TABLE outbox (
	seq INTEGER PRIMARY KEY CHECK (seq > 0),
	bulletin BLOB NOT NULL CHECK (length(bulletin) = 16),
	revision INTEGER NOT NULL CHECK (revision BETWEEN 1 AND 65535),
	after BLOB NOT NULL CHECK (length(after) = 16)
) STRICT, WITHOUT ROWID;

-- One row for each way to each receiver.  route: 1 mail, 2 webhook, 3 sms, 4 voice.
-- contact: its number in the vault, 255 for the only one there is, or not told apart yet.
-- state: 1 queued, 2 leased, 3 sent, 4 failed, 5 dropped, 6 waits for the digest.
-- next_at, lease_until: seconds, and 0 but while a try that failed is waiting for the next
-- one and while one is under way: nothing finer than a minute stays.  queued_at, sent_at:
-- minutes.  No address stands here.
CREATE TABLE deliveries (
	bulletin BLOB NOT NULL CHECK (length(bulletin) = 16),
	revision INTEGER NOT NULL CHECK (revision BETWEEN 1 AND 65535),
	receiver BLOB NOT NULL CHECK (length(receiver) = 16),
	route INTEGER NOT NULL CHECK (route BETWEEN 1 AND 4),
	contact INTEGER NOT NULL CHECK (contact BETWEEN 0 AND 255),
	state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 6),
	tries INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
	next_at INTEGER NOT NULL DEFAULT 0 CHECK (next_at >= 0),
	lease_until INTEGER NOT NULL DEFAULT 0 CHECK (lease_until >= 0),
	reason TEXT NOT NULL DEFAULT '' CHECK (length(reason) <= 64),
	queued_at INTEGER NOT NULL CHECK (queued_at >= 0),
	sent_at INTEGER NOT NULL DEFAULT 0 CHECK (sent_at >= 0),
	PRIMARY KEY (bulletin, revision, receiver, route, contact)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_due ON deliveries (receiver, route, next_at) WHERE state = 1;
CREATE INDEX deliveries_leased ON deliveries (receiver, route, lease_until) WHERE state = 2;

-- Acknowledgement links of mails: SHA-256 of the token; sent_at, used_at: seconds, 0: not.
CREATE TABLE links (
	token_sum BLOB PRIMARY KEY CHECK (length(token_sum) = 32),
	bulletin BLOB NOT NULL CHECK (length(bulletin) = 16),
	revision INTEGER NOT NULL CHECK (revision BETWEEN 1 AND 65535),
	receiver BLOB NOT NULL CHECK (length(receiver) = 16),
	sent_at INTEGER NOT NULL CHECK (sent_at >= 0),
	used_at INTEGER NOT NULL DEFAULT 0 CHECK (used_at >= 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX links_sent ON links (sent_at);

-- Endpoints that said that they are gone (410): mark is a keyed sum that only the courier
-- can make of the address, so that another address is not taken for this one.
CREATE TABLE gone (
	receiver BLOB NOT NULL CHECK (length(receiver) = 16),
	route INTEGER NOT NULL CHECK (route BETWEEN 1 AND 4),
	contact INTEGER NOT NULL CHECK (contact BETWEEN 0 AND 255),
	mark BLOB NOT NULL CHECK (length(mark) = 16),
	PRIMARY KEY (receiver, route, contact)
) STRICT, WITHOUT ROWID;
-- Reach.  An acknowledgement a row for each grade of evidence, so that what a member's own
-- client said and what a desk heard on the telephone are told apart.  person: who said so
-- (evidence 3: who took the call).  evidence: 1 client, 2 link, 3 telephone, 4 relay.
-- flagged: 1 it is kept but not counted.  received_at, read_at, acted_at: when it first said
-- as much; minute: of its newest word.
CREATE TABLE acks_graded (
	bulletin BLOB NOT NULL CHECK (length(bulletin) = 16),
	revision INTEGER NOT NULL CHECK (revision BETWEEN 1 AND 65535),
	receiver BLOB NOT NULL CHECK (length(receiver) = 16),
	evidence INTEGER NOT NULL CHECK (evidence BETWEEN 1 AND 4),
	person BLOB NOT NULL CHECK (length(person) = 16),
	status INTEGER NOT NULL CHECK (status BETWEEN 1 AND 3),
	flagged INTEGER NOT NULL CHECK (flagged IN (0, 1)),
	minute INTEGER NOT NULL CHECK (minute >= 0),
	received_at INTEGER,
	read_at INTEGER,
	acted_at INTEGER,
	forwarded INTEGER NOT NULL CHECK (forwarded >= 0),
	note TEXT NOT NULL,
	PRIMARY KEY (bulletin, revision, receiver, evidence)
) STRICT, WITHOUT ROWID;
-- Before there were persons the member itself had said it, by its client.
INSERT INTO acks_graded SELECT bulletin, revision, receiver, 1, receiver, status, 0, minute,
	CASE status WHEN 1 THEN minute END, CASE status WHEN 2 THEN minute END,
	CASE status WHEN 3 THEN minute END, forwarded, note FROM acks;
DROP TABLE acks;
ALTER TABLE acks_graded RENAME TO acks;

-- What came back by such a link: 1 received, 2 read, 3 acted, 4 "not for me"; 0: nothing.
ALTER TABLE links ADD COLUMN answer INTEGER NOT NULL DEFAULT 0 CHECK (answer BETWEEN 0 AND 4);
CREATE INDEX links_mail ON links (bulletin, revision, receiver);
-- digest: 1 for what goes with the daily mail, also while it is leased (state 2).
ALTER TABLE deliveries ADD COLUMN digest INTEGER NOT NULL DEFAULT 0 CHECK (digest IN (0, 1));
CREATE INDEX deliveries_digest ON deliveries (next_at, receiver, contact) WHERE state = 6;

-- Signature and relay.
-- The keys that sign bulletins.  kid: RFC 7638 thumbprint; n: in the order in which they
-- were made; point: 0x04, x, y; since: the minute from which it signs.  The hub's own
-- stay for ever, so that all of the log verifies; another hub's (since 0) can be dropped.
CREATE TABLE signing_keys (
	kid TEXT PRIMARY KEY CHECK (length(kid) = 43),
	n INTEGER NOT NULL UNIQUE CHECK (n > 0),
	point BLOB NOT NULL CHECK (length(point) = 65),
	made INTEGER NOT NULL CHECK (made >= 0),
	since INTEGER NOT NULL CHECK (since >= 0)
) STRICT, WITHOUT ROWID;

-- The private halves, until a key is retired.  Never in a backup.
CREATE TABLE signing_private (
	kid TEXT PRIMARY KEY REFERENCES signing_keys (kid),
	der BLOB NOT NULL CHECK (length(der) BETWEEN 1 AND 256)
) STRICT, WITHOUT ROWID;

-- What was passed on.  bulletin: the wrapper, original: what it wraps, in the revision that
-- it shows; slot: the CEPTOAR within which it is passed on; hub: where the original came
-- from, '' for this one.  tlp: at least.  members: 1 operators too, 0 affiliates and desks.
-- ordered: by a standing order, no desk has added a word yet.
CREATE TABLE relays (
	bulletin BLOB PRIMARY KEY CHECK (length(bulletin) = 16),
	original BLOB NOT NULL CHECK (length(original) = 16),
	slot INTEGER NOT NULL CHECK (slot BETWEEN 0 AND 127),
	hub TEXT NOT NULL CHECK (length(hub) <= 63),
	revision INTEGER NOT NULL CHECK (revision BETWEEN 1 AND 65535),
	tlp INTEGER NOT NULL CHECK (tlp BETWEEN 0 AND 4),
	members INTEGER NOT NULL CHECK (members IN (0, 1)),
	ordered INTEGER NOT NULL CHECK (ordered IN (0, 1)),
	words TEXT NOT NULL CHECK (length(words) <= 65536),
	UNIQUE (original, slot)
) STRICT, WITHOUT ROWID;
CREATE INDEX relays_hub ON relays (hub) WHERE hub <> '';

-- Standing orders of desks.  origin: 0 the centre's bulletins, 1 other CEPTOARs', 2 any.
-- always: 0 only while the desk is asleep.  tlp: 255 the original's.
CREATE TABLE orders (
	slot INTEGER NOT NULL CHECK (slot BETWEEN 0 AND 127),
	origin INTEGER NOT NULL CHECK (origin BETWEEN 0 AND 2),
	min_severity INTEGER NOT NULL CHECK (min_severity BETWEEN 0 AND 4),
	always INTEGER NOT NULL CHECK (always IN (0, 1)),
	tlp INTEGER NOT NULL CHECK (tlp BETWEEN 0 AND 3 OR tlp = 255),
	person BLOB NOT NULL CHECK (length(person) = 16),
	minute INTEGER NOT NULL CHECK (minute >= 0),
	words TEXT NOT NULL CHECK (length(words) <= 65536),
	PRIMARY KEY (slot, origin)
) STRICT, WITHOUT ROWID;

-- The audit log of desks: who looked at or did what, views too; append-only and chained.
-- sum as in proto/audit.h.  ref: the case, report, bulletin or draft.  Never a sender.
CREATE TABLE audit (
	number INTEGER PRIMARY KEY CHECK (number > 0),
	minute INTEGER NOT NULL CHECK (minute >= 0),
	person BLOB NOT NULL CHECK (length(person) = 16),
	receiver BLOB NOT NULL CHECK (length(receiver) = 16),
	action TEXT NOT NULL CHECK (length(action) BETWEEN 1 AND 32),
	ref TEXT NOT NULL CHECK (length(ref) <= 64),
	detail TEXT NOT NULL CHECK (length(detail) <= 128),
	prev BLOB NOT NULL CHECK (length(prev) = 32),
	sum BLOB NOT NULL CHECK (length(sum) = 32)
) STRICT;
CREATE INDEX audit_receiver ON audit (receiver, number);
-- The first also stops INSERT OR REPLACE, which fires no trigger of DELETE.
CREATE TRIGGER audit_insert BEFORE INSERT ON audit
WHEN NEW.number <> 1 + (SELECT coalesce(max(number), 0) FROM audit) BEGIN
	SELECT RAISE(ABORT, 'audit is append-only');
END;
CREATE TRIGGER audit_update BEFORE UPDATE ON audit BEGIN
	SELECT RAISE(ABORT, 'audit is append-only');
END;
CREATE TRIGGER audit_delete BEFORE DELETE ON audit BEGIN
	SELECT RAISE(ABORT, 'audit is append-only');
END;

-- Rows of it that the hub has signed: every 256th, once a day, at the end.
CREATE TABLE audit_points (
	number INTEGER PRIMARY KEY CHECK (number > 0),
	minute INTEGER NOT NULL CHECK (minute >= 0),
	sum BLOB NOT NULL CHECK (length(sum) = 32),
	jws TEXT NOT NULL CHECK (length(jws) BETWEEN 1 AND 512)
) STRICT;
CREATE TRIGGER audit_points_insert BEFORE INSERT ON audit_points
WHEN NEW.number <= (SELECT coalesce(max(number), 0) FROM audit_points) BEGIN
	SELECT RAISE(ABORT, 'audit_points is append-only');
END;
CREATE TRIGGER audit_points_update BEFORE UPDATE ON audit_points BEGIN
	SELECT RAISE(ABORT, 'audit_points is append-only');
END;
CREATE TRIGGER audit_points_delete BEFORE DELETE ON audit_points BEGIN
	SELECT RAISE(ABORT, 'audit_points is append-only');
END;

-- The keys that sign them, DER; public halves stay for ever, the private half of the
-- newest is never in a backup.
CREATE TABLE audit_keys (
	n INTEGER PRIMARY KEY CHECK (n > 0),
	minute INTEGER NOT NULL CHECK (minute >= 0),
	public BLOB NOT NULL CHECK (length(public) BETWEEN 1 AND 256)
) STRICT;
CREATE TABLE audit_private (
	n INTEGER PRIMARY KEY REFERENCES audit_keys (n),
	der BLOB NOT NULL CHECK (length(der) BETWEEN 1 AND 256)
) STRICT;

-- Triage: groups of reports that are copies of each other, each of one desk: a CEPTOAR's
-- slot, or 255 for the centre.  state: 1 waits, 2 set aside, 3 done.  level: the highest
-- of its reports; touched: the minute of the newest, or of a reporter's newest message.
-- code, ja, en, person, since: why, by whom and when it was set aside.  bulletin: which
-- one it has led to.
CREATE TABLE triage (
	id BLOB PRIMARY KEY CHECK (length(id) = 16),
	desk INTEGER NOT NULL CHECK (desk BETWEEN 0 AND 127 OR desk = 255),
	state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 3),
	level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 4),
	first INTEGER NOT NULL CHECK (first >= 0),
	touched INTEGER NOT NULL CHECK (touched >= 0),
	code INTEGER NOT NULL CHECK (code BETWEEN 0 AND 5),
	ja TEXT NOT NULL CHECK (length(ja) <= 4096),
	en TEXT NOT NULL CHECK (length(en) <= 4096),
	person BLOB NOT NULL CHECK (length(person) = 16),
	since INTEGER NOT NULL CHECK (since >= 0),
	bulletin BLOB CHECK (length(bulletin) = 16)
) STRICT, WITHOUT ROWID;
CREATE INDEX triage_list ON triage (desk, state, level DESC, touched DESC, id);

-- What copies are known by: print of a text or of a set of topics (proto/text_print.h).
CREATE TABLE triage_keys (
	desk INTEGER NOT NULL,
	print BLOB NOT NULL CHECK (length(print) = 16),
	grp BLOB NOT NULL CHECK (length(grp) = 16),
	PRIMARY KEY (desk, print)
) STRICT, WITHOUT ROWID;
CREATE INDEX triage_keys_grp ON triage_keys (grp);

-- A case is in one group of each desk that it lies on; report: its newest version there.
-- ended: it was withdrawn or closed.
CREATE TABLE triage_cases (
	desk INTEGER NOT NULL,
	case_id BLOB NOT NULL CHECK (length(case_id) = 16),
	grp BLOB NOT NULL CHECK (length(grp) = 16),
	report BLOB NOT NULL CHECK (length(report) = 16),
	minute INTEGER NOT NULL CHECK (minute >= 0),
	ended INTEGER NOT NULL CHECK (ended IN (0, 1)),
	PRIMARY KEY (desk, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX triage_cases_grp ON triage_cases (grp, minute, case_id);
CREATE INDEX triage_cases_minute ON triage_cases (minute);

-- Who holds a group, in seconds since 1970: a person of a desk and its member, both as
-- readers, never as senders.
CREATE TABLE triage_locks (
	grp BLOB PRIMARY KEY CHECK (length(grp) = 16),
	person BLOB NOT NULL CHECK (length(person) = 16),
	receiver BLOB NOT NULL CHECK (length(receiver) = 16),
	since INTEGER NOT NULL CHECK (since >= 0),
	until INTEGER NOT NULL CHECK (until >= 0),
	ja TEXT NOT NULL CHECK (length(ja) <= 4096),
	en TEXT NOT NULL CHECK (length(en) <= 4096)
) STRICT, WITHOUT ROWID;

-- Drafts that were made of groups.
CREATE TABLE triage_drafts (
	draft BLOB NOT NULL CHECK (length(draft) = 16),
	grp BLOB NOT NULL CHECK (length(grp) = 16),
	PRIMARY KEY (draft, grp)
) STRICT, WITHOUT ROWID;
CREATE INDEX triage_drafts_grp ON triage_drafts (grp);
CREATE TRIGGER triage_draft_gone AFTER DELETE ON drafts BEGIN
	DELETE FROM triage_drafts WHERE draft = OLD.id;
END;
CREATE TRIGGER triage_gone AFTER DELETE ON triage BEGIN
	DELETE FROM triage_drafts WHERE grp = OLD.id;
	DELETE FROM triage_keys WHERE grp = OLD.id;
	DELETE FROM triage_locks WHERE grp = OLD.id;
END;

-- Products and classes of reports, for as long as topics: how many others say so.
CREATE TABLE triage_traits (
	trait BLOB NOT NULL CHECK (length(trait) = 16),
	minute INTEGER NOT NULL CHECK (minute >= 0),
	case_id BLOB NOT NULL CHECK (length(case_id) = 16),
	slot INTEGER NOT NULL CHECK (slot BETWEEN 0 AND 127 OR slot = 255),
	PRIMARY KEY (trait, minute, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX triage_traits_minute ON triage_traits (minute);

-- What reporters say of a draft of their case.  sum: SHA-256 of the text that it was
-- asked about; answer: 0 none yet, 1 approved, 2 refused; blocks: 1 since it has refused a
-- text of this draft, until it approves one.
CREATE TABLE approvals (
	draft BLOB NOT NULL CHECK (length(draft) = 16),
	case_id BLOB NOT NULL CHECK (length(case_id) = 16),
	sum BLOB NOT NULL CHECK (length(sum) = 32),
	asked INTEGER NOT NULL CHECK (asked >= 0),
	answer INTEGER NOT NULL CHECK (answer BETWEEN 0 AND 2),
	blocks INTEGER NOT NULL CHECK (blocks IN (0, 1)),
	PRIMARY KEY (draft, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX approvals_case ON approvals (case_id, asked);
CREATE TRIGGER approvals_draft_gone AFTER DELETE ON drafts BEGIN
	DELETE FROM approvals WHERE draft = OLD.id;
END;
CREATE TRIGGER approvals_case_gone AFTER DELETE ON cases BEGIN
	DELETE FROM approvals WHERE case_id = OLD.id;
END;
-- Which rows of the log were handed to whom: receiver was looked through rows first..last
-- with the rights and wishes of streamed_as (proto/msg_reach.h), and sent what those show.
CREATE TABLE streamed_as (
	id INTEGER PRIMARY KEY CHECK (id > 0),
	bytes BLOB NOT NULL UNIQUE CHECK (length(bytes) BETWEEN 1 AND 512)
) STRICT;
CREATE TABLE streamed (
	receiver BLOB NOT NULL CHECK (length(receiver) = 16),
	as_id INTEGER NOT NULL CHECK (as_id > 0),
	first INTEGER NOT NULL CHECK (first > 0),
	last INTEGER NOT NULL CHECK (last >= first),
	minute INTEGER NOT NULL CHECK (minute >= 0),
	PRIMARY KEY (receiver, as_id, first)
) STRICT, WITHOUT ROWID;
-- How many were entitled to a revision when it went out: of each CEPTOAR, and (slot 255)
-- all of them once.
CREATE TABLE entitled (
	bulletin BLOB NOT NULL CHECK (length(bulletin) = 16),
	revision INTEGER NOT NULL CHECK (revision BETWEEN 1 AND 65535),
	slot INTEGER NOT NULL CHECK (slot BETWEEN 0 AND 127 OR slot = 255),
	n INTEGER NOT NULL CHECK (n >= 0),
	PRIMARY KEY (bulletin, revision, slot)
) STRICT, WITHOUT ROWID;

-- Questions of readers about a bulletin.  Nothing says who asked: commitment is SHA-256 of
-- a secret that the asker made.  to_all: 0 the answer is for whoever has it, 1 for all
-- readers of the bulletin.
CREATE TABLE questions (
	id BLOB PRIMARY KEY CHECK (length(id) = 16),
	bulletin BLOB NOT NULL CHECK (length(bulletin) = 16),
	minute INTEGER NOT NULL CHECK (minute >= 0),
	commitment BLOB CHECK (length(commitment) = 32),
	body BLOB NOT NULL,
	answer BLOB,
	answered INTEGER NOT NULL CHECK (answered >= 0),
	to_all INTEGER NOT NULL CHECK (to_all IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX questions_bulletin ON questions (bulletin, to_all, minute, id);
CREATE INDEX questions_minute ON questions (minute, id);

-- version: 4
-- Statistics: how many cases of a class came from a sector in a quarter, and nothing finer;
-- kept when the reports are forgotten.  quarter: four times the year, and 0 for January to
-- March of Japan's time and so on.  class, sector: words of the data files of that time, ''
-- for none.  Exercises and withdrawn cases are not in n.  In place of a sector stand
-- ':agencies' for what an agency reported and ':bulletins' for what the centre sent, class
-- being the bulletin's kind then.
CREATE TABLE stats (
	quarter INTEGER NOT NULL CHECK (quarter BETWEEN 0 AND 39999),
	class TEXT NOT NULL CHECK (length(class) <= 64),
	sector TEXT NOT NULL CHECK (length(sector) <= 64),
	n INTEGER NOT NULL CHECK (n >= 0),
	PRIMARY KEY (quarter, class, sector)
) STRICT, WITHOUT ROWID;

-- As what a case was counted, so that it moves when it says otherwise; goes with the case.
CREATE TABLE stats_cases (
	case_id BLOB PRIMARY KEY CHECK (length(case_id) = 16),
	quarter INTEGER NOT NULL CHECK (quarter BETWEEN 0 AND 39999),
	class TEXT NOT NULL CHECK (length(class) <= 64),
	sector TEXT NOT NULL CHECK (length(sector) <= 64)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER stats_case_gone AFTER DELETE ON cases BEGIN
	DELETE FROM stats_cases WHERE case_id = OLD.id;
END;

-- How grave the centre found a case afterwards.  Every version stays beside what the
-- reporter claimed; report: the version of the report that it had before it.  Who did it
-- is in the audit log.
CREATE TABLE assessments (
	case_id BLOB NOT NULL CHECK (length(case_id) = 16),
	n INTEGER NOT NULL CHECK (n BETWEEN 1 AND 32),
	report BLOB NOT NULL CHECK (length(report) = 16),
	minute INTEGER NOT NULL CHECK (minute >= 0),
	continuity INTEGER NOT NULL CHECK (continuity BETWEEN 0 AND 4),
	safety INTEGER NOT NULL CHECK (safety BETWEEN 0 AND 4),
	trust INTEGER NOT NULL CHECK (trust BETWEEN 0 AND 4),
	PRIMARY KEY (case_id, n)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER assessments_case_gone AFTER DELETE ON cases BEGIN
	DELETE FROM assessments WHERE case_id = OLD.id;
END;

-- person: whose contact a delivery went to, where it is not the member's own.
ALTER TABLE deliveries ADD COLUMN person BLOB CHECK (person IS NULL OR length(person) = 16);

-- What is known of each way to a receiver.  contact: as in deliveries.  works: 1 what went
-- there last was taken, 0 it was given up; minute: when that was known, or up to a day
-- before.
CREATE TABLE ways (
	receiver BLOB NOT NULL CHECK (length(receiver) = 16),
	route INTEGER NOT NULL CHECK (route BETWEEN 1 AND 4),
	contact INTEGER NOT NULL CHECK (contact BETWEEN 0 AND 255),
	works INTEGER NOT NULL CHECK (works IN (0, 1)),
	minute INTEGER NOT NULL CHECK (minute >= 0),
	PRIMARY KEY (receiver, route, contact)
) STRICT, WITHOUT ROWID;
CREATE INDEX ways_minute ON ways (minute);

-- version: 5
-- streamed.minute: when the first rows of the range were sent; it grows, under that
-- minute, by rows that were sent as they were published.  0: not known, as of all that was
-- written before.
UPDATE streamed SET minute = 0;
-- Whom a row of TLP:RED is for: the rest of its head, where it has one (proto/frame.h).
-- sum = SHA-256(prev, head, names, body, stub).
ALTER TABLE log ADD COLUMN names BLOB CHECK (length(names) BETWEEN 25 AND 1033);
ALTER TABLE bulletins ADD COLUMN names BLOB CHECK (length(names) BETWEEN 25 AND 1033);

-- version: 6
-- Silence.  Bulletins whose receivers are asked again until they acknowledge: revision is
-- the one that is brought, and an acknowledgement of any from `floor` on counts.
CREATE TABLE escalations (
	bulletin BLOB PRIMARY KEY CHECK (length(bulletin) = 16),
	revision INTEGER NOT NULL CHECK (revision BETWEEN 1 AND 65535),
	floor INTEGER NOT NULL CHECK (floor BETWEEN 1 AND 65535),
	level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 4),
	minute INTEGER NOT NULL CHECK (minute >= 0)
) STRICT, WITHOUT ROWID;

-- When the next step is due, in minutes, by whose hours: of a CEPTOAR's slot, 128 around
-- the clock, 129 of an office, 255 the centre's figures.  stage: 1 a second route, 2 a
-- second contact, 3 the list of the silent, 4 the centre's last figures.  after: receivers
-- up to here are done; entitled, silent: of them.
CREATE TABLE escalation_steps (
	bulletin BLOB NOT NULL CHECK (length(bulletin) = 16),
	hours INTEGER NOT NULL CHECK (hours BETWEEN 0 AND 255),
	stage INTEGER NOT NULL CHECK (stage BETWEEN 1 AND 4),
	due INTEGER NOT NULL CHECK (due >= 0),
	second INTEGER NOT NULL CHECK (second >= 0),
	deadline INTEGER NOT NULL CHECK (deadline >= 0),
	after BLOB NOT NULL CHECK (length(after) = 16),
	entitled INTEGER NOT NULL CHECK (entitled >= 0),
	silent INTEGER NOT NULL CHECK (silent >= 0),
	PRIMARY KEY (bulletin, hours)
) STRICT, WITHOUT ROWID;
CREATE INDEX escalation_steps_due ON escalation_steps (due);

-- What lies on a desk (255: the centre's) when the time is over: how many of its members
-- have said nothing.
CREATE TABLE silences (
	desk INTEGER NOT NULL CHECK (desk BETWEEN 0 AND 127 OR desk = 255),
	minute INTEGER NOT NULL CHECK (minute >= 0),
	bulletin BLOB NOT NULL CHECK (length(bulletin) = 16),
	revision INTEGER NOT NULL CHECK (revision BETWEEN 1 AND 65535),
	entitled INTEGER NOT NULL CHECK (entitled >= 0),
	silent INTEGER NOT NULL CHECK (silent >= 0),
	PRIMARY KEY (desk, bulletin)
) STRICT, WITHOUT ROWID;
CREATE INDEX silences_minute ON silences (desk, minute);
CREATE TRIGGER escalation_gone AFTER DELETE ON escalations BEGIN
	DELETE FROM escalation_steps WHERE bulletin = OLD.bulletin;
END;
CREATE TRIGGER escalation_bulletin_gone AFTER DELETE ON bulletins BEGIN
	DELETE FROM escalations WHERE bulletin = OLD.id;
	DELETE FROM silences WHERE bulletin = OLD.id;
END;
-- stage: 0 brought by the release itself; 1, 2 as above.
ALTER TABLE deliveries ADD COLUMN stage INTEGER NOT NULL DEFAULT 0 CHECK (stage BETWEEN 0 AND 3);

-- The hotline.  Calls of the centre for its help, a case each.  kind: 1 consult, 2 page, 3
-- somebody telephoned and the centre has opened the case.  grp, sector: of the CEPTOAR that
-- the case has, 255 without.  state: 1 open, 2 taken by `person` of the centre.  contact_at:
-- when somebody first took it or wrote.  Nothing of the caller.
CREATE TABLE hotline_calls (
	case_id BLOB PRIMARY KEY CHECK (length(case_id) = 16),
	kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 3),
	slot INTEGER NOT NULL CHECK (slot BETWEEN 0 AND 127 OR slot = 255),
	level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 4),
	minute INTEGER NOT NULL CHECK (minute >= 0),
	state INTEGER NOT NULL CHECK (state IN (1, 2)),
	page BLOB CHECK (length(page) = 16),
	person BLOB CHECK (length(person) = 16),
	taken_at INTEGER NOT NULL CHECK (taken_at >= 0),
	contact_at INTEGER NOT NULL CHECK (contact_at >= 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX hotline_calls_list ON hotline_calls (state, minute);
CREATE INDEX hotline_calls_page ON hotline_calls (page);

-- What the centre is paged for: calls of one group of sectors within half an hour are one.
-- calls: how many, told: how many there were at the last page.  n: pages so far; level: 1 to
-- 3 whose turn it is on the roster, 4 everybody.  next_at: the next page, minute.  state: 1
-- it pages, 2 taken.
CREATE TABLE hotline_pages (
	id BLOB PRIMARY KEY CHECK (length(id) = 16),
	grp INTEGER NOT NULL CHECK (grp BETWEEN 0 AND 255),
	first INTEGER NOT NULL CHECK (first >= 0),
	last INTEGER NOT NULL CHECK (last >= 0),
	calls INTEGER NOT NULL CHECK (calls > 0),
	told INTEGER NOT NULL CHECK (told >= 0),
	n INTEGER NOT NULL CHECK (n BETWEEN 0 AND 65535),
	level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 4),
	next_at INTEGER NOT NULL CHECK (next_at >= 0),
	state INTEGER NOT NULL CHECK (state IN (1, 2)),
	person BLOB CHECK (length(person) = 16),
	taken_at INTEGER NOT NULL CHECK (taken_at >= 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX hotline_pages_due ON hotline_pages (next_at) WHERE state = 1;
CREATE INDEX hotline_pages_grp ON hotline_pages (grp, first);

-- Calls of a page by sector, 255 for none; and which level was paged when.
CREATE TABLE hotline_counts (
	page BLOB NOT NULL CHECK (length(page) = 16),
	sector INTEGER NOT NULL CHECK (sector BETWEEN 0 AND 255),
	n INTEGER NOT NULL CHECK (n > 0),
	PRIMARY KEY (page, sector)
) STRICT, WITHOUT ROWID;
CREATE TABLE hotline_paged (
	page BLOB NOT NULL CHECK (length(page) = 16),
	n INTEGER NOT NULL CHECK (n BETWEEN 1 AND 65535),
	level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 4),
	minute INTEGER NOT NULL CHECK (minute >= 0),
	PRIMARY KEY (page, n)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER hotline_case_gone AFTER DELETE ON cases BEGIN
	DELETE FROM hotline_calls WHERE case_id = OLD.id;
END;
CREATE TRIGGER hotline_call_gone AFTER DELETE ON hotline_calls WHEN OLD.page IS NOT NULL BEGIN
	DELETE FROM hotline_pages WHERE id = OLD.page
		AND NOT EXISTS (SELECT 1 FROM hotline_calls WHERE page = OLD.page);
END;
CREATE TRIGGER hotline_page_gone AFTER DELETE ON hotline_pages BEGIN
	DELETE FROM hotline_counts WHERE page = OLD.id;
	DELETE FROM hotline_paged WHERE page = OLD.id;
	DELETE FROM deliveries WHERE bulletin = OLD.id;
END;
-- Pages go out before anything else (deliveries.stage 3; bulletin: the page, revision: n).
CREATE INDEX deliveries_pages ON deliveries (next_at) WHERE state = 1 AND stage = 3;

-- The operating mode, one row; none: normal since ever.  mode: 1 normal, 2 large-scale.
-- since, renewed: minutes; asked: 1 when the bell for its renewal has rung.  person: who
-- switched or renewed it, zeros when it ended by the clock.  reason: read by everybody.
CREATE TABLE mode (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	mode INTEGER NOT NULL CHECK (mode IN (1, 2)),
	asked INTEGER NOT NULL CHECK (asked IN (0, 1)),
	since INTEGER NOT NULL CHECK (since >= 0),
	renewed INTEGER NOT NULL CHECK (renewed >= 0),
	person BLOB NOT NULL CHECK (length(person) = 16),
	reason TEXT NOT NULL CHECK (length(reason) <= 4096)
) STRICT;

-- Situations: what the centre or a secretariat deals with as one.  desk: a CEPTOAR's slot,
-- 255 the centre.  state: 1 open, 2 closed.  reports: the number of its newest situation
-- report, draft: that report's draft.  title: ja and en.
CREATE TABLE situations (
	id BLOB PRIMARY KEY CHECK (length(id) = 16),
	desk INTEGER NOT NULL CHECK (desk BETWEEN 0 AND 127 OR desk = 255),
	state INTEGER NOT NULL CHECK (state IN (1, 2)),
	opened INTEGER NOT NULL CHECK (opened >= 0),
	touched INTEGER NOT NULL CHECK (touched >= 0),
	person BLOB NOT NULL CHECK (length(person) = 16),
	reports INTEGER NOT NULL CHECK (reports >= 0),
	draft BLOB CHECK (length(draft) = 16),
	title TEXT NOT NULL CHECK (length(title) <= 2048)
) STRICT, WITHOUT ROWID;
CREATE INDEX situations_list ON situations (desk, state, touched DESC, id);
CREATE INDEX situations_draft ON situations (draft) WHERE draft IS NOT NULL;

-- Its timeline.  kind: enum entry_kind of store_situation.h; text: by hand only, never of a
-- report.  value: a count, a revision, a percentage.  ref: of a bulletin.  person: zeros
-- where the hub has written it.  public: 1 it goes into situation reports.
CREATE TABLE situation_entries (
	situation BLOB NOT NULL CHECK (length(situation) = 16),
	n INTEGER NOT NULL CHECK (n > 0),
	minute INTEGER NOT NULL CHECK (minute >= 0),
	kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 12),
	public INTEGER NOT NULL CHECK (public IN (0, 1)),
	value INTEGER NOT NULL CHECK (value >= 0),
	person BLOB NOT NULL CHECK (length(person) = 16),
	ref BLOB CHECK (length(ref) = 16),
	text TEXT NOT NULL CHECK (length(text) <= 8400),
	PRIMARY KEY (situation, n)
) STRICT, WITHOUT ROWID;

-- What belongs to it.  A case is in it until it is withdrawn or forgotten.
CREATE TABLE situation_cases (
	situation BLOB NOT NULL CHECK (length(situation) = 16),
	case_id BLOB NOT NULL CHECK (length(case_id) = 16),
	PRIMARY KEY (situation, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX situation_cases_case ON situation_cases (case_id);
CREATE TABLE situation_bulletins (
	situation BLOB NOT NULL CHECK (length(situation) = 16),
	bulletin BLOB NOT NULL CHECK (length(bulletin) = 16),
	told INTEGER NOT NULL CHECK (told BETWEEN 0 AND 100),
	PRIMARY KEY (situation, bulletin)
) STRICT, WITHOUT ROWID;
CREATE INDEX situation_bulletins_bulletin ON situation_bulletins (bulletin);
CREATE TABLE situation_tasks (
	situation BLOB NOT NULL CHECK (length(situation) = 16),
	n INTEGER NOT NULL CHECK (n > 0),
	due INTEGER NOT NULL CHECK (due >= 0),
	done INTEGER NOT NULL CHECK (done >= 0),
	person BLOB NOT NULL CHECK (length(person) = 16),
	text TEXT NOT NULL CHECK (length(text) <= 8400),
	who TEXT NOT NULL CHECK (length(who) <= 2048),
	PRIMARY KEY (situation, n)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER situation_case_withdrawn AFTER UPDATE OF state ON cases
WHEN NEW.state = 3 BEGIN
	DELETE FROM situation_cases WHERE case_id = OLD.id;
END;
CREATE TRIGGER situation_case_gone AFTER DELETE ON cases BEGIN
	DELETE FROM situation_cases WHERE case_id = OLD.id;
END;
CREATE TRIGGER situation_bulletin_gone AFTER DELETE ON bulletins BEGIN
	DELETE FROM situation_bulletins WHERE bulletin = OLD.id;
END;
CREATE TRIGGER situation_gone AFTER DELETE ON situations BEGIN
	DELETE FROM situation_entries WHERE situation = OLD.id;
	DELETE FROM situation_cases WHERE situation = OLD.id;
	DELETE FROM situation_bulletins WHERE situation = OLD.id;
	DELETE FROM situation_tasks WHERE situation = OLD.id;
END;

-- version: 7
-- contact: to which the mail with this link went (as in deliveries), and so whose answer
-- it is; 255 for all that were sent before.
ALTER TABLE links ADD COLUMN contact INTEGER NOT NULL DEFAULT 255
	CHECK (contact BETWEEN 0 AND 255);

-- Drills, and tests of contacts.  kind: 1 down (information is handed out), 2 up (reports
-- are asked for), 3 contact test.  state: 1 planned, 2 running, 3 ended.  desk: a slot, or
-- 255 for the centre.  start, deadline, ended: minutes; ended 0: not yet.  same: SHA-256
-- of what has to be the same in two drills that are compared.  body: title and audience.
-- They stay when their bulletin is forgotten.
CREATE TABLE drills (
	id BLOB PRIMARY KEY CHECK (length(id) = 16),
	kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 3),
	state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 3),
	desk INTEGER NOT NULL CHECK (desk BETWEEN 0 AND 127 OR desk = 255),
	person BLOB NOT NULL CHECK (length(person) = 16),
	start INTEGER NOT NULL CHECK (start >= 0),
	deadline INTEGER NOT NULL CHECK (deadline >= start),
	ended INTEGER NOT NULL CHECK (ended >= 0),
	draft BLOB CHECK (length(draft) = 16),
	bulletin BLOB CHECK (length(bulletin) = 16),
	number TEXT NOT NULL CHECK (length(number) <= 15),
	same BLOB NOT NULL CHECK (length(same) = 32),
	body TEXT NOT NULL CHECK (length(body) <= 65536)
) STRICT, WITHOUT ROWID;
CREATE INDEX drills_state ON drills (state, start, deadline);
CREATE INDEX drills_bulletin ON drills (bulletin);
CREATE INDEX drills_same ON drills (same, state, ended);

-- What a drill has shown, of each CEPTOAR and (slot 255) of all; made at its end.
CREATE TABLE drill_rows (
	drill BLOB NOT NULL CHECK (length(drill) = 16),
	slot INTEGER NOT NULL CHECK (slot BETWEEN 0 AND 127 OR slot = 255),
	body TEXT NOT NULL CHECK (length(body) <= 16384),
	PRIMARY KEY (drill, slot)
) STRICT, WITHOUT ROWID;

-- How many reports have come to a running drill from a CEPTOAR; gone when it ends.
CREATE TABLE drill_reports (
	drill BLOB NOT NULL CHECK (length(drill) = 16),
	slot INTEGER NOT NULL CHECK (slot BETWEEN 0 AND 127),
	n INTEGER NOT NULL CHECK (n > 0),
	PRIMARY KEY (drill, slot)
) STRICT, WITHOUT ROWID;

-- version: 8
-- Texts that the reporter of a case has refused, by the sum of what it was shown and
-- whatever draft it stands in, until it approves the same one.
CREATE TABLE refusals (
	case_id BLOB NOT NULL CHECK (length(case_id) = 16),
	sum BLOB NOT NULL CHECK (length(sum) = 32),
	PRIMARY KEY (case_id, sum)
) STRICT, WITHOUT ROWID;
INSERT INTO refusals (case_id, sum)
	SELECT DISTINCT case_id, sum FROM approvals WHERE answer = 2;
CREATE TRIGGER refusals_case_gone AFTER DELETE ON cases BEGIN
	DELETE FROM refusals WHERE case_id = OLD.id;
END;

-- version: 9
-- The clock that deadlines go by, one row: the machine's run that it was written in
-- (SHA-256 of the kernel's boot id, cut; zeros: not known), how far the time that is
-- believed was ahead of the timer of that run, and since when (by that timer) the wall
-- clock has said otherwise, and by how much; all in milliseconds.  minute: the last one
-- that was believed.  Nothing of a report.
CREATE TABLE steady (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	boot BLOB NOT NULL CHECK (length(boot) = 16),
	minute INTEGER NOT NULL CHECK (minute >= 0),
	ahead INTEGER NOT NULL,
	jumped INTEGER NOT NULL CHECK (jumped IN (0, 1)),
	since INTEGER NOT NULL,
	jump INTEGER NOT NULL
) STRICT;

-- version: 10
-- What a desk takes back of what it has passed on stays as a row: its wrapper has a desk,
-- and standing orders do not pass the same on again.  One living wrapper for each original
-- and CEPTOAR, as before; ended: 1 by the desk's hand.
CREATE TABLE relays_new (
	bulletin BLOB PRIMARY KEY CHECK (length(bulletin) = 16),
	original BLOB NOT NULL CHECK (length(original) = 16),
	slot INTEGER NOT NULL CHECK (slot BETWEEN 0 AND 127),
	hub TEXT NOT NULL CHECK (length(hub) <= 63),
	revision INTEGER NOT NULL CHECK (revision BETWEEN 1 AND 65535),
	tlp INTEGER NOT NULL CHECK (tlp BETWEEN 0 AND 4),
	members INTEGER NOT NULL CHECK (members IN (0, 1)),
	ordered INTEGER NOT NULL CHECK (ordered IN (0, 1)),
	words TEXT NOT NULL CHECK (length(words) <= 65536),
	ended INTEGER NOT NULL DEFAULT 0 CHECK (ended IN (0, 1))
) STRICT, WITHOUT ROWID;
INSERT INTO relays_new (bulletin, original, slot, hub, revision, tlp, members, ordered, words)
	SELECT bulletin, original, slot, hub, revision, tlp, members, ordered, words FROM relays;
DROP TABLE relays;
ALTER TABLE relays_new RENAME TO relays;
CREATE INDEX relays_hub ON relays (hub) WHERE hub <> '';
CREATE INDEX relays_original ON relays (original, slot, ended);
CREATE UNIQUE INDEX relays_living ON relays (original, slot) WHERE ended = 0;

-- version: 11
-- Calls whose case was taken back, and pages of which every call was: the minute, 0 while it
-- stands.  state is 2 then, since nobody is roused for them any more; person, when somebody
-- had taken it before.  Such a call counts in its page no more (calls, and hotline_counts).
ALTER TABLE hotline_calls ADD COLUMN withdrawn_at INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn_at >= 0);
ALTER TABLE hotline_pages ADD COLUMN withdrawn_at INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn_at >= 0);
