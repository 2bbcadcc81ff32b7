/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIB_SOCK_H
#define LIB_SOCK_H

#include <stdint.h>
#include <sys/types.h>

#include "lib/err.h"

/* Sockets; every descriptor is close-on-exec and non-blocking unless said otherwise. */

/* Listens on an AF_UNIX path: removes a socket file that is in the way (nothing
 * else), sets mode.  fd, ERR_IO, or ERR_INVALID for a path too long. */
int sock_listen_unix(const char *path, mode_t mode) MUST_CHECK;
/* Connects to an AF_UNIX path; fd, ERR_DOWN (nobody listens) or ERR_IO. */
int sock_connect_unix(const char *path) MUST_CHECK;
/* Listens on a numeric IPv4 or IPv6 address; port 0 picks one, *ret_port tells which.
 * SO_REUSEADDR always, SO_REUSEPORT when reuseport.  fd or ERR_IO, ERR_INVALID. */
int sock_listen_tcp(
    const char *addr, uint16_t port, int reuseport, uint16_t *ret_port) MUST_CHECK;
/* TCP_NODELAY, TCP_USER_TIMEOUT (ms; 0: none) and a bound on what the kernel holds
 * unsent, on an accepted connection. */
void sock_tune_tcp(int fd, unsigned user_timeout_ms);
/* Descriptors handed over by systemd or ceptoard (LISTEN_FDS, LISTEN_PID,
 * LISTEN_FDNAMES): the first one with this name, or ERR_NOTFOUND. */
int sock_passed(const char *name) MUST_CHECK;
/* All passed descriptors of that name into out[0..cap); the count. */
int sock_passed_all(const char *name, int *out, int cap) MUST_CHECK;

#endif
