/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOAR_BLIND_H
#define CEPTOAR_BLIND_H

#include "cli/ceptoar/session.h"

/* Opaque types. */
struct slip_order;

/*
 * Reports that the hub itself cannot trace: scrubbed here with our own terms, shown, sent
 * over the blind listener with a one-time token in the place of our certificate.  Before
 * that, `ceptoar tokens` has drawn it among many.  Both return an exit status; nothing
 * has left this machine, and no token is used up, when they refuse.
 */
int blind_report(struct session *s, const char *file, int with_case,
    const struct slip_order *slip) MUST_CHECK; /* slip: text_file NULL for none */
/* A further report of a blind case; s is of session_for. */
int blind_follow_up(
    struct session *s, const char *path, const char *auth, const char *file) MUST_CHECK;
/* A message of a blind case, likewise; *ret is what may leave. */
int blind_message(struct session *s, const json_t *message, json_t **ret) MUST_CHECK;

#endif
