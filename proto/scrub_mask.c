/* SPDX-License-Identifier: Apache-2.0 */
/* What was found, and what is put in its place. */
#include "proto/scrub_mask.h"

#include "lib/mem.h"

/*
 * The folded forms are what a second pass meets, so that a replacement is never taken for
 * text.  Several rules share a replacement: what a reader sees must not tell more about
 * the sender than that something of this kind was there.
 */
static const struct {
	const char *name, *ja, *en;
	const char32_t *folded_ja, *folded_en;
} rules[RULE_COUNT] = {
	[RULE_NONE] = { "", "", "", U"", U"" },
	[RULE_NAME] = { "name", "［組織名］", "[organisation]", U"[組織名]",
	    U"[organisation]" },
	[RULE_ALIAS] = { "alias", "［組織名］", "[organisation]", U"[組織名]",
	    U"[organisation]" },
	[RULE_DOMAIN] = { "domain", "［ドメイン名］", "[domain name]", U"[ドメイン名]",
	    U"[domain name]" },
	[RULE_NETWORK] = { "network", "［組織のアドレス］", "[own address]",
	    U"[組織のアドレス]", U"[own address]" },
	[RULE_ASN] = { "asn", "［AS番号］", "[AS number]", U"[as番号]", U"[as number]" },
	[RULE_HOST_PREFIX] = { "host_prefix", "［ホスト名］", "[host name]",
	    U"[ホスト名]", U"[host name]" },
	[RULE_SITE] = { "site", "［場所］", "[place]", U"[場所]", U"[place]" },
	[RULE_PERSON] = { "person", "［人名］", "[person]", U"[人名]", U"[person]" },
	[RULE_MAIL] = { "mail", "［メール］", "[e-mail]", U"[メール]", U"[e-mail]" },
	[RULE_PHONE] = { "phone", "［電話番号］", "[telephone]", U"[電話番号]",
	    U"[telephone]" },
	[RULE_PRIVATE] = { "private_address", "［内部アドレス］", "[internal address]",
	    U"[内部アドレス]", U"[internal address]" },
	[RULE_USER] = { "user_name", "［利用者名］", "[user name]", U"[利用者名]",
	    U"[user name]" },
	[RULE_FILE] = { "file_name", "［ファイル名］", "[file name]", U"[ファイル名]",
	    U"[file name]" },
	[RULE_AS_NUMBER] = { "as_number", "［AS番号］", "[AS number]", U"[as番号]",
	    U"[as number]" },
	[RULE_MAC] = { "mac_address", "［MACアドレス］", "[MAC address]",
	    U"[macアドレス]", U"[mac address]" },
	[RULE_HOST] = { "host_name", "［ホスト名］", "[host name]", U"[ホスト名]",
	    U"[host name]" },
	[RULE_CONTACT] = { "contact_name", "［人名］", "[person]", U"[人名]",
	    U"[person]" },
	[RULE_PLACE] = { "place", "［場所］", "[place]", U"[場所]", U"[place]" },
	[RULE_AGAIN] = { "seen_again", "［利用者名］", "[user name]", U"[利用者名]",
	    U"[user name]" },
	[RULE_CODE] = { "own_code", "［識別名］", "[identifier]", U"[識別名]",
	    U"[identifier]" },
};

const char *
scrub_rule_name(enum scrub_rule r)
{
	return r < RULE_COUNT ? rules[r].name : "";
}

const char *
scrub_rule_text(enum scrub_rule r, int english)
{
	if (r >= RULE_COUNT)
		return "";
	return english ? rules[r].en : rules[r].ja;
}

static size_t
text_at(const char32_t *t, const struct scrub_cp *v, size_t n, size_t i)
{
	size_t k;

	for (k = 0; t[k] != 0; k++)
		if (i + k >= n || v[i + k].c != t[k])
			return 0;
	return k;
}

size_t
scrub_rule_text_at(const struct scrub_cp *v, size_t n, size_t i, uint8_t *ret_rule)
{
	size_t k, r;

	for (r = 1; r < RULE_COUNT; r++) {
		k = text_at(rules[r].folded_ja, v, n, i);
		if (k == 0)
			k = text_at(rules[r].folded_en, v, n, i);
		if (k > 0) {
			*ret_rule = (uint8_t)r;
			return k;
		}
	}
	return 0;
}

void
scrub_hits_add(struct scrub_hits *h, size_t a, size_t b, enum scrub_rule rule)
{
	struct scrub_hit *v;
	size_t room;

	if (h->err != 0 || a >= b)
		return;
	if (h->n == h->room) {
		room = h->room == 0 ? 32 : h->room * 2;
		v = mem_realloc(h->v, room * sizeof *v);
		if (v == NULL) {
			h->err = ERR_NOMEM;
			return;
		}
		h->v = v;
		h->room = room;
	}
	h->v[h->n].a = (uint32_t)a;
	h->v[h->n].b = (uint32_t)b;
	h->v[h->n].rule = (uint8_t)rule;
	h->n++;
}

void
scrub_hits_done(struct scrub_hits *h)
{
	mem_free(h->v);
	memset(h, 0, sizeof *h);
}

static int
by_place(const void *x, const void *y)
{
	const struct scrub_hit *p = x, *q = y;

	if (p->a != q->a)
		return p->a < q->a ? -1 : 1;
	if (p->b != q->b)
		return p->b > q->b ? -1 : 1;
	/* What stands in a path is a user, whoever it is. */
	if ((p->rule == RULE_USER) != (q->rule == RULE_USER))
		return p->rule == RULE_USER ? -1 : 1;
	return (int)p->rule - (int)q->rule;
}

static int
is_public_rule(uint8_t r)
{
	return r == RULE_MAIL || r == RULE_PHONE || r == RULE_PRIVATE || r == RULE_USER;
}

static int
is_own_rule(uint8_t r)
{
	return (r >= RULE_NAME && r <= RULE_PERSON) || r == RULE_CODE;
}

/* Takes the kept ranges (sorted, apart) out of every hit (sorted); of the public kinds
 * only when `strong`.  The result may be out of order. */
static void
keep_out(struct scrub_hits *h, const struct scrub_hits *keep, int strong)
{
	size_t i, k, first = 0, n = h->n;
	uint32_t a, b;

	if (keep == NULL || keep->n == 0)
		return;
	for (i = 0; i < n; i++) {
		a = h->v[i].a;
		b = h->v[i].b;
		while (first < keep->n && keep->v[first].b <= a)
			first++;
		if (!strong && is_public_rule(h->v[i].rule))
			continue;
		for (k = first; k < keep->n && keep->v[k].a < b; k++) {
			/* A word that is an indicator is still a word of the sender's
			 * name when it stands inside that. */
			if (keep->v[k].rule != RULE_NONE && is_own_rule(h->v[i].rule) &&
			    h->v[i].b - h->v[i].a > keep->v[k].b - keep->v[k].a)
				continue;
			if (keep->v[k].a > a)
				scrub_hits_add(h, a, keep->v[k].a, h->v[i].rule);
			a = keep->v[k].b < b ? keep->v[k].b : b;
		}
		h->v[i].a = a;
	}
}

static int
is_worth(const struct scrub_hit *p, const struct scrub_view *w)
{
	uint32_t i;

	/* Signs that are left beside a kept range say nothing. */
	for (i = p->a; i < p->b; i++)
		if (scrub_is_alnum(&w->v[i]) || scrub_is_japanese(&w->v[i]))
			return 1;
	return 0;
}

/* One original character may stand as several entries: a barrier takes them all. */
static void
widen(struct scrub_hit *p, const struct scrub_view *w)
{
	while (p->a > 0 && w->v[p->a - 1].end > w->v[p->a].start)
		p->a--;
	while (p->b < w->n && w->v[p->b].start < w->v[p->b - 1].end)
		p->b++;
}

static void
sort_hits(struct scrub_hits *h)
{
	if (h->n > 1)
		qsort(h->v, h->n, sizeof *h->v, by_place);
}

size_t
scrub_hits_apply(struct scrub_hits *h, const struct scrub_hits *keep,
    const struct scrub_hits *keep_weak, struct scrub_view *w)
{
	struct scrub_hit cur, *p;
	size_t i, k, at = 0, from = 0, made = 0;
	uint32_t longest;

	sort_hits(h);
	keep_out(h, keep, 1);
	sort_hits(h);
	keep_out(h, keep_weak, 0);
	sort_hits(h);
	for (i = 0; i < h->n; i = k) {
		cur = h->v[i];
		k = i + 1;
		if (cur.a >= cur.b || !is_worth(&cur, w))
			continue;
		widen(&cur, w);
		longest = cur.b - cur.a;
		for (; k < h->n && h->v[k].a < cur.b; k++) {
			p = &h->v[k];
			if (p->a >= p->b)
				continue;
			if (p->b - p->a > longest) {
				longest = p->b - p->a;
				cur.rule = p->rule;
			}
			if (p->b > cur.b)
				cur.b = p->b;
			widen(&cur, w);
		}
		while (from < cur.a)
			w->v[at++] = w->v[from++];
		w->v[at].c = SYM_BARRIER;
		w->v[at].cls = CLASS_BARRIER;
		w->v[at].flags = 0;
		w->v[at].start = w->v[cur.a].start;
		w->v[at].end = w->v[cur.b - 1].end;
		w->v[at].rule = cur.rule;
		at++;
		from = cur.b;
		made++;
	}
	while (from < w->n)
		w->v[at++] = w->v[from++];
	w->n = at;
	return made;
}

int
scrub_hits_reveal(
    struct scrub_hits *h, const struct scrub_hits *keep, const struct scrub_view *w)
{
	size_t i;

	sort_hits(h);
	keep_out(h, keep, 1);
	for (i = 0; i < h->n; i++)
		if (is_public_rule(h->v[i].rule) && h->v[i].a < h->v[i].b &&
		    is_worth(&h->v[i], w))
			return 1;
	return 0;
}
