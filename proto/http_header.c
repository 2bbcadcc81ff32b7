/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/http.h"

#include <string.h>
#include <strings.h>

#include "proto/http_chars.h"

struct slice
http_trim(struct slice s)
{
	while (s.n != 0 && http_is(s.p[0], HTTP_SPACE))
		s = (struct slice){ s.p + 1, s.n - 1 };
	while (s.n != 0 && http_is(s.p[s.n - 1], HTTP_SPACE))
		s.n--;
	return s;
}

int
http_list_has(struct slice list, const char *token)
{
	size_t i, start = 0;

	for (i = 0; i <= list.n; i++) {
		if (i < list.n && list.p[i] != ',')
			continue;
		if (slice_eq_nocase(
			http_trim((struct slice){ list.p + start, i - start }), token))
			return 1;
		start = i + 1;
	}
	return 0;
}

struct slice
http_header(const struct http_request *r, const char *name)
{
	struct slice found = { NULL, 0 };
	size_t n = strlen(name);
	unsigned i;

	for (i = 0; i < r->count; i++) {
		if (r->headers[i].name.n != n ||
		    strncasecmp(r->headers[i].name.p, name, n) != 0)
			continue;
		if (found.p != NULL)
			return (struct slice){ NULL, 0 };
		found = r->headers[i].value;
	}
	return found;
}

static int
is_json(struct slice v)
{
	const char *semi = v.n != 0 ? memchr(v.p, ';', v.n) : NULL;
	struct slice type = v, rest;

	if (semi != NULL)
		type.n = (size_t)(semi - v.p);
	if (!slice_eq_nocase(http_trim(type), "application/json"))
		return 0;
	if (semi == NULL)
		return 1;
	rest = http_trim((struct slice){ semi + 1, v.n - type.n - 1 });
	return slice_eq_nocase(rest, "charset=utf-8") ||
	       slice_eq_nocase(rest, "charset=\"utf-8\"");
}

int
http_content_is_json(const struct http_request *r, enum problem *why)
{
	if (is_json(http_header(r, "content-type")))
		return 1;
	*why = P_MEDIA_TYPE;
	return 0;
}
