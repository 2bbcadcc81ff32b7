/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_SCRUB_WORDS_H
#define PROTO_SCRUB_WORDS_H

#include "proto/scrub_view.h"

/* Lists of words, in scrub_words.c and scrub_posts.c; folded and lower case. */
enum scrub_list {
	WORDS_CORPORATE_JA,
	WORDS_STRIP_JA,
	WORDS_ABSORB_JA,
	WORDS_COMMON_JA,
	WORDS_REGION_JA,
	WORDS_PREFECTURE_JA,
	WORDS_HONORIFIC_JA,
	WORDS_CONTACT_JA,
	WORDS_UNIT_JA,
	WORDS_FACILITY_JA,
	WORDS_MODIFIER_JA,
	WORDS_KANA_JA,
	WORDS_KANA_TRADE,
	WORDS_CORPORATE_EN,
	WORDS_GENERIC_EN,
	WORDS_COMMON_EN,
	WORDS_TECH_EN,
	WORDS_CONTACT_EN,
	WORDS_TITLE_EN,
	WORDS_DESK_EN,
	WORDS_FACILITY_EN,
	WORDS_REGION_EN,
	WORDS_TLD,
	WORDS_SUFFIX_LABEL,
	WORDS_FILE_EXT,
	WORDS_DOCUMENT_EXT,
	WORDS_HOST_PART,
	WORDS_NOT_HOST,
	WORDS_ROLE_MAIL,
	WORDS_PUBLIC_USER,
	WORDS_USER_KEY,
	WORDS_LOG_KEY,
	/* scrub_posts.c */
	WORDS_POST_JA,
	WORDS_POST_PLACE_JA,
	WORDS_NAME_BY_POST_JA,
	WORDS_ASKED_JA,
	WORDS_NO_NAME_JA,
	WORDS_POST_EN,
	WORDS_NO_NAME_EN,
	WORDS_COUNT
};

struct scrub_words {
	const char32_t *const *words; /* and NULL */
	size_t n, longest;	      /* words, characters of the longest */
};
/* Those from WORDS_POST_JA on. */
extern const struct scrub_words scrub_post_words[WORDS_COUNT - WORDS_POST_JA];

/* Length of the longest word that begins at i (ends before i), 0 for none. */
size_t scrub_word_at(enum scrub_list l, const struct scrub_cp *v, size_t n, size_t i);
size_t scrub_word_before(enum scrub_list l, const struct scrub_cp *v, size_t i);
/* 1 when exactly these code points are in the list. */
int scrub_word_is(enum scrub_list l, const uint32_t *c, size_t n);
int scrub_words_sorted(void); /* and none longer than said; for the tests */
int scrub_word_is_view(enum scrub_list l, const struct scrub_cp *v, size_t a, size_t b);

#endif
