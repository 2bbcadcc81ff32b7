/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COURIER_BREAKER_H
#define COURIER_BREAKER_H

#include <stdint.h>

/*
 * A circuit breaker for one endpoint: after some failures in a row nothing is sent there
 * for a while, then one try finds out whether it is back.  No clock: the caller says.
 */
enum { BREAKER_FAILURES = 4, BREAKER_FIRST_MS = 15000, BREAKER_LAST_MS = 900000 };

struct breaker {
	unsigned failures; /* in a row */
	int64_t until;	   /* open until then; 0: closed */
	int64_t pause;	   /* of the last opening */
	int probing;	   /* the one try is under way */
};

enum breaker_word { BREAKER_GO, BREAKER_WAIT };
/* May a try start now?  GO on one that was open makes this try the probe. */
enum breaker_word breaker_ask(struct breaker *b, int64_t now);
void breaker_good(struct breaker *b);
void breaker_bad(struct breaker *b, int64_t now);
/* A try that was begun was given up and says nothing. */
void breaker_void(struct breaker *b);
/* Milliseconds until another try may start. */
int64_t breaker_wait(const struct breaker *b, int64_t now);
/* It has failed lately: it shares the few connections that are for such ones. */
int breaker_suspect(const struct breaker *b);

#endif
