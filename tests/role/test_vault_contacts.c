/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/vstore_people.h"
#include "proto/msg_people.h"
#include "tests/role/vault_rig.h"

static unsigned
put_contact_of(struct rig_peer *admin, const char *id, const char *person, unsigned kind,
    const char *value, int has_secret)
{
	struct vault_contact c;
	unsigned status;
	struct buf b;

	memset(&c, 0, sizeof c);
	(void)snprintf(c.id, sizeof c.id, "%s", id);
	(void)snprintf(c.person, sizeof c.person, "%s", person);
	c.kind = (uint8_t)kind;
	memcpy(c.lang, "en", 3);
	(void)snprintf(c.value, sizeof c.value, "%s", value);
	c.has_secret = has_secret != 0;
	memset(c.secret, has_secret, sizeof c.secret);
	buf_init(&b, VAULT_PAGE);
	vault_contact_put(&b, &c);
	assert_int_equal(b.n, VAULT_CONTACT_LEN);
	status = rig_call(admin, VM_A_CONTACT, b.p, b.n);
	buf_done(&b);
	return status;
}

static unsigned
put_contact(struct rig_peer *admin, const char *id, unsigned kind, const char *value,
    int has_secret)
{
	return put_contact_of(admin, id, "", kind, value, has_secret);
}

/* The member anew, without its contacts. */
static void
begin(struct rig_peer *admin, const char *id, unsigned n)
{
	struct vault_member m;

	rig_member(id, n, &m);
	assert_int_equal(rig_put_member(admin, &m), VS_OK);
}

static unsigned
ask_routes(struct rig_peer *courier, const unsigned char *receiver, unsigned page,
    struct vault_routes *ret)
{
	unsigned char ask[VAULT_ROUTES_ASK];
	unsigned status;

	memcpy(ask, receiver, RECEIVER_LEN);
	ask[RECEIVER_LEN] = (unsigned char)page;
	status = rig_call(courier, VM_ROUTES, ask, sizeof ask);
	assert_int_equal(vault_routes_get(courier->answer.p, courier->answer.n, ret), 0);
	assert_int_equal(ret->status, status);
	return status;
}

static unsigned
rotate(struct rig_peer *admin, const char *id, unsigned n, uint32_t overlap)
{
	struct vault_rotate m = { .n = (uint8_t)n, .overlap = overlap };
	struct buf b;

	(void)snprintf(m.id, sizeof m.id, "%s", id);
	buf_init(&b, VAULT_PAGE);
	vault_rotate_put(&b, &m);
	(void)rig_call(admin, VM_A_ROTATE, b.p, b.n);
	buf_done(&b);
	return rig_commit(admin);
}

static void
receiver_of(struct rig_peer *front, unsigned n, unsigned char ret[RECEIVER_LEN])
{
	struct vault_admit a;

	rig_admit(front, n, rig_end(n), &a);
	memcpy(ret, a.rights.receiver, RECEIVER_LEN);
}

static void
test_routes(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN), *front = rig_peer(r, RIG_FRONT);
	struct rig_peer *courier = rig_peer(r, RIG_COURIER);
	static const unsigned char zero[CONTACT_SECRET], nobody[RECEIVER_LEN] = { 1 };
	unsigned char id[RECEIVER_LEN], made[CONTACT_SECRET];
	struct vault_routes m;

	rig_enrol(admin, "sample-hospital", 1);
	receiver_of(front, 1, id);
	assert_int_equal(ask_routes(courier, id, 0, &m), VS_OK);
	assert_int_equal(m.count, 0);
	begin(admin, "sample-hospital", 1);
	assert_int_equal(
	    put_contact(admin, "sample-hospital", CONTACT_MAIL, "a@b.example", 0), VS_OK);
	assert_int_equal(put_contact(admin, "sample-hospital", CONTACT_WEBHOOK,
			     "https://h.example/in", 0),
	    VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	assert_int_equal(ask_routes(courier, id, 0, &m), VS_OK);
	assert_int_equal(m.pages, 1);
	assert_int_equal(m.count, 2);
	assert_int_equal(m.v[0].n, 1);
	assert_int_equal(m.v[0].kind, CONTACT_MAIL);
	assert_string_equal(m.v[0].lang, "en");
	assert_string_equal(m.v[0].value, "a@b.example");
	assert_memory_equal(m.v[0].secret, zero, sizeof zero);
	assert_int_equal(m.v[1].n, 2);
	assert_int_equal(m.v[1].kind, CONTACT_WEBHOOK);
	assert_memory_not_equal(m.v[1].secret, zero, sizeof zero);
	assert_memory_equal(m.v[1].old_secret, zero, sizeof zero);
	memcpy(made, m.v[1].secret, sizeof made);
	assert_int_equal(ask_routes(courier, id, 1, &m), VS_INVALID);
	assert_int_equal(ask_routes(courier, nobody, 0, &m), VS_UNKNOWN);
	/* A later import, in another order, keeps the secret. */
	begin(admin, "sample-hospital", 1);
	assert_int_equal(put_contact(admin, "sample-hospital", CONTACT_WEBHOOK,
			     "https://h.example/in", 0),
	    VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	assert_int_equal(ask_routes(courier, id, 0, &m), VS_OK);
	assert_int_equal(m.count, 1);
	assert_memory_equal(m.v[0].secret, made, sizeof made);
	/* Whoever is suspended is not written to. */
	assert_int_equal(rig_disable(admin, "sample-hospital", 1), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	assert_int_equal(ask_routes(courier, id, 0, &m), VS_DISABLED);
	assert_int_equal(m.count, 0);
}

static void
test_secrets(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN), *front = rig_peer(r, RIG_FRONT);
	struct rig_peer *courier = rig_peer(r, RIG_COURIER);
	const char *who = "sample-hospital", *url = "https://h.example/in";
	unsigned char id[RECEIVER_LEN], first[CONTACT_SECRET], given[CONTACT_SECRET];
	int64_t now = clock_wall_ms() / 1000;
	struct vault_routes m;

	rig_enrol(admin, who, 1);
	receiver_of(front, 1, id);
	begin(admin, who, 1);
	assert_int_equal(put_contact(admin, who, CONTACT_MAIL, "a@b.example", 0), VS_OK);
	assert_int_equal(put_contact(admin, who, CONTACT_WEBHOOK, url, 0), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	(void)ask_routes(courier, id, 0, &m);
	memcpy(first, m.v[1].secret, sizeof first);
	assert_int_equal(rotate(admin, who, 1, 3600), VS_UNKNOWN); /* no webhook */
	assert_int_equal(rotate(admin, who, 3, 3600), VS_UNKNOWN);
	assert_int_equal(rotate(admin, who, 2, 3600), VS_OK);
	(void)ask_routes(courier, id, 0, &m);
	assert_memory_not_equal(m.v[1].secret, first, sizeof first);
	assert_memory_equal(m.v[1].old_secret, first, sizeof first);
	assert_in_range(m.v[1].old_until, now + 3600, now + 3600 + 120);
	/* An overlap of none ends the old one at once, and it is destroyed. */
	assert_int_equal(rotate(admin, who, 2, 0), VS_OK);
	(void)ask_routes(courier, id, 0, &m);
	assert_int_equal(m.v[1].old_until, 0);
	memcpy(first, m.v[1].secret, sizeof first);
	/* What the file says goes first, with an overlap as well. */
	begin(admin, who, 1);
	assert_int_equal(put_contact(admin, who, CONTACT_WEBHOOK, url, 0x5a), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	(void)ask_routes(courier, id, 0, &m);
	memset(given, 0x5a, sizeof given);
	assert_memory_equal(m.v[0].secret, given, sizeof given);
	assert_memory_equal(m.v[0].old_secret, first, sizeof first);
	assert_true(m.v[0].old_until >= now + CONTACT_OVERLAP_S);
	/* A webhook that goes and comes back has another secret. */
	begin(admin, who, 1);
	assert_int_equal(rig_commit(admin), VS_OK);
	begin(admin, who, 1);
	assert_int_equal(put_contact(admin, who, CONTACT_WEBHOOK, url, 0), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	(void)ask_routes(courier, id, 0, &m);
	assert_memory_not_equal(m.v[0].secret, given, sizeof given);
	assert_int_equal(m.v[0].old_until, 0);
}

/* Sixteen of the longest: several pages, each once, in order. */
static void
test_pages(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN), *front = rig_peer(r, RIG_FRONT);
	struct rig_peer *courier = rig_peer(r, RIG_COURIER);
	char value[CONTACT_VALUE_MAX + 1];
	unsigned char id[RECEIVER_LEN];
	struct vault_routes m;
	unsigned i, page, seen = 0;

	rig_enrol(admin, "sample-hospital", 1);
	receiver_of(front, 1, id);
	begin(admin, "sample-hospital", 1);
	for (i = 0; i < CONTACTS_MAX; i++) {
		memset(value, 'a' + (int)i, sizeof value);
		memcpy(value, "https://", 8);
		value[CONTACT_VALUE_MAX] = '\0';
		assert_int_equal(
		    put_contact(admin, "sample-hospital", CONTACT_WEBHOOK, value, 0),
		    VS_OK);
	}
	assert_int_equal(rig_commit(admin), VS_OK);
	for (page = 0; page == 0 || page < m.pages; page++) {
		assert_int_equal(ask_routes(courier, id, page, &m), VS_OK);
		for (i = 0; i < m.count; i++) {
			assert_int_equal(m.v[i].n, seen + 1);
			assert_int_equal(strlen(m.v[i].value), CONTACT_VALUE_MAX);
			assert_int_equal(m.v[i].value[100], 'a' + (int)seen);
			seen++;
		}
	}
	assert_int_equal(seen, CONTACTS_MAX);
	assert_int_equal(m.pages, 3);
	/* One more is refused with all of its batch. */
	assert_int_equal(
	    put_contact(admin, "sample-hospital", CONTACT_MAIL, "a@b", 0), VS_OK);
	assert_int_not_equal(rig_commit(admin), VS_OK);
}

/* Nobody else may ask, and the courier may ask nothing else. */
static void
test_doors(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN);
	unsigned char ask[VAULT_ROUTES_ASK] = { 0 }, contacts[VAULT_CONTACTS_ASK] = "a";
	unsigned char bad[VAULT_CONTACT_LEN] = { 0 };

	rig_refused(r, RIG_FRONT, VM_ROUTES, ask, sizeof ask);
	rig_refused(r, RIG_KEEPER, VM_ROUTES, ask, sizeof ask);
	rig_refused(r, RIG_ADMIN, VM_ROUTES, ask, sizeof ask);
	rig_refused(r, RIG_FRONT, VM_A_CONTACTS, contacts, sizeof contacts);
	rig_refused(r, RIG_COURIER, VM_A_CONTACTS, contacts, sizeof contacts);
	rig_refused(r, RIG_COURIER, VM_HELLO, NULL, 0);
	rig_refused(r, RIG_COURIER, VM_ADMIT, ask, sizeof ask);
	rig_refused(r, RIG_COURIER, VM_ROUTES, ask, sizeof ask - 1);
	assert_int_equal(
	    rig_call(admin, VM_A_CONTACTS, contacts, sizeof contacts), VS_UNKNOWN);
	assert_int_equal(rig_call(admin, VM_A_CONTACT, bad, sizeof bad), VS_INVALID);
	assert_int_equal(rig_commit(admin), VS_INVALID);
	/* A secret is for a webhook only. */
	assert_int_equal(
	    put_contact(admin, "sample-hospital", CONTACT_MAIL, "a@b", 1), VS_INVALID);
	assert_int_equal(rig_commit(admin), VS_INVALID);
	/* A contact of nobody. */
	assert_int_equal(
	    put_contact(admin, "sample-nobody", CONTACT_MAIL, "a@b", 0), VS_OK);
	assert_int_equal(rig_commit(admin), VS_UNKNOWN);
}

static void
test_directory(void **state)
{
	static const unsigned bits[] = { [CONTACT_MAIL] = 1,
		[CONTACT_WEBHOOK] = 2,
		[CONTACT_TELEPHONE] = 4,
		[CONTACT_SMS] = 8,
		[CONTACT_VOICE] = 16 };
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN);
	struct rig_peer *keeper = rig_peer(r, RIG_KEEPER);
	unsigned kind;

	rig_enrol(admin, "sample-hospital", 1);
	rig_directory(keeper, 7);
	for (kind = 1; kind <= CONTACT_LAST; kind++) {
		begin(admin, "sample-hospital", 1);
		assert_int_equal(put_contact(admin, "sample-hospital", kind,
				     kind == CONTACT_WEBHOOK ? "https://h" : "1@b", 0),
		    VS_OK);
		assert_int_equal(rig_commit(admin), VS_OK);
		assert_true(rig_wait_count(r, &keeper->ends, kind + 1));
		assert_int_equal(keeper->rows[0].routes, bits[kind]);
	}
	assert_null(memmem(keeper->raw.p, keeper->raw.n, "1@b", 3));
}

/* What is used now, as "n:value " of each in its order. */
static void
used(struct rig_peer *courier, const unsigned char *receiver, char ret[256])
{
	static const unsigned char own[RECEIVER_LEN];
	struct vault_routes m = { .pages = 1 };
	unsigned page, i;
	size_t n = 0;

	ret[0] = '\0';
	for (page = 0; page < m.pages; page++) {
		assert_int_equal(ask_routes(courier, receiver, page, &m), VS_OK);
		for (i = 0; i < m.count; i++) {
			assert_int_equal(m.v[i].n > CONTACTS_MAX,
			    memcmp(m.v[i].person, own, sizeof own) != 0);
			if (m.v[i].now)
				n += (size_t)snprintf(ret + n, 256 - n, "%u:%s ",
				    (unsigned)m.v[i].n, m.v[i].value);
		}
	}
}

static const char hospital[] = "sample-hospital";

/* Persons and their contacts: an officer, two at the desk, a reporter. */
static void
people(struct rig_peer *admin)
{
	static const struct {
		const char *person;
		unsigned kind;
		const char *value;
	} all[] = { { "chief", CONTACT_SMS, "s-chief" },
		{ "desk", CONTACT_MAIL, "m@desk" }, { "desk", CONTACT_SMS, "s-desk" },
		{ "other", CONTACT_VOICE, "v-other" },
		{ "ward", CONTACT_MAIL, "m@ward" } };
	size_t i;

	assert_int_equal(rig_put_person(admin, hospital, "chief", DUTY_OFFICER), VS_OK);
	assert_int_equal(rig_put_person(admin, hospital, "desk", DUTY_DESK), VS_OK);
	assert_int_equal(rig_put_person(admin, hospital, "other", DUTY_DESK), VS_OK);
	assert_int_equal(rig_put_person(admin, hospital, "ward", DUTY_REPORTER), VS_OK);
	for (i = 0; i < sizeof all / sizeof all[0]; i++)
		assert_int_equal(put_contact_of(admin, hospital, all[i].person,
				     all[i].kind, all[i].value, 0),
		    VS_OK);
}

static void
test_people(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN), *front = rig_peer(r, RIG_FRONT);
	struct rig_peer *courier = rig_peer(r, RIG_COURIER);
	struct rig_peer *keeper = rig_peer(r, RIG_KEEPER);
	char gone[VAULT_ID_MAX] = "sample-hospital", how[256];
	int64_t now = clock_wall_minute();
	unsigned char id[RECEIVER_LEN];

	rig_enrol(admin, hospital, 1);
	receiver_of(front, 1, id);
	begin(admin, hospital, 1);
	people(admin);
	assert_int_equal(rig_commit(admin), VS_OK);
	rig_directory(keeper, 1);
	assert_true(rig_wait_count(r, &keeper->ends, 1));
	assert_int_equal(keeper->rows[0].routes, ROUTE_MAIL | ROUTE_SMS | ROUTE_VOICE);
	/* Without contacts of its own: the officer, and who has what the officer has not.
	 */
	used(courier, id, how);
	assert_string_equal(how, "17:s-chief 18:m@desk 20:v-other ");
	/* Its own mail suffices; its own pager does not. */
	begin(admin, hospital, 1);
	assert_int_equal(put_contact(admin, hospital, CONTACT_MAIL, "m@own", 0), VS_OK);
	assert_int_equal(put_contact(admin, hospital, CONTACT_SMS, "s-own", 0), VS_OK);
	people(admin);
	assert_int_equal(rig_commit(admin), VS_OK);
	used(courier, id, how);
	assert_string_equal(how, "1:m@own 2:s-own 17:s-chief 20:v-other ");
	/* By the roster; whoever reports only is not in charge though it stands there. */
	assert_int_equal(
	    rig_put_shift(admin, hospital, "desk", now - 10, now + 600, 1), VS_OK);
	assert_int_equal(
	    rig_put_shift(admin, hospital, "ward", now - 10, now + 600, 1), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	used(courier, id, how);
	assert_string_equal(how, "1:m@own 2:s-own 19:s-desk 20:v-other ");
	/* The same number twice is one; a shift that is over, none. */
	begin(admin, hospital, 1);
	assert_int_equal(put_contact(admin, hospital, CONTACT_SMS, "s-desk", 0), VS_OK);
	people(admin);
	assert_int_equal(rig_commit(admin), VS_OK);
	used(courier, id, how);
	assert_string_equal(how, "1:s-desk 18:m@desk 20:v-other ");
	assert_int_equal(rig_call(admin, VM_A_UNROSTER, gone, sizeof gone), VS_OK);
	assert_int_equal(
	    rig_put_shift(admin, hospital, "desk", now - 10, now - 5, 1), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	used(courier, id, how);
	assert_string_equal(how, "1:s-desk 17:s-chief 18:m@desk 20:v-other ");
	/* Who is named no more is not called. */
	begin(admin, hospital, 1);
	assert_int_equal(rig_put_person(admin, hospital, "desk", DUTY_MACHINE), VS_OK);
	assert_int_equal(
	    put_contact_of(admin, hospital, "desk", CONTACT_MAIL, "m@desk", 0), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	used(courier, id, how);
	assert_string_equal(how, "");
	assert_true(rig_wait_count(r, &keeper->ends, 6));
	assert_int_equal(keeper->rows[0].routes, 0);
}

/* There is a number for each, or the import is refused. */
static void
test_numbers(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN), *front = rig_peer(r, RIG_FRONT);
	struct rig_peer *courier = rig_peer(r, RIG_COURIER);
	struct vault_routes m = { .pages = 1 };
	unsigned page, i, n, seen = 0, extra;
	unsigned char id[RECEIVER_LEN];
	char person[8];

	rig_enrol(admin, hospital, 1);
	receiver_of(front, 1, id);
	for (extra = 0; extra < 2; extra++) {
		begin(admin, hospital, 1);
		for (i = 0; i * CONTACTS_MAX < PERSON_ROUTES_MAX; i++) {
			(void)snprintf(person, sizeof person, "p%02u", i);
			assert_int_equal(
			    rig_put_person(admin, hospital, person, DUTY_DESK), VS_OK);
			for (n = 0; n < CONTACTS_MAX &&
				    i * CONTACTS_MAX + n < PERSON_ROUTES_MAX + 1 - extra;
			     n++)
				assert_int_equal(put_contact_of(admin, hospital, person,
						     CONTACT_MAIL, "a@b.example", 0),
				    VS_OK);
		}
		assert_int_equal(rig_commit(admin), extra == 0 ? VS_UNKNOWN : VS_OK);
	}
	for (page = 0; page < m.pages; page++) {
		assert_int_equal(ask_routes(courier, id, page, &m), VS_OK);
		for (i = 0; i < m.count; i++) {
			assert_int_equal(m.v[i].n, CONTACTS_MAX + 1 + seen);
			assert_int_equal(m.v[i].now, seen == 0); /* all are one address */
			seen++;
		}
	}
	assert_int_equal(seen, PERSON_ROUTES_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_routes, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_secrets, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_pages, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_doors, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_people, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_numbers, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_directory, rig_setup, rig_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
