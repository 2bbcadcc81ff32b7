/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_SCRUB_VIEW_H
#define PROTO_SCRUB_VIEW_H

#include <stdint.h>
#include <uchar.h>

#include "lib/buf.h"

/*
 * The scrubber's own headers; nobody else includes them.
 *
 *   text -> view (folded, defanging undone) -> dense (spelling evened out) -> own terms
 *                                           -> recognisers of patterns
 *        -> hits (ranges of the view) -> barriers in the view, until nothing is found
 */
enum scrub_class {
	CLASS_OTHER = 0,
	CLASS_SPACE,
	CLASS_DIGIT,
	CLASS_LATIN,
	CLASS_HIRAGANA,
	CLASS_KATAKANA,
	CLASS_KANJI,
	CLASS_BARRIER, /* something replaced, or a replacement found in the input */
};

enum { CP_UPPER = 1, CP_REFANGED = 2, CP_GIVEN = 4 /* a barrier of the input */ };

struct scrub_cp {
	uint32_t c;	     /* folded code point */
	uint32_t start, end; /* bytes of the original */
	uint8_t cls, flags;
	uint8_t rule; /* of a barrier: one of those with its replacement */
};

/* The code point of a barrier: none that a text can hold. */
enum { SYM_BARRIER = 0x110000 };

struct scrub_view {
	struct scrub_cp *v;
	size_t n;
};

int scrub_view_new(struct slice text, struct scrub_view *ret) MUST_CHECK;
void scrub_view_done(struct scrub_view *w);

/* Makes view entries of code points (generated spellings). */
void scrub_cp_fill(struct scrub_cp *v, const uint32_t *c, size_t n);

/* Takes off what is neither letter, digit nor bracket at both ends. */
void scrub_cp_trim(const struct scrub_cp **v, size_t *n);

/* The length of the text when it stands at i, or 0. */
size_t scrub_text_at(const struct scrub_view *w, size_t i, const char32_t *text);
/* Is it exactly one of these, the last of which is NULL? */
int scrub_text_is_any(
    const struct scrub_view *w, size_t a, size_t b, const char32_t *const *words);

/* Small tests on the view. */
static inline int
scrub_is_in(const char32_t *set, uint32_t c)
{
	for (; *set != 0; set++)
		if (*set == c)
			return 1;
	return 0;
}

static inline int
scrub_is_alnum(const struct scrub_cp *p)
{
	return p->cls == CLASS_DIGIT || p->cls == CLASS_LATIN;
}

static inline int
scrub_is_ascii_alnum(uint32_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

static inline int
scrub_is_japanese(const struct scrub_cp *p)
{
	return p->cls >= CLASS_HIRAGANA && p->cls <= CLASS_KANJI;
}

#endif
