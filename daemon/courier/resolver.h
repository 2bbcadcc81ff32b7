/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COURIER_RESOLVER_H
#define COURIER_RESOLVER_H

#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "lib/err.h"

/* Opaque types. */
struct loop;
struct resolver;

/*
 * Looks up names off the loop.  getaddrinfo() cannot be called off, in no thread; so each
 * name is looked up by a process of its own, which an alarm ends after some seconds.  A
 * process that was made before anything else starts them: they have no address of a
 * receiver but the name that they look up, and no socket of ours.
 */
enum {
	RESOLVER_ADDRESSES = 128, /* more of one name are refused */
	RESOLVER_AT_ONCE = 32,
	RESOLVER_ALARM_S = 5,
};

enum resolver_word { NAME_FOUND, NAME_UNKNOWN, NAME_LATE, NAME_TOO_MANY, NAME_ENDED };

struct resolved {
	enum resolver_word word;
	unsigned n;
	struct sockaddr_storage address[RESOLVER_ADDRESSES]; /* without a port */
};

/* Starts that process; its socket.  ERR_IO. */
int resolver_spawn(int *ret_fd, pid_t *ret_pid) MUST_CHECK;
/* Owns fd and process (0: a test plays it).  on_name is called once for each question. */
int resolver_new(struct resolver **ret, struct loop *loop, int fd, pid_t pid) MUST_CHECK;
void resolver_free(struct resolver *r);
void resolver_on_name(struct resolver *r,
    void (*fn)(void *arg, uint64_t id, const struct resolved *a), void *arg);
/* Called once, when the process has ended by itself.  No other one can be made in a
 * program that holds addresses and has closed its way to the system. */
void resolver_on_end(struct resolver *r, void (*fn)(void *arg), void *arg);
/* ERR_AGAIN: too many are under way; ERR_DOWN: the process has ended. */
int resolver_ask(struct resolver *r, uint64_t id, const char *host) MUST_CHECK;

/* What the process answers: id u64, word u8, n u8, n * (family u8: 4 or 6, raw[16]). */
size_t resolver_encode(uint64_t id, const struct resolved *a, unsigned char *out);
enum { RESOLVER_DATAGRAM = 8 + 2 + RESOLVER_ADDRESSES * 17, RESOLVER_NAME = 256 };

#endif
