/* SPDX-License-Identifier: Apache-2.0 */
/* Files that come over from another hub: what that one has signed, to the byte, or
 * nothing. The rows are given to the keeper as by an administrator whose tool checks
 * nothing. */
#include "tests/role/desk_rig.h"

#include "proto/bundle.h"

enum { SIZE = BUNDLE_PIECE + 1000, ROWS = 8 };

static struct rig g;
static struct rig_peer *admin;
static struct buf rows, jwks;
static char hub[BUNDLE_HUB + 1], bulletin[33];
static struct slice row[ROWS]; /* the bulletin, then the two pieces of its file */
static size_t row_n;

/* A page of the export of RIG_MED: its rows are kept; where the next one begins. */
static uint64_t
export_page(uint64_t from)
{
	struct keeper_reply r;
	const char *end;
	uint64_t next;
	struct buf b;
	json_t *j;

	buf_init(&b, 512);
	wire_put_u8(&b, BUNDLE_BULLETINS);
	wire_put_str(&b, slice_of(taxonomy_slug(g.k.tax, RIG_MED)));
	wire_put_str(&b, slice_of(""));
	wire_put_str(&b, slice_of(""));
	wire_put_i64(&b, 0);
	wire_put_u64(&b, from);
	assert_int_equal(rig_call(&g, admin, KM_A_EXPORT, &b), P_OK);
	buf_done(&b);
	r = rig_reply(admin);
	end = memchr(r.body.p, '\n', r.body.n);
	assert_non_null(end);
	j = json_loadb(r.body.p, (size_t)(end - r.body.p), 0, NULL);
	(void)snprintf(hub, sizeof hub, "%s", rig_text(j, "hub"));
	next = (uint64_t)json_integer_value(rig_at(j, "next"));
	json_decref(j);
	buf_add(&rows, end + 1, (size_t)(r.body.p + r.body.n - end - 1));
	return next;
}

/* One hub has released a text with a file of two pieces; another one has begun. */
static int
setup(void **state)
{
	struct rights sato = rig_desk_of(RIG_MED, 1);
	struct rig_ask a = { .rights = &sato, .verb = DV_ATTACH_PUT, .sub = "list.txt" };
	static char text[SIZE];
	char draft[33];
	uint64_t from = 0;
	const char *at, *end;
	struct buf none;
	size_t i;

	(void)state;
	for (i = 0; i < SIZE; i++)
		text[i] = i % 64 == 63 ? '\n' : (char)('a' + i / 64 % 26);
	buf_init(&rows, 8u * 1024 * 1024);
	buf_init(&jwks, JWKS_MAX);
	buf_init(&none, 1);
	rig_open(&g, "");
	admin = rig_join(&g, 1);
	rig_draft(&g, &sato, "{\"severity\":3,\"title\":\"x\"}", draft);
	a.ref = draft;
	a.data = (struct slice){ text, sizeof text };
	assert_int_equal(rig_ask(&g, &a), P_OK);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_RELEASE, draft, "{}"), P_OK);
	(void)rig_said(&g, "bulletin.id", bulletin, sizeof bulletin);
	assert_int_equal(rig_call(&g, &g.peer[0], KM_JWKS, &none), P_OK);
	buf_add(&jwks, rig_reply(&g.peer[0]).body.p, rig_reply(&g.peer[0]).body.n);
	do
		from = export_page(from);
	while (from != 0);
	row_n = 0;
	for (at = rows.p; at < rows.p + rows.n; at = end + 1) {
		end = memchr(at, '\n', (size_t)(rows.p + rows.n - at));
		assert_non_null(end);
		assert_true(row_n < ROWS);
		row[row_n++] = (struct slice){ at, (size_t)(end - at) };
	}
	assert_int_equal(row_n, 3);
	rig_close(&g);
	rig_open(&g, "");
	admin = rig_join(&g, 1);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	rig_close(&g);
	buf_done(&rows);
	buf_done(&jwks);
	return 0;
}

static enum problem
take(struct slice one, const char *want)
{
	enum problem p;
	struct buf b;
	json_t *j;

	buf_init(&b, KEEPER_FRAME_MAX);
	wire_put_u8(&b, BUNDLE_BULLETINS);
	wire_put_str(&b, buf_slice(&jwks));
	wire_put_str(&b, slice_of(hub));
	wire_put_str(&b, slice_of(taxonomy_slug(g.k.tax, RIG_MED)));
	wire_put_str(&b, one);
	p = rig_call(&g, admin, KM_A_IMPORT, &b);
	buf_done(&b);
	if (p == P_OK) {
		j = rig_json(admin);
		assert_string_equal(rig_text(j, "result"), want);
		json_decref(j);
	}
	return p;
}

/* A piece as another hand would write it. */
static enum problem
take_piece(
    const char *name, unsigned part, unsigned parts, struct slice piece, const char *want)
{
	struct bundle_file f = { .part = part, .parts = parts };
	enum problem p;
	struct buf out;

	(void)snprintf(f.name, sizeof f.name, "%s", name);
	assert_int_equal(hex_decode(slice_of(bulletin), f.id, ID_LEN), ID_LEN);
	buf_init(&out, BUNDLE_ROW_MAX);
	assert_int_equal(bundle_file_write(&f, piece, &out), 0);
	out.n--; /* the line feed */
	p = take(buf_slice(&out), want);
	buf_done(&out);
	return p;
}

/* The bytes of a piece of the real file, as a copy. */
static void
piece_of(size_t i, struct buf *ret)
{
	struct fault why = { P_INTERNAL, "", NULL };
	struct bundle_file f;

	buf_init(ret, BUNDLE_PIECE);
	assert_int_equal(bundle_file_read(row[i], &f, ret, &why), 0);
	assert_int_equal(f.part, i - 1);
	assert_int_equal(f.parts, 2);
}

static enum problem
read_file(void)
{
	struct rights one = rig_rights(128, ROLE_OPERATOR, RIG_MED);
	struct rig_ask a = { .rights = &one,
		.verb = DV_BULLETIN_FILE,
		.ref = bulletin,
		.sub = "list.txt" };

	return rig_ask(&g, &a);
}

static void
test_altered_pieces_are_refused(void **state)
{
	struct buf first, last;

	(void)state;
	piece_of(1, &first);
	piece_of(2, &last);
	assert_int_equal(take(row[0], "new"), P_OK);
	/* One byte, at the beginning and at the end. */
	first.p[0] ^= 1;
	assert_int_equal(take_piece("list.txt", 0, 2, buf_slice(&first), "piece"), P_OK);
	assert_int_equal(take(row[2], "file"), P_INVALID_FIELD);
	first.p[0] ^= 1;
	last.p[last.n - 1] ^= 1;
	assert_int_equal(take(row[1], "piece"), P_OK);
	assert_int_equal(
	    take_piece("list.txt", 1, 2, buf_slice(&last), "piece"), P_INVALID_FIELD);
	last.p[last.n - 1] ^= 1;
	/* One byte less, and a file that ends after its first piece. */
	assert_int_equal(take(row[1], "piece"), P_OK);
	assert_int_equal(
	    take_piece("list.txt", 1, 2, (struct slice){ last.p, last.n - 1 }, "piece"),
	    P_INVALID_FIELD);
	assert_int_equal(
	    take_piece("list.txt", 0, 1, buf_slice(&first), "piece"), P_INVALID_FIELD);
	/* Nothing of all that is there; the real one is, when it comes. */
	assert_int_equal(read_file(), P_NOT_FOUND);
	assert_int_equal(take(row[1], "piece"), P_OK);
	assert_int_equal(take(row[2], "file"), P_OK);
	assert_int_equal(read_file(), P_OK);
	buf_done(&first);
	buf_done(&last);
}

static void
test_pieces_in_their_order(void **state)
{
	struct buf last;

	(void)state;
	piece_of(2, &last);
	/* Before its bulletin a file is nothing. */
	assert_int_equal(take(row[1], "skipped"), P_OK);
	assert_int_equal(take(row[0], "new"), P_OK);
	assert_int_equal(take(row[2], "file"), P_INVALID_FIELD); /* without the first */
	assert_int_equal(take(row[1], "piece"), P_OK);
	assert_int_equal(
	    take_piece("list.txt", 1, 3, buf_slice(&last), "piece"), P_INVALID_FIELD);
	assert_int_equal(take(row[2], "file"), P_INVALID_FIELD); /* begin anew */
	assert_int_equal(read_file(), P_NOT_FOUND);
	/* A name that the signed text does not have. */
	assert_int_equal(
	    take_piece("other.txt", 0, 1, buf_slice(&last), "skipped"), P_OK);
	assert_int_equal(take(row[1], "piece"), P_OK);
	assert_int_equal(take(row[2], "file"), P_OK);
	assert_int_equal(read_file(), P_OK);
	buf_done(&last);
}

/* Another hub's bulletin ends with that hub's word: a desk that ended it here would have
 * it back with the next file. */
static void
test_ends_with_its_hub(void **state)
{
	struct rights desk = rig_rights(60 + RIG_MED, ROLE_SECRETARIAT, RIG_MED);
	struct rig_ask a = { .rights = &desk,
		.verb = DV_BULLETIN_CANCEL,
		.ref = bulletin,
		.json = "{\"reason\":{\"ja\":\"誤送\"}}" };

	(void)state;
	desk.duties = DUTIES_ALL;
	assert_int_equal(take(row[0], "new"), P_OK);
	assert_int_equal(rig_ask(&g, &a), P_CONFLICT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    test_altered_pieces_are_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_pieces_in_their_order, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ends_with_its_hub, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
