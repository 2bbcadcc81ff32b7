/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOARD_PKI_H
#define CEPTOARD_PKI_H

#include "lib/buf.h"
#include "lib/err.h"

/* Opaque types. */
struct pki;

/*
 * The throw-away certification authority of a scratch hub: ECDSA P-256, one level.  It
 * exists for development, demonstrations and tests; a real hub's authority is offline.
 * On an error `why` gets a sentence.
 */
enum pki_kind {
	PKI_SERVER, /* the listener: serverAuth, localhost and the loopback addresses */
	PKI_MEMBER, /* clientAuth */
	PKI_ESCROW, /* recipient of identity envelopes: key agreement */
};

/* Loads dir/ca.pem and dir/ca.key, or makes them. */
int pki_open(struct pki **ret, const char *dir, struct buf *why) MUST_CHECK;
void pki_free(struct pki *p); /* NULL is fine */
/* Makes a key (0600) and a certificate.  What is there already is left as it is. */
int pki_issue(struct pki *p, enum pki_kind kind, const char *name, const char *cert_path,
    const char *key_path, struct buf *why) MUST_CHECK;
/* The same for a desk's duty key (proto/duty_cert.h); `desks` is the value of its subject
 * alternative name, "URI:urn:ceptoar-desk:SLUG" and more of them after commas. */
int pki_issue_duty(struct pki *p, const char *name, const char *desks,
    const char *cert_path, const char *key_path, struct buf *why) MUST_CHECK;
/* A P-256 key pair without a certificate: the public half as PEM, the private one 0600.
 * What is there already is left as it is. */
int pki_pair(
    const char *public_path, const char *private_path, struct buf *why) MUST_CHECK;
/* Signs the list of revoked certificates anew: what `path` listed before, and the
 * certificate in the file `revoke` unless that is NULL. */
int pki_crl(
    struct pki *p, const char *path, const char *revoke, struct buf *why) MUST_CHECK;

#endif
