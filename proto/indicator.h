/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_INDICATOR_H
#define PROTO_INDICATOR_H

#include "lib/buf.h"

/*
 * Attacker indicators: which types exist and how a value of each is written.  Values may
 * be defanged (hxxp://, [.], [:], [@], (.)) and are kept as the sender wrote them;
 * whoever compares or exports them takes the refanged form.
 */
enum indicator_type {
	IND_IPV4,
	IND_IPV6,
	IND_CIDR,
	IND_ASN,
	IND_DOMAIN,
	IND_URL,
	IND_EMAIL,
	IND_MD5,
	IND_SHA1,
	IND_SHA256,
	IND_FILENAME,
	IND_FILE_EXTENSION,
	IND_MUTEX,
	IND_REGISTRY_KEY,
	IND_USER_AGENT,
	IND_EMAIL_SUBJECT,
	IND_ACCOUNT_NAME,
	IND_SOFTWARE,
	IND_OTHER,
	IND_TYPES
};

/* NULL-terminated names, in the order of the enum. */
extern const char *const indicator_types[];
/* The type of that name, or -1. */
int indicator_type(struct slice name);
/* 0, or ERR_INVALID with *ret_detail saying what was expected (a literal).  The value
 * must have passed text_check as a line. */
int indicator_check(
    enum indicator_type type, struct slice value, const char **ret_detail) MUST_CHECK;
/* Appends the value as it is on the wire: hxxp to http, [.] to ".", and so on. */
void indicator_refang(struct slice value, struct buf *out);

#endif
