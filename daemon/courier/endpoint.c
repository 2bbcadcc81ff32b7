/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/courier/endpoint.h"

#include <string.h>

#include "lib/mem.h"

enum { SLOTS_OF_HASH = 1024, FORGET_MS = 3600000 };

struct endpoints {
	struct endpoint *slot[SLOTS_OF_HASH];
	size_t n;
	unsigned active, suspects;
};

struct endpoints *
endpoints_new(void)
{
	return mem_zalloc(sizeof(struct endpoints));
}

void
endpoints_free(struct endpoints *e)
{
	struct endpoint *p;
	size_t i;

	if (e == NULL)
		return;
	for (i = 0; i < SLOTS_OF_HASH; i++)
		while ((p = e->slot[i]) != NULL) {
			e->slot[i] = p->next;
			mem_free(p);
		}
	mem_free(e);
}

static unsigned
hash(const struct target *t)
{
	uint32_t h = 2166136261u ^ t->port;
	const char *s;

	for (s = t->host; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h % SLOTS_OF_HASH;
}

/* Those that nothing was sent to for an hour. */
static void
forget(struct endpoints *e, int64_t now)
{
	struct endpoint **at, *p;
	size_t i;

	for (i = 0; i < SLOTS_OF_HASH; i++)
		for (at = &e->slot[i]; (p = *at) != NULL;) {
			if (p->active > 0 || now - p->used < FORGET_MS) {
				at = &p->next;
				continue;
			}
			*at = p->next;
			mem_free(p);
			e->n--;
		}
}

struct endpoint *
endpoints_get(struct endpoints *e, const struct target *t, int64_t now)
{
	struct endpoint **at = &e->slot[hash(t)], *p;

	for (p = *at; p != NULL; p = p->next)
		if (p->port == t->port && strcmp(p->host, t->host) == 0) {
			p->used = now;
			return p;
		}
	if (e->n >= ENDPOINTS_MAX)
		forget(e, now);
	if (e->n >= ENDPOINTS_MAX)
		return NULL;
	p = mem_zalloc(sizeof *p);
	if (p == NULL)
		return NULL;
	memcpy(p->host, t->host, sizeof p->host);
	p->port = t->port;
	p->used = now;
	p->next = *at;
	*at = p;
	e->n++;
	return p;
}

static int
enter(struct endpoints *e, struct endpoint *p, int64_t now, int suspect)
{
	p->held_suspect[p->active++] = suspect;
	p->used = now;
	e->active++;
	e->suspects += (unsigned)suspect;
	return 1;
}

int
endpoints_enter(struct endpoints *e, struct endpoint *p, int64_t now)
{
	int suspect = breaker_suspect(&p->breaker);

	if (e->active >= ENDPOINT_CONNECTIONS ||
	    p->active >= (p->ours ? ENDPOINT_OURS : ENDPOINT_PER_HOST) ||
	    (suspect && (e->suspects >= ENDPOINT_SUSPECTS || p->active > 0)))
		return 0;
	if (breaker_ask(&p->breaker, now) != BREAKER_GO)
		return 0;
	return enter(e, p, now, suspect);
}

int
endpoints_enter_urgent(struct endpoints *e, struct endpoint *p, int64_t now)
{
	if (p->active >= ENDPOINT_OURS + ENDPOINT_URGENT)
		return 0;
	return enter(e, p, now, 0);
}

void
endpoints_leave(
    struct endpoints *e, struct endpoint *p, enum endpoint_word how, int64_t now)
{
	if (p->active == 0)
		return;
	e->suspects -= (unsigned)p->held_suspect[--p->active];
	e->active--;
	p->used = now;
	if (how == ENDPOINT_GOOD)
		breaker_good(&p->breaker);
	else if (how == ENDPOINT_BAD)
		breaker_bad(&p->breaker, now);
	else
		breaker_void(&p->breaker);
}

unsigned
endpoints_active(const struct endpoints *e)
{
	return e->active;
}

unsigned
endpoints_open(const struct endpoints *e, int64_t now)
{
	const struct endpoint *p;
	unsigned n = 0;
	size_t i;

	for (i = 0; i < SLOTS_OF_HASH; i++)
		for (p = e->slot[i]; p != NULL; p = p->next)
			n += breaker_wait(&p->breaker, now) > 0;
	return n;
}

size_t
endpoints_count(const struct endpoints *e)
{
	return e->n;
}
