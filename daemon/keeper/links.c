/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/links.h"

#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "daemon/keeper/acks.h"
#include "daemon/keeper/batch.h"
#include "daemon/keeper/directory.h"
#include "daemon/keeper/store_link.h"
#include "lib/mem.h"
#include "proto/msg_courier.h"
#include "proto/msg_link.h"
#include "proto/msg_vault.h"

int
links_init(struct keeper *k)
{
	return RAND_bytes(k->link_key, sizeof k->link_key) == 1 ? 0 : ERR_CRYPTO;
}

void
links_done(struct keeper *k)
{
	mem_wipe(k->link_key, sizeof k->link_key);
}

/* What the page of this link holds when it is made in this minute. */
static int
seal_make(
    struct keeper *k, const uint8_t *sum, uint32_t minute, uint8_t ret[LINK_SEAL_LEN])
{
	uint8_t in[4 + LINK_SUM_LEN], mac[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	int i;

	for (i = 0; i < 4; i++)
		ret[i] = in[i] = (uint8_t)(minute >> (8 * i));
	memcpy(in + 4, sum, LINK_SUM_LEN);
	if (HMAC(EVP_sha256(), k->link_key, sizeof k->link_key, in, sizeof in, mac, &n) ==
		NULL ||
	    n < LINK_SEAL_LEN - 4)
		return ERR_CRYPTO;
	memcpy(ret + 4, mac, LINK_SEAL_LEN - 4);
	return 0;
}

static int
seal_holds(struct keeper *k, const struct link_answer *m, int64_t minute)
{
	uint8_t want[LINK_SEAL_LEN];
	uint32_t made = 0;
	int i;

	for (i = 0; i < 4; i++)
		made |= (uint32_t)m->seal[i] << (8 * i);
	if (made > minute || made + LINKS_PAGE_MINUTES < minute ||
	    seal_make(k, m->sum, made, want) != 0)
		return 0;
	return mem_equal_ct(want, m->seal, LINK_SEAL_LEN);
}

/* The link, if it can still be used.  What never was and what has ended are one: an
 * ERR_NOTFOUND, after the same look-up. */
static int
find(struct keeper *k, const uint8_t *sum, int64_t now, struct store_link *ret,
    struct store_bulletin *ret_b)
{
	const struct vault_dir_row *row;
	int64_t ends;
	int rc;

	rc = store_link_get(k->store, sum, ret);
	if (rc == 0)
		rc = store_bulletin_get(k->store, ret->bulletin, ret_b);
	if (rc != 0)
		return rc;
	ends = ret_b->valid_until * 60;
	if (ends < ret->sent_at + LINKS_LEAST_S)
		ends = ret->sent_at + LINKS_LEAST_S;
	if (ends > ret->sent_at + LINKS_DAYS * 86400)
		ends = ret->sent_at + LINKS_DAYS * 86400;
	if (ret->used_at != 0 || now >= ends)
		return ERR_NOTFOUND;
	/* A member that is no more answers for nobody; without a directory nobody knows.
	 */
	row = directory_find(k->dir, ret->receiver);
	if (directory_count(k->dir) != 0 && (row == NULL || row->disabled))
		return ERR_NOTFOUND;
	return 0;
}

/* The header of the link's revision: ERR_NOTFOUND when its row is no longer kept. */
static int
head_of(struct keeper *k, const struct store_link *l, struct frame_head *ret)
{
	struct slice body, stub;
	uint64_t seq = 0;
	uint32_t n = 0;
	struct buf row;
	struct wire w;
	int rc;

	buf_init(&row, KEEPER_FRAME_MAX);
	rc = store_revision_seq(k->store, l->bulletin, l->revision, &seq);
	if (rc == 0)
		rc = store_log_page(k->store, seq, 1, &row, &n);
	if (rc == 0 && n == 0)
		rc = ERR_NOTFOUND;
	if (rc == 0) {
		wire_init(&w, row.p, row.n);
		frame_get(&w, ret, &body, &stub);
		rc = w.err != 0 ? ERR_CORRUPT : ret->seq != seq ? ERR_NOTFOUND : 0;
	}
	buf_done(&row);
	return rc;
}

/* What the page shows; of a revision that its reader got as a stub the number alone. */
static int
facts_make(struct keeper *k, const uint8_t *sum, const struct store_link *l,
    const struct store_bulletin *b, struct link_facts *ret)
{
	const struct vault_dir_row *row = directory_find(k->dir, l->receiver);
	struct frame_head h;
	int rc = head_of(k, l, &h);

	if (rc != 0)
		return rc;
	memset(ret, 0, sizeof *ret);
	memcpy(ret->number, b->number, sizeof ret->number);
	ret->number[sizeof ret->number - 1] = '\0';
	ret->revision = l->revision;
	ret->message = h.kind == FRAME_CONTACT ? FRAME_BULLETIN : h.kind;
	ret->exercise = (h.flags & FRAME_EXERCISE) != 0;
	ret->kind = ret->severity = LINK_NOT_TOLD;
	if (row != NULL && frame_may_read(&h, &row->rights,
			       acks_is_cross(k, &row->rights)) == VIEW_BODY) {
		ret->kind = (uint8_t)(h.flags >> FRAME_KIND_AT & 3);
		ret->severity = h.severity <= 4 ? h.severity : 4;
	}
	return seal_make(k, sum, (uint32_t)(k->now_ms() / 60000), ret->seal);
}

int
links_show(struct keeper *k, struct front *f, const struct link_frame *fr)
{
	uint8_t sum[LINK_SUM_LEN];
	struct keeper_reply r;
	struct store_bulletin b;
	struct store_link l;
	struct link_facts m;
	struct buf body;
	struct wire w;
	int rc;

	wire_init(&w, fr->p, fr->n);
	wire_bytes(&w, sum, sizeof sum);
	if (wire_end(&w) != 0)
		return ERR_PROTO;
	buf_init(&body, 256);
	rc = find(k, sum, k->now_ms() / 1000, &l, &b);
	if (rc == 0)
		rc = facts_make(k, sum, &l, &b, &m);
	if (rc == 0) {
		link_facts_put(&body, &m);
		rc = buf_err(&body);
	}
	if (rc == ERR_CORRUPT || rc == ERR_IO)
		keeper_store_failed(k, rc);
	memset(&r, 0, sizeof r);
	r.problem = rc == 0 ? P_OK : problem_of(rc);
	if (rc == 0)
		r.body = buf_slice(&body);
	keeper_answer(k, f, fr->type, fr->call, &r);
	buf_done(&body);
	return 0;
}

int
links_check(struct batch_op *op)
{
	return link_answer_get(op->bytes, op->n, &op->answer);
}

static int
record(struct keeper *k, const struct link_answer *m, const struct store_link *l,
    int flagged)
{
	struct ack_record a;

	memset(&a, 0, sizeof a);
	memcpy(a.bulletin, l->bulletin, ID_LEN);
	memcpy(a.receiver, l->receiver, RECEIVER_LEN);
	memcpy(a.person, l->person, RECEIVER_LEN);
	a.revision = l->revision;
	a.status = m->choice;
	a.evidence = EVIDENCE_LINK;
	a.flagged = (uint8_t)flagged;
	a.forwarded = m->forwarded;
	a.minute = k->now_ms() / 60000;
	a.note = slice_of("");
	return acks_record(k, &a);
}

/* An answer that counts, and is the link's only one. */
static int
take(struct keeper *k, const struct link_answer *m, const struct store_link *l)
{
	int rc = m->choice == LINK_NOT_ME ? store_link_astray(k->store, l)
					  : record(k, m, l, 0);

	return rc != 0 ? rc
		       : store_link_use(k->store, m->sum, m->choice, k->now_ms() / 1000);
}

static int
settle(struct keeper *k, const struct link_answer *m, const struct store_link *l,
    const struct store_bulletin *b, struct link_done *ret)
{
	int64_t now = k->now_ms() / 1000, quiet = k->opt.link_quiet_ms / 1000;
	int64_t from = l->leased ? now + quiet : l->sent_at + quiet;

	memset(ret, 0, sizeof *ret);
	if (!seal_holds(k, m, now / 60)) {
		ret->outcome = LINK_STALE;
		return facts_make(k, m->sum, l, b, &ret->facts);
	}
	if (now >= from) {
		ret->outcome = LINK_DONE;
		return take(k, m, l);
	}
	ret->outcome = LINK_SOON;
	ret->wait_s = (uint16_t)(from - now < UINT16_MAX ? from - now : UINT16_MAX);
	if (m->choice != LINK_NOT_ME) {
		int rc = record(k, m, l, 1);

		if (rc != 0)
			return rc;
	}
	return facts_make(k, m->sum, l, b, &ret->facts);
}

int
links_apply(struct keeper *k, struct batch_op *op)
{
	struct store_bulletin b;
	struct store_link l;
	struct link_done done;
	int rc = find(k, op->answer.sum, k->now_ms() / 1000, &l, &b);

	if (rc == 0)
		rc = settle(k, &op->answer, &l, &b, &done);
	if (rc == ERR_NOTFOUND) {
		op->problem = P_NOT_FOUND;
		return 0;
	}
	if (rc == 0) {
		link_done_put(batch_answers(k->batch), &done);
		rc = buf_err(batch_answers(k->batch));
	}
	return rc;
}

int
links_sent(struct keeper *k, const struct courier_key *key)
{
	if (key->route != BY_MAIL)
		return 0;
	return store_link_sent(
	    k->store, key->bulletin, key->revision, key->receiver, k->now_ms() / 1000);
}
