/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/assess.h"

#include <stdio.h>
#include <string.h>

#include "daemon/keeper/case.h"
#include "daemon/keeper/desk_call.h"
#include "daemon/keeper/store_stats.h"
#include "daemon/keeper/words.h"
#include "proto/report_field.h"

/* The case of a report, or the case itself; ERR_NOTFOUND unless it lies on this desk. */
static int
open_case(struct keeper *k, struct desk_call *c, struct store_case *ret)
{
	struct keeper_case ask;
	struct store_report r;
	int rc;

	memset(&ask, 0, sizeof ask);
	ask.desk = 1;
	ask.rights = c->m->rights;
	if (hex_decode(c->m->ref, ask.case_id, ID_LEN) != ID_LEN)
		return ERR_NOTFOUND;
	rc = store_report_get(k->store, ask.case_id, &r, NULL);
	if (rc == 0)
		memcpy(ask.case_id, r.case_id, ID_LEN);
	if (rc == 0 || rc == ERR_NOTFOUND)
		rc = case_enter(k, &ask, ret);
	return rc;
}

static uint8_t
axis(const json_t *given, const char *name)
{
	const json_t *levels = json_object_get(given, "severity_assessed");

	return (uint8_t)json_integer_value(json_object_get(levels, name));
}

static int
read_levels(struct desk_call *c, struct store_assessment *ret)
{
	static const struct field table[] = {
		{ .name = "severity_assessed", .type = FIELD_SEVERITY, .required = 1 },
		{ .name = NULL },
	};
	struct report_check check = {
		.now_ms = c->now_ms, .lang = "ja", .why = &c->fault
	};
	json_t *given = NULL;
	int rc;

	if (c->json == NULL)
		return desk_fail(c, P_JSON_SYNTAX, NULL, "{\"severity_assessed\":..}");
	rc = report_object(&check, table, c->json, NULL, &given);
	if (rc == ERR_INVALID)
		c->problem = c->fault.problem;
	if (rc == 0) {
		ret->continuity = axis(given, "continuity");
		ret->safety = axis(given, "safety");
		ret->trust = axis(given, "trust");
	}
	json_decref(given);
	return rc;
}

static uint8_t
overall(const struct store_assessment *a)
{
	uint8_t most = a->continuity > a->safety ? a->continuity : a->safety;

	return most > a->trust ? most : a->trust;
}

int
assess_write(struct keeper *k, const uint8_t *case_id, struct buf *out)
{
	struct store_assessment v[ASSESSMENTS_MAX];
	unsigned i, n = 0;
	int rc = store_assessment_list(k->store, case_id, v, &n);

	if (rc != 0 || n == 0)
		return rc;
	buf_adds(out, ",\"severity_assessed\":[");
	for (i = 0; i < n; i++) {
		buf_addf(out, "%s{\"at\":", i > 0 ? "," : "");
		words_time(v[i].minute * 60000, out);
		buf_addf(out, ",\"continuity\":%u,\"overall\":%u,",
		    (unsigned)v[i].continuity, (unsigned)overall(&v[i]));
		words_id("report", v[i].report, out);
		buf_addf(out, ",\"safety\":%u,\"trust\":%u,\"version\":%u}",
		    (unsigned)v[i].safety, (unsigned)v[i].trust, (unsigned)v[i].n);
	}
	buf_addc(out, ']');
	return buf_err(out);
}

int
assess_post(struct keeper *k, struct desk_call *c)
{
	struct store_assessment old[ASSESSMENTS_MAX], a;
	struct store_case row;
	unsigned n = 0;
	int rc;

	memset(&a, 0, sizeof a);
	rc = open_case(k, c, &row);
	if (rc == 0)
		rc = read_levels(c, &a);
	if (rc == 0)
		rc = store_assessment_list(k->store, row.id, old, &n);
	if (rc == 0 && row.state == CASE_WITHDRAWN)
		rc = desk_fail(c, P_CONFLICT, NULL, "the reporter took it back");
	if (rc == 0 && n == ASSESSMENTS_MAX)
		rc = desk_fail(c, P_CONFLICT, NULL, "no more versions are kept");
	if (rc != 0)
		return rc;
	memcpy(a.case_id, row.id, ID_LEN);
	memcpy(a.report, row.report, ID_LEN);
	a.n = (uint8_t)(n + 1);
	a.minute = c->minute;
	rc = store_assessment_add(k->store, &a);
	(void)snprintf(c->detail, sizeof c->detail, "version %u: level %u", (unsigned)a.n,
	    (unsigned)overall(&a));
	c->created = 1;
	buf_addc(c->out, '{');
	words_id("case", row.id, c->out);
	if (rc == 0)
		rc = assess_write(k, row.id, c->out);
	buf_addc(c->out, '}');
	return rc != 0 ? rc : buf_err(c->out);
}
