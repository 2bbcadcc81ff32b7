/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_TEXT_MARKS_H
#define PROTO_TEXT_MARKS_H

#include <stdint.h>

#include "proto/json.h"

/*
 * Times and places in free text, for the preview: no count of members covers them, so the
 * reporter is shown where they stand.  Found are dates (also of the Japanese era, also in
 * English), weekdays, times of day and words for them; prefectures, municipalities with
 * their names, stations, street numbers, postal codes.  Nothing is replaced by this, and
 * it rather marks one too many.  Linear in the text.
 */
enum mark_kind { MARK_TIME = 1, MARK_PLACE };

struct text_mark {
	uint32_t offset, length; /* code points */
	uint8_t kind;
};

enum { MARKS_MAX = 512 };

/* Marks of one text, in order, none over another; at most `cap`, the rest is left out.
 * ERR_INVALID for what is no UTF-8, ERR_NOMEM. */
int text_marks(
    struct slice utf8, struct text_mark *out, size_t cap, size_t *ret_n) MUST_CHECK;
/* Marks of all texts of a normalised report: a new list of {"pointer","offset","length",
 * "kind"}, kind "time" or "place"; at most MARKS_MAX. */
int report_marks(const json_t *report, json_t **ret) MUST_CHECK;

#endif
