/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/audit.h"

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "daemon/keeper/batch.h"
#include "daemon/keeper/store_audit.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/mem.h"

enum { TICK_MS = 5000 };

struct audit {
	struct keeper *k;
	struct loop_timer *tick;
	int touched; /* this transaction has added rows */
	uint64_t added;
};

static void on_tick(void *arg);

struct audit *
audit_new(struct keeper *k)
{
	struct audit *a = mem_zalloc(sizeof *a);

	if (a == NULL)
		return NULL;
	a->k = k;
	a->tick = loop_timer_new(k->loop, on_tick, a);
	if (a->tick == NULL) {
		audit_free(a);
		return NULL;
	}
	loop_timer_set(a->tick, TICK_MS, 1);
	return a;
}

void
audit_free(struct audit *a)
{
	if (a == NULL)
		return;
	loop_timer_free(a->tick);
	mem_free(a);
}

static int
is_id(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (memchr("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXY"
			   "Z._-",
			s.p[i], 65) == NULL)
			return 0;
	return s.n <= AUDIT_REF_MAX;
}

static int
add(struct keeper *k, struct audit_row *r, const char *action, struct slice ref,
    const char *detail)
{
	struct audit *a = k->audit;

	r->minute = k->now_ms() / 60000;
	(void)snprintf(r->action, sizeof r->action, "%s", action);
	if (ref.n > 0 && is_id(ref))
		memcpy(r->ref, ref.p, ref.n);
	(void)snprintf(r->detail, sizeof r->detail, "%s", detail != NULL ? detail : "");
	a->touched = 1;
	a->added++;
	return store_audit_add(k->store, r);
}

int
audit_add(struct keeper *k, const struct rights *rights, const char *action,
    struct slice ref, const char *detail)
{
	struct audit_row r;

	/* Which bulletin a member asks for may be its own. */
	if ((rights->roles & (ROLE_SECRETARIAT | ROLE_CENTRE | ROLE_MINISTRY)) == 0)
		return 0;
	memset(&r, 0, sizeof r);
	memcpy(r.person, rights->person, sizeof r.person);
	memcpy(r.receiver, rights->receiver, sizeof r.receiver);
	return add(k, &r, action, ref, detail);
}

int
audit_add_own(struct keeper *k, const uint8_t *receiver, const char *action,
    struct slice ref, const char *detail)
{
	struct audit_row r;

	memset(&r, 0, sizeof r);
	if (receiver != NULL)
		memcpy(r.receiver, receiver, sizeof r.receiver);
	return add(k, &r, action, ref, detail);
}

uint64_t
audit_added(const struct keeper *k)
{
	return k->audit->added;
}

void
audit_begin(struct keeper *k)
{
	k->audit->touched = 0;
}

/* A key of its own, in this transaction: what signs bulletins is another's affair. */
static int
key_make(struct keeper *k, EVP_PKEY **ret)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	unsigned char *pub = NULL, *priv = NULL;
	int n = 0, m = 0, rc = ERR_CRYPTO;

	if (key != NULL) {
		n = i2d_PUBKEY(key, &pub);
		m = i2d_PrivateKey(key, &priv);
	}
	if (n > 0 && m > 0 && n <= AUDIT_KEY_MAX && m <= AUDIT_KEY_MAX)
		rc = store_audit_key_add(k->store, k->now_ms() / 60000,
		    (struct slice){ (const char *)pub, (size_t)n },
		    (struct slice){ (const char *)priv, (size_t)m });
	if (m > 0)
		OPENSSL_clear_free(priv, (size_t)m);
	OPENSSL_free(pub);
	if (rc == 0)
		*ret = key;
	else
		EVP_PKEY_free(key);
	return rc;
}

static int
key_get(struct keeper *k, EVP_PKEY **ret)
{
	const unsigned char *p;
	struct buf der;
	int rc;

	buf_init(&der, AUDIT_KEY_MAX);
	rc = store_audit_private(k->store, &der);
	if (rc == 0) {
		p = (const unsigned char *)der.p;
		*ret = d2i_PrivateKey(EVP_PKEY_EC, NULL, &p, (long)der.n);
		rc = *ret != NULL ? 0 : ERR_CORRUPT;
	} else if (rc == ERR_NOTFOUND) { /* the first row, or a restored copy */
		rc = key_make(k, ret);
	}
	buf_wipe(&der);
	return rc;
}

/* Signs the last row when that is due, or `now`; 1: it did. */
static int
sign_last(struct keeper *k, int now)
{
	struct audit_point last = { 0 }, p = { 0 };
	EVP_PKEY *key = NULL;
	int rc;

	rc = store_audit_last(k->store, &p.number, p.sum);
	if (rc == 0)
		rc = store_audit_point_last(k->store, &last);
	if (rc == ERR_NOTFOUND)
		rc = 0;
	p.minute = k->now_ms() / 60000;
	if (rc != 0 || p.number == last.number)
		return rc;
	if (!now && p.number - last.number < AUDIT_POINT_ROWS &&
	    p.minute - last.minute < AUDIT_POINT_MINUTES)
		return 0;
	rc = key_get(k, &key);
	if (rc == 0)
		rc = audit_point_sign(&p, key);
	if (rc == 0)
		rc = store_audit_point_add(k->store, &p);
	EVP_PKEY_free(key);
	return rc == 0 ? 1 : rc;
}

int
audit_end(struct keeper *k)
{
	int rc = k->audit->touched ? sign_last(k, 0) : 0;

	return rc < 0 ? rc : 0;
}

/* A transaction for the log alone: a signature that is due. */
static int
settle(struct keeper *k, void *arg)
{
	int rc = sign_last(k, *(int *)arg);

	if (rc < 0)
		return rc;
	return rc == 1 ? 0 : ERR_NOTFOUND; /* nothing to commit */
}

static int
settle_now(struct keeper *k, int sign)
{
	int rc = batch_transact(k->batch, settle, &sign);

	return rc == ERR_NOTFOUND ? 0 : rc;
}

static void
on_tick(void *arg)
{
	struct audit *a = arg;

	if (!a->k->failing && !a->k->write_stop && !a->k->stopping)
		(void)!settle_now(a->k, 0);
}

void
audit_drain(struct keeper *k)
{
	if (!k->failing && !k->write_stop)
		(void)!settle_now(k, 1);
}

int
audit_sign_now(struct keeper *k)
{
	return settle_now(k, 1);
}
