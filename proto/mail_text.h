/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_MAIL_TEXT_H
#define PROTO_MAIL_TEXT_H

#include "proto/json.h"
#include "proto/mail.h"

/* What a mail says about one bulletin, in one language: the text between the envelope of
 * proto/mail.c. */
struct mail_text {
	json_t *json; /* owned */
	int exercise, stub;
	uint8_t tlp;	     /* a stub has none and counts as AMBER */
	uint8_t severity;    /* 0..4 */
	unsigned revision;   /* from 1 */
	const char *number;  /* inside json */
	const char *message; /* "alert", "update", "cancel"; inside json */
	char link[512];	     /* "": none */
};

/* Reads item; ERR_INVALID when it is no bulletin.  mail_text_done is needed after
 * success. */
int mail_text_init(struct mail_text *t, const struct mail_make *m,
    const struct mail_item *item) MUST_CHECK;
void mail_text_done(struct mail_text *t);

/* "TLP:AMBER" */
const char *mail_tlp(uint8_t tlp);
/* "TLP:AMBER (組織と取引先に限る)" and its line end. */
void mail_add_tlp(uint8_t tlp, enum mail_lang lang, struct buf *out);
/* The mark of an exercise on a line of its own. */
void mail_add_exercise(enum mail_lang lang, struct buf *out);
/* "[TLP:AMBER][レベル3] 早期警戒情報 2026-7KQ2M 件名", 【訓練】 in front; beyond
 * `whole_up_to` without the title. */
void mail_add_subject(
    const struct mail_text *t, enum mail_lang lang, uint8_t whole_up_to, struct buf *out);
/* Everything about the bulletin but TLP and exercise marks and the hub's notice. */
int mail_add_text(const struct mail_text *t, enum mail_lang lang, uint8_t whole_up_to,
    struct buf *out) MUST_CHECK;
/* What every mail of the hub says at its end. */
void mail_add_notice(enum mail_lang lang, struct buf *out);

#endif
