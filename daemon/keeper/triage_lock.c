/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/triage.h"

#include <stdio.h>
#include <string.h>

#include "daemon/keeper/words.h"
#include "lib/mem.h"
#include "proto/report_field.h"
#include "proto/report_time.h"

int
triage_open(struct keeper *k, struct desk_call *c, struct store_group *ret)
{
	uint8_t id[ID_LEN];
	int rc;

	if (hex_decode(c->m->ref, id, sizeof id) != ID_LEN)
		return ERR_NOTFOUND;
	rc = store_group_get(k->store, id, ret);
	if (rc == 0 && !desk_sits_at(c, ret->desk))
		rc = ERR_NOTFOUND;
	if (rc == 0)
		desk_about(k, c, ret->desk);
	return rc;
}

void
triage_person(const struct rights *r, uint8_t ret[RECEIVER_LEN])
{
	static const uint8_t nobody[RECEIVER_LEN];

	memcpy(ret, r->person, RECEIVER_LEN);
	if (memcmp(ret, nobody, RECEIVER_LEN) == 0)
		memcpy(ret, r->receiver, RECEIVER_LEN);
}

/* 1: held, by whom says *ret_mine; 0: free. */
static int
look(struct keeper *k, const struct desk_call *c, const struct store_group *g,
    struct store_lock *ret, int *ret_mine)
{
	uint8_t me[RECEIVER_LEN];
	int rc = store_lock_get(k->store, g->id, ret);

	*ret_mine = 0;
	if (rc != 0)
		return rc == ERR_NOTFOUND ? 0 : rc;
	if (ret->until <= c->now_ms / 1000)
		return 0;
	triage_person(&c->m->rights, me);
	*ret_mine = memcmp(me, ret->person, RECEIVER_LEN) == 0 &&
		    memcmp(c->m->rights.receiver, ret->receiver, RECEIVER_LEN) == 0;
	return 1;
}

static int
is_same_desk(const struct desk_call *c, const struct store_lock *l)
{
	return memcmp(c->m->rights.receiver, l->receiver, RECEIVER_LEN) == 0;
}

static int
is_held(struct desk_call *c, const struct store_lock *l)
{
	char since[REPORT_TIME_LEN];
	struct buf by;

	report_time_write(l->since / 60 * 60000, since);
	buf_init(&by, 64);
	if (is_same_desk(c, l))
		buf_add_hex(&by, l->person, RECEIVER_LEN);
	(void)snprintf(c->said, DESK_SAID, "another person has held it since %s%s%s",
	    since, by.n > 0 ? ": " : "", buf_cstr(&by));
	buf_done(&by);
	return desk_fail(c, P_CONFLICT, NULL, c->said);
}

int
triage_touch(struct keeper *k, struct desk_call *c, const struct store_group *g)
{
	struct store_lock l;
	int mine, rc = look(k, c, g, &l, &mine);

	if (rc == 1 && mine)
		return store_lock_renew(k->store, g->id, c->now_ms / 1000 + LOCK_SECONDS);
	return rc < 0 ? rc : 0;
}

int
triage_hold(struct keeper *k, struct desk_call *c, const struct store_group *g)
{
	struct store_lock l;
	int mine, rc = look(k, c, g, &l, &mine);

	if (rc == 1 && !mine)
		return is_held(c, &l);
	return rc < 0 ? rc : triage_touch(k, c, g);
}

int
triage_lock_write(struct keeper *k, const struct desk_call *c,
    const struct store_group *g, struct buf *out, int *ret)
{
	struct store_lock l;
	int mine, rc = look(k, c, g, &l, &mine);

	*ret = rc == 1;
	if (rc != 1)
		return rc;
	buf_adds(out, ",\"lock\":{\"since\":");
	words_time(l.since * 1000, out);
	buf_adds(out, ",\"until\":");
	words_time(l.until * 1000, out);
	buf_addf(out, ",\"mine\":%s", mine ? "true" : "false");
	if (is_same_desk(c, &l)) {
		buf_addc(out, ',');
		words_id("person", l.person, out);
	}
	buf_addc(out, '}');
	return buf_err(out);
}

/* {"take": true, "reason": ..}: both, or neither. */
static int
read_take(struct desk_call *c, int *ret_take, json_t **ret_reason)
{
	static const struct field table[] = {
		{ .name = "take", .type = FIELD_BOOL },
		{ .name = "reason", .type = FIELD_BLOCK, .bytes = TRIAGE_REASON_MAX },
		{ .name = NULL },
	};
	struct report_check check = {
		.now_ms = c->now_ms, .lang = "ja", .why = &c->fault
	};
	json_t *given = NULL;
	int rc;

	*ret_take = 0;
	if (c->json == NULL)
		return 0;
	rc = report_object(&check, table, c->json, NULL, &given);
	if (rc == ERR_INVALID)
		c->problem = c->fault.problem;
	if (rc == 0) {
		*ret_take = json_is_true(json_object_get(given, "take"));
		*ret_reason = json_incref(json_object_get(given, "reason"));
	}
	json_decref(given);
	if (rc == 0 && *ret_take && *ret_reason == NULL)
		rc = desk_fail(c, P_MISSING_FIELD, "/reason",
		    "who takes it over from another person says why");
	return rc;
}

static struct slice
text_of(const json_t *texts, const char *language)
{
	const json_t *j = json_object_get(texts, language);
	struct slice s = { json_string_value(j), json_string_length(j) };

	return s.p != NULL ? s : slice_of("");
}

static int
lock(struct keeper *k, struct desk_call *c, const struct store_group *g)
{
	json_t *reason = NULL;
	struct store_lock l;
	int mine = 0, take, rc = read_take(c, &take, &reason);

	if (rc == 0)
		rc = look(k, c, g, &l, &mine);
	if (rc == 1 && !mine && !take) {
		rc = is_held(c, &l);
	} else if (rc == 1 && mine) {
		rc = triage_touch(k, c, g);
	} else if (rc >= 0) {
		memset(&l, 0, sizeof l);
		triage_person(&c->m->rights, l.person);
		memcpy(l.receiver, c->m->rights.receiver, RECEIVER_LEN);
		l.since = c->now_ms / 1000;
		l.until = l.since + LOCK_SECONDS;
		rc = store_lock_put(
		    k->store, g->id, &l, text_of(reason, "ja"), text_of(reason, "en"));
	}
	json_decref(reason);
	return rc;
}

int
triage_lock(struct keeper *k, struct desk_call *c)
{
	struct store_group g;
	int rc = triage_open(k, c, &g);

	if (rc == 0)
		rc = lock(k, c, &g);
	return rc != 0 ? rc : triage_item_write(k, c, &g, c->out);
}

int
triage_unlock(struct keeper *k, struct desk_call *c)
{
	struct store_group g;
	int rc = triage_open(k, c, &g);

	if (rc == 0)
		rc = triage_hold(k, c, &g);
	if (rc == 0)
		rc = store_lock_del(k->store, g.id);
	return rc != 0 ? rc : triage_item_write(k, c, &g, c->out);
}
