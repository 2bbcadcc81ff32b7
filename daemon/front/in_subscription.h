/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_IN_SUBSCRIPTION_H
#define FRONT_IN_SUBSCRIPTION_H

#include "proto/json.h"
#include "proto/rights.h"
#include "proto/taxonomy.h"

/*
 * {"min_severity":0-4,"cross_sector":null|0-4,"sectors":[...],"products":[...],
 * "exercise":bool}.  Products are kept as hashes only: they are shown as "#" and eight
 * hexadecimal digits, and may be given so too, so that what was read can be put back.
 */
void subscription_write(
    const struct taxonomy *t, const struct subscription *s, struct buf *out);
/* What is not given takes its default.  0 or ERR_INVALID with `why`. */
int subscription_read(const struct taxonomy *t, const json_t *in,
    struct subscription *ret, struct fault *why) MUST_CHECK;

#endif
