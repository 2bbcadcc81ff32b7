/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_SCRUB_H
#define PROTO_SCRUB_H

#include "proto/json.h"
#include "proto/msg_vault.h"

/* Opaque types. */
struct scrubber;

/*
 * The machine pass over a report's text (anonymity, "The text itself").  Built once from
 * the sender's registry terms; runs in the front and, for records and blind reports, in
 * the command line.  No regular-expression engine: linear time in the text.
 */
struct scrubber *scrubber_new(void) MUST_CHECK;
void scrubber_free(struct scrubber *s); /* wipes the terms */
/* Adds one term; variants are made here (romaji and katakana of kana, kanji in old forms
 * and half in kana, full and half width, names in pieces, with and without the words of
 * the trade, corporate forms off and on, case, abbreviations letter by letter and read
 * out, host labels of a domain, accounts and initials of people, their consonants in
 * katakana).  Any end of a name goes with any spelling of its beginning.  Too short or
 * too common terms are passed over (returns 0 as well). */
int scrubber_add(struct scrubber *s, enum term_kind kind, struct slice text) MUST_CHECK;
int scrubber_ready(
    struct scrubber *s) MUST_CHECK; /* after the last term, before the first use */

/*
 * Scrubs every free text of a normalised report, in both languages: own terms, then
 * patterns (mail in all disguises, telephones in all Japanese notations, private
 * addresses, user names in paths, URLs and logs, AS numbers, MAC addresses, host-shaped
 * tokens, people with titles, plants, postal addresses; a prefecture alone stays); what
 * stands in `indicators` is never masked.  URLs outside indicators are left for the
 * renderer to defang.  *ret: the scrubbed report (new).  *ret_replacements, when wanted:
 * an array of
 * {"pointer","original","replacement","rule","offset","length"} (code points in the
 * original text).  ERR_INVALID with identity_in_text and a pointer when an own term
 * stands in indicators, references or products.
 */
int scrub_report(const struct scrubber *s, const json_t *report, json_t **ret,
    json_t **ret_replacements, struct fault *why) MUST_CHECK;

/* The same pass over one text, for tests, fuzzing and case messages. */
int scrub_text(const struct scrubber *s, struct slice text, const json_t *indicators,
    struct buf *out) MUST_CHECK;
/* Patterns only: 1 when a mail address, telephone number, private address or user path
 * stands in the text outside the listed indicators. */
int scrub_text_reveals(struct slice text, const json_t *indicators);

#endif
