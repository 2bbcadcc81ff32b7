/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_SCRUB_DENSE_H
#define PROTO_SCRUB_DENSE_H

#include "proto/scrub_view.h"

/* Spelling evened out: hiragana for katakana, one spelling of romaji, no accents, old
 * kanji as new, one separator, no space beside Japanese. */
struct scrub_dense {
	uint32_t *sym;
	uint32_t *at, *to; /* each symbol's range of the view */
	size_t n;
};
/* The kanji that stands for all its forms. */
uint32_t scrub_even_kanji(uint32_t c);
int scrub_kanji_sorted(void);		 /* for the tests */
uint32_t scrub_plain_letter(uint32_t c); /* without accents; 0: no Latin letter */
int scrub_dense_new(
    const struct scrub_cp *v, size_t n, struct scrub_dense *ret) MUST_CHECK;
/* Its Latin letters without separators: names that are written in pieces. */
int scrub_dense_squeeze(const struct scrub_dense *d, struct scrub_dense *ret) MUST_CHECK;
void scrub_dense_done(struct scrub_dense *d);

/* Kana to romaji (plain Hepburn), 0 when there is something else in it. */
size_t scrub_romaji_of(const uint32_t *kana, size_t n, uint32_t *out, size_t cap);
/* Romaji to hiragana, 0 when it does not parse. */
size_t scrub_kana_of(const uint32_t *latin, size_t n, uint32_t *out, size_t cap);

#endif
