/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/msg_courier.h"

#include <string.h>

unsigned
courier_route_bit(unsigned route)
{
	static const uint8_t bits[BY_END] = { [BY_MAIL] = ROUTE_MAIL,
		[BY_WEBHOOK] = ROUTE_WEBHOOK,
		[BY_SMS] = ROUTE_SMS,
		[BY_VOICE] = ROUTE_VOICE };

	return route < BY_END ? bits[route] : 0;
}

static void
key_put(struct buf *b, const struct courier_key *k)
{
	wire_put_bytes(b, k->bulletin, sizeof k->bulletin);
	wire_put_u16(b, k->revision);
	wire_put_bytes(b, k->receiver, sizeof k->receiver);
	wire_put_u8(b, k->route);
	wire_put_u8(b, k->contact);
}

static void
key_get(struct wire *w, struct courier_key *ret)
{
	wire_bytes(w, ret->bulletin, sizeof ret->bulletin);
	ret->revision = wire_u16(w);
	wire_bytes(w, ret->receiver, sizeof ret->receiver);
	ret->route = wire_u8(w);
	ret->contact = wire_u8(w);
	if (courier_route_bit(ret->route) == 0 && w->err == 0)
		w->err = ERR_PROTO;
}

void
courier_drop_put(struct buf *b, const struct courier_key *m)
{
	key_put(b, m);
}

int
courier_drop_get(const void *p, size_t n, struct courier_key *ret)
{
	struct courier_key m;
	struct wire w;
	int rc;

	wire_init(&w, p, n);
	key_get(&w, &m);
	rc = wire_end(&w);
	if (rc == 0)
		*ret = m;
	return rc;
}

void
courier_lease_put(struct buf *b, const struct courier_lease *m)
{
	wire_put_u8(b, m->routes);
	wire_put_u8(b, m->n);
}

int
courier_lease_get(const void *p, size_t n, struct courier_lease *ret)
{
	struct courier_lease m;
	struct wire w;
	int rc;

	wire_init(&w, p, n);
	m.routes = wire_u8(&w);
	m.n = wire_u8(&w);
	rc = wire_end(&w);
	if (rc == 0 && (m.n == 0 || m.n > COURIER_JOBS_MAX))
		rc = ERR_PROTO;
	if (rc == 0)
		*ret = m;
	return rc;
}

static void
job_put(struct buf *b, const struct courier_job *j)
{
	key_put(b, &j->key);
	wire_put_u8(b, j->body);
	wire_put_u16(b, j->tries);
	wire_put_i64(b, j->age);
	wire_put_u8(b, j->kind);
	wire_put_u8(b, j->severity);
	wire_put_u8(b, j->tlp);
	wire_put_u8(b, j->exercise);
	wire_put_u8(b, j->stage);
	wire_put_bytes(b, j->token, sizeof j->token);
	wire_put_bytes(b, j->gone, sizeof j->gone);
}

static void
job_get(struct wire *w, struct courier_job *ret)
{
	key_get(w, &ret->key);
	ret->body = wire_u8(w);
	ret->tries = wire_u16(w);
	ret->age = wire_i64(w);
	ret->kind = wire_u8(w);
	ret->severity = wire_u8(w);
	ret->tlp = wire_u8(w);
	ret->exercise = wire_bool(w);
	ret->stage = wire_u8(w);
	wire_bytes(w, ret->token, sizeof ret->token);
	wire_bytes(w, ret->gone, sizeof ret->gone);
}

void
courier_jobs_put(struct buf *b, const struct courier_jobs *m)
{
	unsigned i;

	wire_put_u32(b, m->wait_s);
	wire_put_u8(b, m->bodies);
	for (i = 0; i < m->bodies; i++)
		wire_put_str(b, m->body[i]);
	wire_put_u8(b, m->n);
	for (i = 0; i < m->n; i++)
		job_put(b, &m->job[i]);
}

int
courier_jobs_get(const void *p, size_t n, struct courier_jobs *ret)
{
	struct wire w;
	unsigned i;

	memset(ret, 0, sizeof *ret);
	wire_init(&w, p, n);
	ret->wait_s = wire_u32(&w);
	ret->bodies = wire_u8(&w);
	if (ret->bodies > COURIER_BODIES_MAX)
		return ERR_PROTO;
	for (i = 0; i < ret->bodies; i++)
		ret->body[i] = wire_str(&w, FRAME_BODY_MAX);
	ret->n = wire_u8(&w);
	if (ret->n > COURIER_JOBS_MAX)
		return ERR_PROTO;
	for (i = 0; i < ret->n; i++) {
		job_get(&w, &ret->job[i]);
		if (ret->job[i].body >= ret->bodies)
			return ERR_PROTO;
	}
	return wire_end(&w);
}

void
courier_result_put(struct buf *b, const struct courier_result *m)
{
	key_put(b, &m->key);
	wire_put_u8(b, m->outcome);
	wire_put_u32(b, m->delay);
	wire_put_str(b, m->reason);
	wire_put_bytes(b, m->mark, sizeof m->mark);
	wire_put_bytes(b, m->person, sizeof m->person);
	wire_put_u8(b, m->n);
	wire_put_bytes(b, m->contact, m->n <= COURIER_SPLIT_MAX ? m->n : 0);
}

void
courier_result_get(struct wire *w, struct courier_result *ret)
{
	memset(ret, 0, sizeof *ret);
	key_get(w, &ret->key);
	ret->outcome = wire_u8(w);
	ret->delay = wire_u32(w);
	ret->reason = wire_str(w, COURIER_REASON_MAX);
	wire_bytes(w, ret->mark, sizeof ret->mark);
	wire_bytes(w, ret->person, sizeof ret->person);
	ret->n = wire_u8(w);
	if (w->err == 0 && (ret->n > COURIER_SPLIT_MAX || ret->outcome == 0 ||
			       ret->outcome >= OUTCOME_END))
		w->err = ERR_PROTO;
	if (w->err == 0)
		wire_bytes(w, ret->contact, ret->n);
}
