/* SPDX-License-Identifier: Apache-2.0 */
/* Telephone numbers in the ways they are written in Japan. */
#include "proto/scrub_phone.h"

enum {
	GROUPS_MAX = 6,
	RUN_MAX = 12,	  /* digits of one group that is looked at */
	CONTEXT_MAX = 14, /* how far before a number the word "telephone" may stand */
};

struct number {
	size_t digits[GROUPS_MAX]; /* of each group */
	size_t n, total;	   /* groups, digits */
	size_t end;		   /* where the last group ends */
	uint32_t first[4];	   /* the first digits */
	int plus, other;	   /* a digit that is not 0 */
	uint32_t sign;		   /* a rarer one between all groups, or 0 */
};

/* Zero in kanji, and the circles that are typed for it. */
static int
is_round(const struct scrub_view *w, size_t i)
{
	return i < w->n && scrub_is_in(U"〇零○◯", w->v[i].c);
}

/* The digit at i, in figures or in kanji as all of one number is; 0 for none. */
static uint32_t
digit_at(const struct scrub_view *w, size_t i, int kanji)
{
	static const char32_t digits[] = U"〇一二三四五六七八九";
	uint32_t k;

	if (!kanji)
		return scrub_digit_here(w, i) ? w->v[i].c : 0;
	if (is_round(w, i))
		return '0';
	if (kanji > 1 && scrub_digit_here(w, i))
		return w->v[i].c;
	if (i >= w->n || w->v[i].cls != CLASS_KANJI)
		return 0;
	for (k = 0; digits[k] != 0; k++)
		if (digits[k] == w->v[i].c)
			return '0' + k;
	return 0;
}

/* What may stand between two groups; entries eaten. */
static size_t
gap_at(const struct scrub_view *w, size_t i, int kanji, struct number *p)
{
	size_t k = i;

	/* One sign of these stands between all groups, or none. */
	if (i < w->n && scrub_is_in(U"/_|:,*=", w->v[i].c)) {
		if ((p->n > 1 && p->sign != w->v[i].c) || digit_at(w, i + 1, kanji) == 0)
			return 0;
		p->sign = w->v[i].c;
		return 1;
	}
	if (p->sign != 0)
		return 0;
	while (k < w->n && k < i + 3 && scrub_is_in(U"- ().ー~・]」】〕", w->v[k].c))
		k++;
	/* In words a number is read out with "no" between its groups. */
	if (k <= i + 1 && k < w->n && w->v[k].c == U'の' &&
	    (k == i || w->v[i].c == ' ')) {
		k++;
		if (k < w->n && w->v[k].c == ' ')
			k++;
	}
	return digit_at(w, k, kanji) != 0 ? k - i : 0;
}

static void
read_groups(const struct scrub_view *w, size_t i, int kanji, struct number *ret)
{
	size_t k, seen = 0;
	uint32_t c;

	memset(ret, 0, sizeof *ret);
	for (;;) {
		for (k = 0; (c = digit_at(w, i + k, kanji)) != 0; k++) {
			if (seen < 4)
				ret->first[seen++] = c;
			ret->other |= c != '0';
		}
		ret->digits[ret->n++] = k;
		ret->total += k;
		i += k;
		ret->end = i;
		if (ret->n == GROUPS_MAX || k > RUN_MAX)
			return;
		k = gap_at(w, i, kanji, ret);
		if (k == 0)
			return;
		i += k;
	}
}

static int
before_is(const struct scrub_view *w, size_t i, const char32_t *word)
{
	size_t n = 0, k;

	while (word[n] != 0)
		n++;
	if (n > i)
		return 0;
	for (k = 0; k < n; k++)
		if (w->v[i - n + k].c != word[k])
			return 0;
	/* "Hotel" is no telephone. */
	return n == i || !scrub_is_ascii_alnum(word[0]) ||
	       !scrub_is_alnum(&w->v[i - n - 1]);
}

/* Does "TEL", "telephone" or the like stand shortly before? */
static int
is_announced(const struct scrub_view *w, size_t i)
{
	static const char32_t *const words[] = { U"tel", U"tel.", U"fax", U"phone",
		U"telephone", U"mobile", U"cell", U"call", U"dial", U"電話", U"電話番号",
		U"連絡先", U"携帯", U"直通", U"代表", U"ダイヤル", U"フリーダイヤル",
		U"ファクス", U"ファックス", U"hotline", U"ホットライン", U"ph", U"☎",
		U"📞", U"内線" };
	size_t back, k;

	for (back = 0; back < CONTEXT_MAX && back < i; back++) {
		/* What the words end with. */
		if (!scrub_is_in(U"l.xehk話号先帯通表ルス線ン☎📞", w->v[i - back - 1].c))
			goto next;
		for (k = 0; k < sizeof words / sizeof words[0]; k++)
			if (before_is(w, i - back, words[k]))
				return 1;
	next:
		if (scrub_digit_here(w, i - back - 1) || w->v[i - back - 1].c == 0x3002 ||
		    w->v[i - back - 1].cls == CLASS_BARRIER)
			break;
	}
	return 0;
}

/* "伝票 0223-11-2026": a number of something else, shaped like one of a telephone. */
static int
is_of_paper(const struct scrub_view *w, size_t i)
{
	static const char32_t *const words[] = { U"伝票", U"送り状", U"送状", U"伝票番号",
		U"送り状番号", U"注文番号", U"受注番号", U"管理番号", U"整理番号",
		U"案件番号", U"製造番号", U"追跡番号", U"発注番号", U"invoice", U"ticket",
		U"order", U"tracking", U"serial", U"po", U"waybill", U"invoice no.",
		U"ticket no.", U"order no.", U"order number", U"ticket number",
		U"invoice number", U"serial number", U"tracking number" };
	size_t k;

	while (i > 0 && scrub_is_in(U" :#", w->v[i - 1].c))
		i--;
	if (i == 0 || !scrub_is_in(U"票状号etrglop.", w->v[i - 1].c))
		return 0;
	for (k = 0; k < sizeof words / sizeof words[0]; k++)
		if (before_is(w, i, words[k]))
			return 1;
	return 0;
}

/* "22-1100 へ電話": the word stands behind the number. */
static int
is_called(const struct scrub_view *w, size_t i)
{
	static const char32_t *const words[] = { U"に電話", U"へ電話", U"まで電話",
		U"にお電話", U"へお電話", U"までお電話", U"に架電", U"へ架電", U"に発信",
		U"へ発信", U"から着信", U"から電話", U"から入電", U"に連絡", U"へ連絡",
		U"まで連絡", U"にご連絡", U"へご連絡", U"までご連絡" };
	size_t k;

	if (i < w->n && w->v[i].c == ' ')
		i++;
	for (k = 0; k < sizeof words / sizeof words[0]; k++) {
		if (scrub_text_at(w, i, words[k]) > 0)
			return 1;
	}
	return 0;
}

static int
has_area(const struct number *p, const char *area)
{
	size_t k;

	for (k = 0; area[k] != '\0'; k++)
		if (p->first[k] != (uint32_t)area[k])
			return 0;
	return 1;
}

/* Grouped numbers that begin with the trunk 0. */
static int
is_domestic(const struct number *p, int announced)
{
	const size_t *d = p->digits;

	if (p->first[0] != '0' || p->total < 10 || p->total > 11)
		return 0;
	/* Eleven digits that begin as those of mobiles do are nothing else. */
	if (p->n == 1)
		return announced || (p->total == 11 && p->first[2] == '0' &&
					p->first[1] >= '5' && p->first[1] != '6');
	if (d[0] < 2 || d[0] > 5)
		return 0;
	if (p->n == 2)
		return d[1] >= 5 && d[1] <= 9;
	if (p->n == 3) {
		if (d[2] == 4)
			return d[0] <= 5 && d[1] <= 4;
		return announced || has_area(p, "0120") || has_area(p, "0800") ||
		       has_area(p, "0570") || has_area(p, "0990") || has_area(p, "0180");
	}
	return announced && p->n == 4;
}

static int
is_phone(const struct number *p, int announced)
{
	/* "03/1234/5678" only where a telephone number is told; "001_0203_4567" never. */
	if (p->sign != 0 && p->n > 1)
		return is_domestic(p, announced) && p->n == 3 &&
		       (announced || (p->sign == '_' && p->first[1] != '0') ||
			   (p->sign == '=' && p->digits[2] == 4));
	if (p->plus)
		return p->total >= (p->n == 3 ? 8u : 9u) && p->total <= 15 &&
		       p->digits[0] <= 15;
	if (is_domestic(p, announced))
		return 1;
	if (p->first[0] == '8' && p->first[1] == '1' && p->digits[0] == 2 && p->n >= 3)
		return p->total >= 11 && p->total <= 13 && (announced || p->n == 4) &&
		       p->digits[p->n - 1] == 4;
	if (has_area(p, "0081") || has_area(p, "0108"))
		return p->total >= 12 && p->total <= 16 && (announced || p->n >= 3);
	/* Numbers inside one town, and those of other countries. */
	if (!announced || p->n < 2 || p->n > 5)
		return 0;
	if (p->n == 2)
		return p->digits[0] >= 1 && p->digits[0] <= 4 && p->digits[1] == 4;
	return p->total >= 9 && p->total <= 13 && p->digits[p->n - 1] >= 3 &&
	       p->digits[p->n - 1] <= 4 && p->digits[0] <= 4;
}

/* Dates and times are written with the same signs. */
static int
is_date(const struct number *p)
{
	return p->n >= 3 && p->digits[0] == 4 && p->digits[1] <= 2 && p->digits[2] <= 2 &&
	       (has_area(p, "20") || has_area(p, "19"));
}

static int
may_begin(const struct scrub_view *w, size_t i)
{
	const struct scrub_cp *p;

	/* A bracket opens something new, whatever stands before it: "SOC(06-...". */
	if (i == 0 || w->v[i].c == '(')
		return 1;
	p = &w->v[i - 1];
	if (is_round(w, i))
		return digit_at(w, i - 1, 1) == 0;
	if (p->cls == CLASS_LATIN)
		return before_is(w, i, U"tel") || before_is(w, i, U"fax");
	if (scrub_is_alnum(p) || p->c == '_' || p->c == '\\' || p->c == '=' ||
	    p->c == '%' || p->c == '#')
		return 0;
	if (i > 1 &&
	    (p->c == '-' || p->c == '.' || p->c == '/' || p->c == ':' || p->c == ','))
		return !scrub_is_ascii_alnum(w->v[i - 2].c) ||
		       (p->c == ':' && is_announced(w, i)) || p->c == ',' ||
		       (p->c == '/' && (!scrub_digit_here(w, i - 2) ||
					   scrub_is_in(U"0+", w->v[i].c))) ||
		       (p->c == '.' && is_announced(w, i));
	return 1;
}

static size_t
phone_at(const struct scrub_view *w, size_t i, int listed, size_t *ret_start)
{
	const struct scrub_cp *v = w->v;
	struct number p;
	size_t at = i, k;
	/* A circle before figures is a bullet, the kanji is a zero. */
	int plus = 0, kanji = v[i].cls == CLASS_KANJI ? 2 : is_round(w, i), announced;

	*ret_start = i;
	if (v[at].c == '(' && at + 1 < w->n) {
		at++;
		if (v[at].c == ' ' && at + 1 < w->n)
			at++;
	}
	if (v[at].c == '+' && at + 1 < w->n) {
		plus = 1;
		at++;
	}
	if (digit_at(w, at, kanji) == 0 || (at > i && !plus && v[at].c != '0'))
		return 0;
	read_groups(w, at, kanji, &p);
	p.plus = plus;
	/* Most numbers are too short; only the others are worth a look at what is before.
	 */
	if (p.total < 5 || (kanji && !p.other) ||
	    (p.n == 1 && (p.total < 9 || p.total > 15)))
		return 0;
	announced = !plus && (listed || is_announced(w, i) || is_called(w, p.end));
	/* A longer row of numbers may begin with a telephone number. */
	while (p.n > 0) {
		if (!is_date(&p) && scrub_phone_ends(w, p.end) &&
		    is_phone(&p, announced) && (plus || !is_of_paper(w, i))) {
			/* The bracket belongs to the number when it closes in it. */
			for (k = i; v[i].c == '(' && k < p.end && v[k].c != ')'; k++)
				;
			if (v[i].c == '(' && k == p.end)
				*ret_start = i + 1;
			return p.end - *ret_start;
		}
		if (p.n == 1)
			break;
		p.n--;
		p.total -= p.digits[p.n];
		p.end -= p.digits[p.n];
		for (k = 0; k < 3 && digit_at(w, p.end - 1, kanji) == 0; k++)
			p.end--;
	}
	return 0;
}

/* "0 9 0 1 2 3 4 5 6 7 8": digit by digit. */
static size_t
spelt_at(const struct scrub_view *w, size_t i)
{
	const struct scrub_cp *v = w->v;
	struct number p;
	size_t k = i, gap, signs, blanks = 0, groups = 0;

	memset(&p, 0, sizeof p);
	for (p.n = 1; p.total < 12; k += gap + 1) {
		if (p.total < 4)
			p.first[p.total] = v[k].c;
		p.other |= v[k].c != '0';
		p.total++;
		p.end = k + 1;
		for (gap = signs = 0; k + 1 + gap < w->n && gap < 3 &&
				      scrub_is_in(U" -.・()", v[k + 1 + gap].c);
		     gap++)
			signs += v[k + 1 + gap].c != ' ';
		if (gap == 0 || !scrub_digit_here(w, k + 1 + gap) ||
		    scrub_digit_here(w, k + 2 + gap))
			break;
		blanks += signs == 0;
		groups += signs > 0;
	}
	return p.total >= 10 && p.other && scrub_phone_ends(w, p.end) &&
		       !scrub_digit_here(w, p.end) &&
		       is_domestic(&p, is_announced(w, i) || (blanks > 4 && groups == 2))
		   ? p.end - i
		   : 0;
}

/* Does only a sign stand between one number that ends at `last` and the next at i? */
static int
is_listed(const struct scrub_view *w, size_t last, size_t i)
{
	if (last == 0 || i <= last || i > last + 2 || w->v[i].c != '0')
		return 0;
	for (; last < i; last++)
		if (!scrub_is_in(U"/、,; ", w->v[last].c))
			return 0;
	return 1;
}

/* A zero in words: a number is read out from its trunk 0 on. */
static int
begins_spoken(const struct scrub_view *w, size_t i)
{
	const struct scrub_cp *v = w->v;

	switch (v[i].c) {
	case U'ゼ':
	case U'ぜ':
	case U'マ':
	case U'ま':
	case U'レ':
	case U'れ':
	case 'z':
	case 'd':
	case 'o':
		break;
	default:
		return 0;
	}
	if (i == 0 || v[i].cls == CLASS_HIRAGANA)
		return 1;
	return v[i - 1].cls != v[i].cls && !scrub_is_ascii_alnum(v[i - 1].c);
}

/* Most characters begin neither a number nor the word of an extension. */
static int
may_matter(const struct scrub_view *w, size_t i)
{
	uint32_t next = i + 1 < w->n ? w->v[i + 1].c : 0;

	switch (w->v[i].c) {
	case 'e':
		return next == 'x';
	case 'p':
		return next == 'h';
	case 'x':
		return scrub_digit_here(w, i + 1);
	case '+':
	case '(':
	case U'内':
	case U'〇':
	case U'零':
	case U'○':
	case U'◯':
		return 1;
	default:
		return w->v[i].cls == CLASS_DIGIT || begins_spoken(w, i);
	}
}

void
scrub_find_phone(const struct scrub_view *w, struct scrub_hits *h)
{
	const struct scrub_cp *v = w->v;
	size_t i, k, start, last = 0;

	for (i = 0; i < w->n; i++) {
		if (!may_matter(w, i))
			continue;
		if (scrub_is_in(U"epx内(", v[i].c)) {
			k = v[i].c == 'x' ? scrub_phone_short(w, i)
					  : scrub_phone_extension(w, i);
			if (k > 0) {
				k += scrub_phone_behind(w, i + k);
				scrub_hits_add(h, i, i + k, RULE_PHONE);
				i += k - 1;
				continue;
			}
		}
		if (v[i].cls != CLASS_DIGIT && v[i].c != '+' && v[i].c != '(' &&
		    !is_round(w, i)) {
			k = begins_spoken(w, i) ? scrub_phone_spoken(w, i) : 0;
			scrub_hits_add(h, i, i + k, RULE_PHONE);
			i += k > 0 ? k - 1 : 0;
			continue;
		}
		if (!may_begin(w, i)) {
			while (scrub_digit_here(w, i + 1))
				i++;
			continue;
		}
		k = phone_at(w, i, is_listed(w, last, i), &start);
		if (k == 0 && (v[i].c == '0' || is_round(w, i))) {
			k = v[i].c == '0' ? spelt_at(w, i) : 0;
			k = k == 0 ? scrub_phone_spoken(w, i) : k;
			start = i;
		}
		if (k > 0)
			k += scrub_phone_behind(w, start + k);
		if (k > 0) {
			last = start + k;
			scrub_hits_add(h, start, start + k, RULE_PHONE);
			i = start + k - 1;
		} else {
			while (v[i].cls == CLASS_DIGIT && scrub_digit_here(w, i + 1))
				i++;
		}
	}
}
