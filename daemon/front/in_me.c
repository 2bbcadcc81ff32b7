/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/front/conn.h"
#include "daemon/front/front.h"
#include "daemon/front/in_http.h"
#include "daemon/front/in_subscription.h"
#include "daemon/front/out_stream.h"
#include "daemon/front/route.h"
#include "daemon/front/who.h"
#include "proto/json.h"
#include "proto/taxonomy.h"

/* GET /v1/me: what the hub thinks this certificate may do.  No id, no name. */

static void
add_role(struct buf *out, unsigned *count, const char *ceptoar, const char *role)
{
	buf_adds(out, (*count)++ != 0 ? ",{" : "{");
	if (ceptoar != NULL) {
		buf_adds(out, "\"ceptoar\":");
		json_add_string(out, slice_of(ceptoar));
		buf_addc(out, ',');
	}
	buf_addf(out, "\"role\":\"%s\"}", role);
}

static void
add_slots(struct buf *out, unsigned *count, const struct taxonomy *t,
    const struct slots *slots, const char *role)
{
	unsigned i;

	for (i = 0; i < SLOTS; i++)
		if (slots_has(slots, i) && taxonomy_slug(t, i) != NULL)
			add_role(out, count, taxonomy_slug(t, i), role);
}

static void
add_communities(
    struct buf *out, unsigned *count, const struct taxonomy *t, const struct slots *slots)
{
	unsigned i;

	for (i = COMMUNITY_FIRST; i < SLOTS; i++) {
		if (!slots_has(slots, i) || taxonomy_community_slug(t, i) == NULL)
			continue;
		buf_addf(out, "%s{\"community\":", (*count)++ != 0 ? "," : "");
		json_add_string(out, slice_of(taxonomy_community_slug(t, i)));
		buf_adds(out, ",\"role\":\"subscriber\"}");
	}
}

static void
write_me(struct conn *c, struct buf *out)
{
	static const struct {
		unsigned bit;
		const char *name;
	} offices[] = { { ROLE_CENTRE, "centre" }, { ROLE_MINISTRY, "ministry" },
		{ ROLE_AGENCY, "agency" }, { ROLE_OBSERVER, "observer" } };
	static const char *const duties[] = { "reporter", "desk", "duty_officer",
		"machine" };
	static const char *const tlp[] = { "TLP:CLEAR", "TLP:GREEN", "TLP:AMBER",
		"TLP:AMBER+STRICT", "TLP:RED" };
	const struct rights *r = &c->who->rights;
	const struct taxonomy *t = c->f->tax;
	unsigned i, count = 0;

	buf_addf(out, "{\"clearance\":\"%s\",\"may_report\":%s,\"roles\":[",
	    tlp[r->clearance <= TLP_RED ? r->clearance : 0],
	    (who_roles(c) & (ROLE_OPERATOR | ROLE_AFFILIATE | ROLE_AGENCY)) != 0
		? "true"
		: "false");
	add_slots(out, &count, t, &r->op, "operator");
	add_slots(out, &count, t, &r->sec, "secretariat");
	if ((r->roles & ROLE_AFFILIATE) != 0)
		add_slots(out, &count, t, &r->aff, "affiliate");
	if ((r->roles & ROLE_SUBSCRIBER) != 0)
		add_communities(out, &count, t, &r->aff);
	for (i = 0; i < sizeof offices / sizeof offices[0]; i++)
		if ((r->roles & offices[i].bit) != 0)
			add_role(out, &count, NULL, offices[i].name);
	buf_adds(out, "],\"duties\":[");
	for (i = 0; i < sizeof duties / sizeof duties[0]; i++)
		if ((r->duties >> i & 1) != 0)
			buf_addf(out, "%s\"%s\"",
			    (r->duties & ((1u << i) - 1)) != 0 ? "," : "", duties[i]);
	buf_addf(
	    out, "],\"mode\":\"%s\",\"subscription\":", hub_mode_word(c->f->mode.mode));
	subscription_write(t, &c->who->reader->wants, out);
	buf_addc(out, '}');
}

static void
answer(struct conn *c)
{
	struct buf out;

	buf_init(&out, 65536);
	write_me(c, &out);
	if (buf_err(&out) == 0)
		http_json(c, 200, buf_slice(&out));
	else
		http_no_answer(c, buf_err(&out));
	buf_done(&out);
}

void
in_me_get(struct conn *c)
{
	start_with_wants(c, answer);
}
