/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "proto/indicator.h"
#include "proto/paste.h"
#include "proto/text_host.h"
#include "proto/topic_value.h"

/* One word: an indicator, a reference, or nothing. */
enum { HOST_MAX = 253, SMALL = 32 };

static int
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int
is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static int
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int
ends_with(struct slice s, const char *end)
{
	size_t n = strlen(end);

	return s.n >= n && strncasecmp(s.p + s.n - n, end, n) == 0;
}

/* -------- numbers of vulnerabilities */

static size_t
digits(struct slice s, size_t at)
{
	size_t n = 0;

	while (at + n < s.n && is_digit(s.p[at + n]))
		n++;
	return n;
}

static int
is_number(struct slice s)
{
	static const char *const jvn[] = { "JVN#", "JVNVU#", "JVNTA#" };
	size_t i, n;

	if (s.n > 9 && strncasecmp(s.p, "CVE-", 4) == 0)
		return digits(s, 4) == 4 && s.p[8] == '-' && digits(s, 9) >= 4 &&
		       digits(s, 9) <= 7 && 9 + digits(s, 9) == s.n;
	if (s.n > 11 && strncasecmp(s.p, "JVNDB-", 6) == 0)
		return digits(s, 6) == 4 && s.p[10] == '-' && digits(s, 11) == 6 &&
		       s.n == 17;
	for (i = 0; i < sizeof jvn / sizeof jvn[0]; i++) {
		n = strlen(jvn[i]);
		if (s.n == n + 8 && strncasecmp(s.p, jvn[i], n) == 0)
			return digits(s, n) == 8;
	}
	return 0;
}

static void
add_upper(struct slice s, struct buf *out)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		buf_addc(
		    out, (char)(s.p[i] >= 'a' && s.p[i] <= 'z' ? s.p[i] - 32 : s.p[i]));
}

/* -------- addresses and versions */

/* Words that stand in front of a version. */
static int
says_version(struct slice before)
{
	static const char *const words[] = { "version", "versions", "ver", "v", "rev",
		"release", "build", "firmware", "バージョン", "版", "ファームウェア",
		"ビルド", "リリース", "Ver", "システム" };
	size_t i;

	for (i = 0; i < sizeof words / sizeof words[0]; i++)
		if ((unsigned char)words[i][0] >= 0x80
			? ends_with(before, words[i])
			: slice_eq_nocase(before, words[i]))
			return 1;
	return 0;
}

/* Words that stand in front of an address, and are no product's name. */
static int
says_address(struct slice before)
{
	static const char *const words[] = { "ip", "ipv4", "address", "addresses", "addr",
		"host", "hosts", "server", "servers", "c2", "c&c", "cc", "from", "to",
		"src", "dst", "source", "destination", "at", "via", "and", "or", "with",
		"on", "of", "by", "is", "was", "are", "proxy", "node", "callback", "IOC",
		"IOCs", "attacker", "scanner" };
	size_t i;

	for (i = 0; i < sizeof words / sizeof words[0]; i++)
		if (slice_eq_nocase(before, words[i]))
			return 1;
	return 0;
}

/* "ExampleVPN 3.2.1.4" is a version; what was made unclickable is none, and neither is
 * what has a part as no version has. */
static int
may_be_version(const struct paste_word *w, const unsigned char a[4])
{
	int i;

	if (w->fanged)
		return 0;
	if (says_version(w->before))
		return 1;
	for (i = 0; i < 4; i++)
		if (a[i] >= SMALL)
			return 0;
	return w->before.n > 0 && is_letter(w->before.p[w->before.n - 1]) &&
	       !says_address(w->before);
}

static int
is_common(enum indicator_type type, struct slice s)
{
	struct buf b;
	int rc;

	buf_init(&b, 4096);
	rc = topic_value(&type, s, &b);
	buf_done(&b);
	return rc != 1;
}

static enum paste_kind
ipv4(const struct paste_word *w, struct slice s, const char **ret_type, struct slice *ret,
    struct buf *room)
{
	unsigned char a[4];
	const char *slash = memchr(s.p, '/', s.n), *colon = memchr(s.p, ':', s.n);
	struct slice host = s;
	const char *detail;

	if (slash != NULL)
		host.n = (size_t)(slash - s.p);
	else if (colon != NULL &&
		 digits(s, (size_t)(colon - s.p) + 1) == s.n - (size_t)(colon - s.p) - 1)
		host.n = (size_t)(colon - s.p);
	buf_add(room, host.p, host.n);
	if (host.n > 15 || inet_pton(AF_INET, buf_cstr(room), a) != 1)
		return PASTE_NOTHING;
	if (may_be_version(w, a) || is_common(IND_IPV4, host))
		return PASTE_NOTHING;
	*ret = host;
	*ret_type = "ipv4";
	if (slash != NULL && digits(s, host.n + 1) == s.n - host.n - 1) {
		if (indicator_check(IND_CIDR, s, &detail) != 0)
			return PASTE_NOTHING;
		*ret = s;
		*ret_type = "cidr";
	}
	return PASTE_INDICATOR;
}

/* A time as 12::30 would be one too: some part is longer than a time's. */
static enum paste_kind
ipv6(struct slice s, const char **ret_type, struct slice *ret, struct buf *room)
{
	unsigned char a[16];
	size_t i, run = 0, longest = 0, colons = 0;

	for (i = 0; i < s.n; i++) {
		colons += s.p[i] == ':';
		run = is_hex(s.p[i]) ? run + 1 : 0;
		longest = run > longest ? run : longest;
		if (!is_hex(s.p[i]) && s.p[i] != ':' && s.p[i] != '.')
			return PASTE_NOTHING;
	}
	buf_reset(room);
	buf_add(room, s.p, s.n);
	if (colons < 2 || longest < 3 || s.n > 45 ||
	    inet_pton(AF_INET6, buf_cstr(room), a) != 1 || is_common(IND_IPV6, s))
		return PASTE_NOTHING;
	*ret_type = "ipv6";
	*ret = s;
	return PASTE_INDICATOR;
}

/* -------- hashes */

static enum paste_kind
hash(struct slice s, const char **ret_type, struct slice *ret)
{
	enum indicator_type type = s.n == 32   ? IND_MD5
				   : s.n == 40 ? IND_SHA1
				   : s.n == 64 ? IND_SHA256
					       : IND_OTHER;
	size_t i, letters = 0, figures = 0;

	if (type == IND_OTHER)
		return PASTE_NOTHING;
	for (i = 0; i < s.n; i++) {
		if (!is_hex(s.p[i]))
			return PASTE_NOTHING;
		figures += is_digit(s.p[i]) != 0;
		letters += !is_digit(s.p[i]);
	}
	if (letters == 0 || figures == 0 || is_common(type, s))
		return PASTE_NOTHING;
	*ret_type = indicator_types[type];
	*ret = s;
	return PASTE_INDICATOR;
}

/* -------- names */

/* Those who publish advisories: their pages are what to read, not what to block. */
static int
publishes_advisories(struct slice host)
{
	static const char *const ends[] = { "go.jp", "jpcert.or.jp", "jvn.jp", "cisa.gov",
		"nist.gov", "cve.org", "mitre.org", "first.org" };
	size_t i, n;

	for (i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		n = strlen(ends[i]);
		if (ends_with(host, ends[i]) &&
		    (host.n == n || host.p[host.n - n - 1] == '.'))
			return 1;
	}
	return 0;
}

/* Last labels that stand in running text without fangs often enough to be meant. */
static int
is_known_top(struct slice s)
{
	static const char *const tops[] = { "com", "net", "org", "info", "biz", "edu",
		"gov", "mil", "int", "xyz", "top", "online", "site", "club", "shop",
		"store", "tech", "app", "dev", "cloud", "live", "icu", "vip", "work",
		"link", "click", "space", "fun", "pro", "name", "mobi", "asia", "tokyo",
		"onion", "example", "test", "invalid", "buzz", "cyou", "monster",
		"support", "host", "press", "website", "world", "today", "life" };
	size_t i;

	if (s.n == 2)
		return 1;
	for (i = 0; i < sizeof tops / sizeof tops[0]; i++)
		if (slice_eq(s, tops[i]))
			return 1;
	return 0;
}

/* "the end.it was" */
static int
is_word_too(struct slice s, struct slice top)
{
	static const char *const words[] = { "is", "it", "in", "to", "at", "be", "so",
		"no", "me", "my", "us", "am", "an", "as", "by", "do", "go", "he", "if",
		"of", "on", "or", "up", "we" };
	size_t i;

	for (i = 0; i + top.n + 1 < s.n; i++)
		if (!is_letter(s.p[i]))
			return 0;
	for (i = 0; i < sizeof words / sizeof words[0]; i++)
		if (slice_eq(top, words[i]))
			return 1;
	return 0;
}

static int
is_host(struct slice s, int fanged)
{
	const char *dot = memrchr(s.p, '.', s.n);
	struct slice top;
	const char *detail;
	size_t i;

	if (dot == NULL || s.n > HOST_MAX ||
	    indicator_check(IND_DOMAIN, s, &detail) != 0 || memchr(s.p, '_', s.n) == s.p)
		return 0;
	top = (struct slice){ dot + 1, s.n - (size_t)(dot + 1 - s.p) };
	if (top.n < 2 || text_is_file_end(top))
		return 0;
	for (i = 0; i < top.n; i++)
		if (!is_letter(top.p[i]) && (unsigned char)top.p[i] < 0x80 &&
		    strncasecmp(top.p, "xn--", 4) != 0)
			return 0;
	if (fanged)
		return 1;
	/* "attack.It was" lacks a space, and "e.g" is none at all. */
	if (is_word_too(s, top))
		return 0;
	for (i = 0; i < top.n; i++)
		if (top.p[i] >= 'A' && top.p[i] <= 'Z')
			return 0;
	return is_known_top(top) && dot - s.p >= 2;
}

static enum paste_kind
host(const struct paste_word *w, struct slice s, const char **ret_type, struct slice *ret)
{
	const char *colon = memchr(s.p, ':', s.n);

	if (colon != NULL &&
	    digits(s, (size_t)(colon - s.p) + 1) == s.n - (size_t)(colon - s.p) - 1)
		s.n = (size_t)(colon - s.p);
	if (!is_host(s, w->fanged) || (!w->fanged && publishes_advisories(s)))
		return PASTE_NOTHING;
	*ret_type = "domain";
	*ret = s;
	return PASTE_INDICATOR;
}

static enum paste_kind
mail(const struct paste_word *w, struct slice s, const char **ret_type, struct slice *ret)
{
	const char *at = memrchr(s.p, '@', s.n);
	struct slice domain;
	const char *detail;

	if (at == NULL || at == s.p)
		return PASTE_NOTHING;
	if (s.n > 7 && strncasecmp(s.p, "mailto:", 7) == 0) {
		s.p += 7;
		s.n -= 7;
	}
	domain = (struct slice){ at + 1, s.n - (size_t)(at + 1 - s.p) };
	if (indicator_check(IND_EMAIL, s, &detail) != 0 || !is_host(domain, 1) ||
	    (!w->fanged && publishes_advisories(domain)))
		return PASTE_NOTHING;
	*ret_type = "email";
	*ret = s;
	return PASTE_INDICATOR;
}

/* The end of a path; "Node.js" is no file. */
static enum paste_kind
file(struct slice s, const char **ret_type, struct slice *ret)
{
	static const char *const ends[] = { "exe", "dll", "sys", "msi", "bat", "cmd",
		"ps1", "vbs", "vbe", "js", "jse", "wsf", "hta", "lnk", "scr", "jar",
		"iso", "img", "vhd", "vhdx", "docm", "xlsm", "one", "zip", "rar", "7z",
		"gz", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "pdf", "rtf", "cpl",
		"apk", "elf", "bin", "tmp", "dat" };
	const char *dot;
	struct slice end;
	size_t i;

	for (i = s.n; i > 0 && s.p[i - 1] != '\\' && s.p[i - 1] != '/';)
		i--;
	s.p += i;
	s.n -= i;
	dot = memrchr(s.p, '.', s.n);
	if (dot == NULL || dot == s.p || s.n > 255)
		return PASTE_NOTHING;
	end = (struct slice){ dot + 1, s.n - (size_t)(dot + 1 - s.p) };
	if (slice_eq(end, "js") && s.p[0] >= 'A' && s.p[0] <= 'Z')
		return PASTE_NOTHING;
	for (i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		if (!slice_eq_nocase(end, ends[i]))
			continue;
		*ret_type = "filename";
		*ret = s;
		return PASTE_INDICATOR;
	}
	return PASTE_NOTHING;
}

static enum paste_kind
url(const struct paste_word *w, struct slice s, const char **ret_type, struct slice *ret,
    struct buf *room)
{
	static const char *const schemes[] = { "http", "https", "ftp", "tcp", "ldap",
		"smb", "rmi", "ws", "wss" };
	const char *sep = memmem(s.p, s.n, "://", 3);
	struct slice name = { sep, 0 }, where;
	const char *detail;
	int fanged = w->fanged;
	size_t i;

	/* "URL:http://" */
	while (name.p > s.p && is_letter(name.p[-1])) {
		name.p--;
		name.n++;
	}
	s.n -= (size_t)(name.p - s.p);
	s.p = name.p;

	if (name.n == 4 || name.n == 5) {
		if (strncasecmp(name.p, "hxxp", 4) == 0) {
			fanged = 1;
			buf_adds(room, name.n == 5 ? "https" : "http");
			buf_add(room, sep, s.n - name.n);
			s = buf_slice(room);
			sep = s.p + name.n;
			name.p = s.p;
		}
	}
	for (i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
		if (slice_eq_nocase(name, schemes[i]))
			break;
	if (i == sizeof schemes / sizeof schemes[0] ||
	    indicator_check(IND_URL, s, &detail) != 0)
		return PASTE_NOTHING;
	where = (struct slice){ sep + 3, 0 };
	while (where.p + where.n < s.p + s.n && strchr("/?#:", where.p[where.n]) == NULL)
		where.n++;
	if (where.n < 3)
		return PASTE_NOTHING;
	*ret = s;
	*ret_type = "url";
	return !fanged && i < 2 && publishes_advisories(where) ? PASTE_REFERENCE
							       : PASTE_INDICATOR;
}

static enum paste_kind
one_of(const struct paste_word *w, struct slice s, const char **ret_type,
    struct slice *ret_value, struct buf *room)
{
	enum paste_kind kind = ipv4(w, s, ret_type, ret_value, room);

	if (kind == PASTE_NOTHING)
		kind = hash(s, ret_type, ret_value);
	if (kind == PASTE_NOTHING)
		kind = mail(w, s, ret_type, ret_value);
	if (kind == PASTE_NOTHING)
		kind = file(s, ret_type, ret_value);
	if (kind == PASTE_NOTHING)
		kind = host(w, s, ret_type, ret_value);
	return kind;
}

/* "SHA256:9f86d0..", "C2:evil.example": what stands in front says what it is. */
static struct slice
label_of(struct slice s)
{
	struct slice label = { s.p, 0 };

	while (label.n < s.n &&
	       (is_letter(s.p[label.n]) || is_digit(s.p[label.n]) || s.p[label.n] == '-'))
		label.n++;
	if (label.n == s.n || s.p[label.n] != ':' || label.n == 0 ||
	    digits(s, label.n + 1) == s.n - label.n - 1)
		label.n = 0;
	return label;
}

enum paste_kind
paste_word(const struct paste_word *w, const char **ret_type, struct slice *ret_value,
    struct buf *room)
{
	struct paste_word inner = *w;
	struct slice s = w->text;
	enum paste_kind kind;

	if (memmem(s.p, s.n, "://", 3) != NULL)
		return url(w, s, ret_type, ret_value, room);
	while (s.n > 0 && strchr("/)-_=&", s.p[s.n - 1]) != NULL)
		s.n--;
	kind = ipv6(s, ret_type, ret_value, room);
	buf_reset(room);
	if (kind != PASTE_NOTHING)
		return kind;
	inner.text = label_of(s);
	if (inner.text.n > 0) {
		inner.before = inner.text;
		s.p += inner.text.n + 1;
		s.n -= inner.text.n + 1;
	}
	if (s.n < 4)
		return PASTE_NOTHING;
	if (is_number(s)) {
		add_upper(s, room);
		*ret_value = buf_slice(room);
		return PASTE_REFERENCE;
	}
	return one_of(&inner, s, ret_type, ret_value, room);
}
