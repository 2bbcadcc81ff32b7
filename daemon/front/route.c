/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/front/route.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "proto/msg_desk.h"
#include "proto/rights.h"

#define REPORTERS (ROLE_OPERATOR | ROLE_AFFILIATE | ROLE_AGENCY)
#define DRAWERS	  (ROLE_OPERATOR | ROLE_AFFILIATE)
#define DESKS	  (ROLE_SECRETARIAT | ROLE_CENTRE)
#define NAMED	  (ROLE_CENTRE | ROLE_MINISTRY)
#define INBOX	  (ROLE_SECRETARIAT | ROLE_CENTRE | ROLE_MINISTRY)
#define ALL	  ROLES_ALL
#define SAYS	  ROLE_SUBSCRIBES
#define MEMBERS	  (ON_MEMBERS | ON_DESK)
#define BOTH	  (ON_MEMBERS | ON_DESK | ON_BLIND)
#define DESKS_ON  ON_DESK
#define ANSWERS	  ON_ANSWERS

/* The whole interface.  Whoever adds a call adds a line here and one in openapi.yaml. */
static const struct route table[] = {
	{ HTTP_GET, "/v1/triage", DESKS_ON, DESKS, 0, in_desk, DV_TRIAGE_LIST },
	{ HTTP_GET, "/v1/triage/*", DESKS_ON, DESKS, 0, in_desk, DV_TRIAGE_ITEM },
	{ HTTP_POST, "/v1/triage/*/lock", DESKS_ON, DESKS, 0, in_desk, DV_TRIAGE_LOCK },
	{ HTTP_DELETE, "/v1/triage/*/lock", DESKS_ON, DESKS, 0, in_desk,
	    DV_TRIAGE_UNLOCK },
	{ HTTP_POST, "/v1/triage/*/aside", DESKS_ON, DESKS, 1, in_desk, DV_TRIAGE_ASIDE },
	{ HTTP_POST, "/v1/triage/*/back", DESKS_ON, DESKS, 0, in_desk, DV_TRIAGE_BACK },
	{ HTTP_POST, "/v1/triage/*/merge", DESKS_ON, DESKS, 0, in_desk, DV_TRIAGE_MERGE },
	{ HTTP_POST, "/v1/triage/*/ask", DESKS_ON, DESKS, 1, in_desk, DV_TRIAGE_ASK },
	{ HTTP_POST, "/v1/drafts/*/approval", DESKS_ON, DESKS, 0, in_desk,
	    DV_APPROVAL_ASK },
	{ HTTP_POST, "/v1/cases/*/approval", BOTH, ALL, 1, in_approval_post, 0 },
	{ HTTP_POST, "/v1/drafts/paste", DESKS_ON, DESKS, 1, in_desk, DV_PASTE },
	{ HTTP_POST, "/v1/reports", BOTH, REPORTERS, 1, in_report_post, 0 },
	{ HTTP_POST, "/v1/reports/preview", MEMBERS, REPORTERS, 1, in_report_preview, 0 },
	{ HTTP_GET, "/v1/reports/*/identity", DESKS_ON, NAMED, 0, in_identity_get, 0 },
	{ HTTP_GET, "/v1/cases/*", BOTH, ALL, 0, in_case_get, 0 },
	{ HTTP_GET, "/v1/cases/*/messages", BOTH, ALL, 0, in_case_messages, 0 },
	{ HTTP_POST, "/v1/cases/*/messages", BOTH, ALL, 1, in_message_post, 0 },
	{ HTTP_POST, "/v1/cases/*/close", DESKS_ON, DESKS, 0, in_case_close, 0 },
	{ HTTP_GET, "/v1/cases/*/slip", DESKS_ON, DESKS, 0, in_case_slip, 0 },
	{ HTTP_POST, "/v1/cases/*/reports", BOTH, REPORTERS, 1, in_case_report, 0 },
	{ HTTP_POST, "/v1/cases/*/withdraw", BOTH, ALL, 0, in_case_withdraw, 0 },
	{ HTTP_GET, "/v1/stream", MEMBERS, ALL, 0, out_stream_get, 0 },
	{ HTTP_GET, "/v1/events", MEMBERS, ALL, 0, out_events_get, 0 },
	{ HTTP_GET, "/v1/bulletins", MEMBERS, ALL, 0, in_read_bulletins, 0 },
	{ HTTP_GET, "/v1/bulletins/*", MEMBERS, ALL, 0, in_read_bulletin, 0 },
	{ HTTP_POST, "/v1/acks", MEMBERS, ALL, 1, in_ack_post, 0 },
	{ HTTP_GET, "/v1/subscription", MEMBERS, ALL, 0, in_subscription_get, 0 },
	{ HTTP_PUT, "/v1/subscription", MEMBERS, SAYS, 1, in_subscription_put, 0 },
	{ HTTP_GET, "/v1/me", MEMBERS, ALL, 0, in_me_get, 0 },
	{ HTTP_POST, "/v1/bulletins/*/confirm", DESKS_ON, ROLE_CENTRE, 0, in_desk,
	    DV_CONFIRM },
	{ HTTP_POST, "/v1/situations", DESKS_ON, DESKS, 1, in_desk, DV_SITUATION_NEW },
	{ HTTP_GET, "/v1/situations", DESKS_ON, DESKS, 0, in_desk, DV_SITUATION_LIST },
	{ HTTP_GET, "/v1/situations/*", DESKS_ON, DESKS, 0, in_desk, DV_SITUATION_GET },
	{ HTTP_POST, "/v1/situations/*/entries", DESKS_ON, DESKS, 1, in_desk,
	    DV_SITUATION_ENTRY },
	{ HTTP_POST, "/v1/situations/*/members", DESKS_ON, DESKS, 1, in_desk,
	    DV_SITUATION_MEMBERS },
	{ HTTP_POST, "/v1/situations/*/tasks", DESKS_ON, DESKS, 1, in_desk,
	    DV_SITUATION_TASK },
	{ HTTP_POST, "/v1/situations/*/tasks/*", DESKS_ON, DESKS, 1, in_desk,
	    DV_SITUATION_DONE },
	{ HTTP_POST, "/v1/situations/*/report", DESKS_ON, DESKS, 1, in_desk,
	    DV_SITUATION_REPORT },
	{ HTTP_POST, "/v1/situations/*/close", DESKS_ON, DESKS, 0, in_desk,
	    DV_SITUATION_CLOSE },
	{ HTTP_POST, "/v1/situations/*/reopen", DESKS_ON, DESKS, 0, in_desk,
	    DV_SITUATION_REOPEN },
	{ HTTP_GET, "/v1/backlog", DESKS_ON, ROLE_CENTRE, 0, in_desk, DV_BACKLOG },
	{ HTTP_GET, "/v1/mode", MEMBERS, ALL, 0, in_desk, DV_MODE_SHOW },
	{ HTTP_POST, "/v1/mode", DESKS_ON, ROLE_CENTRE, 1, in_desk, DV_MODE_SWITCH },
	{ HTTP_GET, "/v1/tokens", MEMBERS, ALL, 0, in_tokens_get, 0 },
	{ HTTP_POST, "/v1/tokens", MEMBERS, DRAWERS, 1, in_tokens_post, 0 },
	{ HTTP_GET, "/v1/inbox", DESKS_ON, INBOX, 0, in_read_inbox, 0 },
	{ HTTP_GET, "/v1/duty-keys", MEMBERS, ALL, 0, in_read_duty_keys, 0 },
	{ HTTP_GET, "/v1/audit", DESKS_ON, DESKS, 0, in_desk, DV_AUDIT_LIST },
	{ HTTP_GET, "/v1/trends", DESKS_ON, DESKS, 0, in_read_trends, 0 },
	{ HTTP_GET, "/v1/names", DESKS_ON, DESKS, 0, in_names_get, 0 },
	{ HTTP_POST, "/v1/drafts", DESKS_ON, DESKS, 1, in_desk, DV_DRAFT_NEW },
	{ HTTP_GET, "/v1/drafts", DESKS_ON, DESKS, 0, in_desk, DV_DRAFT_LIST },
	{ HTTP_GET, "/v1/drafts/*", DESKS_ON, DESKS, 0, in_desk, DV_DRAFT_GET },
	{ HTTP_PUT, "/v1/drafts/*", DESKS_ON, DESKS, 1, in_desk, DV_DRAFT_PUT },
	{ HTTP_DELETE, "/v1/drafts/*", DESKS_ON, DESKS, 0, in_desk, DV_DRAFT_DELETE },
	{ HTTP_POST, "/v1/bulletins/*/relay", DESKS_ON, ROLE_SECRETARIAT, 1, in_desk,
	    DV_RELAY },
	{ HTTP_GET, "/v1/orders", DESKS_ON, DESKS, 0, in_desk, DV_ORDER_LIST },
	{ HTTP_PUT, "/v1/orders", DESKS_ON, ROLE_SECRETARIAT, 1, in_desk, DV_ORDER_PUT },
	{ HTTP_DELETE, "/v1/orders/*", DESKS_ON, ROLE_SECRETARIAT, 0, in_desk,
	    DV_ORDER_DELETE },
	{ HTTP_GET, "/.well-known/jwks.json", BOTH, ALL, 0, in_read_jwks, 0 },
	{ HTTP_GET, "/v1/drafts/*/audience", DESKS_ON, DESKS, 0, in_desk,
	    DV_DRAFT_AUDIENCE },
	{ HTTP_POST, "/v1/drafts/*/release", DESKS_ON, DESKS, 1, in_desk,
	    DV_DRAFT_RELEASE },
	{ HTTP_POST, "/v1/bulletins/*/update", DESKS_ON, DESKS, 1, in_desk,
	    DV_BULLETIN_UPDATE },
	{ HTTP_POST, "/v1/bulletins/*/cancel", DESKS_ON, DESKS, 1, in_desk,
	    DV_BULLETIN_CANCEL },
	{ HTTP_POST, "/v1/bulletins/*/false-alarm", DESKS_ON, DESKS, 0, in_desk,
	    DV_FALSE_ALARM },
	{ HTTP_GET, "/v1/hotline", DESKS_ON, ROLE_CENTRE, 0, in_desk, DV_HOTLINE_LIST },
	{ HTTP_POST, "/v1/hotline", DESKS_ON, ROLE_CENTRE, 1, in_desk, DV_HOTLINE_OPEN },
	{ HTTP_POST, "/v1/hotline/*/ack", DESKS_ON, ROLE_CENTRE, 0, in_desk,
	    DV_HOTLINE_ACK },
	{ HTTP_GET, "/v1/second", DESKS_ON, DESKS, 0, in_desk, DV_SECOND_LIST },
	{ HTTP_POST, "/v1/second/*", DESKS_ON, DESKS, 1, in_desk, DV_SECOND_GIVE },
	{ HTTP_PUT, "/v1/drafts/*/attachments/*", DESKS_ON, DESKS, BODY_FILE, in_desk,
	    DV_ATTACH_PUT },
	{ HTTP_GET, "/v1/drafts/*/attachments/*", DESKS_ON, DESKS, 0, in_desk,
	    DV_ATTACH_GET },
	{ HTTP_DELETE, "/v1/drafts/*/attachments/*", DESKS_ON, DESKS, 0, in_desk,
	    DV_ATTACH_DELETE },
	{ HTTP_GET, "/v1/bulletins/*/attachments/*", MEMBERS, ALL, 0, in_desk,
	    DV_BULLETIN_FILE },
	{ HTTP_GET, "/v1/transparency", MEMBERS, ALL, 0, in_read_transparency, 0 },
	{ HTTP_GET, "/a/*", ANSWERS, ALL, 0, in_answer_get, 0 },
	{ HTTP_POST, "/a/*", ANSWERS, ALL, BODY_FORM, in_answer_post, 0 },
	{ HTTP_GET, "/v1/bulletins/*/deliveries", MEMBERS, ALL, 0, in_desk,
	    DV_DELIVERIES },
	{ HTTP_GET, "/v1/bulletins/*/deliveries.csv", DESKS_ON, DESKS, 0, in_csv,
	    DV_DELIVERIES_CSV },
	{ HTTP_POST, "/v1/bulletins/*/questions", MEMBERS, ALL, 1, in_question_post,
	    DV_QUESTION },
	{ HTTP_GET, "/v1/bulletins/*/questions", MEMBERS, ALL, 0, in_desk,
	    DV_QUESTION_PUBLIC },
	{ HTTP_GET, "/v1/questions", DESKS_ON, DESKS, 0, in_desk, DV_QUESTION_LIST },
	{ HTTP_GET, "/v1/questions/*", MEMBERS, ALL, 0, in_desk, DV_QUESTION_GET },
	{ HTTP_POST, "/v1/questions/*/answer", DESKS_ON, DESKS, 1, in_desk,
	    DV_QUESTION_ANSWER },
	{ HTTP_GET, "/v1/stats", DESKS_ON, DESKS, 0, in_stats, DV_STATS },
	{ HTTP_GET, "/v1/stats.csv", DESKS_ON, DESKS, 0, in_stats, DV_STATS_CSV },
	{ HTTP_POST, "/v1/reports/*/assessment", DESKS_ON, ROLE_CENTRE, 1, in_desk,
	    DV_ASSESS },
	{ HTTP_POST, "/v1/drills", DESKS_ON, DESKS, 1, in_desk, DV_DRILL_NEW },
	{ HTTP_GET, "/v1/drills", DESKS_ON, DESKS, 0, in_desk, DV_DRILL_LIST },
	{ HTTP_GET, "/v1/drills/*.csv", DESKS_ON, DESKS, 0, in_drill, DV_DRILL_GET },
	{ HTTP_GET, "/v1/drills/*.html", DESKS_ON, DESKS, 0, in_drill, DV_DRILL_GET },
	{ HTTP_GET, "/v1/drills/*", DESKS_ON, DESKS, 0, in_desk, DV_DRILL_GET },
	{ HTTP_POST, "/v1/drills/*/end", DESKS_ON, DESKS, 0, in_desk, DV_DRILL_END },
	{ HTTP_POST, "/v1/contact-test", DESKS_ON, DESKS, 0, in_desk, DV_CONTACT_TEST },
	{ HTTP_GET, "/v1/contact-test/*", MEMBERS, ALL, 0, in_desk, DV_CONTACT_GET },
	{ HTTP_GET, "/v1/contact-test/*/deliveries.csv", DESKS_ON, DESKS, 0, in_csv,
	    DV_CONTACT_CSV },
	{ HTTP_POST, "/v1/acks/for", DESKS_ON, ROLE_SECRETARIAT, 1, in_desk, DV_ACK_FOR },
};
enum { COUNT = sizeof table / sizeof table[0] };

/* What the query of a GET may hold; every other call has none. */
enum { QUERY_MOST = 6 };
static const struct {
	const char *pattern;
	const char *names[QUERY_MOST + 1];
} queries[] = {
	{ "/v1/audit", { "cursor", "limit" } },
	{ "/v1/bulletins", { "cursor", "limit", "min_severity", "sector" } },
	{ "/v1/bulletins/*", { "revision" } },
	{ "/v1/bulletins/*/deliveries",
	    { "ceptoar", "cursor", "limit", "revision", "silent", "state" } },
	{ "/v1/bulletins/*/deliveries.csv",
	    { "ceptoar", "revision", "silent", "state" } },
	{ "/v1/contact-test/*", { "ceptoar", "cursor", "limit", "silent", "state" } },
	{ "/v1/contact-test/*/deliveries.csv", { "ceptoar", "state" } },
	{ "/v1/drafts", { "cursor", "limit" } },
	{ "/v1/drafts/*", { "revision" } },
	{ "/v1/events", { "cursor", "min_severity", "sector", "wait" } },
	{ "/v1/inbox", { "limit", "min_severity", "page", "sector" } },
	{ "/v1/names", { "bulletin", "member", "person", "receiver", "receivers" } },
	{ "/v1/questions", { "cursor", "limit", "open" } },
	{ "/v1/situations", { "closed" } },
	{ "/v1/situations/*", { "after" } },
	{ "/v1/stats", { "year" } },
	{ "/v1/stats.csv", { "year" } },
	{ "/v1/stream", { "cursor", "min_severity", "sector" } },
	{ "/v1/trends", { "limit", "page" } },
	{ "/v1/triage", { "ceptoar", "limit", "min_level", "page", "state" } },
	{ "/v1/triage/*", { "limit", "page" } },
};

/* Byte for byte: what is spelt otherwise is another path, and that does not exist. */
static int
matches(const char *pattern, struct slice path, struct route_params *ret)
{
	struct route_params p;
	const char *end = path.p + path.n, *at = path.p, *slash;
	unsigned n = 0;

	memset(&p, 0, sizeof p);
	for (; *pattern != '\0'; pattern++) {
		if (*pattern != '*') {
			if (at == end || *at++ != *pattern)
				return 0;
			continue;
		}
		slash = memchr(at, '/', (size_t)(end - at));
		if (slash == NULL)
			slash = end;
		slash -= strcspn(pattern + 1, "/"); /* "*.csv" */
		if (slash <= at || n == sizeof p.v / sizeof p.v[0])
			return 0;
		p.v[n++] = (struct slice){ at, (size_t)(slash - at) };
		at = slash;
	}
	if (at != end)
		return 0;
	*ret = p;
	return 1;
}

/* "/v1/drafts/paste" is no draft of that name: of the patterns that match, those with the
 * fewest parameters count. */
static unsigned
fewest(enum conn_on on, struct slice path)
{
	struct route_params params;
	unsigned n, least = UINT_MAX;
	size_t i;

	for (i = 0; i < COUNT; i++) {
		if ((table[i].listeners & on) == 0 ||
		    !matches(table[i].pattern, path, &params))
			continue;
		n = (params.v[0].n > 0) + (params.v[1].n > 0);
		least = n < least ? n : least;
	}
	return least;
}

/* Is it this row's path, there? */
static int
is_row(const struct route *row, enum conn_on on, struct slice path, unsigned parameters,
    struct route_params *ret)
{
	return (row->listeners & on) != 0 && matches(row->pattern, path, ret) &&
	       (ret->v[0].n > 0) + (ret->v[1].n > 0) == (int)parameters;
}

enum problem
route_find(const struct http_request *r, enum conn_on on, unsigned roles,
    const struct route **ret, struct route_params *ret_params)
{
	struct route_params params;
	unsigned parameters = fewest(on, r->path);
	int known = 0;
	size_t i;

	for (i = 0; i < COUNT; i++) {
		if (!is_row(&table[i], on, r->path, parameters, &params))
			continue;
		known = 1;
		if (table[i].method != r->method)
			continue;
		if ((table[i].roles & roles) == 0)
			return P_FORBIDDEN;
		*ret = &table[i];
		*ret_params = params;
		return P_OK;
	}
	return known ? P_METHOD : P_NOT_FOUND;
}

struct slice
route_query_unknown(const struct route *route, struct slice query)
{
	static const char *const none[] = { NULL };
	const char *const *names = none;
	size_t i;

	for (i = 0; i < sizeof queries / sizeof queries[0]; i++)
		if (route->method == HTTP_GET &&
		    strcmp(route->pattern, queries[i].pattern) == 0)
			names = queries[i].names;
	return http_query_unknown(query, names);
}

const char *
route_allow(enum conn_on on, struct slice path, char *room, size_t cap)
{
	static const char *const names[] = { [HTTP_GET] = "GET",
		[HTTP_POST] = "POST",
		[HTTP_PUT] = "PUT",
		[HTTP_DELETE] = "DELETE" };
	struct route_params params;
	unsigned parameters = fewest(on, path);
	size_t i, n = 0;
	int k;

	for (i = 0; i < COUNT; i++) {
		if (!is_row(&table[i], on, path, parameters, &params))
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
