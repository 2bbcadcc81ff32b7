/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/contact_test.h"

#include <string.h>

#include <openssl/rand.h>

#include "daemon/keeper/deliveries_write.h"
#include "daemon/keeper/directory.h"
#include "daemon/keeper/drill.h"
#include "daemon/keeper/draft.h"
#include "daemon/keeper/publish.h"
#include "proto/bulletin.h"
#include "proto/msg_courier.h"

enum { DAY = 24 * 60 };

/* The text, the same for all; the title is marked where it is written. */
static json_t *
content(void)
{
	return json_pack("{s:{s:s,s:s},s:{s:s,s:s}}", "title", "ja", "連絡先の確認", "en",
	    "Contact test", "summary", "ja",
	    "登録された連絡先に届くかどうかの確認です。メールの場合は、リンクから受信を"
	    "お知らせください。ほかに必要なことはありません。",
	    "en",
	    "This tries whether your registered contacts work. In a mail, please confirm "
	    "by its link. Nothing else is needed.");
}

static void
set_head(const struct rights *r, const struct store_drill *d, struct store_bulletin *b)
{
	struct frame_head *h = &b->head;

	b->revision = 1;
	b->issued = d->start;
	b->state = BULLETIN_STANDS;
	b->verified = 1;
	b->valid_until = d->deadline; /* no end_due: nothing is sent when it is over */
	h->kind = FRAME_CONTACT;
	h->sector = SECTOR_NONE;
	h->tlp = TLP_GREEN;
	h->flags = FRAME_EXERCISE | FRAME_DESK;
	h->revision = 1;
	h->minute = (uint32_t)d->start;
	memcpy(h->id, b->id, ID_LEN);
	if (d->desk == DESK_CENTRE)
		h->flags |= FRAME_ALL;
	else
		h->slots = r->sec;
}

static int
write_row(struct keeper *k, const struct store_drill *d, struct store_bulletin *b)
{
	struct bulletin_make m;
	struct buf body, stub;
	json_t *text = content();
	int rc = text != NULL ? 0 : ERR_NOMEM;

	publish_make(b, d->start, &m);
	m.kind = FRAME_BULLETIN;
	m.origin =
	    publish_origin(d->desk == DESK_CENTRE ? ORIGIN_CENTRE : ORIGIN_SECRETARIAT);
	buf_init(&body, FRAME_BODY_MAX);
	buf_init(&stub, 1);
	if (rc == 0)
		rc = bulletin_desk(&m, text, NULL, k->tax, &body);
	if (rc == 0)
		rc = publish_row(k, &b->head, &body, &stub);
	if (rc == 0)
		rc = store_bulletin_put(k->store, b);
	json_decref(text);
	buf_done(&body);
	buf_done(&stub);
	return rc;
}

/* Whose test it is, and whether it may be now. */
static int
plan(struct keeper *k, struct desk_call *c, struct store_drill *d)
{
	const struct rights *r = &c->m->rights;
	unsigned i, n = 0;
	int rc;

	if (c->json != NULL &&
	    (!json_is_object(c->json) || json_object_size(c->json) > 0))
		return desk_fail(c, P_UNKNOWN_FIELD, "", "an empty object");
	d->kind = DRILL_CONTACT;
	d->state = DRILL_RUNNING;
	d->start = c->minute;
	d->deadline = c->minute + CONTACT_TEST_DAYS * DAY;
	memcpy(d->person, r->person, RECEIVER_LEN);
	d->desk = DESK_CENTRE;
	for (i = 0; i < SLOTS && (r->roles & ROLE_CENTRE) == 0; i++)
		if (slots_has(&r->sec, i) && d->desk == DESK_CENTRE)
			d->desk = (uint8_t)i;
	if (d->desk == DESK_CENTRE && (r->roles & ROLE_CENTRE) == 0)
		return ERR_DENIED;
	rc = store_drill_tests(k->store, d->desk, c->minute - 60, &n);
	if (rc == 0 && n >= CONTACT_TESTS_HOURLY)
		rc = desk_fail(
		    c, P_CONFLICT, NULL, "this desk has begun enough of them just now");
	return rc;
}

int
contact_test_post(struct keeper *k, struct desk_call *c)
{
	static const char body[] = "{\"title\":{\"en\":\"Contact test\","
				   "\"ja\":\"連絡先の確認\"}}";
	struct store_bulletin b;
	struct store_drill d;
	int rc;

	memset(&b, 0, sizeof b);
	memset(&d, 0, sizeof d);
	rc = plan(k, c, &d);
	if (rc == 0 && (RAND_bytes(d.id, ID_LEN) != 1 || RAND_bytes(b.id, ID_LEN) != 1))
		rc = ERR_CRYPTO;
	if (rc == 0)
		rc = publish_number(k, c->minute, 1, b.number);
	if (rc == 0) {
		set_head(&c->m->rights, &d, &b);
		d.has_bulletin = 1;
		memcpy(d.bulletin, b.id, ID_LEN);
		memcpy(d.number, b.number, sizeof d.number);
		rc = write_row(k, &d, &b);
	}
	if (rc == 0)
		rc = store_drill_add(k->store, &d, slice_of(body));
	if (rc == 0)
		rc = drill_head(k, &d, slice_of(body), c->out);
	buf_addc(c->out, '}');
	c->created = rc == 0;
	return rc != 0 ? rc : buf_err(c->out);
}

int
contact_test_find(struct keeper *k, struct desk_call *c, struct store_bulletin *ret)
{
	const struct rights *r = &c->m->rights;
	struct store_drill d;
	uint8_t id[ID_LEN];
	int rc = ERR_NOTFOUND;

	if (c->m->ref.n == (size_t)2 * ID_LEN &&
	    hex_decode(c->m->ref, id, ID_LEN) == ID_LEN)
		rc = store_drill_get(k->store, id, &d, NULL);
	if (rc == 0 && (d.kind != DRILL_CONTACT || !d.has_bulletin))
		rc = ERR_NOTFOUND;
	if (rc == 0)
		rc = store_bulletin_get(k->store, d.bulletin, ret);
	if (rc == 0 && !frame_tests(&ret->head, r) && (r->roles & ROLE_CENTRE) == 0)
		rc = ERR_NOTFOUND;
	return rc;
}

struct tally {
	unsigned tried, taken, failed, waiting, confirmed;
};

static void
add(struct tally v[BY_END], const struct reach_row *r)
{
	unsigned i, mailed = 0;
	struct tally *t;

	for (i = 0; i < r->routes; i++) {
		if (r->route[i].route >= BY_END)
			continue;
		t = &v[r->route[i].route];
		t->tried++;
		switch (r->route[i].state) {
		case DELIVERY_SENT:
			t->taken++;
			mailed |= r->route[i].route == BY_MAIL;
			break;
		case DELIVERY_FAILED:
		case DELIVERY_DROPPED:
			t->failed++;
			break;
		default:
			t->waiting++;
		}
	}
	v[BY_MAIL].confirmed += mailed && (r->graded >> EVIDENCE_LINK & 1) != 0 &&
				!r->ack[EVIDENCE_LINK].flagged;
}

static int
of_desk(void *arg, const struct vault_dir_row *row)
{
	const struct rights *desk = arg, *r = &row->rights;
	struct slots theirs;

	rights_places(&r->op, &r->sec, &r->aff, r->roles, &theirs);
	return (desk->roles & ROLE_CENTRE) != 0 || slots_meet(&desk->sec, &theirs);
}

int
contact_test_routes(
    struct keeper *k, const struct rights *r, const struct frame_head *h, struct buf *out)
{
	struct tally v[BY_END] = { { 0 } };
	struct rights desk = *r;
	struct reach_walk w;
	struct reach_row row;
	unsigned i;
	int rc = reach_begin(&w, k, h, NULL);

	if (rc != 0)
		return rc;
	while ((rc = reach_next(&w, of_desk, &desk, &row)) == 0)
		add(v, &row);
	reach_end(&w);
	if (rc != ERR_NOTFOUND)
		return rc;
	buf_adds(out, ",\"routes\":[");
	for (i = BY_MAIL; i < BY_END; i++)
		buf_addf(out,
		    "%s{\"confirmed\":%u,\"failed\":%u,\"route\":\"%s\",\"taken\":%u,"
		    "\"tried\":%u,\"waiting\":%u}",
		    i > BY_MAIL ? "," : "", v[i].confirmed, v[i].failed,
		    deliveries_route_word(i), v[i].taken, v[i].tried, v[i].waiting);
	buf_addc(out, ']');
	return buf_err(out);
}
