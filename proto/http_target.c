/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/http.h"

#include <string.h>
#include <strings.h>

#include "proto/http_chars.h"

enum { TARGET_MAX = 8192 }; /* beyond any request line that the limits let through */

/*
 * Escapes are checked and never decoded into the path.  In a path, an escape for a dot, a
 * slash, a backslash or a percent sign has no honest use: it is there to look like
 * another path to the next reader.
 */
static int
escapes_ok(struct slice s, int is_path)
{
	char plain[TARGET_MAX];
	size_t i, n = 0;
	int h, l, c;

	if (memchr(s.p, '%', s.n) == NULL)
		return 1;
	if (s.n > sizeof plain)
		return 0;
	for (i = 0; i < s.n; i++) {
		if (s.p[i] != '%') {
			plain[n++] = s.p[i];
			continue;
		}
		if (s.n - i < 3)
			return 0;
		h = http_hex(s.p[i + 1]);
		l = http_hex(s.p[i + 2]);
		if (h < 0 || l < 0)
			return 0;
		c = h << 4 | l;
		if (is_path && (c == '.' || c == '/' || c == '\\' || c == '%'))
			return 0;
		plain[n++] = (char)c;
		i += 2;
	}
	return http_text_ok((struct slice){ plain, n });
}

/* A client removes "." and ".." before it sends; we neither resolve nor ignore them. */
static int
has_dot_segment(struct slice path)
{
	size_t i, start = 0, n;

	if (memchr(path.p, '.', path.n) == NULL)
		return 0;
	for (i = 0; i <= path.n; i++) {
		if (i < path.n && path.p[i] != '/')
			continue;
		n = i - start;
		if ((n == 1 && path.p[start] == '.') ||
		    (n == 2 && path.p[start] == '.' && path.p[start + 1] == '.'))
			return 1;
		start = i + 1;
	}
	return 0;
}

static size_t
scheme_len(struct slice t)
{
	if (t.n >= 8 && strncasecmp(t.p, "https://", 8) == 0)
		return 8;
	if (t.n >= 7 && strncasecmp(t.p, "http://", 7) == 0)
		return 7;
	return 0;
}

int
http_target_split(struct http_request *r, struct slice *ret_authority)
{
	struct slice t = r->target, authority = { NULL, 0 };
	size_t i, start;

	if (t.n == 0)
		return ERR_PROTO;
	if (t.p[0] != '/') {
		start = scheme_len(t);
		if (start == 0) /* asterisk form, authority form, or nonsense */
			return ERR_PROTO;
		for (i = start; i < t.n && t.p[i] != '/' && t.p[i] != '?'; i++)
			;
		authority = (struct slice){ t.p + start, i - start };
		if (authority.n == 0)
			return ERR_PROTO;
		t = (struct slice){ t.p + i, t.n - i };
	}
	for (i = 0; i < t.n && http_is(t.p[i], HTTP_PATH); i++)
		;
	r->path = (struct slice){ t.p, i };
	r->query = (struct slice){ NULL, 0 };
	if (i < t.n) {
		if (t.p[i] != '?')
			return ERR_PROTO;
		start = ++i;
		while (i < t.n && http_is(t.p[i], HTTP_QUERY))
			i++;
		if (i < t.n)
			return ERR_PROTO;
		r->query = (struct slice){ t.p + start, t.n - start };
	}
	if (r->path.n == 0)
		r->path = slice_of("/");
	if (!escapes_ok(r->path, 1) || has_dot_segment(r->path) ||
	    (r->query.n != 0 && !escapes_ok(r->query, 0)))
		return ERR_PROTO;
	*ret_authority = authority;
	return 0;
}

/* uri-host [ ":" port ]; the length of uri-host, or 0 when it is no such thing. */
static size_t
host_len(struct slice v)
{
	size_t i = 0, host, digits;
	unsigned port = 0;

	if (v.n != 0 && v.p[0] == '[') {
		for (i = 1;
		     i < v.n && (http_hex(v.p[i]) >= 0 || v.p[i] == ':' || v.p[i] == '.');
		     i++)
			;
		if (i == v.n || v.p[i] != ']' || i == 1)
			return 0;
		i++;
	} else {
		while (i < v.n && http_is(v.p[i], HTTP_HOST))
			i++;
	}
	host = i;
	if (i == v.n)
		return host;
	if (v.p[i++] != ':')
		return 0;
	for (digits = 0; i < v.n; i++, digits++) {
		if (v.p[i] < '0' || v.p[i] > '9' || digits == 5)
			return 0;
		port = port * 10 + (unsigned)(v.p[i] - '0');
	}
	return digits != 0 && port <= 65535 ? host : 0;
}

static int
host_is_ours(struct slice h, const char *const *hosts)
{
	size_t i;

	if (hosts == NULL)
		return 0;
	for (i = 0; hosts[i] != NULL; i++) {
		if (slice_eq_nocase(h, hosts[i]))
			return 1;
		/* An IPv6 address may be listed with or without its brackets. */
		if (h.n > 2 && h.p[0] == '[' &&
		    slice_eq_nocase((struct slice){ h.p + 1, h.n - 2 }, hosts[i]))
			return 1;
	}
	return 0;
}

int
http_host_check(struct http_request *r, struct slice value, struct slice authority,
    const char *const *hosts, enum problem *why)
{
	size_t n;

	*why = P_MISDIRECTED;
	if (authority.n != 0 &&
	    (authority.n != value.n || strncasecmp(authority.p, value.p, value.n) != 0))
		return ERR_PROTO;
	if (value.n != 0 && memchr(value.p, '@', value.n) != NULL)
		return ERR_PROTO;
	n = host_len(value);
	if (n == 0) {
		*why = P_FRAMING;
		return ERR_PROTO;
	}
	r->host = (struct slice){ value.p, n };
	return host_is_ours(r->host, hosts) ? 0 : ERR_PROTO;
}
