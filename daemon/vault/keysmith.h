/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_KEYSMITH_H
#define VAULT_KEYSMITH_H

#include <stddef.h>
#include <sys/types.h>

#include "lib/err.h"

/* Opaque types. */
struct loop;
struct keysmith;

enum { KEYSMITH_DER_MAX = 4096 };

/*
 * Makes RSA-3072 keys in a process of its own, for one takes up to seconds.  The child is
 * forked before the vault opens anything; it holds one end of a socketpair (SEQPACKET: a
 * byte asks, one datagram answers), no file and no other socket, runs at a low
 * priority where it may set that, for keys of later epochs at the lowest there is, and
 * ends with the vault.
 */

/* Forks it.  *ret_fd is our end, close-on-exec.  ERR_IO. */
int keysmith_spawn(int *ret_fd, pid_t *ret_pid) MUST_CHECK;

/* Our side of it; takes over fd also on error.  on_key gets each key as DER (PKCS#1,
 * private); the bytes are wiped when it returns.  pid 0: nobody to wait for (tests). */
int keysmith_new(struct keysmith **ret, struct loop *loop, int fd, pid_t pid,
    void (*on_key)(void *arg, const unsigned char *der, size_t n), void *arg) MUST_CHECK;
void keysmith_free(struct keysmith *k); /* ends the child; NULL is fine */
/* Asks for one key, unless one is being made; `ahead`: nobody waits for it yet.  Nothing
 * when the child has died, which is logged once. */
void keysmith_ask(struct keysmith *k, int ahead);

#endif
