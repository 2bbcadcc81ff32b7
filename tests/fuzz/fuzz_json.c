/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/json.h"

/* What is read and written canonically reads back as the same value and the same bytes;
 * and whatever is refused names a JSON problem. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check_fault(const struct fault *why)
{
	switch (why->problem) {
	case P_JSON_SYNTAX:
	case P_JSON_DEPTH:
	case P_JSON_DUPLICATE:
	case P_JSON_ENCODING:
	case P_JSON_NUMBER:
	case P_TOO_LARGE:
		break;
	default:
		abort();
	}
	if (memchr(why->pointer, '\0', sizeof why->pointer) == NULL)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct slice text = { (const char *)data, n };
	struct buf once, twice;
	json_t *j, *again;
	struct fault why;
	int r;

	r = json_read(text, &json_caps_report, &j, &why);
	if (r == ERR_INVALID)
		check_fault(&why);
	if (r != 0)
		return 0;
	buf_init(&once, 4 << 20);
	buf_init(&twice, 4 << 20);
	/* Reals and integers beyond 2^53 are read, and never written. */
	if (json_canonical(j, &once) == 0) {
		if (json_read(buf_slice(&once), &json_caps_report, &again, &why) != 0 ||
		    !json_equal(j, again) || json_canonical(again, &twice) != 0 ||
		    once.n != twice.n || memcmp(once.p, twice.p, once.n) != 0)
			abort();
		json_decref(again);
	}
	buf_done(&once);
	buf_done(&twice);
	json_decref(j);
	return 0;
}
