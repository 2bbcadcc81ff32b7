/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_ACK_FOR_H
#define KEEPER_ACK_FOR_H

#include "daemon/keeper/desk_call.h"

/*
 * POST /v1/acks/for: a member said it on the telephone, and its secretariat writes it
 * down, with the person who took the call.  {id, receiver, status, via: "phone"} and, if
 * wanted, revision, forwarded_to, note.  The receiver is named as deliveries show it.
 */
int ack_for(struct keeper *k, struct desk_call *c) MUST_CHECK;

#endif
