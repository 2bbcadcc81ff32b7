/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COURIER_TARGET_H
#define COURIER_TARGET_H

#include <stdint.h>

#include "lib/err.h"

/* Opaque types. */
struct sockaddr;

/*
 * Where a webhook may go: an https address with a host's name, on a port that is allowed,
 * whose every address lies in the public network.  Who registers a webhook must not be
 * able to let the hub speak with machines that only the hub can reach.
 */
enum { TARGET_HOST = 254, TARGET_PATH = 513, TARGET_PORTS = 8 };

struct target_rules {
	uint16_t ports[TARGET_PORTS];
	unsigned port_count;
	int loopback; /* tests only: loopback addresses too, on any port */
};

struct target {
	char host[TARGET_HOST]; /* lower case */
	uint16_t port;
	char path[TARGET_PATH]; /* with its query; begins with "/" */
};

/* Takes an address apart.  NULL, or why it is not allowed: a few words for the log of
 * deliveries, none of them the receiver's. */
const char *target_read(
    const char *url, const struct target_rules *rules, struct target *ret);
/* "443,8443"; ERR_INVALID. */
int target_ports(const char *text, struct target_rules *ret) MUST_CHECK;

/* Is this address one in the public network?  Looks at the address alone. */
int target_is_public(const struct sockaddr *a);
/* May be connected to: public or, in tests, loopback, and none of our own. */
int target_may(const struct sockaddr *a, const struct target_rules *rules);

#endif
