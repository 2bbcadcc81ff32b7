/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/topic_value.h"

#include <arpa/inet.h>
#include <string.h>
#include <utf8proc.h>

#include "lib/mem.h"
#include "proto/fold.h"
#include "proto/punycode.h"

enum { VALUE_MAX = 16 * 1024, FULL_STOP = 0x3002 };

static void
add_point(uint32_t c, struct buf *out)
{
	utf8proc_uint8_t u[4];
	utf8proc_ssize_t n = utf8proc_encode_char((utf8proc_int32_t)c, u);

	buf_add(out, u, n > 0 ? (size_t)n : 0);
}

/* Folded; of a host the ideographic full stop is a dot, as in any resolver. */
static int
add_folded(struct slice s, int host, struct buf *out)
{
	struct fold f;
	size_t i;
	int rc = fold_text(s, &f);

	if (rc != 0)
		return rc;
	for (i = 0; i < f.n; i++)
		add_point(host && f.v[i].c == FULL_STOP ? '.' : f.v[i].c, out);
	fold_done(&f);
	return buf_err(out);
}

static int
add_host(struct slice s, struct buf *out)
{
	struct slice host;
	struct buf b;
	int rc;

	buf_init(&b, VALUE_MAX);
	rc = add_folded(s, 1, &b);
	host = buf_slice(&b);
	if (host.n > 2 && memcmp(host.p, "*.", 2) == 0) {
		host.p += 2;
		host.n -= 2;
	}
	if (host.n > 1 && host.p[host.n - 1] == '.')
		host.n--;
	if (rc == 0)
		rc = punycode_host(host, out);
	buf_done(&b);
	return rc;
}

static int
add_mail(struct slice s, struct buf *out)
{
	const char *at = memrchr(s.p, '@', s.n);
	size_t local = at != NULL ? (size_t)(at - s.p) + 1 : 0;
	int rc = add_folded((struct slice){ s.p, local }, 0, out);

	return rc != 0 ? rc : add_host((struct slice){ s.p + local, s.n - local }, out);
}

static int
add_composed(struct slice s, struct buf *out)
{
	const utf8proc_option_t how = UTF8PROC_COMPOSE | UTF8PROC_STABLE;
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s.p;
	utf8proc_int32_t *v;
	utf8proc_ssize_t n = utf8proc_decompose(p, (utf8proc_ssize_t)s.n, NULL, 0, how),
			 i;

	if (n < 0)
		return ERR_INVALID;
	v = mem_calloc((size_t)n + 1, sizeof *v);
	if (v == NULL)
		return ERR_NOMEM;
	n = utf8proc_decompose(p, (utf8proc_ssize_t)s.n, v, n, how);
	if (n > 0)
		n = utf8proc_normalize_utf32(v, n, how);
	for (i = 0; i < n; i++)
		add_point((uint32_t)v[i], out);
	mem_free(v);
	return n < 0 ? ERR_INVALID : buf_err(out);
}

static int
is_unreserved(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || (c != '\0' && strchr("-._~", c) != NULL);
}

/* Path and query: letters keep their case; %7e is ~ and %2f is %2F (RFC 3986, 6.2.2). */
static int
add_path(struct slice s, struct buf *out)
{
	const char *end = memchr(s.p, '#', s.n);
	unsigned char c;
	struct buf b;
	size_t i;
	int rc;

	if (end != NULL)
		s.n = (size_t)(end - s.p);
	buf_init(&b, VALUE_MAX);
	if (s.n == 0 || s.p[0] != '/')
		buf_addc(&b, '/');
	for (i = 0; i < s.n; i++) {
		if (s.p[i] != '%' || s.n - i < 3 ||
		    hex_decode((struct slice){ s.p + i + 1, 2 }, &c, 1) != 1) {
			buf_addc(&b, s.p[i]);
			continue;
		}
		if (is_unreserved(c))
			buf_addc(&b, (char)c);
		else
			buf_addf(&b, "%%%02X", c);
		i += 2;
	}
	rc = buf_err(&b) != 0 ? buf_err(&b) : add_composed(buf_slice(&b), out);
	buf_done(&b);
	return rc;
}

/* host[:port], the port only when it is not the scheme's own. */
static int
add_authority(const char *scheme, struct slice s, struct buf *out)
{
	static const struct {
		const char *scheme, *port;
	} own[] = { { "http", "80" }, { "https", "443" }, { "ftp", "21" } };
	const char *at = memrchr(s.p, '@', s.n), *colon;
	struct slice port = { "", 0 };
	size_t i;
	int rc;

	if (at != NULL) {
		buf_add(out, s.p, (size_t)(at + 1 - s.p));
		s.n -= (size_t)(at + 1 - s.p);
		s.p = at + 1;
	}
	colon = memrchr(s.p, ':', s.n);
	if (colon != NULL && memchr(colon, ']', s.n - (size_t)(colon - s.p)) == NULL) {
		port.p = colon + 1;
		port.n = s.n - (size_t)(port.p - s.p);
		s.n = (size_t)(colon - s.p);
	}
	rc = add_host(s, out);
	for (i = 0; i < sizeof own / sizeof own[0]; i++)
		if (strcmp(scheme, own[i].scheme) == 0 && slice_eq(port, own[i].port))
			port.n = 0;
	if (port.n > 0) {
		buf_addc(out, ':');
		buf_add(out, port.p, port.n);
	}
	return rc != 0 ? rc : buf_err(out);
}

static int
add_url(struct slice s, struct buf *out)
{
	const char *sep = memmem(s.p, s.n, "://", 3);
	struct slice rest, host;
	struct buf scheme;
	int rc;

	if (sep == NULL)
		return ERR_INVALID;
	rest = (struct slice){ sep + 3, s.n - (size_t)(sep + 3 - s.p) };
	for (host = (struct slice){ rest.p, 0 }; host.n < rest.n; host.n++)
		if (memchr("/?#", rest.p[host.n], 3) != NULL)
			break;
	buf_init(&scheme, VALUE_MAX);
	rc = add_folded((struct slice){ s.p, (size_t)(sep - s.p) }, 0, &scheme);
	if (rc == 0) {
		buf_add(out, scheme.p, scheme.n);
		buf_adds(out, "://");
		rc = add_authority(buf_cstr(&scheme), host, out);
	}
	buf_done(&scheme);
	if (rc == 0)
		rc = add_path((struct slice){ rest.p + host.n, rest.n - host.n }, out);
	return rc;
}

/* Addresses that are somebody's own, or nobody's: they connect no two reports. */
static int
is_common_v4(const unsigned char a[4])
{
	return a[0] == 0 || a[0] == 10 || a[0] == 127 || a[0] >= 224 ||
	       (a[0] == 100 && (a[1] & 0xC0) == 64) || (a[0] == 169 && a[1] == 254) ||
	       (a[0] == 172 && (a[1] & 0xF0) == 16) || (a[0] == 192 && a[1] == 168);
}

static int
is_common_v6(const unsigned char a[16])
{
	static const unsigned char zeros[15];

	return memcmp(a, zeros, 15) == 0 || (a[0] & 0xFE) == 0xFC || a[0] == 0xFF ||
	       (a[0] == 0xFE && a[1] >= 0x80);
}

static int
add_address(enum indicator_type *type, const char *text, struct buf *out)
{
	static const unsigned char mapped[12] = { [10] = 0xFF, [11] = 0xFF };
	char written[INET6_ADDRSTRLEN];
	unsigned char a[16];
	int family = *type == IND_IPV4 ? AF_INET : AF_INET6;
	const unsigned char *at = a;

	if (inet_pton(family, text, a) != 1)
		return ERR_INVALID;
	if (family == AF_INET6 && memcmp(a, mapped, sizeof mapped) == 0) {
		at = a + sizeof mapped;
		family = AF_INET;
		*type = IND_IPV4;
	}
	if (inet_ntop(family, at, written, sizeof written) == NULL)
		return ERR_INVALID;
	buf_adds(out, written);
	if (buf_err(out) != 0)
		return buf_err(out);
	return !(family == AF_INET ? is_common_v4(at) : is_common_v6(at));
}

static int
add_hash(struct slice s, struct buf *out)
{
	static const char *const empty[] = { "d41d8cd98f00b204e9800998ecf8427e",
		"da39a3ee5e6b4b0d3255bfef95601890afd80709",
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" };
	size_t i, from = out->n;
	struct slice made;
	int rc = add_folded(s, 0, out);

	if (rc != 0)
		return rc;
	made = (struct slice){ out->p + from, out->n - from };
	for (i = 0; i < sizeof empty / sizeof empty[0]; i++)
		if (slice_eq(made, empty[i]))
			return 0;
	return 1;
}

int
topic_value(enum indicator_type *type, struct slice value, struct buf *out)
{
	struct slice s;
	struct buf b;
	int rc;

	buf_init(&b, VALUE_MAX);
	indicator_refang(value, &b);
	rc = buf_err(&b);
	s = buf_slice(&b);
	if (rc != 0)
		goto out;
	switch (*type) {
	case IND_MD5:
	case IND_SHA1:
	case IND_SHA256:
		rc = add_hash(s, out);
		break;
	case IND_DOMAIN:
		rc = add_host(s, out);
		rc = rc == 0 ? 1 : rc;
		break;
	case IND_URL:
		rc = add_url(s, out);
		rc = rc == 0 ? 1 : rc;
		break;
	case IND_IPV4:
	case IND_IPV6:
		rc = add_address(type, buf_cstr(&b), out);
		break;
	case IND_EMAIL:
		rc = add_mail(s, out);
		rc = rc == 0 ? 1 : rc;
		break;
	default:
		break;
	}
out:
	buf_done(&b);
	return rc;
}

int
topic_product(struct slice name, struct buf *out)
{
	struct buf b;
	size_t i;
	int rc;

	buf_init(&b, VALUE_MAX);
	rc = add_folded(name, 0, &b);
	for (i = 0; rc == 0 && i < b.n; i++)
		if (b.p[i] != ' ' || (out->n > 0 && i + 1 < b.n && b.p[i + 1] != ' ' &&
					 out->p[out->n - 1] != ' '))
			buf_addc(out, b.p[i]);
	buf_done(&b);
	return rc != 0 ? rc : buf_err(out);
}
