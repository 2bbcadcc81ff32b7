/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/csv.h"

#include <string.h>

void
csv_begin(struct buf *out)
{
	buf_adds(out, "\xef\xbb\xbf");
}

void
csv_cell(struct buf *out, unsigned *at, struct slice text)
{
	static const char formula[] = "=+-@\t\r", special[] = ",\"\r\n";
	int quoted = 0;
	size_t i;

	if ((*at)++ > 0)
		buf_addc(out, ',');
	for (i = 0; i < text.n && !quoted; i++)
		quoted = memchr(special, text.p[i], sizeof special - 1) != NULL;
	if (quoted)
		buf_addc(out, '"');
	if (text.n > 0 && memchr(formula, text.p[0], sizeof formula - 1) != NULL)
		buf_addc(out, '\'');
	for (i = 0; i < text.n; i++) {
		if (text.p[i] == '"')
			buf_addc(out, '"');
		buf_addc(out, text.p[i]);
	}
	if (quoted)
		buf_addc(out, '"');
}

void
csv_line(struct buf *out, unsigned *at)
{
	buf_adds(out, "\r\n");
	*at = 0;
}
