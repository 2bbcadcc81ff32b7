/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIB_BUF_H
#define LIB_BUF_H

#include <stddef.h>

#include "lib/err.h"

/* A run of bytes that somebody else owns; not NUL-terminated. */
struct slice {
	const char *p;
	size_t n;
};

struct slice slice_of(const char *cstr);
int slice_eq(struct slice a, const char *cstr);	       /* 1 when equal, byte for byte */
int slice_eq_nocase(struct slice a, const char *cstr); /* ASCII letters folded */

/*
 * A growing buffer with a cap given at creation.  Errors are sticky: append as often as
 * you like and test buf_err() once.  `p` is not NUL-terminated unless buf_cstr() is used.
 */
struct buf {
	char *p;
	size_t n, room, cap;
	int err, secret;
};

void buf_init(struct buf *b, size_t cap); /* allocates nothing yet */
/* The same for secrets: whatever it lets go of, when it grows too, is overwritten. */
void buf_init_secret(struct buf *b, size_t cap);
void buf_done(struct buf *b);	       /* frees; b may be used again after buf_init */
void buf_wipe(struct buf *b);	       /* as buf_done, contents overwritten first */
void buf_reset(struct buf *b);	       /* n = 0, err = 0, keeps the memory */
void buf_cut(struct buf *b, size_t n); /* forgets all but the first n bytes */
void buf_add(struct buf *b, const void *p, size_t n);
void buf_adds(struct buf *b, const char *cstr);
void buf_addc(struct buf *b, char c);
void buf_addf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
char *buf_extend(struct buf *b, size_t n); /* n bytes to write into, or NULL (sticky) */
void buf_drop(struct buf *b, size_t n);	   /* forget the first n bytes */
const char *buf_cstr(struct buf *b);	   /* NUL-terminated, "" on error; not owned */
int buf_err(const struct buf *b);	   /* 0, ERR_LIMIT or ERR_NOMEM */
struct slice buf_slice(const struct buf *b);

/* base64url without padding (RFC 4648 section 5). */
void buf_add_b64url(struct buf *b, const void *p, size_t n);
/* Decodes into out[0..cap); returns the length or ERR_INVALID (also for padding, stray
 * bits or foreign characters) or ERR_LIMIT. */
long b64url_decode(struct slice s, void *out, size_t cap) MUST_CHECK;
void buf_add_hex(struct buf *b, const void *p, size_t n); /* lower case */
/* The same into room for 2 n characters and a NUL. */
void hex_encode(const void *p, size_t n, char *out);
long hex_decode(struct slice s, void *out, size_t cap) MUST_CHECK;

#endif
