/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames of a front, administrator or courier into a whole keeper with its store: type (1
 * byte, high bit: administrator; the courier's types are its own), length (3 bytes,
 * little-endian), payload; again and again. The store lives through all inputs, so that
 * later ones meet what earlier ones left.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/event.h>

#include "daemon/keeper/batch.h"
#include "daemon/keeper/expire.h"
#include "daemon/keeper/keeper.h"
#include "daemon/keeper/outbox.h"
#include "lib/log.h"
#include "lib/loop.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { CALLERS = 3 };

static struct keeper k;
static char dir[64], db[96];

static void
finish(void)
{
	char wal[112];

	keeper_close(&k);
	loop_free(k.loop);
	(void)snprintf(wal, sizeof wal, "%s-wal", db);
	(void)unlink(db);
	(void)unlink(wal);
	(void)rmdir(dir);
}

static void
start(void)
{
	struct buf why;
	unsigned i;

	buf_init(&why, 4096);
	(void)snprintf(dir, sizeof dir, "%s/fuzz-keeper.XXXXXX",
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (mkdtemp(dir) == NULL)
		abort();
	(void)snprintf(db, sizeof db, "%s/db", dir);
	(void)snprintf(k.opt.db, sizeof k.opt.db, "%s", db);
	(void)snprintf(k.opt.ceptoars, sizeof k.opt.ceptoars, "conf/ceptoars.json");
	(void)snprintf(k.opt.taxonomy, sizeof k.opt.taxonomy, "conf/taxonomy.json");
	k.opt.report_ms = k.opt.idem_ms = 1000000000;
	k.policy.rules = (struct policy_rules){ .auto_own_level = 3,
		.auto_cross_level = 4,
		.confirm_cross_level = 3,
		.unverified_note = 3600000,
		.unverified_end = 7200000,
		.k_inside = 5,
		.k_beyond = 11,
		.k_products = 20,
		.slip_hours = 72 };
	k.opt.trend_steps[0] = 3;
	k.opt.courier = COURIER_ON;
	k.opt.lease_ms = 60000;
	for (i = 0; i < SLOTS; i++)
		k.policy.slot[i] = k.policy.rules;
	log_level_set((enum log_level)0);
	k.loop = loop_new();
	if (k.loop == NULL || options_taxonomy(&k.opt, &k.tax, &why) != 0 ||
	    keeper_open(&k, k.loop, &why) != 0) {
		(void)fprintf(stderr, "%s\n", buf_cstr(&why));
		abort();
	}
	buf_done(&why);
	(void)atexit(finish);
}

static struct front *
join(enum door door, int *ret_peer)
{
	int fd[2];
	struct front *f;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fd) != 0)
		abort();
	f = keeper_adopt(&k, fd[0], door);
	if (f == NULL)
		abort();
	*ret_peer = fd[1];
	return f;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const enum door doors[CALLERS] = { DOOR_DESK, DOOR_ADMIN, DOOR_COURIER };
	static void (*const frame[CALLERS])(void *, struct link *,
	    const struct link_frame *) = { front_frame, admin_frame, courier_frame };
	struct link_frame fr;
	struct front *f[CALLERS];
	int peer[CALLERS], i;
	uint64_t id[CALLERS];
	size_t len;

	if (k.store == NULL)
		start();
	for (i = 0; i < CALLERS; i++) {
		f[i] = join(doors[i], &peer[i]);
		id[i] = f[i]->id;
	}
	for (fr.call = 1; n >= 4; fr.call++) {
		i = data[0] >> 7;
		fr.type = data[0] & 0x7f;
		if (i == 0 && fr.type >= KM_C_LEASE && fr.type <= KM_C_WORK)
			i = 2;
		fr.status = 0;
		len = data[1] | (size_t)data[2] << 8 | (size_t)data[3] << 16;
		data += 4;
		n -= 4;
		fr.p = data;
		fr.n = len < n ? len : n;
		data += fr.n;
		n -= fr.n;
		/* No file is written where an input says. */
		if (keeper_front(&k, id[i]) != NULL && fr.type != KM_A_BACKUP)
			frame[i](&k, f[i]->l, &fr);
	}
	batch_flush(k.batch);
	if (expire_due(&k, k.now_ms() / 60000 + 60, 4) < 0 && k.failing)
		abort();
	(void)event_base_loop(loop_base(k.loop), EVLOOP_NONBLOCK);
	for (i = 0; i < CALLERS; i++) {
		(void)close(peer[i]);
		(void)event_base_loop(loop_base(k.loop), EVLOOP_NONBLOCK);
	}
	while (k.fronts != NULL) /* both see that their caller has gone */
		(void)event_base_loop(loop_base(k.loop), EVLOOP_ONCE);
	if (k.write_stop || k.failing)
		abort(); /* no input damages the store */
	return 0;
}
