/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/desk.h"

#include <string.h>

#include "daemon/keeper/assess.h"
#include "daemon/keeper/case.h"
#include "daemon/keeper/escalate.h"
#include "daemon/keeper/kgate.h"
#include "daemon/keeper/publish.h"
#include "daemon/keeper/slip.h"
#include "daemon/keeper/store_case.h"
#include "daemon/keeper/store_named.h"
#include "daemon/keeper/trend.h"
#include "daemon/keeper/words.h"
#include "lib/mem.h"
#include "proto/json.h"
#include "proto/report.h"

enum { DESKS = ROLE_SECRETARIAT | ROLE_CENTRE };
enum { BYTES_MOST = KEEPER_FRAME_MAX / 2, FAR = 100000, SCAN = 2000 };

/* One item is made of these. */
struct item {
	struct store_report report;
	struct store_case c;
	struct store_bulletin b;
	struct store_gate gate;
	int weighed;
	json_t *json;
	struct report_facts facts;
	int named; /* the reporter let this reader know who sent it */
};

static int
load(struct keeper *k, const uint8_t *id, struct item *it)
{
	int rc;

	it->json = NULL;
	rc = publish_load(k, id, &it->report, &it->json);
	if (rc == 0)
		rc = store_case_get(k->store, it->report.case_id, &it->c);
	if (rc == 0 && it->c.has_bulletin) {
		rc = store_bulletin_get(k->store, it->c.bulletin, &it->b);
		if (rc == ERR_NOTFOUND) { /* forgotten before the case */
			it->c.has_bulletin = 0;
			rc = 0;
		}
	}
	if (rc == 0) {
		rc = store_gate_get(k->store, id, &it->gate);
		it->weighed = rc == 0;
		if (rc == ERR_NOTFOUND) /* older than the gate */
			rc = 0;
	}
	if (rc == 0) {
		report_facts(it->json, &it->facts);
		/* The desk has no use for the hash of the reporter's secret. */
		(void)json_object_del(it->json, "case_commitment");
	}
	return rc;
}

static void
add_json(const char *name, const json_t *j, struct buf *out)
{
	if (!json_is_string(j))
		return;
	buf_addf(out, ",\"%s\":", name);
	json_add_string(out, slice_of(json_string_value(j)));
}

/* What the case channel has for this desk: how much was said, and whether it may call. */
static int
channel_write(
    struct keeper *k, const struct rights *rights, const struct item *it, struct buf *out)
{
	int rc;

	buf_addf(out, ",\"messages\":%u,\"unread\":%u", (unsigned)it->c.messages,
	    (unsigned)it->c.told);
	rc = slip_find(k, it->c.id, rights, NULL);
	if (rc == 0)
		buf_adds(out, ",\"slip\":true");
	return rc == ERR_NOTFOUND ? 0 : rc;
}

static int
item_write(
    struct keeper *k, const struct rights *rights, const struct item *it, struct buf *out)
{
	const char *slug = taxonomy_slug(k->tax, it->report.slot);
	int rc;

	buf_addc(out, '{');
	words_id("id", it->report.id, out);
	buf_addc(out, ',');
	words_id("case", it->report.case_id, out);
	buf_adds(out, ",\"ceptoar\":");
	if (slug != NULL)
		json_add_string(out, slice_of(slug));
	else
		buf_adds(out, "null");
	buf_addf(out, ",\"level\":%u", (unsigned)it->report.level);
	add_json("kind", json_object_get(it->json, "kind"), out);
	if (it->facts.hotline != HOTLINE_NONE)
		add_json("hotline", json_object_get(it->json, "hotline"), out);
	if (it->named)
		buf_adds(out, ",\"named\":true");
	buf_adds(out, ",\"received\":");
	words_time(it->report.minute * 60000, out);
	buf_addf(out, ",\"state\":\"%s\",\"reports\":%u", words_state(it->c.state),
	    (unsigned)it->c.reports);
	rc = channel_write(k, rights, it, out);
	if (rc != 0)
		return rc;
	if (it->c.has_bulletin) {
		buf_adds(out, ",\"bulletin\":{");
		words_id("id", it->b.id, out);
		buf_addf(out, ",\"number\":\"%s\",\"revision\":%u}", it->b.number,
		    (unsigned)it->b.revision);
	}
	if (it->weighed) {
		buf_adds(out, ",\"k\":{");
		kgate_write(&it->gate, out);
		buf_adds(out, "},\"held\":");
		policy_reasons(policy_neutral(it->gate.held), out);
	}
	rc = trend_like(k, it->json, out);
	if (rc == 0)
		rc = assess_write(k, it->report.case_id, out);
	if (rc != 0)
		return rc;
	buf_adds(out, ",\"report\":");
	if (json_canonical(it->json, out) != 0)
		return ERR_NOMEM;
	buf_addc(out, '}');
	return buf_err(out);
}

int
desk_report(
    struct keeper *k, const struct rights *rights, const uint8_t *report, struct buf *out)
{
	struct item it;
	int rc;

	memset(&it, 0, sizeof it);
	rc = load(k, report, &it);
	if (rc == 0)
		rc = item_write(k, rights, &it, out);
	json_decref(it.json);
	return rc;
}

static int
wanted(struct keeper *k, const struct keeper_list *q, const struct item *it)
{
	const struct store_report *r = &it->report;
	unsigned sector = taxonomy_sector_of_slot(k->tax, r->slot);

	if (!it->named && !case_on_desk(k, &it->c, &q->rights))
		return 0; /* it has left this desk */
	if (r->level < q->min_severity)
		return 0;
	return q->sectors == 0 || (sector < 64 && (q->sectors >> sector & 1) != 0);
}

static int
write_items(struct keeper *k, const struct keeper_list *q, const struct store_item *v,
    size_t n, struct buf *out)
{
	struct item it;
	uint32_t given = 0;
	size_t i;
	int rc;

	buf_adds(out, "{\"items\":[");
	for (i = q->before; i < n && given < q->limit; i++) {
		rc = load(k, v[i].report, &it);
		it.named = v[i].named;
		if (rc == 0 && wanted(k, q, &it)) {
			buf_adds(out, given++ > 0 ? "," : "");
			rc = item_write(k, &q->rights, &it, out);
		}
		json_decref(it.json);
		if (rc != 0)
			return rc;
		if (out->n > BYTES_MOST) {
			i++;
			break;
		}
	}
	if (i < n)
		buf_addf(out, "],\"next\":%zu", i);
	else
		buf_adds(out, "],\"next\":null");
	return buf_err(out);
}

void
desk_slots(struct keeper *k, const struct rights *r, struct slots *ret)
{
	unsigned i;

	memset(ret, 0, sizeof *ret);
	if (!rights_at_desk(r) || slots_empty(&r->sec))
		return;
	taxonomy_stands_in(k->tax, &r->sec, k->now_ms(), ret);
	for (i = 0; i < SLOT_BYTES; i++)
		ret->b[i] |= r->sec.b[i];
}

int
desk_inbox(struct keeper *k, const struct keeper_list *q, struct buf *out)
{
	int centre = (q->rights.roles & ROLE_CENTRE) != 0;
	struct store_item *v;
	struct slots slots;
	size_t n = 0, cap;
	int rc;

	if ((q->rights.roles & (ROLE_SECRETARIAT | ROLE_CENTRE | ROLE_MINISTRY)) == 0 ||
	    !rights_at_desk(&q->rights))
		return ERR_DENIED;
	if (q->before > FAR)
		return ERR_INVALID;
	cap = (size_t)q->before + q->limit + SCAN;
	v = mem_calloc(cap, sizeof *v);
	if (v == NULL)
		return ERR_NOMEM;
	desk_slots(k, &q->rights, &slots);
	rc = store_inbox_list(k->store, &slots, centre, v, cap, &n);
	if (rc == 0)
		rc = store_named_merge(k->store, q->rights.receiver, v, cap, &n);
	if (rc == 0)
		rc = write_items(k, q, v, n, out);
	if (rc == 0 && q->before == 0 && (q->rights.roles & DESKS) != 0) {
		buf_addc(out, ',');
		rc = escalate_show(k, &slots, centre, out);
	}
	buf_addc(out, '}');
	if (rc == 0)
		rc = buf_err(out);
	mem_free(v);
	return rc;
}
