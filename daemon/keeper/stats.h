/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STATS_H
#define KEEPER_STATS_H

#include "daemon/keeper/keeper.h"
#include "daemon/keeper/store_stats.h"
#include "proto/report.h"

/* Opaque types. */
struct batch_op;
struct desk_call;

/*
 * Cases by class, sector and quarter of Japan's time.  A case counts once, as the class
 * that its newest version says; exercises and what was withdrawn count nowhere.  Some
 * time after its end a quarter is settled: its figures are shown from then on, and
 * nothing changes them any more.  What agencies report, and what the centre sends, is
 * counted apart, as the yearly figures of the national centre do.
 */
enum { STATS_SETTLE_DAYS = 14 };

/* Four times the year, and 0 to 3, of a minute since 1970. */
uint32_t stats_quarter(int64_t minute);
/* Its first day, "2026-04-01". */
void stats_day(uint32_t quarter, char ret[11]);
int stats_is_settled(uint32_t quarter, int64_t minute);

/* Whether a row stands aside from classes and sectors, and as what: enum stats_aside of
 * stats_table.h, STATS_ASIDE_COUNT: it does not. */
unsigned stats_aside(const struct store_stat *v);

/* In the batch: a version of a report was stored, c as it stands now. */
int stats_take(struct keeper *k, const struct batch_op *op, const struct store_case *c,
    int64_t minute) MUST_CHECK;
/* In the batch: the centre's desk has sent this for the first time, no exercise. */
int stats_sent(struct keeper *k, const char *kind, int64_t minute) MUST_CHECK;
/* In the batch: the reporter takes it back. */
int stats_withdrawn(
    struct keeper *k, const struct store_case *c, int64_t minute) MUST_CHECK;

/* DV_STATS and DV_STATS_CSV: a year from April on. */
int stats_get(struct keeper *k, struct desk_call *c) MUST_CHECK;
int stats_csv(struct keeper *k, struct desk_call *c) MUST_CHECK;

#endif
