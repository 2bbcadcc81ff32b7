/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_OPTIONS_H
#define VAULT_OPTIONS_H

#include <limits.h>

#include "lib/buf.h"
#include "lib/conf.h"
#include "lib/err.h"

struct vault_options {
	char db[PATH_MAX], escrow_a[PATH_MAX], escrow_b[PATH_MAX], backup_dir[PATH_MAX];
	long long envelope_days, auto_releases;
	long long ballast_mib;		       /* 0: none */
	long long epoch_ms, batch, keys_ahead; /* blind tokens */
	char log_level[8];
};

/* The table: parser, --check, --help and sample file come from it. */
extern const struct conf_option vault_option_table[];
extern const size_t vault_option_count;

/* Fallbacks, then the file (NULL: none).  On error `ret` is as it was and `why` says what
 * and where. */
int vault_options_read(
    const char *path, struct vault_options *ret, struct buf *why) MUST_CHECK;
/* [log] level as enum log_level; vault_options_read has checked it. */
int vault_options_log_level(const struct vault_options *o);

/* The command line.  1: go on, *ret_conf is the file and `ret` its contents; 0: all is
 * done
 * (--help, --sample-conf, --check); ERR_INVALID: what is wrong stands on stderr. */
int vault_options_main(
    int argc, char **argv, const char **ret_conf, struct vault_options *ret) MUST_CHECK;

#endif
