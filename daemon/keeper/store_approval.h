/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_APPROVAL_H
#define KEEPER_STORE_APPROVAL_H

#include "daemon/keeper/store.h"

/* What reporters say of drafts; as store.h, of which this is a part. */
enum approval_answer { APPROVAL_NONE = 0, APPROVAL_GIVEN, APPROVAL_REFUSED };

struct store_approval {
	uint8_t draft[ID_LEN], case_id[ID_LEN];
	uint8_t sum[SUM_LEN]; /* of the text that was asked about */
	int64_t asked;	      /* minute */
	enum approval_answer answer;
	uint8_t blocks; /* it has refused a text of this draft, and approved none since */
};

/* Adds it or takes the place of the one before. */
int store_approval_put(struct store *s, const struct store_approval *a) MUST_CHECK;
int store_approval_get(struct store *s, const uint8_t *draft, const uint8_t *case_id,
    struct store_approval *ret) MUST_CHECK;
/* Of a draft, or of a case (the last asked first); at most cap. */
int store_approval_list(struct store *s, int of_case, const uint8_t *id,
    struct store_approval *out, size_t cap, size_t *ret_n) MUST_CHECK;
/* What a case has refused, by the sum of the text; as many as desks have asked about. */
int store_refusal_set(
    struct store *s, const uint8_t *case_id, const uint8_t *sum, int refused) MUST_CHECK;
int store_refusal_get(
    struct store *s, const uint8_t *case_id, const uint8_t *sum) MUST_CHECK;

#endif
