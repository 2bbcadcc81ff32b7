/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/stats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/report_time.h"

/* Counting; what is shown of it stands in stats_show.c. */

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

/* One class a case: what did not happen has its own, else the first that is named. */
static void
what_of(struct keeper *k, const struct store_case *c, const json_t *report,
    const struct report_facts *f, struct store_stat *ret)
{
	const json_t *list = json_object_get(report, "event_types");
	const char *word = f->precursor ? taxonomy_event_of(k->tax, "precursor") : NULL;

	memset(ret, 0, sizeof *ret);
	ret->quarter = stats_quarter(c->minute);
	if (word == NULL)
		word = json_string_value(json_array_get(list, 0));
	set_word(ret->class_, word);
	set_word(ret->sector,
	    taxonomy_sector_slug(k->tax, taxonomy_sector_of_slot(k->tax, c->slot)));
}

/* It is counted as `now`, or nowhere (NULL), and no longer as what it was before. */
static int
move(struct keeper *k, const struct store_case *c, const struct store_stat *now)
{
	struct store_stat old;
	int rc = store_stat_case_get(k->store, c->id, &old);
	int was = rc == 0;

	if (rc == ERR_NOTFOUND)
		rc = 0;
	if (rc == 0 && was)
		rc = store_stat_count(k->store, &old, 1);
	if (rc == 0 && was)
		rc = store_stat_case_del(k->store, c->id);
	if (rc == 0 && now != NULL)
		rc = store_stat_count(k->store, now, 0);
	if (rc == 0 && now != NULL)
		rc = store_stat_case_put(k->store, c->id, now);
	return rc;
}

int
stats_take(struct keeper *k, const struct store_case *c, const json_t *report,
    const struct report_facts *f, int64_t minute)
{
	struct store_stat now;

	what_of(k, c, report, f, &now);
	if (stats_is_settled(now.quarter, minute))
		return 0;
	return move(k, c, f->exercise ? NULL : &now);
}

int
stats_withdrawn(struct keeper *k, const struct store_case *c, int64_t minute)
{
	if (stats_is_settled(stats_quarter(c->minute), minute))
		return 0;
	return move(k, c, NULL);
}
