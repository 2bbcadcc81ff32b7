/* SPDX-License-Identifier: Apache-2.0 */
/* Aho-Corasick: all terms at once, one look at each symbol. */
#include "proto/scrub_match.h"

#include "lib/mem.h"

enum {
	NODES_MAX = 1 << 20,
	PATTERNS_MAX = 1 << 16,
	FIRST_BITS = 1024, /* which symbols can begin a pattern, by their low bits */
};
#define NONE UINT32_MAX

struct node {
	uint32_t sym, parent, depth;
	uint32_t fail, suffix; /* longest suffix; nearest one that ends a pattern */
	uint32_t pattern;      /* the first that ends here */
};

struct pattern {
	uint32_t id, next;
};

struct scrub_match {
	struct node *node;
	size_t nodes, node_room;
	struct pattern *pattern;
	size_t patterns, pattern_room;
	uint32_t *
	    slot; /* hash of (parent, symbol) -> node; 0 is free (the root is no child) */
	size_t slots;
	uint32_t deepest;
	uint64_t first[FIRST_BITS / 64];
};

struct scrub_match *
scrub_match_new(void)
{
	struct scrub_match *m = mem_zalloc(sizeof *m);

	if (m == NULL)
		return NULL;
	m->node_room = 256;
	m->slots = 512;
	m->node = mem_alloc(m->node_room * sizeof *m->node);
	m->slot = mem_calloc(m->slots, sizeof *m->slot);
	if (m->node == NULL || m->slot == NULL) {
		scrub_match_free(m);
		return NULL;
	}
	memset(&m->node[0], 0, sizeof m->node[0]);
	m->node[0].suffix = m->node[0].pattern = NONE;
	m->nodes = 1;
	return m;
}

void
scrub_match_free(struct scrub_match *m)
{
	if (m == NULL)
		return;
	mem_wipe_free(m->node, m->nodes * sizeof *m->node);
	mem_free(m->slot);
	mem_free(m->pattern);
	mem_free(m);
}

static size_t
hash(uint32_t node, uint32_t sym)
{
	return (size_t)((((uint64_t)node << 21) ^ sym) * 0x9E3779B97F4A7C15u >> 32);
}

static void
slot_put(struct scrub_match *m, uint32_t child)
{
	size_t i = hash(m->node[child].parent, m->node[child].sym) & (m->slots - 1);

	while (m->slot[i] != 0)
		i = (i + 1) & (m->slots - 1);
	m->slot[i] = child;
}

static uint32_t
child_of(const struct scrub_match *m, uint32_t node, uint32_t sym)
{
	size_t i = hash(node, sym) & (m->slots - 1);
	uint32_t c;

	while ((c = m->slot[i]) != 0) {
		if (m->node[c].parent == node && m->node[c].sym == sym)
			return c;
		i = (i + 1) & (m->slots - 1);
	}
	return NONE;
}

static int
grow(struct scrub_match *m)
{
	struct node *v;
	uint32_t *s, i;

	if (m->nodes < m->node_room)
		return 0;
	if (m->nodes >= NODES_MAX)
		return ERR_LIMIT;
	v = mem_realloc(m->node, m->node_room * 2 * sizeof *v);
	if (v == NULL)
		return ERR_NOMEM;
	m->node = v;
	m->node_room *= 2;
	s = mem_calloc(m->slots * 2, sizeof *s);
	if (s == NULL)
		return ERR_NOMEM;
	mem_free(m->slot);
	m->slot = s;
	m->slots *= 2;
	for (i = 1; i < m->nodes; i++)
		slot_put(m, i);
	return 0;
}

static int
add_pattern(struct scrub_match *m, uint32_t at, uint32_t id)
{
	struct pattern *p;
	uint32_t i;
	size_t room;

	for (i = m->node[at].pattern; i != NONE; i = m->pattern[i].next)
		if (m->pattern[i].id == id)
			return 0;
	if (m->patterns == m->pattern_room) {
		if (m->patterns >= PATTERNS_MAX)
			return ERR_LIMIT;
		room = m->pattern_room == 0 ? 128 : m->pattern_room * 2;
		p = mem_realloc(m->pattern, room * sizeof *p);
		if (p == NULL)
			return ERR_NOMEM;
		m->pattern = p;
		m->pattern_room = room;
	}
	m->pattern[m->patterns].id = id;
	m->pattern[m->patterns].next = m->node[at].pattern;
	m->node[at].pattern = (uint32_t)m->patterns++;
	return 0;
}

int
scrub_match_add(struct scrub_match *m, const uint32_t *sym, size_t n, uint32_t id)
{
	uint32_t at = 0, next;
	size_t i;
	int r;

	if (n == 0)
		return 0;
	for (i = 0; i < n; i++) {
		next = child_of(m, at, sym[i]);
		if (next == NONE) {
			r = grow(m);
			if (r != 0)
				return r;
			next = (uint32_t)m->nodes++;
			memset(&m->node[next], 0, sizeof m->node[next]);
			m->node[next].sym = sym[i];
			m->node[next].parent = at;
			m->node[next].depth = m->node[at].depth + 1;
			m->node[next].suffix = m->node[next].pattern = NONE;
			if (m->node[next].depth > m->deepest)
				m->deepest = m->node[next].depth;
			slot_put(m, next);
		}
		at = next;
	}
	m->first[sym[0] % FIRST_BITS / 64] |= (uint64_t)1 << (sym[0] % 64);
	return add_pattern(m, at, id);
}

static void
link_node(struct scrub_match *m, uint32_t i)
{
	struct node *p = &m->node[i];
	uint32_t f = p->parent, c = NONE;

	if (f == 0) {
		p->fail = 0;
	} else {
		do {
			f = m->node[f].fail;
			c = child_of(m, f, p->sym);
		} while (c == NONE && f != 0);
		p->fail = c == NONE ? 0 : c;
	}
	p->suffix = m->node[p->fail].pattern != NONE ? p->fail : m->node[p->fail].suffix;
}

/* The suffix links, from the root downwards: nodes sorted by depth by counting. */
int
scrub_match_ready(struct scrub_match *m)
{
	uint32_t *at, *order, i, sum = 0, k;

	at = mem_calloc((size_t)m->deepest + 2, sizeof *at);
	order = mem_alloc(m->nodes * sizeof *order);
	if (at == NULL || order == NULL) {
		mem_free(at);
		mem_free(order);
		return ERR_NOMEM;
	}
	for (i = 0; i < m->nodes; i++)
		at[m->node[i].depth]++;
	for (i = 0; i <= m->deepest; i++) {
		k = at[i];
		at[i] = sum;
		sum += k;
	}
	for (i = 0; i < m->nodes; i++)
		order[at[m->node[i].depth]++] = i;
	for (i = 1; i < m->nodes; i++)
		link_node(m, order[i]);
	mem_free(at);
	mem_free(order);
	return 0;
}

static void
tell(
    const struct scrub_match *m, uint32_t node, size_t end, scrub_match_fn *fn, void *arg)
{
	uint32_t i, k;

	for (i = node; i != NONE; i = m->node[i].suffix)
		for (k = m->node[i].pattern; k != NONE; k = m->pattern[k].next)
			fn(arg, m->pattern[k].id, end - m->node[i].depth, end);
}

void
scrub_match_run(const struct scrub_match *m, const uint32_t *sym, size_t n,
    scrub_match_fn *fn, void *arg)
{
	uint32_t at = 0, next, c;
	size_t i;

	for (i = 0; i < n; i++) {
		c = sym[i];
		if (at == 0 && (m->first[c % FIRST_BITS / 64] >> (c % 64) & 1) == 0)
			continue;
		while ((next = child_of(m, at, c)) == NONE && at != 0)
			at = m->node[at].fail;
		at = next == NONE ? 0 : next;
		if (m->node[at].pattern != NONE || m->node[at].suffix != NONE)
			tell(m, at, i + 1, fn, arg);
	}
}
