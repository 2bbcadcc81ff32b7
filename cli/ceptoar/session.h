/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOAR_SESSION_H
#define CEPTOAR_SESSION_H

#include <limits.h>

#include <jansson.h>

#include "lib/buf.h"
#include "lib/err.h"

enum { EXIT_DONE = 0, EXIT_REFUSED = 1, EXIT_USAGE = 2, EXIT_DOWN = 3 };
enum { URLS_MAX = 4, URL_ROOM = 512, LANG_ROOM = 3, WAY_ROOM = 300 };

/* Who we are, where the hub is, how answers are shown. */
struct session {
	char urls[URLS_MAX][URL_ROOM]; /* without closing slash */
	unsigned n_urls, at;	       /* at: the one that answered last */
	char ca[PATH_MAX], cert[PATH_MAX], key[PATH_MAX];
	char folder[PATH_MAX]; /* the certificate's: names our file of tokens */
	char state_dir[PATH_MAX];
	char council[PATH_MAX]; /* its public key: who may speak for issuer keys */
	char lang[LANG_ROOM];	/* "ja" or "en" */
	/* A member's entry of the members file: the local scrubber's terms.  --terms, or
	 * member.json of the --as folder; "" for none. */
	char terms[PATH_MAX];
	int json, colour, terminal, yes; /* yes: --yes, ask nothing */
	long timeout_s;			 /* for one answer */

	int blind; /* this one is of the blind listener: cert and key are empty */
	char blind_list[URLS_MAX * URL_ROOM]; /* where that is */
	char desk_list[URLS_MAX * URL_ROOM];  /* where the desks' front is */
	char proxy[WAY_ROOM];		      /* socks5h://HOST:PORT, or "" */
	char relay[WAY_ROOM];		      /* HOST:PORT, or "" */
};

/* Reads the environment; nothing is required yet. */
void session_init(struct session *s);
/* --as DIR/ID: the certificate and key in it, its entry of the members file, the hub of
 * DIR/hub.env, and the council's key DIR/council.pem when it is there.  For what is blind
 * the certificate may be elsewhere. */
int session_as(struct session *s, const char *folder) MUST_CHECK;
/* One URL or several, separated by commas.  ERR_INVALID: not https, or too many. */
int session_urls(struct session *s, const char *list) MUST_CHECK;
/* --proxy and --relay.  ERR_INVALID: not of their form. */
int session_proxy(struct session *s, const char *url) MUST_CHECK;
int session_relay(struct session *s, const char *address) MUST_CHECK;
/* EXIT_DONE when all is there that a request needs; else says what is missing. */
int session_check(const struct session *s) MUST_CHECK;

/* The same at the desks' front, of --desk-url, hub.env or the environment. */
int session_desk(const struct session *s, struct session *ret) MUST_CHECK;
/* The same with the blind listener: no certificate, by proxy or relay where given. */
int session_blind(const struct session *s, struct session *ret) MUST_CHECK;
/* Keeps in a file of the state folder by which way its report went. */
int session_note(const struct session *s, json_t *kept) MUST_CHECK;
/* The session in which such a file goes on: what began blind never meets our certificate,
 * and goes by the way of then unless another is given now. */
int session_for(
    const struct session *s, const json_t *kept, struct session *ret) MUST_CHECK;

/* Words to standard error, "ceptoar: ...", safe for a terminal; returns the status. */
int session_say(int status, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
