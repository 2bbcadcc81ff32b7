/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "proto/msg_registry.h"
#include "proto/msg_issuer.h"
#include "proto/msg_escrow.h"
#include "proto/msg_seal.h"

/* One struct of each kind, every field set; the union keeps the table simple. */
union any {
	struct vault_hello hello;
	struct vault_admit admit;
	struct vault_seal seal;
	struct vault_order order;
	struct vault_issuer issuer;
	struct vault_public public;
	struct vault_groups groups;
	struct vault_issue issue;
	struct vault_signed signed_;
	struct vault_dir_row row;
	struct vault_member member;
	struct vault_term term;
	struct vault_state state;
};

static void
fill_rights(struct rights *r)
{
	memset(r->receiver, 0xab, sizeof r->receiver);
	slots_set(&r->op, 1);
	slots_set(&r->sec, 2);
	slots_set(&r->aff, 3);
	r->roles = ROLE_OPERATOR | ROLE_SECRETARIAT | ROLE_AFFILIATE;
	r->clearance = TLP_GREEN;
	memset(r->person, 0x17, sizeof r->person);
	r->duties = DUTY_DESK;
}

static void
fill_hello(union any *a)
{
	a->hello.generation = 0x0102030405060708u;
	memset(a->hello.ticket_secret, 0x5a, 32);
}

static void
fill_admit(union any *a)
{
	a->admit.status = VS_OK;
	a->admit.generation = 77;
	fill_rights(&a->admit.rights);
}

static void
fill_seal(union any *a)
{
	a->seal.status = VS_EXISTS;
	a->seal.auto_ok = 1;
	a->seal.since = 29000000;
	a->seal.topics[7].members = 300;
	a->seal.topics[7].sectors = 4;
	memset(a->seal.named, 8, sizeof a->seal.named);
}

static void
fill_row(union any *a)
{
	fill_rights(&a->row.rights);
	a->row.disabled = 1;
	a->row.routes = 7;
	a->row.always = 1;
	memcpy(a->row.region, "kinki", 5);
	memcpy(a->row.class_, "hospital-500bed", 15); /* the whole room */
	memcpy(a->row.size, "large", 5);
	subscription_default(&a->row.wants);
}

static void
fill_member(union any *a)
{
	memcpy(a->member.id, "sample-hospital", 15);
	a->member.disabled = 1;
	slots_set(&a->member.op, 9);
	slots_set(&a->member.aff, 127);
	a->member.roles = ROLE_OPERATOR | ROLE_AFFILIATE;
	a->member.clearance = TLP_AMBER;
	a->member.routes = 3;
	a->member.always = 1;
	memcpy(a->member.region, "tohoku", 6);
	memcpy(a->member.class_, "bank", 4);
	memcpy(a->member.size, "s", 1);
	subscription_default(&a->member.wants);
}

static void
fill_term(union any *a)
{
	memcpy(a->term.id, "sample-hospital", 15);
	a->term.kind = TERM_PERSON;
	a->term.n = VAULT_TERM_MAX;
	memset(a->term.text, 'x', VAULT_TERM_MAX);
}

static void
fill_order(union any *a)
{
	memset(a->order.spki, 1, 32);
	memset(a->order.report, 2, ID_LEN);
	a->order.wants_auto = 1;
	a->order.topic_count = 3;
	memset(a->order.topics, 4, sizeof a->order.topics[0] * 3);
	a->order.named_count = 1;
	memcpy(a->order.named[0], "centre", 7);
	a->order.critical = 1;
}

static void
fill_issuer(union any *a)
{
	a->issuer.group = 3;
	a->issuer.epoch = 2968;
	a->issuer.state = ISSUER_GRACE;
	a->issuer.drawn = 17;
	memset(a->issuer.n, 5, sizeof a->issuer.n);
	a->issuer.slots = 3;
	a->issuer.slot[0] = 3;
	a->issuer.slot[1] = 16;
	a->issuer.slot[2] = SLOTS - 1;
	a->issuer.in[0] = 12;
	a->issuer.in[2] = 5;
}

static void
fill_public(union any *a)
{
	a->public.epoch = 2968;
	a->public.epoch_seconds = 604800;
	a->public.batch = 20;
	a->public.envelope_days = 180;
	a->public.exports = 1;
	memset(a->public.exports_head, 6, 32);
}

static void
fill_groups(union any *a)
{
	a->groups.n = 5;
	memset(a->groups.of, GROUP_NONE, sizeof a->groups.of);
	a->groups.of[0] = 4;
}

static void
fill_issue(union any *a)
{
	memset(a->issue.spki, 1, sizeof a->issue.spki);
	a->issue.group = 3;
	a->issue.epoch = 2968;
	memset(a->issue.blinded, 2, sizeof a->issue.blinded);
}

static void
fill_signed(union any *a)
{
	a->signed_.status = VS_NO_KEY;
	memset(a->signed_.sig, 3, sizeof a->signed_.sig);
}

static void
fill_state(union any *a)
{
	a->state.generation = 1;
	a->state.members = 2;
	a->state.disabled = 3;
	a->state.certs = 4;
	a->state.envelopes = 5;
	a->state.fronts = 6;
	a->state.keepers = 7;
	a->state.wal_bytes = 8;
	memcpy(a->state.reload_error, "escrow-a.pem: unreadable", 24);
}

#define KIND(name) \
	static void put_##name(struct buf *b, const union any *a) \
	{ \
		vault_##name##_put(b, &a->KIND_FIELD_##name); \
	} \
	static int get_##name(const void *p, size_t n, union any *ret) \
	{ \
		return vault_##name##_get(p, n, &ret->KIND_FIELD_##name); \
	}
#define KIND_FIELD_hello   hello
#define KIND_FIELD_admit   admit
#define KIND_FIELD_seal	   seal
#define KIND_FIELD_dir_row row
#define KIND_FIELD_member  member
#define KIND_FIELD_term	   term
#define KIND_FIELD_state   state
#define KIND_FIELD_order   order
#define KIND_FIELD_issuer  issuer
#define KIND_FIELD_public  public
#define KIND_FIELD_groups  groups
#define KIND_FIELD_issue   issue
#define KIND_FIELD_signed  signed_
KIND(hello)
KIND(admit)
KIND(seal)
KIND(dir_row)
KIND(member)
KIND(term)
KIND(state)
KIND(order)
KIND(issuer)
KIND(public)
KIND(groups)
KIND(issue)
KIND(signed)

static const struct {
	const char *name;
	size_t size; /* on the wire: what other programs and older ones count on */
	size_t memory;
	void (*fill)(union any *);
	void (*put)(struct buf *, const union any *);
	int (*get)(const void *, size_t, union any *);
} kinds[] = {
	{ "hello", VAULT_PAGE, sizeof(struct vault_hello), fill_hello, put_hello,
	    get_hello },
	{ "admit", VAULT_PAGE, sizeof(struct vault_admit), fill_admit, put_admit,
	    get_admit },
	{ "seal", VAULT_PAGE, sizeof(struct vault_seal), fill_seal, put_seal, get_seal },
	{ "order", VAULT_ORDER_LEN, sizeof(struct vault_order), fill_order, put_order,
	    get_order },
	{ "issuer", VAULT_ISSUER_LEN + 3 * 5, sizeof(struct vault_issuer), fill_issuer,
	    put_issuer, get_issuer },
	{ "public", 52, sizeof(struct vault_public), fill_public, put_public,
	    get_public },
	{ "groups", VAULT_GROUPS_LEN, sizeof(struct vault_groups), fill_groups,
	    put_groups, get_groups },
	{ "issue", VAULT_ISSUE_LEN, sizeof(struct vault_issue), fill_issue, put_issue,
	    get_issue },
	{ "signed", VAULT_PAGE, sizeof(struct vault_signed), fill_signed, put_signed,
	    get_signed },
	{ "dir_row", 223, sizeof(struct vault_dir_row), fill_row, put_dir_row,
	    get_dir_row },
	{ "member", 254, sizeof(struct vault_member), fill_member, put_member,
	    get_member },
	{ "term", 323, sizeof(struct vault_term), fill_term, put_term, get_term },
	{ "state", 168, sizeof(struct vault_state), fill_state, put_state, get_state },
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static void
test_round_trip(void **state)
{
	union any a, got;
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < KINDS; i++) {
		memset(&a, 0, sizeof a);
		memset(&got, 0, sizeof got);
		kinds[i].fill(&a);
		buf_init(&b, 65536);
		kinds[i].put(&b, &a);
		assert_int_equal(buf_err(&b), 0);
		if (b.n != kinds[i].size)
			fail_msg("%s takes %zu bytes", kinds[i].name, b.n);
		assert_int_equal(kinds[i].get(b.p, b.n, &got), 0);
		assert_memory_equal(&got, &a, kinds[i].memory);
		buf_done(&b);
	}
}

static void
test_wrong_size(void **state)
{
	union any a, got;
	struct buf b;
	size_t i, n;

	(void)state;
	for (i = 0; i < KINDS; i++) {
		memset(&a, 0, sizeof a);
		kinds[i].fill(&a);
		buf_init(&b, 65536);
		kinds[i].put(&b, &a);
		buf_addc(&b, 0);
		for (n = 0; n <= b.n; n++)
			if (n != kinds[i].size)
				assert_int_equal(kinds[i].get(b.p, n, &got), ERR_PROTO);
		buf_done(&b);
	}
}

/* Every byte changed in turn: refused, or read without harm and written the same way. */
static void
test_every_byte(void **state)
{
	union any a, got;
	struct buf b, again;
	size_t i, at, end;
	unsigned v;

	(void)state;
	for (i = 0; i < KINDS; i++) {
		memset(&a, 0, sizeof a);
		kinds[i].fill(&a);
		buf_init(&b, 65536);
		buf_init(&again, 65536);
		kinds[i].put(&b, &a);
		end = b.n < 450 ? b.n : 200;
		for (at = 0; at < end; at++) {
			for (v = 1; v < 256; v += 13) {
				b.p[at] = (char)(b.p[at] ^ v);
				memset(&got, 0, sizeof got);
				if (kinds[i].get(b.p, b.n, &got) == 0 &&
				    kinds[i].size != VAULT_PAGE) {
					buf_reset(&again);
					kinds[i].put(&again, &got);
					assert_memory_equal(again.p, b.p, b.n);
				}
				b.p[at] = (char)(b.p[at] ^ v);
			}
		}
		buf_done(&b);
		buf_done(&again);
	}
}

static void
test_values_refused(void **state)
{
	static const struct {
		const char *name;
		size_t at;
		unsigned char value;
	} cases[] = {
		{ "admit", 0, VS_LAST + 1 },
		{ "seal", 0, VS_LAST + 1 },
		{ "seal", 1, 2 },
		{ "order", 48, 2 },
		{ "order", 49, TOPICS_MAX + 1 },
		{ "order", 178, NAMED_MAX + 1 },
		{ "order", 242, 'x' }, /* an id without its end */
		{ "order", VAULT_ORDER_LEN - 1, 2 },
		{ "issuer", 5, ISSUER_GRACE + 1 },
		{ "issuer", 5, 0 },
		{ "groups", 0, GROUPS_MAX + 1 },
		{ "groups", 0, 4 }, /* slot 0 is of the fifth */
		{ "groups", 128, 5 },
		{ "signed", 0, VS_LAST + 1 },
		{ "dir_row", 84, 2 },
		{ "dir_row", 84, 'x' }, /* a region without its end */
		{ "member", 63, 'x' },	/* an id without its end */
		{ "member", 40, 'x' },	/* bytes behind its end */
		{ "member", 64, 2 },
		{ "member", 115, TLP_RED + 1 },
		{ "term", 64, 0 },
		{ "term", 64, TERM_PERSON + 1 },
		{ "term", 66, 2 }, /* longer than its room */
		{ "term", 66, 0 }, /* empty */
		{ "state", 167, 'x' },
	};
	union any a, got;
	struct buf b;
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		for (k = 0; strcmp(kinds[k].name, cases[i].name) != 0; k++)
			;
		memset(&a, 0, sizeof a);
		kinds[k].fill(&a);
		buf_init(&b, 65536);
		kinds[k].put(&b, &a);
		b.p[cases[i].at] = (char)cases[i].value;
		if (kinds[k].get(b.p, b.n, &got) != ERR_PROTO)
			fail_msg("%s with %u at %zu", cases[i].name, cases[i].value,
			    cases[i].at);
		buf_done(&b);
	}
}

static void
test_terms(void **state)
{
	struct vault_terms t = { .status = VS_OK, .pages = 3, .count = 2 }, got;
	struct buf data, b;

	(void)state;
	buf_init(&data, VAULT_PAGE);
	wire_put_u8(&data, TERM_NAME);
	wire_put_str(&data, slice_of("Sample Hospital"));
	wire_put_u8(&data, TERM_ASN);
	wire_put_str(&data, slice_of("64500"));
	t.data = buf_slice(&data);
	buf_init(&b, VAULT_PAGE * 2);
	vault_terms_put(&b, &t);
	assert_int_equal(b.n, VAULT_PAGE);
	assert_int_equal(vault_terms_get(b.p, b.n, &got), 0);
	assert_int_equal(got.pages, 3);
	assert_int_equal(got.count, 2);
	assert_int_equal(got.data.n, data.n); /* without the padding */
	assert_memory_equal(got.data.p, data.p, data.n);
	assert_int_equal(vault_terms_get(b.p, VAULT_PAGE - 1, &got), ERR_PROTO);
	b.p[3] = 3; /* one more than there are: the padding is no term */
	assert_int_equal(vault_terms_get(b.p, b.n, &got), ERR_PROTO);
	assert_int_equal(got.data.n, 0);
	b.p[3] = 2;
	b.p[5] = 99; /* no such kind */
	assert_int_equal(vault_terms_get(b.p, b.n, &got), ERR_PROTO);
	b.p[5] = TERM_NAME;
	b.p[8] = 1; /* a length beyond the page */
	assert_int_equal(vault_terms_get(b.p, b.n, &got), ERR_PROTO);
	b.p[8] = 0;
	b.p[4] = 0x7f; /* more than a page can hold */
	assert_int_equal(vault_terms_get(b.p, b.n, &got), ERR_PROTO);
	buf_done(&data);
	buf_done(&b);
}

static void
test_page_pad(void **state)
{
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, VAULT_PAGE * 2);
	buf_adds(&b, "abc");
	vault_page_pad(&b);
	assert_int_equal(b.n, VAULT_PAGE);
	for (i = 3; i < b.n; i++)
		assert_int_equal(b.p[i], 0);
	vault_page_pad(&b); /* full already */
	assert_int_equal(b.n, VAULT_PAGE);
	buf_addc(&b, 'x'); /* too long for a page: an error, not a longer answer */
	vault_page_pad(&b);
	assert_int_equal(buf_err(&b), ERR_LIMIT);
	buf_done(&b);
}

/* The envelope of a named report, or a page of zeros. */
static void
test_named(void **state)
{
	static const unsigned char cms[ENVELOPE_CMS_MAX] = { 0x30, 0x82 };
	struct vault_named m = { VS_OK, { (const char *)cms, sizeof cms } }, got;
	struct buf b;
	size_t n;

	(void)state;
	buf_init(&b, 65536);
	vault_named_put(&b, &m);
	assert_int_equal(b.n, VAULT_PAGE);
	assert_int_equal(vault_named_get(b.p, b.n, &got), 0);
	assert_int_equal(got.cms.n, sizeof cms);
	assert_memory_equal(got.cms.p, cms, sizeof cms);
	for (n = 0; n < b.n; n += 97)
		assert_int_equal(vault_named_get(b.p, n, &got), ERR_PROTO);
	b.p[0] = VS_UNKNOWN; /* an envelope with a refusal */
	assert_int_equal(vault_named_get(b.p, b.n, &got), ERR_PROTO);
	b.p[0] = VS_OK;
	b.p[1]++; /* larger than there is room for */
	assert_int_equal(vault_named_get(b.p, b.n, &got), ERR_PROTO);
	memset(b.p, 0, b.n); /* good, and no envelope */
	assert_int_equal(vault_named_get(b.p, b.n, &got), ERR_PROTO);
	b.p[0] = VS_LAST + 1;
	assert_int_equal(vault_named_get(b.p, b.n, &got), ERR_PROTO);
	b.p[0] = VS_UNKNOWN;
	assert_int_equal(vault_named_get(b.p, b.n, &got), 0);
	buf_done(&b);
}

/* Every field counts, and a sum made by other means is the same. */
static void
test_export_sum(void **state)
{
	/* python3 -c "import hashlib; print(hashlib.sha256(bytes([1]) * 32 +
	 * (7).to_bytes(8, 'little') + (29735040).to_bytes(4, 'little') + bytes([2]) * 16
	 * + b'order 12 of the court').hexdigest())" */
	static const char want[] =
	    "32cae21d5f6e9add9de4bb3cf7161f43b9528bc5e570a7bc956bc9bb2af4b149";
	struct vault_export e = { .number = 7, .minute = 29735040 }, got;
	unsigned char sum[32], other[32];
	struct buf b, hex;
	struct wire w;

	(void)state;
	memset(e.prev, 1, sizeof e.prev);
	memset(e.report, 2, sizeof e.report);
	memcpy(e.reason, "order 12 of the court", 22);
	assert_int_equal(vault_export_sum(&e, sum), 0);
	buf_init(&hex, 128);
	buf_add_hex(&hex, sum, sizeof sum);
	assert_string_equal(buf_cstr(&hex), want);
	memcpy(e.sum, sum, sizeof sum);
	buf_init(&b, 4096);
	vault_export_put(&b, &e);
	memset(&got, 0, sizeof got);
	wire_init(&w, b.p, b.n);
	vault_export_get(&w, &got);
	assert_int_equal(wire_end(&w), 0);
	assert_memory_equal(&got, &e, sizeof e);
	e.reason[20]++;
	assert_int_equal(vault_export_sum(&e, other), 0);
	assert_memory_not_equal(other, sum, 32);
	e = got;
	e.minute++;
	assert_int_equal(vault_export_sum(&e, other), 0);
	assert_memory_not_equal(other, sum, 32);
	e = got;
	e.number++;
	assert_int_equal(vault_export_sum(&e, other), 0);
	assert_memory_not_equal(other, sum, 32);
	memset(
	    b.p + 8 + 4 + ID_LEN, 'x', ENVELOPE_REASON_MAX); /* a text without an end */
	wire_init(&w, b.p, b.n);
	vault_export_get(&w, &got);
	assert_int_equal(wire_end(&w), ERR_PROTO);
	buf_done(&b);
	buf_done(&hex);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_named),
		cmocka_unit_test(test_export_sum),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_wrong_size),
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_values_refused),
		cmocka_unit_test(test_terms),
		cmocka_unit_test(test_page_pad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
