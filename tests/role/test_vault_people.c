/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/vstore_roster.h"
#include "proto/msg_people.h"
#include "proto/msg_person.h"
#include "tests/role/vault_rig.h"

static unsigned
put_names(struct rig_peer *admin, const char *id, const char *person, const char *en)
{
	struct vault_names m = { .ja = "名" };
	unsigned status;
	struct buf b;

	(void)snprintf(m.id, sizeof m.id, "%s", id);
	(void)snprintf(m.person, sizeof m.person, "%s", person);
	(void)snprintf(m.en, sizeof m.en, "%s", en);
	buf_init(&b, VAULT_PAGE);
	vault_names_put(&b, &m);
	assert_int_equal(b.n, VAULT_NAMES_LEN);
	status = rig_call(admin, VM_A_NAMES, b.p, b.n);
	buf_done(&b);
	return status;
}

static void
put_member(struct rig_peer *admin, const char *id, unsigned roles, unsigned slot)
{
	struct vault_member m;

	rig_member(id, slot, &m);
	m.roles = (uint16_t)roles;
	if ((roles & ROLE_OPERATOR) == 0)
		memset(&m.op, 0, sizeof m.op);
	if ((roles & ROLE_SECRETARIAT) != 0)
		slots_set(&m.sec, slot);
	if ((roles & ROLE_AFFILIATE) != 0)
		slots_set(&m.aff, slot);
	assert_int_equal(rig_put_member(admin, &m), VS_OK);
	assert_int_equal(put_names(admin, id, "", id), VS_OK);
}

static void
put_one(struct rig_peer *admin, const char *id, const char *person, unsigned duties,
    unsigned cert)
{
	assert_int_equal(rig_put_person(admin, id, person, duties), VS_OK);
	assert_int_equal(put_names(admin, id, person, person), VS_OK);
	assert_int_equal(
	    rig_put_person_cert(admin, id, person, cert, rig_end(cert)), VS_OK);
}

/* Rights of a certificate say who of the member, and what it may do. */
static void
test_rights(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN), *front = rig_peer(r, RIG_FRONT);
	struct vault_admit own, one, other, alone;

	rig_enrol(admin, "sample-hospital", 1);
	rig_enrol(admin, "sample-bank", 2);
	assert_int_equal(
	    rig_put_person_cert(admin, "sample-hospital", "ward", 3, rig_end(3)), VS_OK);
	assert_int_equal(rig_commit(admin), VS_UNKNOWN); /* no such person */
	put_one(admin, "sample-hospital", "ward", DUTY_REPORTER, 3);
	put_one(admin, "sample-hospital", "desk", DUTY_DESK | DUTY_OFFICER, 4);
	put_one(admin, "sample-bank", "ward", DUTY_MACHINE, 5);
	assert_int_equal(rig_commit(admin), VS_OK);
	rig_admit(front, 1, rig_end(1), &own);
	assert_memory_equal(own.rights.person, own.rights.receiver, RECEIVER_LEN);
	assert_int_equal(own.rights.duties, DUTIES_ALL);
	rig_admit(front, 3, rig_end(3), &one);
	assert_int_equal(one.status, VS_OK);
	assert_memory_equal(one.rights.receiver, own.rights.receiver, RECEIVER_LEN);
	assert_memory_not_equal(one.rights.person, own.rights.receiver, RECEIVER_LEN);
	assert_int_equal(one.rights.duties, DUTY_REPORTER);
	assert_true(slots_has(&one.rights.op, 1));
	rig_admit(front, 4, rig_end(4), &other);
	assert_int_equal(other.rights.duties, DUTY_DESK | DUTY_OFFICER | DUTY_SUBSCRIBES);
	/* With nobody at a desk the reporters say what the member is sent. */
	put_member(admin, "sample-hospital", ROLE_OPERATOR, 1);
	put_one(admin, "sample-hospital", "ward", DUTY_REPORTER, 3);
	assert_int_equal(rig_commit(admin), VS_OK);
	rig_admit(front, 3, rig_end(3), &alone);
	assert_int_equal(alone.rights.duties, DUTY_REPORTER | DUTY_SUBSCRIBES);
	put_member(admin, "sample-hospital", ROLE_OPERATOR, 1);
	put_one(admin, "sample-hospital", "ward", DUTY_REPORTER, 3);
	put_one(admin, "sample-hospital", "desk", DUTY_OFFICER, 4);
	assert_int_equal(rig_commit(admin), VS_OK);
	assert_memory_not_equal(one.rights.person, other.rights.person, RECEIVER_LEN);
	rig_admit(front, 5, rig_end(5), &other); /* of the same name elsewhere */
	assert_memory_not_equal(one.rights.person, other.rights.person, RECEIVER_LEN);
	/* A key stays whose it is. */
	assert_int_equal(
	    rig_put_person_cert(admin, "sample-hospital", "desk", 3, rig_end(3)),
	    VS_EXISTS);
	assert_int_equal(rig_commit(admin), VS_EXISTS);
	assert_int_equal(
	    rig_put_cert(admin, "sample-hospital", 3, rig_end(3)), VS_EXISTS);
	assert_int_equal(rig_commit(admin), VS_EXISTS);
	rig_close(r); /* and all of it is durable */
	rig_open(r);
	rig_admit(rig_peer(r, RIG_FRONT), 3, rig_end(3), &other);
	assert_memory_equal(&other.rights, &one.rights, sizeof one.rights);
}

/* Whom the next import does not name is let in no more, until one names it again. */
static void
test_gone(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN), *front = rig_peer(r, RIG_FRONT);
	struct vault_admit a, before;
	struct vault_seal s;

	put_member(admin, "sample-hospital", ROLE_OPERATOR, 1);
	put_one(admin, "sample-hospital", "ward", DUTY_REPORTER, 3);
	assert_int_equal(rig_commit(admin), VS_OK);
	rig_admit(front, 3, rig_end(3), &before);
	assert_int_equal(before.status, VS_OK);
	rig_seal(front, 3, 1, 0, &s);
	assert_int_equal(s.status, VS_OK);
	put_member(admin, "sample-hospital", ROLE_OPERATOR, 1);
	assert_int_equal(rig_commit(admin), VS_OK);
	rig_admit(front, 3, rig_end(3), &a);
	assert_int_equal(a.status, VS_DISABLED);
	rig_seal(front, 3, 2, 0, &s);
	assert_int_equal(s.status, VS_DISABLED);
	put_member(admin, "sample-hospital", ROLE_OPERATOR, 1);
	assert_int_equal(
	    rig_put_person(admin, "sample-hospital", "ward", DUTY_MACHINE), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	rig_admit(front, 3, rig_end(3), &a);
	assert_int_equal(a.status, VS_OK);
	assert_memory_equal(a.rights.person, before.rights.person, RECEIVER_LEN);
	/* It may read now; reports are no more its duty. */
	assert_int_equal(a.rights.duties, DUTY_MACHINE);
	rig_seal(front, 3, 3, 0, &s);
	assert_int_equal(s.status, VS_DISABLED);
}

static unsigned
ask(struct rig_peer *front, unsigned cert, unsigned kind, const unsigned char *id,
    struct vault_called *ret)
{
	unsigned char q[VAULT_NAMES_ASK] = { 0 };
	unsigned status;

	rig_spki(cert, q);
	q[32] = (unsigned char)kind;
	memcpy(q + 33, id,
	    kind == NAMES_OF_MEMBER ? strnlen((const char *)id, VAULT_ID_MAX)
				    : RECEIVER_LEN);
	status = rig_call(front, VM_NAMES, q, sizeof q);
	assert_int_equal(vault_called_get(front->answer.p, front->answer.n, ret), 0);
	assert_int_equal(ret->status, status);
	return status;
}

/* A list of `n` times the same receiver: so many lines came, the last of which is *ret.
 */
static unsigned
ask_list(struct rig_peer *front, unsigned cert, const unsigned char *receiver, unsigned n,
    struct vault_called *ret)
{
	struct vault_readers q = { .count = (uint8_t)n };
	unsigned i, lines;
	struct wire w;
	struct buf b;

	rig_spki(cert, q.spki);
	for (i = 0; i < n; i++)
		memcpy(q.ids[i], receiver, RECEIVER_LEN);
	buf_init(&b, VAULT_READERS_LEN);
	vault_readers_put(&b, &q);
	assert_int_equal(rig_call(front, VM_NAMES_LIST, b.p, b.n), VS_OK);
	buf_done(&b);
	assert_int_equal(
	    vault_lines_open(&w, front->answer.p, front->answer.n, &lines), 0);
	for (i = 0; i < lines; i++)
		assert_int_equal(vault_lines_next(&w, ret), 0);
	return lines;
}

/* In a list it is told exactly what it is told of one. */
static void
same_in_list(struct rig_peer *front, unsigned cert, const unsigned char *receiver,
    const struct vault_called *one)
{
	struct vault_called got;

	assert_int_equal(ask_list(front, cert, receiver, 2, &got), 2);
	assert_int_equal(got.status, one->status);
	assert_string_equal(got.id, one->id);
	assert_string_equal(got.en, one->en);
	assert_string_equal(got.ja, one->ja);
}

/* Who may learn whose name.  Certificates: 1-7 of members, 11 and more of persons. */
static const struct {
	unsigned asks, about;
	int receiver, person; /* may it know the member, and the person? */
	const char *what;
} who_knows[] = {
	{ 3, 11, 1, 1, "a desk about a member of its CEPTOAR" },
	{ 13, 11, 1, 1, "a person at that desk" },
	{ 14, 11, 0, 0, "a machine of that desk" },
	{ 4, 11, 0, 0, "another desk" },
	{ 3, 12, 0, 0, "a desk about a member elsewhere" },
	{ 3, 13, 1, 1, "a desk about itself" },
	{ 3, 15, 0, 0, "a desk about another" },
	{ 3, 16, 1, 1, "a desk about the centre" },
	{ 3, 17, 0, 0, "a desk about a ministry" },
	{ 3, 18, 1, 1, "a desk about an affiliate of its CEPTOAR" },
	{ 5, 11, 0, 0, "the centre about an operator" },
	{ 5, 13, 1, 0, "the centre about a desk" },
	{ 5, 16, 1, 1, "the centre about itself" },
	{ 5, 17, 1, 0, "the centre about a ministry" },
	{ 5, 18, 0, 0, "the centre about an affiliate" },
	{ 1, 11, 0, 0, "an operator about itself" },
	{ 6, 17, 0, 0, "a ministry" },
	{ 9, 11, 0, 0, "an unknown certificate" },
};
static const struct {
	const char *id;
	unsigned roles, slot, cert, of_person;
} sample[] = { { "hospital", ROLE_OPERATOR, 1, 1, 11 },
	{ "bank", ROLE_OPERATOR, 2, 2, 12 }, { "desk-1", ROLE_SECRETARIAT, 1, 3, 13 },
	{ "desk-2", ROLE_SECRETARIAT, 2, 4, 15 }, { "centre", ROLE_CENTRE, 0, 5, 16 },
	{ "ministry", ROLE_MINISTRY, 0, 6, 17 }, { "clinic", ROLE_AFFILIATE, 1, 7, 18 } };

/* Whose that certificate of a person is. */
static const char *
member_of(unsigned cert)
{
	size_t i;

	for (i = 0; i < sizeof sample / sizeof sample[0]; i++)
		if (sample[i].of_person == cert)
			return sample[i].id;
	fail_msg("certificate %u is nobody's", cert);
	return "";
}

static void
test_names(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN), *front = rig_peer(r, RIG_FRONT);
	static const unsigned char nobody[RECEIVER_LEN];
	unsigned char other[RECEIVER_LEN] = { 7 }, full[VAULT_ID_MAX];
	struct vault_called got;
	struct vault_admit a;
	size_t i;

	for (i = 0; i < sizeof sample / sizeof sample[0]; i++) {
		put_member(admin, sample[i].id, sample[i].roles, sample[i].slot);
		assert_int_equal(rig_put_cert(admin, sample[i].id, sample[i].cert,
				     rig_end(sample[i].cert)),
		    VS_OK);
		put_one(admin, sample[i].id, "someone", DUTY_DESK, sample[i].of_person);
	}
	put_one(admin, "desk-1", "robot", DUTY_MACHINE | DUTY_REPORTER, 14);
	assert_int_equal(rig_commit(admin), VS_OK);
	for (i = 0; i < sizeof who_knows / sizeof who_knows[0]; i++) {
		rig_admit(front, who_knows[i].about, rig_end(who_knows[i].about), &a);
		assert_int_equal(a.status, VS_OK);
		if (ask(front, who_knows[i].asks, NAMES_OF_RECEIVER, a.rights.receiver,
			&got) != (who_knows[i].receiver ? VS_OK : VS_UNKNOWN))
			fail_msg("%s: the member", who_knows[i].what);
		assert_int_equal(got.id[0] != '\0', who_knows[i].receiver);
		assert_string_equal(got.en, got.id); /* so they are called here */
		if (who_knows[i].receiver)
			assert_memory_equal(
			    got.receiver, a.rights.receiver, RECEIVER_LEN);
		same_in_list(front, who_knows[i].asks, a.rights.receiver, &got);
		/* The other way round exactly who may know the name. */
		if (ask(front, who_knows[i].asks, NAMES_OF_MEMBER,
			(const unsigned char *)member_of(who_knows[i].about),
			&got) != (who_knows[i].receiver ? VS_OK : VS_UNKNOWN))
			fail_msg("%s: the receiver", who_knows[i].what);
		assert_memory_equal(got.receiver,
		    who_knows[i].receiver ? a.rights.receiver : nobody, RECEIVER_LEN);
		if (ask(front, who_knows[i].asks, NAMES_OF_PERSON, a.rights.person,
			&got) != (who_knows[i].person ? VS_OK : VS_UNKNOWN))
			fail_msg("%s: the person", who_knows[i].what);
		assert_string_equal(got.id, who_knows[i].person ? "someone" : "");
		assert_string_equal(got.ja, who_knows[i].person ? "名" : "");
		assert_memory_equal(got.receiver, nobody, RECEIVER_LEN);
	}
	assert_int_equal(ask(front, 3, NAMES_OF_RECEIVER, other, &got), VS_UNKNOWN);
	assert_int_equal(ask(front, 3, 3, a.rights.receiver, &got), VS_UNKNOWN);
	memset(full, 'x', sizeof full); /* an id without an end */
	assert_int_equal(ask(front, 3, NAMES_OF_MEMBER, full, &got), VS_UNKNOWN);
	assert_int_equal(ask(front, 3, NAMES_OF_MEMBER, nobody, &got), VS_UNKNOWN);
	rig_admit(front, 1, rig_end(1), &a); /* the member's own: person is receiver */
	assert_int_equal(ask(front, 3, NAMES_OF_PERSON, a.rights.person, &got), VS_OK);
	assert_string_equal(got.id, "hospital");
	/* Who is gone keeps its name: what it did is told by it. */
	rig_admit(front, 13, rig_end(13), &a);
	put_member(admin, "desk-1", ROLE_SECRETARIAT, 1);
	assert_int_equal(rig_commit(admin), VS_OK);
	assert_int_equal(ask(front, 3, NAMES_OF_PERSON, a.rights.person, &got), VS_OK);
	assert_int_equal(ask(front, 13, NAMES_OF_PERSON, a.rights.person, &got),
	    VS_UNKNOWN); /* but it may not ask */
}

/* As many as the page has room for, the others when they are asked about; no list without
 * anybody, and none that is longer than it may be. */
static void
test_names_list(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN), *front = rig_peer(r, RIG_FRONT);
	static unsigned char q[VAULT_READERS_LEN];
	char name[NAME_MAX_BYTES + 1];
	unsigned char nobody[RECEIVER_LEN] = { 7 }, spki[32];
	struct vault_called got;
	struct vault_admit a;

	memset(name, 'n', sizeof name - 1);
	name[NAME_MAX_BYTES] = '\0';
	put_member(admin, "hospital", ROLE_OPERATOR, 1);
	assert_int_equal(put_names(admin, "hospital", "", name), VS_OK);
	put_member(admin, "desk-1", ROLE_SECRETARIAT, 1);
	assert_int_equal(rig_put_cert(admin, "hospital", 1, rig_end(1)), VS_OK);
	assert_int_equal(rig_put_cert(admin, "desk-1", 3, rig_end(3)), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	rig_admit(front, 1, rig_end(1), &a);
	assert_int_equal(
	    ask_list(front, 3, a.rights.receiver, NAMES_LIST_MOST, &got), 14);
	assert_string_equal(got.en, name);
	assert_string_equal(got.ja, "名");
	assert_int_equal(
	    ask_list(front, 3, nobody, NAMES_LIST_MOST, &got), NAMES_LIST_MOST);
	assert_int_equal(got.status, VS_UNKNOWN);
	/* Looked at anew with every call: by a certificate that was withdrawn nothing. */
	rig_spki(3, spki);
	assert_int_equal(rig_call(admin, VM_A_CERT_REVOKE, spki, sizeof spki), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	assert_int_equal(ask_list(front, 3, a.rights.receiver, 1, &got), 1);
	assert_int_equal(got.status, VS_UNKNOWN);
	assert_string_equal(got.en, "");
	rig_refused(r, RIG_FRONT, VM_NAMES_LIST, q, sizeof q);
	q[32] = NAMES_LIST_MOST + 1;
	rig_refused(r, RIG_FRONT, VM_NAMES_LIST, q, sizeof q);
	q[32] = 1;
	rig_refused(r, RIG_FRONT, VM_NAMES_LIST, q, sizeof q - RECEIVER_LEN);
}

static void
test_lists(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN);
	unsigned char q[VAULT_CERTS_ASK] = "sample-desk";
	char id[VAULT_ID_MAX];
	struct vault_persons m;
	unsigned i, seen = 0;

	put_member(admin, "sample-desk", ROLE_SECRETARIAT, 1);
	for (i = 0; i < PERSONS_MAX; i++) {
		(void)snprintf(id, sizeof id, "p-%02u", i);
		put_one(admin, "sample-desk", id, DUTY_DESK, 20 + i);
	}
	assert_int_equal(rig_commit(admin), VS_OK);
	do {
		assert_int_equal(
		    rig_call(admin, VM_A_PERSONS, q, VAULT_PERSONS_ASK), VS_OK);
		assert_int_equal(
		    vault_persons_get(admin->answer.p, admin->answer.n, &m), 0);
		for (i = 0; i < m.count; i++) {
			(void)snprintf(id, sizeof id, "p-%02u", seen++);
			assert_string_equal(m.v[i].person, id);
			assert_string_equal(m.v[i].en, id);
			memcpy(q + VAULT_ID_MAX, m.v[i].person, VAULT_ID_MAX);
		}
	} while (m.count > 0);
	assert_int_equal(seen, PERSONS_MAX);
	assert_int_equal(rig_call(admin, VM_A_CERTS, q, sizeof q), VS_OK);
	assert_int_equal(admin->answer.p[0], 1);
	rig_spki(20 + PERSONS_MAX - 1, q);
	assert_memory_equal(admin->answer.p + 1, q, 32);
	/* One more is too many. */
	assert_int_equal(rig_put_person(admin, "sample-desk", "p-64", DUTY_DESK), VS_OK);
	assert_int_not_equal(rig_commit(admin), VS_OK);
	assert_int_equal(
	    rig_put_person(admin, "sample-desk", "P", DUTY_DESK), VS_INVALID);
	assert_int_equal(rig_commit(admin), VS_INVALID);
	assert_int_equal(rig_put_person(admin, "sample-desk", "p-00", 0), VS_INVALID);
	assert_int_equal(rig_commit(admin), VS_INVALID);
}

/* Who is on duty at this minute, as "p1 p2 ". */
static void
on_duty(struct rig *r, int64_t minute, char out[256])
{
	struct vault_shift v[ROSTER_PAGE];
	unsigned n, i;
	size_t at = 0;

	assert_int_equal(
	    vroster_on_duty(vstore_roster(r->v->store), "sample-desk", minute, v, &n), 0);
	out[0] = '\0';
	for (i = 0; i < n; i++)
		at += (size_t)snprintf(out + at, 256 - at, "%s ", v[i].person);
}

static void
test_roster(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN);
	int64_t now = clock_wall_minute();
	char id[VAULT_ID_MAX] = "sample-desk", who[256];
	unsigned char q[VAULT_ROSTER_ASK] = "sample-desk";
	int i;

	put_member(admin, "sample-desk", ROLE_SECRETARIAT, 1);
	put_one(admin, "sample-desk", "a", DUTY_OFFICER, 11);
	put_one(admin, "sample-desk", "b", DUTY_OFFICER, 12);
	assert_int_equal(
	    rig_put_shift(admin, "sample-desk", "a", now, now + 60, 2), VS_OK);
	assert_int_equal(
	    rig_put_shift(admin, "sample-desk", "b", now - 60, now + 30, 1), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	on_duty(r, now - 61, who);
	assert_string_equal(who, "");
	on_duty(r, now - 60, who);
	assert_string_equal(who, "b ");
	on_duty(r, now, who);
	assert_string_equal(who, "b a "); /* who is called first */
	on_duty(r, now + 30, who);
	assert_string_equal(who, "a ");
	on_duty(r, now + 60, who);
	assert_string_equal(who, "");
	/* Whom an import no longer names is not called. */
	put_member(admin, "sample-desk", ROLE_SECRETARIAT, 1);
	assert_int_equal(rig_put_person(admin, "sample-desk", "a", DUTY_OFFICER), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	on_duty(r, now, who);
	assert_string_equal(who, "a ");
	assert_int_equal(
	    rig_put_shift(admin, "sample-desk", "b", now, now + 60, 1), VS_OK);
	assert_int_equal(rig_commit(admin), VS_UNKNOWN);
	/* Another roster in place of this one; what is long over goes by itself. */
	assert_int_equal(rig_call(admin, VM_A_UNROSTER, id, sizeof id), VS_OK);
	for (i = 0; i < ROSTER_PAGE + 5; i++)
		assert_int_equal(
		    rig_put_shift(admin, "sample-desk", "a", now + i, now + i + 1, 1),
		    VS_OK);
	assert_int_equal(
	    rig_put_shift(admin, "sample-desk", "a", now - 92 * 1440, now - 91 * 1440, 1),
	    VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	assert_int_equal(rig_call(admin, VM_A_ROSTER, q, sizeof q), VS_OK);
	assert_int_equal(admin->answer.p[0], ROSTER_PAGE);
	q[VAULT_ID_MAX] = ROSTER_PAGE;
	assert_int_equal(rig_call(admin, VM_A_ROSTER, q, sizeof q), VS_OK);
	assert_int_equal(admin->answer.p[0], 5);
	assert_int_equal(
	    rig_put_shift(admin, "sample-desk", "a", now, now, 1), VS_INVALID);
	assert_int_equal(rig_commit(admin), VS_INVALID);
	assert_int_equal(
	    rig_put_shift(admin, "sample-desk", "a", now, now + 1, 10), VS_INVALID);
	assert_int_equal(rig_commit(admin), VS_INVALID);
}

/* The keeper learns how many sit at a desk when, and of nobody else's people. */
static void
test_duty(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN),
			*keeper = rig_peer(r, RIG_KEEPER);
	int64_t now = clock_wall_minute();
	const struct {
		int64_t from, to;
		int persons;
	} want[] = { { now - 60, now + 100, 1 }, { now + 100, now + 150, 2 },
		{ now + 150, now + 200, 1 }, { now + 200, now + 300, 0 },
		{ now + 300, now + 400, 1 } };
	unsigned i;

	put_member(admin, "sample-desk", ROLE_SECRETARIAT, 1);
	put_one(admin, "sample-desk", "a", DUTY_OFFICER, 11);
	put_one(admin, "sample-desk", "b", DUTY_DESK, 12);
	put_one(admin, "sample-desk", "c", DUTY_REPORTER | DUTY_MACHINE, 13);
	put_member(admin, "sample-hospital", ROLE_OPERATOR, 1);
	put_one(admin, "sample-hospital", "ward", DUTY_DESK, 14);
	assert_int_equal(
	    rig_put_shift(admin, "sample-desk", "a", now - 120, now - 60, 1), VS_OK);
	assert_int_equal(
	    rig_put_shift(admin, "sample-desk", "a", now - 60, now + 150, 1), VS_OK);
	assert_int_equal(
	    rig_put_shift(admin, "sample-desk", "b", now + 100, now + 200, 1), VS_OK);
	assert_int_equal(
	    rig_put_shift(admin, "sample-desk", "b", now + 300, now + 400, 1), VS_OK);
	assert_int_equal(
	    rig_put_shift(admin, "sample-desk", "c", now + 200, now + 300, 1), VS_OK);
	assert_int_equal(
	    rig_put_shift(admin, "sample-hospital", "ward", now, now + 60, 1), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	rig_directory(keeper, 1);
	assert_true(rig_wait_count(r, &keeper->ends, 1));
	assert_int_equal(keeper->row_count, 2);
	assert_int_equal(keeper->duty_count, sizeof want / sizeof want[0]);
	for (i = 0; i < keeper->duty_count; i++) {
		assert_int_equal(keeper->duty[i].from, want[i].from);
		assert_int_equal(keeper->duty[i].to, want[i].to);
		assert_int_equal(keeper->duty[i].persons, want[i].persons);
		assert_memory_equal(keeper->duty[i].receiver,
		    registry_member(r->v->reg, "sample-desk")->receiver, RECEIVER_LEN);
	}
	/* Whom an import no longer names is not there. */
	put_member(admin, "sample-desk", ROLE_SECRETARIAT, 1);
	assert_int_equal(rig_put_person(admin, "sample-desk", "b", DUTY_DESK), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	assert_true(rig_wait_count(r, &keeper->ends, 2));
	assert_int_equal(keeper->duty_count, 3);
	assert_int_equal(keeper->duty[0].from, now + 100);
	assert_int_equal(rig_disable(admin, "sample-desk", 1), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	assert_true(rig_wait_count(r, &keeper->ends, 3));
	assert_int_equal(keeper->duty_count, 0);
}

static void
put_sms(struct rig_peer *admin, const char *person, const char *value)
{
	struct vault_contact m = { .kind = CONTACT_SMS, .lang = "ja" };
	struct buf b;

	(void)snprintf(m.id, sizeof m.id, "sample-desk");
	(void)snprintf(m.person, sizeof m.person, "%s", person);
	(void)snprintf(m.value, sizeof m.value, "%s", value);
	buf_init(&b, VAULT_PAGE);
	vault_contact_put(&b, &m);
	assert_int_equal(rig_call(admin, VM_A_CONTACT, b.p, b.n), VS_OK);
	buf_done(&b);
}

/* The number of whoever is so many to be called, "" for nobody. */
static const char *
turn(struct rig_peer *courier, const unsigned char *receiver, unsigned rank,
    struct vault_routes *m)
{
	unsigned char ask[VAULT_DUTY_ASK];
	unsigned status;

	memcpy(ask, receiver, RECEIVER_LEN);
	ask[RECEIVER_LEN] = 0;
	ask[RECEIVER_LEN + 1] = (unsigned char)rank;
	status = rig_call(courier, VM_DUTY, ask, sizeof ask);
	assert_int_equal(vault_routes_get(courier->answer.p, courier->answer.n, m), 0);
	assert_int_equal(m->status, status);
	return status == VS_OK && m->count > 0 ? m->v[0].value : "";
}

/* Whom a page rouses: the roster of this minute first, nobody is left out. */
static void
test_turns(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN), *front = rig_peer(r, RIG_FRONT);
	struct rig_peer *courier = rig_peer(r, RIG_COURIER);
	int64_t now = clock_wall_minute();
	char id[VAULT_ID_MAX] = "sample-desk";
	struct vault_routes m;
	struct vault_admit a;

	put_member(admin, "sample-desk", ROLE_SECRETARIAT, 1);
	put_one(admin, "sample-desk", "a", DUTY_OFFICER, 11);
	put_one(admin, "sample-desk", "b", DUTY_OFFICER, 12);
	put_one(admin, "sample-desk", "c", DUTY_OFFICER, 13);
	put_one(admin, "sample-desk", "d", DUTY_DESK, 14); /* is never paged */
	put_sms(admin, "a", "1");
	put_sms(admin, "b", "2");
	put_sms(admin, "c", "3");
	put_sms(admin, "d", "4");
	/* Nobody waits for a page that goes nowhere. */
	put_one(admin, "sample-desk", "e", DUTY_OFFICER, 15);
	assert_int_equal(
	    rig_put_shift(admin, "sample-desk", "e", now - 60, now + 60, 1), VS_OK);
	assert_int_equal(
	    rig_put_shift(admin, "sample-desk", "c", now - 60, now + 60, 1), VS_OK);
	assert_int_equal(
	    rig_put_shift(admin, "sample-desk", "b", now - 60, now + 60, 2), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	rig_admit(front, 11, rig_end(11), &a);
	assert_string_equal(turn(courier, a.rights.receiver, 1, &m), "3");
	assert_string_equal(turn(courier, a.rights.receiver, 2, &m), "2");
	assert_string_equal(turn(courier, a.rights.receiver, 3, &m), "1"); /* off duty */
	assert_string_equal(turn(courier, a.rights.receiver, 4, &m), "");  /* no more */
	assert_string_equal(turn(courier, a.rights.receiver, 0, &m), "");
	assert_string_equal(
	    turn(courier, (const unsigned char *)"nobody, 16 bytes", 1, &m), "");
	/* The shift changes hands, and the member has a number of its own. */
	put_sms(admin, "", "9");
	assert_int_equal(rig_call(admin, VM_A_UNROSTER, id, sizeof id), VS_OK);
	assert_int_equal(
	    rig_put_shift(admin, "sample-desk", "a", now - 60, now + 60, 1), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	assert_string_equal(turn(courier, a.rights.receiver, 1, &m), "1");
	assert_string_equal(turn(courier, a.rights.receiver, 4, &m), "9");
	/* Nobody on the roster: somebody is called all the same. */
	assert_int_equal(rig_call(admin, VM_A_UNROSTER, id, sizeof id), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	assert_string_equal(turn(courier, a.rights.receiver, 2, &m), "2");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_rights, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_gone, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_names, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_names_list, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_lists, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_roster, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_duty, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_turns, rig_setup, rig_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
