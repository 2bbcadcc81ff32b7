/* SPDX-License-Identifier: Apache-2.0 */
/* Who reads a report while its desk sleeps: weekends, holidays, and deputies who stand
 * in. */
#include "lib/file.h"
#include "proto/msg_case.h"
#include "tests/role/keeper_rig.h"

static const char commitment[] =
    "{\"case_commitment\":\"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\"}";
static const int64_t SUNDAY = 1794063600000 /* 2026-11-08T00:00 */, HOUR = 3600000;

/* The real list, but the medical desk has a deputy that works on Sundays from 8 to 12. */
static void
with_deputy(struct rig *g)
{
	struct taxonomy *t = NULL;
	struct buf a, b, h, text, why;
	json_t *list, *one;
	size_t i;

	buf_init(&a, 1 << 20);
	buf_init(&b, 1 << 20);
	buf_init(&h, 1 << 20);
	buf_init(&text, 1 << 20);
	buf_init(&why, 4096);
	assert_int_equal(file_read("conf/ceptoars.json", &a), 0);
	assert_int_equal(file_read("conf/taxonomy.json", &b), 0);
	assert_int_equal(file_read("conf/holidays.json", &h), 0);
	list = json_loadb(a.p, a.n, 0, NULL);
	json_array_foreach(json_object_get(list, "ceptoars"), i, one)
	{
		if (strcmp(rig_text(one, "slug"), "bank-ceptoar") == 0)
			(void)json_object_set_new(one, "duty_hours",
			    json_pack("{s:[i],s:s,s:s}", "days", 7, "from", "08:00", "to",
				"12:00"));
		if (strcmp(rig_text(one, "slug"), "medical-ceptoar") == 0)
			(void)json_object_set_new(
			    one, "deputies", json_pack("[s]", "bank-ceptoar"));
	}
	assert_int_equal(json_canonical(list, &text), 0);
	json_decref(list);
	if (taxonomy_new(&t, buf_slice(&text), buf_slice(&b), &why) != 0 ||
	    taxonomy_holidays(t, buf_slice(&h), &why) != 0)
		fail_msg("%s", buf_cstr(&why));
	taxonomy_free(g->k.tax);
	g->k.tax = t;
	buf_done(&a);
	buf_done(&b);
	buf_done(&h);
	buf_done(&text);
	buf_done(&why);
}

/* Sends a report; its read_by must be this desk and time.  Its case. */
static void
reported(struct rig *g, const char *desk, const char *at, struct keeper_case *ret)
{
	struct keeper_put m = rig_put_default();
	const json_t *by;
	json_t *j;

	assert_int_equal(rig_put(g, &m, 1, "none", commitment), P_OK);
	j = rig_json(&g->peer[0]);
	by = json_object_get(j, "read_by");
	assert_string_equal(
	    json_string_value(json_object_get(json_object_get(by, "who"), "en")),
	    taxonomy_desk_name(g->k.tax, taxonomy_slot(g->k.tax, slice_of(desk)), "en"));
	assert_string_equal(json_string_value(json_object_get(by, "at")), at);
	memset(ret, 0, sizeof *ret);
	ret->desk = 1;
	assert_int_equal(
	    hex_decode(slice_of(rig_text(j, "case")), ret->case_id, ID_LEN), ID_LEN);
	json_decref(j);
}

static enum problem
open_as(struct rig *g, struct keeper_case *c, const char *desk, unsigned duties)
{
	enum problem p;
	struct buf b;

	c->rights =
	    rig_rights(9, ROLE_SECRETARIAT, taxonomy_slot(g->k.tax, slice_of(desk)));
	c->rights.duties = (uint8_t)duties;
	buf_init(&b, 512);
	keeper_case_put(&b, c);
	p = rig_call(g, &g->peer[0], KM_CASE, &b);
	buf_done(&b);
	return p;
}

/* Items in the inbox of a desk, or -1 when it is refused. */
static int
inbox(struct rig *g, const char *desk, unsigned duties)
{
	struct keeper_list q;
	struct buf b;
	json_t *j;
	int n = -1;

	memset(&q, 0, sizeof q);
	q.rights =
	    rig_rights(9, ROLE_SECRETARIAT, taxonomy_slot(g->k.tax, slice_of(desk)));
	q.rights.duties = (uint8_t)duties;
	q.limit = 100;
	buf_init(&b, 512);
	keeper_list_put(&b, &q);
	if (rig_call(g, &g->peer[0], KM_INBOX, &b) == P_OK) {
		j = rig_json(&g->peer[0]);
		n = (int)json_array_size(json_object_get(j, "items"));
		json_decref(j);
	}
	buf_done(&b);
	return n;
}

static unsigned
bell_is_for(struct rig *g, const char *desk)
{
	struct rig_peer *p = rig_tail(g, 1);
	struct slice body, stub;
	struct frame_head h;
	unsigned n = 0;
	uint32_t i;

	for (i = 0; rig_row(p, i, &h, &body, &stub); i++)
		n += h.kind == FRAME_INBOX &&
		     slots_has(&h.slots, taxonomy_slot(g->k.tax, slice_of(desk)));
	rig_leave(p);
	g->peers--;
	return n;
}

static void
test_deputy(void **state)
{
	struct keeper_case c;
	struct rig g;

	(void)state;
	rig_now = SUNDAY + 7 * HOUR;
	rig_open(&g, "");
	with_deputy(&g);
	/* Nobody is there yet; the deputy begins first. */
	reported(&g, "bank-ceptoar", "2026-11-08T08:00:00+09:00", &c);
	assert_int_equal(open_as(&g, &c, "bank-ceptoar", DUTIES_ALL), P_NOT_FOUND);
	assert_int_equal(bell_is_for(&g, "medical-ceptoar"), 1);
	assert_int_equal(bell_is_for(&g, "bank-ceptoar"), 0);
	/* It stands in. */
	rig_now = SUNDAY + 9 * HOUR;
	reported(&g, "bank-ceptoar", "2026-11-08T09:00:00+09:00", &c);
	assert_int_equal(bell_is_for(&g, "bank-ceptoar"), 1);
	assert_int_equal(open_as(&g, &c, "bank-ceptoar", DUTY_DESK), P_OK);
	assert_int_equal(inbox(&g, "bank-ceptoar", DUTY_DESK), 2);
	assert_int_equal(inbox(&g, "medical-ceptoar", DUTY_DESK), 2);
	assert_int_equal(inbox(&g, "water-ceptoar", DUTY_DESK), 0);
	assert_int_equal(open_as(&g, &c, "water-ceptoar", DUTY_DESK), P_NOT_FOUND);
	/* Not with a person that has no duty at a desk. */
	assert_int_equal(inbox(&g, "bank-ceptoar", DUTY_REPORTER | DUTY_MACHINE), -1);
	assert_int_equal(inbox(&g, "medical-ceptoar", DUTY_MACHINE), -1);
	assert_int_equal(open_as(&g, &c, "medical-ceptoar", DUTY_REPORTER), P_NOT_FOUND);
	/* The deputy has gone home: the own desk begins on Monday. */
	rig_now = SUNDAY + 12 * HOUR;
	reported(&g, "medical-ceptoar", "2026-11-09T09:00:00+09:00", &c);
	assert_int_equal(open_as(&g, &c, "bank-ceptoar", DUTY_DESK), P_NOT_FOUND);
	assert_int_equal(inbox(&g, "bank-ceptoar", DUTY_DESK), 0);
	assert_int_equal(open_as(&g, &c, "medical-ceptoar", DUTY_OFFICER), P_OK);
	rig_close(&g);
}

/* The next working time passes over holidays. */
static void
test_holidays(void **state)
{
	struct keeper_case c;
	struct rig g;

	(void)state;
	rig_now =
	    SUNDAY + (12 * 24 + 18) * HOUR; /* Friday evening; Monday is a holiday */
	rig_open(&g, "");
	reported(&g, "medical-ceptoar", "2026-11-24T09:00:00+09:00", &c);
	rig_now = SUNDAY + (50 * 24 + 18) * HOUR; /* 28 December, evening */
	reported(&g, "medical-ceptoar", "2027-01-04T09:00:00+09:00", &c);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_deputy),
		cmocka_unit_test(test_holidays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
