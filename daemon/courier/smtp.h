/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COURIER_SMTP_H
#define COURIER_SMTP_H

#include <stdint.h>

#include "lib/buf.h"

/*
 * One mail, handed over on a connection that libcurl has opened, secured and logged in on
 * (RFC 5321).  libcurl's own way waits for the answer to a mail, and to QUIT, in a loop
 * in which nothing else goes on: a server that thinks for seconds held up every webhook.
 */
struct transfer;
struct smtp; /* opaque */

/* Makes t's handle connect only and gives it what is to be said then; takes over *text,
 * which is empty afterwards.  timeout_ms: of the mail in all, from transfer_start on.
 * ERR_NOMEM. */
int smtp_new(struct transfer *t, const char *from, const char *to, struct buf *text,
    int64_t timeout_ms) MUST_CHECK;
void smtp_free(struct smtp *s); /* NULL is fine */
/* A line that the server says before the connection stands: what it offers. */
void smtp_offered(struct smtp *s, struct slice line);
/* The connection stands; transfer_ended is called later, from the loop.  ERR_IO: it has
 * gone; ERR_NOMEM. */
int smtp_begin(struct transfer *t) MUST_CHECK;
/* The whole mail has left and its answer is out: who ends it now sends it twice. */
int smtp_awaits(const struct smtp *s);

/* An answer as it comes: lines, the last of which has no '-' behind its code. */
struct smtp_answer {
	unsigned code; /* of the line that is read */
	size_t at;     /* how far into the line */
	size_t n;      /* bytes in all */
	int more, bad;
};
enum { SMTP_ANSWER_MAX = 16384 };
/* Takes up to n bytes and says how many; *ret is the code when the answer is whole, -1
 * when it is none, 0 when more has to come. */
size_t smtp_answer_take(struct smtp_answer *a, const char *p, size_t n, int *ret);
/* A mail's lines as they go over the wire, with the dot at the end (RFC 5321, 4.5.2). */
void smtp_add_text(struct buf *out, struct slice text);

#endif
