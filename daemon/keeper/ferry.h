/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_FERRY_H
#define KEEPER_FERRY_H

#include "daemon/keeper/keeper.h"

/*
 * Bulletins to and from hubs that no network reaches, in files that ceptoarctl writes and
 * reads (proto/bundle.h).  What comes in is published within one CEPTOAR as a relay that
 * keeps the original's id, number, bytes and signature; the same again changes nothing.
 * What goes out is what that CEPTOAR's desk may read, up to TLP:AMBER, and never a relay.
 * Acknowledgements travel back as counts.
 */
int ferry_export(
    struct keeper *k, struct front *f, const struct link_frame *fr) MUST_CHECK;
int ferry_sign(struct keeper *k, struct front *f, const struct link_frame *fr) MUST_CHECK;

/* ferry_import.c */
int ferry_import(
    struct keeper *k, struct front *f, const struct link_frame *fr) MUST_CHECK;

/* For both ways: the answer of a call. */
void ferry_answer(struct keeper *k, struct front *f, const struct link_frame *fr, int rc,
    const struct fault *why, struct buf *body);
/* What of a row goes to that CEPTOAR: its text, or that it is over. */
enum frame_view ferry_view(const struct frame_head *h, unsigned slot);
/* The administrator's row of the audit log, in this transaction. */
int ferry_said(struct keeper *k, const char *action, const uint8_t *id, const char *hub,
    unsigned slot) MUST_CHECK;

#endif
