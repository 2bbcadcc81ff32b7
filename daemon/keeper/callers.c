/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/in_admin.h"
#include "daemon/keeper/keeper.h"
#include "daemon/keeper/outbox.h"
#include "daemon/keeper/tail.h"
#include "lib/log.h"
#include "lib/mem.h"

/* Who comes in by which socket, and how it is answered. */

static struct front *
front_new(struct keeper *k, struct link *l, enum door door)
{
	struct front *f = mem_zalloc(sizeof *f);

	if (f == NULL)
		return NULL;
	f->k = k;
	f->l = l;
	f->door = door;
	f->id = ++k->last_front;
	f->next = k->fronts;
	k->fronts = f;
	link_user_set(l, f);
	return f;
}

static void
on_drain(void *arg, struct link *l)
{
	struct keeper *k = arg;
	struct front *f = link_user(l);

	if (f != NULL)
		tail_drained(k->tail, f);
}

static void
up(struct keeper *k, struct link *l, enum door door)
{
	link_on_drain(l, on_drain);
	if (front_new(k, l, door) == NULL)
		link_close(l);
}

static void
on_front_up(void *arg, struct link *l)
{
	up(arg, l, DOOR_FRONT);
}

static void
on_desk_up(void *arg, struct link *l)
{
	up(arg, l, DOOR_DESK);
}

static void
on_courier_up(void *arg, struct link *l)
{
	up(arg, l, DOOR_COURIER);
	outbox_courier_changed(arg);
}

static void
on_admin_up(void *arg, struct link *l)
{
	up(arg, l, DOOR_ADMIN);
}

static void
on_down(void *arg, struct link *l)
{
	struct keeper *k = arg;
	struct front *f = link_user(l), **at;
	enum door door;

	if (f == NULL)
		return;
	door = f->door;
	for (at = &k->fronts; *at != f; at = &(*at)->next)
		continue;
	*at = f->next;
	link_user_set(l, NULL);
	backup_caller_gone(k, f->id);
	if (f->adopted)
		link_free(l);
	mem_free(f);
	if (door == DOOR_COURIER)
		outbox_courier_changed(k);
}

static const struct link_ops front_ops = { on_front_up, front_frame, on_down };
static const struct link_ops desk_ops = { on_desk_up, front_frame, on_down };
static const struct link_ops courier_ops = { on_courier_up, courier_frame, on_down };
static const struct link_ops admin_ops = { on_admin_up, admin_frame, on_down };
static const struct link_limits limits = { KEEPER_FRAME_MAX, KEEPER_QUEUE_MAX };

static int
serve(struct keeper *k, int fd, const struct link_ops *ops, struct link_server **ret)
{
	if (fd < 0)
		return 0;
	*ret = link_serve(k->loop, fd, ops, k, limits);
	return *ret != NULL ? 0 : ERR_NOMEM;
}

int
keeper_serve(struct keeper *k, const struct keeper_sockets *fd)
{
	int rc = fd->front >= 0 ? 0 : ERR_NOTFOUND;

	if (rc == 0)
		rc = serve(k, fd->front, &front_ops, &k->front_server);
	if (rc == 0)
		rc = serve(k, fd->desk, &desk_ops, &k->desk_server);
	if (rc == 0)
		rc = serve(k, fd->courier, &courier_ops, &k->courier_server);
	k->courier_here = k->courier_server != NULL;
	return rc != 0 ? rc : serve(k, fd->admin, &admin_ops, &k->admin_server);
}

struct front *
keeper_adopt(struct keeper *k, int fd, enum door door)
{
	const struct link_ops *ops = door == DOOR_ADMIN	    ? &admin_ops
				     : door == DOOR_COURIER ? &courier_ops
				     : door == DOOR_DESK    ? &desk_ops
							    : &front_ops;
	struct link *l = link_adopt(k->loop, fd, ops, k, limits);
	struct front *f;

	if (l == NULL)
		return NULL;
	link_on_drain(l, on_drain);
	k->courier_here |= door == DOOR_COURIER;
	f = front_new(k, l, door);
	if (f == NULL)
		link_free(l);
	else
		f->adopted = 1;
	if (f != NULL && door == DOOR_COURIER)
		outbox_courier_changed(k);
	return f;
}

struct front *
keeper_front(struct keeper *k, uint64_t id)
{
	struct front *f;

	for (f = k->fronts; f != NULL && f->id != id; f = f->next)
		continue;
	return f;
}

static void
send_out(struct keeper *k, struct front *f, uint16_t type, uint64_t call, enum problem p)
{
	int rc = buf_err(&k->out);

	if (rc == 0)
		rc = link_send(f->l, type, (uint16_t)p, call, k->out.p, k->out.n);
	buf_reset(&k->out);
	/* Without its answer a caller would wait for ever: it shall see that we failed.
	 */
	if (rc != 0 && rc != ERR_DOWN)
		link_close(f->l);
}

void
keeper_send_out(
    struct keeper *k, struct front *f, const struct link_frame *fr, enum problem p)
{
	send_out(k, f, fr->type, fr->call, p);
}

void
keeper_answer(struct keeper *k, struct front *f, uint16_t type, uint64_t call,
    const struct keeper_reply *r)
{
	if (f == NULL)
		return;
	buf_reset(&k->out);
	keeper_reply_put(&k->out, r);
	send_out(k, f, type, call, r->problem);
}

void
keeper_refuse(
    struct keeper *k, struct front *f, uint16_t type, uint64_t call, enum problem p)
{
	struct keeper_reply r;

	memset(&r, 0, sizeof r);
	r.problem = p;
	keeper_answer(k, f, type, call, &r);
}

void
keeper_broken(struct keeper *k, struct front *f)
{
	(void)k;
	log_warn("caller %llu broke the protocol", (unsigned long long)f->id);
	link_close(f->l);
}
