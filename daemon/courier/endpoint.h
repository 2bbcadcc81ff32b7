/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COURIER_ENDPOINT_H
#define COURIER_ENDPOINT_H

#include <stddef.h>
#include <stdint.h>

#include "daemon/courier/breaker.h"
#include "daemon/courier/target.h"

/*
 * Hosts that are delivered to, in memory: how many connections each has, and its breaker.
 * Who is slow or dead must not take the connections of the others: one host has two, and
 * those that failed lately have only a few together.
 */
enum {
	ENDPOINT_CONNECTIONS = 64, /* in all */
	ENDPOINT_SUSPECTS = 16,	   /* of which for hosts that failed lately */
	ENDPOINT_PER_HOST = 2,
	ENDPOINT_URGENT = 8, /* a page of the hotline waits for nothing of that */
	ENDPOINT_OURS = 12,  /* a server of our own: thousands of mails go through it */
	ENDPOINTS_MAX = 8192,
	ENDPOINT_WHY = 48,
};

struct endpoint {
	struct endpoint *next;
	char host[TARGET_HOST];
	uint16_t port;
	int ours;
	unsigned active;
	int held_suspect[ENDPOINT_OURS +
			 ENDPOINT_URGENT]; /* what each connection was counted as */
	int64_t used;			   /* clock_mono_ms() */
	struct breaker breaker;
	char why[ENDPOINT_WHY]; /* it failed the last time */
};

/* Opaque types. */
struct endpoints;

struct endpoints *endpoints_new(void) MUST_CHECK;
void endpoints_free(struct endpoints *e);
/* The one of this host and port, made when it is new; NULL: no memory or too many. */
struct endpoint *endpoints_get(struct endpoints *e, const struct target *t, int64_t now);
/* A connection may start: it is counted.  0: not now. */
int endpoints_enter(struct endpoints *e, struct endpoint *p, int64_t now);
/* The same for what cannot wait: connections of its own, whatever the breaker says. */
int endpoints_enter_urgent(struct endpoints *e, struct endpoint *p, int64_t now);
enum endpoint_word { ENDPOINT_GOOD, ENDPOINT_BAD, ENDPOINT_VOID };
void endpoints_leave(
    struct endpoints *e, struct endpoint *p, enum endpoint_word how, int64_t now);
unsigned endpoints_active(const struct endpoints *e);
unsigned endpoints_open(const struct endpoints *e, int64_t now); /* breakers that are */
size_t endpoints_count(const struct endpoints *e);

#endif
