/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_DRILL_PAGE_H
#define PROTO_DRILL_PAGE_H

#include <jansson.h>

#include "lib/buf.h"

/*
 * What a drill has shown (the JSON of GET /v1/drills/{id}) as a table for spreadsheets,
 * and as a page for printing: no script, nothing fetched from anywhere, its headers are
 * answer_page_headers.  Both say in every part that it was an exercise.  0 or the
 * buffer's error.
 */
int drill_csv(const json_t *drill, struct buf *out) MUST_CHECK;
int drill_html(const json_t *drill, struct buf *out) MUST_CHECK;

#endif
