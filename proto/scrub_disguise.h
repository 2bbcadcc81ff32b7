/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_SCRUB_DISGUISE_H
#define PROTO_SCRUB_DISGUISE_H

#include "proto/fold.h"
#include "proto/scrub_view.h"

/* A sign that is written as something else. */
struct scrub_disguise {
	uint32_t c; /* the sign meant */
	size_t n;   /* entries that stand for it */
	int joins;  /* it must join two words, blanks around it belong to it */
};

/*
 * "[.]", "(at)", "アットマーク", " at " with " dot " after it, "&#64;", "%40": what
 * stands at i in disguise; 0 when it stands for itself.  `w` is the view up to i.
 */
int scrub_disguise_at(const struct fold *f, size_t i, const struct scrub_view *w,
    struct scrub_disguise *ret);

#endif
