/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_SCRUB_FOREIGN_H
#define PROTO_SCRUB_FOREIGN_H

#include "proto/scrub_find.h"

/* The row of consonants of a name in Latin letters; its length, 0 when it is too long. */
size_t scrub_foreign_of(const uint32_t *v, size_t n, char ret[SCRUB_FOREIGN_MAX]);
/* The sender's people with such names, in katakana: both names, or the family name and a
 * title. */
void scrub_find_foreign(
    const struct scrubber *s, const struct scrub_view *w, struct scrub_hits *h);

#endif
