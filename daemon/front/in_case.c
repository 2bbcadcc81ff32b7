/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <strings.h>

#include <openssl/sha.h>

#include "daemon/front/conn.h"
#include "daemon/front/front.h"
#include "daemon/front/in_http.h"
#include "daemon/front/in_report.h"
#include "daemon/front/route.h"
#include "lib/mem.h"
#include "proto/msg_keeper.h"

/* Calls of whoever holds a case secret: no member, no role, only the secret's hash. */
enum { SECRET_LEN = 32 };

int
in_case_of(struct conn *c, uint8_t case_id[16], uint8_t secret_hash[32])
{
	struct request *r = c->req;
	struct slice auth = http_header(&r->http, "authorization");
	unsigned char secret[SECRET_LEN];
	long n;

	if (auth.n <= 5 || strncasecmp(auth.p, "Case ", 5) != 0) {
		http_problem(c, P_UNAUTHORIZED, NULL, NULL);
		return 0;
	}
	auth.p += 5;
	auth.n -= 5;
	n = b64url_decode(auth, secret, sizeof secret);
	/* Hashed here; the secret itself goes nowhere and does not stay. */
	(void)SHA256(secret, sizeof secret, secret_hash);
	mem_wipe(secret, sizeof secret);
	mem_wipe(r->head.p + (auth.p - r->head.p), auth.n);
	if (n != SECRET_LEN) {
		http_problem(c, P_UNAUTHORIZED, NULL, NULL);
		return 0;
	}
	if (hex_decode(r->param, case_id, ID_LEN) != ID_LEN) {
		http_problem(c, P_NOT_FOUND, NULL, NULL);
		return 0;
	}
	return 1;
}

static void
on_case(struct front *f, uint64_t owner, const struct answer *a)
{
	struct conn *c = conn_find(f, owner);

	if (c == NULL || c->req == NULL)
		return;
	c->req->call = 0;
	http_keeper(c, a, 0);
}

static void
ask(struct conn *c, uint16_t type)
{
	struct keeper_case k;
	struct buf b;
	int rc;

	memset(&k, 0, sizeof k);
	if (!in_case_of(c, k.case_id, k.secret_hash))
		return;
	buf_init(&b, 256);
	keeper_case_put(&b, &k);
	rc = c->f->keeper_ready
		 ? call_start(c->f, CALL_KEEPER, type, &b, c->id, on_case, &c->req->call)
		 : ERR_DOWN;
	buf_done(&b);
	if (rc != 0)
		http_no_answer(c, rc);
}

void
in_case_get(struct conn *c)
{
	ask(c, KM_CASE);
}

void
in_case_withdraw(struct conn *c)
{
	ask(c, KM_WITHDRAW);
}

void
in_case_report(struct conn *c)
{
	uint8_t id[ID_LEN], hash[32];

	if (in_case_of(c, id, hash))
		in_report_start(c, REPORT_FOLLOW_UP, id, hash);
}
