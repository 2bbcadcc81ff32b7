/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/taxonomy.h"

#include <string.h>

#include "lib/mem.h"
#include "proto/taxonomy_parts.h"

enum { MINUTE_MS = 60000 };

static const char *
name_in(const struct names *n, const char *lang)
{
	return lang != NULL && strcmp(lang, "en") == 0 ? n->en : n->ja;
}

static const struct desk *
desk_of(const struct taxonomy *t, unsigned slot)
{
	if (slot == SLOT_NONE)
		return &t->centre;
	return slot < SLOTS && t->desks[slot].slug != NULL ? &t->desks[slot] : NULL;
}

unsigned
taxonomy_slot(const struct taxonomy *t, struct slice slug)
{
	unsigned i;

	for (i = 0; i < SLOTS; i++)
		if (t->desks[i].slug != NULL && slice_eq(slug, t->desks[i].slug))
			return i;
	return SLOT_NONE;
}

const char *
taxonomy_slug(const struct taxonomy *t, unsigned slot)
{
	return slot < SLOTS ? t->desks[slot].slug : NULL;
}

const char *
taxonomy_ceptoar_name(const struct taxonomy *t, unsigned slot, const char *lang)
{
	const struct desk *d = desk_of(t, slot);

	return d != NULL ? name_in(&d->names, lang) : NULL;
}

const char *
taxonomy_desk_name(const struct taxonomy *t, unsigned slot, const char *lang)
{
	const struct desk *d = desk_of(t, slot);

	return d != NULL ? name_in(&d->secretariat, lang) : NULL;
}

unsigned
taxonomy_community(const struct taxonomy *t, struct slice slug)
{
	unsigned i;

	for (i = COMMUNITY_FIRST; i < SLOTS; i++)
		if (t->communities[i].slug != NULL &&
		    slice_eq(slug, t->communities[i].slug))
			return i;
	return SLOT_NONE;
}

const char *
taxonomy_community_slug(const struct taxonomy *t, unsigned slot)
{
	return slot < SLOTS ? t->communities[slot].slug : NULL;
}

unsigned
taxonomy_sector_of_slot(const struct taxonomy *t, unsigned slot)
{
	return slot < SLOTS && t->desks[slot].slug != NULL ? t->desks[slot].sector : NONE;
}

unsigned
taxonomy_sector(const struct taxonomy *t, struct slice slug)
{
	unsigned i;

	for (i = 0; i < SECTORS; i++)
		if (t->sectors[i].slug != NULL && slice_eq(slug, t->sectors[i].slug))
			return i;
	return NONE;
}

const char *
taxonomy_sector_slug(const struct taxonomy *t, unsigned sector)
{
	return sector < SECTORS ? t->sectors[sector].slug : NULL;
}

const char *
taxonomy_sector_name(const struct taxonomy *t, unsigned sector, const char *lang)
{
	if (sector >= SECTORS || t->sectors[sector].slug == NULL)
		return NULL;
	return name_in(&t->sectors[sector].names, lang);
}

unsigned
taxonomy_sector_group(const struct taxonomy *t, unsigned sector)
{
	return sector < SECTORS && t->sectors[sector].slug != NULL
		   ? t->sectors[sector].group
		   : NONE;
}

unsigned
taxonomy_group_count(const struct taxonomy *t)
{
	return t->group_count;
}

unsigned
taxonomy_group(const struct taxonomy *t, struct slice slug)
{
	unsigned i;

	for (i = 0; i < t->group_count; i++)
		if (slice_eq(slug, t->groups[i].slug))
			return i;
	return NONE;
}

const char *
taxonomy_group_slug(const struct taxonomy *t, unsigned group)
{
	return group < t->group_count ? t->groups[group].slug : NULL;
}

unsigned
taxonomy_group_of_slot(const struct taxonomy *t, unsigned slot)
{
	return taxonomy_sector_group(t, taxonomy_sector_of_slot(t, slot));
}

const char *
taxonomy_group_name(const struct taxonomy *t, unsigned group, const char *lang)
{
	return group < t->group_count ? name_in(&t->groups[group].names, lang) : NULL;
}

size_t
taxonomy_ladder(const struct taxonomy *t, unsigned group, const uint8_t **ret)
{
	if (group >= t->group_count)
		return 0;
	*ret = t->groups[group].ladder;
	return t->groups[group].steps;
}

void
taxonomy_sector_slots(const struct taxonomy *t, unsigned sector, struct slots *ret)
{
	unsigned i;

	memset(ret, 0, sizeof *ret);
	for (i = 0; i < SLOTS; i++)
		if (t->desks[i].slug != NULL && t->desks[i].sector == sector)
			slots_set(ret, i);
}

void
taxonomy_group_slots(const struct taxonomy *t, unsigned group, struct slots *ret)
{
	unsigned i;

	memset(ret, 0, sizeof *ret);
	for (i = 0; i < SLOTS; i++)
		if (t->desks[i].slug != NULL &&
		    t->sectors[t->desks[i].sector].group == group)
			slots_set(ret, i);
}

void
taxonomy_dependants(const struct taxonomy *t, unsigned slot, struct slots *ret)
{
	unsigned own = taxonomy_sector_of_slot(t, slot), i;
	uint64_t sectors;

	memset(ret, 0, sizeof *ret);
	if (own == NONE)
		return;
	sectors = t->sectors[own].dependants | (uint64_t)1 << own;
	for (i = 0; i < SLOTS; i++)
		if (t->desks[i].slug != NULL && (sectors >> t->desks[i].sector & 1) != 0)
			slots_set(ret, i);
}

void
taxonomy_all_slots(const struct taxonomy *t, struct slots *ret)
{
	unsigned i;

	memset(ret, 0, sizeof *ret);
	for (i = 0; i < SLOTS; i++)
		if (t->desks[i].slug != NULL)
			slots_set(ret, i);
}

static const json_t *
class_of(const struct taxonomy *t, const char *list_name, struct slice code)
{
	const json_t *list = json_object_get(t->classes, list_name), *j;
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		j = json_array_get(list, i);
		if (slice_eq(code, json_string_value(json_object_get(j, "code"))))
			return j;
	}
	return NULL;
}

int
taxonomy_is_event(const struct taxonomy *t, struct slice code)
{
	return class_of(t, "events", code) != NULL;
}

const char *
taxonomy_event(const struct taxonomy *t, unsigned i)
{
	const json_t *list = json_object_get(t->classes, "events");

	return json_string_value(json_object_get(json_array_get(list, i), "code"));
}

const char *
taxonomy_event_of(const struct taxonomy *t, const char *kind)
{
	const json_t *list = json_object_get(t->classes, "events"), *j;
	const char *of;
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		j = json_array_get(list, i);
		of = json_string_value(json_object_get(j, "of_kind"));
		if (of != NULL && strcmp(of, kind) == 0)
			return json_string_value(json_object_get(j, "code"));
	}
	return NULL;
}

int
taxonomy_is_cause(const struct taxonomy *t, struct slice code)
{
	return class_of(t, "causes", code) != NULL;
}

const char *
taxonomy_class_name(const struct taxonomy *t, struct slice code, const char *lang)
{
	const json_t *j = class_of(t, "events", code);

	if (j == NULL)
		j = class_of(t, "causes", code);
	return json_string_value(json_object_get(json_object_get(j, "names"), lang));
}

const char *
taxonomy_severity_name(const struct taxonomy *t, unsigned level, const char *lang)
{
	return level < 5 ? name_in(&t->levels[level], lang) : NULL;
}

int64_t
taxonomy_holidays_end(const struct taxonomy *t)
{
	return t->holidays != NULL ? duty_holidays_end(t->holidays) : 0;
}

void
taxonomy_roster_clear(struct taxonomy *t)
{
	unsigned i;

	duty_spans_free(&t->centre.roster);
	for (i = 0; i < SLOTS; i++)
		duty_spans_free(&t->desks[i].roster);
}

int
taxonomy_roster_add(struct taxonomy *t, unsigned slot, const struct duty_span *span)
{
	if (slot == SLOT_NONE)
		return duty_spans_add(&t->centre.roster, span);
	if (slot >= SLOTS || t->desks[slot].slug == NULL)
		return 0;
	return duty_spans_add(&t->desks[slot].roster, span);
}

static int64_t
next_of(const struct taxonomy *t, const struct desk *d, int64_t now_ms)
{
	int64_t at = now_ms, change, hours;
	int persons;

	while ((persons = duty_spans_at(&d->roster, at / MINUTE_MS)) <= 0) {
		change = duty_spans_change(&d->roster, at / MINUTE_MS);
		hours = duty_next(&d->duty, t->holidays, at);
		/* Between two shifts nobody comes; what no roster speaks of is left to
		 * the duty hours. */
		if (persons < 0 && (change == INT64_MAX || hours < change * MINUTE_MS))
			return hours;
		at = change * MINUTE_MS;
	}
	return at;
}

const struct duty_hours *
taxonomy_hours(const struct taxonomy *t, unsigned slot)
{
	const struct desk *d = desk_of(t, slot);

	return d != NULL ? &d->duty : &t->centre.duty;
}

const struct duty_holidays *
taxonomy_holiday_list(const struct taxonomy *t)
{
	return t->holidays;
}

int64_t
taxonomy_next_duty(const struct taxonomy *t, unsigned slot, int64_t now_ms)
{
	const struct desk *d = desk_of(t, slot);

	return next_of(t, d != NULL ? d : &t->centre, now_ms);
}

int
taxonomy_is_paired(const struct taxonomy *t, unsigned slot, int64_t now_ms)
{
	const struct desk *d = desk_of(t, slot);
	int persons;

	if (d == NULL)
		d = &t->centre;
	persons = duty_spans_at(&d->roster, now_ms / MINUTE_MS);
	return persons >= 0 ? persons >= 2 : duty_is_on(&d->paired, t->holidays, now_ms);
}

unsigned
taxonomy_reader(const struct taxonomy *t, unsigned slot, int64_t now_ms, int64_t *ret_at)
{
	const struct desk *d = desk_of(t, slot);
	unsigned who = slot, i;
	int64_t at;

	*ret_at = taxonomy_next_duty(t, slot, now_ms);
	for (i = 0; d != NULL && i != d->deputy_count && *ret_at > now_ms; i++) {
		at = taxonomy_next_duty(t, d->deputies[i], now_ms);
		if (at < *ret_at) {
			*ret_at = at;
			who = d->deputies[i];
		}
	}
	return who;
}

void
taxonomy_stands_in(
    const struct taxonomy *t, const struct slots *desk, int64_t now_ms, struct slots *ret)
{
	unsigned i, who;
	int64_t at;

	memset(ret, 0, sizeof *ret);
	for (i = 0; i < SLOTS; i++) {
		if (t->desks[i].slug == NULL || t->desks[i].deputy_count == 0)
			continue;
		who = taxonomy_reader(t, i, now_ms, &at);
		if (who != i && at == now_ms && slots_has(desk, who))
			slots_set(ret, i);
	}
}
