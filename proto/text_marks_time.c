/* SPDX-License-Identifier: Apache-2.0 */
/* Dates and times of day, as people write them in Japanese and English. */
#include "proto/text_marks_find.h"

/* At most `most` digits at i: their count, and the number; 0 when more stand there. */
static size_t
number(const struct mark_text *t, size_t i, size_t most, unsigned *ret)
{
	unsigned v = 0;
	size_t n;

	for (n = 0; mark_digit(t, i + n); n++) {
		if (n == most)
			return 0;
		v = v * 10 + (mark_at(t, i + n) - '0');
	}
	*ret = v;
	return n;
}

static int
within(unsigned v, unsigned low, unsigned high)
{
	return v >= low && v <= high;
}

/* "(日)", "日曜日", "(sun)" behind a date. */
static size_t
weekday(const struct mark_text *t, size_t i)
{
	static const char32_t days[] = U"月火水木金土日";
	size_t k, open = mark_at(t, i) == '(' ? 1 : 0, n;

	for (k = 0; days[k] != 0; k++)
		if (mark_at(t, i + open) == days[k])
			break;
	if (days[k] == 0)
		return 0;
	n = open + 1;
	if (mark_at(t, i + n) == U'曜')
		n += mark_at(t, i + n + 1) == U'日' ? 2 : 1;
	else if (!open)
		return 0;
	if (open && mark_at(t, i + n) != ')')
		return 0;
	return n + open;
}

/* 11月8日, 11月, 8日, and 年 before them; durations (3日間, 2年間, 1か月) are no dates.
 */
static size_t
japanese_date(const struct mark_text *t, size_t i)
{
	static const struct {
		char32_t sign;
		size_t digits;
		unsigned low, high;
	} parts[] = { { U'年', 4, 1, 2199 }, { U'月', 2, 1, 12 }, { U'日', 2, 1, 31 } };
	size_t at = i, n, k;
	unsigned v;

	for (k = 0; k < 3; k++) {
		n = number(t, at, parts[k].digits, &v);
		if (n == 0 || !within(v, parts[k].low, parts[k].high) ||
		    mark_at(t, at + n) != parts[k].sign ||
		    mark_at(t, at + n + 1) == U'間' || mark_at(t, at + n + 1) == U'以')
			continue;
		if (k == 0 && n < 2)
			continue; /* "3年" is how long something took */
		at += n + 1;
	}
	return at > i ? at - i + weekday(t, at) : 0;
}

/* 令和8年11月8日, 令和元年, R8.11.8 */
static size_t
era_date(const struct mark_text *t, size_t i)
{
	static const char32_t *const eras[] = { U"令和", U"平成", U"昭和", NULL };
	size_t n = mark_any(t, i, eras), d;
	unsigned v;
	int k;

	if (n > 0) {
		d = mark_at(t, i + n) == U'元' ? 1 : number(t, i + n, 2, &v);
		if (d == 0 || mark_at(t, i + n + d) != U'年')
			return 0;
		n += d + 1;
		return n + japanese_date(t, i + n);
	}
	if ((mark_at(t, i) != 'r' && mark_at(t, i) != 'h') ||
	    (i > 0 && (mark_letter(t, i - 1) || mark_digit(t, i - 1))))
		return 0;
	for (n = 1, k = 0; k < 3; k++) {
		d = number(t, i + n, 2, &v);
		if (d == 0 || v == 0 || v > (k == 0 ? 64u : k == 1 ? 12u : 31u))
			return 0;
		n += d;
		if (k < 2 && mark_at(t, i + n) != '.' && mark_at(t, i + n) != '/' &&
		    mark_at(t, i + n) != '-')
			return 0;
		n += k < 2;
	}
	return n;
}

static int
joins(uint32_t c)
{
	return c == '-' || c == '/' || c == '.';
}

/* 2026-11-08, 2026/11/8, 20261108, 11/8 */
static size_t
numeric_date(const struct mark_text *t, size_t i)
{
	unsigned a, b, c;
	size_t n, m, k;
	uint32_t sign;

	n = number(t, i, 8, &a);
	if (n == 8)
		return within(a / 10000, 1990, 2099) && within(a / 100 % 100, 1, 12) &&
			       within(a % 100, 1, 31)
			   ? 8
			   : 0;
	sign = mark_at(t, i + n);
	if (n == 0 || n > 4 || !joins(sign))
		return 0;
	m = number(t, i + n + 1, 2, &b);
	if (m == 0)
		return 0;
	k = mark_at(t, i + n + 1 + m) == sign ? number(t, i + n + m + 2, 2, &c) : 0;
	if (n == 4 && k > 0 && within(a, 1900, 2199) && within(b, 1, 12) &&
	    within(c, 1, 31)) {
		n += m + k + 2;
		return n + weekday(t, i + n);
	}
	n += m + 1;
	if (sign != '/' || k > 0 || !within(a, 1, 12) || !within(b, 1, 31) ||
	    joins(mark_at(t, i + n)) || mark_letter(t, i + n))
		return 0;
	return n + weekday(t, i + n);
}

/* "a.m.", "pm" */
static size_t
half_day(const struct mark_text *t, size_t i)
{
	size_t n = mark_at(t, i) == ' ' ? 1 : 0;

	if (mark_at(t, i + n) != 'a' && mark_at(t, i + n) != 'p')
		return 0;
	if (mark_at(t, i + n + 1) == 'm' && !mark_letter(t, i + n + 2))
		return n + 2;
	if (mark_word(t, i + n + 1, U".m.") > 0)
		return n + 4;
	return mark_word(t, i + n + 1, U".m") > 0 && !mark_letter(t, i + n + 3) ? n + 3
										: 0;
}

/* 14:30, 14:30:05, 9時30分, 9時半, 9 a.m. */
static size_t
time_of_day(const struct mark_text *t, size_t i)
{
	size_t n, m;
	unsigned h, v;

	n = number(t, i, 2, &h);
	if (n == 0 || h > 29)
		return 0;
	if (mark_at(t, i + n) == ':') {
		m = number(t, i + n + 1, 2, &v);
		if (m != 2 || v > 59)
			return 0;
		n += 3;
		if (mark_at(t, i + n) == ':' && number(t, i + n + 1, 2, &v) == 2)
			n += 3;
		if (mark_at(t, i + n) == ':' || mark_digit(t, i + n))
			return 0; /* an address or a hash */
		return n + half_day(t, i + n);
	}
	if (mark_at(t, i + n) != U'時')
		return half_day(t, i + n) > 0 ? n + half_day(t, i + n) : 0;
	if (mark_at(t, i + n + 1) == U'間')
		return 0;
	n++;
	if (mark_at(t, i + n) == U'半')
		return n + 1;
	m = number(t, i + n, 2, &v);
	return m > 0 && mark_at(t, i + n + m) == U'分' ? n + m + 1 : n;
}

static size_t
ordinal(const struct mark_text *t, size_t i)
{
	static const char32_t *const ends[] = { U"st", U"nd", U"rd", U"th", NULL };

	return mark_any(t, i, ends);
}

static size_t
month_name(const struct mark_text *t, size_t i)
{
	static const char32_t *const names[] = { U"january", U"february", U"march",
		U"april", U"may", U"june", U"july", U"august", U"september", U"october",
		U"november", U"december", U"jan", U"feb", U"mar", U"apr", U"jun", U"jul",
		U"aug", U"sept", U"sep", U"oct", U"nov", U"dec", NULL };
	size_t n = mark_any(t, i, names);

	if (n == 0 || (i > 0 && mark_letter(t, i - 1)) || mark_letter(t, i + n))
		return 0;
	return n + (mark_at(t, i + n) == '.' ? 1 : 0);
}

static size_t
blank(const struct mark_text *t, size_t i)
{
	size_t n = mark_at(t, i) == ',' ? 1 : 0;

	return mark_at(t, i + n) == ' ' ? n + 1 : 0;
}

/* " 2026", ", 2026" */
static size_t
year_behind(const struct mark_text *t, size_t i)
{
	size_t gap = blank(t, i), n;
	unsigned v;

	n = gap > 0 ? number(t, i + gap, 4, &v) : 0;
	return n == 4 && within(v, 1900, 2199) ? gap + n : 0;
}

/* November 8, 2026; Nov 8th; 8 November; November 2026 */
static size_t
english_date(const struct mark_text *t, size_t i)
{
	size_t n, d, m;
	unsigned v;

	n = month_name(t, i);
	if (n > 0) {
		m = mark_at(t, i + n) == ' ' ? 1 : 0;
		d = m > 0 ? number(t, i + n + m, 2, &v) : 0;
		if (d > 0 && within(v, 1, 31)) {
			n += m + d;
			n += ordinal(t, i + n);
			return n + year_behind(t, i + n);
		}
		d = year_behind(t, i + n);
		return d > 0 ? n + d : 0;
	}
	d = number(t, i, 2, &v);
	if (d == 0 || !within(v, 1, 31))
		return 0;
	d += ordinal(t, i + d);
	if (mark_word(t, i + d, U" of ") > 0)
		d += 3;
	m = mark_at(t, i + d) == ' ' ? month_name(t, i + d + 1) : 0;
	if (m == 0)
		return 0;
	d += 1 + m;
	return d + year_behind(t, i + d);
}

/* Words that say when. */
static size_t
time_word(const struct mark_text *t, size_t i)
{
	static const char32_t *const ja[] = { U"午前", U"午後", U"未明", U"早朝",
		U"明け方", U"今朝", U"正午", U"夕方", U"深夜", U"真夜中", U"昨夜",
		U"昨晩", U"一昨日", U"昨日", U"本日", U"今日", U"先週", U"先月", U"昨年",
		U"年末年始", NULL };
	static const char32_t *const en[] = { U"monday", U"tuesday", U"wednesday",
		U"thursday", U"friday", U"saturday", U"sunday", U"yesterday", U"today",
		U"this morning", U"last night", U"last week", U"last month", U"midnight",
		NULL };
	size_t n = mark_any(t, i, ja);

	if (n > 0)
		return n;
	if (mark_at(t, i) != '(' && mark_at(t, i + 1) == U'曜')
		return weekday(t, i);
	n = mark_any(t, i, en);
	return n > 0 && (i == 0 || !mark_letter(t, i - 1)) && !mark_letter(t, i + n) ? n
										     : 0;
}

size_t
mark_time(const struct mark_text *t, size_t i)
{
	uint32_t c = mark_at(t, i), before = i > 0 ? mark_at(t, i - 1) : 0;
	size_t n;

	if (!mark_digit(t, i)) {
		n = c >= 0x80 || mark_letter(t, i) ? era_date(t, i) : 0;
		if (n == 0 && mark_letter(t, i))
			n = english_date(t, i);
		return n > 0 ? n : time_word(t, i);
	}
	/* In the middle of a longer number, an address, a version or a path. */
	if ((before >= '0' && before <= '9') || joins(before) || before == ':' ||
	    before == '+' || before == '_' ||
	    (i > 0 && mark_letter(t, i - 1) && before != 't'))
		return 0;
	n = japanese_date(t, i);
	if (n == 0)
		n = time_of_day(t, i);
	if (n == 0)
		n = english_date(t, i);
	return n > 0 ? n : numeric_date(t, i);
}
