/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/text_host.h"

#include <string.h>
#include <utf8proc.h>

#include "proto/punycode.h"
#include "proto/text.h"

enum { HOST_MAX = 253 };

/* Names with these ends are files far more often than domains. */
int
text_is_file_end(struct slice s)
{
	static const char *const ends[] = { "exe", "dll", "sys", "bin", "dat", "msi",
		"bat", "cmd", "ps1", "vbs", "vbe", "jse", "wsf", "hta", "lnk", "scr",
		"jar", "py", "sh", "js", "php", "asp", "aspx", "jsp", "html", "htm",
		"css", "xml", "json", "yaml", "yml", "csv", "tsv", "txt", "log", "md",
		"rtf", "pdf", "doc", "docx", "docm", "xls", "xlsx", "xlsm", "ppt", "pptx",
		"one", "zip", "rar", "gz", "tar", "bz", "xz", "iso", "img", "vhd", "vhdx",
		"vmdk", "bak", "tmp", "db", "sql", "mdb", "ini", "cfg", "conf", "reg",
		"key", "pem", "crt", "cer", "pfx", "eml", "msg", "pst", "png", "jpg",
		"jpeg", "gif", "svg", "bmp", "ico", "mp", "wav", "avi", "so", "apk",
		"cpl", "ocx", NULL };
	size_t i;

	for (i = 0; ends[i] != NULL; i++)
		if (slice_eq_nocase(s, ends[i]))
			return 1;
	return 0;
}

int
text_has_lookalikes(struct slice text)
{
	size_t i;
	unsigned char c;

	/* First bytes of U+00C0 to U+058F and of U+1000 to U+1FFF, U+A000 to U+AFFF. */
	for (i = 0; i < text.n; i++) {
		c = (unsigned char)text.p[i];
		if ((c >= 0xC3 && c <= 0xD6) || c == 0xE1 || c == 0xEA)
			return 1;
	}
	return 0;
}

enum part { PART_NONE, PART_ASCII, PART_LOOKALIKE };

/* What stands at `at`, and its bytes. */
static enum part
part_at(struct slice text, size_t at, size_t *ret_n)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)text.p + at;
	utf8proc_int32_t c = *p;
	utf8proc_ssize_t n = 1;

	if (c >= 0x80)
		n = utf8proc_iterate(p, (utf8proc_ssize_t)(text.n - at), &c);
	*ret_n = n > 0 ? (size_t)n : 1;
	if (n > 1)
		return text_is_lookalike((uint32_t)c) ? PART_LOOKALIKE : PART_NONE;
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
		       c == '.' || c == '-' || c == '_'
		   ? PART_ASCII
		   : PART_NONE;
}

/* The last label: at least two letters, and no file's. */
static int
is_top(struct slice label)
{
	size_t i;

	if (label.n < 2)
		return 0;
	for (i = 0; i < label.n; i++)
		if (label.p[i] == '_' || label.p[i] == '-' ||
		    (label.p[i] >= '0' && label.p[i] <= '9'))
			return 0;
	return !text_is_file_end(label);
}

/* Does the run of n bytes at `at` name a host that has to be shown in ASCII? */
static int
is_host(struct slice text, size_t at, size_t n)
{
	struct slice label = { text.p + at, 0 };
	size_t i, dots = 0;

	if (n == 0 || n > HOST_MAX || text.p[at] == '.')
		return 0;
	if (at > 0 && strchr("%=&?\\", text.p[at - 1]) != NULL)
		return 0;
	if (at > 0 && text.p[at - 1] == '/' &&
	    (at < 3 || memcmp(text.p + at - 3, "://", 3) != 0))
		return 0;
	if (at + n < text.n && text.p[at + n] == '@')
		return 0;
	for (i = 0; i < n; i++) {
		if (text.p[at + i] != '.')
			continue;
		if (text.p[at + i + 1] == '.')
			return 0;
		label.p = text.p + at + i + 1;
		dots++;
	}
	label.n = (size_t)(text.p + at + n - label.p);
	return dots > 0 && is_top(label);
}

static int
add_host(struct slice host, struct buf *out)
{
	struct buf ascii;
	int r;

	buf_init(&ascii, 4096);
	r = punycode_host(host, &ascii);
	if (r == 0)
		buf_add(out, ascii.p, ascii.n);
	else if (r != ERR_NOMEM)
		buf_add(out, host.p, host.n);
	buf_done(&ascii);
	return r == ERR_NOMEM ? r : 0;
}

int
text_add_ascii_hosts(struct slice text,
    int (*keep)(void *arg, struct slice text, size_t at, size_t n), void *arg,
    struct buf *out)
{
	size_t at = 0, n, name, k = 0;
	enum part part;
	int seen, r = 0;

	while (at < text.n && r == 0 && buf_err(out) == 0) {
		seen = 0;
		for (n = 0; at + n < text.n; n += k) {
			part = part_at(text, at + n, &k);
			if (part == PART_NONE)
				break;
			seen |= part == PART_LOOKALIKE;
		}
		if (n == 0) {
			buf_add(out, text.p + at, k);
			at += k;
			continue;
		}
		name = n;
		while (name > 0 &&
		       (text.p[at + name - 1] == '.' || text.p[at + name - 1] == '-'))
			name--;
		if (seen && is_host(text, at, name) && !keep(arg, text, at, name))
			r = add_host((struct slice){ text.p + at, name }, out);
		else
			buf_add(out, text.p + at, name);
		buf_add(out, text.p + at + name, n - name);
		at += n;
	}
	return r != 0 ? r : buf_err(out);
}
