/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_IN_NAMES_H
#define VAULT_IN_NAMES_H

#include "lib/link.h"

/* Opaque types. */
struct vault;

/* VM_NAMES, for fronts: who a reader is, or which one a member, told to the desk that has
 * to do with it. */
void in_names(struct vault *v, struct link *l, const struct link_frame *f);
/* VM_NAMES_LIST: the same of as many receivers as the answer has room for. */
void in_names_list(struct vault *v, struct link *l, const struct link_frame *f);
/* VM_A_PERSONS and VM_A_CERTS, for administrators. */
void in_names_persons(struct vault *v, struct link *l, const struct link_frame *f);
void in_names_certs(struct vault *v, struct link *l, const struct link_frame *f);
/* VM_A_ROSTER, likewise. */
void in_names_roster(struct vault *v, struct link *l, const struct link_frame *f);

#endif
