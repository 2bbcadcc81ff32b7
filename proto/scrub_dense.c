/* SPDX-License-Identifier: Apache-2.0 */
/* Spelling evened out, so that one term finds all the ways in which it is written. */
#include "proto/scrub_dense.h"

#include "lib/mem.h"

struct run {
	const struct scrub_cp *v;
	size_t n;
	struct scrub_dense d;
	size_t joined; /* where a letter stands as if right behind the one before */
};

static void
put(struct run *r, uint32_t sym, size_t at, size_t n)
{
	r->d.sym[r->d.n] = sym;
	r->d.at[r->d.n] = (uint32_t)at;
	r->d.to[r->d.n] = (uint32_t)(at + n);
	r->d.n++;
}

/* The letter without its accents; 0 when it is no Latin letter. */
uint32_t
scrub_plain_letter(uint32_t c)
{
	static const char plain[] =
	    "aaaaaaaceeeeiiiidnooooo*ouuuuyts"
	    "aaaaaaaceeeeiiiidnooooo/ouuuuyty"
	    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiijjjj";

	if (c >= 'a' && c <= 'z')
		return c;
	if (c >= 0xC0 && c <= 0x135) {
		c = (uint32_t)(unsigned char)plain[c - 0xC0];
		return c >= 'a' && c <= 'z' ? c : 0;
	}
	switch (c) {
	case 0x14D: /* o with macron, with circumflex is above */
	case 0x14F:
	case 0x151:
		return 'o';
	case 0x144:
	case 0x148:
		return 'n';
	case 0x16B:
	case 0x169:
	case 0x16D:
		return 'u';
	default:
		return 0;
	}
}

static uint32_t
letter_at(const struct run *r, size_t i)
{
	if (i < r->n && r->v[i].c >= 'a' && r->v[i].c <= 'z')
		return r->v[i].c;
	return i < r->n && r->v[i].cls == CLASS_LATIN ? scrub_plain_letter(r->v[i].c) : 0;
}

/* Sets of letters, by their place in the alphabet. */
#define LETTER(c) (1u << ((c) - 'a'))
enum {
	VOWELS = LETTER('a') | LETTER('i') | LETTER('u') | LETTER('e') | LETTER('o'),
	/* Most letters begin nothing that is spelled in two ways. */
	TWO_WAYS = LETTER('s') | LETTER('c') | LETTER('t') | LETTER('d') | LETTER('j') |
		   LETTER('f') | LETTER('m') | LETTER('n'),
};

static int
is_vowel(uint32_t c)
{
	return c >= 'a' && c <= 'z' && (VOWELS >> (c - 'a') & 1) != 0;
}

static int
is_back(uint32_t c)
{
	return c == 'a' || c == 'u' || c == 'o' || c == 'e';
}

/* A letter that lengthens the vowel before it, and is dropped: ou, oo, oh, uu, aa, ii. */
static int
lengthens(const struct run *r, size_t i, uint32_t c)
{
	uint32_t last, next;

	if ((c != 'h' && !is_vowel(c)) || r->d.n == 0 || r->d.to[r->d.n - 1] != i ||
	    letter_at(r, i - 1) == 0)
		return 0;
	last = r->d.sym[r->d.n - 1];
	if (is_vowel(c))
		return last == c || (last == 'o' && c == 'u');
	next = letter_at(r, i + 1);
	return c == 'h' && (last == 'o' || last == 'u') && next != 0 && !is_vowel(next) &&
	       next != 'y';
}

/* Hepburn, kunrei and mixtures become one spelling; the view entries eaten. */
static size_t
add_latin(struct run *r, size_t i)
{
	uint32_t c = letter_at(r, i), c1, c2;

	if (c == 0) {
		put(r, r->v[i].c, i, 1);
		return 1;
	}
	if (lengthens(r, i, c)) {
		r->d.to[r->d.n - 1] = (uint32_t)i + 1;
		return 1;
	}
	if ((TWO_WAYS >> (c - 'a') & 1) == 0) {
		put(r, c, i, 1);
		return 1;
	}
	c1 = letter_at(r, i + 1);
	c2 = letter_at(r, i + 2);
	if ((c == 's' || c == 'c') && c1 == 'h' && is_vowel(c2)) {
		put(r, c == 's' ? 's' : 't', i, c2 == 'i' ? 2 : 1);
		if (c2 != 'i')
			put(r, 'y', i + 1, 1);
		return 2;
	}
	if ((c == 't' || c == 'c') && c1 == 'c' && c2 == 'h') {
		put(r, 't', i, 1);
		return 1;
	}
	if ((c == 't' && c1 == 's' && c2 == 'u') ||
	    (c == 'd' && c1 == 'z' && c2 == 'u')) {
		put(r, c == 't' ? 't' : 'z', i, 2);
		return 2;
	}
	if (c == 'j' && (c1 == 'i' || c1 == 'y' || is_back(c1))) {
		put(r, 'z', i, 1);
		if (is_back(c1))
			put(r, 'y', i, 1);
		return 1;
	}
	if (c == 'f' && c1 == 'u')
		c = 'h';
	else if (c == 'm' && (c1 == 'b' || c1 == 'm' || c1 == 'p'))
		c = 'n';
	put(r, c, i, 1);
	if (c == 'n' && i + 2 < r->n && r->v[i + 1].c == '\'' && is_vowel(c2)) {
		r->d.to[r->d.n - 1]++;
		return 2;
	}
	return 1;
}

static int
is_separator(uint32_t c)
{
	return c == '-' || c == '_' || c == 0x30FB;
}

static size_t
add_space(struct run *r, size_t i)
{
	const struct scrub_cp *v = r->v;
	size_t k = i;

	while (k < r->n && v[k].cls == CLASS_SPACE)
		k++;
	if (i > 0 && k < r->n && !scrub_is_japanese(&v[i - 1]) &&
	    !scrub_is_japanese(&v[k]))
		put(r, ' ', i, k - i);
	else
		r->joined = k;
	return k - i;
}

/* Small kana are written large where there is no small one, as on bank slips. */
static uint32_t
hiragana(uint32_t c)
{
	if (c >= 0x30A1 && c <= 0x30F6)
		c -= 0x60;
	if ((c >= 0x3041 && c < 0x304A && c % 2 != 0) || c == 0x3063 ||
	    (c >= 0x3083 && c < 0x3088 && c % 2 != 0))
		c++;
	/* "Onizuka" may be either. */
	if (c == U'づ')
		c = U'ず';
	if (c == U'ぢ')
		c = U'じ';
	return c;
}

/* "第二プラント" is 第2プラント. */
static uint32_t
ordinal(const struct run *r, size_t i)
{
	static const char32_t digits[] = U"一二三四五六七八九";
	uint32_t k;

	for (k = 0; i > 0 && r->v[i - 1].c == U'第' && digits[k] != 0; k++)
		if (digits[k] == r->v[i].c)
			return '1' + k;
	return 0;
}

/* The second half of a long vowel in kana, which is often left out or drawn as a line. */
static int
lengthens_kana(const struct run *r, size_t i, uint32_t c)
{
	uint32_t last;

	if (r->d.n == 0 || (r->d.to[r->d.n - 1] != i && r->joined != i))
		return 0;
	last = r->d.sym[r->d.n - 1];
	if (c == 0x30FC)
		return last >= 0x3041 && last <= 0x3096;
	/* "のオオタ": what begins in the other kana is another word. */
	if (i > 0 && r->v[i].cls != r->v[i - 1].cls &&
	    (r->v[i - 1].cls == CLASS_HIRAGANA || r->v[i - 1].cls == CLASS_KATAKANA))
		return 0;
	if (c == U'う')
		return scrub_is_in(
		    U"おこそとのほもよろごぞどぼぽょうくすつぬふむゆるぐずづぶぷゅ",
		    last);
	/* Behind the particle a name in hiragana begins, as in のおおた. */
	return c == U'お' && scrub_is_in(U"おこそとほもよろごぞどぼぽょ", last);
}

static void
add_kana(struct run *r, size_t i)
{
	uint32_t c = hiragana(r->v[i].c);

	if (lengthens_kana(r, i, c))
		r->d.to[r->d.n - 1] = (uint32_t)i + 1;
	else
		put(r, c, i, 1);
}

/* A middle dot between two words in katakana, of which a line's end parts the first. */
static int
is_broken(const struct run *r, size_t i)
{
	size_t k = i;

	while (k > 0 && i - k < 3 && r->v[k - 1].cls == CLASS_SPACE)
		k--;
	return r->v[i].c == 0x30FB && r->joined == i && k > 0 &&
	       r->v[k - 1].cls == CLASS_KATAKANA && r->v[i + 1].cls == CLASS_KATAKANA;
}

int
scrub_dense_new(const struct scrub_cp *v, size_t n, struct scrub_dense *ret)
{
	struct run r;
	size_t i, room = 2 * n + 1;
	uint32_t c;

	memset(&r, 0, sizeof r);
	r.v = v;
	r.n = n;
	r.d.sym = mem_alloc(room * 3 * sizeof *r.d.sym);
	if (r.d.sym == NULL)
		return ERR_NOMEM;
	r.d.at = r.d.sym + room;
	r.d.to = r.d.at + room;
	for (i = 0; i < n;) {
		c = v[i].c;
		switch (v[i].cls) {
		case CLASS_SPACE:
			i += add_space(&r, i);
			continue;
		case CLASS_LATIN:
			i += add_latin(&r, i);
			continue;
		case CLASS_HIRAGANA:
		case CLASS_KATAKANA:
			add_kana(&r, i);
			break;
		case CLASS_KANJI:
			c = hiragana(scrub_even_kanji(c));
			put(&r, ordinal(&r, i) != 0 ? ordinal(&r, i) : c, i, 1);
			break;
		case CLASS_BARRIER:
			put(&r, SYM_BARRIER, i, 1);
			break;
		default:
			if (c == '&' && i > 0 && i + 1 < n && v[i - 1].c == ' ' &&
			    v[i + 1].c == ' ') {
				put(&r, 'a', i, 1);
				put(&r, 'n', i, 1);
				put(&r, 'd', i, 1);
			} else if (!is_separator(c))
				put(&r, c, i, 1);
			else if (i > 0 && i + 1 < n && scrub_is_japanese(&v[i + 1]) &&
				 (scrub_is_japanese(&v[i - 1]) || is_broken(&r, i)))
				r.joined = i + 1;
			else
				put(&r, ' ', i, 1);
			break;
		}
		i++;
	}
	*ret = r.d;
	return 0;
}

/* One sign stands for all that is not Latin. */
int
scrub_dense_squeeze(const struct scrub_dense *d, struct scrub_dense *ret)
{
	struct scrub_dense q;
	uint32_t c;
	size_t i;

	memset(&q, 0, sizeof q);
	q.sym = mem_alloc((d->n + 1) * 3 * sizeof *q.sym);
	if (q.sym == NULL)
		return ERR_NOMEM;
	q.at = q.sym + d->n + 1;
	q.to = q.at + d->n + 1;
	for (i = 0; i < d->n; i++) {
		c = d->sym[i];
		if (c == ' ')
			continue;
		if (c < 'a' || c > 'z') {
			if (q.n > 0 && q.sym[q.n - 1] == SYM_BARRIER)
				continue;
			c = SYM_BARRIER;
		}
		q.sym[q.n] = c;
		q.at[q.n] = d->at[i];
		q.to[q.n++] = d->to[i];
	}
	*ret = q;
	return 0;
}

void
scrub_dense_done(struct scrub_dense *d)
{
	if (d->sym != NULL)
		mem_wipe_free(d->sym, d->n * sizeof *d->sym);
	memset(d, 0, sizeof *d);
}
