/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STATS_H
#define KEEPER_STATS_H

#include "daemon/keeper/keeper.h"
#include "daemon/keeper/store_stats.h"
#include "proto/report.h"

/* Opaque types. */
struct desk_call;

/*
 * Cases by class, sector and quarter of Japan's time.  A case counts once, as the class
 * that its newest version says; exercises and what was withdrawn count nowhere.  Some
 * time after its end a quarter is settled: its figures are shown from then on, and
 * nothing changes them any more.
 */
enum { STATS_SETTLE_DAYS = 14 };

/* Four times the year, and 0 to 3, of a minute since 1970. */
uint32_t stats_quarter(int64_t minute);
/* Its first day, "2026-04-01". */
void stats_day(uint32_t quarter, char ret[11]);
int stats_is_settled(uint32_t quarter, int64_t minute);

/* In the batch: a version of a report was stored, c as it stands now. */
int stats_take(struct keeper *k, const struct store_case *c, const json_t *report,
    const struct report_facts *f, int64_t minute) MUST_CHECK;
/* In the batch: the reporter takes it back. */
int stats_withdrawn(
    struct keeper *k, const struct store_case *c, int64_t minute) MUST_CHECK;

/* DV_STATS and DV_STATS_CSV: a year from April on. */
int stats_get(struct keeper *k, struct desk_call *c) MUST_CHECK;
int stats_csv(struct keeper *k, struct desk_call *c) MUST_CHECK;

#endif
