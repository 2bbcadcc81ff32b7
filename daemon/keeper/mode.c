/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/mode.h"

#include <stdio.h>
#include <string.h>

#include "daemon/keeper/audit.h"
#include "daemon/keeper/centre.h"
#include "daemon/keeper/publish.h"
#include "daemon/keeper/situation.h"
#include "daemon/keeper/words.h"
#include "lib/log.h"
#include "proto/draft.h"
#include "proto/msg_keeper.h"

enum { MINUTE_MS = 60000, REASON_BYTES = 1000, BELL_LEVEL = 3 };

static int64_t
renew_minutes(const struct keeper *k)
{
	return k->opt.renew_ms / MINUTE_MS;
}

/* Until when it has to be renewed; 0: not at all. */
static int64_t
renew_by(const struct keeper *k, const struct store_mode *m)
{
	return m->mode == MODE_LARGE_SCALE ? m->renewed + renew_minutes(k) : 0;
}

static int
is_large(struct keeper *k)
{
	struct store_mode m;

	return store_mode_get(k->store, &m) == 0 && m.mode == MODE_LARGE_SCALE;
}

int
mode_said(struct keeper *k, const char **ret)
{
	struct store_mode m;
	int rc = store_mode_get(k->store, &m);

	if (rc == 0)
		*ret = hub_mode_word(m.mode);
	return rc;
}

void
mode_rules(struct keeper *k, struct escalation_rules *ret)
{
	*ret = k->opt.escalation;
	if (!is_large(k))
		return;
	ret->level4 = ret->level4 * k->opt.escalation_percent / 100;
	ret->level3 = ret->level3 * k->opt.escalation_percent / 100;
	if (ret->level4 < MINUTE_MS)
		ret->level4 = MINUTE_MS;
	if (ret->level3 < MINUTE_MS)
		ret->level3 = MINUTE_MS;
}

int64_t
mode_default(struct keeper *k, int64_t minute, unsigned level)
{
	int64_t span = k->opt.ack_ms / MINUTE_MS, most;
	struct escalation_rules rules;

	if (is_large(k))
		span = span * k->opt.ack_percent / 100;
	mode_rules(k, &rules);
	most = (level >= 4 ? rules.level4 : rules.level3) / MINUTE_MS;
	if (rules.on && level >= ESCALATION_LEVEL && span > most)
		span = most;
	return minute + (span > 0 ? span : 1);
}

void
mode_deadline(struct keeper *k, int64_t minute, struct draft_facts *f)
{
	if (f->ack && f->deadline == 0)
		f->deadline = mode_default(k, minute, f->severity);
}

int
mode_is_wide(struct keeper *k, unsigned level)
{
	return (long long)level >= k->opt.wide_level && is_large(k);
}

/* "mode":..,"reason":..,"renew_by":..,"since":.. of an object that is open. */
static void
add_fields(struct keeper *k, const struct store_mode *m, struct buf *out)
{
	int64_t by = renew_by(k, m);

	buf_addf(out, "\"mode\":\"%s\"", hub_mode_word(m->mode));
	if (m->reason[0] != '\0')
		buf_addf(out, ",\"reason\":%s", m->reason);
	if (by > 0) {
		buf_adds(out, ",\"renew_by\":");
		words_time(by * MINUTE_MS, out);
	}
	if (m->since > 0) {
		buf_adds(out, ",\"since\":");
		words_time(m->since * MINUTE_MS, out);
	}
}

/* The row on the stream, to everybody. */
static int
say(struct keeper *k, const struct store_mode *m, int64_t minute)
{
	struct frame_head h;
	struct buf body, stub;
	int rc;

	memset(&h, 0, sizeof h);
	h.kind = FRAME_MODE;
	h.sector = SECTOR_NONE;
	h.minute = (uint32_t)minute;
	buf_init(&body, 2 * MODE_REASON_MAX);
	buf_init(&stub, 1);
	buf_addc(&body, '{');
	add_fields(k, m, &body);
	buf_addc(&body, '}');
	rc = buf_err(&body);
	if (rc == 0)
		rc = publish_row(k, &h, &body, &stub);
	if (rc == 0)
		rc = situation_mode(k, m->mode, minute);
	buf_done(&body);
	buf_done(&stub);
	return rc;
}

static const char *const words_mode[] = { "normal", "large-scale", NULL };
static const struct field body_table[] = {
	{ .name = "mode", .type = FIELD_WORD, .required = 1, .words = words_mode },
	{ .name = "reason", .type = FIELD_BLOCK, .required = 1, .bytes = REASON_BYTES },
	{ .name = NULL },
};

/* The body: mode and reason into *m. */
static int
read_body(struct desk_call *c, struct store_mode *m)
{
	struct fault why = { P_INTERNAL, "", NULL };
	struct report_check check = { .now_ms = INT64_MAX, .lang = "ja", .why = &why };
	json_t *out = NULL;
	struct buf text;
	int rc;

	if (c->json == NULL)
		return desk_fail(c, P_MISSING_FIELD, "", "mode and reason");
	rc = report_object(&check, body_table, c->json, NULL, &out);
	if (rc == ERR_INVALID)
		return desk_fail(c, why.problem, why.pointer, why.detail);
	if (rc != 0)
		return rc;
	m->mode =
	    strcmp(json_string_value(json_object_get(out, "mode")), words_mode[1]) == 0
		? MODE_LARGE_SCALE
		: MODE_NORMAL;
	buf_init(&text, MODE_REASON_MAX);
	rc = json_canonical(json_object_get(out, "reason"), &text);
	memset(m->reason, 0, sizeof m->reason);
	if (rc == 0)
		memcpy(m->reason, text.p, text.n);
	else if (rc == ERR_LIMIT)
		rc = desk_fail(c, P_INVALID_FIELD, "/reason", "too long");
	buf_done(&text);
	json_decref(out);
	return rc;
}

static int
answer(struct keeper *k, const struct store_mode *m, int person, struct buf *out)
{
	buf_addc(out, '{');
	add_fields(k, m, out);
	if (person && m->since > 0) {
		buf_addc(out, ',');
		words_id("person", m->person, out);
	}
	buf_addc(out, '}');
	return buf_err(out);
}

int
mode_switch(struct keeper *k, struct desk_call *c)
{
	struct store_mode m, was;
	int rc = store_mode_get(k->store, &was);

	m = was;
	if (rc == 0)
		rc = read_body(c, &m);
	if (rc != 0)
		return rc;
	if (m.mode == MODE_NORMAL && was.mode == MODE_NORMAL)
		return desk_fail(c, P_CONFLICT, "/mode", "it is normal");
	if (m.mode != was.mode)
		m.since = c->minute;
	m.renewed = c->minute;
	m.asked = 0;
	memcpy(m.person, c->m->rights.person, RECEIVER_LEN);
	rc = store_mode_put(k->store, &m);
	if (rc == 0)
		rc = say(k, &m, c->minute);
	if (rc != 0)
		return rc;
	(void)snprintf(c->detail, sizeof c->detail, "%s%s", hub_mode_word(m.mode),
	    m.mode == was.mode ? ", renewed" : "");
	return answer(k, &m, 1, c->out);
}

int
mode_show(struct keeper *k, struct desk_call *c)
{
	struct store_mode m;
	int rc = store_mode_get(k->store, &m);

	return rc == 0 ? answer(k, &m, (c->m->rights.roles & ROLE_CENTRE) != 0, c->out)
		       : rc;
}

static int
ask(struct keeper *k, struct store_mode *m, int64_t minute)
{
	const struct word_bell bell = { "mode", NULL, BELL_LEVEL, 0, minute, 0 };
	int rc;

	m->asked = 1;
	rc = store_mode_put(k->store, m);
	return rc == 0 ? publish_word(k, &bell) : rc;
}

static int
lapse(struct keeper *k, struct store_mode *m, int64_t minute)
{
	static const char why[] =
	    "{\"en\":\"Nobody has renewed large-scale mode.\","
	    "\"ja\":\"大規模対応モードが更新されなかったため通常時に戻りました。\"}";
	int rc;

	m->mode = MODE_NORMAL;
	m->asked = 0;
	m->since = m->renewed = minute;
	memset(m->person, 0, sizeof m->person);
	memcpy(m->reason, why, sizeof why);
	rc = store_mode_put(k->store, m);
	if (rc == 0)
		rc = say(k, m, minute);
	if (rc == 0)
		rc = audit_add_own(k, NULL, "mode.lapse", slice_of(""), "normal");
	if (rc == 0)
		log_warn("large-scale mode was not renewed: it has ended");
	return rc;
}

int
mode_due(struct keeper *k, int64_t minute)
{
	struct store_mode m;
	int64_t by;
	int rc = store_mode_get(k->store, &m);

	if (rc != 0)
		return rc;
	by = renew_by(k, &m);
	if (by == 0 || minute < by)
		return ERR_NOTFOUND;
	if (m.asked && minute >= by + renew_minutes(k))
		return lapse(k, &m, minute);
	return m.asked ? ERR_NOTFOUND : ask(k, &m, minute);
}

void
mode_tell(struct keeper *k, struct front *f)
{
	struct front *to = f != NULL ? f : k->fronts;
	struct keeper_mode told;
	struct store_mode m;

	if (store_mode_get(k->store, &m) != 0)
		return; /* the store's failure is said elsewhere */
	told = (struct keeper_mode){ m.mode, m.since, renew_by(k, &m) };
	if (f == NULL && told.mode == k->mode_told.mode &&
	    told.since == k->mode_told.since && told.renew_by == k->mode_told.renew_by)
		return;
	k->mode_told = told;
	buf_reset(&k->out);
	keeper_mode_put(&k->out, &told);
	for (; to != NULL; to = f != NULL ? NULL : to->next)
		if (to->greeted &&
		    (buf_err(&k->out) != 0 ||
			link_send(to->l, KM_MODE, P_OK, 0, k->out.p, k->out.n) != 0))
			link_close(to->l);
}
