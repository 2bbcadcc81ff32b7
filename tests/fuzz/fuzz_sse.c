/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/sse.h"

/* The first byte is the size of the pieces: events must not depend on it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int
note(void *arg, const char *event, const char *id, struct slice data)
{
	struct buf *out = arg;

	buf_adds(out, event);
	buf_addc(out, '\n');
	buf_adds(out, id);
	buf_addc(out, '\n');
	buf_add(out, data.p, data.n);
	buf_addc(out, '\0');
	return 0;
}

static int
run(struct slice text, size_t step, struct buf *out)
{
	struct sse_reader r;
	int err = 0;
	size_t k;

	sse_reader_init(&r, 256);
	while (text.n != 0 && err == 0) {
		k = text.n < step ? text.n : step;
		err = sse_reader_feed(&r, (struct slice){ text.p, k }, note, out);
		text = (struct slice){ text.p + k, text.n - k };
	}
	buf_addf(out, "%s %u", r.last_id, r.retry_ms);
	sse_reader_done(&r);
	return err;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct buf whole, parts;
	struct slice text;

	if (n < 1)
		return 0;
	text = (struct slice){ (const char *)data + 1, n - 1 };
	buf_init(&whole, 16 * 1024 * 1024);
	buf_init(&parts, 16 * 1024 * 1024);
	if (run(text, n, &whole) != run(text, data[0] % 20u + 1, &parts) ||
	    whole.n != parts.n || memcmp(whole.p, parts.p, whole.n) != 0)
		abort();
	/* What anybody puts into an event comes out as its data, with no field of its
	 * own. */
	buf_reset(&parts);
	buf_reset(&whole);
	sse_event(&whole, "c", "e", text);
	if (text.n < 200 && memchr(text.p, '\r', text.n) == NULL) {
		if (run(buf_slice(&whole), 7, &parts) != 0 || parts.n < text.n + 8 ||
		    memcmp(parts.p, "e\nc\n", 4) != 0 ||
		    memcmp(parts.p + 4, text.p, text.n) != 0)
			abort();
	}
	buf_done(&whole);
	buf_done(&parts);
	return 0;
}
