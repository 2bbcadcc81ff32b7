/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/audit.h"

#include <stdio.h>
#include <string.h>

#include <openssl/sha.h>

#include "proto/jws.h"

enum { ROW_BYTES = 1024 };

int
audit_row_sum(const struct audit_row *r, uint8_t ret[32])
{
	struct buf b;
	int rc;

	buf_init(&b, ROW_BYTES);
	wire_put_bytes(&b, r->prev, sizeof r->prev);
	wire_put_u64(&b, r->number);
	wire_put_i64(&b, r->minute);
	wire_put_bytes(&b, r->person, sizeof r->person);
	wire_put_bytes(&b, r->receiver, sizeof r->receiver);
	wire_put_str(&b, slice_of(r->action));
	wire_put_str(&b, slice_of(r->ref));
	wire_put_str(&b, slice_of(r->detail));
	rc = buf_err(&b);
	if (rc == 0 && SHA256((const unsigned char *)b.p, b.n, ret) == NULL)
		rc = ERR_CRYPTO;
	buf_done(&b);
	return rc;
}

void
audit_row_put(struct buf *b, const struct audit_row *r)
{
	wire_put_u64(b, r->number);
	wire_put_i64(b, r->minute);
	wire_put_bytes(b, r->person, sizeof r->person);
	wire_put_bytes(b, r->receiver, sizeof r->receiver);
	wire_put_str(b, slice_of(r->action));
	wire_put_str(b, slice_of(r->ref));
	wire_put_str(b, slice_of(r->detail));
	wire_put_bytes(b, r->prev, sizeof r->prev);
	wire_put_bytes(b, r->sum, sizeof r->sum);
}

/* A text of at most `cap` bytes into a room of one more. */
static void
text_get(struct wire *w, char *room, size_t cap)
{
	struct slice s = wire_str(w, cap);

	if (s.n > 0)
		memcpy(room, s.p, s.n);
	room[s.n] = '\0';
	if (strlen(room) != s.n)
		w->err = ERR_PROTO;
}

void
audit_row_get(struct wire *w, struct audit_row *ret)
{
	memset(ret, 0, sizeof *ret);
	ret->number = wire_u64(w);
	ret->minute = wire_i64(w);
	wire_bytes(w, ret->person, sizeof ret->person);
	wire_bytes(w, ret->receiver, sizeof ret->receiver);
	text_get(w, ret->action, AUDIT_ACTION_MAX);
	text_get(w, ret->ref, AUDIT_REF_MAX);
	text_get(w, ret->detail, AUDIT_DETAIL_MAX);
	wire_bytes(w, ret->prev, sizeof ret->prev);
	wire_bytes(w, ret->sum, sizeof ret->sum);
}

void
audit_point_put(struct buf *b, const struct audit_point *p)
{
	wire_put_u64(b, p->number);
	wire_put_i64(b, p->minute);
	wire_put_bytes(b, p->sum, sizeof p->sum);
	wire_put_str(b, slice_of(p->jws));
}

void
audit_point_get(struct wire *w, struct audit_point *ret)
{
	memset(ret, 0, sizeof *ret);
	ret->number = wire_u64(w);
	ret->minute = wire_i64(w);
	wire_bytes(w, ret->sum, sizeof ret->sum);
	text_get(w, ret->jws, AUDIT_JWS_MAX);
}

void
audit_point_payload(const struct audit_point *p, struct buf *out)
{
	buf_addf(out, "{\"minute\":%lld,\"number\":%llu,\"sum\":\"", (long long)p->minute,
	    (unsigned long long)p->number);
	buf_add_hex(out, p->sum, sizeof p->sum);
	buf_adds(out, "\"}");
}

int
audit_point_sign(struct audit_point *p, struct evp_pkey_st *key)
{
	struct buf payload, jws;
	int rc;

	buf_init(&payload, 256);
	buf_init(&jws, AUDIT_JWS_MAX);
	audit_point_payload(p, &payload);
	rc = buf_err(&payload);
	if (rc == 0)
		rc = jws_sign(key, AUDIT_TYP, buf_slice(&payload), JWS_COMPACT, &jws);
	if (rc == 0)
		rc = buf_err(&jws);
	if (rc == 0)
		(void)snprintf(p->jws, sizeof p->jws, "%s", buf_cstr(&jws));
	buf_done(&payload);
	buf_done(&jws);
	return rc;
}

int
audit_point_check(const struct audit_point *p, struct evp_pkey_st *key)
{
	struct buf want, got;
	int rc;

	buf_init(&want, 256);
	buf_init(&got, 256);
	audit_point_payload(p, &want);
	rc = jws_open(key, AUDIT_TYP, slice_of(p->jws), &got);
	if (rc == 0 && (got.n != want.n || memcmp(got.p, want.p, got.n) != 0))
		rc = ERR_DENIED;
	buf_done(&want);
	buf_done(&got);
	return rc;
}

static void
wrong(struct audit_walk *w, uint64_t number, const char *what)
{
	if (w->wrong != 0)
		return;
	w->wrong = number;
	w->what = what;
}

void
audit_walk_row(struct audit_walk *w, const struct audit_row *r)
{
	uint8_t sum[32];

	if (w->next == 0)
		w->next = 1;
	if (r->number != w->next)
		wrong(w, w->next, "is missing");
	else if (audit_row_sum(r, sum) != 0 || memcmp(sum, r->sum, sizeof sum) != 0)
		wrong(w, r->number, "was changed");
	else if (memcmp(r->prev, w->head, sizeof w->head) != 0)
		wrong(w, r->number, "does not follow the row before it");
	w->next = r->number + 1;
	memcpy(w->head, r->sum, sizeof w->head);
}

void
audit_walk_point(struct audit_walk *w, const struct audit_point *p)
{
	if (p->number + 1 == w->next && memcmp(p->sum, w->head, sizeof w->head) != 0)
		wrong(w, p->number,
		    "is not what was signed: it, or rows before it, were "
		    "written anew");
}

void
audit_walk_end(struct audit_walk *w, uint64_t last_point)
{
	if (w->next == 0)
		w->next = 1;
	if (last_point >= w->next)
		wrong(w, w->next, "is missing: rows at the end were removed");
}
