/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/receipt_words.h"

#include <string.h>

#include "lib/mem.h"

enum {
	LETTERS = 5, /* of a word */
	LINE_BYTES = 2 * (RECEIPT_WORDS - 1),
	LINE_LETTERS = LETTERS * RECEIPT_WORDS,
	DATA = RECEIPT_LINES * LINE_BYTES,
};

_Static_assert(DATA == RECEIPT_CASE + RECEIPT_SECRET, "six lines hold both exactly");

static const char consonants[] = "bdfghjklmnprstvz", vowels[] = "aiou";

static uint16_t
crc16(const unsigned char *p, size_t n)
{
	uint16_t crc = 0xffff;
	unsigned bit;
	size_t i;

	for (i = 0; i < n; i++) {
		crc = (uint16_t)(crc ^ p[i] << 8);
		for (bit = 0; bit < 8; bit++)
			crc = (uint16_t)(crc << 1 ^ ((crc & 0x8000) != 0 ? 0x1021 : 0));
	}
	return crc;
}

/* The fifth word of a line, counted from 1. */
static uint16_t
check_word(const unsigned char data[LINE_BYTES], unsigned line, unsigned blind)
{
	unsigned char in[1 + LINE_BYTES];
	uint16_t crc;

	in[0] = (unsigned char)(2 * line + blind);
	memcpy(in + 1, data, LINE_BYTES);
	crc = crc16(in, sizeof in);
	mem_wipe(in, sizeof in);
	return crc;
}

static void
add_word(struct buf *out, unsigned v)
{
	buf_addc(out, consonants[v >> 12 & 15]);
	buf_addc(out, vowels[v >> 10 & 3]);
	buf_addc(out, consonants[v >> 6 & 15]);
	buf_addc(out, vowels[v >> 4 & 3]);
	buf_addc(out, consonants[v & 15]);
}

static void
pack(const struct receipt *r, unsigned char data[DATA])
{
	memcpy(data, r->case_id, RECEIPT_CASE);
	memcpy(data + RECEIPT_CASE, r->secret, RECEIPT_SECRET);
}

void
receipt_words_write(const struct receipt *r, struct buf *out)
{
	unsigned char data[DATA], *p = data;
	unsigned line, i;

	pack(r, data);
	for (line = 1; line <= RECEIPT_LINES; line++, p += LINE_BYTES) {
		buf_addf(out, "%u ", line);
		for (i = 0; i < LINE_BYTES; i += 2) {
			buf_addc(out, ' ');
			add_word(out, (unsigned)p[i] << 8 | p[i + 1]);
		}
		buf_addc(out, ' ');
		add_word(out, check_word(p, line, r->blind != 0));
		buf_addc(out, '\n');
	}
	mem_wipe(data, sizeof data);
}

/* The letters alone, in lower case, at most `room` of them; what they are is looked at
 * later, where their line is known. */
static size_t
letters_of(struct slice text, char *out, size_t room)
{
	size_t i, n = 0;
	char c;

	for (i = 0; i < text.n && n < room; i++) {
		c = text.p[i];
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80)
			out[n++] = c;
	}
	return n;
}

/* A word's 16 bits, or -1. */
static long
word_value(const char *p)
{
	static const unsigned char shift[LETTERS] = { 12, 10, 6, 4, 0 };
	const char *from, *at;
	unsigned v = 0;
	size_t i;

	for (i = 0; i < LETTERS; i++) {
		from = i % 2 == 0 ? consonants : vowels;
		at = strchr(from, p[i]);
		if (at == NULL)
			return -1;
		v |= (unsigned)(at - from) << shift[i];
	}
	return (long)v;
}

/* One line of 25 letters: its data and its check word. */
static int
read_line(const char *p, unsigned char data[LINE_BYTES], unsigned *ret_check)
{
	unsigned i;
	long v;

	for (i = 0; i < RECEIPT_WORDS; i++, p += LETTERS) {
		v = word_value(p);
		if (v < 0)
			return ERR_INVALID;
		if (i + 1 == RECEIPT_WORDS) {
			*ret_check = (unsigned)v;
		} else {
			data[2 * i] = (unsigned char)(v >> 8);
			data[2 * i + 1] = (unsigned char)v;
		}
	}
	return 0;
}

/* What is wrong with a line, or NULL.  The first one tells blind cases from others, and
 * the rest must agree. */
static const char *
look_at(const char *p, size_t left, unsigned line, unsigned char data[LINE_BYTES],
    unsigned *blind)
{
	unsigned check = 0;

	if (left < LINE_LETTERS)
		return "it is not whole: five words of five letters are expected";
	if (read_line(p, data, &check) != 0)
		return "a word of it is none: consonant and vowel in turn, of "
		       "bdfghjklmnprstvz and aiou";
	if (line == 1)
		*blind = check == check_word(data, line, 1);
	if (check != check_word(data, line, *blind))
		return "it does not fit its check word: a letter is wrong, or the line "
		       "is out of place";
	return NULL;
}

int
receipt_words_read(
    struct slice text, struct receipt *ret, unsigned *ret_line, const char **ret_why)
{
	char letters[RECEIPT_LINES * LINE_LETTERS + 1];
	unsigned char data[DATA];
	unsigned line, blind = 0;
	const char *why = NULL;
	size_t n, at = 0;

	if (text.n > RECEIPT_TEXT_MAX)
		text.n = RECEIPT_TEXT_MAX;
	n = letters_of(text, letters, sizeof letters);
	for (line = 1; why == NULL && line <= RECEIPT_LINES; line++, at += LINE_LETTERS)
		why = look_at(letters + at, n > at ? n - at : 0, line,
		    data + (line - 1) * LINE_BYTES, &blind);
	if (why != NULL)
		line--;
	else if (n > RECEIPT_LINES * LINE_LETTERS)
		why = "there is more than six lines";
	if (why == NULL) {
		memcpy(ret->case_id, data, RECEIPT_CASE);
		memcpy(ret->secret, data + RECEIPT_CASE, RECEIPT_SECRET);
		ret->blind = (uint8_t)blind;
	} else {
		*ret_line = line;
		*ret_why = why;
	}
	mem_wipe(letters, sizeof letters);
	mem_wipe(data, sizeof data);
	return why == NULL ? 0 : ERR_INVALID;
}
