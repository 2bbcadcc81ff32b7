/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_SCRUB_USER_H
#define PROTO_SCRUB_USER_H

#include "proto/scrub_find.h"

/* How much the letters look like the name of an account. */
enum scrub_account {
	ACCOUNT_NONE,
	ACCOUNT_PLAIN,	 /* small letters only, as any word */
	ACCOUNT_LETTERS, /* with a capital, or with a hyphen as words have one */
	ACCOUNT_SHAPED,	 /* with a figure, a dot, a underline, or a short part before a
			    hyphen */
};
enum scrub_account scrub_account_of(const struct scrub_view *w, size_t a, size_t b);
/* Where the letters, figures and signs of a name of an account end that begins at i. */
size_t scrub_account_end(const struct scrub_view *w, size_t i);
/* A user name, to be found again elsewhere too if f is given. */
void scrub_user_add(const struct scrub_view *w, size_t a, size_t b, struct scrub_hits *h,
    struct scrub_finds *f);

/* "ユーザーID ns00123", "user \"madoguchi3\"": the word for it may begin at i. */
void scrub_find_told_user(
    const struct scrub_view *w, size_t i, struct scrub_hits *h, struct scrub_finds *f);
/* "\"user\": \"m-mori\"": the colon is at i. */
void scrub_find_user_field(
    const struct scrub_view *w, size_t i, struct scrub_hits *h, struct scrub_finds *f);
/* "user = h.mori": the sign of equality at i has blanks around it. */
void scrub_find_user_value(
    const struct scrub_view *w, size_t i, struct scrub_hits *h, struct scrub_finds *f);
void scrub_find_user_element(
    const struct scrub_view *w, size_t i, struct scrub_hits *h, struct scrub_finds *f);
void scrub_find_user_id(const struct scrub_view *w, size_t i, struct scrub_hits *h);
/* Users, hosts and MAC addresses in the lines below a heading that may begin at i, behind
 * a bar, a comma, a tab or at the beginning of a line. */
void scrub_find_column(
    const struct scrub_view *w, size_t i, struct scrub_hits *h, struct scrub_finds *f);

#endif
