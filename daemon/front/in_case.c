/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/front/in_case.h"

#include <string.h>
#include <strings.h>

#include <openssl/sha.h>

#include "daemon/front/conn.h"
#include "daemon/front/front.h"
#include "daemon/front/in_http.h"
#include "daemon/front/in_report.h"
#include "daemon/front/route.h"
#include "daemon/front/who.h"
#include "lib/clock.h"
#include "lib/mem.h"

/* Calls of whoever holds a case secret, no member and no role but the secret's hash, and
 * of the desks that the case lies on. */
enum {
	SECRET_LEN = 32,
	FAILURES_MAX = 8, /* of one connection: nobody mistypes that often */
};

/* One more failure of all connections together; 0 when they are used up. */
static int
may_fail(struct front *f)
{
	int64_t rate = f->opt.case_failures_per_minute;

	if (rate == 0)
		return 1;
	if (!bucket_has(&f->case_failures, rate, BUCKET_MINUTE, clock_timer_ms()))
		return 0;
	bucket_take(&f->case_failures, BUCKET_MINUTE);
	return 1;
}

/* A secret that does not fit, or fits no such case: the same answer, counted. */
static void
failed(struct conn *c)
{
	struct front *f = c->f;

	if (c->case_failures++ >= FAILURES_MAX)
		http_problem_end(c, P_RATE);
	else if (!may_fail(f))
		http_problem(c, P_RATE, NULL, NULL);
	else
		http_problem(c, P_NOT_FOUND, NULL, NULL);
}

static int
has_secret(const struct conn *c)
{
	return http_header(&c->req->http, "authorization").p != NULL;
}

int
in_case_secret(struct conn *c, uint8_t case_id[ID_LEN], uint8_t secret_hash[32])
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
		failed(c);
		return 0;
	}
	return 1;
}

static int
is_desk(const struct conn *c)
{
	return c->on == ON_DESK && c->who != NULL &&
	       (c->who->rights.roles & (ROLE_SECRETARIAT | ROLE_CENTRE)) != 0;
}

int
in_case_who(struct conn *c, struct keeper_case *ret)
{
	memset(ret, 0, sizeof *ret);
	if (has_secret(c) || !is_desk(c))
		return in_case_secret(c, ret->case_id, ret->secret_hash);
	if (hex_decode(c->req->param, ret->case_id, ID_LEN) != ID_LEN) {
		http_problem(c, P_NOT_FOUND, NULL, NULL);
		return 0;
	}
	ret->desk = 1;
	ret->rights = c->who->rights;
	return 1;
}

void
in_case_answer(struct conn *c, const struct answer *a, int created)
{
	struct keeper_reply k;

	if (has_secret(c) && a->err == 0 && keeper_reply_get(a->p, a->n, &k) == 0 &&
	    k.problem == P_NOT_FOUND)
		failed(c);
	else
		http_keeper(c, a, created);
}

static void
on_case(struct front *f, uint64_t owner, const struct answer *a)
{
	struct conn *c = conn_find(f, owner);

	if (c == NULL || c->req == NULL)
		return;
	c->req->call = 0;
	in_case_answer(c, a, 0);
}

static void
ask(struct conn *c, uint16_t type, const struct keeper_case *k)
{
	struct buf b;
	int rc;

	buf_init(&b, 256);
	keeper_case_put(&b, k);
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
	struct keeper_case k;

	if (in_case_who(c, &k))
		ask(c, KM_CASE, &k);
}

void
in_case_messages(struct conn *c)
{
	struct keeper_case k;

	if (in_case_who(c, &k))
		ask(c, KM_MESSAGES, &k);
}

/* The route lets desks in only; with a secret as well it is still the desk that asks. */
static void
ask_as_desk(struct conn *c, uint16_t type)
{
	struct keeper_case k;

	memset(&k, 0, sizeof k);
	if (hex_decode(c->req->param, k.case_id, ID_LEN) != ID_LEN) {
		http_problem(c, P_NOT_FOUND, NULL, NULL);
		return;
	}
	k.desk = 1;
	k.rights = c->who->rights;
	ask(c, type, &k);
}

void
in_case_close(struct conn *c)
{
	ask_as_desk(c, KM_CLOSE);
}

void
in_case_slip(struct conn *c)
{
	ask_as_desk(c, KM_SLIP);
}

void
in_case_withdraw(struct conn *c)
{
	struct keeper_case k;

	memset(&k, 0, sizeof k);
	if (in_case_secret(c, k.case_id, k.secret_hash))
		ask(c, KM_WITHDRAW, &k);
}

void
in_case_report(struct conn *c)
{
	uint8_t id[ID_LEN], hash[32];

	if (in_case_secret(c, id, hash))
		in_report_start(c, REPORT_FOLLOW_UP, id, hash);
}
