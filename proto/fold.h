/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_FOLD_H
#define PROTO_FOLD_H

#include <stdint.h>

#include "lib/buf.h"

/*
 * Text folded for comparison, with the way back.  Folded are: full and half width, half-
 * width katakana with its voiced marks, composed and decomposed forms, compatibility
 * forms (NFKC: the one-character "(kabu)" becomes three), upper and lower case, all
 * hyphens and dashes (to '-'), spaces of any width (to ' '), full-width digits and signs
 * (to ASCII). Between digits the long-vowel mark, the kanji one and box lines are hyphens
 * too, for so they are typed in telephone numbers.  Invisible characters (variation
 * selectors, zero width, soft hyphen) vanish: their bytes belong to the character before
 * them.
 */
struct fold_cp {
	uint32_t c;	     /* folded code point */
	uint32_t start, end; /* bytes [start, end) of the original that it stands for */
};

/*
 * Starts and ends never go back.  One original may give several entries with the same
 * bytes, and entries of one original are neighbours; together the entries cover all of
 * the original (leading invisible characters belong to the first entry).
 */
struct fold {
	struct fold_cp *v;
	size_t n;
};

/* Folds valid UTF-8 of at most 16 MiB.  0 and *ret (to be given to fold_done),
 * ERR_INVALID when it is not UTF-8, ERR_LIMIT, ERR_NOMEM. */
int fold_text(struct slice utf8, struct fold *ret) MUST_CHECK;
void fold_done(struct fold *f); /* overwrites, then frees; harmless on zeros or twice */

#endif
