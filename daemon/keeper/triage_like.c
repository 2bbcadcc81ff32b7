/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/triage.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/keeper/kgate.h"
#include "lib/mem.h"
#include "proto/topic.h"
#include "proto/topic_value.h"

/* How many others say something like it, in all sectors: figures, from k up, and never
 * which sectors. */
enum {
	SPAN_MINUTES = 30 * 24 * 60,
	ROWS_MOST = 500,   /* of one thing */
	CASES_MOST = 2000, /* of one kind of thing */
	WORDS_MOST = 8,
};

struct others {
	struct keeper *k;
	const struct store_group *g;
	int64_t from;
	uint8_t (*cases)[ID_LEN];
	size_t n;
	uint64_t sectors; /* of all kinds together */
};

static int
note(void *arg, const uint8_t *case_id, unsigned slot)
{
	struct others *o = arg;
	unsigned sector = taxonomy_sector_of_slot(o->k->tax, slot);

	if (o->n == CASES_MOST)
		return 0;
	memcpy(o->cases[o->n++], case_id, ID_LEN);
	if (sector < SECTOR_BITS)
		o->sectors |= (uint64_t)1 << sector;
	return 0;
}

static int
by_id(const void *a, const void *b)
{
	return memcmp(a, b, ID_LEN);
}

/* Different cases among those noted, which are forgotten. */
static unsigned
different(struct others *o)
{
	unsigned n = 0;
	size_t i;

	qsort(o->cases, o->n, ID_LEN, by_id);
	for (i = 0; i < o->n; i++)
		n += i == 0 || memcmp(o->cases[i - 1], o->cases[i], ID_LEN) != 0;
	o->n = 0;
	return n;
}

static int
by_topics(struct others *o, const json_t *json, unsigned *ret)
{
	struct topics t;
	unsigned i;
	int rc = topics_of(json, &t);

	for (i = 0; rc == 0 && i < t.n; i++)
		if (topic_is_strong(&t.v[i]))
			rc = store_trait_each(
			    o->k->store, 1, t.v[i].id, o->from, o->g, ROWS_MOST, note, o);
	*ret = different(o);
	return rc;
}

static int
by_words(
    struct others *o, const char *kind, const json_t *list, int exercise, unsigned *ret)
{
	uint8_t print[PRINT_LEN];
	struct slice s;
	struct buf b;
	size_t i;
	int rc = 0;

	buf_init(&b, 16 * 1024);
	for (i = 0; rc == 0 && i < json_array_size(list) && i < WORDS_MOST; i++) {
		s.p = json_string_value(json_array_get(list, i));
		s.n = json_string_length(json_array_get(list, i));
		buf_reset(&b);
		rc = topic_product(s, &b);
		if (rc == 0)
			rc = text_print_word(kind, buf_slice(&b), exercise, print);
		if (rc == 0)
			rc = store_trait_each(
			    o->k->store, 0, print, o->from, o->g, ROWS_MOST, note, o);
	}
	buf_done(&b);
	*ret = different(o);
	return rc;
}

static unsigned
bits_of(uint64_t v)
{
	unsigned n = 0;

	for (; v != 0; v &= v - 1)
		n++;
	return n;
}

static void
write_figures(const struct policy_rules *rules, const unsigned n[4], struct buf *out)
{
	static const char *const names[] = { "classes", "indicators", "products",
		"sectors" };
	size_t i;
	int any = 0;

	buf_adds(out, "\"alike\":{");
	for (i = 0; i < 4; i++)
		if (kgate_reports(rules, 1, n[i]) > 0)
			buf_addf(
			    out, "%s\"%s\":%u", any++ > 0 ? "," : "", names[i], n[i]);
	buf_addc(out, '}');
}

int
triage_like_write(struct keeper *k, const struct store_group *g, const json_t *json,
    int64_t minute, struct buf *out)
{
	int exercise = json_is_true(json_object_get(json, "exercise")), rc;
	struct others o = { .k = k, .g = g, .from = minute - SPAN_MINUTES };
	unsigned n[4] = { 0 };

	o.cases = mem_calloc(CASES_MOST, ID_LEN);
	if (o.cases == NULL)
		return ERR_NOMEM;
	rc = by_words(&o, "class", json_object_get(json, "event_types"), exercise, &n[0]);
	if (rc == 0)
		rc = by_topics(&o, json, &n[1]);
	if (rc == 0)
		rc = by_words(
		    &o, "product", json_object_get(json, "products"), exercise, &n[2]);
	n[3] = bits_of(o.sectors);
	mem_free(o.cases);
	if (rc == 0)
		write_figures(policy_of(&k->policy, g->desk), n, out);
	return rc != 0 ? rc : buf_err(out);
}
