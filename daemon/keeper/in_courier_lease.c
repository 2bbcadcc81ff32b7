/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "daemon/keeper/batch.h"
#include "daemon/keeper/directory.h"
#include "daemon/keeper/escalate.h"
#include "daemon/keeper/hotline.h"
#include "daemon/keeper/keeper.h"
#include "daemon/keeper/lanes.h"
#include "daemon/keeper/outbox.h"
#include "daemon/keeper/steady.h"
#include "lib/mem.h"

/* A lease is put together: pages first, then each lane in its turn, or one contact's
 * digest, with the texts that these deliveries share. */

enum { TEXTS = 16, DROPS = 256 };

/* A row of the log that a lease has texts from. */
struct text {
	struct frame_head head;
	struct buf row;
	struct slice part[2]; /* body, stub */
	int at[2];	      /* which of the answer's texts; -1: not among them */
};

/* A lease that is being put together. */
struct gathering {
	struct keeper *k;
	int64_t now; /* seconds of the steady clock */
	uint8_t most, ways;
	unsigned texts, drops;
	size_t bytes;
	int full, digest;
	struct text text[TEXTS];
	struct courier_jobs jobs;
};

/* A page has its text from the calls that it is for. */
static int
page_load(struct gathering *g, const struct courier_key *key, struct text *t)
{
	int rc;

	memset(&t->head, 0, sizeof t->head);
	memcpy(t->head.id, key->bulletin, ID_LEN);
	t->head.revision = key->revision;
	t->head.severity = 4;
	t->head.tlp = TLP_AMBER_STRICT;
	t->at[0] = t->at[1] = -1;
	buf_init(&t->row, 64 * 1024);
	rc = hotline_text(g->k, key->bulletin, &t->row);
	t->part[0] = buf_slice(&t->row);
	if (rc != 0)
		buf_done(&t->row);
	return rc;
}

static int
text_load(struct gathering *g, const struct courier_key *key, struct text *t)
{
	uint64_t seq = 0;
	uint32_t n = 0;
	struct wire w;
	int rc;

	buf_init(&t->row, KEEPER_FRAME_MAX);
	t->at[0] = t->at[1] = -1;
	rc = store_revision_seq(g->k->store, key->bulletin, key->revision, &seq);
	if (rc == 0)
		rc = store_log_page(g->k->store, seq, 1, &t->row, &n);
	if (rc == 0 && n == 0)
		rc = ERR_NOTFOUND;
	if (rc == 0) {
		wire_init(&w, t->row.p, t->row.n);
		frame_get(&w, &t->head, &t->part[0], &t->part[1]);
		rc = w.err != 0 || t->head.seq != seq ? ERR_CORRUPT : 0;
	}
	if (rc != 0)
		buf_done(&t->row);
	return rc;
}

/* The row of a delivery, read once a lease.  ERR_LIMIT: no room for another. */
static int
text_of(struct gathering *g, const struct store_delivery *d, struct text **ret)
{
	const struct courier_key *key = &d->key;
	struct text *t;
	unsigned i;
	int rc;

	for (i = 0; i < g->texts; i++) {
		t = &g->text[i];
		if (t->head.revision == key->revision &&
		    memcmp(t->head.id, key->bulletin, ID_LEN) == 0) {
			*ret = t;
			return 0;
		}
	}
	if (g->texts == TEXTS)
		return ERR_LIMIT;
	t = &g->text[g->texts];
	rc = d->stage == BROUGHT_PAGE ? page_load(g, key, t) : text_load(g, key, t);
	if (rc == 0)
		*ret = &g->text[g->texts++];
	return rc;
}

/* The text's place in the answer; ERR_LIMIT: it does not fit any more. */
static int
place_of(struct gathering *g, struct text *t, unsigned part)
{
	struct courier_jobs *m = &g->jobs;

	if (t->at[part] >= 0)
		return t->at[part];
	if (m->bodies == COURIER_BODIES_MAX ||
	    (m->bodies > 0 && g->bytes + t->part[part].n > COURIER_LEASE_BYTES))
		return ERR_LIMIT;
	g->bytes += t->part[part].n;
	m->body[m->bodies] = t->part[part];
	t->at[part] = m->bodies++;
	return t->at[part];
}

/* A link for this mail alone; its hash is what is kept. */
static int
link_make(struct gathering *g, struct courier_job *j)
{
	unsigned char sum[32];

	if (RAND_bytes(j->token, sizeof j->token) != 1 ||
	    EVP_Digest(j->token, sizeof j->token, sum, NULL, EVP_sha256(), NULL) != 1)
		return ERR_CRYPTO;
	return store_link_add(g->k->store, sum, &j->key, g->k->now_ms() / 1000);
}

static int
drop(struct gathering *g, struct store_delivery *d, const char *reason)
{
	g->drops++;
	return outbox_drop(g->k, d, reason);
}

static int
hand_out(struct gathering *g, struct store_delivery *d, const struct text *t, int body)
{
	struct courier_job *j = &g->jobs.job[g->jobs.n];
	int rc;

	memset(j, 0, sizeof *j);
	j->key = d->key;
	j->body = (uint8_t)body;
	j->tries = d->tries;
	j->age = g->now / 60 > d->queued_at ? g->now / 60 - d->queued_at : 0;
	j->kind = t->head.kind;
	j->severity = t->head.severity;
	j->tlp = t->head.tlp;
	j->exercise = (t->head.flags & FRAME_EXERCISE) != 0;
	j->stage = d->stage;
	rc = store_gone_get(g->k->store, &d->key, j->gone);
	if (rc == ERR_NOTFOUND)
		rc = 0;
	/* Where no mail goes out no link is made. */
	if (rc == 0 && d->key.route == BY_MAIL && (g->ways >> BY_MAIL & 1) != 0 &&
	    d->stage != BROUGHT_PAGE)
		rc = link_make(g, j);
	if (rc != 0)
		return rc;
	d->state = DELIVERY_LEASED;
	d->next_at = 0;
	if (d->tries < UINT16_MAX)
		d->tries++;
	d->lease_until = g->now + g->k->opt.lease_ms / 1000;
	g->jobs.n++;
	return store_delivery_set(g->k->store, d);
}

static int
may(struct keeper *k, const struct frame_head *h, const struct vault_dir_row *row,
    const struct store_delivery *d, enum frame_view *ret_view)
{
	int pages = outbox_pages(k, h);

	if (d->stage != BROUGHT_RELEASE)
		return outbox_may(h, row, d->key.route, pages, ret_view);
	return outbox_decide(h, row, d->key.route, pages, ret_view) != 0;
}

/* One delivery that is due: handed out, or dropped when its right has ended.  1: it was
 * handed out. */
static int
look(struct gathering *g, struct store_delivery *d)
{
	const struct vault_dir_row *row = directory_find(g->k->dir, d->key.receiver);
	enum frame_view view = VIEW_NONE;
	struct text *t = NULL;
	int rc;

	rc = text_of(g, d, &t);
	if (rc == ERR_NOTFOUND)
		return drop(g, d, "no longer kept");
	if (rc != 0)
		return rc;
	/* One digest holds exercises, or none: the others go with the next. */
	if (g->digest && g->jobs.n > 0 &&
	    g->jobs.job[0].exercise != ((t->head.flags & FRAME_EXERCISE) != 0))
		return 0;
	if (!may(g->k, &t->head, row, d, &view))
		return drop(
		    g, d, row == NULL || row->disabled ? "no member" : "right ended");
	rc = escalate_wants(g->k, d);
	if (rc <= 0)
		return rc == 0 ? drop(g, d, "superseded") : rc;
	rc = place_of(g, t, view == VIEW_STUB);
	if (rc >= 0)
		rc = hand_out(g, d, t, rc);
	return rc == 0 ? 1 : rc;
}

/* Pages, before anything else: whoever is roused has a right to it by its office. */
static int
take_pages(struct gathering *g)
{
	struct store_delivery due[COURIER_JOBS_MAX];
	struct text *t = NULL;
	unsigned i, n = 0;
	int rc = store_delivery_pages(g->k->store, g->now, g->most, due, &n);

	for (i = 0; rc == 0 && i < n; i++) {
		rc = text_of(g, &due[i], &t);
		if (rc == ERR_NOTFOUND) {
			rc = drop(g, &due[i], "no longer kept");
			continue;
		}
		if (rc == 0)
			rc = place_of(g, t, 0);
		if (rc >= 0)
			rc = hand_out(g, &due[i], t, rc);
	}
	if (n > 0)
		hotline_leased(g->k);
	return rc == ERR_LIMIT ? 0 : rc; /* the next lease takes it */
}

static int
take_lane(struct gathering *g, struct lane *lane)
{
	struct store_delivery due[LANE_LEASED_MAX];
	unsigned i, n = 0, most = LANE_LEASED_MAX - lane->leased;
	int rc;

	if (most > (unsigned)(g->most - g->jobs.n))
		most = (unsigned)(g->most - g->jobs.n);
	rc = store_delivery_due(
	    g->k->store, lane->receiver, lane->route, g->now, most, due, &n);
	for (i = 0; rc == 0 && i < n; i++) {
		rc = look(g, &due[i]);
		if (rc == 1) {
			lane->leased++;
			rc = 0;
		}
	}
	if (rc == ERR_LIMIT) { /* the next lease takes it */
		g->full = 1;
		return 0;
	}
	if (rc == 0)
		rc = store_delivery_next(
		    g->k->store, lane->receiver, lane->route, &lane->next_at);
	return rc;
}

unsigned
courier_lease_routes(const struct courier_lease *m)
{
	return (m->routes & 1) != 0 ? (1u << BY_END) - 1 : m->routes;
}

uint32_t
courier_lease_wait(struct keeper *k, unsigned routes, int64_t now)
{
	int64_t first = lanes_first(outbox_lanes(k->outbox), routes), page;

	if (store_delivery_pages_next(k->store, &page) == 0 && page < first)
		first = page;
	if (first == INT64_MAX)
		return UINT32_MAX;
	return first <= now			? 0
	       : first - now > OUTBOX_DELAY_MAX ? OUTBOX_DELAY_MAX
						: (uint32_t)(first - now);
}

static int
gather(struct gathering *g, unsigned routes)
{
	struct lanes *lanes = outbox_lanes(g->k->outbox);
	struct lane *lane;
	int rc = lanes_ready(lanes, g->k->store);

	if (rc == 0)
		rc = take_pages(g);
	lanes_round(lanes);
	while (rc == 0 && !g->full && g->jobs.n < g->most && g->drops < DROPS) {
		lane = lanes_next(lanes, routes, g->now);
		if (lane == NULL)
			break;
		rc = take_lane(g, lane);
	}
	g->jobs.wait_s = courier_lease_wait(g->k, routes, g->now);
	return rc;
}

int
courier_lease_apply(struct keeper *k, struct batch_op *op)
{
	struct gathering *g;
	int pages = op->type == KM_C_PAGES;
	unsigned i;
	int rc;

	/* It has gone since it asked: what were leased now would be lost for a while. */
	if (keeper_front(k, op->front) == NULL)
		return 0;
	g = mem_zalloc(sizeof *g);
	if (g == NULL)
		return ERR_NOMEM;
	g->k = k;
	g->now = steady_s(k);
	g->most = pages ? COURIER_JOBS_MAX : op->lease.n;
	g->ways = op->lease.routes;
	rc = pages ? take_pages(g) : gather(g, courier_lease_routes(&op->lease));
	if (rc == 0)
		courier_jobs_put(batch_answers(k->batch), &g->jobs);
	for (i = 0; i < g->texts; i++)
		buf_done(&g->text[i].row);
	mem_wipe_free(g, sizeof *g); /* tokens stood in it */
	return rc;
}

/* One contact's mails of the day, exercises apart from real ones. */
static int
gather_digest(struct gathering *g)
{
	struct store_delivery due[COURIER_DIGEST_MAX];
	uint8_t receiver[RECEIVER_LEN], contact = 0;
	struct lane *lane;
	unsigned i, n = 0;
	int64_t at = 0;
	int rc = store_digest_first(g->k->store, &at, receiver, &contact);

	if (rc == ERR_NOTFOUND || (rc == 0 && at > g->now))
		return 0;
	if (rc == 0)
		rc = store_digest_of(
		    g->k->store, receiver, contact, g->now, COURIER_DIGEST_MAX, due, &n);
	if (rc != 0)
		return rc;
	lane = lanes_get(outbox_lanes(g->k->outbox), receiver, BY_MAIL);
	if (lane == NULL)
		return ERR_NOMEM;
	for (i = 0; i < n; i++) {
		rc = look(g, &due[i]);
		if (rc == ERR_LIMIT)
			return 0; /* the next mail takes the rest */
		if (rc < 0)
			return rc;
		lane->leased += rc == 1;
	}
	return 0;
}

uint32_t
courier_digest_wait(struct keeper *k)
{
	uint8_t receiver[RECEIVER_LEN], contact = 0;
	int64_t at = 0, now = steady_s(k);

	if (store_digest_first(k->store, &at, receiver, &contact) != 0)
		return UINT32_MAX;
	return at <= now		     ? 0
	       : at - now < OUTBOX_DELAY_MAX ? (uint32_t)(at - now)
					     : OUTBOX_DELAY_MAX;
}

int
courier_digest_apply(struct keeper *k, struct batch_op *op)
{
	struct gathering *g;
	unsigned i;
	int rc = lanes_ready(outbox_lanes(k->outbox), k->store);

	if (keeper_front(k, op->front) == NULL)
		return 0;
	g = mem_zalloc(sizeof *g);
	if (g == NULL)
		return ERR_NOMEM;
	g->k = k;
	g->now = steady_s(k);
	g->most = COURIER_DIGEST_MAX;
	g->digest = 1;
	g->ways = 1u << BY_MAIL; /* only a courier that mails asks for digests */
	if (rc == 0)
		rc = gather_digest(g);
	g->jobs.wait_s = courier_digest_wait(k);
	if (rc == 0)
		courier_jobs_put(batch_answers(k->batch), &g->jobs);
	for (i = 0; i < g->texts; i++)
		buf_done(&g->text[i].row);
	mem_wipe_free(g, sizeof *g);
	return rc;
}
