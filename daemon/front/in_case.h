/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_IN_CASE_H
#define FRONT_IN_CASE_H

#include "proto/msg_keeper.h"

/* Opaque types. */
struct answer;
struct conn;

/* Case id and secret of the request, for what a desk may not do; 0 when it was refused
 * (and answered).  The secret itself does not stay. */
int in_case_secret(struct conn *c, uint8_t case_id[ID_LEN], uint8_t secret_hash[32]);
/* Who asks about a case: whoever presents its secret, on any listener, or a member at a
 * desk, by its rights.  0 when it was refused. */
int in_case_who(struct conn *c, struct keeper_case *ret);
/* The keeper's answer to a call of a case: as http_keeper, but secrets that do not fit
 * are counted, for this connection and for all of this front. */
void in_case_answer(struct conn *c, const struct answer *a, int created);

#endif
