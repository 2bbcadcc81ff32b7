/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/attachment.h"

#include <string.h>

#include "proto/text.h"

static int
is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static int
ends_with(struct slice s, const char *end)
{
	size_t n = strlen(end);

	return s.n > n && memcmp(s.p + s.n - n, end, n) == 0;
}

int
attachment_name_ok(struct slice name)
{
	size_t i;

	if (name.n == 0 || name.n > ATTACHMENT_NAME || !is_plain(name.p[0]))
		return 0;
	for (i = 0; i < name.n; i++)
		if (!is_plain(name.p[i]) && strchr("._-", name.p[i]) == NULL)
			return 0;
	return ends_with(name, ".pdf") || ends_with(name, ".csv") ||
	       ends_with(name, ".txt");
}

static int
is_pdf(struct slice s)
{
	static const char magic[] = "%PDF-";

	return s.n > sizeof magic && memcmp(s.p, magic, sizeof magic - 1) == 0;
}

/* -12.5 and +3 are numbers, whatever a spreadsheet makes of what follows a sign. */
static int
is_number(const char *p, const char *end)
{
	size_t digits = 0, dots = 0;

	for (p++; p < end; p++) {
		if (*p >= '0' && *p <= '9')
			digits++;
		else if (*p != '.' || ++dots > 1)
			return 0;
	}
	return digits > 0;
}

static int
is_formula(const char *p, const char *end)
{
	while (p < end && *p == ' ')
		p++;
	if (p == end || strchr("=+-@\t", *p) == NULL)
		return 0;
	while (end > p && end[-1] == ' ')
		end--;
	return (*p != '+' && *p != '-') || !is_number(p, end);
}

/* Cells end at a comma, a semicolon (what some locales write) or a line's end, but for
 * those inside quotes; a quote in front is no part of the cell. */
static int
has_formula(struct slice s)
{
	const char *p = s.p, *end = s.p + s.n, *cell;
	int quoted;

	while (p < end) {
		quoted = *p == '"';
		cell = p += quoted;
		while (p < end && (quoted ? *p != '"' : strchr(",;\r\n", *p) == NULL))
			p++;
		if (is_formula(cell, p))
			return 1;
		while (p < end && strchr(",;\r\n", *p) == NULL)
			p++;
		p += p < end;
	}
	return 0;
}

static struct slice
without_mark(struct slice s)
{
	if (s.n >= 3 && memcmp(s.p, "\xef\xbb\xbf", 3) == 0) /* a byte order mark */
		return (struct slice){ s.p + 3, s.n - 3 };
	return s;
}

const char *
attachment_type(struct slice name, struct slice bytes, const char **ret_detail)
{
	struct text_facts facts;
	enum text_flaw flaw;

	if (ends_with(name, ".pdf")) {
		*ret_detail = "the file is no PDF";
		return is_pdf(bytes) ? "application/pdf" : NULL;
	}
	bytes = without_mark(bytes);
	flaw = text_check(bytes, TEXT_BLOCK, &facts);
	if (flaw != TEXT_FINE) {
		*ret_detail =
		    flaw == TEXT_NOT_UTF8 ? "a text in UTF-8" : text_flaw_detail(flaw);
		return NULL;
	}
	if (!ends_with(name, ".csv"))
		return "text/plain";
	*ret_detail = "a cell begins like a formula (= + - @ or a tab); put a quote "
		      "character ' before it";
	return has_formula(bytes) ? NULL : "text/csv";
}
