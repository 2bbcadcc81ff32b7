/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_AUDIT_H
#define KEEPER_AUDIT_H

#include <stdio.h>

#include "daemon/keeper/keeper.h"
#include "proto/audit.h"

/* Opaque types. */
struct audit;
struct desk_call;

/*
 * Who of a desk looked at or did what: a row of the chained table, in the transaction of
 * what was done.  While nothing can be written (a full disk, damage), nobody of a desk
 * looks: what is only remembered in memory is gone with the program.
 */
enum {
	AUDIT_POINT_ROWS = 256,	       /* the hub signs a row after so many, */
	AUDIT_POINT_MINUTES = 24 * 60, /* or after that time, and at the end */
};

struct audit *audit_new(struct keeper *k) MUST_CHECK;
void audit_free(struct audit *a); /* NULL is fine */

/* Inside a batch.  Nothing for whoever sits at no desk: a call may be open to members
 * too, and what they look at is not written down.  action: a literal; ref: an id,
 * anything else is left out; detail: text of ours or NULL.  ERR_FULL: the disk is full.
 */
int audit_add(struct keeper *k, const struct rights *rights, const char *action,
    struct slice ref, const char *detail) MUST_CHECK;

/* What no person's certificate did: the administrator, whose receiver and person are
 * zeros (NULL), or a standing order of the desk of this receiver, without a person. */
int audit_add_own(struct keeper *k, const uint8_t *receiver, const char *action,
    struct slice ref, const char *detail) MUST_CHECK;

/* The batch's part: what is due is signed. */
void audit_begin(struct keeper *k);
int audit_end(struct keeper *k) MUST_CHECK;
uint64_t audit_added(const struct keeper *k); /* rows since the start, undone ones too */
/* At the end of the program: signs the last row. */
void audit_drain(struct keeper *k);
/* The same while it runs, for whoever keeps the signature elsewhere. */
int audit_sign_now(struct keeper *k) MUST_CHECK;

/* DV_AUDIT_LIST: the rows of the asking desk, the newest first. */
int audit_list(struct keeper *k, struct desk_call *c) MUST_CHECK;
/* KM_A_AUDIT (msg_keeper.h): 0 or ERR_PROTO. */
int audit_admin(
    struct keeper *k, struct front *f, const struct link_frame *fr) MUST_CHECK;
/* "--audit FILE": the same answers for a file, one after another to `out`, each
 * with its u32 length in front.  An exit status; says what is wrong. */
int audit_dump(const char *path, FILE *out) MUST_CHECK;

#endif
