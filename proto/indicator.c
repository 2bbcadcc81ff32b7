/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/indicator.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

enum { VALUE_MAX = 2048 };

const char *const indicator_types[] = { "ipv4", "ipv6", "cidr", "asn", "domain", "url",
	"email", "md5", "sha1", "sha256", "filename", "file-extension", "mutex",
	"registry-key", "user-agent", "email-subject", "account-name", "software",
	"other", NULL };

int
indicator_type(struct slice name)
{
	int i;

	for (i = 0; i < IND_TYPES; i++)
		if (slice_eq(name, indicator_types[i]))
			return i;
	return -1;
}

static const struct {
	const char *written, *meant;
} fangs[] = {
	{ "[.]", "." },
	{ "(.)", "." },
	{ "{.}", "." },
	{ "[dot]", "." },
	{ "[:]", ":" },
	{ "[://]", "://" },
	{ "[/]", "/" },
	{ "[@]", "@" },
	{ "[at]", "@" },
};

void
indicator_refang(struct slice value, struct buf *out)
{
	size_t i, k, n;

	/* hxxp and hxxps, in any case, at the beginning only. */
	if (value.n > 5 && strncasecmp(value.p, "hxxp", 4) == 0) {
		buf_adds(out, "http");
		value.p += 4;
		value.n -= 4;
	}
	for (i = 0; i < value.n;) {
		n = 0;
		for (k = 0; k < sizeof fangs / sizeof fangs[0] && n == 0; k++) {
			n = strlen(fangs[k].written);
			if (value.n - i < n ||
			    strncasecmp(value.p + i, fangs[k].written, n) != 0)
				n = 0;
			else
				buf_adds(out, fangs[k].meant);
		}
		if (n == 0) {
			buf_addc(out, value.p[i]);
			n = 1;
		}
		i += n;
	}
}

static int
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int
all_of(const char *s, const char *set)
{
	return *s != '\0' && strspn(s, set) == strlen(s);
}

/* At least two labels of letters, digits, hyphens, underscores or non-ASCII letters; "*."
 * in front is allowed, for whole zones. */
static int
is_domain(const char *s)
{
	size_t label = 0, labels = 1, i;

	if (strncmp(s, "*.", 2) == 0)
		s += 2;
	if (strlen(s) > 253)
		return 0;
	for (i = 0; s[i] != '\0'; i++) {
		if (s[i] == '.') {
			if (label == 0 || s[i - 1] == '-')
				return 0;
			if (s[i + 1] == '\0')
				break; /* the root's dot */
			label = 0;
			labels++;
			continue;
		}
		if (!is_alnum(s[i]) && s[i] != '-' && s[i] != '_' &&
		    (unsigned char)s[i] < 0x80)
			return 0;
		if ((s[i] == '-' && label == 0) || ++label > 63 * 3)
			return 0;
	}
	return labels >= 2 && label > 0 && i > 0 && s[i - 1] != '-';
}

static int
is_address(const char *s, int family)
{
	unsigned char a[16];

	return inet_pton(family, s, a) == 1;
}

/* Decimal, no leading zeros, at most max. */
static int
is_number(const char *s, unsigned long long max)
{
	unsigned long long v = 0;
	size_t i, n = strlen(s);

	if (n == 0 || n > 10 || (s[0] == '0' && n > 1))
		return 0;
	for (i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return 0;
		v = v * 10 + (unsigned)(s[i] - '0');
	}
	return v <= max;
}

static int
is_cidr(const char *s)
{
	char address[64];
	const char *slash = strchr(s, '/');
	size_t n = slash != NULL ? (size_t)(slash - s) : 0;

	if (n == 0 || n >= sizeof address)
		return 0;
	memcpy(address, s, n);
	address[n] = '\0';
	return (is_address(address, AF_INET) && is_number(slash + 1, 32)) ||
	       (is_address(address, AF_INET6) && is_number(slash + 1, 128));
}

static int
is_url(const char *s)
{
	const char *sep = strstr(s, "://");
	size_t i;

	if (sep == NULL || sep == s || sep[3] == '\0' || sep[3] == '/')
		return 0;
	for (i = 0; s + i < sep; i++)
		if (!is_alnum(s[i]) && (i == 0 || strchr("+.-", s[i]) == NULL))
			return 0;
	return strpbrk(s, " \"<>\\^`{|}") == NULL;
}

static int
is_email(const char *s)
{
	const char *at = strrchr(s, '@');

	return at != NULL && at != s && at - s <= 64 &&
	       strpbrk(s, " <>\",;:\\") == NULL && is_domain(at + 1);
}

static int
is_hex(const char *s, size_t n)
{
	return strlen(s) == n && all_of(s, "0123456789abcdefABCDEF");
}

static int
is_asn(const char *s)
{
	return is_number(strncasecmp(s, "AS", 2) == 0 ? s + 2 : s, 4294967295u);
}

static int
is_valid(enum indicator_type type, const char *s)
{
	switch (type) {
	case IND_IPV4:
		return is_address(s, AF_INET);
	case IND_IPV6:
		return is_address(s, AF_INET6);
	case IND_CIDR:
		return is_cidr(s);
	case IND_ASN:
		return is_asn(s);
	case IND_DOMAIN:
		return is_domain(s);
	case IND_URL:
		return is_url(s);
	case IND_EMAIL:
		return is_email(s);
	case IND_MD5:
		return is_hex(s, 32);
	case IND_SHA1:
		return is_hex(s, 40);
	case IND_SHA256:
		return is_hex(s, 64);
	default:
		return 1;
	}
}

int
indicator_check(enum indicator_type type, struct slice value, const char **ret_detail)
{
	static const char *const expected[IND_TYPES] = {
		[IND_IPV4] = "an IPv4 address",
		[IND_IPV6] = "an IPv6 address",
		[IND_CIDR] = "an address, a slash and the length of the prefix",
		[IND_ASN] = "AS and a number",
		[IND_DOMAIN] = "a domain name",
		[IND_URL] = "a URL with its scheme",
		[IND_EMAIL] = "a mail address",
		[IND_MD5] = "32 hexadecimal digits",
		[IND_SHA1] = "40 hexadecimal digits",
		[IND_SHA256] = "64 hexadecimal digits",
	};
	struct buf b;
	int ok, r;

	*ret_detail = "at most 2048 bytes";
	if (value.n > VALUE_MAX)
		return ERR_INVALID;
	buf_init(&b, VALUE_MAX + 1);
	indicator_refang(value, &b);
	ok = is_valid(type, buf_cstr(&b));
	if (!ok)
		*ret_detail = expected[type];
	r = buf_err(&b);
	buf_done(&b);
	if (r != 0)
		return r == ERR_NOMEM ? r : ERR_INVALID;
	return ok ? 0 : ERR_INVALID;
}
