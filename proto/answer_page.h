/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_ANSWER_PAGE_H
#define PROTO_ANSWER_PAGE_H

#include "lib/buf.h"
#include "proto/msg_link.h"

/*
 * The pages behind the link of a mail, Japanese and English: no script, nothing fetched
 * from anywhere, and of the bulletin its number, kind and level alone.
 */

/* Header lines of every page; its policy allows the one style sheet by its hash. */
extern const char answer_page_headers[];
extern const char answer_page_style[];

enum answer_why {
	ANSWER_ASK = 0,
	ANSWER_SOON,   /* sent too soon after the mail: it did not count */
	ANSWER_STALE,  /* the form was an old one, or none */
	ANSWER_CHOOSE, /* nothing was chosen, or the number is none */
};

/* The form; `why` says what was wrong with the last try, wait_s with SOON. */
void answer_page_ask(
    struct buf *out, const struct link_facts *m, enum answer_why why, unsigned wait_s);
void answer_page_done(struct buf *out);
/* Never was, was used, has ended: one page for all of them. */
void answer_page_gone(struct buf *out);
void answer_page_busy(struct buf *out);

#endif
