/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIB_ERR_H
#define LIB_ERR_H

/*
 * One vocabulary of errors for the whole tree.  Functions that can fail return 0 or a
 * positive count on success and one of these negative codes otherwise.  The mapping to
 * HTTP stands in proto/problem.c and nowhere else.
 */
enum err {
	ERR_OK = 0,
	ERR_NOMEM = -1,	    /* allocation failed */
	ERR_LIMIT = -2,	    /* a cap given at creation was reached */
	ERR_AGAIN = -3,	    /* not now: wait for the event, or the queue is full */
	ERR_EOF = -4,	    /* the peer ended properly */
	ERR_IO = -5,	    /* a system call failed; errno says why */
	ERR_PROTO = -6,	    /* the peer broke the protocol: fatal for the connection */
	ERR_INVALID = -7,   /* the value is not allowed: recoverable, the peer is told */
	ERR_NOTFOUND = -8,  /* no such thing, or not for this reader */
	ERR_DENIED = -9,    /* known, and not allowed */
	ERR_EXISTS = -10,   /* it is there already */
	ERR_CONFLICT = -11, /* the state does not allow it */
	ERR_DOWN = -12,	    /* the program or peer that is needed is away */
	ERR_FULL = -13,	    /* the disk or quota is full */
	ERR_CORRUPT = -14,  /* stored data does not verify */
	ERR_OUTCOME = -15,  /* a sync failed: nobody knows whether it was stored */
	ERR_VERSION = -16,  /* newer than this program understands */
	ERR_CRYPTO = -17,   /* OpenSSL refused */
	ERR_RATE = -18,	    /* over a rate limit */
};

/* Every fallible function is marked, so that a forgotten result is a build error. */
#define MUST_CHECK	  __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))

/* A short lower-case English text for `code`; never NULL, never freed. */
const char *err_str(int code);

#endif
