/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_ROSTER_H
#define KEEPER_ROSTER_H

/* Opaque types. */
struct keeper;

/* Rosters of desks, as the directory has them now, decide from now on who is on duty in
 * k->tax.  After a new directory, and after a new taxonomy.  Without memory the duty
 * hours decide, and the log says so. */
void roster_learn(struct keeper *k);

#endif
