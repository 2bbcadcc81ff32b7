/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_SCRUB_MASK_H
#define PROTO_SCRUB_MASK_H

#include "proto/scrub_view.h"

/* Which rule found something; the table in scrub_mask.c gives name and replacement. */
enum scrub_rule {
	RULE_NONE = 0,
	RULE_NAME,
	RULE_ALIAS,
	RULE_DOMAIN,
	RULE_NETWORK,
	RULE_ASN,
	RULE_HOST_PREFIX,
	RULE_SITE,
	RULE_PERSON,
	RULE_MAIL,
	RULE_PHONE,
	RULE_PRIVATE,
	RULE_USER,
	RULE_FILE,
	RULE_AS_NUMBER,
	RULE_MAC,
	RULE_HOST,
	RULE_CONTACT,
	RULE_PLACE,
	RULE_AGAIN, /* a user name or mail name seen elsewhere in the report */
	RULE_CODE,  /* an account or the like that holds one of the sender's names */
	RULE_COUNT
};

struct scrub_hit {
	uint32_t a, b; /* range of the view */
	uint8_t rule;
};

struct scrub_hits {
	struct scrub_hit *v;
	size_t n, room;
	int err; /* sticky */
};
void scrub_hits_add(struct scrub_hits *h, size_t a, size_t b, enum scrub_rule rule);
void scrub_hits_done(struct scrub_hits *h);
/* Turns the hits, less the kept ranges, into barriers; how many were new. */
size_t scrub_hits_apply(struct scrub_hits *h, const struct scrub_hits *keep,
    const struct scrub_hits *keep_weak, struct scrub_view *w);
/* 1 when a hit of the four public kinds is left outside the kept ranges. */
int scrub_hits_reveal(
    struct scrub_hits *h, const struct scrub_hits *keep, const struct scrub_view *w);

const char *scrub_rule_name(enum scrub_rule r);
const char *scrub_rule_text(enum scrub_rule r, int english);
/* Length of a replacement text that stands at i, 0 for none, and its (first) rule. */
size_t scrub_rule_text_at(
    const struct scrub_cp *v, size_t n, size_t i, uint8_t *ret_rule);

#endif
