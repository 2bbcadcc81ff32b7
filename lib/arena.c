/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "lib/mem.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_PIECES 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_PIECES 1
#endif
#endif

struct block {
	struct block *next;
	size_t size, used;
	alignas(max_align_t) unsigned char data[];
};

struct arena {
	struct block *head;
	size_t cap, total;
	int err;
};

enum { BLOCK_SIZE = 8192 };

struct arena *
arena_new(size_t cap)
{
	struct arena *a = mem_zalloc(sizeof *a);

	if (a != NULL)
		a->cap = cap;
	return a;
}

static void
drop_blocks(struct arena *a, struct block *keep)
{
	struct block *b, *next;

	for (b = a->head; b != NULL; b = next) {
		next = b->next;
		mem_wipe(b->data, b->used);
		if (keep == NULL || b != keep)
			mem_free(b);
	}
	a->head = keep;
	if (keep != NULL) {
		keep->next = NULL;
		keep->used = 0;
	}
}

void
arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	drop_blocks(a, NULL);
	mem_free(a);
}

void
arena_reset(struct arena *a)
{
#ifdef ARENA_PIECES
	drop_blocks(a, NULL);
#else
	struct block *b, *keep = NULL;

	for (b = a->head; b != NULL; b = b->next)
		if (b->size == BLOCK_SIZE)
			keep = b;
	drop_blocks(a, keep);
#endif
	a->total = 0;
	a->err = 0;
}

static struct block *
add_block(struct arena *a, size_t n)
{
	struct block *b;
	size_t size = n;

#ifndef ARENA_PIECES
	if (size < BLOCK_SIZE)
		size = BLOCK_SIZE;
#endif
	b = mem_alloc(sizeof *b + size);
	if (b == NULL)
		return NULL;
	b->size = size;
	b->used = 0;
	if (size > BLOCK_SIZE && a->head != NULL) {
		/* Behind the head, whose free rest serves the small pieces that follow.
		 */
		b->next = a->head->next;
		a->head->next = b;
	} else {
		b->next = a->head;
		a->head = b;
	}
	return b;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	const size_t al = alignof(max_align_t);
	struct block *b = a->head;
	size_t need;
	void *p;

	if (a->err != 0)
		return NULL;
	/* What counts is what it takes: a million single bytes are sixteen million. */
	need = n <= SIZE_MAX - al ? (n + al - 1) / al * al : SIZE_MAX;
	if (need == 0)
		need = al;
	if (need > a->cap || a->total > a->cap - need) {
		a->err = ERR_LIMIT;
		return NULL;
	}
	a->total += need;
#ifdef ARENA_PIECES
	need = n ? n : 1;
	b = NULL;
#endif
	if (b == NULL || b->size - b->used < need)
		b = add_block(a, need);
	if (b == NULL) {
		a->err = ERR_NOMEM;
		return NULL;
	}
	p = b->data + b->used;
	b->used += need;
	memset(p, 0, n);
	return p;
}

char *
arena_dup(struct arena *a, const void *p, size_t n)
{
	char *r = n < SIZE_MAX ? arena_alloc(a, n + 1) : NULL;

	if (r != NULL && n > 0)
		memcpy(r, p, n);
	return r;
}

int
arena_err(const struct arena *a)
{
	return a->err;
}
