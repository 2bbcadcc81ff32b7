/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/role/keeper_rig.h"

#include "daemon/keeper/expire.h"
#include "daemon/keeper/issuers.h"
#include "proto/msg_issuer.h"

enum { CENTRE = 1, MINISTRY = 2, OTHER = 3, DESK = 4, DAY = 1440 };

#define NAMED \
	"{\"consent\":{\"publish\":\"none\",\"identity\":\"named\",\"named_to\":" \
	"[\"centre\",\"sample-ministry\"]}}"

/* The reader's inbox as "id of its first byte, ! when it names him": "3! 1". */
static void
inbox(struct rig *g, struct rights rights, char out[64])
{
	struct keeper_list q = { .rights = rights, .limit = 10 };
	const json_t *item;
	unsigned id;
	json_t *j;
	struct buf b;
	size_t i, n = 0;

	buf_init(&b, 1024);
	keeper_list_put(&b, &q);
	assert_int_equal(rig_call(g, &g->peer[0], KM_INBOX, &b), P_OK);
	buf_done(&b);
	j = rig_json(&g->peer[0]);
	out[0] = '\0';
	json_array_foreach(rig_at(j, "items"), i, item)
	{
		assert_int_equal(sscanf(rig_text(item, "id"), "%2x", &id), 1);
		n += (size_t)snprintf(out + n, 64 - n, "%s%u%s", i > 0 ? " " : "", id,
		    json_is_true(rig_at(item, "named")) ? "!" : "");
	}
	json_decref(j);
}

static void
named_to(struct keeper_put *m, unsigned one, unsigned two)
{
	m->named_count = two != 0 ? 2 : 1;
	memset(m->named[0], (int)one, RECEIVER_LEN);
	memset(m->named[1], (int)two, RECEIVER_LEN);
}

static void
test_inbox_of_the_named(void **state)
{
	struct keeper_put m = rig_put_default(), named = m;
	struct rights centre = rig_rights(CENTRE, ROLE_CENTRE, 0),
		      both = rig_rights(CENTRE, ROLE_SECRETARIAT, RIG_MED);
	char got[64];
	struct rig g;

	(void)state;
	rig_open(&g, "");
	assert_int_equal(rig_put(&g, &m, 1, "none", NULL), P_OK); /* 1: sealed, low */
	named_to(&named, CENTRE, MINISTRY);
	assert_int_equal(rig_put(&g, &named, 1, "none", NAMED), P_OK); /* 2 */
	assert_int_equal(rig_put(&g, &m, 3, "none", NULL), P_OK);      /* 3: high */
	rig_now += 60000;
	named_to(&named, MINISTRY, 0);
	assert_int_equal(rig_put(&g, &named, 3, "none", NAMED), P_OK); /* 4 */
	inbox(&g, centre, got);
	assert_string_equal(got, "4 3 2!");
	inbox(&g, rig_rights(MINISTRY, ROLE_MINISTRY, 0), got);
	assert_string_equal(got, "4! 2!");
	inbox(&g, rig_rights(OTHER, ROLE_MINISTRY, 0), got);
	assert_string_equal(got, "");
	inbox(&g, rig_rights(DESK, ROLE_SECRETARIAT, RIG_MED), got);
	assert_string_equal(got, "4 3 2 1");
	/* Two ways to one report: once, with the mark. */
	both.roles |= ROLE_CENTRE;
	inbox(&g, both, got);
	assert_string_equal(got, "4 3 2! 1");
	rig_restart(&g);
	inbox(&g, rig_rights(MINISTRY, ROLE_MINISTRY, 0), got);
	assert_string_equal(got, "4! 2!");
	/* Forgotten with the report. */
	assert_true(expire_prune(&g.k, rig_now / 60000 + 1826 * DAY + 1, 100) > 0);
	inbox(&g, rig_rights(MINISTRY, ROLE_MINISTRY, 0), got);
	assert_string_equal(got, "");
	rig_close(&g);
}

/* What the text says and who got an envelope have to agree. */
static void
test_text_and_envelopes_agree(void **state)
{
	struct keeper_put m = rig_put_default();
	struct keeper_reply r;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	assert_int_equal(rig_put(&g, &m, 1, "none", NAMED), P_INVALID_FIELD);
	r = rig_reply(&g.peer[0]);
	assert_int_equal(r.pointer.n, strlen("/consent/named_to"));
	assert_memory_equal(r.pointer.p, "/consent/named_to", r.pointer.n);
	m.blind = 1; /* nobody can be named there, and a token is asked for first */
	assert_int_equal(rig_put(&g, &m, 1, "none", NAMED), P_TOKEN_INVALID);
	m.blind = 0;
	named_to(&m, CENTRE, 0);
	assert_int_equal(rig_put(&g, &m, 1, "none", NULL), P_INVALID_FIELD);
	assert_int_equal(rig_put(&g, &m, 1, "none", NAMED), P_OK);
	m.named_count = NAMED_MAX + 1; /* the caller broke the protocol */
	assert_int_equal(rig_put(&g, &m, 1, "none", NAMED), P_COUNT);
	rig_close(&g);
}

static void
push_public(struct rig *g, uint64_t count, unsigned head)
{
	struct vault_public m = { .envelope_days = 90, .exports = count };
	struct buf b;

	memset(m.exports_head, (int)head, sizeof m.exports_head);
	buf_init(&b, 256);
	vault_public_put(&b, &m);
	assert_int_equal(link_send(g->vault, VM_ISSUER_END, 0, 0, b.p, b.n), 0);
	buf_done(&b);
}

static void
test_transparency(void **state)
{
	char head[2 * 32 + 1];
	const json_t *j2;
	struct rig_peer *p;
	struct buf none;
	struct rig g;
	json_t *j;

	(void)state;
	buf_init(&none, 16);
	rig_open(&g, "[tokens]\nk = 7\n[policy]\nk_inside = 6\nk_beyond = 13\n"
		     "[policy medical-ceptoar]\nk_products = 31\n"
		     "[policy bank-ceptoar]\nblind_auto = yes\n");
	p = &g.peer[0];
	rig_directory(&g, NULL, 0);
	/* Nothing is said before the vault has spoken. */
	assert_int_equal(rig_call(&g, p, KM_TRANSPARENCY, &none), P_UNAVAILABLE);
	push_public(&g, 3, 0xab);
	RIG_UNTIL(&g, issuers_public(directory_issuers(g.k.dir)) != NULL);
	assert_int_equal(rig_call(&g, p, KM_TRANSPARENCY, &none), P_OK);
	j = rig_json(p);
	memset(head, 0, sizeof head);
	while (strlen(head) < 64)
		(void)strncat(head, "ab", 3);
	assert_string_equal(rig_text(j, "envelope_exports.head"), head);
	assert_int_equal(json_integer_value(rig_at(j, "envelope_exports.count")), 3);
	assert_int_equal(json_integer_value(rig_at(j, "envelope_days")), 90);
	/* The thresholds in force, and of whom they are others. */
	assert_int_equal(json_integer_value(rig_at(j, "k.inside")), 6);
	assert_int_equal(json_integer_value(rig_at(j, "k.beyond")), 13);
	assert_int_equal(json_integer_value(rig_at(j, "k.products")), 20);
	assert_int_equal(json_integer_value(rig_at(j, "k.tokens")), 7);
	assert_int_equal(json_object_size(rig_at(j, "k.ceptoars")), 1);
	j2 = rig_at(j, "k.ceptoars.medical-ceptoar");
	assert_int_equal(json_integer_value(rig_at(j2, "products")), 31);
	assert_int_equal(json_integer_value(rig_at(j2, "inside")), 6);
	json_decref(j);
	push_public(&g, 4, 1);
	RIG_UNTIL(&g, issuers_public(directory_issuers(g.k.dir))->exports == 4);
	buf_addc(&none, 'x');
	assert_int_equal(rig_call(&g, p, KM_TRANSPARENCY, &none), P_COUNT);
	buf_done(&none);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inbox_of_the_named),
		cmocka_unit_test(test_text_and_envelopes_agree),
		cmocka_unit_test(test_transparency),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
