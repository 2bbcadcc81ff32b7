/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_SCRUB_MATCH_H
#define PROTO_SCRUB_MATCH_H

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

/* Aho-Corasick over symbols. */
struct scrub_match;
struct scrub_match *scrub_match_new(void) MUST_CHECK;
void scrub_match_free(struct scrub_match *m);
int scrub_match_add(
    struct scrub_match *m, const uint32_t *sym, size_t n, uint32_t id) MUST_CHECK;
int scrub_match_ready(struct scrub_match *m) MUST_CHECK;
typedef void scrub_match_fn(void *arg, uint32_t id, size_t start, size_t end);
void scrub_match_run(const struct scrub_match *m, const uint32_t *sym, size_t n,
    scrub_match_fn *fn, void *arg);

#endif
