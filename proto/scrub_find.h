/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_SCRUB_FIND_H
#define PROTO_SCRUB_FIND_H

#include "proto/scrub_dense.h"
#include "proto/scrub_terms.h"
#include "proto/scrub_words.h"

/* What the recognisers learn about the sender on the way. */
struct scrub_finds {
	struct scrubber *local;	    /* names and users seen; may be NULL */
	const struct scrubber *own; /* may be NULL */
	unsigned added;
	int err; /* sticky */
};
/* A person, a place, or a user name (TERM_TOKEN), that is to be found again elsewhere. */
void scrub_finds_add(
    struct scrub_finds *f, unsigned kind, const struct scrub_cp *v, size_t n);

/* Recognisers of patterns; each appends to the hits. */
void scrub_find_mail(
    const struct scrub_view *w, struct scrub_hits *h, struct scrub_finds *f);
void scrub_find_phone(const struct scrub_view *w, struct scrub_hits *h);
void scrub_find_address(
    const struct scrub_view *w, const struct scrubber *own, struct scrub_hits *h);
void scrub_find_number(
    const struct scrub_view *w, const struct scrubber *own, struct scrub_hits *h);
void scrub_find_user(
    const struct scrub_view *w, struct scrub_hits *h, struct scrub_finds *f);
void scrub_find_host(const struct scrub_view *w, struct scrub_hits *h);
void scrub_find_person(
    const struct scrub_view *w, struct scrub_hits *h, struct scrub_finds *f);
void scrub_find_place(
    const struct scrub_view *w, struct scrub_hits *h, struct scrub_finds *f);
void scrub_find_postal(const struct scrub_view *w, struct scrub_hits *h);
void scrub_find_postal_en(const struct scrub_view *w, struct scrub_hits *h);
/* An AS number without "AS" at i, by what stands before it: entries eaten, or 0. */
size_t scrub_route_number(const struct scrub_view *w, size_t i);
/* The sender's own terms.  `strict` (for indicators) leaves out what is short or common.
 */
int scrub_find_terms(const struct scrubber *s, const struct scrub_view *w,
    const struct scrub_dense *d, int strict, struct scrub_hits *h) MUST_CHECK;
/* Where a name at [a, b) ends, and begins, with the words of the trade and the forms of
 * incorporation around it. */
size_t scrub_absorb_latin(const struct scrub_view *w, size_t a, size_t b);
size_t scrub_absorb_japanese(const struct scrub_view *w, size_t b);
size_t scrub_absorb_before(const struct scrub_view *w, size_t a);
/* What a code is: RULE_DOMAIN, RULE_FILE, RULE_HOST or RULE_CODE. */
enum scrub_rule scrub_host_kind(const struct scrub_view *w, size_t a, size_t b);

/* Where a name in hiragana begins that ends before i, or i. */
size_t scrub_hiragana_name(const struct scrub_view *w, size_t i);
/* Do the letters fall into parts of host names, such as FILE and SV? */
int scrub_is_host_part(const struct scrub_view *w, size_t a, size_t b);
/* Is the kanji one of everyday words, of which names that nobody knows have none? */
int scrub_is_of_duty(uint32_t c);
int scrub_duty_sorted(void); /* for the tests */
/* Are the kanji a family name, or at least no other word?  Finds one that begins at i by
 * the post or the label beside it. */
int scrub_reads_as_name(const struct scrub_view *w, size_t a, size_t b);
void scrub_find_called(const struct scrub_view *w, size_t i, struct scrub_hits *h);
/* A name in English beside the post that begins at i. */
void scrub_find_called_en(const struct scrub_view *w, size_t i, struct scrub_hits *h);
/* Length of a title such as "san" or "head nurse" at i, 0 for none. */
size_t scrub_title_at(const struct scrub_view *w, size_t i);

/* One word with a capital letter at i, and its length. */
int scrub_capital_word(const struct scrub_view *w, size_t i, size_t *ret_n);
/* Reads an address, also one with letters x or * for its end, and a prefix length.
 * Entries eaten, or 0. */
size_t scrub_read_address(const struct scrub_cp *v, size_t n, size_t i,
    unsigned char ip[16], unsigned *ret_len, unsigned *ret_prefix);
/* The host, file or account name around [a, b). */
void scrub_code_around(
    const struct scrub_view *w, size_t a, size_t b, size_t *ret_a, size_t *ret_b);

#endif
