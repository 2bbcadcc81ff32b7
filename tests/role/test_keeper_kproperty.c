/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Over random registries, and random reports, follow-ups and notes on them: nothing that
 * leaves lets its readers narrow the sender down to fewer than k active members, neither
 * by itself nor together with all that the case has shown before.  Judged by brute force
 * from the bytes of the bulletins and the headers of their rows, the registry as the test
 * made it, and conf/ceptoars.json.
 */
#include "tests/role/keeper_rig.h"

#include "daemon/keeper/expire.h"

enum {
	ROUNDS = 2000,
	MEMBERS = 48,
	TUPLES = 16,
	CASES = 8,
	HOUR = 60,
};

static const unsigned slots[] = { 12, 13, 9, 3, 11, 10, 16, 20 };
enum { SLOTS_USED = sizeof slots / sizeof slots[0] };
static const char *const regions[] = { "chubu", "kanto", "kinki" };
static const char *const classes[] = { "hospital", "plant", "clinic" };
static const char *const sizes[] = { "large", "small" };
static const char secret[] = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
static const uint8_t secret_hash[32] = { 0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14,
	0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4, 0x64,
	0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55 };

/* Where a CEPTOAR is, read from the data file. */
static struct place {
	char sector[64], group[64];
	unsigned index;
} places[SLOTS];

/* What one revision tells its readers of the sender. */
struct tuple {
	char region[64], class_[64], size[64], sector[64];
	unsigned index; /* of the header, 255: none */
};

struct known {
	struct tuple v[TUPLES];
	size_t n;
};

struct kase {
	struct keeper_put m;
	int has_bulletin;
	uint8_t bulletin[ID_LEN];
	long long asked; /* by the version whose text stands */
	struct known inside, beyond;
	uint32_t products[8];
	size_t product_count;
};

struct world {
	struct rig g;
	struct vault_dir_row rows[MEMBERS];
	size_t n;
	struct kase cases[CASES];
	size_t case_count;
	uint64_t seen; /* rows of the log that were judged */
	struct {
		unsigned released, waited, updates, notes, stubs, facility, sector, group,
		    nothing, dropped, products, no_products, day;
	} count;
};

static uint64_t dice_state = 0x9E3779B97F4A7C15u;

static unsigned
dice(unsigned sides)
{
	dice_state ^= dice_state << 13;
	dice_state ^= dice_state >> 7;
	dice_state ^= dice_state << 17;
	return (unsigned)((dice_state >> 16) % sides);
}

/* The first more often than the others. */
static unsigned
common(unsigned sides)
{
	return dice(3) > 0 ? 0 : dice(sides);
}

static void
read_places(void)
{
	json_t *j = json_load_file("conf/ceptoars.json", 0, NULL), *d, *s;
	size_t i, k;

	assert_non_null(j);
	json_array_foreach(json_object_get(j, "ceptoars"), i, d)
	{
		json_array_foreach(json_object_get(j, "sectors"), k, s)
		{
			struct place *p =
			    &places[json_integer_value(json_object_get(d, "slot"))];

			if (strcmp(rig_text(s, "slug"), rig_text(d, "sector")) != 0)
				continue;
			(void)snprintf(
			    p->sector, sizeof p->sector, "%s", rig_text(s, "slug"));
			(void)snprintf(
			    p->group, sizeof p->group, "%s", rig_text(s, "group"));
			p->index =
			    (unsigned)json_integer_value(json_object_get(s, "index"));
		}
	}
	json_decref(j);
}

/* -------- the judge */

static int
may_report(const struct vault_dir_row *row, unsigned slot)
{
	return ((row->rights.roles & ROLE_OPERATOR) != 0 &&
		   slots_has(&row->rights.op, slot)) ||
	       ((row->rights.roles & ROLE_AFFILIATE) != 0 &&
		   slots_has(&row->rights.aff, slot));
}

static int
says(const char *shown, const char *fact)
{
	return shown[0] == '\0' || strcmp(shown, fact) == 0;
}

/* Does the member fit one tuple as reporter of this CEPTOAR? */
static int
fits_at(const struct vault_dir_row *row, unsigned slot, const struct tuple *t)
{
	if (!may_report(row, slot) || !says(t->region, row->region) ||
	    !says(t->class_, row->class_) || !says(t->size, row->size))
		return 0;
	if (t->index != 255 && t->index != places[slot].index)
		return 0;
	return t->sector[0] == '\0' || strcmp(t->sector, places[slot].sector) == 0 ||
	       strcmp(t->sector, places[slot].group) == 0;
}

/* Active members that fit everything known; `slot` 255: from wherever. */
static unsigned
crowd_of(const struct world *w, const struct known *k, unsigned slot)
{
	unsigned n = 0, s;
	size_t i, t;
	int all, one;

	for (i = 0; i < w->n; i++) {
		for (all = !w->rows[i].disabled, t = 0; all && t < k->n; t++) {
			for (one = 0, s = 0; s < SLOTS; s++)
				one |= (slot == 255 || s == slot) &&
				       fits_at(&w->rows[i], s, &k->v[t]);
			all = one;
		}
		n += (unsigned)all;
	}
	return n;
}

static void
learn(struct known *k, const json_t *j, const struct frame_head *h)
{
	struct tuple *t = &k->v[k->n++];

	assert_true(k->n <= TUPLES);
	(void)snprintf(t->region, sizeof t->region, "%s", rig_text(j, "facility.region"));
	(void)snprintf(t->class_, sizeof t->class_, "%s", rig_text(j, "facility.class"));
	(void)snprintf(t->size, sizeof t->size, "%s", rig_text(j, "facility.size"));
	(void)snprintf(t->sector, sizeof t->sector, "%s", rig_text(j, "sector.slug"));
	t->index = h->sector;
}

/* Product names in the text or the header that no earlier row had, or the OT flag. */
static int
tells_products(struct kase *c, const json_t *j, const struct frame_head *h)
{
	int news = rig_at(j, "products") != NULL || (h->flags & FRAME_OT) != 0;
	size_t i, k;

	for (i = 0; i < h->product_count; i++) {
		for (k = 0; k < c->product_count; k++)
			if (c->products[k] == h->products[i])
				break;
		if (k == c->product_count) {
			news = 1;
			c->products[c->product_count++] = h->products[i];
		}
	}
	return news;
}

static void
tally(struct world *w, const json_t *j, const struct frame_head *h)
{
	const char *sector = rig_text(j, "sector.slug");

	w->count.released += h->kind == FRAME_BULLETIN;
	w->count.updates += h->kind == FRAME_UPDATE;
	w->count.notes += strstr(rig_text(j, "note.en"), "still") != NULL;
	w->count.facility += rig_at(j, "facility") != NULL;
	w->count.sector += sector[0] != '\0' && h->sector != 255;
	w->count.group += sector[0] != '\0' && h->sector == 255;
	w->count.nothing += sector[0] == '\0';
	w->count.day += strstr(rig_text(j, "issued_at"), "T00:00") != NULL;
}

static void
judge(struct world *w, struct kase *c, const struct frame_head *h, struct slice body)
{
	const struct policy_rules *r = &w->g.k.policy.slot[c->m.slot];
	json_t *j = json_loadb(body.p, body.n, 0, NULL);
	unsigned inside = MEMBERS, beyond = MEMBERS, s;

	assert_non_null(j);
	if (rig_at(j, "text") != NULL) { /* a stub in place of the text */
		w->count.stubs++;
		json_decref(j);
		return;
	}
	tally(w, j, h);
	for (s = 0; s < SLOTS; s++)
		if (slots_has(&h->slots, s))
			assert_int_equal(s, c->m.slot);
	if (slots_has(&h->slots, c->m.slot)) {
		learn(&c->inside, j, h);
		/* Who reads it in the CEPTOAR knows that, whatever sector is shown. */
		inside = crowd_of(w, &c->inside, c->m.slot);
		if (inside < r->k_inside || inside < c->asked)
			fail_msg("inside %u, k %lld, asked %lld: %.*s", inside,
			    r->k_inside, c->asked, (int)body.n, body.p);
	}
	if ((h->flags & (FRAME_CROSS | FRAME_ALL | FRAME_PUBLIC)) != 0) {
		learn(&c->beyond, j, h);
		beyond = crowd_of(w, &c->beyond, 255);
		if (beyond < r->k_beyond || beyond < c->asked)
			fail_msg("beyond %u, k %lld, asked %lld: %.*s", beyond,
			    r->k_beyond, c->asked, (int)body.n, body.p);
	}
	if (tells_products(c, j, h)) {
		w->count.products++;
		if (inside < r->k_products || beyond < r->k_products)
			fail_msg("products: inside %u, beyond %u, k %lld", inside, beyond,
			    r->k_products);
	} else {
		w->count.no_products++;
	}
	json_decref(j);
}

/* Judges what the log has got since; `now` is the case of a report just put. */
static unsigned
judge_log(struct world *w, struct kase *now)
{
	struct slice body, stub;
	struct frame_head h;
	struct kase *c;
	struct buf page;
	struct wire in;
	unsigned rows = 0;
	uint32_t n = 1;
	size_t i;

	for (;;) {
		buf_init(&page, KEEPER_FRAME_MAX);
		n = 0;
		assert_int_equal(
		    store_log_page(w->g.k.store, w->seen + 1, 1, &page, &n), 0);
		if (n == 0)
			break;
		wire_init(&in, page.p, page.n);
		frame_get(&in, &h, &body, &stub);
		assert_int_equal(in.err, 0);
		w->seen = h.seq;
		for (c = NULL, i = 0; i < w->case_count; i++)
			if (w->cases[i].has_bulletin &&
			    memcmp(w->cases[i].bulletin, h.id, ID_LEN) == 0)
				c = &w->cases[i];
		if (h.kind == FRAME_BULLETIN) {
			assert_null(c);
			c = now;
			c->has_bulletin = 1;
			memcpy(c->bulletin, h.id, ID_LEN);
		}
		if (h.kind != FRAME_INBOX) {
			assert_non_null(c);
			judge(w, c, &h, body);
			rows++;
		}
		buf_done(&page);
	}
	buf_done(&page);
	return rows;
}

/* -------- what happens */

static void
people(struct world *w)
{
	unsigned i, roles[] = { ROLE_OPERATOR, ROLE_OPERATOR, ROLE_OPERATOR,
		ROLE_AFFILIATE, ROLE_SECRETARIAT };
	unsigned used = 1 + dice(4);
	struct vault_dir_row *row;

	memset(w->rows, 0, sizeof w->rows);
	w->n = dice(4) == 0 ? dice(MEMBERS) : MEMBERS / 2 + dice(MEMBERS / 2 + 1);
	for (i = 0; i < w->n; i++) {
		row = &w->rows[i];
		row->rights = rig_rights(i + 1, roles[dice(5)], slots[dice(used)]);
		if (dice(5) == 0)
			slots_set(&row->rights.op, slots[dice(SLOTS_USED)]);
		subscription_default(&row->wants);
		row->disabled = dice(8) == 0;
		(void)snprintf(row->region, sizeof row->region, "%s", regions[common(3)]);
		(void)snprintf(row->class_, sizeof row->class_, "%s", classes[common(3)]);
		(void)snprintf(row->size, sizeof row->size, "%s", sizes[common(2)]);
	}
	rig_directory(&w->g, w->rows, w->n);
	for (i = 0; i < SLOTS; i++) {
		w->g.k.policy.slot[i].k_inside = 3 + dice(4);
		w->g.k.policy.slot[i].k_beyond = 5 + dice(25);
		w->g.k.policy.slot[i].k_products = 8 + dice(14);
	}
}

static void
some_leave_or_return(struct world *w)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (dice(6) == 0)
			w->rows[i].disabled ^= 1;
	rig_directory(&w->g, w->rows, w->n);
}

static void
write_report(struct buf *b, const struct kase *c, const char *publish, long long k)
{
	buf_addf(b, "{\"consent\":{\"publish\":\"%s\"", publish);
	if (k > 0)
		buf_addf(b, ",\"k\":%lld", k);
	buf_adds(b, "},\"facility\":{");
	if (dice(8) > 0)
		buf_addf(b, "\"region\":\"%s\"", regions[common(3)]);
	else
		buf_adds(b, "\"region\":\"elsewhere\"");
	if (dice(2) > 0)
		buf_addf(b, ",\"class\":\"%s\"", classes[common(3)]);
	if (dice(2) > 0)
		buf_addf(b, ",\"size\":\"%s\"", sizes[common(2)]);
	buf_addc(b, '}');
	if (dice(2) > 0)
		buf_addf(b, ",\"products\":[\"P%u\"]", dice(3));
	if (dice(2) > 0)
		buf_adds(b, ",\"systems\":[\"ot\"]");
	if (!c->m.has_case)
		buf_addf(b, ",\"case_commitment\":\"%s\"", secret);
	buf_addc(b, '}');
}

static void
opened(struct world *w, struct kase *c)
{
	json_t *j = rig_json(&w->g.peer[0]);

	assert_int_equal(
	    hex_decode(slice_of(rig_text(j, "case")), c->m.case_id, ID_LEN), ID_LEN);
	memcpy(c->m.secret_hash, secret_hash, sizeof secret_hash);
	c->m.has_case = 1;
	json_decref(j);
}

/* A first report, or a follow-up, and what the log says then. */
static void
report(struct world *w, struct kase *c)
{
	static const char *const consents[] = { "ceptoar", "ceptoar", "cross_sector",
		"cross_sector", "cross_sector", "none" };
	const struct policy_rules *r = &w->g.k.policy.slot[c->m.slot];
	const char *publish = consents[dice(6)];
	long long was = c->asked, asked = dice(4) == 0 ? 5 + dice(10) : 0, need;
	int level = 3 + (int)dice(2), first = !c->m.has_case;
	struct known nothing = { .v = { { .index = 255 } }, .n = 1 };
	struct buf more;
	unsigned rows;

	buf_init(&more, 4096);
	write_report(&more, c, publish, asked);
	assert_int_equal(rig_put(&w->g, &c->m, level, publish, buf_cstr(&more)), P_OK);
	buf_done(&more);
	if (first)
		opened(w, c);
	c->asked = asked;
	rows = judge_log(w, c);
	if (rows == 0)
		c->asked = was;
	w->count.waited += rows == 0;
	/* Nothing waits without need. */
	need = asked > r->k_inside ? asked : r->k_inside;
	if (first && strcmp(publish, "none") != 0)
		assert_int_equal(rows, crowd_of(w, &nothing, c->m.slot) >= need);
	if (first && rows > 0 && level == 4 && strcmp(publish, "cross_sector") == 0)
		w->count.dropped += c->beyond.n == 0;
}

static void
round_of(struct world *w)
{
	struct kase *c;
	unsigned i, steps = 3 + dice(6);

	w->case_count = 0;
	people(w);
	for (i = 0; i < steps; i++) {
		if (w->case_count < CASES && (w->case_count == 0 || dice(3) == 0)) {
			c = &w->cases[w->case_count++];
			memset(c, 0, sizeof *c);
			c->m = rig_put_default();
			c->m.slot = (uint8_t)slots[dice(4)];
			report(w, c);
		} else if (dice(4) == 0) {
			some_leave_or_return(w);
		} else {
			report(w, &w->cases[dice((unsigned)w->case_count)]);
		}
	}
	if (dice(2) == 0)
		some_leave_or_return(w);
	/* All notes, so that none comes in another round. */
	assert_true(expire_due(&w->g.k, rig_now / 60000 + 6 * HOUR, 100) < 100);
	(void)judge_log(w, NULL);
}

static void
test_no_tuple_fits_fewer_than_k(void **state)
{
	static struct world w;
	unsigned i;

	(void)state;
	read_places();
	rig_open_light(&w.g, "");
	for (i = 0; i < ROUNDS; i++)
		round_of(&w);
	print_message(
	    "%u released, %u waited, %u updates, %u notes, %u stubs; facility %u, "
	    "sector %u, group %u, none %u, day %u; cross dropped %u; products %u, "
	    "without %u\n",
	    w.count.released, w.count.waited, w.count.updates, w.count.notes,
	    w.count.stubs, w.count.facility, w.count.sector, w.count.group,
	    w.count.nothing, w.count.day, w.count.dropped, w.count.products,
	    w.count.no_products);
	/* Every rung of the ladder was stood on. */
	assert_true(w.count.released > ROUNDS && w.count.waited > ROUNDS);
	assert_true(w.count.updates > ROUNDS && w.count.notes > ROUNDS / 2);
	assert_true(w.count.stubs > ROUNDS / 10 && w.count.facility > ROUNDS);
	assert_true(w.count.sector > ROUNDS && w.count.group > ROUNDS / 10);
	assert_true(w.count.nothing > ROUNDS / 10 && w.count.day > ROUNDS / 10);
	assert_true(w.count.dropped > ROUNDS / 100);
	assert_true(w.count.products > ROUNDS / 10 && w.count.no_products > ROUNDS);
	rig_close(&w.g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_tuple_fits_fewer_than_k),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
