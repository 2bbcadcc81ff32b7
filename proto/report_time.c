/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/report_time.h"

#include <stdio.h>
#include <string.h>

#include "proto/fold.h"

enum { DAY_S = 86400, JST_S = 9 * 3600, LATE_MS = 5 * 60 * 1000 };

struct moment {
	int year, month, day;
	int has_time, hour, minute, second;
	int offset_s; /* from UTC */
	int era;      /* what was added to the year: 2018 Reiwa, 1988 Heisei, 0 none */
};
enum { REIWA = 2018, HEISEI = 1988 };

static const char malformed[] =
    "a time as 2026-11-08T05:35:00+09:00, or a date as 2026-11-08 or 令和8年11月8日";

/* Days since 1970-01-01 (Gregorian), and back; March-based years make leap days last. */
static int64_t
days_of(int y, int m, int d)
{
	int64_t era, yoe, doy;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static void
date_of(int64_t days, struct moment *m)
{
	int64_t era, doe, yoe, doy, mp;

	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	doe = days - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	m->day = (int)(doy - (153 * mp + 2) / 5 + 1);
	m->month = (int)(mp < 10 ? mp + 3 : mp - 9);
	m->year = (int)(yoe + era * 400 + (m->month <= 2));
}

static int
month_days(int year, int month)
{
	static const unsigned char n[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };

	if (month == 2 && (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)))
		return 29;
	return n[month - 1];
}

/* Two digits, or more: exactly n. */
static int
take_digits(const char **p, int n, int *ret)
{
	int v = 0, i;

	for (i = 0; i < n; i++) {
		if ((*p)[i] < '0' || (*p)[i] > '9')
			return 0;
		v = v * 10 + (*p)[i] - '0';
	}
	*p += n;
	*ret = v;
	return 1;
}

static int
take(const char **p, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(*p, word, n) != 0)
		return 0;
	*p += n;
	return 1;
}

/* Z or +hh:mm. */
static int
take_offset(const char **p, int *ret)
{
	int sign, h, m;

	if (take(p, "Z") || take(p, "z")) {
		*ret = 0;
		return 1;
	}
	sign = **p == '-' ? -1 : 1;
	if (!take(p, "+") && !take(p, "-"))
		return 0;
	if (!take_digits(p, 2, &h) || !take(p, ":") || !take_digits(p, 2, &m) || h > 23 ||
	    m > 59)
		return 0;
	*ret = sign * (h * 3600 + m * 60);
	return 1;
}

/* RFC 3339; fractions of a second are read and dropped. */
static int
read_rfc3339(const char *p, struct moment *m, const char **ret_detail)
{
	if (!take_digits(&p, 4, &m->year) || !take(&p, "-") ||
	    !take_digits(&p, 2, &m->month) || !take(&p, "-") ||
	    !take_digits(&p, 2, &m->day))
		return 0;
	if (*p == '\0')
		return 1;
	if (!take(&p, "T") && !take(&p, "t"))
		return 0;
	if (!take_digits(&p, 2, &m->hour) || !take(&p, ":") ||
	    !take_digits(&p, 2, &m->minute) || !take(&p, ":") ||
	    !take_digits(&p, 2, &m->second))
		return 0;
	if (*p == '.') {
		p++;
		if (*p < '0' || *p > '9')
			return 0;
		p += strspn(p, "0123456789");
	}
	m->has_time = 1;
	if (*p == '\0')
		*ret_detail = "the offset from UTC is missing, such as +09:00";
	return take_offset(&p, &m->offset_s) && *p == '\0';
}

/* One or two digits, or the word for the first year. */
static int
take_number(const char **p, int *ret)
{
	int v = 0, n = 0;

	while (**p >= '0' && **p <= '9' && n < 4) {
		v = v * 10 + **p - '0';
		(*p)++;
		n++;
	}
	*ret = v;
	return n > 0;
}

static void
take_spaces(const char **p)
{
	while (**p == ' ')
		(*p)++;
}

/* Year with its era; months and days follow after `*ret_dots` or kanji. */
static int
take_year(const char **p, struct moment *m, int *ret_dots)
{
	int base = 0, letter = 0;

	if (take(p, "令和"))
		base = REIWA;
	else if (take(p, "平成"))
		base = HEISEI;
	else if ((letter = take(p, "r")) != 0)
		base = REIWA;
	else if ((letter = take(p, "h")) != 0)
		base = HEISEI;
	take_spaces(p);
	if (base != 0 && take(p, "元"))
		m->year = 1;
	else if (!take_number(p, &m->year) || m->year == 0 || (base != 0 && m->year > 99))
		return 0;
	m->year += base;
	m->era = base;
	*ret_dots = take(p, ".");
	return *ret_dots ? letter : take(p, "年");
}

/* 5時35分, 5時, 午後5時35分20秒, 5:35, 05:35:20; nothing at all is a date. */
static int
take_time_of_day(const char **p, struct moment *m)
{
	int afternoon = take(p, "午後"), half = afternoon || take(p, "午前");

	take_spaces(p);
	if (!take_number(p, &m->hour))
		return !half;
	m->has_time = 1;
	m->offset_s = JST_S;
	if (half && m->hour > 11)
		return 0;
	m->hour += afternoon ? 12 : 0;
	if (take(p, ":")) {
		if (!take_digits(p, 2, &m->minute))
			return 0;
		return !take(p, ":") || take_digits(p, 2, &m->second);
	}
	if (!take(p, "時"))
		return 0;
	take_spaces(p);
	if (take(p, "半")) {
		m->minute = 30;
		return 1;
	}
	if (!take_number(p, &m->minute))
		return 1;
	if (!take(p, "分"))
		return 0;
	take_spaces(p);
	return !take_number(p, &m->second) || take(p, "秒");
}

static int
read_japanese(const char *p, struct moment *m)
{
	int dots;

	if (!take_year(&p, m, &dots))
		return 0;
	take_spaces(&p);
	if (!take_number(&p, &m->month) || !take(&p, dots ? "." : "月"))
		return 0;
	take_spaces(&p);
	if (!take_number(&p, &m->day) || (!dots && !take(&p, "日")))
		return 0;
	if (dots && *p != '\0' && *p != ' ')
		return 0;
	take_spaces(&p);
	return take_time_of_day(&p, m) && *p == '\0';
}

/* Folded to half width and lower case, or ERR_INVALID when that is too long for a date.
 */
static int
fold_into(struct slice in, char *out, size_t room)
{
	struct fold f;
	size_t i, n = 0;
	int r;

	r = fold_text(in, &f);
	if (r != 0)
		return r;
	for (i = 0; i < f.n && n + 4 < room; i++) {
		/* Nothing beyond three bytes belongs into a date. */
		if (f.v[i].c >= 0x10000)
			break;
		if (f.v[i].c < 0x80) {
			out[n++] = (char)f.v[i].c;
		} else if (f.v[i].c < 0x800) {
			out[n++] = (char)(0xC0 | f.v[i].c >> 6);
			out[n++] = (char)(0x80 | (f.v[i].c & 63));
		} else {
			out[n++] = (char)(0xE0 | f.v[i].c >> 12);
			out[n++] = (char)(0x80 | (f.v[i].c >> 6 & 63));
			out[n++] = (char)(0x80 | (f.v[i].c & 63));
		}
	}
	r = i < f.n ? ERR_INVALID : 0;
	out[n] = '\0';
	fold_done(&f);
	return r;
}

static const char *
out_of_range(const struct moment *m)
{
	if (m->month < 1 || m->month > 12 || m->day < 1 ||
	    m->day > month_days(m->year, m->month))
		return "there is no such day";
	/* Reiwa began on 1 May 2019, and Heisei ended the day before. */
	if (m->era != 0 && (m->era == REIWA) != (days_of(m->year, m->month, m->day) >=
						    days_of(2019, 5, 1)))
		return "there is no such day in that era";
	if (m->hour > 23)
		return "hours go from 00 to 23";
	if (m->minute > 59)
		return "minutes go from 00 to 59";
	if (m->second > 59)
		return "seconds go from 00 to 59";
	return NULL;
}

int
report_time(
    struct slice in, int64_t now_ms, char ret[REPORT_TIME_LEN], const char **ret_detail)
{
	char text[96];
	struct moment m = { .offset_s = JST_S };
	int64_t s;
	int r;

	*ret_detail = malformed;
	if (in.n == 0 || in.n >= sizeof text || memchr(in.p, '\0', in.n) != NULL)
		return ERR_INVALID;
	memcpy(text, in.p, in.n);
	text[in.n] = '\0';
	if (!read_rfc3339(text, &m, ret_detail)) {
		if (*ret_detail != malformed)
			return ERR_INVALID;
		memset(&m, 0, sizeof m);
		m.offset_s = JST_S;
		r = fold_into(in, text, sizeof text);
		if (r != 0)
			return r;
		if (!read_japanese(text, &m))
			return ERR_INVALID;
	}
	*ret_detail = out_of_range(&m);
	if (*ret_detail != NULL)
		return ERR_INVALID;
	s = days_of(m.year, m.month, m.day) * DAY_S + m.hour * 3600 + m.minute * 60 +
	    m.second - m.offset_s;
	*ret_detail = "before the year 2000";
	if (s < days_of(2000, 1, 1) * DAY_S - JST_S)
		return ERR_INVALID;
	*ret_detail = "in the future";
	if (m.year > 9998 ||
	    (now_ms < INT64_MAX - LATE_MS && s * 1000 > now_ms + LATE_MS))
		return ERR_INVALID;
	if (m.has_time)
		report_time_write(s * 1000, ret);
	else
		(void)snprintf(ret, REPORT_TIME_LEN, "%04d-%02d-%02d", m.year % 10000,
		    m.month % 100, m.day % 100);
	return 0;
}

void
report_time_write(int64_t ms, char ret[REPORT_TIME_LEN])
{
	int64_t s = ms / 1000 - (ms % 1000 < 0) + JST_S,
		days = s / DAY_S - (s % DAY_S < 0);
	int of_day = (int)(s - days * DAY_S);
	struct moment m;

	date_of(days, &m);
	(void)snprintf(ret, REPORT_TIME_LEN, "%04u-%02u-%02uT%02u:%02u:%02u+09:00",
	    (unsigned)m.year % 10000, (unsigned)m.month % 100, (unsigned)m.day % 100,
	    (unsigned)(of_day / 3600) % 100, (unsigned)(of_day / 60 % 60),
	    (unsigned)(of_day % 60));
}

static int
number_at(const char *s, int n)
{
	int v = 0;

	while (n-- > 0)
		v = v * 10 + (*s++ - '0');
	return v;
}

int64_t
report_time_end(const char *s)
{
	int64_t day = days_of(number_at(s, 4), number_at(s + 5, 2), number_at(s + 8, 2));

	if (strlen(s) < REPORT_TIME_LEN - 1)
		return ((day + 1) * DAY_S - JST_S) * 1000;
	return (day * DAY_S - JST_S + number_at(s + 11, 2) * 3600 +
		   number_at(s + 14, 2) * 60 + number_at(s + 17, 2)) *
	       1000;
}
