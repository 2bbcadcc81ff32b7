/* SPDX-License-Identifier: Apache-2.0 */
/* TLP:RED: the receivers whom a desk names read it, and nobody else, on no path. */
#include "tests/role/desk_rig.h"

#include <sqlite3.h>

#include "daemon/keeper/expire.h"
#include "daemon/keeper/outbox.h"
#include "daemon/keeper/store_reach.h"
#include "proto/bundle.h"

/* rig_members: receiver 128 + i; i % 3 says of which CEPTOAR. */
enum { MED1 = 128, PWR1 = 129, BANK1 = 130, MED2 = 131 };

static void
draft_to(char *room, size_t cap, const char *tlp, const unsigned *who, size_t n)
{
	size_t at = 0, i;
	unsigned k;

	at += (size_t)snprintf(room, cap,
	    "{\"severity\":1,\"title\":\"named\",\"tlp\":\"%s\",\"audience\":{"
	    "\"receivers\":[",
	    tlp);
	for (i = 0; i < n; i++) {
		at += (size_t)snprintf(room + at, cap - at, "%s\"", i > 0 ? "," : "");
		for (k = 0; k < RECEIVER_LEN; k++)
			at += (size_t)snprintf(room + at, cap - at, "%02x", who[i]);
		at += (size_t)snprintf(room + at, cap - at, "\"");
	}
	(void)snprintf(room + at, cap - at, "]}}");
}

/* Released to these by one person of the CEPTOAR's desk, or of the centre. */
static enum problem
release_to(struct rig *g, const struct rights *desk, const unsigned *who, size_t n,
    char bulletin[33])
{
	char json[4096], id[33];
	enum problem p;

	draft_to(json, sizeof json, "RED", who, n);
	rig_draft(g, desk, json, id);
	p = rig_verb(g, desk, DV_DRAFT_RELEASE, id, "{}");
	if (p == P_OK)
		(void)rig_said(g, "bulletin.id", bulletin, 33);
	return p;
}

static enum problem
read_one(struct rig *g, const struct rights *r, const char *id, const char *want)
{
	enum problem p;
	struct buf b;
	char room[80];

	buf_init(&b, 512);
	rights_put(&b, r);
	wire_put_str(&b, slice_of(id));
	wire_put_u16(&b, 0);
	p = rig_call(g, &g->peer[0], KM_BULLETIN, &b);
	buf_done(&b);
	if (p == P_OK && want != NULL)
		assert_string_equal(rig_said(g, "audience", room, sizeof room), want);
	return p;
}

static size_t
list_length(struct rig *g, const struct rights *r)
{
	struct keeper_list q = { .rights = *r, .limit = 100 };
	struct buf b;
	json_t *j;
	size_t n;

	buf_init(&b, 512);
	keeper_list_put(&b, &q);
	assert_int_equal(rig_call(g, &g->peer[0], KM_BULLETINS, &b), P_OK);
	buf_done(&b);
	j = rig_json(&g->peer[0]);
	n = json_array_size(rig_at(j, "bulletins"));
	json_decref(j);
	return n;
}

static enum frame_view
row_view(const struct frame_head *h, const struct rights *r)
{
	struct subscription s;

	subscription_default(&s);
	return frame_view(h, r, &s, NULL);
}

static void
test_only_the_named_read_it(void **state)
{
	static const unsigned who[] = { MED1 };
	struct rights sato = rig_desk_of(RIG_MED, 1), bank = rig_desk_of(RIG_BANK, 2),
		      centre = rig_desk_of(SLOT_NONE, 3),
		      one = rig_rights(MED1, ROLE_OPERATOR, RIG_MED),
		      two = rig_rights(MED2, ROLE_OPERATOR, RIG_MED);
	const struct rights *out[] = { &two, &bank, &centre };
	struct vault_dir_row row;
	enum frame_view view = VIEW_NONE;
	struct frame_head h;
	char id[33];
	struct rig g;
	json_t *j;
	size_t i;

	(void)state;
	rig_open(&g, "");
	assert_int_equal(release_to(&g, &sato, who, 1, id), P_OK);
	j = rig_log(&g, 0, &h, NULL);
	assert_string_equal(rig_text(j, "audience"), "named");
	assert_string_equal(rig_text(j, "tlp"), "TLP:RED");
	json_decref(j);
	assert_int_equal(h.name_count, 1);
	assert_int_equal(row_view(&h, &one), VIEW_BODY);
	assert_int_equal(row_view(&h, &sato), VIEW_BODY);
	assert_int_equal(read_one(&g, &one, id, "named"), P_OK);
	assert_int_equal(read_one(&g, &sato, id, "named"), P_OK);
	assert_int_equal(list_length(&g, &one), 1);
	assert_int_equal(rig_verb(&g, &one, DV_DELIVERIES, id, NULL), P_OK);
	memset(&row, 0, sizeof row);
	subscription_default(&row.wants);
	row.routes = 1 << 1 | 1;
	for (i = 0; i < 3; i++) {
		assert_int_equal(row_view(&h, out[i]), VIEW_NONE);
		assert_int_equal(read_one(&g, out[i], id, NULL), P_NOT_FOUND);
		assert_int_equal(list_length(&g, out[i]), 0);
		assert_int_equal(
		    rig_verb(&g, out[i], DV_DELIVERIES, id, NULL), P_NOT_FOUND);
		assert_int_equal(
		    rig_verb(&g, out[i], DV_BULLETIN_FILE, id, NULL), P_NOT_FOUND);
		row.rights = *out[i];
		assert_int_equal(outbox_decide(&h, &row, BY_MAIL, 1, &view), 0);
	}
	row.rights = one;
	assert_int_not_equal(outbox_decide(&h, &row, BY_MAIL, 1, &view), 0);
	assert_int_equal(view, VIEW_BODY);
	/* It is passed on by nobody, not even by whoever reads it. */
	assert_int_equal(rig_verb(&g, &sato, DV_RELAY, id, "{}"), P_FORBIDDEN);
	rig_close(&g);
}

/* The preview names the number; a second person is asked beyond the own CEPTOAR, and none
 * but of the desk sees the text. */
static void
test_preview_and_second(void **state)
{
	static const unsigned who[] = { MED1, PWR1 };
	struct rights sato = rig_desk_of(RIG_MED, 1), ito = rig_desk_of(RIG_MED, 2),
		      centre = rig_desk_of(SLOT_NONE, 3);
	char json[4096], id[33], room[200], second[33];
	struct frame_head h;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	draft_to(json, sizeof json, "RED", who, 2);
	rig_draft(&g, &sato, json, id);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_AUDIENCE, id, NULL), P_OK);
	assert_int_equal(rig_number(&g, "figures.named"), 2);
	assert_int_equal(rig_number(&g, "figures.receivers"), 2);
	assert_memory_equal(rig_said(&g, "sentence.en", room, sizeof room),
	    "2 named receivers only: 2 members of 2 CEPTOARs", 47);
	assert_int_equal(
	    rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, "{}"), P_SECOND_PERSON);
	/* Its bell rings where somebody may look. */
	json_decref(rig_log(&g, 0, &h, NULL));
	assert_int_equal(h.kind, FRAME_INBOX);
	assert_int_equal(row_view(&h, &ito), VIEW_BODY);
	assert_int_equal(row_view(&h, &centre), VIEW_NONE);
	assert_int_equal(rig_verb(&g, &centre, DV_SECOND_LIST, NULL, NULL), P_OK);
	assert_string_equal(rig_said(&g, "second.0.id", room, sizeof room), "");
	assert_int_equal(rig_verb(&g, &ito, DV_SECOND_LIST, NULL, NULL), P_OK);
	(void)rig_said(&g, "second.0.id", second, sizeof second);
	assert_int_equal(
	    rig_verb(&g, &centre, DV_SECOND_GIVE, second, "{\"agree\":true}"),
	    P_NOT_FOUND);
	assert_int_equal(
	    rig_verb(&g, &ito, DV_SECOND_GIVE, second, "{\"agree\":true}"), P_OK);
	rig_close(&g);
}

/* Corrections reach everybody who was named; the end too. */
static void
test_corrections(void **state)
{
	static const unsigned who[] = { MED1, MED2 };
	struct rights sato = rig_desk_of(RIG_MED, 1),
		      one = rig_rights(MED1, ROLE_OPERATOR, RIG_MED),
		      two = rig_rights(MED2, ROLE_OPERATOR, RIG_MED),
		      three = rig_rights(134, ROLE_OPERATOR, RIG_MED);
	char json[4096], update[4200], id[33];
	struct frame_head h;
	json_t *j, *stub;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	assert_int_equal(release_to(&g, &sato, who, 2, id), P_OK);
	draft_to(json, sizeof json, "RED", who, 1);
	(void)snprintf(update, sizeof update, "{\"content\":%s}", json);
	assert_int_equal(rig_verb(&g, &sato, DV_BULLETIN_UPDATE, id, update), P_OK);
	j = rig_log(&g, 0, &h, &stub);
	json_decref(j);
	assert_non_null(stub);
	json_decref(stub);
	assert_int_equal(row_view(&h, &one), VIEW_BODY);
	assert_int_equal(row_view(&h, &two), VIEW_STUB);
	assert_int_equal(row_view(&h, &three), VIEW_NONE);
	assert_int_equal(
	    rig_verb(&g, &sato, DV_FALSE_ALARM, id, "{\"reason\":\"nothing\"}"), P_OK);
	j = rig_log(&g, 0, &h, NULL);
	json_decref(j);
	assert_int_equal(h.kind, FRAME_CANCEL);
	assert_int_equal(row_view(&h, &one), VIEW_BODY);
	assert_int_equal(row_view(&h, &two), VIEW_STUB);
	assert_int_equal(row_view(&h, &three), VIEW_NONE);
	rig_close(&g);
}

static void
test_what_is_refused(void **state)
{
	static const unsigned who[] = { 7 };
	struct rights sato = rig_desk_of(RIG_MED, 1);
	unsigned many[NAMES_MOST + 1], i;
	char json[4096], id[33];
	struct rig g;

	(void)state;
	rig_open(&g, "");
	/* Names are for TLP:RED, beside no other audience, and 64 at most. */
	draft_to(json, sizeof json, "AMBER", who, 1);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_NEW, NULL, json), P_INVALID_FIELD);
	assert_int_equal(
	    rig_verb(&g, &sato, DV_DRAFT_NEW, NULL,
		"{\"severity\":1,\"title\":\"x\",\"tlp\":\"RED\",\"audience\":{"
		"\"receivers\":[\"07070707070707070707070707070707\"],\"all\":true}}"),
	    P_INVALID_FIELD);
	for (i = 0; i <= NAMES_MOST; i++)
		many[i] = i + 1;
	draft_to(json, sizeof json, "RED", many, NAMES_MOST + 1);
	assert_int_not_equal(rig_verb(&g, &sato, DV_DRAFT_NEW, NULL, json), P_OK);
	/* Nobody of that id. */
	assert_int_equal(release_to(&g, &sato, who, 1, id), P_INVALID_FIELD);
	rig_close(&g);
}

/* A text for all that becomes RED: the others are told that it is over for them. */
static void
test_it_becomes_red(void **state)
{
	static const unsigned who[] = { MED1 };
	struct rights sato = rig_desk_of(RIG_MED, 1),
		      one = rig_rights(MED1, ROLE_OPERATOR, RIG_MED),
		      two = rig_rights(MED2, ROLE_OPERATOR, RIG_MED);
	char json[4096], update[4200], id[33], bulletin[33];
	struct frame_head h;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	rig_draft(&g, &sato, "{\"severity\":1,\"title\":\"x\"}", id);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, "{}"), P_OK);
	(void)rig_said(&g, "bulletin.id", bulletin, sizeof bulletin);
	draft_to(json, sizeof json, "RED", who, 1);
	(void)snprintf(update, sizeof update, "{\"content\":%s}", json);
	assert_int_equal(rig_verb(&g, &sato, DV_BULLETIN_UPDATE, bulletin, update), P_OK);
	json_decref(rig_log(&g, 0, &h, NULL));
	assert_int_equal(row_view(&h, &one), VIEW_BODY);
	assert_int_equal(row_view(&h, &two), VIEW_STUB);
	assert_int_equal(read_one(&g, &two, bulletin, NULL), P_OK);
	assert_string_equal(rig_said(&g, "audience", json, sizeof json), "");
	rig_close(&g);
}

/* Who of the deliveries is named in lines; -1: they are not this reader's. */
static int
lines(struct rig *g, const struct rights *r, const char *id)
{
	json_t *j;
	int n;

	if (rig_verb(g, r, DV_DELIVERIES, id, NULL) != P_OK)
		return -1;
	j = rig_json(&g->peer[0]);
	n = (int)json_array_size(rig_at(j, "deliveries"));
	json_decref(j);
	return n;
}

/* The desk that wrote it sees all whom it names, elsewhere too; another desk that reads
 * it sees itself, and of its members nothing. */
static void
test_deliveries_are_its_desks(void **state)
{
	enum { PWR_DESK = 60 + RIG_PWR, MED_DESK = 60 + RIG_MED };
	static const unsigned who[] = { MED1, PWR1, PWR_DESK };
	struct rights sato = rig_desk_of(RIG_MED, 1), ito = rig_desk_of(RIG_MED, 2),
		      pwr = rig_desk_of(RIG_PWR, 3), bank = rig_desk_of(RIG_BANK, 4),
		      centre = rig_desk_of(SLOT_NONE, 5),
		      one = rig_rights(PWR1, ROLE_OPERATOR, RIG_PWR);
	char json[4096], id[33], second[33];
	struct rig g;

	(void)state;
	rig_open(&g, "");
	rig_roster(&g, RIG_PWR, 0, 0, 0); /* desks that the directory has */
	rig_roster(&g, RIG_MED, 0, 0, 0);
	g.duty_n = 0;
	rig_members(&g);
	draft_to(json, sizeof json, "RED", who, 3);
	rig_draft(&g, &sato, json, id);
	assert_int_equal(
	    rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, "{}"), P_SECOND_PERSON);
	assert_int_equal(rig_verb(&g, &ito, DV_SECOND_LIST, NULL, NULL), P_OK);
	(void)rig_said(&g, "second.0.id", second, sizeof second);
	assert_int_equal(
	    rig_verb(&g, &ito, DV_SECOND_GIVE, second, "{\"agree\":true}"), P_OK);
	(void)rig_said(&g, "bulletin.id", id, sizeof id);
	assert_int_equal(lines(&g, &sato, id), 4); /* whom it names, and itself */
	assert_int_equal(lines(&g, &pwr, id), 1);
	assert_int_equal(lines(&g, &one, id), 1);
	assert_int_equal(lines(&g, &bank, id), -1);
	assert_int_equal(lines(&g, &centre, id), -1);
	rig_close(&g);
}

/* Rows of the database that name receivers of TLP:RED. */
static int
count_named(struct rig *g)
{
	static const char sql[] =
	    "SELECT (SELECT count(*) FROM log WHERE names IS NOT NULL) +"
	    " (SELECT count(*) FROM bulletins WHERE names IS NOT NULL)";
	sqlite3_stmt *st = NULL;
	sqlite3 *db = NULL;
	char path[128];
	int n;

	rig_stop(g); /* the keeper holds its file alone */
	(void)snprintf(path, sizeof path, "%s/keeper.db", g->dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	n = sqlite3_column_int(st, 0);
	(void)sqlite3_finalize(st);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	rig_start(g);
	return n;
}

/* Whom it named is forgotten with its row. */
static void
test_pruned_with_the_log(void **state)
{
	static const unsigned who[] = { MED1 };
	const int64_t later = rig_now / 60000 + 1826 * 1440LL + 1;
	struct rights sato = rig_desk_of(RIG_MED, 1),
		      one = rig_rights(MED1, ROLE_OPERATOR, RIG_MED);
	struct keeper_put m = rig_put_default();
	struct store_bulletin b;
	uint8_t raw[ID_LEN];
	char id[33];
	struct rig g;

	(void)state;
	rig_open(&g, "");
	assert_int_equal(release_to(&g, &sato, who, 1, id), P_OK);
	assert_int_equal(hex_decode(slice_of(id), raw, ID_LEN), ID_LEN);
	assert_int_equal(rig_put(&g, &m, 1, "ceptoar", NULL), P_OK); /* a newer row */
	assert_int_equal(count_named(&g), 2); /* of the log and of the shelf */
	assert_true(expire_prune(&g.k, later, 100) > 0);
	assert_int_equal(count_named(&g), 0);
	assert_int_equal(store_bulletin_get(g.k.store, raw, &b), ERR_NOTFOUND);
	assert_int_equal(read_one(&g, &one, id, NULL), P_NOT_FOUND);
	assert_int_equal(lines(&g, &one, id), -1);
	assert_int_equal(list_length(&g, &one), 0);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_the_named_read_it),
		cmocka_unit_test(test_preview_and_second),
		cmocka_unit_test(test_corrections),
		cmocka_unit_test(test_what_is_refused),
		cmocka_unit_test(test_it_becomes_red),
		cmocka_unit_test(test_deliveries_are_its_desks),
		cmocka_unit_test(test_pruned_with_the_log),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
