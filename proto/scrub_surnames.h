/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_SCRUB_SURNAMES_H
#define PROTO_SCRUB_SURNAMES_H

#include "proto/scrub_view.h"

/* Length of the longest frequent family name that begins at i, 0 for none. */
size_t scrub_surname_at(const struct scrub_cp *v, size_t n, size_t i);
/* The reading of this family name in hiragana, or its other one; NULL: not known. */
const char32_t *scrub_surname_reading(const struct scrub_cp *v, size_t n, int other);
int scrub_surnames_sorted(void); /* for the tests */

#endif
