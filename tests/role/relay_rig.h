/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RELAY_RIG_H
#define RELAY_RIG_H

/* What the centre says, and what desks make of it. */
#include "tests/role/keeper_rig.h"

#include "daemon/keeper/publish.h"
#include "proto/msg_desk.h"

static inline struct rights
desk(unsigned slot)
{
	struct rights r = rig_rights(60 + slot, ROLE_SECRETARIAT, slot);

	r.duties = DUTIES_ALL;
	return r;
}

static inline enum problem
ask(struct rig *g, const struct rights *r, unsigned verb, const char *ref,
    const char *sub, const char *json)
{
	struct keeper_desk m;
	enum problem p;
	struct buf b, text;
	json_t *j;

	memset(&m, 0, sizeof m);
	m.rights = *r;
	m.verb = (uint8_t)verb;
	m.ref = slice_of(ref);
	m.sub = slice_of(sub);
	m.query = slice_of("");
	buf_init(&text, DESK_JSON_MAX);
	if (json != NULL) {
		j = json_loads(json, 0, NULL);
		assert_non_null(j);
		assert_int_equal(json_canonical(j, &text), 0);
		json_decref(j);
	}
	m.json = buf_slice(&text);
	buf_init(&b, KEEPER_FRAME_MAX);
	keeper_desk_put(&b, &m);
	p = rig_call(g, &g->peer[0], KM_DESK, &b);
	buf_done(&text);
	buf_done(&b);
	return p;
}

/* The newest row, as a fresh tailer gets it: its header and its body. */
static inline json_t *
newest(struct rig *g, struct frame_head *h, unsigned *ret_n)
{
	struct rig_peer *p = rig_tail(g, 1);
	struct slice body, stub;
	json_t *j;
	unsigned n = 0;

	while (rig_row(p, n, h, &body, &stub))
		n++;
	assert_true(n > 0 && rig_row(p, n - 1, h, &body, &stub));
	j = json_loadb(body.p, body.n, 0, NULL);
	assert_non_null(j);
	*ret_n = n;
	rig_leave(p);
	g->peers--;
	return j;
}

static inline enum frame_view
sees(const struct frame_head *h, unsigned roles, unsigned slot)
{
	struct rights r = rig_rights(9, roles, slot);
	struct subscription s;

	subscription_default(&s);
	return frame_view(h, &r, &s, NULL);
}

/* A row of the log, as a desk of the centre would write one. */
struct written {
	struct frame_head h;
	struct store_bulletin b;
	const char *text;
};

static inline int
write_row(struct keeper *k, void *arg)
{
	struct written *w = arg;
	struct buf body, stub;
	int rc;

	buf_init(&body, FRAME_BODY_MAX);
	buf_init(&stub, FRAME_BODY_MAX);
	buf_adds(&body, w->text);
	if (w->b.head.kind != FRAME_BULLETIN)
		buf_adds(&stub, "{\"text\":{\"en\":\"over\"}}");
	w->b.head.minute = (uint32_t)(rig_now / 60000);
	rc = publish_row(k, &w->b.head, &body, &stub);
	if (rc == 0)
		rc = store_bulletin_put(k->store, &w->b);
	buf_done(&body);
	buf_done(&stub);
	return rc;
}

static inline void
centre_says(struct rig *g, struct written *w, unsigned flags, unsigned level)
{
	w->text = "{\"kind\":\"early_warning\",\"origin\":\"centre\",\"severity\":3,"
		  "\"status\":\"actual\",\"title\":{\"ja\":\"題\"},\"verified\":true}";
	memset(w->b.id, 0x77, ID_LEN);
	memset(w->b.head.id, 0x77, ID_LEN);
	(void)snprintf(w->b.number, sizeof w->b.number, "2026-CENTR");
	w->b.state = BULLETIN_STANDS;
	w->b.head.kind = FRAME_BULLETIN;
	w->b.revision = w->b.head.revision = 1;
	w->b.head.severity = (uint8_t)level;
	w->b.head.tlp = TLP_AMBER;
	w->b.head.sector = SECTOR_NONE;
	w->b.head.flags = (uint16_t)(FRAME_DESK | flags);
	assert_int_equal(batch_transact(g->k.batch, write_row, w), 0);
}

/* A desk's number of what it has passed on of "2026-CENTR". */
static inline void
passed_on(struct rig *g, const struct rights *r, const char *json, char own[NUMBER_MAX])
{
	json_t *j;

	assert_int_equal(ask(g, r, DV_RELAY, "2026-CENTR", "", json), P_OK);
	j = rig_json(&g->peer[0]);
	(void)snprintf(own, NUMBER_MAX, "%s", rig_text(j, "number"));
	json_decref(j);
}

static inline unsigned
rows(struct rig *g)
{
	struct frame_head h;
	unsigned n;

	json_decref(newest(g, &h, &n));
	return n;
}

/* The next revision of what the centre has said; how many rows it made. */
static inline unsigned
said_next(struct rig *g, struct written *w, enum frame_kind kind)
{
	unsigned before = rows(g);

	publish_next(&w->b, kind);
	w->b.head.revision = w->b.revision;
	w->b.state = kind == FRAME_CANCEL ? BULLETIN_CANCELLED : BULLETIN_STANDS;
	assert_int_equal(batch_transact(g->k.batch, write_row, w), 0);
	return rows(g) - before;
}

static const char mistaken[] = "{\"reason\":{\"ja\":\"誤送\"}}";

#endif
