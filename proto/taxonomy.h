/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_TAXONOMY_H
#define PROTO_TAXONOMY_H

#include "lib/buf.h"
#include "proto/rights.h"

/* Opaque types. */
struct duty_holidays;
struct duty_hours;
struct duty_span;
struct taxonomy;

/*
 * Lists that a law or plan can change, as data (conf/ceptoars.json, conf/taxonomy.json):
 * sectors, CEPTOARs with their slots, sector groups, which sectors depend on which,
 * duty hours, event and cause classes.  Parsed from text; no I/O here.
 */
int taxonomy_new(struct taxonomy **ret, struct slice ceptoars_json,
    struct slice taxonomy_json, struct buf *why) MUST_CHECK;
void taxonomy_free(struct taxonomy *t);

unsigned taxonomy_slot(
    const struct taxonomy *t, struct slice slug); /* SLOT_NONE: unknown */
const char *taxonomy_slug(const struct taxonomy *t, unsigned slot); /* NULL: unassigned */
/* lang: "ja" or "en".  SLOT_NONE gives the centre's; NULL: unassigned. */
const char *taxonomy_ceptoar_name(
    const struct taxonomy *t, unsigned slot, const char *lang);
/* Who sits at the desk: the secretariat's organisation, or the centre. */
const char *taxonomy_desk_name(const struct taxonomy *t, unsigned slot, const char *lang);
/* Communities beside the CEPTOARs, in slots from COMMUNITY_FIRST on: SLOT_NONE unknown.
 */
unsigned taxonomy_community(const struct taxonomy *t, struct slice slug);
const char *taxonomy_community_slug(
    const struct taxonomy *t, unsigned slot); /* NULL: none */
unsigned taxonomy_sector_of_slot(const struct taxonomy *t, unsigned slot); /* 255: none */
unsigned taxonomy_sector(const struct taxonomy *t, struct slice slug); /* 255: unknown */
const char *taxonomy_sector_slug(const struct taxonomy *t, unsigned sector);
const char *taxonomy_sector_name(
    const struct taxonomy *t, unsigned sector, const char *lang);
unsigned taxonomy_sector_group(
    const struct taxonomy *t, unsigned sector); /* index of its group */
unsigned taxonomy_group_count(const struct taxonomy *t);
unsigned taxonomy_group(const struct taxonomy *t, struct slice slug); /* 255: unknown */
unsigned taxonomy_group_of_slot(const struct taxonomy *t, unsigned slot); /* 255: none */
const char *taxonomy_group_slug(const struct taxonomy *t, unsigned group);
const char *taxonomy_group_name(
    const struct taxonomy *t, unsigned group, const char *lang);
/* CEPTOARs of this sector, and of all sectors of this group. */
void taxonomy_sector_slots(const struct taxonomy *t, unsigned sector, struct slots *ret);
void taxonomy_group_slots(const struct taxonomy *t, unsigned group, struct slots *ret);
/*
 * How a bulletin of this group is made coarser until enough members fit: steps in the
 * order in which they are taken.  What is not named is never dropped.  The count; 0 for a
 * group that does not exist.
 */
enum ladder_step {
	LADDER_SIZE = 0, /* facility: size, region, class are not shown */
	LADDER_REGION,
	LADDER_CLASS,
	LADDER_DAY,    /* readers beyond the own CEPTOAR: the day of issue, no minute */
	LADDER_GROUP,  /* likewise: the sector's group in place of the sector */
	LADDER_SECTOR, /* likewise: no sector at all */
	LADDER_STEPS
};
size_t taxonomy_ladder(const struct taxonomy *t, unsigned group, const uint8_t **ret);
/* CEPTOARs of this slot's sector and of the sectors that depend on it. */
void taxonomy_dependants(const struct taxonomy *t, unsigned slot, struct slots *ret);
void taxonomy_all_slots(const struct taxonomy *t, struct slots *ret);
int taxonomy_is_event(const struct taxonomy *t, struct slice code);
/* The i-th event class; NULL: there are fewer. */
const char *taxonomy_event(const struct taxonomy *t, unsigned i);
/* The event class that every report of this kind is of ("of_kind"); NULL: none. */
const char *taxonomy_event_of(const struct taxonomy *t, const char *kind);
int taxonomy_is_cause(const struct taxonomy *t, struct slice code);
/* Of an event or cause class; NULL: unknown. */
const char *taxonomy_class_name(
    const struct taxonomy *t, struct slice code, const char *lang);
const char *taxonomy_severity_name(
    const struct taxonomy *t, unsigned level, const char *lang);
/* Holidays (conf/holidays.json, proto/duty.h); without them there are none. */
int taxonomy_holidays(struct taxonomy *t, struct slice text, struct buf *why) MUST_CHECK;
/* The last day that they speak of, 0 without. */
int64_t taxonomy_holidays_end(const struct taxonomy *t);
/* Rosters of desks, which decide in place of the duty hours for as long as they speak of
 * a time (proto/duty_span.h).  ERR_NOMEM; nothing happens to a slot that is free. */
void taxonomy_roster_clear(struct taxonomy *t);
int taxonomy_roster_add(
    struct taxonomy *t, unsigned slot, const struct duty_span *span) MUST_CHECK;
/* The duty hours of a slot's desk (no such slot: the centre's), and the holidays that
 * they know, for proto/duty.h; they stand until the taxonomy is freed. */
const struct duty_hours *taxonomy_hours(const struct taxonomy *t, unsigned slot);
const struct duty_holidays *taxonomy_holiday_list(const struct taxonomy *t);
/* When the desk of a slot (SLOT_NONE: the centre) next reads: the wall time in ms at or
 * after now_ms at which somebody is there, by its roster or else its duty hours. */
int64_t taxonomy_next_duty(const struct taxonomy *t, unsigned slot, int64_t now_ms);
/* Are two persons at the desk of this slot, by its roster or else its "paired_hours"? */
int taxonomy_is_paired(const struct taxonomy *t, unsigned slot, int64_t now_ms);
/* Who reads first what comes for the desk of this slot, and when: the desk itself when it
 * is on duty, else the first of its deputies that is; else whichever of them all begins
 * first, itself before the others. */
unsigned taxonomy_reader(
    const struct taxonomy *t, unsigned slot, int64_t now_ms, int64_t *ret_at);
/* The slots for which a desk of these slots stands in now: as taxonomy_reader has it. */
void taxonomy_stands_in(const struct taxonomy *t, const struct slots *desk,
    int64_t now_ms, struct slots *ret);

#endif
