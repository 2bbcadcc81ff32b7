/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_IN_HTTP_H
#define FRONT_IN_HTTP_H

#include <stdint.h>

#include "lib/buf.h"
#include "proto/http.h"

/* Opaque types. */
struct answer;
struct conn;
struct fault;
struct front;
struct route;
struct terms;

/* A file that is handed out takes megabytes: few are asked for and held at once. */
enum file_stage { FILE_NONE = 0, FILE_ASKED, FILE_HELD };

/* One request, from its first byte to the last one of its answer. */
struct request {
	struct buf head; /* what came; slices of http point into it */
	size_t rest;	 /* where the bytes behind this request's begin */
	size_t scanned;
	struct http_request http;
	struct http_body decoder;
	struct buf body;
	struct buf next; /* came behind the body: the next request, or its beginning */
	struct buf out;
	size_t out_at;
	const struct route *route;
	struct slice param;  /* the path's variable part */
	struct slice sub;    /* and the second one */
	int file;	     /* enum file_stage of its answer */
	int fresh;	     /* head holds bytes that were not looked at */
	int keep;	     /* the connection goes on behind this answer */
	int no_body;	     /* the request is HEAD */
	int64_t began;	     /* of the body */
	uint64_t plain;	     /* bytes that came for it */
	uint64_t call;	     /* the one outstanding question; 0: none */
	struct terms *terms; /* a scrubber that is being built; terms.c */
	/* The handler's own, across waits. */
	void *work;
	void (*work_free)(struct front *f, void *work);
	void (*expire)(struct conn *c); /* WAITING: its deadline passed */
};

/* The first request may be read; it waits until http_admitted(). */
void http_ready(struct conn *c);
/* The vault has spoken about this connection, or will not. */
void http_admitted(struct conn *c);
/* Reads and answers until there is nothing to do now.  Harmless when called within. */
void http_pump(struct conn *c);
void http_flush(struct conn *c); /* writes on */
void http_expired(struct conn *c);
void http_drop(struct conn *c); /* the request, if any, is forgotten */

/*
 * Answers.  Each ends the handler's part: the connection may be gone, or reading the next
 * request, when they return.  `extra`: header lines of ours, or NULL.
 */
void http_answer(
    struct conn *c, int status, const char *type, const char *extra, struct slice body);
void http_json(struct conn *c, int status, struct slice body);
void http_problem(
    struct conn *c, enum problem p, const char *pointer, const char *detail);
/* 429 to whom no earlier try can help: after so many seconds. */
void http_later(struct conn *c, const char *detail, int64_t seconds);
/* The same for what a check has found: its field, and what was expected. */
void http_fault(struct conn *c, const struct fault *why);
/* What keeps a request from being sent on: ERR_INVALID is what `why` says (NULL: our own
 * fault), ERR_LIMIT a text too large; else nobody can be asked. */
void http_refuse(struct conn *c, int err, const struct fault *why);
/* A problem, and the connection ends. */
void http_problem_end(struct conn *c, enum problem p);
/* No answer came, or one that cannot be read. */
void http_no_answer(struct conn *c, int err);
/* The keeper's answer as it is: `created` for those that it made anew. */
void http_keeper(struct conn *c, const struct answer *a, int created);

/* A random number of seconds, so that those who wait do not come back together. */
const char *http_retry_after(struct front *f, char room[40]);

#endif
