/* SPDX-License-Identifier: Apache-2.0 */
/* Ends of registered names behind their beginnings in another script. */
#include "proto/scrub_find.h"

enum { PART_MIN = 2, END_MIN = 2, END_SURE = 3, KANA_EACH = 3, KANA_SURE = 4 };

int
scrub_tail_add(
    struct scrubber *s, const struct scrub_cp *v, size_t n, enum scrub_rule rule)
{
	struct scrub_tail *t;
	void *p = s->tail;
	size_t i;
	int r;

	if (n <= PART_MIN)
		return 0;
	r = scrub_reserve(&p, s->tails + 1, &s->tail_room, sizeof *s->tail);
	s->tail = p;
	if (r != 0)
		return r;
	p = s->pool;
	r = scrub_reserve(&p, s->pooled + n, &s->pool_room, sizeof *s->pool);
	s->pool = p;
	if (r != 0)
		return r;
	t = &s->tail[s->tails++];
	t->at = (uint32_t)s->pooled;
	t->n = (uint32_t)n;
	t->site = rule == RULE_SITE;
	for (i = 0; i < n; i++) {
		s->pool[s->pooled++] = v[i].c;
		if (i > 0)
			s->tail_begins[v[i].c % TAIL_BITS / 32] |= 1u << v[i].c % 32;
	}
	return 0;
}

/* How much of p, of n characters, stands at b. */
static size_t
common(const uint32_t *p, size_t n, const struct scrub_view *w, size_t b)
{
	size_t k;

	for (k = 0; k < n && b + k < w->n && p[k] == w->v[b + k].c; k++)
		;
	/* Letters only as whole words, behind their blank. */
	if (k > 0 && w->v[b].c == ' ')
		while (k > 0 && b + k < w->n && scrub_is_alnum(&w->v[b + k]) &&
		       scrub_is_alnum(&w->v[b + k - 1]))
			k--;
	while (k > 0 && w->v[b + k - 1].cls == CLASS_SPACE)
		k--;
	return k;
}

size_t
scrub_tail_at(const struct scrubber *s, const struct scrub_view *w, size_t b)
{
	const uint32_t *p;
	size_t i, j, k, best = 0;

	if (b >= w->n || !scrub_tail_may_begin(s, w->v[b].c) ||
	    scrub_is_ascii_alnum(w->v[b].c))
		return 0;
	for (i = 0; i < s->tails; i++) {
		p = s->pool + s->tail[i].at;
		for (j = 1; j < s->tail[i].n; j++) {
			k = p[j] == w->v[b].c ? common(p + j, s->tail[i].n - j, w, b) : 0;
			if (k > best)
				best = k;
		}
	}
	return best < PART_MIN ? 0 : best;
}

static int
all_kanji(const uint32_t *p, size_t n)
{
	struct scrub_cp c;
	size_t i;

	for (i = 0; i < n; i++) {
		scrub_cp_fill(&c, p + i, 1);
		/* "樅ノ木" */
		if (c.cls != CLASS_KANJI && !scrub_is_in(U"ノのケガが", c.c))
			return 0;
	}
	return 1;
}

/* "支店": a word of the trade, in brackets with its name, or behind what is long enough
 * and ends as no adverb does. */
static int
is_short_end(const struct scrub_view *w, size_t a, size_t b, size_t kanji, size_t kana)
{
	const struct scrub_cp *v = w->v;

	if (a > kana && v[a - kana - 1].c == '(' && b < w->n && v[b].c == ')')
		return 1;
	return kanji > 1 && kana >= KANA_SURE &&
	       scrub_word_is_view(WORDS_STRIP_JA, v, a, b) &&
	       !scrub_is_in(U"のなにをはでともやくいたてるずじつ", v[a - 1].c);
}

size_t
scrub_tail_read(
    const struct scrubber *s, const struct scrub_view *w, size_t b, size_t kana)
{
	const uint32_t *p;
	size_t i, j, n;

	if (b >= w->n)
		return 0;
	for (i = 0; i < s->tails; i++) {
		p = s->pool + s->tail[i].at;
		n = s->tail[i].n;
		for (j = 1; s->tail[i].site && j + END_MIN <= n; j++)
			if (p[j] == w->v[b].c && common(p + j, n - j, w, b) == n - j &&
			    (n - j >= END_SURE ||
				is_short_end(w, b, b + n - j, j, kana)) &&
			    all_kanji(p, j) && kana >= j && kana <= KANA_EACH * j)
				return n - j;
	}
	return 0;
}
