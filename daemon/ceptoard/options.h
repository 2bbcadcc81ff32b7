/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOARD_OPTIONS_H
#define CEPTOARD_OPTIONS_H

#include "lib/err.h"

enum { FRONTS_MAX = 64 };

struct options {
	const char *scratch, *members, *conf, *revoke;
	long fronts;
	int verbose, loopback;
};

/* Reads the command line.  0: go on; 1: --help was printed; ERR_INVALID: the mistake was
 * printed. */
int options_read(struct options *ret, int argc, char **argv) MUST_CHECK;

#endif
