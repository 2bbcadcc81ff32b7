/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOAR_SLIP_H
#define CEPTOAR_SLIP_H

#include "cli/ceptoar/cmd.h"

/* Opaque types. */
struct x509_st;

/*
 * Call-back slips: a name or telephone number for one desk, encrypted here to the desk's
 * duty key (CMS AuthEnvelopedData, AES-256-GCM), always of the same length.  Nothing of
 * the hub can open it.
 */
enum { SLIP_TEXT_MAX = 255, SLIP_PLAIN = 1 + SLIP_TEXT_MAX };

/* Keeps what the hub publishes as duty keys in the state folder, for blind sessions: part
 * of drawing tokens, so that nobody who asks for them stands out.  An exit status. */
int slip_keys_keep(struct session *s) MUST_CHECK;
/* The duty certificate of a desk ("centre" or a CEPTOAR): from `file`; when that is NULL
 * from the hub, or in a blind session from what was kept.  Checked against the session's
 * authority, and that it is this desk's and a duty key; says whose it is.  An exit
 * status. */
int slip_cert(struct session *s, const char *desk, const char *file,
    struct x509_st **ret) MUST_CHECK;
/* DER of the encrypted text.  0, ERR_LIMIT (too long), ERR_CRYPTO. */
int slip_seal(struct x509_st *cert, struct slice text, struct buf *out) MUST_CHECK;
/* And back, with a private key in PEM.  0, ERR_DENIED (not for this key, or changed),
 * ERR_INVALID (no slip), ERR_NOTFOUND (no key in the file). */
int slip_open(struct slice box, const char *key_file, struct buf *out) MUST_CHECK;
/* --slip, --slip-to and --duty-cert. */
struct slip_order {
	const char *text_file; /* "-": standard input */
	const char *desk;
	const char *cert_file; /* NULL: the hub is asked, or what was kept */
};
/* Adds the field `slip` to a report.  Says what is wrong; an exit status. */
int slip_add(struct session *s, json_t *report, const struct slip_order *o) MUST_CHECK;

#endif
