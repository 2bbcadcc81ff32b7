/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/transparency.h"

#include "daemon/keeper/directory.h"
#include "daemon/keeper/issuers.h"
#include "proto/taxonomy.h"

static void
write_k(const struct policy_rules *r, struct buf *out)
{
	buf_addf(out, "\"beyond\":%lld,\"inside\":%lld,\"products\":%lld", r->k_beyond,
	    r->k_inside, r->k_products);
}

/* Those whose thresholds are not everybody's. */
static void
write_others(const struct keeper *k, struct buf *out)
{
	const struct policy_rules *all = &k->policy.rules, *r;
	unsigned i, n = 0;

	for (i = 0; i < SLOTS; i++) {
		r = &k->policy.slot[i];
		if (taxonomy_slug(k->tax, i) == NULL ||
		    (r->k_inside == all->k_inside && r->k_beyond == all->k_beyond &&
			r->k_products == all->k_products))
			continue;
		buf_addf(out, "%s\"%s\":{", n++ > 0 ? "," : "", taxonomy_slug(k->tax, i));
		write_k(r, out);
		buf_addc(out, '}');
	}
}

int
transparency_write(struct keeper *k, struct buf *out)
{
	const struct vault_public *p = issuers_public(directory_issuers(k->dir));

	if (p == NULL)
		return ERR_DOWN;
	buf_addf(out, "{\"envelope_days\":%u,\"envelope_exports\":{\"count\":%llu,",
	    (unsigned)p->envelope_days, (unsigned long long)p->exports);
	buf_adds(out, "\"head\":\"");
	buf_add_hex(out, p->exports_head, sizeof p->exports_head);
	buf_adds(out, "\"},\"k\":{\"ceptoars\":{");
	write_others(k, out);
	buf_adds(out, "},");
	write_k(&k->policy.rules, out);
	buf_addf(out, ",\"tokens\":%lld},\"tokens\":{\"batch\":%u,\"epoch\":%u,",
	    k->opt.token_k, (unsigned)p->batch, (unsigned)p->epoch);
	buf_addf(out, "\"epoch_seconds\":%u}}", (unsigned)p->epoch_seconds);
	return buf_err(out);
}
