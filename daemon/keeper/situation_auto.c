/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/situation.h"

#include <string.h>

#include "daemon/keeper/store_reach.h"
#include "daemon/keeper/store_reader.h"

/* What the hub writes to timelines by itself, in the transaction of what happened. */

/* So many situations at most that one event is written to. */
enum { AT_ONCE = 400, WATCHED_MOST = 2000 };

int
situation_say(struct keeper *k, const uint8_t *id, const struct situation_said *said)
{
	struct store_entry e;

	memset(&e, 0, sizeof e);
	e.minute = said->minute;
	e.kind = said->kind;
	e.value = said->value;
	/* What a report may say to others: not whose bulletin, and not how many. */
	e.public = said->kind == ENTRY_OPENED || said->kind == ENTRY_CLOSED ||
		   said->kind == ENTRY_MODE || said->kind == ENTRY_REPORT_SENT;
	if (said->person != NULL)
		memcpy(e.person, said->person, RECEIVER_LEN);
	if (said->ref != NULL) {
		e.has_ref = 1;
		memcpy(e.ref, said->ref, ID_LEN);
	}
	return store_entry_add(k->store, id, &e);
}

int
situation_released(struct keeper *k, const uint8_t *case_id,
    const struct store_bulletin *b, int64_t minute)
{
	const struct situation_said said = { .kind = ENTRY_BULLETIN,
		.value = b->revision,
		.ref = b->id,
		.minute = minute };
	uint8_t id[ID_LEN];
	unsigned i;
	int changed, rc = 0;

	for (i = 0; rc == 0 && i < AT_ONCE; i++) {
		rc = store_situation_of(k->store, case_id, NULL, i, id);
		if (rc == 0)
			rc = store_situation_bulletin_add(k->store, id, b->id, &changed);
		if (rc == 0 && changed)
			rc = situation_say(k, id, &said);
	}
	return rc == ERR_NOTFOUND ? 0 : rc;
}

/* The same to all open situations with this bulletin (NULL: to all). */
static int
say_all(struct keeper *k, const uint8_t *bulletin, const struct situation_said *said)
{
	uint8_t id[ID_LEN];
	unsigned i;
	int rc = 0;

	for (i = 0; rc == 0; i++) {
		rc = store_situation_of(k->store, NULL, bulletin, i, id);
		if (rc == 0)
			rc = situation_say(k, id, said);
	}
	return rc == ERR_NOTFOUND ? 0 : rc;
}

int
situation_row(struct keeper *k, const struct frame_head *h)
{
	const struct situation_said said = {
		.kind = h->kind == FRAME_CANCEL ? ENTRY_CANCEL : ENTRY_UPDATE,
		.value = h->revision,
		.ref = h->id,
		.minute = h->minute
	};

	if (h->kind != FRAME_UPDATE && h->kind != FRAME_CANCEL)
		return 0;
	return say_all(k, h->id, &said);
}

int
situation_sent(struct keeper *k, const struct store_draft *d,
    const struct store_bulletin *b, int64_t minute)
{
	struct situation_said said = { .kind = ENTRY_REPORT_SENT, .minute = minute };
	struct store_situation s;
	int changed, rc = store_situation_by_draft(k->store, d->id, &s);

	if (rc != 0)
		return rc == ERR_NOTFOUND ? 0 : rc;
	said.value = s.reports;
	said.ref = b->id;
	rc = store_situation_bulletin_add(k->store, s.id, b->id, &changed);
	return rc == 0 ? situation_say(k, s.id, &said) : rc;
}

/* The highest step that so many of its readers have come to; 0: none. */
static int
step_of(struct keeper *k, const struct store_watched *w, unsigned *ret)
{
	static const unsigned steps[] = { 50, 75, 90, 100 };
	uint32_t received = 0, read = 0, acted = 0, passed = 0;
	int32_t entitled[SLOTS + 1];
	struct store_bulletin b;
	unsigned i, n;
	int rc = store_bulletin_get(k->store, w->bulletin, &b);

	*ret = 0;
	memset(entitled, 0, sizeof entitled);
	if (rc == 0)
		rc = store_entitled_get(k->store, w->bulletin, b.revision, entitled);
	if (rc == 0)
		rc = store_ack_count(
		    k->store, w->bulletin, &received, &read, &acted, &passed);
	/* Of few readers a percentage counts them. */
	if (rc != 0 || entitled[SLOTS] < (int32_t)situation_k(k, w->desk))
		return rc;
	n = (unsigned)entitled[SLOTS];
	for (i = 0; i < sizeof steps / sizeof steps[0]; i++)
		if ((received + read + acted) * 100ULL >= (uint64_t)steps[i] * n)
			*ret = steps[i];
	return 0;
}

int
situation_reached(struct keeper *k, int64_t minute, unsigned *ret_n)
{
	struct situation_said said = { .kind = ENTRY_REACHED, .minute = minute };
	struct store_watched w;
	unsigned i = 0, skip = 0, step;
	int rc = 0, changed;

	*ret_n = 0;
	for (; rc == 0 && i < WATCHED_MOST; i++) {
		rc = store_situation_watched(k->store, skip, &w);
		if (rc == 0)
			rc = step_of(k, &w, &step);
		if (rc != 0)
			break;
		/* At all of them it is no more watched: the next moves up. */
		skip += step < 100;
		if (step <= w.told)
			continue;
		rc = store_situation_told(
		    k->store, w.situation, w.bulletin, step, &changed);
		said.value = step;
		said.ref = w.bulletin;
		if (rc == 0)
			rc = situation_say(k, w.situation, &said);
		++*ret_n;
	}
	return rc == ERR_NOTFOUND ? 0 : rc;
}

int
situation_mode(struct keeper *k, unsigned mode, int64_t minute)
{
	const struct situation_said said = {
		.kind = ENTRY_MODE, .value = mode, .minute = minute
	};

	return say_all(k, NULL, &said);
}
