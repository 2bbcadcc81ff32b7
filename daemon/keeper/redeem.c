/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/redeem.h"

#include <string.h>

#include "daemon/keeper/batch.h"
#include "daemon/keeper/directory.h"
#include "daemon/keeper/issuers.h"
#include "daemon/keeper/store_token.h"
#include "lib/mem.h"
#include "proto/taxonomy.h"
#include "proto/token.h"

static int
refuse(struct batch_op *op, enum problem p)
{
	op->problem = p;
	return ERR_INVALID;
}

/*
 * A value that no RSA operation would start on ends early: it is put in the range, and
 * cannot be a signature then either.
 */
static int
put_in_range(unsigned char sig[BLIND_RSA_LEN], const unsigned char n[BLIND_RSA_LEN])
{
	static const unsigned char zero[BLIND_RSA_LEN];

	if (memcmp(sig, zero, BLIND_RSA_LEN) != 0 && memcmp(sig, n, BLIND_RSA_LEN) < 0)
		return 1;
	memset(sig, 1, BLIND_RSA_LEN);
	return 0;
}

static int
verify(const struct issuers_key *i, const struct token *t, uint8_t ret_spent[32])
{
	unsigned char prepared[TOKEN_PREPARED];
	struct token copy = *t;
	int fits, rc;

	fits = put_in_range(copy.sig, i->n);
	token_prepared(&copy, i->id, prepared);
	rc = blind_rsa_verify(i->key, prepared, sizeof prepared, copy.sig);
	if (rc == 0 && !fits)
		rc = ERR_DENIED;
	return rc != 0 ? rc : token_spent_id(prepared, ret_spent);
}

static int
in_group(const struct keeper *k, unsigned slot, unsigned group)
{
	unsigned sector = taxonomy_sector_of_slot(k->tax, slot);

	return sector != SECTOR_NONE && taxonomy_sector_group(k->tax, sector) == group;
}

int
redeem_check(struct keeper *k, struct batch_op *op)
{
	const struct issuers *all = directory_issuers(k->dir);
	const struct keeper_put *p = &op->put;
	const struct issuers_key *i = NULL;
	struct token t;
	int rc;

	/* A follow-up shows its case's secret, and a member its certificate. */
	if (p->has_token != (p->blind && !p->has_case))
		return refuse(op, P_TOKEN_INVALID);
	if (!p->has_token)
		return 0;
	if (issuers_public(all) == NULL) /* the vault has not spoken since our start */
		return refuse(op, P_UNAVAILABLE);
	memset(&t, 0, sizeof t);
	if (token_get(p->token, &t) == 0)
		i = issuers_find(all, t.group, t.epoch);
	/* Where no key fits another one does the same work: time tells nothing. */
	rc = verify(i != NULL ? i : issuers_none(all), &t, op->spent);
	if (rc == 0 && i == NULL)
		rc = ERR_DENIED;
	if (rc == 0 && !in_group(k, p->slot, t.group))
		rc = ERR_DENIED;
	if (rc == ERR_DENIED)
		return refuse(op, P_TOKEN_INVALID);
	if (rc != 0)
		return ERR_NOMEM; /* nothing else can fail there */
	/* The report says its CEPTOAR: who drew elsewhere in the group hides nobody.  (A
	 * slot of a group is one; no report gets here without.) */
	if (p->slot >= SLOTS || i->in[p->slot] < (unsigned)k->opt.token_k)
		return refuse(op, P_K_TOO_SMALL);
	op->spent_epoch = t.epoch;
	return 0;
}

int
redeem_spend(struct keeper *k, struct batch_op *op)
{
	int rc;

	if (!op->put.has_token)
		return 0;
	rc = store_spent_add(k->store, op->spent, op->spent_epoch);
	if (rc != ERR_EXISTS)
		return rc;
	op->problem = P_TOKEN_SPENT;
	return 0;
}

int
redeem_prune(struct keeper *k, unsigned most, unsigned *ret_n)
{
	const struct vault_public *p = issuers_public(directory_issuers(k->dir));

	*ret_n = 0;
	if (p == NULL || p->epoch == 0) /* not told yet, or the first one */
		return 0;
	return store_prune_spent(k->store, p->epoch - 1, most, ret_n);
}
