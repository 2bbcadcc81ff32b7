/* SPDX-License-Identifier: Apache-2.0 */
/* Signs in disguise: against harvesters of addresses, against a click, or by an encoder.
 */
#include "proto/scrub_disguise.h"

enum { ENTITY_MAX = 10, LABEL_MAX = 63 };

static size_t
word_at(const struct fold *f, size_t i, const char32_t *w)
{
	size_t k;

	for (k = 0; w[k] != 0; k++)
		if (i + k >= f->n || f->v[i + k].c != w[k])
			return 0;
	return k;
}

static uint32_t
closing(uint32_t c)
{
	switch (c) {
	case '[':
		return ']';
	case '(':
		return ')';
	case '{':
		return '}';
	case '<':
		return '>';
	case '"':
	case '\'':
		return c;
	case U'【':
	case U'〔':
	case U'〈':
	case U'《':
		return c + 1;
	default:
		return 0;
	}
}

/* The longest word for a sign at i. */
static size_t
spoken_at(const struct fold *f, size_t i, uint32_t *ret_c)
{
	static const struct {
		const char32_t *text;
		uint32_t sign;
	} words[] = { { U".", '.' }, { U"dot", '.' }, { U"ドット", '.' },
		{ U"どっと", '.' }, { U"@", '@' }, { U"at", '@' }, { U"atmark", '@' },
		{ U"a", '@' }, { U"アット", '@' }, { U"アットマーク", '@' },
		{ U"あっと", '@' }, { U"あっとまーく", '@' }, { U":", ':' } };
	size_t k, n, best = 0;

	for (k = 0; k < sizeof words / sizeof words[0]; k++) {
		n = word_at(f, i, words[k].text);
		if (n > best) {
			best = n;
			*ret_c = words[k].sign;
		}
	}
	return best;
}

static int
is_label(uint32_t c)
{
	return scrub_is_ascii_alnum(c) || c == '-' || c == '.';
}

/* "[.]", "( at )", "<アット>". */
static size_t
bracketed(const struct fold *f, size_t i, uint32_t *ret_c)
{
	uint32_t close = closing(f->v[i].c);
	size_t at = i + 1, n;

	if (close == 0 || (close == f->v[i].c && (i == 0 || !is_label(f->v[i - 1].c))))
		return 0;
	if (at < f->n && f->v[at].c == ' ')
		at++;
	n = spoken_at(f, at, ret_c);
	/* "5 (a)" counts, "x(a)y" does not. */
	if (n == 0 || (n == 1 && f->v[at].c == 'a' &&
			  (i == 0 || f->v[i - 1].c == ' ' || close == '>')))
		return 0;
	at += n;
	if (at < f->n && f->v[at].c == ' ')
		at++;
	return at < f->n && f->v[at].c == close ? at + 1 - i : 0;
}

/* " at ", when the name of a host with " dot " in it follows. */
static size_t
plain_at(const struct fold *f, size_t i)
{
	size_t k = i + 4, from = k;

	if (word_at(f, i, U" -at- ") > 0)
		return 5;
	if (word_at(f, i, U" atmark ") > 0 || word_at(f, i, U" at-mark ") > 0)
		return f->v[i + 3].c == '-' ? 8 : 7;
	if (word_at(f, i, U" at ") == 0)
		return 0;
	while (k < f->n && k < from + LABEL_MAX && is_label(f->v[k].c))
		k++;
	return k > from && word_at(f, k, U" dot ") > 0 ? 3 : 0;
}

/* "_at_", "#at#", " *dot* ": between two signs of one kind; entries eaten. */
static size_t
flanked(const struct fold *f, size_t i, const char32_t *word)
{
	size_t k = i, n;

	if (k < f->n && f->v[k].c == ' ')
		k++;
	if (k + 2 >= f->n || !scrub_is_in(U"_#*|%^~+=!$:/", f->v[k].c))
		return 0;
	n = word_at(f, k + 1, word);
	if (n == 0 || k + 1 + n >= f->n || f->v[k + 1 + n].c != f->v[k].c)
		return 0;
	return k + n + 2 - i;
}

/* The same for the sign of an address: a dot, in whatever way, must follow. */
static size_t
flanked_at(const struct fold *f, size_t i)
{
	size_t n = flanked(f, i, U"at"), k = i + n, from, dots = 0;

	if (n == 0)
		return 0;
	if (k < f->n && f->v[k].c == ' ')
		k++;
	/* Words joined by lines are the names of files and functions. */
	for (from = k; k < f->n && k < from + LABEL_MAX && is_label(f->v[k].c); k++)
		dots += f->v[k].c == '.' && f->v[i].c != '_';
	return k > from && (dots > 0 || flanked(f, k, U"dot") > 0) ? n : 0;
}

/* " dot ", behind the sign of an address and labels. */
static size_t
plain_dot(const struct fold *f, size_t i, const struct scrub_view *w)
{
	size_t k = w->n, n = word_at(f, i, U" dot ") > 0 ? 4 : flanked(f, i, U"dot");

	if (n == 0)
		return 0;
	while (k > 0 && w->n - k < 4 * LABEL_MAX && is_label(w->v[k - 1].c))
		k--;
	return k > 0 && k < w->n && w->v[k - 1].c == '@' ? n : 0;
}

/* "info★host.example": a sign that nobody has in an address, between labels, before what
 * looks like the name of a host. */
static size_t
star_at(const struct fold *f, size_t i)
{
	size_t k = i + 1, dots = 0;

	if (!scrub_is_in(U"★☆●○◎■□◆◇※＃♯", f->v[i].c) || i == 0 ||
	    !is_label(f->v[i - 1].c))
		return 0;
	for (; k < f->n && k < i + 4 * LABEL_MAX && is_label(f->v[k].c); k++)
		dots += f->v[k].c == '.' && k > i + 1;
	return dots > 0 ? 1 : 0;
}

static int
hex_value(uint32_t c)
{
	if (c >= '0' && c <= '9')
		return (int)(c - '0');
	return c >= 'a' && c <= 'f' ? (int)(c - 'a') + 10 : -1;
}

/* "&#64;", "&#x40;", "&commat;". */
static size_t
entity_at(const struct fold *f, size_t i, uint32_t *ret_c)
{
	static const struct {
		const char32_t *text;
		uint32_t sign;
	} names[] = { { U"commat;", '@' }, { U"period;", '.' }, { U"colon;", ':' },
		{ U"lowbar;", '_' }, { U"hyphen;", '-' }, { U"dash;", '-' },
		{ U"amp;", '&' }, { U"lt;", '<' }, { U"gt;", '>' }, { U"quot;", '"' },
		{ U"nbsp;", ' ' } };
	uint32_t x = 0, base = 10;
	size_t k, n;
	int d;

	for (k = 0; k < sizeof names / sizeof names[0]; k++) {
		n = word_at(f, i + 1, names[k].text);
		if (n > 0) {
			*ret_c = names[k].sign;
			return n + 1;
		}
	}
	k = i + 1;
	if (k >= f->n || f->v[k].c != '#')
		return 0;
	k++;
	if (k < f->n && f->v[k].c == 'x') {
		base = 16;
		k++;
	}
	for (n = k; k < f->n && k < n + ENTITY_MAX; k++) {
		d = hex_value(f->v[k].c);
		if (d < 0 || (uint32_t)d >= base || x > 0x10FFFF)
			break;
		x = x * base + (uint32_t)d;
	}
	if (k == n || k >= f->n || f->v[k].c != ';' || x < ' ' || x > 0x10FFFF)
		return 0;
	*ret_c = x >= 'A' && x <= 'Z' ? x + 32 : x;
	return k + 1 - i;
}

static int
percent_byte(const struct fold *f, size_t i)
{
	int a, b;

	if (i + 2 >= f->n || f->v[i].c != '%')
		return -1;
	a = hex_value(f->v[i + 1].c);
	b = hex_value(f->v[i + 2].c);
	return a < 0 || b < 0 ? -1 : a * 16 + b;
}

/* "%40" and the bytes of letters beyond ASCII; what else is encoded stays so. */
static size_t
percent_at(const struct fold *f, size_t i, uint32_t *ret_c)
{
	int b = percent_byte(f, i), more, next;
	uint32_t x;
	size_t k;

	if (b == '@' || b == '.') {
		*ret_c = (uint32_t)b;
		return 3;
	}
	if (b < 0xC2 || b > 0xF4)
		return 0;
	more = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
	x = (uint32_t)b & (0x3Fu >> more);
	for (k = i + 3; more > 0; more--, k += 3) {
		next = percent_byte(f, k);
		if (next < 0x80 || next > 0xBF)
			return 0;
		x = x << 6 | ((uint32_t)next & 0x3F);
	}
	*ret_c = x;
	return x > 0x10FFFF ? 0 : k - i;
}

static void
take_flanked(const struct fold *f, size_t i, const struct scrub_view *w,
    struct scrub_disguise *ret)
{
	if (i + 2 >= f->n || !scrub_is_in(U"toad", f->v[i + 2].c))
		return;
	ret->c = '@';
	ret->n = f->v[i].c == ' ' ? plain_at(f, i) : 0;
	if (ret->n == 0)
		ret->n = flanked_at(f, i);
	if (ret->n == 0) {
		ret->c = '.';
		ret->n = plain_dot(f, i, w);
	}
}

int
scrub_disguise_at(const struct fold *f, size_t i, const struct scrub_view *w,
    struct scrub_disguise *ret)
{
	ret->c = 0;
	ret->n = 0;
	ret->joins = 1;
	switch (f->v[i].c) {
	case ' ':
	case '_':
	case '#':
	case '*':
	case '|':
	case '^':
	case '~':
	case '+':
	case '=':
	case '!':
	case '$':
	case '/':
		take_flanked(f, i, w, ret);
		break;
	case '&':
		ret->n = entity_at(f, i, &ret->c);
		ret->joins = 0;
		break;
	case '%':
		ret->n = percent_at(f, i, &ret->c);
		ret->joins = ret->n == 0;
		if (ret->n == 0)
			take_flanked(f, i, w, ret);
		break;
	case U'ア':
	case U'あ':
	case U'ド':
	case U'ど':
		ret->n = spoken_at(f, i, &ret->c);
		break;
	default:
		ret->n = bracketed(f, i, &ret->c);
		if (ret->n == 0) {
			ret->c = '@';
			ret->n = star_at(f, i);
		}
		break;
	}
	return ret->n > 0;
}
