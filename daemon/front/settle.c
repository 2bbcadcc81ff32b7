/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/front/settle.h"

#include <string.h>

#include "daemon/front/calls.h"
#include "daemon/front/front.h"
#include "lib/link.h"
#include "lib/log.h"
#include "proto/msg_put.h"

_Static_assert((int)TICKET_LEN == (int)CALL_NOTE, "a ticket is the note of a PUT");

void
settle(struct front *f, const uint8_t *ticket, const struct answer *a)
{
	struct vault_settle m = { .stored = 0 };
	struct keeper_reply k;
	struct buf b;

	memcpy(m.ticket, ticket, sizeof m.ticket);
	if (a != NULL && a->err == 0 && keeper_reply_get(a->p, a->n, &k) == 0 &&
	    k.problem == P_OK) {
		m.stored = k.created != REPLY_KNOWN;
		m.released = k.created == REPLY_RELEASED;
	}
	buf_init(&b, VAULT_SETTLE_LEN);
	vault_settle_put(&b, &m);
	/* A vault that does not hear of it gives it back: at once when it is away. */
	if (f->vault_ready && link_send(f->vault, VM_SETTLE, 0, 0, b.p, b.n) != 0)
		log_warn("the vault does not take what became of its seals");
	buf_done(&b);
}
