/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_IN_COURIER_H
#define VAULT_IN_COURIER_H

#include "lib/link.h"

/* Opaque types. */
struct vault;

/* VM_A_CONTACTS, for administrators; in_courier_ops (vault.h) is the courier's socket. */
void in_courier_contacts(struct vault *v, struct link *l, const struct link_frame *f);

#endif
