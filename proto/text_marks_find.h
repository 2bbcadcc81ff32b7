/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_TEXT_MARKS_FIND_H
#define PROTO_TEXT_MARKS_FIND_H

#include <uchar.h>

#include "proto/fold.h"

/* The inside of text_marks; only text_marks*.c include it. */

/* A folded text with the original beside it. */
struct mark_text {
	struct slice utf8;
	struct fold f;
};

static inline uint32_t
mark_at(const struct mark_text *t, size_t i)
{
	return i < t->f.n ? t->f.v[i].c : 0;
}

static inline int
mark_digit(const struct mark_text *t, size_t i)
{
	return mark_at(t, i) >= '0' && mark_at(t, i) <= '9';
}

static inline int
mark_letter(const struct mark_text *t, size_t i)
{
	return mark_at(t, i) >= 'a' && mark_at(t, i) <= 'z';
}

/* Was it a capital letter? */
static inline int
mark_capital(const struct mark_text *t, size_t i)
{
	char c = i < t->f.n ? t->utf8.p[t->f.v[i].start] : 0;

	return mark_letter(t, i) && !(c >= 'a' && c <= 'z');
}

/* Length of the word when it stands at i, else 0. */
static inline size_t
mark_word(const struct mark_text *t, size_t i, const char32_t *word)
{
	size_t n;

	for (n = 0; word[n] != 0; n++)
		if (mark_at(t, i + n) != word[n])
			return 0;
	return n;
}

/* The same for the first of a list that stands there; the list ends with NULL. */
static inline size_t
mark_any(const struct mark_text *t, size_t i, const char32_t *const *words)
{
	size_t n = 0;

	for (; *words != NULL && n == 0; words++)
		n = mark_word(t, i, *words);
	return n;
}

/* A time that begins at i: its length, else 0. */
size_t mark_time(const struct mark_text *t, size_t i);
/* A place around i: [*ret_start, the end that is returned), else 0; `from` is where the
 * last mark ended. */
size_t mark_place(const struct mark_text *t, size_t from, size_t i, size_t *ret_start);

#endif
