/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_DELIVERIES_WRITE_H
#define KEEPER_DELIVERIES_WRITE_H

#include "daemon/keeper/reach.h"

/* How lines and figures of deliveries look. */

/* One receiver as a JSON object; `slots`: the CEPTOARs that may be named, NULL: all. */
void deliveries_row(struct keeper *k, const struct reach_row *r,
    const struct slots *slots, struct buf *out);
/* The figures of a CEPTOAR (SLOTS: of all) as a JSON object; at_release < 0: unknown. */
void deliveries_figures(struct keeper *k, unsigned slot, const struct reach_figures *f,
    int32_t at_release, struct buf *out);
/* "mail" and the like of enum courier_route; "" beyond. */
const char *deliveries_route_word(unsigned route);
/* The head line of a table, and a receiver's line. */
void deliveries_csv_head(struct buf *out);
void deliveries_csv_row(struct keeper *k, const char *number, uint16_t revision,
    const struct reach_row *r, const struct slots *slots, struct buf *out);

#endif
