/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/front/conn.h"
#include "daemon/front/front.h"
#include "daemon/front/out_stream.h"
#include "daemon/front/ring.h"
#include "daemon/front/who.h"
#include "lib/link.h"
#include "lib/loop.h"
#include "lib/mem.h"
#include "proto/cursor.h"
#include "proto/msg_keeper.h"

/*
 * What a keeper may push to a front, one after another: {type u8, length u16, bytes}.
 * Whatever it is, the ring stays whole: rows in sequence, their bytes inside it.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { RING = 65536 };

static struct front *
front_make(struct loop *loop)
{
	static const unsigned char key[16] = "a cursor's key";
	struct front *f = mem_zalloc(sizeof *f);

	if (f == NULL)
		abort();
	f->loop = loop;
	calls_init(f);
	f->log.box = cursor_box_new(key, 1);
	f->ring = ring_new(RING);
	if (fan_new(f) != 0 || conns_new(f) != 0 || who_new(f) != 0 ||
	    f->log.box == NULL || f->ring == NULL)
		abort();
	return f;
}

static void
front_unmake(struct front *f)
{
	conns_free(f);
	who_free(f);
	calls_done(f);
	fan_free(f);
	ring_free(f->ring);
	cursor_box_free(f->log.box);
	mem_free(f);
}

static void
check(const struct front *f)
{
	uint64_t s;
	const struct ring_row *row;

	if (ring_first(f->ring) > ring_next(f->ring) || ring_used(f->ring) > RING ||
	    ring_next(f->ring) - ring_first(f->ring) > RING / 512)
		abort();
	for (s = ring_first(f->ring); s < ring_next(f->ring); s++) {
		row = ring_row(f->ring, s);
		if (row->head->seq != s)
			abort();
		/* An event is whole, or of a kind that is not shown. */
		if (row->event_n != 0 && (row->event_n < 2 || row->event == NULL ||
					     row->event[row->event_n - 1] != '\n' ||
					     memcmp(row->event, "id: ", 4) != 0))
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct loop *loop = loop_new();
	struct link_frame fr = { .call = 0 };
	struct front *f;
	size_t len;
	int rc;

	if (loop == NULL)
		abort();
	f = front_make(loop);
	while (n >= 3) {
		fr.type = data[0];
		len = (size_t)data[1] | (size_t)data[2] << 8;
		data += 3;
		n -= 3;
		len = len < n ? len : n;
		fr.p = data;
		fr.n = len;
		rc = up_keeper_push(f, &fr); /* refused or not: nothing may break */
		(void)rc;
		check(f);
		data += len;
		n -= len;
	}
	front_unmake(f);
	loop_free(loop);
	return 0;
}
