/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/transparency.h"

#include "daemon/keeper/directory.h"
#include "proto/msg_issuer.h"

int
transparency_write(struct keeper *k, struct buf *out)
{
	const struct vault_public *p = directory_public(k->dir);

	if (p == NULL)
		return ERR_DOWN;
	buf_addf(out, "{\"envelope_days\":%u,\"envelope_exports\":{\"count\":%llu,",
	    (unsigned)p->envelope_days, (unsigned long long)p->exports);
	buf_adds(out, "\"head\":\"");
	buf_add_hex(out, p->exports_head, sizeof p->exports_head);
	buf_adds(out, "\"}}");
	return buf_err(out);
}
