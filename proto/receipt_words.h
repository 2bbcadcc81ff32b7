/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_RECEIPT_WORDS_H
#define PROTO_RECEIPT_WORDS_H

#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"

/*
 * What opens a case, as words that can be printed, read out and typed in elsewhere.
 * A word is five letters, consonant and vowel in turn, of 16 bits (4, 2, 4, 2, 4):
 *
 *   consonants  b d f g h j k l m n p r s t v z      vowels  a i o u
 *
 * Six lines of five words.  Four words of a line are data (case id, then secret, the
 * high bits first); the fifth is CRC-16 (polynomial 0x1021, from 0xffff) over one byte,
 * 2 * line number + blind, and the line's eight bytes.  Any error in one word is found,
 * whatever it is, others but for one in 65,536; each with its line.
 */
enum {
	RECEIPT_LINES = 6,
	RECEIPT_WORDS = 5, /* of one line */
	RECEIPT_CASE = 16,
	RECEIPT_SECRET = 32,
	RECEIPT_TEXT_MAX = 4096, /* bytes that are looked at */
};

struct receipt {
	unsigned char case_id[RECEIPT_CASE], secret[RECEIPT_SECRET];
	uint8_t blind; /* 1: the case lives on the blind listener */
};

/* Appends six lines, "1  lusab babad gutih tugad volur\n". */
void receipt_words_write(const struct receipt *r, struct buf *out);
/*
 * Reads them back: the letters count, in either case; digits, blanks, line breaks and
 * marks between them do not, wherever they stand.  ERR_INVALID and the line at fault
 * (1..6; 7: there is more than six lines) with what is wrong, a literal.
 */
int receipt_words_read(struct slice text, struct receipt *ret, unsigned *ret_line,
    const char **ret_why) MUST_CHECK;

#endif
