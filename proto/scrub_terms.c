/* SPDX-License-Identifier: Apache-2.0 */
/* From one entry of the register to the spellings that are looked for. */
#include "proto/scrub_terms.h"

#include "lib/mem.h"
#include "proto/scrub_find.h"

enum {
	TERM_CPS_MAX = 1024,
	TERMS_MAX = 16384,
};

struct scrubber *
scrubber_new(void)
{
	struct scrubber *s = mem_zalloc(sizeof *s);

	if (s == NULL)
		return NULL;
	s->match = scrub_match_new();
	if (s->match == NULL) {
		mem_free(s);
		return NULL;
	}
	return s;
}

void
scrubber_free(struct scrubber *s)
{
	if (s == NULL)
		return;
	scrub_match_free(s->match);
	mem_wipe_free(s->term, s->terms * sizeof *s->term);
	mem_wipe_free(s->pool, s->pooled * sizeof *s->pool);
	mem_wipe_free(s->tail, s->tails * sizeof *s->tail);
	mem_wipe_free(s->net, s->nets * sizeof *s->net);
	mem_wipe_free(s->asn, s->asns * sizeof *s->asn);
	mem_wipe_free(s, sizeof *s);
}

int
scrub_reserve(void **p, size_t n, size_t *room, size_t each)
{
	size_t want = *room == 0 ? 32 : *room;
	void *q;

	while (want < n)
		want *= 2;
	if (*p != NULL && want == *room)
		return 0;
	q = mem_alloc(want * each);
	if (q == NULL)
		return ERR_NOMEM;
	if (*p != NULL)
		memcpy(q, *p, *room * each);
	mem_wipe_free(*p, *room * each);
	*p = q;
	*room = want;
	return 0;
}

/* Two different spellings may sound the same, so that each keeps its own letters. */
static int
is_known(const struct scrubber *s, const struct scrub_cp *v, size_t n, unsigned flags)
{
	const struct scrub_term *t;
	size_t i, k;

	for (i = 0; i < s->terms; i++) {
		t = &s->term[i];
		if (t->n != n || t->flags != flags)
			continue;
		for (k = 0; k < n && s->pool[t->at + k] == v[k].c; k++)
			;
		if (k == n)
			return 1;
	}
	return 0;
}

int
scrub_term_add(struct scrubber *s, const struct scrub_cp *v, size_t n,
    enum scrub_rule rule, unsigned flags)
{
	struct scrub_dense d;
	struct scrub_term *t;
	size_t i;
	void *p;
	int r;

	if (n == 0 || is_known(s, v, n, flags))
		return 0;
	if (s->terms >= TERMS_MAX)
		return ERR_LIMIT;
	p = s->term;
	r = scrub_reserve(&p, s->terms + 1, &s->term_room, sizeof *s->term);
	s->term = p;
	if (r != 0)
		return r;
	p = s->pool;
	r = scrub_reserve(&p, s->pooled + n, &s->pool_room, sizeof *s->pool);
	s->pool = p;
	if (r != 0)
		return r;
	r = scrub_dense_new(v, n, &d);
	if (r != 0)
		return r;
	r = d.n == 0 ? ERR_NOTFOUND
		     : scrub_match_add(s->match, d.sym, d.n, (uint32_t)s->terms);
	if (r == 0) {
		t = &s->term[s->terms++];
		s->in_pieces |= scrub_may_be_in_pieces(n, flags);
		t->rule = (uint8_t)rule;
		t->flags = (uint16_t)flags;
		t->at = (uint32_t)s->pooled;
		t->n = (uint32_t)n;
		for (i = 0; i < n; i++)
			s->pool[s->pooled++] = v[i].c;
	}
	scrub_dense_done(&d);
	return r == ERR_NOTFOUND ? 0 : r;
}

static int
add_network(struct scrubber *s, const struct scrub_cp *v, size_t n)
{
	unsigned char ip[16];
	unsigned len, prefix;
	struct scrub_net *t;
	void *p = s->net;
	int r;

	if (scrub_read_address(v, n, 0, ip, &len, &prefix) == 0)
		return 0;
	r = scrub_reserve(&p, s->nets + 1, &s->net_room, sizeof *s->net);
	s->net = p;
	if (r != 0)
		return r;
	t = &s->net[s->nets++];
	memset(t, 0, sizeof *t);
	memcpy(t->ip, ip, len);
	t->len = (uint8_t)len;
	t->prefix = (uint8_t)prefix;
	return 0;
}

static int
add_asn(struct scrubber *s, const struct scrub_cp *v, size_t n)
{
	void *p = s->asn;
	uint64_t x = 0;
	size_t i;
	int r, seen = 0;

	for (i = 0; i < n; i++) {
		if (v[i].cls != CLASS_DIGIT)
			continue;
		seen = 1;
		x = x * 10 + (v[i].c - '0');
		if (x > UINT32_MAX)
			return 0;
	}
	if (!seen)
		return 0;
	r = scrub_reserve(&p, s->asns + 1, &s->asn_room, sizeof *s->asn);
	s->asn = p;
	if (r != 0)
		return r;
	s->asn[s->asns++] = (uint32_t)x;
	return 0;
}

static int
add_one_prefix(struct scrubber *s, const struct scrub_cp *v, size_t n)
{
	size_t before = s->terms;
	int r;

	r = scrub_term_add(s, v, n, RULE_HOST_PREFIX,
	    TERM_EXACT | TERM_LATIN | TERM_PREFIX | (n < 4 ? TERM_WEAK : 0));
	if (r == 0 && s->terms > before && s->prefixes < PREFIXES_MAX)
		s->prefix[s->prefixes++] = (uint32_t)before;
	return r;
}

static int
add_prefix(struct scrubber *s, const struct scrub_cp *v, size_t n)
{
	size_t whole = n;
	int r = 0;

	/* "ACH-" and "ACH" are one: what follows is looked at when it is found.  Two
	 * letters are too few, so that they are looked for with their hyphen too. */
	while (n > 0 && (v[n - 1].c == '-' || v[n - 1].c == '_' || v[n - 1].c == '*'))
		n--;
	if (n < 2)
		return 0;
	if (n == 2 && whole == 3)
		r = add_one_prefix(s, v, whole);
	return r == 0 ? add_one_prefix(s, v, n) : r;
}

static int
add_kind(struct scrubber *s, unsigned kind, const struct scrub_cp *v, size_t n)
{
	switch (kind) {
	case TERM_NAME:
		return scrub_name_add(s, v, n, RULE_NAME);
	case TERM_ALIAS:
		return scrub_name_add(s, v, n, RULE_ALIAS);
	case TERM_SITE:
		return scrub_name_add(s, v, n, RULE_SITE);
	case TERM_DOMAIN:
		return scrub_domain_add(s, v, n);
	case TERM_NETWORK:
		return add_network(s, v, n);
	case TERM_ASN:
		return add_asn(s, v, n);
	case TERM_HOST_PREFIX:
		return add_prefix(s, v, n);
	case TERM_PERSON:
		return scrub_person_add(s, v, n, RULE_PERSON);
	default:
		return ERR_INVALID;
	}
}

int
scrubber_add(struct scrubber *s, enum term_kind kind, struct slice text)
{
	struct scrub_view w;
	size_t a, i, n;
	uint32_t plain;
	int r;

	if (s->ready)
		return ERR_CONFLICT;
	r = scrub_view_new(text, &w);
	if (r != 0)
		return r;
	a = 0;
	n = w.n;
	for (i = 0; i < n; i++) {
		plain = w.v[i].cls == CLASS_LATIN ? scrub_plain_letter(w.v[i].c) : 0;
		if (plain != 0)
			w.v[i].c = plain;
	}
	while (a < n && w.v[a].cls == CLASS_SPACE)
		a++;
	while (n > a && w.v[n - 1].cls == CLASS_SPACE)
		n--;
	r = n - a > TERM_CPS_MAX ? 0 : add_kind(s, kind, w.v + a, n - a);
	scrub_view_done(&w);
	return r;
}

int
scrubber_ready(struct scrubber *s)
{
	int r;

	if (s->ready)
		return 0;
	r = scrub_mixed_add(s);
	if (r == 0)
		r = scrub_match_ready(s->match);
	if (r == 0)
		s->ready = 1;
	return r;
}

int
scrub_owns_asn(const struct scrubber *s, uint32_t asn)
{
	size_t i;

	for (i = 0; s != NULL && i < s->asns; i++)
		if (s->asn[i] == asn)
			return 1;
	return 0;
}

static int
same_bits(const unsigned char *a, const unsigned char *b, unsigned bits)
{
	unsigned i;

	for (i = 0; i + 8 <= bits; i += 8)
		if (a[i / 8] != b[i / 8])
			return 0;
	return i == bits || (a[i / 8] ^ b[i / 8]) >> (8 - (bits - i)) == 0;
}

int
scrub_owns_address(
    const struct scrubber *s, const unsigned char *ip, unsigned len, unsigned prefix)
{
	const struct scrub_net *t;
	size_t i;

	for (i = 0; s != NULL && i < s->nets; i++) {
		t = &s->net[i];
		/* A network that holds the sender's and many others is not the sender's.
		 */
		if (t->len == len && prefix + 8 >= t->prefix &&
		    same_bits(ip, t->ip, prefix < t->prefix ? prefix : t->prefix))
			return 1;
	}
	return 0;
}

int
scrub_owns_domain(const struct scrubber *s, const struct scrub_cp *v, size_t n)
{
	const struct scrub_term *t;
	size_t i, k;

	for (i = 0; s != NULL && i < s->terms; i++) {
		t = &s->term[i];
		if ((t->flags & TERM_HOST) == 0 || t->n > n ||
		    (t->n < n && v[n - t->n - 1].c != '.'))
			continue;
		for (k = 0; k < t->n && s->pool[t->at + k] == v[n - t->n + k].c; k++)
			;
		if (k == t->n)
			return 1;
	}
	return 0;
}
