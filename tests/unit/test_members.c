/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/members.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/mem.h"
#include "tests/unit/tree.h"

static struct taxonomy *taxonomy;

static int
setup(void **state)
{
	(void)state;
	taxonomy = load_taxonomy();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	taxonomy_free(taxonomy);
	return 0;
}

#define CENTRE	     "\"roles\":[{\"role\":\"centre\"}]"
#define ONE(fields)  "{\"members\":[{\"id\":\"a\"," CENTRE "," fields "}]}"
#define PIN	     "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define HEX64	     "0123456789abcdef0123456789abcdef0123456789abcdef0123456789ABCDEF"
#define ROLES(roles) "{\"members\":[{\"id\":\"a\",\"roles\":[" roles "]}]}"

static const struct {
	const char *text, *pointer;
	enum problem problem; /* P_OK: accepted */
} rows[] = {
	{ "{\"members\":[]}", "", P_OK },
	{ "{\"members\":[{\"id\":\"a\"," CENTRE "}]}", "", P_OK },
	{ "{\"$schema\":\"x\",\"note\":\"y\",\"members\":[]}", "", P_OK },
	{ "[]", "", P_WRONG_TYPE },
	{ "{}", "/members", P_MISSING_FIELD },
	{ "{\"members\":{}}", "/members", P_WRONG_TYPE },
	{ "{\"members\":[],\"x\":1}", "/x", P_UNKNOWN_FIELD },
	{ "{\"members\":[1]}", "/members/0", P_WRONG_TYPE },
	{ "{\"members\":[{\"id\":\"a\"}]}", "/members/0/roles", P_MISSING_FIELD },
	{ "{\"members\":[{" CENTRE "}]}", "/members/0/id", P_MISSING_FIELD },
	{ "{\"members\":[{\"id\":1," CENTRE "}]}", "/members/0/id", P_WRONG_TYPE },
	{ "{\"members\":[{\"id\":\"\"," CENTRE "}]}", "/members/0/id", P_INVALID_FIELD },
	{ "{\"members\":[{\"id\":\"A\"," CENTRE "}]}", "/members/0/id", P_INVALID_FIELD },
	{ "{\"members\":[{\"id\":\"-a\"," CENTRE "}]}", "/members/0/id",
	    P_INVALID_FIELD },
	{ "{\"members\":[{\"id\":\"a/../b\"," CENTRE "}]}", "/members/0/id",
	    P_INVALID_FIELD },
	{ "{\"members\":[{\"id\":"
	  "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"," CENTRE
	  "}]}",
	    "/members/0/id", P_INVALID_FIELD }, /* 64 */
	{ "{\"members\":[{\"id\":\"a\"," CENTRE "},{\"id\":\"a\"," CENTRE "}]}",
	    "/members/1/id", P_INVALID_FIELD },
	{ "{\"members\":[{\"id\":\"a\",\"id\":\"b\"," CENTRE "}]}", "",
	    P_JSON_DUPLICATE },
	{ ONE("\"colour\":1"), "/members/0/colour", P_UNKNOWN_FIELD },
	{ ONE("\"note\":{\"any\":1}"), "", P_OK },
	{ ONE("\"names\":\"x\""), "/members/0/names", P_WRONG_TYPE },
	{ ONE("\"names\":{\"ja\":\"あ\",\"fr\":\"x\"}"), "/members/0/names/fr",
	    P_UNKNOWN_FIELD },
	{ ONE("\"names\":{\"ja\":\"\"}"), "/members/0/names/ja", P_INVALID_FIELD },
	{ ONE("\"names\":{\"ja\":\"a\\nb\"}"), "/members/0/names/ja", P_TEXT_CONTROL },
	{ ONE("\"aliases\":\"x\""), "/members/0/aliases", P_WRONG_TYPE },
	{ ONE("\"aliases\":[\"x\",2]"), "/members/0/aliases/1", P_WRONG_TYPE },
	{ ONE("\"networks\":[\"192.0.2.0/24\",\"2001:db8::/32\",\"192.0.2.7\"]"), "",
	    P_OK },
	{ ONE("\"networks\":[\"192.0.2.0/33\"]"), "/members/0/networks/0",
	    P_INVALID_FIELD },
	{ ONE("\"networks\":[\"192.0.2.256/24\"]"), "/members/0/networks/0",
	    P_INVALID_FIELD },
	{ ONE("\"networks\":[\"example.com\"]"), "/members/0/networks/0",
	    P_INVALID_FIELD },
	{ ONE("\"asns\":[64500,\"64501\",\"AS64502\"]"), "", P_OK },
	{ ONE("\"asns\":[0]"), "/members/0/asns/0", P_INVALID_FIELD },
	{ ONE("\"asns\":[4294967296]"), "/members/0/asns/0", P_INVALID_FIELD },
	{ ONE("\"asns\":[\"ASx\"]"), "/members/0/asns/0", P_INVALID_FIELD },
	{ ONE("\"people\":[\"甲 乙\",{\"ja\":\"丙\",\"en\":\"C\",\"kana\":\"へい\"}]"),
	    "", P_OK },
	{ ONE("\"people\":[{\"age\":\"40\"}]"), "/members/0/people/0/age",
	    P_UNKNOWN_FIELD },
	{ ONE("\"region\":1"), "/members/0/region", P_WRONG_TYPE },
	{ ONE("\"disabled\":1"), "/members/0/disabled", P_WRONG_TYPE },
	{ ONE("\"contacts\":[{\"mail\":\"a@b.example\"},\"03-0000-0000\"]"), "", P_OK },
	{ ONE("\"contacts\":{\"mail\":\"x\"}"), "/members/0/contacts", P_WRONG_TYPE },
	{ ONE("\"contacts\":[{\"mail\":[]}]"), "/members/0/contacts/0/mail",
	    P_WRONG_TYPE },
	{ ONE("\"contacts\":[{\"mail\":\"desk\"}]"), "/members/0/contacts/0/mail",
	    P_INVALID_FIELD },
	{ ONE("\"contacts\":[{\"mail\":\"a@b, c@d\"}]"), "/members/0/contacts/0/mail",
	    P_INVALID_FIELD },
	{ ONE("\"contacts\":[{\"webhook\":\"ftp://h.example\"}]"),
	    "/members/0/contacts/0/webhook", P_INVALID_FIELD },
	/* In the clear nothing leaves, whatever the word. */
	{ ONE("\"contacts\":[{\"webhook\":\"http://h.example/in\"}]"),
	    "/members/0/contacts/0/webhook", P_INVALID_FIELD },
	{ ONE("\"contacts\":[\"a@b\",\"http://h.example/in\"]"), "/members/0/contacts/1",
	    P_INVALID_FIELD },
	{ ONE("\"contacts\":[{\"hook\":\"http://h.example/in\"}]"),
	    "/members/0/contacts/0/hook", P_INVALID_FIELD },
	{ ONE("\"contacts\":[{\"note\":\"see http://h.example/in\"}]"), "", P_OK },
	{ ONE("\"contacts\":[{\"webhook\":\"https://h\",\"pin\":\"" PIN "\"}]"), "",
	    P_OK },
	{ ONE("\"contacts\":[{\"webhook\":\"https://h\",\"pin\":\"" PIN ";" PIN "\"}]"),
	    "", P_OK },
	{ ONE("\"contacts\":[{\"webhook\":\"https://h\",\"pin\":\"" PIN ";\"}]"),
	    "/members/0/contacts/0/pin", P_INVALID_FIELD },
	{ ONE("\"contacts\":[{\"webhook\":\"https://h\",\"pin\":\"/etc/passwd\"}]"),
	    "/members/0/contacts/0/pin", P_INVALID_FIELD },
	{ ONE("\"contacts\":[{\"mail\":\"a@b\",\"pin\":\"" PIN "\"}]"),
	    "/members/0/contacts/0/pin", P_INVALID_FIELD },
	{ ONE("\"contacts\":[\"a@b\",{\"sms\":\"none\"}]"), "/members/0/contacts/1/sms",
	    P_INVALID_FIELD },
	{ ONE("\"contacts\":[{\"voice\":\"a@1\"}]"), "/members/0/contacts/0/voice",
	    P_INVALID_FIELD },
	{ ONE("\"contacts\":[{\"mail\":\"a@b\",\"lang\":\"fr\"}]"),
	    "/members/0/contacts/0/lang", P_INVALID_FIELD },
	{ ONE("\"contacts\":[{\"webhook\":\"https://h\",\"secret\":\"" HEX64 "\"}]"), "",
	    P_OK },
	{ ONE("\"contacts\":[{\"webhook\":\"https://h\",\"secret\":\"00\"}]"),
	    "/members/0/contacts/0/secret", P_INVALID_FIELD },
	{ ONE("\"contacts\":[{\"mail\":\"a@b\",\"secret\":\"" HEX64 "\"}]"),
	    "/members/0/contacts/0/secret", P_INVALID_FIELD },
	{ ONE("\"contacts\":[{\"duty\":\"whoever\"}]"), "", P_OK },
	{ ONE("\"contacts\":[{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\",\"d\":\"4\",\"e\":"
	      "\"5\","
	      "\"f\":\"6\",\"g\":\"7\",\"h\":\"8\"},{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\","
	      "\"d\":\"4\",\"e\":\"5\",\"f\":\"6\",\"g\":\"7\",\"h\":\"8\"},\"9\"]"),
	    "/members/0/contacts", P_TOO_LARGE },
	{ ONE("\"subscriptions\":{\"min_severity\":2,\"cross_sector\":null,"
	      "\"sectors\":[\"finance\"],\"products\":[\"P\"],\"exercise\":false}"),
	    "", P_OK },
	{ ONE("\"subscriptions\":{\"cross_sector\":5}"),
	    "/members/0/subscriptions/cross_sector", P_INVALID_FIELD },
	{ ONE("\"subscriptions\":{\"min_severity\":null}"),
	    "/members/0/subscriptions/min_severity", P_WRONG_TYPE },
	{ ONE("\"subscriptions\":{\"sectors\":[\"moon\"]}"),
	    "/members/0/subscriptions/sectors/0", P_INVALID_FIELD },
	{ ONE("\"subscriptions\":{\"volume\":1}"), "/members/0/subscriptions/volume",
	    P_UNKNOWN_FIELD },
	{ ONE("\"persons\":[{\"id\":\"p\",\"duties\":[\"desk\",\"machine\"],"
	      "\"languages\":"
	      "[\"en\"],\"names\":{\"ja\":\"甲\"},\"contacts\":[\"a@b\"],\"note\":\"x\"}"
	      "]"),
	    "", P_OK },
	{ ONE("\"persons\":{}"), "/members/0/persons", P_WRONG_TYPE },
	{ ONE("\"persons\":[\"p\"]"), "/members/0/persons/0", P_WRONG_TYPE },
	{ ONE("\"persons\":[{\"duties\":[\"desk\"]}]"), "/members/0/persons/0/id",
	    P_MISSING_FIELD },
	{ ONE("\"persons\":[{\"id\":\"P\",\"duties\":[\"desk\"]}]"),
	    "/members/0/persons/0/id", P_INVALID_FIELD },
	{ ONE("\"persons\":[{\"id\":\"..\",\"duties\":[\"desk\"]}]"),
	    "/members/0/persons/0/id", P_INVALID_FIELD },
	{ ONE("\"persons\":[{\"id\":\"p\"}]"), "/members/0/persons/0/duties",
	    P_MISSING_FIELD },
	{ ONE("\"persons\":[{\"id\":\"p\",\"duties\":[]}]"),
	    "/members/0/persons/0/duties", P_INVALID_FIELD },
	{ ONE("\"persons\":[{\"id\":\"p\",\"duties\":\"desk\"}]"),
	    "/members/0/persons/0/duties", P_WRONG_TYPE },
	{ ONE("\"persons\":[{\"id\":\"p\",\"duties\":[\"desk\",\"boss\"]}]"),
	    "/members/0/persons/0/duties/1", P_INVALID_FIELD },
	{ ONE("\"persons\":[{\"id\":\"p\",\"duties\":[\"desk\",\"desk\"]}]"),
	    "/members/0/persons/0/duties/1", P_INVALID_FIELD },
	{ ONE("\"persons\":[{\"id\":\"p\",\"duties\":[\"desk\"],\"languages\":[\"fr\"]}"
	      "]"),
	    "/members/0/persons/0/languages/0", P_INVALID_FIELD },
	{ ONE("\"persons\":[{\"id\":\"p\",\"duties\":[\"desk\"],\"names\":\"A\"}]"),
	    "/members/0/persons/0/names", P_WRONG_TYPE },
	{ ONE("\"persons\":[{\"id\":\"p\",\"duties\":[\"desk\"],\"contacts\":"
	      "[\"a@b\",{\"mail\":\"x\"}]}]"),
	    "/members/0/persons/0/contacts/1/mail", P_INVALID_FIELD },
	{ ONE("\"persons\":[{\"id\":\"p\",\"duties\":[\"desk\"],\"age\":4}]"),
	    "/members/0/persons/0/age", P_UNKNOWN_FIELD },
	{ ONE("\"persons\":[{\"id\":\"p\",\"duties\":[\"desk\"]},{\"id\":\"q\","
	      "\"duties\":"
	      "[\"desk\"]},{\"id\":\"p\",\"duties\":[\"machine\"]}]"),
	    "/members/0/persons/2/id", P_INVALID_FIELD },
	{ ROLES(""), "/members/0/roles", P_INVALID_FIELD },
	{ ROLES("\"centre\""), "/members/0/roles/0", P_WRONG_TYPE },
	{ ROLES("{}"), "/members/0/roles/0/role", P_MISSING_FIELD },
	{ ROLES("{\"role\":\"king\"}"), "/members/0/roles/0/role", P_INVALID_FIELD },
	{ ROLES("{\"role\":\"operator\"}"), "/members/0/roles/0/ceptoar",
	    P_MISSING_FIELD },
	{ ROLES("{\"role\":\"operator\",\"ceptoar\":\"moon\"}"),
	    "/members/0/roles/0/ceptoar", P_INVALID_FIELD },
	{ ROLES("{\"role\":\"centre\",\"ceptoar\":\"bank-ceptoar\"}"),
	    "/members/0/roles/0/ceptoar", P_INVALID_FIELD },
	{ ROLES("{\"role\":\"centre\",\"ceptoar\":null}"), "", P_OK },
	{ ROLES("{\"role\":\"operator\",\"ceptoar\":\"bank-ceptoar\"},"
		"{\"role\":\"secretariat\",\"ceptoar\":\"water-ceptoar\"}"),
	    "", P_OK },
};

static void
test_faults(void **state)
{
	struct fault why;
	json_t *file;
	size_t i;
	int r;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		memset(&why, 0, sizeof why);
		file = NULL;
		r = members_read(slice_of(rows[i].text), taxonomy, &file, &why);
		if ((r == 0) != (rows[i].problem == P_OK) ||
		    why.problem != rows[i].problem ||
		    strcmp(why.pointer, rows[i].pointer) != 0)
			print_error("%s\n%d %s %s\n", rows[i].text, r,
			    problem_code(why.problem), why.pointer);
		assert_int_equal(r, rows[i].problem == P_OK ? 0 : ERR_INVALID);
		assert_int_equal(why.problem, rows[i].problem);
		assert_string_equal(why.pointer, rows[i].pointer);
		json_decref(file);
	}
}

static json_t *
accept(const char *text)
{
	struct fault why = { 0 };
	json_t *file = NULL;
	int r = members_read(slice_of(text), taxonomy, &file, &why);

	if (r != 0)
		print_error("%s %s\n", why.pointer, why.detail == NULL ? "" : why.detail);
	assert_int_equal(r, 0);
	return file;
}

static void
test_record(void **state)
{
	json_t *file = accept(
	    "{\"members\":[{\"id\":\"first\"," CENTRE
	    "},{\"id\":\"b-1\",\"names\":{\"en\":\"A\","
	    "\"ja\":\"あ\"},\"aliases\":[\"AB\"],\"domains\":[\"a.example\"],"
	    "\"networks\":[\"192.0.2.0/24\"],\"asns\":[64500,\"AS64501\"],"
	    "\"host_prefixes\":[\"H-\"],\"sites\":[{\"ja\":\"東\",\"en\":\"East\"}],"
	    "\"people\":[\"甲 "
	    "乙\"],\"region\":\"kanto\",\"class\":\"hospital\",\"size\":\"large\","
	    "\"disabled\":true,\"roles\":[{\"role\":\"operator\",\"ceptoar\":\"bank-"
	    "ceptoar\"},"
	    "{\"role\":\"affiliate\",\"ceptoar\":\"water-ceptoar\"},{\"role\":"
	    "\"ministry\"}],"
	    "\"contacts\":[{\"name\":\"丙 丁\",\"mail\":\"a@b.example\"},"
	    "{\"telephone\":\"03-0000-0000\"}],\"subscriptions\":{\"min_severity\":1,"
	    "\"cross_sector\":3,\"sectors\":[\"finance\"],\"products\":[\"Router  X\"],"
	    "\"exercise\":false}}]}");
	static const struct {
		enum term_kind kind;
		const char *text;
	} want[] = { { TERM_NAME, "あ" }, { TERM_NAME, "A" }, { TERM_ALIAS, "AB" },
		{ TERM_DOMAIN, "a.example" }, { TERM_NETWORK, "192.0.2.0/24" },
		{ TERM_ASN, "AS64500" }, { TERM_ASN, "AS64501" },
		{ TERM_HOST_PREFIX, "H-" }, { TERM_SITE, "東" }, { TERM_SITE, "East" },
		{ TERM_PERSON, "甲 乙" }, { TERM_PERSON, "丙 丁" } };
	struct member_terms terms;
	struct vault_member m;
	size_t i;

	(void)state;
	assert_int_equal(members_count(file), 2);
	assert_int_equal(members_get(file, 2, taxonomy, &m, &terms), ERR_NOTFOUND);
	assert_int_equal(members_get(file, 1, taxonomy, &m, &terms), 0);
	assert_string_equal(m.id, "b-1");
	assert_int_equal(m.disabled, 1);
	assert_int_equal(m.roles, ROLE_OPERATOR | ROLE_AFFILIATE | ROLE_MINISTRY);
	assert_true(slots_has(&m.op, taxonomy_slot(taxonomy, slice_of("bank-ceptoar"))));
	assert_true(
	    slots_has(&m.aff, taxonomy_slot(taxonomy, slice_of("water-ceptoar"))));
	assert_false(
	    slots_has(&m.sec, taxonomy_slot(taxonomy, slice_of("bank-ceptoar"))));
	assert_int_equal(m.clearance, TLP_AMBER_STRICT);
	assert_int_equal(m.routes, 5);
	assert_string_equal(m.region, "kanto");
	assert_string_equal(m.class_, "hospital");
	assert_string_equal(m.size, "large");
	assert_int_equal(m.wants.min_severity, 1);
	assert_int_equal(m.wants.cross_severity, 3);
	assert_int_equal(m.wants.exercise, 0);
	assert_int_equal(
	    m.wants.sectors, 1ull << taxonomy_sector(taxonomy, slice_of("finance")));
	assert_int_equal(m.wants.product_count, 1);
	assert_int_equal(m.wants.products[0], product_hash(slice_of("Router X")));
	assert_int_equal(terms.n, sizeof want / sizeof want[0]);
	for (i = 0; i < terms.n; i++) {
		assert_string_equal(terms.v[i].id, "b-1");
		assert_int_equal(terms.v[i].kind, want[i].kind);
		assert_int_equal(terms.v[i].n, strlen(want[i].text));
		assert_memory_equal(terms.v[i].text, want[i].text, terms.v[i].n);
	}
	mem_free(terms.v);
	json_decref(file);
}

/* What the file accepted before its words were fixed is told by its look. */
static void
test_contacts(void **state)
{
	static const struct {
		unsigned kind;
		const char *lang, *value;
	} want[] = {
		{ CONTACT_MAIL, "ja", "a@b.example" },
		{ CONTACT_TELEPHONE, "ja", "03-0000-0000" },
		{ CONTACT_WEBHOOK, "ja", "https://h.example/1" },
		{ CONTACT_MAIL, "en", "c@d.example" },
		{ CONTACT_TELEPHONE, "en", "03-0000-0001" },
		{ CONTACT_SMS, "ja", "090-0000-0000" },
		{ CONTACT_VOICE, "ja", "090-0000-0001" },
		{ CONTACT_WEBHOOK, "ja", "https://h.example/2" },
	};
	json_t *file = accept(
	    ONE("\"contacts\":[\"a@b.example\",\"03-0000-0000\",\"https://h.example/1\","
		"\"whoever\",{\"name\":\"room 12\",\"desk\":\"c@d.example\",\"call\":"
		"\"03-0000-0001\",\"lang\":\"en\",\"note\":\"floor 3\"},"
		"{\"sms\":\"090-0000-0000\"},{\"voice\":\"090-0000-0001\"},"
		"{\"webhook\":\"https://h.example/2\",\"secret\":\"" HEX64
		"\",\"pin\":\"" PIN "\"}]"));
	struct vault_contact v[CONTACTS_MAX];
	struct member_terms terms;
	struct vault_member m;
	size_t n, i;

	(void)state;
	n = members_contacts(file, 0, v);
	assert_int_equal(n, sizeof want / sizeof want[0]);
	for (i = 0; i < n; i++) {
		assert_string_equal(v[i].id, "a");
		assert_string_equal(v[i].person, "");
		assert_int_equal(v[i].kind, want[i].kind);
		assert_string_equal(v[i].lang, want[i].lang);
		assert_string_equal(v[i].value, want[i].value);
		assert_int_equal(v[i].has_secret, i == 7);
	}
	assert_int_equal(v[7].secret[1], 0x23);
	assert_string_equal(v[7].pin, PIN);
	assert_string_equal(v[2].pin, "");
	assert_int_equal(members_get(file, 0, taxonomy, &m, &terms), 0);
	assert_int_equal(m.routes, 31);
	mem_free(terms.v);
	json_decref(file);
}

static void
test_persons(void **state)
{
	json_t *file = accept(ONE(
	    "\"names\":{\"en\":\"Org\"},\"contacts\":[\"a@b\"],\"persons\":["
	    "{\"id\":\"p\",\"duties\":[\"desk\",\"duty_officer\"],\"languages\":[\"en\","
	    "\"ja\"],\"names\":{\"ja\":\"佐藤 葵\",\"en\":\"Aoi Sato\"},\"contacts\":"
	    "[\"c@d\",{\"sms\":\"090\",\"lang\":\"ja\"}]},"
	    "{\"id\":\"q\",\"duties\":[\"machine\"]}]"));
	struct vault_contact v[CONTACTS_MAX];
	struct member_terms terms;
	struct vault_member m;
	struct vault_names n;
	struct vault_person p;

	(void)state;
	members_names(file, 0, &n);
	assert_string_equal(n.id, "a");
	assert_string_equal(n.person, "");
	assert_string_equal(n.ja, "Org"); /* one language stands for both */
	assert_string_equal(n.en, "Org");
	assert_int_equal(members_persons(file, 0), 2);
	assert_int_equal(members_person(file, 0, 0, &p, &n, v), 2);
	assert_string_equal(p.id, "a");
	assert_string_equal(p.person, "p");
	assert_int_equal(p.duties, DUTY_DESK | DUTY_OFFICER);
	assert_int_equal(p.langs, LANG_JA | LANG_EN);
	assert_string_equal(n.person, "p");
	assert_string_equal(n.ja, "佐藤 葵");
	assert_string_equal(n.en, "Aoi Sato");
	assert_string_equal(v[0].person, "p");
	assert_string_equal(v[0].lang, "en"); /* the first of the person's languages */
	assert_string_equal(v[1].lang, "ja");
	assert_int_equal(members_person(file, 0, 1, &p, &n, v), 0);
	assert_int_equal(p.duties, DUTY_MACHINE);
	assert_int_equal(p.langs, LANG_JA);
	assert_string_equal(n.ja, "");
	/* The scrubber looks for them; the member's own routes are not theirs. */
	assert_int_equal(members_get(file, 0, taxonomy, &m, &terms), 0);
	assert_int_equal(m.routes, ROUTE_MAIL);
	assert_int_equal(terms.n, 3);
	assert_int_equal(terms.v[1].kind, TERM_PERSON);
	assert_memory_equal(terms.v[2].text, "Aoi Sato", 8);
	mem_free(terms.v);
	json_decref(file);
}

static void
test_defaults(void **state)
{
	json_t *file = accept(
	    "{\"members\":[{\"id\":\"o\",\"roles\":[{\"role\":\"observer\"}]},"
	    "{\"id\":\"p\",\"roles\":[{\"role\":\"observer\"},{\"role\":\"agency\"}]}]}");
	struct member_terms terms;
	struct vault_member m;

	(void)state;
	assert_int_equal(members_get(file, 0, taxonomy, &m, &terms), 0);
	assert_int_equal(m.clearance, TLP_GREEN);
	assert_int_equal(m.disabled, 0);
	assert_int_equal(m.routes, 0);
	assert_int_equal(m.wants.cross_severity, LEVEL_NEVER);
	assert_int_equal(m.wants.min_severity, 0);
	assert_int_equal(m.wants.exercise, 1);
	assert_int_equal(terms.n, 0);
	mem_free(terms.v);
	assert_int_equal(members_get(file, 1, taxonomy, &m, &terms), 0);
	assert_int_equal(m.clearance, TLP_AMBER_STRICT);
	mem_free(terms.v);
	json_decref(file);
}

/* Words too long for the vault's record stay apart and valid UTF-8. */
static void
test_long_words(void **state)
{
	json_t *file = accept(ONE(
		   "\"region\":\"関東甲信越地方の北\",\"class\":\"general-hospital-a\","
		   "\"size\":\"beds-300\"")),
	       *other = accept(ONE(
		   "\"region\":\"関東甲信越地方の南\",\"class\":\"general-hospital-b\","
		   "\"size\":\"beds-3000\""));
	struct member_terms terms;
	struct vault_member a, b;

	(void)state;
	assert_int_equal(members_get(file, 0, taxonomy, &a, &terms), 0);
	mem_free(terms.v);
	assert_int_equal(members_get(other, 0, taxonomy, &b, &terms), 0);
	mem_free(terms.v);
	assert_string_not_equal(a.region, b.region);
	assert_string_not_equal(a.class_, b.class_);
	assert_string_not_equal(a.size, b.size);
	assert_int_equal(strncmp(a.class_, "general-ho~", 11), 0);
	assert_int_equal(strncmp(a.region, "関東甲~", 10), 0);
	assert_int_equal(strlen(a.size), 7);
	json_decref(file);
	json_decref(other);
}

/* A term has room for 256 bytes, and a member for 512 terms. */
static void
test_caps(void **state)
{
	struct fault why = { 0 };
	struct buf text;
	json_t *file;
	unsigned i, n;

	(void)state;
	buf_init(&text, 1 << 20);
	for (n = 256; n <= 257; n++) {
		buf_reset(&text);
		buf_adds(&text, "{\"members\":[{\"id\":\"a\"," CENTRE ",\"aliases\":[\"");
		for (i = 0; i < n; i++)
			buf_addc(&text, 'x');
		buf_adds(&text, "\"]}]}");
		assert_int_equal(members_read(buf_slice(&text), taxonomy, &file, &why),
		    n == 256 ? 0 : ERR_INVALID);
		if (n == 256)
			json_decref(file);
	}
	assert_string_equal(why.pointer, "/members/0/aliases/0");
	for (n = 512; n <= 513; n++) {
		buf_reset(&text);
		buf_adds(
		    &text, "{\"members\":[{\"id\":\"a\"," CENTRE ",\"aliases\":[\"x\"");
		for (i = 1; i < n; i++)
			buf_adds(&text, ",\"x\"");
		buf_adds(&text, "]}]}");
		assert_int_equal(members_read(buf_slice(&text), taxonomy, &file, &why),
		    n == 512 ? 0 : ERR_INVALID);
		if (n == 512)
			json_decref(file);
	}
	assert_int_equal(why.problem, P_TOO_LARGE);
	buf_done(&text);
}

static void
test_demo_file(void **state)
{
	static const char *const ceptoars[] = { "medical-ceptoar", "bank-ceptoar",
		"credit-ceptoar", "railway-ceptoar", "port-ceptoar", "water-ceptoar",
		"local-government-ceptoar", "logistics-ceptoar" };
	struct member_terms terms;
	struct vault_member m;
	struct buf text;
	json_t *file;
	unsigned roles = 0, operators[8] = { 0 }, desks[8] = { 0 }, across = 0, slot;
	size_t i, k;

	(void)state;
	read_file("conf/demo-members.json", &text);
	file = accept(buf_cstr(&text));
	buf_done(&text);
	for (i = 0; i < members_count(file); i++) {
		assert_int_equal(members_get(file, i, taxonomy, &m, &terms), 0);
		mem_free(terms.v);
		roles |= m.roles;
		across += m.wants.cross_severity != LEVEL_NEVER;
		for (k = 0; k < 8; k++) {
			slot = taxonomy_slot(taxonomy, slice_of(ceptoars[k]));
			operators[k] += slots_has(&m.op, slot);
			desks[k] += slots_has(&m.sec, slot);
		}
	}
	for (k = 0; k < 8; k++) {
		assert_true(operators[k] >= 6);
		assert_int_equal(desks[k], 1);
	}
	assert_true(across >= 2);
	assert_int_equal(roles, ROLE_OPERATOR | ROLE_SECRETARIAT | ROLE_AFFILIATE |
				    ROLE_CENTRE | ROLE_MINISTRY | ROLE_AGENCY |
				    ROLE_OBSERVER);
	json_decref(file);
}

/* A member's own entry, as strictly as in the file: a key spelt wrong would leave a name
 * in its report. */
static void
test_entry_alone(void **state)
{
	static const char good[] = "{\"id\":\"a\"," CENTRE ",\"names\":{\"ja\":\"甲\"}}";
	struct fault why = { 0 };
	struct member_terms terms;
	struct vault_member m;
	json_t *file = NULL;

	(void)state;
	assert_int_equal(members_read_one(slice_of(good), taxonomy, &file, &why), 0);
	assert_int_equal(members_count(file), 1);
	assert_int_equal(members_get(file, 0, taxonomy, &m, &terms), 0);
	assert_int_equal(terms.n, 1);
	assert_memory_equal(terms.v[0].text, "甲", 3);
	mem_free(terms.v);
	json_decref(file);
	assert_int_equal(
	    members_read_one(slice_of("{\"id\":\"a\"," CENTRE ",\"name\":\"x\"}"),
		taxonomy, &file, &why),
	    ERR_INVALID);
	assert_string_equal(why.pointer, "/name");
	assert_int_equal(
	    members_read_one(slice_of("{\"members\":[]}"), taxonomy, &file, &why),
	    ERR_INVALID);
	assert_int_equal(
	    members_read_one(slice_of("[]"), taxonomy, &file, &why), ERR_INVALID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_record),
		cmocka_unit_test(test_contacts),
		cmocka_unit_test(test_persons),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_long_words),
		cmocka_unit_test(test_caps),
		cmocka_unit_test(test_demo_file),
		cmocka_unit_test(test_entry_alone),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
