/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/msg_case.h"

#include <string.h>

void
keeper_message_put(struct buf *b, const struct keeper_message *m)
{
	keeper_case_put(b, &m->which);
	wire_put_u8(b, m->has_idem);
	wire_put_bytes(b, m->idem_key, sizeof m->idem_key);
	wire_put_bytes(b, m->idem_mac, sizeof m->idem_mac);
	wire_put_str(b, m->json);
}

int
keeper_message_get(const void *p, size_t n, struct keeper_message *ret)
{
	struct keeper_message m;
	struct wire w;
	int rc;

	memset(&m, 0, sizeof m);
	wire_init(&w, p, n);
	keeper_case_take(&w, &m.which);
	m.has_idem = wire_bool(&w);
	wire_bytes(&w, m.idem_key, sizeof m.idem_key);
	wire_bytes(&w, m.idem_mac, sizeof m.idem_mac);
	m.json = wire_str(&w, MESSAGE_JSON_MAX);
	rc = wire_end(&w);
	if (rc == 0)
		*ret = m;
	return rc;
}
