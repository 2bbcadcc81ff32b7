/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "daemon/courier/courier.h"
#include "daemon/courier/sender.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/mem.h"

/* The link to the keeper: jobs are leased while there is room for them, and what became
 * of each is told until it is confirmed. */
enum { AGAIN_MS = 1000, LONG_MS = 30000, RESULTS_ROOM = 64 * 1024 };

void
up_keeper_lease(struct courier *c)
{
	struct courier_lease m = { (uint8_t)sender_routes(), COURIER_JOBS_MAX };
	struct buf b;

	if (!c->keeper_up || !c->dirty || c->lease_call != 0 || c->stopping)
		return;
	/* Only a whole portion: a few places that are left would be asked for each time.
	 */
	if (c->in_hand + COURIER_JOBS_MAX > IN_HAND_MAX)
		return;
	buf_init(&b, 64);
	courier_lease_put(&b, &m);
	if (buf_err(&b) == 0 &&
	    link_send(c->keeper, KM_C_LEASE, 0, c->last_id + 1, b.p, b.n) == 0) {
		c->lease_call = ++c->last_id;
		c->dirty = 0;
	}
	buf_done(&b);
}

void
up_keeper_tell(struct courier *c)
{
	struct delivery *d;
	unsigned n = 0;
	struct buf b;

	if (!c->keeper_up || c->done_call != 0)
		return;
	buf_init(&b, RESULTS_ROOM);
	wire_put_u8(&b, 0);
	for (d = c->first; d != NULL && n < COURIER_JOBS_MAX; d = d->next)
		if (d->stage == STAGE_SETTLED) {
			courier_result_put(&b, &d->result);
			n++;
		}
	if (n > 0 && buf_err(&b) == 0) {
		b.p[0] = (char)n;
		if (link_send(c->keeper, KM_C_DONE, 0, c->last_id + 1, b.p, b.n) == 0) {
			c->done_call = ++c->last_id;
			for (d = c->first; d != NULL && n > 0; d = d->next)
				if (d->stage == STAGE_SETTLED) {
					d->stage = STAGE_TOLD;
					n--;
				}
		}
	}
	buf_done(&b);
}

/* The results were stored (`good`), or have to be told again. */
static void
on_done(struct courier *c, int good)
{
	struct delivery *d, *next;

	c->done_call = 0;
	for (d = c->first; d != NULL; d = next) {
		next = d->next;
		if (d->stage != STAGE_TOLD)
			continue;
		if (good)
			delivery_free(c, d);
		else
			d->stage = STAGE_SETTLED;
	}
	if (good) {
		c->dirty = 1;
		courier_poke(c);
	} /* else the tick tells them again */
}

static struct text *
text_new(struct slice s)
{
	struct text *t = mem_alloc(sizeof *t + s.n + 1);

	if (t == NULL)
		return NULL;
	t->refs = 1;
	t->n = s.n;
	memcpy(t->p, s.p, s.n);
	t->p[s.n] = '\0';
	return t;
}

/* Hands the jobs on, with their texts. */
static void
take_jobs(struct courier *c, const struct courier_jobs *m,
    void (*fn)(struct courier *, const struct courier_jobs *, struct text *const *))
{
	struct text *text[COURIER_BODIES_MAX] = { NULL };
	unsigned i;

	for (i = 0; i < m->bodies; i++)
		text[i] = text_new(m->body[i]);
	fn(c, m, text);
	for (i = 0; i < m->bodies; i++)
		text_drop(text[i]);
}

static void
take_each(struct courier *c, const struct courier_jobs *m, struct text *const *text)
{
	unsigned i;

	for (i = 0; i < m->n; i++)
		if (text[m->job[i].body] == NULL ||
		    delivery_new(c, &m->job[i], text[m->job[i].body]) != 0)
			log_warn("out of memory: a delivery comes back later");
}

static struct courier_jobs jobs_read; /* one answer at a time */

static int
on_digest(struct courier *c, const struct keeper_reply *r)
{
	int rc;

	c->digest_call = 0;
	c->digest_at = clock_mono_ms() + LONG_MS;
	if (r->problem != P_OK)
		return 0;
	rc = courier_jobs_get(r->body.p, r->body.n, &jobs_read);
	if (rc == 0)
		take_jobs(c, &jobs_read, up_digest_take);
	mem_wipe(&jobs_read, sizeof jobs_read);
	return rc;
}

static int
on_pages(struct courier *c, const struct keeper_reply *r)
{
	int rc;

	c->page_call = 0;
	if (r->problem != P_OK)
		return 0; /* the keeper rings again */
	rc = courier_jobs_get(r->body.p, r->body.n, &jobs_read);
	if (rc == 0)
		take_jobs(c, &jobs_read, up_page_take);
	mem_wipe(&jobs_read, sizeof jobs_read);
	up_page_ask(c); /* it has rung meanwhile */
	return rc;
}

static int
on_lease(struct courier *c, const struct keeper_reply *r)
{
	struct courier_jobs *m = &jobs_read;
	int64_t ms = LONG_MS;
	int rc;

	c->lease_call = 0;
	if (r->problem != P_OK) {
		loop_timer_set(c->wait, AGAIN_MS, 0);
		return 0;
	}
	rc = courier_jobs_get(r->body.p, r->body.n, m);
	if (rc != 0)
		return rc;
	take_jobs(c, m, take_each);
	if (m->wait_s < LONG_MS / 1000)
		ms = m->wait_s > 0 ? m->wait_s * 1000LL : 1;
	loop_timer_set(c->wait, ms, 0);
	mem_wipe(m, sizeof *m);
	return 0;
}

static int
on_reply(struct courier *c, const struct link_frame *f)
{
	struct keeper_reply r;
	int rc;

	if (f->call != c->lease_call && f->call != c->done_call &&
	    f->call != c->digest_call && f->call != c->page_call)
		return 0;
	rc = keeper_reply_get(f->p, f->n, &r);
	if (rc != 0)
		return rc;
	if (f->call == c->lease_call)
		return on_lease(c, &r);
	if (f->call == c->digest_call)
		return on_digest(c, &r);
	if (f->call == c->page_call)
		return on_pages(c, &r);
	on_done(c, r.problem == P_OK);
	return 0;
}

/* Its receiver has acknowledged: what is not being sent yet needs not be.  The keeper
 * has written that down; nothing is told. */
static void
on_drop(struct courier *c, const struct link_frame *f)
{
	struct courier_key key;
	struct delivery *d, *next;

	if (courier_drop_get(f->p, f->n, &key) != 0)
		return;
	for (d = c->first; d != NULL; d = next) {
		next = d->next;
		if (d->stage != STAGE_VAULT && d->stage != STAGE_WAITING)
			continue;
		if (!d->digest && memcmp(&d->job.key, &key, sizeof key) == 0)
			delivery_free(c, d);
	}
}

static void
on_frame(void *arg, struct link *l, const struct link_frame *f)
{
	struct courier *c = arg;

	if (f->call == 0) {
		if (f->type == KM_C_WORK) {
			c->dirty = 1;
			courier_poke(c);
		} else if (f->type == KM_C_PAGE) {
			c->pages_due = 1;
			up_page_ask(c);
		} else if (f->type == KM_C_DROP) {
			on_drop(c, f);
		}
		return;
	}
	if (on_reply(c, f) != 0) {
		log_error("the keeper sent what cannot be read");
		link_close(l);
	}
}

static void
on_up(void *arg, struct link *l)
{
	struct courier *c = arg;

	(void)l;
	c->keeper_up = 1;
	c->dirty = c->pages_due = 1;
	log_info("the keeper is there");
	up_page_ask(c);
	courier_poke(c);
}

static void
on_down(void *arg, struct link *l)
{
	struct courier *c = arg;

	(void)l;
	if (c->keeper_up)
		log_warn("the keeper is away: nothing new is delivered");
	c->keeper_up = 0;
	c->lease_call = c->digest_call = c->page_call = 0;
	c->digest_at = 0;
	on_done(c, 0);
}

int
up_keeper_start(struct courier *c, int fd)
{
	static const struct link_ops ops = { on_up, on_frame, on_down };
	struct link_limits lim = { KEEPER_FRAME_MAX, KEEPER_QUEUE_MAX };

	if (fd < 0)
		c->keeper = link_dial(c->loop, c->opt.keeper_socket, &ops, c, lim);
	else
		c->keeper = link_adopt(c->loop, fd, &ops, c, lim);
	if (c->keeper != NULL && fd >= 0)
		on_up(c, c->keeper);
	return c->keeper != NULL ? 0 : ERR_NOMEM;
}
