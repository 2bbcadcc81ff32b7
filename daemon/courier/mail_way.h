/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COURIER_MAIL_WAY_H
#define COURIER_MAIL_WAY_H

#include <limits.h>

#include "daemon/courier/target.h"
#include "lib/buf.h"

enum { MAIL_TEXT = 256 };

/* Section [mail]: the server that mails are handed to, always over TLS. */
struct mail_options {
	char server[TARGET_HOST + 32]; /* smtps://host, smtp://host:587; "": no mail */
	char user[MAIL_TEXT], password_file[PATH_MAX], ca[PATH_MAX];
	char from[MAIL_TEXT], from_name[MAIL_TEXT], answers_url[MAIL_TEXT];
	char whole_text[24];
	long long timeout_ms; /* of one mail, in all: servers look into it first */
	/* Made of the above by mail_way_read. */
	struct target at; /* path: "/" and the host's name that EHLO says */
	int on, implicit; /* TLS from the first byte; otherwise STARTTLS, or nothing */
	uint8_t whole_up_to;
	char password[MAIL_TEXT]; /* wiped with the options */
};

/* Takes the texts apart and reads the password; `why` says what is wrong. */
int mail_way_read(struct mail_options *o, struct buf *why) MUST_CHECK;

#endif
