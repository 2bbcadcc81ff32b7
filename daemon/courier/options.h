/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COURIER_OPTIONS_H
#define COURIER_OPTIONS_H

#include <limits.h>

#include "daemon/courier/backoff.h"
#include "daemon/courier/mail_way.h"
#include "daemon/courier/sign.h"
#include "daemon/courier/target.h"
#include "lib/buf.h"

struct options {
	char keeper_socket[108], vault_socket[108];
	char ca[PATH_MAX]; /* authorities of the receivers' certificates */
	int tls13;
	char ports[64];
	struct target_rules rules; /* of webhooks */
	long long give_up_ms, first_ms, last_ms;
	struct backoff backoff;
	char gateway[TARGET_HOST + TARGET_PATH + 16], gateway_secret_file[PATH_MAX];
	struct target gateway_at; /* of the former */
	unsigned char gateway_secret[SIGN_SECRET];
	struct mail_options mail;
	char log_level[8];
};

/* Reads the file over the defaults, and the files that it names; `why` says what is
 * wrong. */
int options_read(
    struct options *ret, const char *conf, int loopback, struct buf *why) MUST_CHECK;
int options_log_level(const struct options *o); /* enum log_level, or ERR_INVALID */
/* The command line: 1 go on, with *ret_conf and *ret filled; 0 done (--help, --check,
 * ...); ERR_*: the reason has been printed. */
int options_main(
    int argc, char **argv, const char **ret_conf, struct options *ret) MUST_CHECK;

#endif
