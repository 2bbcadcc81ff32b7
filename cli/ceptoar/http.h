/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOAR_HTTP_H
#define CEPTOAR_HTTP_H

#include "cli/ceptoar/session.h"
#include "lib/buf.h"

/*
 * Requests over libcurl: TLS 1.3 with the hub's own authority and no other, our
 * certificate, no proxy, no redirect, no cookie, nothing from the environment.  Only a
 * whole answer counts: with TLS 1.3 a handshake succeeds for a client that is then
 * refused.  In a blind session: no certificate, and by its proxy or relay.
 */
struct http_answer {
	long status;
	long retry_after; /* seconds; -1: not said */
	struct buf body;
	int is_json;
};

void http_answer_init(struct http_answer *a);
void http_answer_done(struct http_answer *a);

/*
 * Sends one request to the hub's URLs in turn until one answers.  `headers` is a
 * NULL-terminated list of complete lines, or NULL; body may be NULL.  0, or ERR_DOWN when
 * none gave a whole answer (ERR_AGAIN: the request may have been received all the same),
 * ERR_CRYPTO when our own certificate or key cannot be used.
 */
int http_do(struct session *s, const char *method, const char *path,
    const struct slice *body, const char *const *headers,
    struct http_answer *ret) MUST_CHECK;
/* What went wrong in the last http_do or http_stream, for people. */
const char *http_why(void);

/*
 * GET of a stream from the URL number s->at.  on_bytes gets what comes (not 0 ends the
 * stream), on_tick is called at least once a second (not 0 ends it); a silence of
 * `silent_s` ends it too.  *ret_status is 0 when no answer came; an answer that is no
 * stream lies in `ret`.  0 when on_bytes or on_tick ended it, ERR_DOWN when it broke,
 * ERR_DENIED with an answer that is no stream.
 */
struct http_stream {
	int (*on_bytes)(void *arg, struct slice bytes);
	int (*on_tick)(void *arg);
	void *arg;
	long silent_s;
};
int http_stream(struct session *s, const char *path, const char *const *headers,
    const struct http_stream *how, struct http_answer *ret) MUST_CHECK;

/* Prints the problem that the answer carries; EXIT_REFUSED (503: EXIT_DOWN). */
int http_refused(const struct http_answer *a);
/* Words for an error of http_do; EXIT_DOWN, or EXIT_REFUSED when it is our certificate.
 */
int http_unreached(const struct session *s, int err);

#endif
