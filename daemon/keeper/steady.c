/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/steady.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "daemon/keeper/batch.h"
#include "daemon/keeper/hotline.h"
#include "daemon/keeper/keeper.h"
#include "daemon/keeper/outbox.h"
#include "daemon/keeper/store_steady.h"
#include "lib/log.h"
#include "lib/mem.h"

enum {
	MINUTE_MS = 60000,
	JUMP_MS = 2 * MINUTE_MS,
	OFF_MS = 15 * MINUTE_MS, /* so long a machine may take to start again */
	BELIEVE_MS = 60 * MINUTE_MS,
};

struct steady {
	struct steady_clock clock;
	struct store_steady row; /* as it stands in the database */
	uint8_t boot[BOOT_LEN];
	int clean;     /* nothing is further ahead than it can be */
	int64_t tried; /* the minute in which nothing could be written */
};

int64_t
steady_read(struct steady_clock *c, int64_t wall, int64_t timer)
{
	int64_t drift;

	if (!c->set) {
		c->set = 1;
		c->ahead = wall - timer;
	}
	drift = wall - (c->ahead + timer);
	if (drift >= -JUMP_MS && drift <= JUMP_MS) {
		c->jumped = 0;
		c->ahead = wall - timer;
		return wall;
	}
	if (!c->jumped || drift - c->jump < -JUMP_MS || drift - c->jump > JUMP_MS) {
		c->jumped = 1;
		c->since = timer;
		c->jump = drift;
		log_warn("the clock is off by %lld s; it is believed if it stays so "
			 "for an hour",
		    (long long)(drift / 1000));
	}
	return c->ahead + timer;
}

int64_t
steady_believes(const struct steady_clock *c, int64_t wall, int64_t timer)
{
	return c->jumped && timer - c->since >= BELIEVE_MS ? wall - (c->ahead + timer)
							   : 0;
}

/* Which run of the machine this is: systemd says it where /proc/sys is out of sight.
 * Zeros when nobody does. */
static void
boot_read(uint8_t out[BOOT_LEN])
{
	unsigned char sum[32];
	const char *said = getenv("CEPTOAR_BOOT");
	char id[64] = "";
	FILE *f;

	memset(out, 0, BOOT_LEN);
	if (said == NULL || said[0] == '\0') {
		f = fopen("/proc/sys/kernel/random/boot_id", "re");
		if (f == NULL || fgets(id, sizeof id, f) == NULL)
			id[0] = '\0';
		if (f != NULL)
			(void)fclose(f);
		id[strcspn(id, "\n")] = '\0';
	} else {
		/* systemd writes it without hyphens; only itself is it compared with. */
		(void)snprintf(id, sizeof id, "%s", said);
	}
	if (id[0] != '\0' &&
	    EVP_Digest(id, strlen(id), sum, NULL, EVP_sha256(), NULL) == 1)
		memcpy(out, sum, BOOT_LEN);
}

/* Goes on from the row.  After another start of the machine its timer says nothing. */
static void
go_on(struct steady *s, int64_t wall, int64_t timer)
{
	static const uint8_t unknown[BOOT_LEN];
	const struct store_steady *row = &s->row;
	int64_t last = row->minute * MINUTE_MS;

	s->clock.set = 1;
	if (memcmp(row->boot, s->boot, BOOT_LEN) == 0 &&
	    memcmp(s->boot, unknown, BOOT_LEN) != 0) {
		s->clock.ahead = row->ahead;
		s->clock.jumped = row->jumped;
		s->clock.since = row->since;
		s->clock.jump = row->jump;
	} else if (wall - last >= -JUMP_MS && wall - last <= OFF_MS) {
		s->clock.ahead = wall - timer;
	} else {
		s->clock.ahead = last - timer;
	}
}

int
steady_open(struct keeper *k)
{
	struct steady *s = mem_zalloc(sizeof *s);
	int rc;

	if (s == NULL)
		return ERR_NOMEM;
	k->steady = s;
	boot_read(s->boot);
	rc = store_steady_get(k->store, &s->row);
	if (rc == 0)
		go_on(s, k->now_ms(), k->timer_ms());
	return rc == ERR_NOTFOUND ? 0 : rc;
}

void
steady_close(struct keeper *k)
{
	mem_free(k->steady);
	k->steady = NULL;
}

static int64_t
now(struct keeper *k)
{
	return steady_read(&k->steady->clock, k->now_ms(), k->timer_ms());
}

int64_t
steady_s(struct keeper *k)
{
	return now(k) / 1000;
}

int64_t
steady_minute(struct keeper *k)
{
	return now(k) / MINUTE_MS;
}

int64_t
steady_off(struct keeper *k)
{
	return k->now_ms() / MINUTE_MS - now(k) / MINUTE_MS;
}

/* What is to be written. */
struct settling {
	struct store_steady row;
	int64_t shift; /* minutes; 0: nothing moves */
	int clamp;
};

static int
settle(struct keeper *k, void *arg)
{
	const struct settling *v = arg;
	int rc = 0;

	if (v->shift != 0)
		rc = store_steady_shift(k->store, v->shift, v->row.minute);
	if (rc == 0 && v->clamp)
		rc = store_steady_clamp(k->store, v->row.minute, OUTBOX_DELAY_MAX,
		    k->opt.hotline.level_ms / MINUTE_MS);
	return rc == 0 ? store_steady_put(k->store, &v->row) : rc;
}

/* As what it will stand in the database. */
static void
row_of(const struct steady *s, const struct steady_clock *c, int64_t ms,
    struct store_steady *out)
{
	memset(out, 0, sizeof *out);
	memcpy(out->boot, s->boot, BOOT_LEN);
	out->minute = ms / MINUTE_MS;
	out->ahead = c->ahead;
	out->jumped = c->jumped;
	out->since = c->jumped ? c->since : 0;
	out->jump = c->jumped ? c->jump : 0;
}

void
steady_tick(struct keeper *k)
{
	struct steady *s = k->steady;
	int64_t wall = k->now_ms(), timer = k->timer_ms();
	int64_t ms = steady_read(&s->clock, wall, timer);
	int64_t jump = steady_believes(&s->clock, wall, timer);
	struct steady_clock next = s->clock;
	struct settling v = { .shift = 0 };

	if (k->failing || k->write_stop || k->stopping)
		return;
	if (jump != 0) {
		next = (struct steady_clock){ .ahead = wall - timer, .set = 1 };
		v.shift = wall / MINUTE_MS - ms / MINUTE_MS;
		ms = wall;
	}
	s->clean &= !next.jumped;
	v.clamp = jump != 0 || (!s->clean && !next.jumped);
	row_of(s, &next, ms, &v.row);
	if (v.row.minute == s->tried ||
	    (!v.clamp && v.row.minute == s->row.minute && v.row.jumped == s->row.jumped &&
		v.row.since == s->row.since))
		return;
	/* A disk that is full is not asked every second. */
	s->tried = batch_transact(k->batch, settle, &v) == 0 ? 0 : v.row.minute;
	if (s->tried != 0)
		return;
	s->clock = next;
	s->row = v.row;
	if (!v.clamp)
		return;
	s->clean = 1;
	outbox_failed(k); /* when they are due is read anew */
	hotline_leased(k);
	if (jump != 0)
		log_warn(
		    "the clock is believed: %lld s further on", (long long)(jump / 1000));
}
