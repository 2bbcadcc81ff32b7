/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/bulletin.h"
#include "proto/fold.h"
#include "proto/indicator.h"
#include "proto/report_time.h"
#include "proto/text.h"
#include "proto/text_marks.h"

/* Characters, folding with its way back, defanging, dates, indicators: any bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check_fold(struct slice text, int is_utf8)
{
	struct fold f;
	size_t i;

	if ((fold_text(text, &f) == 0) != is_utf8)
		abort();
	if (!is_utf8)
		return;
	for (i = 0; i < f.n; i++) {
		if (f.v[i].start >= f.v[i].end || f.v[i].end > text.n)
			abort();
		if (i == 0 ? f.v[i].start != 0
			   : f.v[i].start != f.v[i - 1].end &&
				 (f.v[i].start != f.v[i - 1].start ||
				     f.v[i].end != f.v[i - 1].end))
			abort();
	}
	if (f.n > 0 && f.v[f.n - 1].end != text.n)
		abort();
	fold_done(&f);
}

/* Defanged text is not changed by defanging it again (what is no UTF-8 only has to be
 * survived). */
static void
check_defang(struct slice text, int is_utf8)
{
	struct buf once, twice;

	buf_init(&once, 1 << 20);
	buf_init(&twice, 1 << 20);
	if (text_defang(text, NULL, &once) != 0 ||
	    text_defang(buf_slice(&once), NULL, &twice) != 0)
		abort();
	if (is_utf8 &&
	    (once.n != twice.n || (once.n > 0 && memcmp(once.p, twice.p, once.n) != 0)))
		abort();
	buf_done(&once);
	buf_done(&twice);
}

/* Marks stand in order, none over another, inside the text. */
static void
check_marks(struct slice text, size_t points)
{
	struct text_mark v[64];
	size_t i, n, end = 0;

	if (text_marks(text, v, 64, &n) != 0 || n > 64)
		abort();
	for (i = 0; i < n; i++) {
		if (v[i].length == 0 || v[i].offset < end)
			abort();
		end = v[i].offset + v[i].length;
	}
	if (end > points)
		abort();
}

static void
check_time(struct slice text)
{
	char once[REPORT_TIME_LEN], twice[REPORT_TIME_LEN];
	const char *detail;

	if (report_time(text, INT64_MAX, once, &detail) != 0)
		return;
	if (report_time(slice_of(once), INT64_MAX, twice, &detail) != 0 ||
	    strcmp(once, twice) != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct slice text = { (const char *)data, n };
	struct text_facts facts;
	const char *detail;
	enum text_flaw flaw;
	struct buf b;
	int i;

	if (n > 32768)
		return 0;
	flaw = text_check(text, TEXT_BLOCK, &facts);
	if (flaw == TEXT_FINE) {
		check_fold(text, 1);
		check_marks(text, facts.points);
		buf_init(&b, n);
		text_add_lf(&b, text);
		if (buf_err(&b) != 0 || memchr(b.p != NULL ? b.p : "", '\r', b.n) != NULL)
			abort();
		buf_done(&b);
		for (i = 0; i < IND_TYPES; i++)
			(void)!indicator_check((enum indicator_type)i, text, &detail);
	} else if (flaw == TEXT_NOT_UTF8) {
		check_fold(text, 0);
	}
	check_defang(text, flaw == TEXT_FINE);
	check_time(text);
	return 0;
}
