/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "daemon/courier/courier.h"
#include "daemon/courier/sender.h"
#include "daemon/courier/steps.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/mem.h"

/* The link to the vault: where a receiver is reached, asked for each delivery. */
enum { QUEUE_MAX = 256 * 1024 };

static int
is_duty(const struct delivery *d)
{
	return d->job.stage == BROUGHT_PAGE;
}

void
up_vault_ask(struct courier *c, struct delivery *d)
{
	uint8_t contact = d->job.key.contact;
	uint16_t type = VM_ROUTES;
	struct buf b;

	if (!c->vault_up)
		return; /* on_up asks again */
	buf_init(&b, 64);
	wire_put_bytes(&b, d->job.key.receiver, RECEIVER_LEN);
	wire_put_u8(&b, d->page);
	if (is_duty(d)) { /* whoever is on duty now, by the vault's roster */
		type = VM_DUTY;
		wire_put_u8(&b, (uint8_t)(contact - CONTACT_DUTY));
	}
	if (buf_err(&b) != 0 || link_send(c->vault, type, 0, d->id, b.p, b.n) != 0)
		log_debug("a question to the vault was not sent"); /* steps_late */
	buf_done(&b);
}

static void
again(struct courier *c, struct delivery *d, unsigned page)
{
	d->page = (uint8_t)page;
	if (page == 0)
		d->found = 0;
	up_vault_ask(c, d);
}

/* Numbers of contacts are those of enum delivery_route: mail, webhook, sms, voice. */
static void
look(struct delivery *d, const struct vault_route *v)
{
	if (v->kind != d->job.key.route)
		return;
	/* One that was begun goes on, whoever is on duty by now; a page's are those of
	 * one person. */
	if (!is_duty(d) &&
	    (d->job.key.contact <= ROUTES_MAX ? v->n != d->job.key.contact : !v->now))
		return;
	if (d->found == 0 || (d->job.key.contact == CONTACT_SECOND && d->found == 1)) {
		d->contact = *v;
		memcpy(d->result.person, v->person, RECEIVER_LEN);
	}
	if (d->found < COURIER_SPLIT_MAX)
		d->numbers[d->found++] = v->n;
}

static void
decide(struct courier *c, struct delivery *d)
{
	if (d->found == 0) {
		delivery_settle(c, d, OUTCOME_NONE, "no such contact");
	} else if (d->found > 1 && d->job.key.contact == CONTACT_ALL) {
		d->result.n = d->found;
		memcpy(d->result.contact, d->numbers, d->found);
		delivery_settle(c, d, OUTCOME_SPLIT, "");
	} else {
		steps_aim(c, d);
	}
}

static int
take(struct courier *c, struct delivery *d, const struct link_frame *f)
{
	struct vault_routes m;
	unsigned i;
	int rc;

	if (f->status == VS_UNKNOWN || f->status == VS_DISABLED) {
		delivery_settle(c, d, OUTCOME_NONE, "no such member");
		return 0;
	}
	if (f->status != VS_OK) {
		delivery_postpone(c, d, "the vault has a fault");
		return 0;
	}
	rc = vault_routes_get(f->p, f->n, &m);
	if (rc == 0 && m.count <= CONTACTS_MAX) {
		for (i = 0; i < m.count; i++)
			look(d, &m.v[i]);
		if (d->page + 1u < m.pages)
			again(c, d, d->page + 1u);
		else
			decide(c, d);
	}
	mem_wipe(&m, sizeof m);
	return rc;
}

static void
on_frame(void *arg, struct link *l, const struct link_frame *f)
{
	struct courier *c = arg;
	struct delivery *d = delivery_find(c, f->call);

	if (d == NULL || d->stage != STAGE_VAULT ||
	    f->type != (is_duty(d) ? VM_DUTY : VM_ROUTES))
		return;
	if (take(c, d, f) != 0) {
		log_error("the vault sent what cannot be read");
		link_close(l);
	}
}

static void
on_up(void *arg, struct link *l)
{
	struct courier *c = arg;
	struct delivery *d;

	(void)l;
	c->vault_up = 1;
	for (d = c->first; d != NULL; d = d->next)
		if (d->stage == STAGE_VAULT)
			again(c, d, 0);
}

static void
on_down(void *arg, struct link *l)
{
	struct courier *c = arg;

	(void)l;
	if (c->vault_up)
		log_warn("the vault is away: deliveries wait");
	c->vault_up = 0;
}

int
up_vault_start(struct courier *c, int fd)
{
	static const struct link_ops ops = { on_up, on_frame, on_down };
	struct link_limits lim = { VAULT_FRAME_MAX, QUEUE_MAX };

	if (fd < 0)
		c->vault = link_dial(c->loop, c->opt.vault_socket, &ops, c, lim);
	else
		c->vault = link_adopt(c->loop, fd, &ops, c, lim);
	if (c->vault != NULL && fd >= 0)
		on_up(c, c->vault);
	return c->vault != NULL ? 0 : ERR_NOMEM;
}
