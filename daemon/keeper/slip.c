/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/slip.h"

#include <string.h>

#include "daemon/keeper/batch.h"
#include "daemon/keeper/store_case.h"
#include "proto/json.h"
#include "proto/msg_case.h"

static const char centre[] = "centre";

static const char *
desk_name(struct keeper *k, unsigned desk)
{
	return desk == DESK_CENTRE ? centre : taxonomy_slug(k->tax, desk);
}

int
slip_fits(const struct keeper_put *p, unsigned desks)
{
	if (p->slip_desk == DESK_CENTRE)
		return (desks & DESK_BIT_CENTRE) != 0;
	return p->slip_desk == p->slot && (desks & DESK_BIT_OWN) != 0;
}

int
slip_keep(
    struct keeper *k, const struct keeper_put *p, const uint8_t *case_id, int64_t minute)
{
	struct store_slip s = { p->slip_desk,
		minute + policy_of(&k->policy, p->slot)->slip_hours * 60 };

	return store_slip_put(k->store, case_id, &s, p->slip);
}

int
slip_find(struct keeper *k, const uint8_t *case_id, const struct rights *rights,
    struct buf *out)
{
	struct store_slip s;
	const char *name;
	struct buf box;
	int rc;

	buf_init(&box, SLIP_MAX);
	rc = store_slip_get(k->store, case_id, &s, out != NULL ? &box : NULL);
	if (rc == 0 && (s.due <= k->now_ms() / 60000 || !rights_at_desk(rights) ||
			   (s.desk == DESK_CENTRE ? (rights->roles & ROLE_CENTRE) == 0
						  : !slots_has(&rights->sec, s.desk))))
		rc = ERR_NOTFOUND;
	if (rc == 0 && out != NULL) {
		name = desk_name(k, s.desk);
		buf_adds(out, "{\"box\":\"");
		buf_add_b64url(out, box.p, box.n);
		buf_adds(out, "\",\"to\":");
		json_add_string(out, slice_of(name != NULL ? name : ""));
		buf_addc(out, '}');
		rc = buf_err(out);
	}
	buf_done(&box);
	return rc;
}

struct writing {
	struct keeper *k;
	struct buf *out;
	unsigned n;
};

static int
add_key(void *arg, unsigned desk, struct slice cert)
{
	struct writing *w = arg;
	const char *name = desk_name(w->k, desk);

	if (name == NULL) /* of a CEPTOAR that the list has no more */
		return 0;
	buf_addf(w->out, "%s{\"desk\":\"%s\",\"cert\":", w->n++ > 0 ? "," : "", name);
	json_add_string(w->out, cert);
	buf_addc(w->out, '}');
	return buf_err(w->out);
}

void
slip_keys(struct keeper *k, struct front *f, const struct link_frame *fr)
{
	struct keeper_reply r;
	struct writing w;
	struct buf out;
	int rc;

	memset(&r, 0, sizeof r);
	buf_init(&out, KEEPER_FRAME_MAX / 2);
	w = (struct writing){ k, &out, 0 };
	buf_adds(&out, "{\"keys\":[");
	rc = store_duty_each(k->store, add_key, &w);
	buf_adds(&out, "]}");
	if (rc == 0)
		rc = buf_err(&out);
	if (rc == ERR_CORRUPT || rc == ERR_IO)
		keeper_store_failed(k, rc);
	r.problem = rc == 0 ? P_OK : problem_of(rc);
	if (rc == 0)
		r.body = buf_slice(&out);
	keeper_answer(k, f, fr->type, fr->call, &r);
	buf_done(&out);
}

struct setting {
	unsigned desk;
	struct slice cert;
};

static int
set_key(struct keeper *k, void *arg)
{
	const struct setting *s = arg;

	return store_duty_put(k->store, s->desk, s->cert);
}

/* ceptoarctl has read the certificate; here it is text that goes out as it came in. */
static int
is_pem(struct slice s)
{
	static const char begin[] = "-----BEGIN CERTIFICATE-----\n";
	size_t i;

	if (s.n < sizeof begin || memcmp(s.p, begin, sizeof begin - 1) != 0)
		return 0;
	for (i = 0; i < s.n; i++)
		if (s.p[i] != '\n' && (s.p[i] < 0x20 || s.p[i] > 0x7e))
			return 0;
	return 1;
}

int
slip_key_set(struct keeper *k, struct front *f, const struct link_frame *fr)
{
	struct setting s;
	struct keeper_reply r;
	struct slice name;
	struct wire w;
	int rc = 0;

	wire_init(&w, fr->p, fr->n);
	name = wire_str(&w, 64);
	s.cert = wire_str(&w, DUTY_CERT_MAX);
	if (wire_end(&w) != 0)
		return ERR_PROTO;
	memset(&r, 0, sizeof r);
	s.desk = slice_eq(name, centre) ? DESK_CENTRE : taxonomy_slot(k->tax, name);
	if (s.desk == SLOT_NONE && !slice_eq(name, centre)) {
		r.problem = P_INVALID_FIELD;
		r.detail = slice_of("desk: \"centre\" or a CEPTOAR");
	} else if (!is_pem(s.cert)) {
		r.problem = P_INVALID_FIELD;
		r.detail = slice_of("cert: a PEM certificate");
	} else {
		rc = batch_transact(k->batch, set_key, &s);
		r.problem = rc == 0 ? P_OK : problem_of(rc);
	}
	keeper_answer(k, f, fr->type, fr->call, &r);
	return 0;
}
