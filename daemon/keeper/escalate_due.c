/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/escalate_due.h"

#include "daemon/keeper/store_escalation.h"
#include "proto/msg_registry.h"
#include "proto/taxonomy.h"

enum { MINUTE_MS = 60000, PERCENT = 100 };

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t
part(int64_t whole, long long percent)
{
	return (whole * percent + PERCENT / 2) / PERCENT;
}

/* That time of the first day of its work on which it is still to come; what goes out a
 * minute before has at least the time of those who are always there. */
static int64_t
morning(const struct escalate_ask *a)
{
	int64_t day = duty_day(a->now * MINUTE_MS), at = 0, i;

	for (i = 0; i < 400; i++) {
		if (!duty_works(a->hours, a->holidays, day + i))
			continue;
		at = duty_day_ms(day + i) / MINUTE_MS + a->rules->morning / 60;
		if (at > a->now)
			break;
	}
	return later(at, a->now + a->rules->level4 / MINUTE_MS);
}

/* So many minutes of its hours from now. */
static int64_t
after_work(const struct escalate_ask *a, int64_t minutes)
{
	return duty_add(a->hours, a->holidays, a->now * MINUTE_MS, minutes) / MINUTE_MS;
}

/* A part of the way; below the highest level nobody is woken for it. */
static int64_t
on_the_way(const struct escalate_ask *a, int64_t deadline, long long percent)
{
	int64_t at = a->now + part(deadline - a->now, percent), duty;

	if (a->level >= 4)
		return at;
	duty = duty_next(a->hours, a->holidays, at * MINUTE_MS) / MINUTE_MS;
	return duty < deadline ? duty : deadline;
}

int
escalate_due(const struct escalate_ask *a, struct escalate_due *ret)
{
	const struct escalation_rules *r = a->rules;
	int64_t work = r->level3 / MINUTE_MS, rule = INT64_MAX;
	int has_own = a->own > a->now;

	if (!r->on)
		return 0;
	if (a->level >= 4 && duty_is_always(a->hours))
		rule = a->now + r->level4 / MINUTE_MS;
	else if (a->level >= 4)
		rule = morning(a);
	else if (a->level == 3)
		rule = after_work(a, work);
	else if (!has_own)
		return 0;
	/* Who asks may ask for less time, never give more. */
	has_own = has_own && a->own < rule;
	ret->deadline = has_own ? a->own : rule;
	if (!has_own && a->level == 3) {
		ret->second_route = after_work(a, part(work, r->second_route));
		ret->second_contact = after_work(a, part(work, r->second_contact));
	} else {
		ret->second_route = on_the_way(a, ret->deadline, r->second_route);
		ret->second_contact = on_the_way(a, ret->deadline, r->second_contact);
	}
	return 1;
}

static const struct duty_hours always = { 0x7f, 0, 24 * 60, 1 };
/* Who belongs to no CEPTOAR. */
static const struct duty_hours office = { 0x1f, 9 * 60, 17 * 60 + 30, 0 };

const struct duty_hours *
escalate_hours(const struct taxonomy *t, unsigned hours)
{
	if (hours == HOURS_ALWAYS)
		return &always;
	return hours < SLOTS ? taxonomy_hours(t, hours) : &office;
}

unsigned
escalate_hours_of(const struct taxonomy *t, const struct vault_dir_row *row)
{
	const struct rights *r = &row->rights;
	unsigned slot, first = HOURS_OFFICE;
	struct slots places;

	if (row->always || (r->roles & ROLE_CENTRE) != 0)
		return HOURS_ALWAYS;
	rights_places(&r->op, &r->sec, &r->aff, r->roles, &places);
	for (slot = 0; slot < COMMUNITY_FIRST; slot++) {
		if (!slots_has(&places, slot) || taxonomy_slug(t, slot) == NULL)
			continue;
		if (duty_is_always(taxonomy_hours(t, slot)))
			return slot;
		if (first == HOURS_OFFICE)
			first = slot;
	}
	return first;
}
