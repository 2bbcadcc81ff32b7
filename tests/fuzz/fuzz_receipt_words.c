/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/receipt_words.h"

/* What is read is written in words that are read as the same; a fault has its line. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
same_again(const struct receipt *r)
{
	struct receipt again;
	const char *why;
	unsigned line;
	struct buf b;

	buf_init(&b, 512);
	receipt_words_write(r, &b);
	if (buf_err(&b) != 0 ||
	    receipt_words_read(buf_slice(&b), &again, &line, &why) != 0 ||
	    memcmp(r->case_id, again.case_id, RECEIPT_CASE) != 0 ||
	    memcmp(r->secret, again.secret, RECEIPT_SECRET) != 0 ||
	    r->blind != again.blind)
		abort();
	buf_done(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct slice text = { (const char *)data, n };
	const char *why = NULL;
	struct receipt r;
	unsigned line = 0;

	if (receipt_words_read(text, &r, &line, &why) == 0)
		same_again(&r);
	else if (line < 1 || line > RECEIPT_LINES + 1 || why == NULL)
		abort();
	if (n > RECEIPT_CASE + RECEIPT_SECRET) {
		memcpy(r.case_id, data, RECEIPT_CASE);
		memcpy(r.secret, data + RECEIPT_CASE, RECEIPT_SECRET);
		r.blind = data[n - 1] & 1;
		same_again(&r);
	}
	return 0;
}
