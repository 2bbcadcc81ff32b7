/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_DRAFT_H
#define KEEPER_DRAFT_H

#include "daemon/keeper/desk_call.h"
#include "daemon/keeper/store_draft.h"
#include "proto/draft.h"

/*
 * Drafts of a desk: a CEPTOAR's, or the centre's.  Every person who sits at that desk
 * reads and changes them, nobody else finds them; each version is kept with who wrote it.
 * All run inside the batch; the caller's faults go through desk_fail().
 */
struct draft_seed {
	const json_t *content; /* as in POST /v1/drafts */
	/* What it is made of, beside the content's own `cases`; the desk must have
	 * them. */
	const uint8_t (*cases)[ID_LEN];
	size_t n;
	const uint8_t *desk; /* NULL: whose its content is */
};
int draft_make(struct keeper *k, struct desk_call *c, const struct draft_seed *seed,
    uint8_t ret_id[ID_LEN]) MUST_CHECK;

/* The verbs. */
int draft_new(struct keeper *k, struct desk_call *c) MUST_CHECK;
int draft_list(struct keeper *k, struct desk_call *c) MUST_CHECK;
int draft_get(struct keeper *k, struct desk_call *c) MUST_CHECK;
int draft_put(struct keeper *k, struct desk_call *c) MUST_CHECK;
int draft_delete(struct keeper *k, struct desk_call *c) MUST_CHECK;

/* The draft of the path, when it is this desk's; ERR_NOTFOUND otherwise. */
int draft_enter(
    struct keeper *k, struct desk_call *c, struct store_draft *ret) MUST_CHECK;
/* Its text of a revision, as a new reference. */
int draft_read(struct keeper *k, const struct store_draft *d, uint16_t revision,
    json_t **ret) MUST_CHECK;
/* The answer to what made or changed it: id, desk, revision, state. */
int draft_answer(
    struct keeper *k, const struct store_draft *d, struct buf *out) MUST_CHECK;
/* "id","desk","revision","state","updated_at" of an object that is open. */
void draft_head(struct keeper *k, const struct store_draft *d, struct buf *out);
/* [{"name","type","size","sha256"}..] of its files. */
int draft_files(struct keeper *k, const uint8_t *draft, struct buf *out) MUST_CHECK;
/* A CEPTOAR's slug, or "centre". */
const char *draft_desk_word(struct keeper *k, unsigned desk);

#endif
