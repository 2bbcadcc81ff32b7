/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COURIER_TRANSFER_H
#define COURIER_TRANSFER_H

#include <stdint.h>

#include <curl/curl.h>

#include "daemon/courier/courier.h"
#include "daemon/courier/resolver.h"

/*
 * libcurl inside our loop: the multi interface, its sockets as events.  Every handle is
 * made by transfer_new with the settings of this file; a sender adds what it sends.
 */
enum {
	TRANSFER_CONNECT_MS = 3000, /* the handshake included */
	TRANSFER_MS = 10000,
	TRANSFER_BODY_MAX = 4096, /* of an answer; nothing of it is kept */
	TRANSFER_HEAD_MAX = 16384,
	TRANSFER_RETRY_TEXT = 64,
};

struct transfer {
	CURL *easy;
	struct curl_slist *headers, *resolve;
	struct smtp *smtp; /* a mail: what is said once the connection stands */
	struct courier *c;
	uint64_t delivery;
	int64_t began; /* clock_mono_ms() */
	size_t head, body;
	int cut;    /* TRANSFER_CUT_*: a cap was reached */
	int closed; /* an address was refused at the last moment */
	char retry_after[TRANSFER_RETRY_TEXT];
	int named; /* a mail: the server was told whom it is for */
	/* Filled at the end. */
	CURLcode code;
	long status;
};
enum { TRANSFER_CUT_HEAD = 1, TRANSFER_CUT_BODY };

/* Opaque types. */
struct transfers;

int transfers_new(struct transfers **ret, struct courier *c) MUST_CHECK;
void transfers_free(struct transfers *t);

/* A handle to d->target with these addresses pinned, all of which were checked; `scheme`
 * is the only one it speaks ("https").  NULL: no memory. */
struct transfer *transfer_new(struct courier *c, const struct delivery *d,
    const struct resolved *a, const char *scheme) MUST_CHECK;
void transfer_free(struct transfer *t); /* NULL is fine */
/* Appends a header "name: value". */
int transfer_header(struct transfer *t, const char *name, const char *value) MUST_CHECK;
/* Begins; its sender's `ended` is called later, then it is freed. */
int transfer_start(struct transfer *t, struct delivery *d) MUST_CHECK;
/* t->code and t->status are filled: tells its sender, then frees it. */
void transfer_ended(struct transfer *t);
/* Gives one up; `ended` is not called. */
void transfer_cancel(struct delivery *d);
/* All of a mail has left, and nothing is known of it: who ends it now sends it twice. */
int transfer_awaits(const struct transfer *t);
/* An answer came whole, or was cut off behind its headers: its status counts. */
int transfer_answered(const struct transfer *t);
/* Why it failed, in a word for the log of deliveries. */
const char *transfer_reason(const struct transfer *t, char *room, size_t n);

#endif
