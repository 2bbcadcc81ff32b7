/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_SCRUB_PHONE_H
#define PROTO_SCRUB_PHONE_H

#include "proto/scrub_find.h"

static inline int
scrub_digit_here(const struct scrub_view *w, size_t i)
{
	return i < w->n && w->v[i].cls == CLASS_DIGIT;
}

/* May a number end before i? */
int scrub_phone_ends(const struct scrub_view *w, size_t i);
/* Entries of an extension with its word at i; 0 for none. */
size_t scrub_phone_extension(const struct scrub_view *w, size_t i);
/* Entries of an extension that is short for one, as in "Mori, x3308", with its x at i. */
size_t scrub_phone_short(const struct scrub_view *w, size_t i);
/* Entries behind a number that ends before i: " x12", and the ends of other numbers. */
size_t scrub_phone_behind(const struct scrub_view *w, size_t i);
/* Entries of a number that is read out at i, as in ゼロサンの..., "zero three ..." or a
 * mixture of figures, kanji and words; 0 for none. */
size_t scrub_phone_spoken(const struct scrub_view *w, size_t i);

#endif
