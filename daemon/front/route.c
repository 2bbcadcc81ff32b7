/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/front/route.h"

#include <stdio.h>
#include <string.h>

#include "proto/rights.h"

#define REPORTERS (ROLE_OPERATOR | ROLE_AFFILIATE | ROLE_AGENCY)
#define DRAWERS	  (ROLE_OPERATOR | ROLE_AFFILIATE)
#define DESKS	  (ROLE_SECRETARIAT | ROLE_CENTRE)
#define NAMED	  (ROLE_CENTRE | ROLE_MINISTRY)
#define INBOX	  (ROLE_SECRETARIAT | ROLE_CENTRE | ROLE_MINISTRY)
#define ALL	  ROLES_ALL
#define MEMBERS	  ON_MEMBERS
#define BOTH	  (ON_MEMBERS | ON_BLIND)

/* The whole interface.  Whoever adds a call adds a line here and one in openapi.yaml. */
static const struct route table[] = {
	{ HTTP_POST, "/v1/reports", BOTH, REPORTERS, 1, in_report_post },
	{ HTTP_POST, "/v1/reports/preview", MEMBERS, REPORTERS, 1, in_report_preview },
	{ HTTP_GET, "/v1/reports/*/identity", MEMBERS, NAMED, 0, in_identity_get },
	{ HTTP_GET, "/v1/cases/*", BOTH, ALL, 0, in_case_get },
	{ HTTP_GET, "/v1/cases/*/messages", BOTH, ALL, 0, in_case_messages },
	{ HTTP_POST, "/v1/cases/*/messages", BOTH, ALL, 1, in_message_post },
	{ HTTP_POST, "/v1/cases/*/close", MEMBERS, DESKS, 0, in_case_close },
	{ HTTP_GET, "/v1/cases/*/slip", MEMBERS, DESKS, 0, in_case_slip },
	{ HTTP_POST, "/v1/cases/*/reports", BOTH, REPORTERS, 1, in_case_report },
	{ HTTP_POST, "/v1/cases/*/withdraw", BOTH, ALL, 0, in_case_withdraw },
	{ HTTP_GET, "/v1/stream", MEMBERS, ALL, 0, out_stream_get },
	{ HTTP_GET, "/v1/events", MEMBERS, ALL, 0, out_events_get },
	{ HTTP_GET, "/v1/bulletins", MEMBERS, ALL, 0, in_read_bulletins },
	{ HTTP_GET, "/v1/bulletins/*", MEMBERS, ALL, 0, in_read_bulletin },
	{ HTTP_POST, "/v1/acks", MEMBERS, ALL, 1, in_ack_post },
	{ HTTP_GET, "/v1/subscription", MEMBERS, ALL, 0, in_subscription_get },
	{ HTTP_PUT, "/v1/subscription", MEMBERS, ALL, 1, in_subscription_put },
	{ HTTP_GET, "/v1/me", MEMBERS, ALL, 0, in_me_get },
	{ HTTP_GET, "/v1/tokens", MEMBERS, ALL, 0, in_tokens_get },
	{ HTTP_POST, "/v1/tokens", MEMBERS, DRAWERS, 1, in_tokens_post },
	{ HTTP_GET, "/v1/inbox", MEMBERS, INBOX, 0, in_read_inbox },
	{ HTTP_GET, "/v1/duty-keys", MEMBERS, ALL, 0, in_read_duty_keys },
	{ HTTP_GET, "/v1/trends", MEMBERS, DESKS, 0, in_read_trends },
	{ HTTP_GET, "/v1/transparency", MEMBERS, ALL, 0, in_read_transparency },
};
enum { COUNT = sizeof table / sizeof table[0] };

/* Byte for byte: what is spelt otherwise is another path, and that does not exist. */
static int
matches(const char *pattern, struct slice path, struct slice *param)
{
	const char *star = strchr(pattern, '*');
	size_t head = star != NULL ? (size_t)(star - pattern) : strlen(pattern);
	size_t tail = star != NULL ? strlen(star + 1) : 0;
	struct slice mid;

	*param = (struct slice){ NULL, 0 };
	if (path.n < head || memcmp(path.p, pattern, head) != 0)
		return 0;
	if (star == NULL)
		return path.n == head;
	if (path.n <= head + tail || memcmp(path.p + path.n - tail, star + 1, tail) != 0)
		return 0;
	mid = (struct slice){ path.p + head, path.n - head - tail };
	if (memchr(mid.p, '/', mid.n) != NULL)
		return 0;
	*param = mid;
	return 1;
}

enum problem
route_find(const struct http_request *r, enum conn_on on, unsigned roles,
    const struct route **ret, struct slice *ret_param)
{
	struct slice param;
	int known = 0;
	size_t i;

	for (i = 0; i < COUNT; i++) {
		if ((table[i].listeners & on) == 0 ||
		    !matches(table[i].pattern, r->path, &param))
			continue;
		known = 1;
		if (table[i].method != r->method)
			continue;
		if ((table[i].roles & roles) == 0)
			return P_FORBIDDEN;
		*ret = &table[i];
		*ret_param = param;
		return P_OK;
	}
	return known ? P_METHOD : P_NOT_FOUND;
}

const char *
route_allow(enum conn_on on, struct slice path, char *room, size_t cap)
{
	static const char *const names[] = {
		[HTTP_GET] = "GET", [HTTP_POST] = "POST", [HTTP_PUT] = "PUT"
	};
	struct slice param;
	size_t i, n = 0;
	int k;

	for (i = 0; i < COUNT; i++) {
		if ((table[i].listeners & on) == 0 ||
		    !matches(table[i].pattern, path, &param))
			continue;
		k = snprintf(room + n, cap - n, "%s%s", n == 0 ? "Allow: " : ", ",
		    names[table[i].method]);
		if (k < 0 || (size_t)k >= cap - n)
			return NULL;
		n += (size_t)k;
	}
	if (n == 0 || n + 3 > cap)
		return NULL;
	memcpy(room + n, "\r\n", 3);
	return room;
}
