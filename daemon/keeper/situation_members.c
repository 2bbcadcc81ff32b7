/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/situation.h"

#include <stdio.h>
#include <string.h>

#include "daemon/keeper/acks.h"
#include "daemon/keeper/case.h"
#include "daemon/keeper/draft.h"
#include "daemon/keeper/publish.h"
#include "daemon/keeper/store_triage.h"

/* What joins a situation, or leaves it: only what the desk that asks may read itself. */
enum { CASES_MOST = 5000, AT_ONCE = 100 };

static const struct field members_table[] = {
	{ .name = "cases", .type = FIELD_IDS, .max = 500, .bytes = 32 },
	{ .name = "groups", .type = FIELD_IDS, .max = 32, .bytes = 32 },
	{ .name = "bulletins", .type = FIELD_IDS, .max = 100, .bytes = 32 },
	{ .name = "leave", .type = FIELD_BOOL },
	{ .name = NULL },
};

struct joining {
	struct keeper *k;
	struct desk_call *c;
	const struct store_situation *s;
	int own, leave;
	unsigned cases;
};

/* What is kept from the government is not shown to the centre as a figure either. */
static int
kept_from_centre(struct joining *j, const struct store_case *row)
{
	struct report_facts facts;
	struct store_report report;
	json_t *json = NULL;
	int rc;

	if (j->s->desk != DESK_CENTRE || j->own)
		return 0;
	rc = publish_load(j->k, row->report, &report, &json);
	if (rc != 0)
		return rc;
	report_facts(json, &facts);
	json_decref(json);
	if (facts.no_government && facts.hotline == HOTLINE_NONE)
		return desk_fail(j->c, P_CONSENT, "/cases",
		    "the reporter of a case keeps it from the government");
	return 0;
}

static int
join_bulletin(struct joining *j, const uint8_t *id, const char *pointer)
{
	const struct rights *r = &j->c->m->rights;
	struct situation_said said = { .kind = ENTRY_BULLETIN,
		.person = j->own ? r->person : NULL,
		.ref = id,
		.minute = j->c->minute };
	struct store_bulletin b;
	int changed, rc = store_bulletin_get(j->k->store, id, &b);

	if (rc == 0 && frame_may_read(&b.head, r, acks_is_cross(j->k, r)) != VIEW_BODY)
		rc = ERR_NOTFOUND;
	if (rc == ERR_NOTFOUND && pointer == NULL)
		return 0;
	if (rc == ERR_NOTFOUND)
		return desk_fail(
		    j->c, P_INVALID_FIELD, pointer, "no bulletin that this desk reads");
	if (rc != 0)
		return rc;
	if (j->leave)
		return store_situation_bulletin_del(j->k->store, j->s->id, id, &changed);
	rc = store_situation_bulletin_add(j->k->store, j->s->id, id, &changed);
	said.value = b.revision;
	return rc == 0 && changed ? situation_say(j->k, j->s->id, &said) : rc;
}

static int
join_case(struct joining *j, const uint8_t *id, const char *pointer)
{
	struct keeper_case ask;
	struct store_case row;
	int changed, rc;

	memset(&ask, 0, sizeof ask);
	ask.desk = 1;
	ask.rights = j->c->m->rights;
	memcpy(ask.case_id, id, ID_LEN);
	rc = case_enter(j->k, &ask, &row);
	if (rc == 0 && j->s->desk < SLOTS && row.slot != j->s->desk)
		rc = ERR_NOTFOUND;
	if (rc == ERR_NOTFOUND)
		return desk_fail(
		    j->c, P_INVALID_FIELD, pointer, "not a case of this desk");
	if (rc == 0 && row.state == CASE_WITHDRAWN)
		return desk_fail(j->c, P_CONFLICT, pointer,
		    "one of the cases was withdrawn by its reporter");
	if (rc == 0)
		rc = kept_from_centre(j, &row);
	if (rc == 0)
		rc = j->leave
			 ? store_situation_case_del(j->k->store, j->s->id, id, &changed)
			 : store_situation_case_add(j->k->store, j->s->id, id, &changed);
	if (rc != 0)
		return rc;
	j->cases += changed != 0;
	return row.has_bulletin && !j->leave ? join_bulletin(j, row.bulletin, NULL) : 0;
}

static int
join_group(struct joining *j, const uint8_t *id, const char *pointer)
{
	struct store_member_case in[AT_ONCE];
	struct store_group g;
	size_t n = AT_ONCE, skip, i;
	int rc = store_group_get(j->k->store, id, &g);

	if (rc == ERR_NOTFOUND || (rc == 0 && !desk_sits_at(j->c, g.desk)))
		return desk_fail(j->c, P_INVALID_FIELD, pointer, "no group of this desk");
	for (skip = 0; rc == 0 && n == AT_ONCE && skip < CASES_MOST; skip += n) {
		rc = store_member_case_list(j->k->store, id, skip, in, AT_ONCE, &n);
		for (i = 0; rc == 0 && i < n; i++)
			if (!in[i].ended)
				rc = join_case(j, in[i].case_id, pointer);
	}
	return rc;
}

static int
each(struct joining *j, const json_t *body, const char *key,
    int (*fn)(struct joining *j, const uint8_t *id, const char *pointer))
{
	const json_t *list = json_object_get(body, key), *one;
	uint8_t id[ID_LEN];
	char pointer[40];
	struct slice hex;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < json_array_size(list); i++) {
		one = json_array_get(list, i);
		hex = (struct slice){ json_string_value(one), json_string_length(one) };
		(void)snprintf(pointer, sizeof pointer, "/%s/%zu", key, i);
		rc = hex_decode(hex, id, ID_LEN) == ID_LEN
			 ? fn(j, id, pointer)
			 : desk_fail(j->c, P_INVALID_FIELD, pointer, "an id");
	}
	return rc;
}

static int
check_size(struct joining *j)
{
	unsigned counts[SLOTS + 1], i, n = 0;
	int rc = store_situation_counts(j->k->store, j->s->id, counts);

	for (i = 0; rc == 0 && i <= SLOTS; i++)
		n += counts[i];
	if (rc == 0 && n > CASES_MOST)
		return desk_fail(j->c, P_CONFLICT, NULL, "there are too many in it");
	return rc;
}

/* Which desk's situation, open: its own, or as a secretariat the centre's. */
static int
enter(struct keeper *k, struct desk_call *c, struct store_situation *s, int *own)
{
	int rc = situation_enter(k, c, s, own);

	if (rc == 0 && s->state != SITUATION_OPEN)
		return desk_fail(c, P_CONFLICT, NULL, "the situation is closed");
	s->touched = c->minute;
	return rc;
}

int
situation_members(struct keeper *k, struct desk_call *c)
{
	struct store_situation s;
	struct joining j = { .k = k, .c = c, .s = &s };
	struct situation_said said = { .minute = c->minute };
	json_t *body = NULL;
	int rc = enter(k, c, &s, &j.own);

	if (rc == 0)
		rc = situation_body(c, members_table, &body);
	if (rc != 0)
		return rc;
	j.leave = json_is_true(json_object_get(body, "leave"));
	if (!j.own && json_object_get(body, "bulletins") != NULL)
		rc = desk_fail(c, P_FORBIDDEN, "/bulletins", "reports only");
	if (rc == 0)
		rc = each(&j, body, "cases", join_case);
	if (rc == 0)
		rc = each(&j, body, "groups", join_group);
	if (rc == 0)
		rc = each(&j, body, "bulletins", join_bulletin);
	json_decref(body);
	if (rc == 0)
		rc = check_size(&j);
	said.kind = j.leave ? ENTRY_LEFT : ENTRY_REPORTS;
	said.value = j.cases;
	/* Who joins the centre's tells it more than how many of a group there are. */
	said.person = j.own ? c->m->rights.person : NULL;
	if (rc == 0 && j.cases > 0)
		rc = situation_say(k, s.id, &said);
	if (rc == 0)
		rc = store_situation_put(k->store, &s);
	return rc == 0 ? situation_answer(&s, c->out) : rc;
}
