/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/directory.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/keeper/issuers.h"
#include "lib/link.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/wire.h"

enum { ROWS_MAX = 100000, DUTIES_MAX = 400000, QUEUE = 65536 };

struct rows {
	struct vault_dir_row *v;
	size_t n, room;
	struct vault_dir_duty *duty;
	size_t duty_n, duty_room;
	uint64_t generation;
};

struct directory {
	struct link *link;
	struct rows now, next; /* next: being received */
	int filling;
	uint32_t epoch; /* of our store */
	struct issuers *issuers;
	void (*on_change)(void *);
	void *arg;
};

struct directory *
directory_new(void)
{
	struct directory *d = mem_zalloc(sizeof *d);

	if (d != NULL)
		d->issuers = issuers_new();
	if (d == NULL || d->issuers != NULL)
		return d;
	directory_free(d);
	return NULL;
}

void
directory_free(struct directory *d)
{
	if (d == NULL)
		return;
	link_free(d->link);
	issuers_free(d->issuers);
	mem_free(d->now.v);
	mem_free(d->next.v);
	mem_free(d->now.duty);
	mem_free(d->next.duty);
	mem_free(d);
}

static int
row_cmp(const void *pa, const void *pb)
{
	const struct vault_dir_row *a = pa, *b = pb;

	return memcmp(a->rights.receiver, b->rights.receiver, RECEIVER_LEN);
}

static int
row_add(struct rows *r, const struct link_frame *f)
{
	struct vault_dir_row *v;
	size_t room;

	if (r->n == ROWS_MAX)
		return ERR_LIMIT;
	if (r->n == r->room) {
		room = r->room * 2 + 64;
		v = mem_realloc(r->v, room * sizeof *v);
		if (v == NULL)
			return ERR_NOMEM;
		r->v = v;
		r->room = room;
	}
	if (vault_dir_row_get(f->p, f->n, &r->v[r->n]) != 0)
		return ERR_PROTO;
	r->n++;
	return 0;
}

static int
duty_add(struct rows *r, const struct link_frame *f)
{
	struct vault_dir_duty *v;
	size_t room;

	if (r->duty_n == DUTIES_MAX)
		return ERR_LIMIT;
	if (r->duty_n == r->duty_room) {
		room = r->duty_room * 2 + 64;
		v = mem_realloc(r->duty, room * sizeof *v);
		if (v == NULL)
			return ERR_NOMEM;
		r->duty = v;
		r->duty_room = room;
	}
	if (vault_dir_duty_get(f->p, f->n, &r->duty[r->duty_n]) != 0)
		return ERR_PROTO;
	r->duty_n++;
	return 0;
}

static int
take_over(struct directory *d, const struct link_frame *f)
{
	struct rows old = d->now;
	struct wire w;
	uint32_t n;

	wire_init(&w, f->p, f->n);
	n = wire_u32(&w);
	if (w.err != 0 || n != d->next.n || !d->filling)
		return ERR_PROTO;
	if (d->next.n > 1)
		qsort(d->next.v, d->next.n, sizeof *d->next.v, row_cmp);
	d->now = d->next;
	d->next = old;
	d->filling = 0;
	log_debug("directory: %u rows", (unsigned)n);
	if (d->on_change != NULL)
		d->on_change(d->arg);
	return 0;
}

static int
begin(struct directory *d, const struct link_frame *f)
{
	struct wire w;

	wire_init(&w, f->p, f->n);
	d->next.n = d->next.duty_n = 0;
	d->next.generation = wire_u64(&w);
	d->filling = 1;
	return w.err;
}

static void
on_frame(void *arg, struct link *l, const struct link_frame *f)
{
	struct directory *d = arg;
	int rc;

	switch (f->type) {
	case VM_DIR_BEGIN:
		rc = begin(d, f);
		break;
	case VM_DIR_ROW:
		rc = d->filling ? row_add(&d->next, f) : ERR_PROTO;
		break;
	case VM_DIR_DUTY:
		rc = d->filling ? duty_add(&d->next, f) : ERR_PROTO;
		break;
	case VM_DIR_END:
		rc = take_over(d, f);
		break;
	case VM_ISSUER:
		rc = issuers_add(d->issuers, f->p, f->n);
		break;
	case VM_ISSUER_END:
		rc = issuers_end(d->issuers, f->p, f->n);
		break;
	case VM_DIRECTORY: /* the answer to our request, if the vault gives one */
		rc = 0;
		break;
	default:
		rc = ERR_PROTO;
		break;
	}
	if (rc != 0) {
		log_error("directory: the vault's rows are refused: %s", err_str(rc));
		d->filling = 0;
		issuers_broken(d->issuers);
		link_close(l);
	}
}

static void
on_up(void *arg, struct link *l)
{
	struct directory *d = arg;
	struct buf ask;

	buf_init(&ask, 16);
	wire_put_u32(&ask, d->epoch);
	if (buf_err(&ask) != 0 || link_send(l, VM_DIRECTORY, 0, 0, ask.p, ask.n) != 0)
		link_close(l);
	buf_done(&ask);
}

static void
on_down(void *arg, struct link *l)
{
	struct directory *d = arg;

	(void)l;
	d->filling = 0;
	issuers_broken(d->issuers);
}

static const struct link_ops ops = { on_up, on_frame, on_down };
static const struct link_limits limits = { VAULT_FRAME_MAX, QUEUE };

int
directory_dial(struct directory *d, struct loop *loop, const char *path)
{
	d->link = link_dial(loop, path, &ops, d, limits);
	return d->link != NULL ? 0 : ERR_NOMEM;
}

int
directory_adopt(struct directory *d, struct loop *loop, int fd)
{
	d->link = link_adopt(loop, fd, &ops, d, limits);
	if (d->link == NULL)
		return ERR_NOMEM;
	on_up(d, d->link);
	return 0;
}

const struct vault_dir_row *
directory_find(const struct directory *d, const uint8_t *receiver)
{
	struct vault_dir_row key;

	if (d->now.n == 0)
		return NULL;
	memcpy(key.rights.receiver, receiver, RECEIVER_LEN);
	return bsearch(&key, d->now.v, d->now.n, sizeof key, row_cmp);
}

const struct vault_dir_row *
directory_after(const struct directory *d, const uint8_t *receiver, size_t *ret_n)
{
	size_t lo = 0, hi = d->now.n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (memcmp(d->now.v[mid].rights.receiver, receiver, RECEIVER_LEN) <= 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	*ret_n = d->now.n - lo;
	return d->now.n > lo ? &d->now.v[lo] : NULL;
}

const struct vault_dir_row *
directory_behind(const struct directory *d, const uint8_t *receiver, size_t *ret_n)
{
	size_t lo = 0, hi = d->now.n, mid;

	while (receiver != NULL && lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (memcmp(d->now.v[mid].rights.receiver, receiver, RECEIVER_LEN) <= 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	*ret_n = d->now.n - lo;
	return d->now.v != NULL ? d->now.v + lo : NULL;
}

int
directory_desk(const struct directory *d, unsigned slot, uint8_t *ret)
{
	const struct rights *r;
	unsigned i, n, least = SLOTS + 1;
	size_t at;

	for (at = 0; at < d->now.n; at++) {
		r = &d->now.v[at].rights;
		if (d->now.v[at].disabled || !slots_has(&r->sec, slot))
			continue;
		for (i = n = 0; i < SLOTS; i++)
			n += slots_has(&r->sec, i) != 0;
		if (n < least)
			memcpy(ret, r->receiver, RECEIVER_LEN);
		least = n < least ? n : least;
	}
	return least <= SLOTS ? 0 : ERR_NOTFOUND;
}

void
directory_each(const struct directory *d,
    void (*fn)(void *, const struct vault_dir_row *), void *arg)
{
	size_t i;

	for (i = 0; i < d->now.n; i++)
		fn(arg, &d->now.v[i]);
}

void
directory_each_duty(const struct directory *d,
    void (*fn)(void *, const struct vault_dir_duty *), void *arg)
{
	size_t i;

	for (i = 0; i < d->now.duty_n; i++)
		fn(arg, &d->now.duty[i]);
}

void
directory_each_changed(
    struct directory *d, void (*fn)(void *, const struct vault_dir_row *), void *arg)
{
	const struct vault_dir_row *row;
	size_t i;

	/* `next` holds the rows of before until others come; see take_over(). */
	for (i = 0; i < d->next.n; i++) {
		row = directory_find(d, d->next.v[i].rights.receiver);
		if (row != NULL &&
		    memcmp(&row->wants, &d->next.v[i].wants, sizeof row->wants) != 0)
			fn(arg, row);
	}
}

void
directory_on_change(struct directory *d, void (*fn)(void *arg), void *arg)
{
	d->on_change = fn;
	d->arg = arg;
}

void
directory_wants_set(
    struct directory *d, const uint8_t *receiver, const struct subscription *wants)
{
	struct vault_dir_row key, *row;

	if (d->now.n == 0)
		return;
	memcpy(key.rights.receiver, receiver, RECEIVER_LEN);
	row = bsearch(&key, d->now.v, d->now.n, sizeof key, row_cmp);
	if (row != NULL)
		row->wants = *wants;
}

void
directory_epoch_set(struct directory *d, uint32_t epoch)
{
	d->epoch = epoch;
}

const struct issuers *
directory_issuers(const struct directory *d)
{
	return d->issuers;
}

size_t
directory_count(const struct directory *d)
{
	return d->now.n;
}

uint64_t
directory_generation(const struct directory *d)
{
	return d->now.generation;
}

int
directory_is_up(const struct directory *d)
{
	return link_is_up(d->link);
}
