/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/duty.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

enum {
	DAY_MINUTES = 24 * 60,
	JST_MINUTES = 9 * 60,
	HOLIDAYS_MAX = 1000,
	CLOSURES_MAX = 8,
	FAR_DAYS = 400, /* nobody is off duty for longer */
};

struct holiday {
	int64_t day;
	const char *ja, *en;
};

/* The same days of every year, as 12-29 to 01-03: month * 32 + day. */
struct closure {
	unsigned from, to;
	const char *ja, *en;
};

struct duty_holidays {
	json_t *file; /* names point into it */
	struct holiday *v;
	size_t n;
	struct closure closures[CLOSURES_MAX];
	size_t closure_count;
	int64_t begin, end;
};

/* "09:00" to "24:00" as minutes, or -1. */
static int
read_minutes(const json_t *j)
{
	const char *s = json_string_value(j);
	int m, i;

	if (s == NULL || strlen(s) != 5 || s[2] != ':')
		return -1;
	for (i = 0; i < 5; i++)
		if (i != 2 && (s[i] < '0' || s[i] > '9'))
			return -1;
	m = ((s[0] - '0') * 10 + s[1] - '0') * 60 + (s[3] - '0') * 10 + s[4] - '0';
	return s[3] > '5' || m > DAY_MINUTES ? -1 : m;
}

int
duty_hours_read(const json_t *j, struct duty_hours *ret)
{
	const json_t *days = json_object_get(j, "days"), *d;
	const json_t *holidays = json_object_get(j, "holidays");
	int from = read_minutes(json_object_get(j, "from"));
	int to = read_minutes(json_object_get(j, "to"));
	size_t i;

	if (from < 0 || to <= from || json_array_size(days) == 0 ||
	    (holidays != NULL && !json_is_boolean(holidays)))
		return 0;
	memset(ret, 0, sizeof *ret);
	ret->from = (uint16_t)from;
	ret->to = (uint16_t)to;
	for (i = 0; i < json_array_size(days); i++) {
		d = json_array_get(days, i);
		if (!json_is_integer(d) || json_integer_value(d) < 1 ||
		    json_integer_value(d) > 7)
			return 0;
		ret->days = (uint8_t)(ret->days | 1u << (json_integer_value(d) - 1));
	}
	ret->holidays = holidays != NULL ? json_is_true(holidays) : ret->days == 0x7f;
	return 1;
}

static int
is_leap(int64_t y)
{
	return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

static int64_t
month_days(int64_t year, int64_t month)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && is_leap(year));
}

/* Two digits at s, or -1. */
static int
two(const char *s)
{
	if (s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9')
		return -1;
	return (s[0] - '0') * 10 + s[1] - '0';
}

int
duty_date(const char *text, int64_t *ret_day)
{
	int64_t y, m, d, i, n = 0;

	if (text == NULL || strlen(text) != 10 || text[4] != '-' || text[7] != '-' ||
	    two(text) < 0 || two(text + 2) < 0)
		return ERR_INVALID;
	y = two(text) * 100 + two(text + 2);
	m = two(text + 5);
	d = two(text + 8);
	if (y < 1970 || m < 1 || m > 12 || d < 1 || d > month_days(y, m))
		return ERR_INVALID;
	for (i = 1970; i < y; i++)
		n += 365 + is_leap(i);
	for (i = 1; i < m; i++)
		n += month_days(y, i);
	*ret_day = n + d - 1;
	return 0;
}

int64_t
duty_day(int64_t ms)
{
	int64_t minute = ms / 60000 - (ms % 60000 < 0) + JST_MINUTES;

	return minute / DAY_MINUTES - (minute % DAY_MINUTES < 0);
}

int64_t
duty_day_ms(int64_t day)
{
	return (day * DAY_MINUTES - JST_MINUTES) * 60000;
}

/* Month * 32 + day of a day. */
static unsigned
month_day(int64_t day)
{
	int64_t y = 1970, m = 1;

	while (day >= 365 + is_leap(y))
		day -= 365 + is_leap(y++);
	while (day >= month_days(y, m))
		day -= month_days(y, m++);
	return (unsigned)(m * 32 + day + 1);
}

static int
fail(struct buf *why, const char *what, const char *at)
{
	buf_addf(
	    why, "holidays: %s%s%s", what, at != NULL ? ": " : "", at != NULL ? at : "");
	return ERR_INVALID;
}

static int
read_names(const json_t *j, const char **ja, const char **en)
{
	*ja = json_string_value(json_object_get(j, "ja"));
	*en = json_string_value(json_object_get(j, "en"));
	return *ja != NULL && *en != NULL && **ja != '\0' && **en != '\0';
}

/* In order and within what the list covers, so that a slip of a year is found. */
static int
read_days(struct duty_holidays *h, struct buf *why)
{
	const json_t *list = json_object_get(h->file, "holidays"), *j;
	const char *date;
	struct holiday *v;
	size_t i;

	if (json_array_size(list) == 0 || json_array_size(list) > HOLIDAYS_MAX)
		return fail(why, "expected a list of 1 to 1000", NULL);
	h->v = mem_calloc(json_array_size(list), sizeof *h->v);
	if (h->v == NULL)
		return ERR_NOMEM;
	for (i = 0; i < json_array_size(list); i++) {
		j = json_array_get(list, i);
		date = json_string_value(json_object_get(j, "date"));
		v = &h->v[i];
		if (duty_date(date, &v->day) != 0)
			return fail(why, "a date such as 2026-11-03 is expected", date);
		if (v->day < h->begin || v->day > h->end)
			return fail(why, "not between `from` and `to`", date);
		if (i > 0 && v->day <= v[-1].day)
			return fail(why, "not behind the one before it", date);
		if (!read_names(json_object_get(j, "names"), &v->ja, &v->en))
			return fail(why, "names are missing", date);
		h->n++;
	}
	return 0;
}

/* "12-29" */
static unsigned
read_month_day(const json_t *j)
{
	const char *s = json_string_value(j);
	int m, d;

	if (s == NULL || strlen(s) != 5 || s[2] != '-')
		return 0;
	m = two(s);
	d = two(s + 3);
	return m < 1 || m > 12 || d < 1 || d > month_days(2000, m)
		   ? 0
		   : (unsigned)(m * 32 + d);
}

static int
read_closures(struct duty_holidays *h, struct buf *why)
{
	const json_t *list = json_object_get(h->file, "every_year"), *j;
	struct closure *c;
	size_t i;

	if (json_array_size(list) > CLOSURES_MAX)
		return fail(why, "every_year: at most 8", NULL);
	for (i = 0; i < json_array_size(list); i++) {
		j = json_array_get(list, i);
		c = &h->closures[i];
		c->from = read_month_day(json_object_get(j, "from"));
		c->to = read_month_day(json_object_get(j, "to"));
		if (c->from == 0 || c->to == 0)
			return fail(why, "every_year: from and to such as 12-29", NULL);
		if (!read_names(json_object_get(j, "names"), &c->ja, &c->en))
			return fail(why, "every_year: names are missing", NULL);
		h->closure_count++;
	}
	return 0;
}

int
duty_holidays_new(struct duty_holidays **ret, struct slice text, struct buf *why)
{
	static const struct json_caps caps = {
		.bytes = 1024 * 1024, .depth = 6, .nodes = 20000, .string = 4096
	};
	struct duty_holidays *h = mem_zalloc(sizeof *h);
	struct fault f;
	int r;

	if (h == NULL)
		return ERR_NOMEM;
	r = json_read(text, &caps, &h->file, &f);
	if (r == ERR_INVALID)
		(void)fail(why, problem_title(f.problem), NULL);
	if (r == 0 && (duty_date(json_string_value(json_object_get(h->file, "from")),
			   &h->begin) != 0 ||
			  duty_date(json_string_value(json_object_get(h->file, "to")),
			      &h->end) != 0))
		r = fail(why, "`from` and `to` say what the list covers", NULL);
	if (r == 0)
		r = read_days(h, why);
	if (r == 0)
		r = read_closures(h, why);
	if (r != 0) {
		duty_holidays_free(h);
		return r;
	}
	*ret = h;
	return 0;
}

void
duty_holidays_free(struct duty_holidays *h)
{
	if (h == NULL)
		return;
	json_decref(h->file);
	mem_free(h->v);
	mem_free(h);
}

int64_t
duty_holidays_end(const struct duty_holidays *h)
{
	return h->end;
}

static const char *
name_in(const char *ja, const char *en, const char *lang)
{
	return lang != NULL && strcmp(lang, "en") == 0 ? en : ja;
}

static int
cmp_day(const void *key, const void *at)
{
	int64_t day = *(const int64_t *)key;
	const struct holiday *h = at;

	return day < h->day ? -1 : day > h->day;
}

const char *
duty_holiday(const struct duty_holidays *h, int64_t day, const char *lang)
{
	const struct closure *c;
	const struct holiday *v;
	unsigned md;
	size_t i;

	if (h == NULL || day < 0)
		return NULL;
	v = bsearch(&day, h->v, h->n, sizeof *h->v, cmp_day);
	if (v != NULL)
		return name_in(v->ja, v->en, lang);
	md = month_day(day);
	for (i = 0; i < h->closure_count; i++) {
		c = &h->closures[i];
		if (c->from <= c->to ? md >= c->from && md <= c->to
				     : md >= c->from || md <= c->to)
			return name_in(c->ja, c->en, lang);
	}
	return NULL;
}

int
duty_works(const struct duty_hours *d, const struct duty_holidays *h, int64_t day)
{
	unsigned weekday =
	    (unsigned)(((day + 3) % 7 + 7) % 7); /* 1970-01-01: a Thursday */

	return (d->days >> weekday & 1) != 0 &&
	       (d->holidays || duty_holiday(h, day, NULL) == NULL);
}

int64_t
duty_next(const struct duty_hours *d, const struct duty_holidays *h, int64_t now_ms)
{
	int64_t day = duty_day(now_ms), i, start;

	for (i = 0; i <= FAR_DAYS; i++) {
		start = duty_day_ms(day + i);
		if (!duty_works(d, h, day + i) || now_ms >= start + d->to * 60000LL)
			continue;
		start += d->from * 60000LL;
		return now_ms >= start ? now_ms : start;
	}
	return now_ms; /* a list of holidays without a gap */
}

int
duty_is_on(const struct duty_hours *d, const struct duty_holidays *h, int64_t now_ms)
{
	return duty_next(d, h, now_ms) == now_ms;
}

int
duty_is_always(const struct duty_hours *d)
{
	return (d->days & 0x7f) == 0x7f && d->holidays && d->from == 0 &&
	       d->to >= DAY_MINUTES;
}

int64_t
duty_add(const struct duty_hours *d, const struct duty_holidays *h, int64_t now_ms,
    int64_t minutes)
{
	int64_t at = now_ms, left = minutes * 60000, end, i;

	for (i = 0; i <= FAR_DAYS && left > 0; i++) {
		at = duty_next(d, h, at);
		end = duty_day_ms(duty_day(at)) + d->to * 60000LL;
		if (end - at >= left || end <= at)
			return at + left;
		left -= end - at;
		at = end;
	}
	return at;
}
