/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/front/address.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "daemon/front/bucket.h"
#include "daemon/front/front.h"
#include "lib/clock.h"
#include "lib/loop.h"
#include "lib/mem.h"

enum { BUCKETS = 4096, PRUNE_MS = 10000 };

struct address {
	struct list chain;
	unsigned char net[8]; /* an IPv4 address, or the first half of an IPv6 one */
	uint8_t v6;
	unsigned conns;
	struct bucket shakes;
};

struct addresses {
	struct loop_timer *prune;
	struct list bucket[BUCKETS];
};

/* Forgets addresses without connections whose bucket is full again. */
static void
on_prune(void *arg)
{
	struct addresses *t = arg;
	int64_t now = clock_mono_ms();
	struct list *l, *next;
	struct address *a;
	size_t i;

	for (i = 0; i < BUCKETS; i++) {
		for (l = t->bucket[i].next; l != &t->bucket[i]; l = next) {
			next = l->next;
			a = list_of(l, struct address, chain);
			if (a->conns != 0 || now - a->shakes.at < PRUNE_MS)
				continue;
			list_del(l);
			mem_free(a);
		}
	}
}

struct addresses *
addresses_new(struct front *f)
{
	struct addresses *t = mem_zalloc(sizeof *t);
	size_t i;

	if (t == NULL)
		return NULL;
	for (i = 0; i < BUCKETS; i++)
		list_init(&t->bucket[i]);
	t->prune = loop_timer_new(f->loop, on_prune, t);
	if (t->prune == NULL) {
		mem_free(t);
		return NULL;
	}
	loop_timer_set(t->prune, PRUNE_MS, 1);
	return t;
}

void
addresses_free(struct addresses *t)
{
	struct address *a;
	size_t i;

	if (t == NULL)
		return;
	loop_timer_free(t->prune);
	for (i = 0; i < BUCKETS; i++) {
		while (!list_empty(&t->bucket[i])) {
			a = list_of(t->bucket[i].next, struct address, chain);
			list_del(&a->chain);
			mem_free(a);
		}
	}
	mem_free(t);
}

struct address *
address_find(struct addresses *t, const struct sockaddr_storage *ss)
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)ss;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)ss;
	unsigned char net[8] = { 0 };
	uint64_t h = 1469598103934665603u;
	struct address *a;
	struct list *b, *l;
	unsigned i;
	uint8_t is6 = ss->ss_family == AF_INET6 && !IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr);

	if (ss->ss_family == AF_INET)
		memcpy(net, &v4->sin_addr, 4);
	else if (ss->ss_family != AF_INET6)
		return NULL;
	else
		memcpy(net, v6->sin6_addr.s6_addr + (is6 ? 0 : 12), is6 ? 8 : 4);
	for (i = 0; i < 8; i++)
		h = (h ^ net[i]) * 1099511628211u;
	b = &t->bucket[h % BUCKETS];
	for (l = b->next; l != b; l = l->next) {
		a = list_of(l, struct address, chain);
		if (a->v6 == is6 && memcmp(a->net, net, sizeof net) == 0)
			return a;
	}
	a = mem_zalloc(sizeof *a);
	if (a == NULL)
		return NULL;
	memcpy(a->net, net, sizeof net);
	a->v6 = is6;
	list_init(&a->chain);
	list_add(b, &a->chain);
	return a;
}

void
address_enter(struct address *a)
{
	if (a != NULL)
		a->conns++;
}

void
address_leave(struct address *a)
{
	if (a != NULL)
		a->conns--;
}

int
address_admits(struct front *f, struct address *a, int64_t now)
{
	const struct front_options *o = &f->opt;

	if (a == NULL)
		return 1;
	if (o->connections_per_address != 0 &&
	    a->conns >= (unsigned)o->connections_per_address) {
		f->stats.refused_cap++;
		return 0;
	}
	if (o->handshakes_per_second == 0 || o->handshakes_per_address == 0)
		return 1;
	if (!bucket_has(&a->shakes, o->handshakes_per_address, BUCKET_SECOND, now)) {
		f->stats.refused_rate++;
		return 0;
	}
	bucket_take(&a->shakes, BUCKET_SECOND);
	return 1;
}
