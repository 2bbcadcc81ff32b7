/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/cursor.h"

/* What is read as ours is written the same way again: a cursor has one spelling. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const unsigned char key[16] = "0123456789abcde";
	static struct cursor_box *box;
	struct slice text = { (const char *)data, n };
	char again[CURSOR_TEXT + 1];
	uint64_t seq = 0;
	int err;

	if (box == NULL)
		box = cursor_box_new(key, 7);
	if (box == NULL)
		abort();
	err = cursor_read(box, text, &seq);
	if (err == 0) {
		if (cursor_write(box, seq, again) != 0 || !slice_eq(text, again))
			abort();
	} else if (err != ERR_INVALID && err != ERR_VERSION) {
		abort();
	}
	/* And every number comes back. */
	if (n >= sizeof seq) {
		memcpy(&seq, data, sizeof seq);
		if (cursor_write(box, seq, again) != 0 ||
		    cursor_read(box, slice_of(again), &seq) != 0 ||
		    memcmp(&seq, data, sizeof seq) != 0)
			abort();
	}
	return 0;
}
