/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/text.h"

#include <string.h>
#include <utf8proc.h>

enum { MARKS_MAX = 8 };

/* Scripts whose letters are mistaken for each other.  Japanese mixes its own with Latin
 * as a matter of course, so those count as none. */
enum {
	SCRIPT_OTHER = 0,
	SCRIPT_LATIN = 1,
	SCRIPT_GREEK = 2,
	SCRIPT_CYRILLIC = 4,
	SCRIPT_ARMENIAN = 8,
	SCRIPT_CHEROKEE = 16
};

struct check {
	enum text_shape shape;
	struct text_facts facts;
	unsigned marks;	  /* on the base before */
	unsigned scripts; /* of the word so far */
	int can_vary;	  /* the one before may take a variation selector */
};

static const char *const details[TEXT_FLAWS] = {
	[TEXT_FINE] = "",
	[TEXT_NOT_UTF8] = "not valid UTF-8",
	[TEXT_CONTROL] = "control characters are not allowed",
	[TEXT_BREAK] = "one line is expected",
	[TEXT_DIRECTION] = "bidirectional controls are not allowed",
	[TEXT_INVISIBLE] = "invisible characters are not allowed",
	[TEXT_UNASSIGNED] = "private and unassigned characters are not allowed",
	[TEXT_PILE] = "at most 8 combining marks may stand on one character",
};

static int
is_bidi(utf8proc_int32_t c)
{
	return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
	       c == 0x200E || c == 0x200F || c == 0x061C;
}

/* Invisible, though not of category Cf. */
static int
is_filler(utf8proc_int32_t c)
{
	return c == 0x034F || c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0 ||
	       c == 0x17B4 || c == 0x17B5 || (c >= 0x180B && c <= 0x180F) ||
	       (c >= 0xE0000 && c <= 0xE00FF) || (c >= 0xE01F0 && c <= 0xE0FFF);
}

/* They choose a glyph (kanji of names, emoji); one on a base, or text could hide in them.
 */
static int
is_variation(utf8proc_int32_t c)
{
	return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
}

static unsigned
script_of(utf8proc_int32_t c)
{
	if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7) ||
	    (c >= 0x1E00 && c <= 0x1EFF) || (c >= 0xFF21 && c <= 0xFF3A) ||
	    (c >= 0xFF41 && c <= 0xFF5A))
		return SCRIPT_LATIN;
	if ((c >= 0x370 && c <= 0x3FF) || (c >= 0x1F00 && c <= 0x1FFF))
		return SCRIPT_GREEK;
	if ((c >= 0x400 && c <= 0x52F) || (c >= 0x1C80 && c <= 0x1C8F) ||
	    (c >= 0x2DE0 && c <= 0x2DFF) || (c >= 0xA640 && c <= 0xA69F))
		return SCRIPT_CYRILLIC;
	if (c >= 0x531 && c <= 0x58F)
		return SCRIPT_ARMENIAN;
	if ((c >= 0x13A0 && c <= 0x13FF) || (c >= 0xAB70 && c <= 0xABBF))
		return SCRIPT_CHEROKEE;
	return SCRIPT_OTHER;
}

int
text_is_lookalike(uint32_t c)
{
	return c >= 0x80 && c < 0xFF00 && script_of((utf8proc_int32_t)c) != SCRIPT_OTHER;
}

static void
end_word(struct check *k)
{
	if ((k->scripts & (k->scripts - 1)) != 0)
		k->facts.mixed_script = 1;
	k->scripts = 0;
}

static enum text_flaw
add_control(struct check *k, utf8proc_int32_t c)
{
	k->can_vary = 0;
	k->marks = 0;
	end_word(k);
	if (c != '\n' && c != '\t' && c != '\r')
		return TEXT_CONTROL;
	return k->shape == TEXT_LINE ? TEXT_BREAK : TEXT_FINE;
}

static enum text_flaw
add_mark(struct check *k)
{
	k->can_vary = 0;
	return ++k->marks > MARKS_MAX ? TEXT_PILE : TEXT_FINE;
}

static enum text_flaw
add_visible(struct check *k, utf8proc_int32_t c, int is_letter)
{
	k->marks = 0;
	k->can_vary = 1;
	if (c != 0x2800) /* the empty Braille cell */
		k->facts.blank = 0;
	if (is_letter)
		k->scripts |= script_of(c);
	else
		end_word(k);
	return TEXT_FINE;
}

static enum text_flaw
add_other(struct check *k, utf8proc_int32_t c)
{
	if (is_bidi(c))
		return TEXT_DIRECTION;
	if (is_filler(c))
		return TEXT_INVISIBLE;
	if (is_variation(c)) {
		if (!k->can_vary)
			return TEXT_INVISIBLE;
		k->can_vary = 0;
		return TEXT_FINE;
	}
	switch ((int)utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_CC:
		return add_control(k, c);
	case UTF8PROC_CATEGORY_CF:
		return TEXT_INVISIBLE;
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_CO:
	case UTF8PROC_CATEGORY_CS:
		return TEXT_UNASSIGNED;
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME:
		return add_mark(k);
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		if (k->shape == TEXT_LINE)
			return TEXT_BREAK;
		/* fall through */
	case UTF8PROC_CATEGORY_ZS:
		k->marks = 0;
		k->can_vary = 0;
		end_word(k);
		return TEXT_FINE;
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
		return add_visible(k, c, 1);
	default:
		return add_visible(k, c, 0);
	}
}

/* ASCII, kanji and kana need no table. */
static enum text_flaw
add_point(struct check *k, utf8proc_int32_t c)
{
	if (c < 0x20 || c == 0x7F)
		return add_control(k, c);
	if (c == ' ') {
		k->marks = 0;
		k->can_vary = 0;
		end_word(k);
		return TEXT_FINE;
	}
	if (c < 0x7F)
		return add_visible(k, c, (c | 32) >= 'a' && (c | 32) <= 'z');
	if ((c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3041 && c <= 0x3096) ||
	    (c >= 0x30A1 && c <= 0x30FC) || (c >= 0x3001 && c <= 0x3002))
		return add_visible(k, c, 0);
	return add_other(k, c);
}

enum text_flaw
text_check(struct slice utf8, enum text_shape shape, struct text_facts *ret)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)utf8.p;
	struct check k = { .shape = shape, .facts.blank = 1 };
	utf8proc_int32_t c;
	utf8proc_ssize_t n;
	enum text_flaw flaw;
	size_t at;

	for (at = 0; at < utf8.n; at += (size_t)n) {
		n = 1;
		c = p[at];
		if (c >= 0x80)
			n = utf8proc_iterate(p + at, (utf8proc_ssize_t)(utf8.n - at), &c);
		if (n <= 0)
			return TEXT_NOT_UTF8;
		flaw = add_point(&k, c);
		if (flaw != TEXT_FINE)
			return flaw;
		if (c == '\r') {
			if (at + 1 == utf8.n || p[at + 1] != '\n')
				return TEXT_CONTROL;
			k.facts.has_cr = 1;
		}
		k.facts.points++;
	}
	end_word(&k);
	*ret = k.facts;
	return TEXT_FINE;
}

const char *
text_flaw_detail(enum text_flaw flaw)
{
	return (unsigned)flaw < TEXT_FLAWS ? details[flaw] : "";
}

void
text_add_lf(struct buf *out, struct slice utf8)
{
	const char *cr;

	while (utf8.n > 0 && (cr = memchr(utf8.p, '\r', utf8.n)) != NULL) {
		buf_add(out, utf8.p, (size_t)(cr - utf8.p));
		utf8.n -= (size_t)(cr - utf8.p) + 1;
		utf8.p = cr + 1;
	}
	buf_add(out, utf8.p, utf8.n);
}
