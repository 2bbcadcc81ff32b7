/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_LIST_H
#define FRONT_LIST_H

#include <stddef.h>

/*
 * A ring of links inside the things that it lists.  A link that stands alone points at
 * itself, so that removing twice is harmless and nobody needs to know which list it is
 * in.
 */
struct list {
	struct list *prev, *next;
};

#define list_of(link, type, member) \
	((type *)(void *)((char *)(link)-offsetof(type, member)))

static inline void
list_init(struct list *l)
{
	l->prev = l->next = l;
}

static inline int
list_empty(const struct list *l)
{
	return l->next == l;
}

static inline void
list_del(struct list *l)
{
	l->prev->next = l->next;
	l->next->prev = l->prev;
	list_init(l);
}

/* Moves the link to the end of the list, wherever it was. */
static inline void
list_add(struct list *head, struct list *l)
{
	list_del(l);
	l->prev = head->prev;
	l->next = head;
	head->prev->next = l;
	head->prev = l;
}

/* Everything of `from` goes to the end of `head`. */
static inline void
list_splice(struct list *head, struct list *from)
{
	if (list_empty(from))
		return;
	from->next->prev = head->prev;
	head->prev->next = from->next;
	from->prev->next = head;
	head->prev = from->prev;
	list_init(from);
}

#endif
