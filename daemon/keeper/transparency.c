/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/transparency.h"

#include "daemon/keeper/directory.h"
#include "daemon/keeper/issuers.h"

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
	buf_addf(out, "\"},\"tokens\":{\"batch\":%u,\"epoch\":%u,\"epoch_seconds\":%u}}",
	    (unsigned)p->batch, (unsigned)p->epoch, (unsigned)p->epoch_seconds);
	return buf_err(out);
}
