/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_APPROVAL_H
#define KEEPER_APPROVAL_H

#include "daemon/keeper/desk_call.h"
#include "daemon/keeper/store_draft.h"
#include "proto/draft.h"

/*
 * The reporters' own word on a text before it is released.  The desk puts the draft
 * before the reporters of its cases, who see it in the state of their case and approve or
 * refuse exactly that text with its files, by its SHA-256.  Another text has to be asked
 * about anew.
 */

/* DV_APPROVAL_ASK: the draft of the path, to each case of it that has a channel. */
int approval_ask(struct keeper *k, struct desk_call *c) MUST_CHECK;
/* DV_APPROVAL_GIVE: {"sha256", "approve", "note"?} with the case secret; a note is one
 * more message of the case. */
int approval_give(struct keeper *k, struct desk_call *c) MUST_CHECK;

/* "approval":{..} of a case's state and a comma; nothing when it was not asked, or the
 * text has changed or was released since. */
int approval_of_case(
    struct keeper *k, const struct store_case *c, struct buf *out) MUST_CHECK;
/* ,"approval":{"asked","approved","refused","void"} of a draft. */
int approval_of_draft(struct keeper *k, const struct store_draft *d,
    const json_t *content, struct buf *out) MUST_CHECK;
/* Before a release: ERR_INVALID with a conflict while one of its cases has refused a text
 * of this draft and approved none since, or this very text in another draft. */
int approval_check(struct keeper *k, struct desk_call *c, const struct store_draft *d,
    const json_t *content, const struct draft_facts *f) MUST_CHECK;

#endif
