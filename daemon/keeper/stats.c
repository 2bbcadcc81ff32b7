/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/stats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/keeper/batch.h"
#include "daemon/keeper/stats_table.h"
#include "proto/report_time.h"

/* Counting; what is shown of it stands in stats_show.c. */

/* In place of a sector; no slug of a sector has a colon. */
static const char *const asides[STATS_ASIDE_COUNT] = {
	[STATS_AGENCIES] = ":agencies",
	[STATS_BULLETINS] = ":bulletins",
};

unsigned
stats_aside(const struct store_stat *v)
{
	unsigned i;

	for (i = 0; i < STATS_ASIDE_COUNT && strcmp(v->sector, asides[i]) != 0; i++)
		;
	return i;
}

uint32_t
stats_quarter(int64_t minute)
{
	char text[REPORT_TIME_LEN];
	unsigned long year, month;

	report_time_write(minute * 60000, text);
	year = strtoul(text, NULL, 10);
	month = strtoul(text + 5, NULL, 10);
	return (uint32_t)(year * 4 + (month - 1) / 3);
}

void
stats_day(uint32_t quarter, char ret[11])
{
	(void)snprintf(ret, 11, "%04u-%02u-01", (unsigned)(quarter / 4 % 10000),
	    (unsigned)(quarter % 4 * 3 + 1));
}

int
stats_is_settled(uint32_t quarter, int64_t minute)
{
	char next[11], text[REPORT_TIME_LEN];
	int64_t end;

	stats_day(quarter + 1, next);
	(void)snprintf(text, sizeof text, "%sT00:00:00+09:00", next);
	end = report_time_end(text) / 60000;
	return minute >= end + STATS_SETTLE_DAYS * 24 * 60;
}

static void
set_word(char ret[STAT_WORD_MAX + 1], const char *word)
{
	memset(ret, 0, STAT_WORD_MAX + 1);
	(void)snprintf(
	    ret, STAT_WORD_MAX + 1, "%.*s", STAT_WORD_MAX, word != NULL ? word : "");
}

/* Of no CEPTOAR are agencies, and who telephones without naming one; that one's later
 * versions come as everybody's do, and stay what the first one was. */
static int
is_agency(
    const struct batch_op *op, const struct store_case *c, const struct store_stat *old)
{
	if (c->slot != SLOT_NONE || op->by_telephone)
		return 0;
	return old == NULL || stats_aside(old) == STATS_AGENCIES;
}

/* One class a case: what did not happen has its own, else the first that is named. */
static void
what_of(struct keeper *k, const struct batch_op *op, const struct store_case *c,
    const struct store_stat *old, struct store_stat *ret)
{
	const json_t *list = json_object_get(op->json, "event_types");
	const char *word =
	    op->facts.precursor ? taxonomy_event_of(k->tax, "precursor") : NULL;

	memset(ret, 0, sizeof *ret);
	ret->quarter = stats_quarter(c->minute);
	if (word == NULL)
		word = json_string_value(json_array_get(list, 0));
	set_word(ret->class_, word);
	set_word(ret->sector,
	    is_agency(op, c, old)
		? asides[STATS_AGENCIES]
		: taxonomy_sector_slug(k->tax, taxonomy_sector_of_slot(k->tax, c->slot)));
}

/* It is counted as `now`, or nowhere (NULL), and no longer as `old` (NULL: nowhere). */
static int
move(struct keeper *k, const struct store_case *c, const struct store_stat *old,
    const struct store_stat *now)
{
	int rc = 0;

	if (old != NULL)
		rc = store_stat_count(k->store, old, 1);
	if (rc == 0 && old != NULL)
		rc = store_stat_case_del(k->store, c->id);
	if (rc == 0 && now != NULL)
		rc = store_stat_count(k->store, now, 0);
	if (rc == 0 && now != NULL)
		rc = store_stat_case_put(k->store, c->id, now);
	return rc;
}

int
stats_take(struct keeper *k, const struct batch_op *op, const struct store_case *c,
    int64_t minute)
{
	struct store_stat now, old;
	int rc = store_stat_case_get(k->store, c->id, &old);
	const struct store_stat *was = rc == 0 ? &old : NULL;

	if (rc != 0 && rc != ERR_NOTFOUND)
		return rc;
	what_of(k, op, c, was, &now);
	if (stats_is_settled(now.quarter, minute))
		return 0;
	return move(k, c, was, op->facts.exercise ? NULL : &now);
}

int
stats_sent(struct keeper *k, const char *kind, int64_t minute)
{
	struct store_stat v;

	memset(&v, 0, sizeof v);
	v.quarter = stats_quarter(minute);
	set_word(v.class_, kind);
	set_word(v.sector, asides[STATS_BULLETINS]);
	return store_stat_count(k->store, &v, 0);
}

int
stats_withdrawn(struct keeper *k, const struct store_case *c, int64_t minute)
{
	struct store_stat old;
	int rc;

	if (stats_is_settled(stats_quarter(c->minute), minute))
		return 0;
	rc = store_stat_case_get(k->store, c->id, &old);
	if (rc != 0)
		return rc == ERR_NOTFOUND ? 0 : rc;
	return move(k, c, &old, NULL);
}
