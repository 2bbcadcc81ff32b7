/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_SCRUB_HOST_H
#define PROTO_SCRUB_HOST_H

#include "proto/scrub_find.h"

/* Is the code in small letters a host name by a known part of one and its short end? */
int scrub_is_plain_host(const struct scrub_view *w, size_t a, size_t b);
/* A known part and a word of romaji, where a host name is to be expected? */
int scrub_is_host_by_place(const struct scrub_view *w, size_t a, size_t b);
/* A host name that a column of a table holds? */
int scrub_is_host_in_column(const struct scrub_view *w, size_t a, size_t b);

#endif
