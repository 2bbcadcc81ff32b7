/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIB_SANDBOX_H
#define LIB_SANDBOX_H

#include "lib/err.h"

/*
 * What a program gives up for good, beside what systemd takes from it: it shall hold in
 * a container and on a developer's machine too.  Order: sandbox_start first of all;
 * sandbox_paths and sandbox_syscalls when everything that needs more is open.
 */

/* No core files, unreadable by others of the same user, no new privileges; the soft limit
 * of descriptors is raised to the hard one.  0 or ERR_IO. */
int sandbox_start(void) MUST_CHECK;

/*
 * From now on the file system is: the trees and files of `ro` for reading, those of `rw`
 * for reading and writing, nothing else (Landlock; NULL-terminated lists; "" and what
 * does not exist are passed over).  A file that is replaced by rename needs its directory
 * in the list.  1 done; 0 the kernel has no Landlock (logged once); or ERR_IO.
 */
int sandbox_paths(const char *const *ro, const char *const *rw) MUST_CHECK;

enum sandbox_profile {
	SANDBOX_LOCAL,	 /* vault, keeper: sockets of AF_UNIX only */
	SANDBOX_NETWORK, /* front */
	SANDBOX_ALONE,	 /* who only computes: no socket of its own making */
};
/*
 * Refuses with EPERM what no program of ours ever needs: starting programs, looking into
 * others, mounts, modules, bpf, keys, io_uring, other namespaces.  1 done; 0 not here (a
 * sanitizer build, or no seccomp: logged once); or ERR_IO.
 */
int sandbox_syscalls(enum sandbox_profile profile) MUST_CHECK;

#endif
