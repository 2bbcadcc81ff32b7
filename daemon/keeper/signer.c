/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/signer.h"

#include <string.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "daemon/keeper/audit.h"
#include "daemon/keeper/batch.h"
#include "daemon/keeper/store_signing.h"
#include "daemon/keeper/words.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "proto/msg_admin.h"
#include "proto/bulletin_sign.h"
#include "proto/jws.h"

enum { MINUTE_MS = 60000, OVERLAP_MAX = 90 * 24 * 60 };

struct signer {
	size_t n;
	struct {
		char kid[JWK_KID + 1];
		unsigned char point[JWK_POINT];
		int64_t made, since;
		EVP_PKEY *key;	/* with its private half; NULL: that is gone */
	} v[2 * JWKS_KEYS_MAX]; /* ours, and others' */
};

static void
drop(struct signer *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		EVP_PKEY_free(s->v[i].key);
	s->n = 0;
}

void
signer_close(struct signer *s)
{
	if (s == NULL)
		return;
	drop(s);
	mem_free(s);
}

static int
take_row(void *arg, const struct store_signing *row)
{
	const unsigned char *der = row->der;
	struct signer *s = arg;
	EVP_PKEY *key = NULL;

	if (s->n == sizeof s->v / sizeof s->v[0])
		return ERR_LIMIT;
	if (row->der_len > 0) {
		key = d2i_PrivateKey(EVP_PKEY_EC, NULL, &der, (long)row->der_len);
		if (key == NULL)
			return ERR_CORRUPT;
	}
	memcpy(s->v[s->n].kid, row->kid, sizeof row->kid);
	memcpy(s->v[s->n].point, row->point, sizeof row->point);
	s->v[s->n].made = row->made;
	s->v[s->n].since = row->since;
	s->v[s->n++].key = key;
	return 0;
}

static int
read_all(struct keeper *k)
{
	drop(k->signer);
	return store_signing_each(k->store, take_row, k->signer);
}

/* Inside a transaction: a new key that signs from `since` on. */
static int
make(struct keeper *k, int64_t since)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	struct store_signing row;
	unsigned char *der = NULL;
	int n, rc;

	memset(&row, 0, sizeof row);
	row.made = k->now_ms() / MINUTE_MS;
	row.since = since;
	rc = key == NULL ? ERR_CRYPTO : jwk_point(key, row.point);
	if (rc == 0)
		rc = jwk_kid(row.point, row.kid);
	n = rc == 0 ? i2d_PrivateKey(key, &der) : 0;
	if (rc == 0 && (n <= 0 || n > SIGNING_DER_MAX))
		rc = ERR_CRYPTO;
	if (rc == 0) {
		memcpy(row.der, der, (size_t)n);
		row.der_len = (size_t)n;
		rc = store_signing_add(k->store, &row);
	}
	if (n > 0)
		OPENSSL_clear_free(der, (size_t)n);
	EVP_PKEY_free(key);
	mem_wipe(&row, sizeof row);
	return rc;
}

/* Another hub's keys have no time from which they sign here. */
static int
is_own(const struct signer *s, size_t i)
{
	return s->v[i].since > 0;
}

/* Of this hub's, or of others': each has its own places, or one would use up the
 * other's. */
static size_t
count_of(const struct signer *s, int own)
{
	size_t i, n = 0;

	for (i = 0; i < s->n; i++)
		n += is_own(s, i) == own;
	return n;
}

/* The one that signs now; -1: none can.  After a clock that went back the oldest does. */
static int
current(const struct signer *s, int64_t minute)
{
	int at = -1;
	size_t i;

	for (i = 0; i < s->n; i++)
		if (s->v[i].key != NULL && (at < 0 || s->v[i].since <= minute))
			at = (int)i;
	return at;
}

int
signer_settle(struct keeper *k)
{
	int rc;

	if (current(k->signer, 0) >= 0)
		return 0;
	if (count_of(k->signer, 1) == JWKS_KEYS_MAX)
		return ERR_LIMIT;
	rc = store_begin(k->store);
	if (rc != 0)
		return rc;
	rc = make(k, k->now_ms() / MINUTE_MS);
	if (rc != 0)
		store_rollback(k->store);
	else
		rc = store_commit(k->store);
	if (rc == 0)
		rc = read_all(k);
	if (rc == 0)
		log_info("a new key signs bulletins");
	return rc;
}

int
signer_open(struct keeper *k)
{
	int rc;

	k->signer = mem_zalloc(sizeof *k->signer);
	if (k->signer == NULL)
		return ERR_NOMEM;
	rc = read_all(k);
	if (rc != 0)
		return rc;
	rc = signer_settle(k);
	if (rc != 0)
		log_warn("no key for bulletins could be written: %s", err_str(rc));
	return rc == ERR_OUTCOME ? rc : 0;
}

int
signer_text(struct keeper *k, struct buf *text)
{
	int at = current(k->signer, k->now_ms() / MINUTE_MS);

	if (at < 0)
		return ERR_DOWN;
	k->count.signatures++;
	return bulletin_sign(k->signer->v[at].key, k->signer->v[at].kid, text);
}

int
signer_hub(const struct signer *s, char ret[BUNDLE_HUB + 1])
{
	size_t i = 0;

	while (i < s->n && !is_own(s, i))
		i++;
	if (i == s->n)
		return ERR_DOWN;
	memcpy(ret, s->v[i].kid, BUNDLE_HUB);
	ret[BUNDLE_HUB] = '\0';
	return 0;
}

int
signer_statement(struct keeper *k, const char *typ, struct slice payload, struct buf *out)
{
	int at = current(k->signer, k->now_ms() / MINUTE_MS);

	return at < 0 ? ERR_DOWN
		      : jws_sign_kid(k->signer->v[at].key, typ, k->signer->v[at].kid,
			    payload, JWS_COMPACT, out);
}

int
signer_adopt(struct keeper *k, const char *kid, const unsigned char point[JWK_POINT])
{
	const struct signer *s = k->signer;
	struct store_signing row;
	size_t i;

	for (i = 0; i < s->n; i++)
		if (strcmp(s->v[i].kid, kid) == 0)
			return 0;
	if (count_of(s, 0) == JWKS_KEYS_MAX)
		return ERR_LIMIT;
	memset(&row, 0, sizeof row);
	memcpy(row.kid, kid, sizeof row.kid);
	memcpy(row.point, point, sizeof row.point);
	row.made = k->now_ms() / MINUTE_MS;
	return store_signing_add(k->store, &row);
}

int
signer_reload(struct keeper *k)
{
	return read_all(k);
}

static int
write_keys(const struct signer *s, int own, struct buf *out)
{
	size_t i, n = 0;
	int rc = 0;

	buf_addc(out, '[');
	for (i = s->n; rc == 0 && i-- > 0;) {
		if (is_own(s, i) != own)
			continue;
		buf_adds(out, n++ > 0 ? "," : "");
		rc = jwk_write(s->v[i].point, out);
	}
	buf_addc(out, ']');
	return rc;
}

int
signer_jwks(const struct signer *s, struct buf *out)
{
	int rc;

	buf_adds(out, "{\"foreign\":");
	rc = write_keys(s, 0, out);
	buf_adds(out, ",\"keys\":");
	if (rc == 0)
		rc = write_keys(s, 1, out);
	buf_addc(out, '}');
	return rc != 0 ? rc : buf_err(out);
}

static void
answer(struct keeper *k, struct front *f, const struct link_frame *fr, int rc,
    const struct fault *why, const struct buf *body)
{
	struct keeper_reply r;

	memset(&r, 0, sizeof r);
	r.problem = rc == 0 ? P_OK : rc == ERR_INVALID ? why->problem : problem_of(rc);
	r.pointer = slice_of("");
	r.detail = slice_of(rc == ERR_INVALID && why->detail != NULL ? why->detail : "");
	if (rc == 0)
		r.body = buf_slice(body);
	keeper_answer(k, f, fr->type, fr->call, &r);
}

int
signer_jwks_call(struct keeper *k, struct front *f, const struct link_frame *fr)
{
	struct fault why = { P_INTERNAL, "", NULL };
	struct buf body;
	int rc;

	if (fr->n != 0)
		return ERR_PROTO;
	buf_init(&body, JWKS_MAX);
	/* No key yet is no set: a reader must not take an empty one for the hub's. */
	rc = count_of(k->signer, 1) == 0 ? ERR_DOWN : signer_jwks(k->signer, &body);
	answer(k, f, fr, rc, &why, &body);
	buf_done(&body);
	return 0;
}

/* "next" waits for its time, "current" signs, "old" could again, "retired" cannot;
 * "foreign" is another hub's. */
static void
list(const struct signer *s, int64_t minute, struct buf *out)
{
	int now = current(s, minute);
	size_t i;

	buf_adds(out, "{\"keys\":[");
	for (i = s->n; i-- > 0;) {
		buf_addf(out, "{\"kid\":\"%s\",\"made\":", s->v[i].kid);
		words_time(s->v[i].made * MINUTE_MS, out);
		buf_adds(out, ",\"since\":");
		words_time(s->v[i].since * MINUTE_MS, out);
		buf_addf(out, ",\"state\":\"%s\"}%s",
		    !is_own(s, i)	     ? "foreign"
		    : s->v[i].key == NULL    ? "retired"
		    : (int)i == now	     ? "current"
		    : s->v[i].since > minute ? "next"
					     : "old",
		    i > 0 ? "," : "");
	}
	buf_adds(out, "]}");
}

struct change {
	const char *said; /* to the audit log */
	int64_t since;
	const char *kid; /* NULL: make one */
	int foreign;
};

static int
change(struct keeper *k, void *arg)
{
	const struct change *c = arg;
	int rc = c->kid == NULL ? make(k, c->since)
		 : c->foreign	? store_signing_drop(k->store, c->kid)
				: store_signing_retire(k->store, c->kid);

	if (rc == 0)
		rc = audit_add_own(k, NULL, c->said,
		    slice_of(c->kid != NULL ? c->kid : ""), "administrator");
	return rc;
}

/* A rotation, unless one is under way already or there is no room. */
static int
rotate(struct keeper *k, uint32_t overlap, struct fault *why)
{
	const struct signer *s = k->signer;
	int64_t minute = k->now_ms() / MINUTE_MS;
	struct change c = { "signing-key.rotate", minute + overlap, NULL, 0 };
	size_t i;

	if (overlap > OVERLAP_MAX)
		return fault_set(why, P_INVALID_FIELD, NULL, "90 days at most");
	if (count_of(s, 1) == JWKS_KEYS_MAX)
		return fault_set(why, P_CONFLICT, NULL, "64 keys are published already");
	for (i = 0; i < s->n; i++)
		if (s->v[i].key != NULL && s->v[i].since > c.since)
			return fault_set(why, P_CONFLICT, NULL,
			    "another key begins later: retire it first");
	return batch_transact(k->batch, change, &c);
}

/* One of ours signs no more, another hub's is believed no more: its administrators have
 * said that it is lost, and originals in wrappers stop verifying. */
static int
retire(struct keeper *k, const char *kid, struct fault *why)
{
	const struct signer *s = k->signer;
	struct change c = { "signing-key.retire", 0, kid, 0 };
	size_t i, left = 0, found = 0;

	for (i = 0; i < s->n; i++) {
		if (strcmp(s->v[i].kid, kid) == 0) {
			found = 1;
			c.foreign = !is_own(s, i);
		} else if (s->v[i].key != NULL &&
			   s->v[i].since <= k->now_ms() / MINUTE_MS) {
			left++;
		}
	}
	if (!found)
		return fault_set(why, P_NOT_FOUND, NULL, "a kid of `signing-key list`");
	if (c.foreign) {
		c.said = "signing-key.drop";
		return batch_transact(k->batch, change, &c);
	}
	if (left == 0)
		return fault_set(why, P_CONFLICT, NULL,
		    "no other key can sign now: rotate without an overlap first");
	return batch_transact(k->batch, change, &c);
}

int
signer_admin(struct keeper *k, struct front *f, const struct link_frame *fr)
{
	struct fault why = { P_INTERNAL, "", NULL };
	char kid[JWK_KID + 1] = "";
	struct slice name;
	struct wire w;
	struct buf body;
	uint32_t overlap;
	uint8_t verb;
	int rc = 0;

	wire_init(&w, fr->p, fr->n);
	verb = wire_u8(&w);
	overlap = wire_u32(&w);
	name = wire_str(&w, JWK_KID);
	if (wire_end(&w) != 0 || verb > SIGNING_RETIRE ||
	    memchr(name.p, '\0', name.n) != NULL)
		return ERR_PROTO;
	memcpy(kid, name.p, name.n);
	if (verb == SIGNING_ROTATE)
		rc = rotate(k, overlap, &why);
	else if (verb == SIGNING_RETIRE)
		rc = retire(k, kid, &why);
	if (rc == 0 && verb != SIGNING_LIST) {
		log_info("keys for bulletins: %s",
		    verb == SIGNING_ROTATE ? "a new one" : "one is retired");
		rc = read_all(k);
	}
	buf_init(&body, JWKS_MAX);
	list(k->signer, k->now_ms() / MINUTE_MS, &body);
	answer(k, f, fr, rc != 0 ? rc : buf_err(&body), &why, &body);
	buf_done(&body);
	return 0;
}
