/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_SCRUB_PARTS_H
#define PROTO_SCRUB_PARTS_H

#include <stdint.h>
#include <uchar.h>

#include "proto/scrub.h"

/*
 * What the files of the scrubber share; nobody else includes it.
 *
 *   text -> view (folded, defanging undone) -> dense (spelling evened out) -> own terms
 *                                           -> recognisers of patterns
 *        -> hits (ranges of the view) -> barriers in the view, until nothing is found
 */

/* Which rule found something; the table in scrub_mask.c gives name and replacement. */
enum scrub_rule {
	RULE_NONE = 0,
	RULE_NAME,
	RULE_ALIAS,
	RULE_DOMAIN,
	RULE_NETWORK,
	RULE_ASN,
	RULE_HOST_PREFIX,
	RULE_SITE,
	RULE_PERSON,
	RULE_MAIL,
	RULE_PHONE,
	RULE_PRIVATE,
	RULE_USER,
	RULE_FILE,
	RULE_AS_NUMBER,
	RULE_MAC,
	RULE_HOST,
	RULE_CONTACT,
	RULE_PLACE,
	RULE_AGAIN, /* a user name or mail name seen elsewhere in the report */
	RULE_CODE,  /* an account or the like that holds one of the sender's names */
	RULE_COUNT
};

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

struct scrub_view {
	struct scrub_cp *v;
	size_t n;
};

int scrub_view_new(struct slice text, struct scrub_view *ret) MUST_CHECK;
void scrub_view_done(struct scrub_view *w);

struct scrub_hit {
	uint32_t a, b; /* range of the view */
	uint8_t rule;
};

struct scrub_hits {
	struct scrub_hit *v;
	size_t n, room;
	int err; /* sticky */
};
void scrub_hits_add(struct scrub_hits *h, size_t a, size_t b, enum scrub_rule rule);
void scrub_hits_done(struct scrub_hits *h);
/* Turns the hits, less the kept ranges, into barriers; how many were new. */
size_t scrub_hits_apply(struct scrub_hits *h, const struct scrub_hits *keep,
    const struct scrub_hits *keep_weak, struct scrub_view *w);
/* 1 when a hit of the four public kinds is left outside the kept ranges. */
int scrub_hits_reveal(
    struct scrub_hits *h, const struct scrub_hits *keep, const struct scrub_view *w);

const char *scrub_rule_name(enum scrub_rule r);
const char *scrub_rule_text(enum scrub_rule r, int english);
/* Length of a replacement text that stands at i, 0 for none, and its (first) rule. */
size_t scrub_rule_text_at(
    const struct scrub_cp *v, size_t n, size_t i, uint8_t *ret_rule);

/* Spelling evened out: hiragana for katakana, one spelling of romaji, no accents, old
 * kanji as new, one separator, no space beside Japanese. */
struct scrub_dense {
	uint32_t *sym;
	uint32_t *at, *to; /* each symbol's range of the view */
	size_t n;
};
enum { SYM_BARRIER = 0x110000 };
uint32_t scrub_plain_letter(uint32_t c); /* without accents; 0: no Latin letter */
int scrub_dense_new(
    const struct scrub_cp *v, size_t n, struct scrub_dense *ret) MUST_CHECK;
void scrub_dense_done(struct scrub_dense *d);

/* Kana to romaji (plain Hepburn), 0 when there is something else in it. */
size_t scrub_romaji_of(const uint32_t *kana, size_t n, uint32_t *out, size_t cap);
/* Romaji to hiragana, 0 when it does not parse. */
size_t scrub_kana_of(const uint32_t *latin, size_t n, uint32_t *out, size_t cap);

/* Aho-Corasick over symbols. */
struct scrub_match;
struct scrub_match *scrub_match_new(void) MUST_CHECK;
void scrub_match_free(struct scrub_match *m);
int scrub_match_add(
    struct scrub_match *m, const uint32_t *sym, size_t n, uint32_t id) MUST_CHECK;
int scrub_match_ready(struct scrub_match *m) MUST_CHECK;
typedef void scrub_match_fn(void *arg, uint32_t id, size_t start, size_t end);
void scrub_match_run(const struct scrub_match *m, const uint32_t *sym, size_t n,
    scrub_match_fn *fn, void *arg);

/* Lists of words, in scrub_words.c; folded and lower case. */
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
	WORDS_SURNAME_JA,
	WORDS_CORPORATE_EN,
	WORDS_GENERIC_EN,
	WORDS_COMMON_EN,
	WORDS_TECH_EN,
	WORDS_CONTACT_EN,
	WORDS_TITLE_EN,
	WORDS_DESK_EN,
	WORDS_FACILITY_EN,
	WORDS_TLD,
	WORDS_SUFFIX_LABEL,
	WORDS_FILE_EXT,
	WORDS_DOCUMENT_EXT,
	WORDS_HOST_PART,
	WORDS_NOT_HOST,
	WORDS_ROLE_MAIL,
	WORDS_PUBLIC_USER,
	WORDS_USER_KEY,
	WORDS_COUNT
};
/* Length of the longest word that begins at i (ends before i), 0 for none. */
size_t scrub_word_at(enum scrub_list l, const struct scrub_cp *v, size_t n, size_t i);
size_t scrub_word_before(enum scrub_list l, const struct scrub_cp *v, size_t i);
/* 1 when exactly these code points are in the list. */
int scrub_word_is(enum scrub_list l, const uint32_t *c, size_t n);
int scrub_words_sorted(void); /* for the tests */
int scrub_word_is_view(enum scrub_list l, const struct scrub_cp *v, size_t a, size_t b);

/* What the recognisers learn about the sender on the way. */
struct scrub_finds {
	struct scrubber *local;	    /* names and users seen; may be NULL */
	const struct scrubber *own; /* may be NULL */
	unsigned added;
	int err; /* sticky */
};
/* A person, or a user name (TERM_TOKEN), that is to be found again elsewhere. */
void scrub_finds_add(
    struct scrub_finds *f, unsigned kind, const struct scrub_cp *v, size_t n);

/* What stands in `indicators` (or references and products) and is not masked in texts. */
struct scrub_keep;
int scrub_keep_new(const json_t *indicators, struct scrub_keep **ret) MUST_CHECK;
int scrub_keep_add(
    struct scrub_keep *k, const json_t *list) MUST_CHECK; /* plain strings */
int scrub_keep_ready(struct scrub_keep *k) MUST_CHECK;
void scrub_keep_free(struct scrub_keep *k);
/* The ranges of a text to leave alone, sorted and apart; those that are one plain word
 * have a rule. */
int scrub_keep_find(const struct scrub_keep *k, const struct scrub_view *w,
    struct scrub_hits *h) MUST_CHECK;

/* All texts of one report, and what is known while they are scrubbed. */
struct scrub_pass {
	const struct scrubber *own; /* may be NULL: patterns only */
	struct scrubber *local;
	const struct scrub_keep *keep, *keep_weak; /* may be NULL */
};
/* Learns from all of the views, then masks in each until nothing more is found. */
int scrub_pass_run(
    struct scrub_pass *p, struct scrub_view *const *views, size_t n) MUST_CHECK;
/* Writes a view as text again. */
void scrub_pass_write(
    const struct scrub_view *w, struct slice text, int english, struct buf *out);

/* Recognisers of patterns; each appends to the hits. */
void scrub_find_mail(
    const struct scrub_view *w, struct scrub_hits *h, struct scrub_finds *f);
void scrub_find_phone(const struct scrub_view *w, struct scrub_hits *h);
void scrub_find_address(
    const struct scrub_view *w, const struct scrubber *own, struct scrub_hits *h);
void scrub_find_number(const struct scrub_view *w, struct scrub_hits *h);
void scrub_find_user(
    const struct scrub_view *w, struct scrub_hits *h, struct scrub_finds *f);
void scrub_find_host(const struct scrub_view *w, struct scrub_hits *h);
void scrub_find_person(
    const struct scrub_view *w, struct scrub_hits *h, struct scrub_finds *f);
void scrub_find_place(const struct scrub_view *w, struct scrub_hits *h);
/* One spelling of a term, and what must be true around it to count. */
enum {
	TERM_EXACT = 1 << 0,   /* letter by letter, not only by sound */
	TERM_LATIN = 1 << 1,   /* begins and ends at the edge of a word */
	TERM_ACRONYM = 1 << 2, /* short: capital, or part of a code */
	TERM_CAPITAL = 1 << 3, /* an ordinary word too: with a capital only */
	TERM_SUFFIX = 1 << 4,  /* common: only before a word of the trade */
	TERM_EDGES = 1 << 5,   /* short Japanese: not inside a longer word */
	TERM_ABSORB = 1 << 6,  /* takes words of the trade after it along */
	TERM_FAMILY = 1 << 7,  /* family name alone */
	TERM_GIVEN = 1 << 8,   /* given name alone: with a title */
	TERM_HOST = 1 << 9,    /* domain: takes the whole host name along */
	TERM_PREFIX = 1 << 10, /* begins a host name */
	TERM_WEAK = 1 << 11,   /* does not count in indicators */
	TERM_CODE = 1 << 12,   /* takes the file, host or account name it is in along */
};

struct scrub_term {
	uint8_t rule;
	uint16_t flags;
	uint32_t at, n; /* plain spelling in the pool */
};

struct scrub_net {
	unsigned char ip[16];
	uint8_t len, prefix; /* bytes 4 or 16, bits */
};

struct scrubber {
	struct scrub_match *match;
	struct scrub_term *term;
	uint32_t *pool; /* folded spellings */
	struct scrub_net *net;
	uint32_t *asn;
	size_t terms, term_room, pooled, pool_room, nets, net_room, asns, asn_room;
	int ready;
};

/* Adds one spelling. */
int scrub_term_add(struct scrubber *s, const struct scrub_cp *v, size_t n,
    enum scrub_rule rule, unsigned flags) MUST_CHECK;
/* The spellings of a name of an organisation or place, of a domain, of a person. */
int scrub_name_add(struct scrubber *s, const struct scrub_cp *v, size_t n,
    enum scrub_rule rule) MUST_CHECK;
int scrub_domain_add(struct scrubber *s, const struct scrub_cp *v, size_t n) MUST_CHECK;
int scrub_person_add(struct scrubber *s, const struct scrub_cp *v, size_t n,
    enum scrub_rule rule) MUST_CHECK;
/* Makes view entries of code points (generated spellings). */
void scrub_cp_fill(struct scrub_cp *v, const uint32_t *c, size_t n);

/* What a code is: RULE_DOMAIN, RULE_FILE, RULE_HOST or RULE_CODE. */
enum scrub_rule scrub_host_kind(const struct scrub_view *w, size_t a, size_t b);

/* The sender's own terms.  `strict` (for indicators) leaves out what is short or common.
 */
int scrub_find_terms(const struct scrubber *s, const struct scrub_view *w,
    const struct scrub_dense *d, int strict, struct scrub_hits *h) MUST_CHECK;
/* Does the scrubber know this network (they overlap), number or domain? */
int scrub_owns_address(
    const struct scrubber *s, const unsigned char *ip, unsigned len, unsigned prefix);
int scrub_owns_asn(const struct scrubber *s, uint32_t asn);
int scrub_owns_domain(const struct scrubber *s, const struct scrub_cp *v, size_t n);
/* Internal kinds of terms beside enum term_kind: one word as it stands. */
enum { TERM_TOKEN = 100 };

/* Reads an address, also one with letters x or * for its end, and a prefix length.
 * Entries eaten, or 0. */
size_t scrub_read_address(const struct scrub_cp *v, size_t n, size_t i,
    unsigned char ip[16], unsigned *ret_len, unsigned *ret_prefix);
/* The host, file or account name around [a, b). */
void scrub_code_around(
    const struct scrub_view *w, size_t a, size_t b, size_t *ret_a, size_t *ret_b);

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
