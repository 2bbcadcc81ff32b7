/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOARD_CHILD_H
#define CEPTOARD_CHILD_H

#include <limits.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/err.h"

enum { CHILD_FDS = 8, CHILD_ARGS = 16, CHILD_ENV = 8 };

/*
 * A process of ours.  It starts in a process group of its own, so that Ctrl-C reaches it
 * through us and in order; it dies with us; it gets listening descriptors the way systemd
 * hands them over, and an environment in which nothing stands but what is named here.
 */
struct child {
	char label[32];		      /* "front-1" */
	char program[PATH_MAX];	      /* path of the binary */
	const char *argv[CHILD_ARGS]; /* NULL-terminated; argv[0] is the name */
	struct {
		int fd; /* kept open by us, so that the next life gets it too */
		char name[32];
	} fds[CHILD_FDS];
	unsigned n_fds;
	const char *env[CHILD_ENV]; /* "NAME=value" of its own, NULL-terminated */
	char log[PATH_MAX];	    /* stdout and stderr go here; "" inherits ours */
	pid_t pid;		    /* 0: does not run */
	int64_t started_ms;
};

/* Starts it.  ERR_IO; a program that cannot be executed exits with 127. */
int child_start(struct child *c, const char *notify_socket) MUST_CHECK;
void child_signal(const struct child *c, int sig); /* nothing when it does not run */

#endif
