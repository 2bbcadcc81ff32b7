/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_HTTP_CHARS_H
#define PROTO_HTTP_CHARS_H

#include "proto/http.h"

/* Shared by the files of the HTTP layer only. */
enum http_class {
	HTTP_TOKEN = 1,	 /* RFC 9110: tchar */
	HTTP_VALUE = 2,	 /* field value: HTAB, SP, VCHAR, obs-text */
	HTTP_PATH = 4,	 /* RFC 3986: pchar and "/", "%" too */
	HTTP_QUERY = 8,	 /* path characters, "?", and "[" "]" that clients leave raw */
	HTTP_HOST = 16,	 /* reg-name, without "%" */
	HTTP_SPACE = 32, /* SP, HTAB */
};
extern const unsigned char http_classes[256];

static inline int
http_is(char c, enum http_class k)
{
	return (http_classes[(unsigned char)c] & k) != 0;
}

/* Value of a hexadecimal digit, or -1. */
int http_hex(char c);
/* 1 when s is well-formed UTF-8 without control characters (C0, DEL, C1). */
int http_text_ok(struct slice s);

/* Without blanks at either end. */
struct slice http_trim(struct slice s);
/* 1 when the comma list holds the token, whatever its case. */
int http_list_has(struct slice list, const char *token);

/* Splits and checks r->target into path and query; *ret_authority is that of the absolute
 * form, else empty.  0 or ERR_PROTO (FRAMING). */
int http_target_split(struct http_request *r, struct slice *ret_authority) MUST_CHECK;
/* Checks the Host field and sets r->host.  0 or ERR_PROTO (FRAMING or MISDIRECTED). */
int http_host_check(struct http_request *r, struct slice value, struct slice authority,
    const char *const *hosts, enum problem *why) MUST_CHECK;

#endif
