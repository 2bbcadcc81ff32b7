/* SPDX-License-Identifier: Apache-2.0 */
/* The order of things: learn from all texts, then mask in each until nothing is found. */
#include "proto/scrub_pass.h"

#include "lib/mem.h"

enum {
	LEARN_MAX = 64,	 /* names and users learnt from one report */
	PASSES_MAX = 16, /* masking may join what stood apart; each pass looks again */
};

void
scrub_finds_add(struct scrub_finds *f, unsigned kind, const struct scrub_cp *v, size_t n)
{
	int r;

	if (f == NULL || f->local == NULL || f->err != 0 || f->added >= LEARN_MAX)
		return;
	f->added++;
	if (kind == TERM_PERSON)
		r = scrub_person_add(f->local, v, n, RULE_CONTACT);
	else if (kind == TERM_SITE)
		r = scrub_name_add(f->local, v, n, RULE_PLACE);
	else
		r = scrub_term_add(f->local, v, n, RULE_AGAIN,
		    scrub_is_ascii_alnum(v[0].c) ? TERM_EXACT | TERM_LATIN : TERM_EDGES);
	if (r != 0)
		f->err = r;
}

static int
find_own(const struct scrub_pass *p, const struct scrub_view *w, struct scrub_hits *h)
{
	struct scrub_dense d;
	int r;

	if ((p->own == NULL || p->own->terms == 0) &&
	    (p->local == NULL || p->local->terms == 0))
		return 0;
	r = scrub_dense_new(w->v, w->n, &d);
	if (r != 0)
		return r;
	if (p->own != NULL)
		r = scrub_find_terms(p->own, w, &d, 0, h);
	if (r == 0 && p->local != NULL && p->local->ready && p->local->terms > 0)
		r = scrub_find_terms(p->local, w, &d, 0, h);
	scrub_dense_done(&d);
	return r;
}

static int
find_patterns(const struct scrub_pass *p, const struct scrub_view *w,
    struct scrub_hits *h, struct scrub_finds *f)
{
	scrub_find_mail(w, h, f);
	scrub_find_user(w, h, f);
	scrub_find_phone(w, h);
	scrub_find_address(w, p->own, h);
	scrub_find_number(w, p->own, h);
	scrub_find_host(w, h);
	scrub_find_person(w, h, f);
	scrub_find_place(w, h, f);
	scrub_find_postal(w, h);
	scrub_find_postal_en(w, h);
	if (f != NULL && f->err != 0)
		return f->err;
	return h->err;
}

/* One look at one text; how many barriers it made, or an error. */
static long
mask(const struct scrub_pass *p, struct scrub_view *w, struct scrub_hits *h)
{
	struct scrub_hits keep = { NULL, 0, 0, 0 }, weak = { NULL, 0, 0, 0 };
	size_t made = 0;
	int r;

	r = find_own(p, w, h);
	if (r == 0 && h->n > 0)
		r = scrub_keep_find(p->keep, w, &keep);
	if (r == 0 && h->n > 0)
		r = scrub_keep_find(p->keep_weak, w, &weak);
	if (r == 0)
		made = scrub_hits_apply(h, &keep, &weak, w);
	if (r == 0)
		r = h->err;
	scrub_hits_done(&keep);
	scrub_hits_done(&weak);
	return r != 0 ? r : (long)made;
}

static int
settle_text(const struct scrub_pass *p, struct scrub_view *w, struct scrub_hits *first)
{
	struct scrub_hits h = { NULL, 0, 0, 0 };
	unsigned pass;
	long made;
	int r = 0;

	made = mask(p, w, first);
	for (pass = 1; made > 0 && pass < PASSES_MAX; pass++) {
		h.n = 0;
		r = find_patterns(p, w, &h, NULL);
		if (r != 0)
			break;
		made = mask(p, w, &h);
	}
	scrub_hits_done(&h);
	return made < 0 ? (int)made : r;
}

int
scrub_pass_run(struct scrub_pass *p, struct scrub_view *const *views, size_t n)
{
	struct scrub_finds f = { p->local, p->own, 0, 0 };
	struct scrub_hits *h;
	size_t i;
	int r = 0;

	h = mem_calloc(n, sizeof *h);
	if (h == NULL)
		return ERR_NOMEM;
	for (i = 0; r == 0 && i < n; i++)
		r = find_patterns(p, views[i], &h[i], &f);
	if (r == 0 && p->local != NULL)
		r = scrubber_ready(p->local);
	for (i = 0; r == 0 && i < n; i++)
		r = settle_text(p, views[i], &h[i]);
	for (i = 0; i < n; i++)
		scrub_hits_done(&h[i]);
	mem_free(h);
	return r;
}

void
scrub_pass_write(
    const struct scrub_view *w, struct slice text, int english, struct buf *out)
{
	const struct scrub_cp *p;
	uint32_t done = 0;
	size_t i;

	for (i = 0; i < w->n; i++) {
		p = &w->v[i];
		if (p->cls == CLASS_BARRIER && (p->flags & CP_GIVEN) == 0) {
			buf_adds(out, scrub_rule_text(p->rule, english));
			done = p->end;
		} else if (p->end > done) {
			buf_add(out, text.p + (p->start > done ? p->start : done),
			    p->end - (p->start > done ? p->start : done));
			done = p->end;
		}
	}
}
