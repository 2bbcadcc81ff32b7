/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_DUTY_CERT_H
#define PROTO_DUTY_CERT_H

#include "lib/buf.h"

/* Opaque types. */
struct x509_st;

/*
 * The certificate of a desk's duty key, to which call-back slips are encrypted: signed by
 * the hub's authority, key agreement, no extended key usage (so that no member's
 * certificate is taken for one), and one or more subject alternative names
 * URI:urn:ceptoar-desk:SLUG, where SLUG is a CEPTOAR or "centre".  The common name is the
 * desk's member id.
 */
#define DUTY_URN "urn:ceptoar-desk:"
enum { DUTY_NAME_MAX = 64 }; /* bytes of a slug or common name, NUL included */

/* Reads PEM, one certificate; its issuer is the caller's to check.  ERR_INVALID and what
 * it lacks, a literal. */
int duty_cert_read(
    struct slice pem, struct x509_st **ret, const char **ret_why) MUST_CHECK;
/* The i-th desk that it is for; 0 when there is no such. */
int duty_cert_desk(const struct x509_st *x, unsigned i, char ret[DUTY_NAME_MAX]);
int duty_cert_is_for(const struct x509_st *x, const char *desk);
/* Its common name; ERR_INVALID when there is none, or it is too long. */
int duty_cert_name(const struct x509_st *x, char ret[DUTY_NAME_MAX]) MUST_CHECK;

#endif
