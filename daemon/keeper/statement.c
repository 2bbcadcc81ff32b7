/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/statement.h"

#include <string.h>

#include "daemon/keeper/batch.h"
#include "daemon/keeper/directory.h"
#include "daemon/keeper/issuers.h"
#include "daemon/keeper/store_token.h"
#include "lib/mem.h"
#include "proto/key_statement.h"

enum { MINUTE_MS = 60000, TOKENS_MAX = 1024 * 1024, SIGNATURE = 64 };

struct statement {
	struct slice jws;
	uint64_t serial;
};

/* header.payload.signature: are they what they should be, as far as anybody can tell? */
static int
read_shape(struct slice jws, struct key_statement **ret, struct fault *why)
{
	struct slice part[3];
	unsigned char sig[SIGNATURE];
	const char *at = jws.p, *end = jws.p + jws.n, *dot;
	char *text;
	long n = 0;
	int i, rc = 0;

	for (i = 0; i < 3; i++) {
		dot = i < 2 ? memchr(at, '.', (size_t)(end - at)) : end;
		if (dot == NULL)
			return fault_set(why, P_INVALID_FIELD, NULL, "a JWS, compact");
		part[i] = (struct slice){ at, (size_t)(dot - at) };
		at = dot + 1;
	}
	text = mem_alloc(jws.n);
	if (text == NULL)
		return ERR_NOMEM;
	if (b64url_decode(part[0], text, jws.n) <= 0 ||
	    b64url_decode(part[2], sig, sizeof sig) != SIGNATURE ||
	    (n = b64url_decode(part[1], text, jws.n)) <= 0)
		rc = fault_set(why, P_INVALID_FIELD, NULL, "a JWS, compact");
	if (rc == 0)
		rc = key_statement_read((struct slice){ text, (size_t)n }, ret, why);
	mem_free(text);
	return rc;
}

/* 1 when all keys of that epoch are signed as they are, -1 when one is not; 0: none. */
static int
is_signed(struct keeper *k, const struct key_statement *s, uint32_t epoch)
{
	const struct issuers *all = directory_issuers(k->dir);
	const struct statement_key *said;
	const struct issuers_key *key;
	const char *group;
	int any = 0;
	size_t i;

	for (i = 0; (key = issuers_at(all, i)) != NULL; i++) {
		group = taxonomy_group_slug(k->tax, key->group);
		if (key->epoch != epoch || group == NULL)
			continue;
		said = key_statement_find(s, slice_of(group), epoch);
		if (said == NULL || memcmp(said->id, key->id, KEY_ID_LEN) != 0)
			return -1;
		any = 1;
	}
	return any;
}

int
statement_status(struct keeper *k, struct buf *out)
{
	const struct vault_public *all = issuers_public(directory_issuers(k->dir));
	struct fault why = { P_INTERNAL, "", NULL };
	struct key_statement *s = NULL;
	uint64_t serial = 0;
	struct buf jws;
	int rc, ahead = -1;

	buf_init(&jws, STATEMENT_MAX);
	rc = all != NULL ? store_statement_get(k->store, &serial, &jws) : ERR_NOTFOUND;
	if (rc == 0)
		rc = read_shape(buf_slice(&jws), &s, &why);
	if (rc == 0) {
		while (is_signed(k, s, all->epoch + (uint32_t)(ahead + 1)) == 1)
			ahead++;
		buf_addf(out, "{\"serial\":%llu,\"signed_ahead\":%d}",
		    (unsigned long long)serial, ahead);
	} else if (rc == ERR_NOTFOUND) {
		buf_adds(out, "null");
		rc = 0;
	}
	key_statement_free(s);
	buf_done(&jws);
	return rc;
}

/* Inside a transaction: the row of the database, and the one of the log. */
static int
store_it(struct keeper *k, void *arg)
{
	const struct statement *st = arg;
	struct frame_head h;
	struct buf body;
	int rc;

	memset(&h, 0, sizeof h);
	h.kind = FRAME_KEYS;
	h.sector = SLOT_NONE;
	h.minute = (uint32_t)(k->now_ms() / MINUTE_MS);
	buf_init(&body, FRAME_BODY_MAX);
	buf_adds(&body, "{\"statement\":");
	json_add_string(&body, st->jws);
	buf_addc(&body, '}');
	rc = buf_err(&body);
	if (rc == 0)
		rc = store_statement_put(k->store, st->serial, st->jws);
	if (rc == 0)
		rc = store_log_add(k->store, &h, buf_slice(&body),
		    (struct slice){ "", 0 }, batch_rows(k->batch));
	buf_done(&body);
	return rc;
}

/* An older one, or the same again, is not published: clients go by the serial. */
static int
check_serial(struct keeper *k, uint64_t serial, struct fault *why)
{
	struct buf old;
	uint64_t last = 0;
	int rc;

	buf_init(&old, STATEMENT_MAX);
	rc = store_statement_get(k->store, &last, &old);
	buf_done(&old);
	if (rc == 0 && serial <= last)
		return fault_set(
		    why, P_CONFLICT, NULL, "a serial above that of the last statement");
	return rc == ERR_NOTFOUND ? 0 : rc;
}

int
statement_call(struct keeper *k, struct front *f, const struct link_frame *fr)
{
	struct fault why = { P_INTERNAL, "", NULL };
	struct key_statement *s = NULL;
	struct keeper_reply r;
	struct statement st;
	struct wire w;
	int rc;

	wire_init(&w, fr->p, fr->n);
	st.jws = wire_str(&w, STATEMENT_MAX);
	if (wire_end(&w) != 0)
		return ERR_PROTO;
	rc = read_shape(st.jws, &s, &why);
	if (rc == 0) {
		st.serial = s->serial;
		rc = check_serial(k, st.serial, &why);
	}
	key_statement_free(s);
	if (rc == 0)
		rc = batch_transact(k->batch, store_it, &st);
	memset(&r, 0, sizeof r);
	r.problem = rc == 0 ? P_OK : rc == ERR_INVALID ? why.problem : problem_of(rc);
	r.pointer = slice_of(why.pointer);
	r.detail = slice_of(why.detail != NULL ? why.detail : "");
	keeper_answer(k, f, fr->type, fr->call, &r);
	return 0;
}

static void
write_key(const struct taxonomy *t, const struct issuers_key *key, struct buf *out)
{
	static const char *const states[] = { [ISSUER_COMING] = "coming",
		[ISSUER_CURRENT] = "current",
		[ISSUER_GRACE] = "grace" };

	const char *slug, *comma = "";
	unsigned i;

	buf_adds(out, "{\"ceptoars\":{");
	for (i = 0; i < SLOTS; i++) {
		slug = slots_has(&key->ceptoars, i) ? taxonomy_slug(t, i) : NULL;
		if (slug == NULL)
			continue;
		buf_adds(out, comma);
		json_add_string(out, slice_of(slug));
		buf_addf(out, ":%u", (unsigned)key->in[i]);
		comma = ",";
	}
	buf_addf(out, "},\"drawn\":%u,\"epoch\":%u,\"group\":", (unsigned)key->drawn,
	    (unsigned)key->epoch);
	json_add_string(out, slice_of(taxonomy_group_slug(t, key->group)));
	buf_adds(out, ",\"key\":\"");
	buf_add_b64url(out, key->n, sizeof key->n);
	buf_adds(out, "\",\"key_id\":\"");
	buf_add_b64url(out, key->id, sizeof key->id);
	buf_addf(out, "\",\"state\":\"%s\"}", states[key->state]);
}

static int
write_tokens(struct keeper *k, struct buf *out)
{
	const struct issuers *s = directory_issuers(k->dir);
	const struct vault_public *all = issuers_public(s);
	const struct issuers_key *key;
	const char *comma = "";
	struct buf jws;
	uint64_t serial;
	size_t i;
	int rc;

	if (all == NULL)
		return ERR_DOWN;
	buf_init(&jws, STATEMENT_MAX);
	rc = store_statement_get(k->store, &serial, &jws);
	buf_addf(out, "{\"batch\":%u,\"epoch\":%u,\"epoch_seconds\":%u,\"k\":%lld,",
	    (unsigned)all->batch, (unsigned)all->epoch, (unsigned)all->epoch_seconds,
	    k->opt.token_k);
	buf_adds(out, "\"keys\":[");
	for (i = 0; (key = issuers_at(s, i)) != NULL; i++) {
		if (taxonomy_group_slug(k->tax, key->group) == NULL)
			continue; /* a group of another list than ours */
		buf_adds(out, comma);
		write_key(k->tax, key, out);
		comma = ",";
	}
	buf_adds(out, "],\"statement\":");
	if (rc == 0)
		json_add_string(out, buf_slice(&jws));
	else if (rc == ERR_NOTFOUND)
		buf_adds(out, "null");
	buf_addc(out, '}');
	buf_done(&jws);
	return rc == 0 || rc == ERR_NOTFOUND ? buf_err(out) : rc;
}

int
tokens_call(struct keeper *k, struct front *f, const struct link_frame *fr)
{
	struct keeper_reply r;
	struct buf out;
	int rc;

	if (fr->n != 0)
		return ERR_PROTO;
	buf_init(&out, TOKENS_MAX);
	rc = write_tokens(k, &out);
	if (rc == ERR_CORRUPT || rc == ERR_IO)
		keeper_store_failed(k, rc);
	memset(&r, 0, sizeof r);
	r.problem = rc == 0 ? P_OK : problem_of(rc);
	if (rc == 0)
		r.body = buf_slice(&out);
	keeper_answer(k, f, fr->type, fr->call, &r);
	buf_done(&out);
	return 0;
}
