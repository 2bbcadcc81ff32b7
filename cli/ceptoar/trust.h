/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOAR_TRUST_H
#define CEPTOAR_TRUST_H

#include "cli/ceptoar/session.h"
#include "proto/jwk.h"

/* Opaque types. */
struct trust;

/*
 * The hub's keys for bulletins, as this machine has pinned them: fetched the first time
 * over TLS to the hub's own authority with our certificate, and kept in the state folder,
 * apart for each authority.  A key that is not among them is accepted only when the hub
 * shows it over such a connection; a pinned one is never forgotten, and one that the hub
 * no longer shows is said aloud.
 */
/* Reads what is pinned; asks nobody yet.  NULL: out of memory. */
struct trust *trust_open(struct session *s) MUST_CHECK;
void trust_close(struct trust *t); /* NULL is fine */
/* Looks at the signature of canonical bytes: 1 it is the hub's, 0 not, with a warning on
 * standard error that names `what`. */
int trust_check(struct trust *t, const char *what, struct slice text);
/* The same of the original in a relay that has been looked at: another hub's key counts
 * too, when this hub shows it as foreign. */
int trust_check_original(struct trust *t, const char *what, struct slice text);
/* As trust_check, of a parsed bulletin, whose number is said; `text` are its bytes as
 * they came, or NULL where it came inside something else: then it is written canonically
 * first. */
int trust_check_json(struct trust *t, const json_t *bulletin, const struct slice *text);

#endif
