/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_SCRUB_TERMS_H
#define PROTO_SCRUB_TERMS_H

#include "proto/scrub.h"
#include "proto/scrub_mask.h"
#include "proto/scrub_match.h"

/* One spelling of a term, and what must be true around it to count. */
enum {
	TERM_EXACT = 1 << 0,	/* letter by letter, not only by sound */
	TERM_LATIN = 1 << 1,	/* begins and ends at the edge of a word */
	TERM_ACRONYM = 1 << 2,	/* short: capital, or part of a code */
	TERM_CAPITAL = 1 << 3,	/* an ordinary word too: with a capital only */
	TERM_SUFFIX = 1 << 4,	/* common: only before a word of the trade */
	TERM_EDGES = 1 << 5,	/* short Japanese: not inside a longer word */
	TERM_ABSORB = 1 << 6,	/* takes words of the trade after it along */
	TERM_FAMILY = 1 << 7,	/* family name alone */
	TERM_GIVEN = 1 << 8,	/* given name alone: with a title */
	TERM_HOST = 1 << 9,	/* domain: takes the whole host name along */
	TERM_PREFIX = 1 << 10,	/* begins a host name */
	TERM_WEAK = 1 << 11,	/* does not count in indicators */
	TERM_CODE = 1 << 12,	/* takes the file, host or account name it is in along */
	TERM_LETTERS = 1 << 13, /* single capitals, not part of a longer row of them */
};

struct scrub_term {
	uint8_t rule;
	uint16_t flags;
	uint32_t at, n; /* plain spelling in the pool */
};

/* A registered name whole, of which any end may stand behind another spelling of its
 * beginning, as 上水道公社 of 霞台上水道公社. */
struct scrub_tail {
	uint32_t at, n; /* in the pool */
	int site;
};

struct scrub_net {
	unsigned char ip[16];
	uint8_t len, prefix; /* bytes 4 or 16, bits */
};

/* A name in Latin letters that is no romaji, by its consonants. */
enum { SCRUB_FOREIGN_MAX = 16 };
struct scrub_foreign {
	char row[SCRUB_FOREIGN_MAX];
	uint8_t n, family;
	char first; /* letter of the name */
};

enum { PREFIXES_MAX = 16, FOREIGNERS_MAX = 64, TAIL_BITS = 1024 };

struct scrubber {
	struct scrub_match *match;
	struct scrub_term *term;
	struct scrub_tail *tail;
	uint32_t tail_begins[TAIL_BITS / 32]; /* characters, by their low bits */
	uint32_t prefix[PREFIXES_MAX];	      /* terms that begin host names */
	struct scrub_foreign foreign[FOREIGNERS_MAX];
	uint32_t *pool; /* folded spellings */
	struct scrub_net *net;
	uint32_t *asn;
	size_t terms, term_room, pooled, pool_room, nets, net_room, asns, asn_room;
	size_t tails, tail_room, prefixes, foreigners;
	int ready, in_pieces; /* has names that may be written in pieces */
};

/* Room for n of *p, which has *room. */
int scrub_reserve(void **p, size_t n, size_t *room, size_t each) MUST_CHECK;
/* Adds one spelling. */
int scrub_term_add(struct scrubber *s, const struct scrub_cp *v, size_t n,
    enum scrub_rule rule, unsigned flags) MUST_CHECK;
/* Notes a name. */
int scrub_tail_add(struct scrubber *s, const struct scrub_cp *v, size_t n,
    enum scrub_rule rule) MUST_CHECK;
/* How much of an inner part or end of a noted name stands at b: two characters at least,
 * or 0. */
size_t scrub_tail_at(const struct scrubber *s, const struct scrub_view *w, size_t b);
/* The same for the whole end of a site's, behind kanji that so many kana may be
 * read for. */
size_t scrub_tail_read(
    const struct scrubber *s, const struct scrub_view *w, size_t b, size_t kana);
/* The spellings of a name of an organisation or place, of a domain, of a person. */
int scrub_name_add(struct scrubber *s, const struct scrub_cp *v, size_t n,
    enum scrub_rule rule) MUST_CHECK;
int scrub_domain_add(struct scrubber *s, const struct scrub_cp *v, size_t n) MUST_CHECK;
int scrub_person_add(struct scrubber *s, const struct scrub_cp *v, size_t n,
    enum scrub_rule rule) MUST_CHECK;
/* The spellings half in kanji, half in kana, of all names that were added. */
int scrub_mixed_add(struct scrubber *s) MUST_CHECK;
/* The Latin ones of a name, called by scrub_name_add. */
int scrub_name_add_latin(struct scrubber *s, const struct scrub_cp *v, size_t n,
    enum scrub_rule rule) MUST_CHECK;

/* Most characters are in no name behind its first. */
static inline int
scrub_tail_may_begin(const struct scrubber *s, uint32_t c)
{
	return (s->tail_begins[c % TAIL_BITS / 32] >> c % 32 & 1) != 0;
}

/* Is the spelling long enough to be known by its letters alone?  One of less than seven
 * when it stands letter by letter. */
static inline int
scrub_may_be_in_pieces(size_t n, unsigned flags)
{
	return n >= 5 && (flags & (TERM_LATIN | TERM_EXACT)) == TERM_LATIN;
}

/* Does the scrubber know this network (they overlap), number or domain? */
int scrub_owns_address(
    const struct scrubber *s, const unsigned char *ip, unsigned len, unsigned prefix);
int scrub_owns_asn(const struct scrubber *s, uint32_t asn);
int scrub_owns_domain(const struct scrubber *s, const struct scrub_cp *v, size_t n);
/* Internal kinds of terms beside enum term_kind: one word as it stands. */
enum { TERM_TOKEN = 100 };

#endif
