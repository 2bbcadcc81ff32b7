/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/msg_desk.h"

#include <string.h>

void
keeper_desk_put(struct buf *b, const struct keeper_desk *m)
{
	rights_put(b, &m->rights);
	wire_put_u8(b, m->verb);
	wire_put_str(b, m->ref);
	wire_put_str(b, m->sub);
	wire_put_str(b, m->query);
	wire_put_str(b, m->json);
	wire_put_u8(b, m->has_idem);
	wire_put_bytes(b, m->idem_key, sizeof m->idem_key);
	wire_put_bytes(b, m->idem_mac, sizeof m->idem_mac);
	wire_put_u8(b, m->has_secret);
	wire_put_bytes(b, m->secret_hash, sizeof m->secret_hash);
	wire_put_str(b, m->data.p != NULL ? m->data : slice_of(""));
}

int
keeper_desk_get(const void *p, size_t n, struct keeper_desk *ret)
{
	struct keeper_desk m;
	struct wire w;
	int rc;

	memset(&m, 0, sizeof m);
	wire_init(&w, p, n);
	rights_get(&w, &m.rights);
	m.verb = wire_u8(&w);
	m.ref = wire_str(&w, DESK_REF_MAX);
	m.sub = wire_str(&w, DESK_REF_MAX);
	m.query = wire_str(&w, DESK_QUERY_MAX);
	m.json = wire_str(&w, DESK_JSON_MAX);
	m.has_idem = wire_bool(&w);
	wire_bytes(&w, m.idem_key, sizeof m.idem_key);
	wire_bytes(&w, m.idem_mac, sizeof m.idem_mac);
	m.has_secret = wire_bool(&w);
	wire_bytes(&w, m.secret_hash, sizeof m.secret_hash);
	m.data = wire_str(&w, DESK_DATA_MAX);
	rc = wire_end(&w);
	if (rc == 0)
		*ret = m;
	return rc;
}
