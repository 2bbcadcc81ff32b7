/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOAR_SHOW_H
#define CEPTOAR_SHOW_H

#include <jansson.h>

#include "cli/ceptoar/session.h"
#include "lib/buf.h"

/*
 * What the hub sent, as text for a terminal: control characters visible, URLs and domains
 * defanged.  Appends to `out`.
 */
/* member[key] in our language, or in the other one. */
void show_text(
    const struct session *s, const json_t *o, const char *key, struct buf *out);
/* A string, on one line; "" when it is none. */
void show_string(const json_t *v, struct buf *out);
/* A bulletin, update or cancel. */
void show_bulletin(const struct session *s, const json_t *b, struct buf *out);
/* One event of the stream or of /v1/events, by its name. */
void show_event(
    const struct session *s, const char *event, const json_t *data, struct buf *out);
/* One line of a list. */
void show_bulletin_line(const struct session *s, const json_t *b, struct buf *out);
/* How many have not acknowledged a bulletin in time. */
void show_silence(const json_t *v, struct buf *out);
/* One item of a desk's inbox. */
void show_inbox_item(const struct session *s, const json_t *i, struct buf *out);
/* One thing that many members report. */
void show_trend(const json_t *t, struct buf *out);
/* Any other object: an indented list. */
void show_object(const json_t *j, unsigned depth, struct buf *out);
/* Any value: a scalar on the line that was begun, an object or list below it. */
void show_value(const json_t *j, unsigned depth, struct buf *out);
/* Bold and back, on a terminal. */
void show_bold(const struct session *s, int on, struct buf *out);
/* Writes it to standard output and frees it; EXIT_DONE, or EXIT_REFUSED when that fails.
 */
int show_print(struct buf *out) MUST_CHECK;

#endif
