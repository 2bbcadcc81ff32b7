/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOAR_SESSION_H
#define CEPTOAR_SESSION_H

#include <limits.h>

#include "lib/buf.h"
#include "lib/err.h"

enum { EXIT_DONE = 0, EXIT_REFUSED = 1, EXIT_USAGE = 2, EXIT_DOWN = 3 };
enum { URLS_MAX = 4, URL_ROOM = 512, LANG_ROOM = 3 };

/* Who we are, where the hub is, how answers are shown. */
struct session {
	char urls[URLS_MAX][URL_ROOM]; /* without closing slash */
	unsigned n_urls, at;	       /* at: the one that answered last */
	char ca[PATH_MAX], cert[PATH_MAX], key[PATH_MAX];
	char state_dir[PATH_MAX];
	char council[PATH_MAX]; /* its public key: who may speak for issuer keys */
	char lang[LANG_ROOM];	/* "ja" or "en" */
	int json, colour, terminal;
	long timeout_s; /* for one answer */
};

/* Reads the environment; nothing is required yet. */
void session_init(struct session *s);
/* --as DIR/ID: the certificate and key in it, the hub of DIR/hub.env, and the council's
 * key DIR/council.pem when it is there. */
int session_as(struct session *s, const char *folder) MUST_CHECK;
/* One URL or several, separated by commas.  ERR_INVALID: not https, or too many. */
int session_urls(struct session *s, const char *list) MUST_CHECK;
/* EXIT_DONE when all is there that a request needs; else says what is missing. */
int session_check(const struct session *s) MUST_CHECK;

/* Words to standard error, "ceptoar: ...", safe for a terminal; returns the status. */
int session_say(int status, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
