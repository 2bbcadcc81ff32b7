/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/issuer.h"

#include <string.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "daemon/vault/keysmith.h"
#include "daemon/vault/registry.h"
#include "daemon/vault/retain.h"
#include "daemon/vault/vault.h"
#include "daemon/vault/vstore.h"
#include "daemon/vault/vstore_tokens.h"
#include "lib/clock.h"
#include "lib/db.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/mem.h"

enum {
	TICK_MS = 1000,	      /* the epoch is looked at, changes are told */
	RETRY_MS = 60 * 1000, /* after a key could not be stored */
	SWEEP = 250,	      /* rows of dead keys deleted in one transaction */
};

struct issuer {
	struct vault *v;
	struct vstore_tokens *store;
	struct keysmith *smith; /* NULL: nobody makes keys */
	struct loop_timer *tick;
	struct loop_task *sweep;
	struct vstore_tokens_meta meta; /* as it stands on disk */
	struct vstore_tokens_meta want; /* as it shall be; differs when that failed */
	int want_all;			/* and every key shall die on the way there */
	struct issuer_key *keys;	/* by epoch and group */
	size_t count, room;
	int64_t not_before; /* clock_mono_ms(); no key is asked for earlier */
	int untold;	    /* keepers know less than we do */
	int unsettled;	    /* `want` could not be written */
	int jump_said;
};

static uint32_t
wall_epoch(const struct issuer *s)
{
	return (uint32_t)(clock_wall_ms() / 1000 / s->want.seconds);
}

static void
drop_private(struct issuer_key *k)
{
	EVP_PKEY_free(k->priv);
	k->priv = NULL;
	k->has_private = 0;
}

static struct issuer_key *
find(const struct issuer *s, unsigned group, uint32_t epoch)
{
	size_t i;

	for (i = 0; i < s->count; i++)
		if (s->keys[i].group == group && s->keys[i].epoch == epoch)
			return &s->keys[i];
	return NULL;
}

/* Room for one more. */
static int
reserve(struct issuer *s)
{
	size_t room = s->room * 2 + 16;
	struct issuer_key *grown;

	if (s->count < s->room)
		return 0;
	grown = mem_realloc(s->keys, room * sizeof *grown);
	if (grown == NULL)
		return ERR_NOMEM;
	s->keys = grown;
	s->room = room;
	return 0;
}

/* Into the room that reserve() has made, in the order of epoch and group. */
static void
insert(struct issuer *s, const struct vstore_key *row, EVP_PKEY *priv)
{
	struct issuer_key k;
	size_t i;

	memset(&k, 0, sizeof k);
	k.group = row->group;
	k.epoch = row->epoch;
	k.drawn = row->drawn;
	k.has_private = row->has_private;
	k.priv = priv;
	memcpy(k.id, row->id, sizeof k.id);
	memcpy(k.n, row->n, sizeof k.n);
	for (i = s->count; i > 0; i--) {
		if (s->keys[i - 1].epoch < k.epoch ||
		    (s->keys[i - 1].epoch == k.epoch && s->keys[i - 1].group < k.group))
			break;
		s->keys[i] = s->keys[i - 1];
	}
	s->keys[i] = k;
	s->count++;
}

static int
load_keys(struct issuer *s)
{
	struct vstore_key row;
	int rc, e = 0;
	size_t i;

	while ((rc = vstore_tokens_next_key(s->store, &row)) == 1) {
		if (e == 0)
			e = reserve(s);
		if (e == 0) /* else to the end, so that the next walk starts afresh */
			insert(s, &row, NULL);
	}
	rc = rc != 0 ? rc : e;
	for (i = 0; rc == 0 && i < s->count; i++)
		rc = drawers_load(&s->keys[i].who, s->store, s->keys[i].id);
	return rc;
}

/* The private half of a key whose epoch has come. */
static int
load_private(struct issuer *s, struct issuer_key *k)
{
	const unsigned char *p;
	struct buf der;
	int rc;

	buf_init(&der, KEYSMITH_DER_MAX);
	rc = vstore_tokens_private(s->store, k->id, &der);
	if (rc == 0) {
		p = (const unsigned char *)der.p;
		k->priv = d2i_AutoPrivateKey(NULL, &p, (long)der.n);
		rc = k->priv != NULL ? 0 : ERR_CORRUPT;
	}
	buf_wipe(&der);
	return rc;
}

/* What becomes of a key under this state of things. */
enum fate { STAYS, DISARMED, DIES };
static enum fate
fate_of(const struct issuer_key *k, const struct vstore_tokens_meta *to, int all)
{
	if (all || k->group >= to->groups.n || k->epoch + 1 < to->epoch)
		return DIES;
	if (k->epoch < to->epoch)
		return k->has_private ? DISARMED : STAYS;
	return k->has_private ? STAYS : DIES;
}

static int
store_fates(struct issuer *s, const struct vstore_tokens_meta *to, int all)
{
	enum fate fate;
	size_t i;
	int rc = vstore_tokens_meta_put(s->store, to);

	for (i = 0; rc == 0 && i < s->count; i++) {
		fate = fate_of(&s->keys[i], to, all);
		if (fate == DIES)
			rc = vstore_tokens_key_kill(s->store, s->keys[i].id);
		else if (fate == DISARMED)
			rc = vstore_tokens_key_disarm(s->store, s->keys[i].id);
	}
	return rc;
}

static void
recount(struct issuer *s)
{
	size_t i;

	for (i = 0; i < s->count; i++)
		drawers_recount(&s->keys[i].who, s->v->reg);
}

/* The same in memory, when it is on disk. */
static int
keep_fates(struct issuer *s, const struct vstore_tokens_meta *to, int all)
{
	size_t i, kept = 0, untimely = 0;
	struct issuer_key *k;
	enum fate fate;
	int rc = 0;

	for (i = 0; i < s->count; i++) {
		k = &s->keys[i];
		fate = fate_of(k, to, all);
		if (fate != STAYS)
			drop_private(k);
		untimely += fate == DIES && k->epoch >= to->epoch;
		if (fate != DIES)
			s->keys[kept++] = *k;
		else
			drawers_done(&k->who);
	}
	s->count = kept;
	s->meta = *to;
	for (i = 0; rc == 0 && i < kept; i++)
		if (s->keys[i].epoch == to->epoch && s->keys[i].priv == NULL)
			rc = load_private(s, &s->keys[i]);
	if (untimely > 0)
		log_warn(
		    "%zu issuer keys of this epoch or later ones were destroyed; the "
		    "new ones need the council's signature",
		    untimely);
	return rc;
}

/* The first group and epoch that lack a key, this epoch's before all others. */
static int
next_missing(const struct issuer *s, struct vstore_key *ret)
{
	unsigned group;
	long long i;

	for (i = 0; i <= s->v->opt.keys_ahead; i++)
		for (group = 0; group < s->meta.groups.n; group++) {
			ret->epoch = s->meta.epoch + (uint32_t)i;
			ret->group = (uint8_t)group;
			if (find(s, group, ret->epoch) == NULL)
				return 1;
		}
	return 0;
}

static void
ask_for_more(struct issuer *s)
{
	struct vstore_key k;

	if (s->smith != NULL && clock_mono_ms() >= s->not_before && next_missing(s, &k))
		keysmith_ask(s->smith, k.epoch != s->meta.epoch);
}

/* Is there anything to be written? */
static int
differs(const struct issuer *s)
{
	size_t i;

	for (i = 0; i < s->count; i++)
		if (fate_of(&s->keys[i], &s->want, s->want_all) != STAYS)
			return 1;
	return s->unsettled || memcmp(&s->want, &s->meta, sizeof s->want) != 0;
}

/* Into the state that is wanted: on disk first, then here. */
static int
settle(struct issuer *s)
{
	struct db *db = vstore_db(s->v->store);
	int rc = 0;

	if (differs(s)) {
		s->unsettled = 1;
		rc = s->v->writes_off ? ERR_CORRUPT : db_begin(db);
		if (rc == 0)
			rc = store_fates(s, &s->want, s->want_all);
		if (rc == 0)
			rc = db_commit(db);
		if (rc != 0) {
			db_rollback(db);
			return rc;
		}
	}
	rc = keep_fates(s, &s->want, s->want_all);
	recount(s);
	s->unsettled = s->want_all = 0;
	s->untold = 1;
	loop_task_poke(s->sweep);
	ask_for_more(s);
	return rc;
}

/* The same for a running vault. */
static int
resettle(struct issuer *s)
{
	int rc = settle(s);

	if (rc != 0)
		(void)vault_write_failed(s->v, rc);
	else
		retain_after_write(s->v->retain); /* the log still holds what went */
	return rc;
}

/* A clock that is suddenly further on than all that was made ahead is not believed while
 * we run: it would destroy every key. */
static int
has_jumped(struct issuer *s, uint32_t now)
{
	if (now <= s->meta.epoch + s->v->opt.keys_ahead + 1) {
		s->jump_said = 0;
		return 0;
	}
	if (!s->jump_said)
		log_error(
		    "the clock has jumped by more than %lld epochs of tokens: is it "
		    "right?  The keys stay until the vault is started again",
		    s->v->opt.keys_ahead + 1);
	s->jump_said = 1;
	return 1;
}

static void
on_tick(void *arg)
{
	struct issuer *s = arg;
	uint32_t now = wall_epoch(s);

	if (s->v->failed || s->v->writes_off)
		return;
	if (now > s->want.epoch && !has_jumped(s, now))
		s->want.epoch = now;
	if (s->unsettled || s->want.epoch != s->meta.epoch)
		(void)resettle(s);
	ask_for_more(s);
	if (s->untold)
		in_keeper_push_issuers(s->v);
	s->untold = 0;
}

/* Rows of dead keys, a few in each turn of the loop. */
static void
on_sweep(void *arg)
{
	struct issuer *s = arg;
	struct db *db = vstore_db(s->v->store);
	int rc, more;

	if (s->v->failed || s->v->writes_off)
		return;
	rc = db_begin(db);
	more = rc == 0 ? vstore_tokens_sweep(s->store, SWEEP) : rc;
	if (more == 1)
		rc = db_commit(db);
	else if (more < 0)
		rc = more;
	if (more != 1 || rc != 0)
		db_rollback(db);
	if (rc != 0) {
		(void)vault_write_failed(s->v, rc);
	} else if (more == 1) {
		retain_after_write(s->v->retain);
		loop_task_poke(s->sweep);
	}
}

static int
start(struct issuer *s)
{
	uint32_t now;
	int rc = vstore_tokens_meta(s->store, &s->meta);

	if (rc == ERR_NOTFOUND) {
		memset(s->meta.groups.of, GROUP_NONE, sizeof s->meta.groups.of);
		rc = 0;
	}
	if (rc == 0)
		rc = load_keys(s);
	if (rc != 0)
		return rc;
	s->want = s->meta;
	s->want.seconds = (uint32_t)(s->v->opt.epoch_ms / 1000);
	now = wall_epoch(s);
	/* Numbers of epochs of another length mean nothing. */
	s->want_all = s->want.seconds != s->meta.seconds;
	if (s->want_all || now > s->want.epoch)
		s->want.epoch = now;
	else if (now + 1 < s->want.epoch)
		log_warn("tokens: the clock is behind the newest epoch by %u; no new one "
			 "begins until it has caught up",
		    s->want.epoch - now);
	rc = settle(s);
	/* A full disk keeps nobody from being admitted: the next tick tries again. */
	return rc == ERR_FULL ? 0 : rc;
}

int
issuer_new(struct issuer **ret, struct vault *v)
{
	struct issuer *s = mem_zalloc(sizeof *s);
	int rc;

	if (s == NULL)
		return ERR_NOMEM;
	s->v = v;
	s->tick = loop_timer_new(v->loop, on_tick, s);
	s->sweep = loop_task_new(v->loop, on_sweep, s);
	rc = s->tick == NULL || s->sweep == NULL
		 ? ERR_NOMEM
		 : vstore_tokens_new(&s->store, vstore_db(v->store));
	if (rc == 0)
		rc = start(s);
	if (rc != 0) {
		issuer_free(s);
		return rc;
	}
	loop_timer_set(s->tick, TICK_MS, 1);
	*ret = s;
	return 0;
}

void
issuer_free(struct issuer *s)
{
	size_t i;

	if (s == NULL)
		return;
	keysmith_free(s->smith);
	loop_timer_free(s->tick);
	loop_task_free(s->sweep);
	for (i = 0; i < s->count; i++) {
		drop_private(&s->keys[i]);
		drawers_done(&s->keys[i].who);
	}
	mem_free(s->keys);
	vstore_tokens_free(s->store);
	mem_free(s);
}

static int
store_key(
    struct issuer *s, const struct vstore_key *k, const unsigned char *der, size_t n)
{
	struct db *db = vstore_db(s->v->store);
	int rc = s->v->writes_off ? ERR_CORRUPT : db_begin(db);

	if (rc == 0)
		rc = vstore_tokens_key_add(s->store, k, der, n);
	if (rc == 0)
		rc = db_commit(db);
	if (rc != 0)
		db_rollback(db);
	return rc;
}

/* A fresh key takes the place that is next. */
static int
take_key(struct issuer *s, EVP_PKEY *key, const unsigned char *der, size_t n)
{
	struct vstore_key row;
	int rc;

	memset(&row, 0, sizeof row);
	row.has_private = 1;
	if (!next_missing(s, &row))
		return 0; /* groups went meanwhile */
	rc = blind_rsa_modulus(key, row.n);
	if (rc == 0)
		rc = token_key_id(row.n, row.id);
	if (rc == 0)
		rc = reserve(s);
	if (rc != 0)
		return rc;
	rc = store_key(s, &row, der, n);
	if (rc != 0) {
		(void)vault_write_failed(s->v, rc);
		return rc;
	}
	if (row.epoch != s->meta.epoch || EVP_PKEY_up_ref(key) != 1)
		key = NULL; /* read from the store when its epoch comes */
	insert(s, &row, key);
	s->untold = 1;
	retain_after_write(s->v->retain);
	return 0;
}

static void
on_key(void *arg, const unsigned char *der, size_t n)
{
	struct issuer *s = arg;
	const unsigned char *p = der;
	EVP_PKEY *key;
	int rc;

	if (s->v->failed || s->v->writes_off)
		return;
	key = d2i_AutoPrivateKey(NULL, &p, (long)n);
	rc = key != NULL ? take_key(s, key, der, n) : ERR_CRYPTO;
	EVP_PKEY_free(key);
	if (rc != 0) {
		log_error("an issuer key cannot be kept: %s", err_str(rc));
		s->not_before = clock_mono_ms() + RETRY_MS;
	}
	ask_for_more(s);
}

int
issuer_keysmith(struct issuer *s, int fd, pid_t pid)
{
	int rc = keysmith_new(&s->smith, s->v->loop, fd, pid, on_key, s);

	if (rc == 0)
		ask_for_more(s);
	return rc;
}

void
issuer_registry_changed(struct issuer *s)
{
	struct vstore_tokens_meta now;
	int rc = vstore_tokens_meta(s->store, &now);

	if (rc != 0) {
		(void)vault_write_failed(s->v, rc);
	} else if (memcmp(&now.groups, &s->meta.groups, sizeof now.groups) != 0) {
		s->want.groups = now.groups;
		(void)resettle(s);
	}
	recount(s);
}

int
issuer_keeper(struct issuer *s, uint32_t keeper_epoch)
{
	if (s->meta.keeper == keeper_epoch)
		return 0;
	if (s->meta.keeper != 0) {
		log_warn("the keeper is another one than before, or was restored: which "
			 "tokens are spent is not known any more");
		s->want_all = 1;
	}
	s->want.keeper = keeper_epoch;
	return s->v->failed ? ERR_DOWN : resettle(s);
}

struct issuer_key *
issuer_current(struct issuer *s, unsigned group, uint32_t epoch)
{
	struct issuer_key *k = epoch == s->meta.epoch ? find(s, group, epoch) : NULL;

	return k != NULL && k->priv != NULL ? k : NULL;
}

int
issuer_may(const struct issuer *s, const struct reg_member *m, unsigned group)
{
	unsigned i;

	for (i = 0; i < SLOTS; i++)
		if (s->meta.groups.of[i] == group &&
		    rights_reports_in(&m->m.op, &m->m.aff, m->m.roles, i))
			return 1;
	return 0;
}

void
issuer_drawn(struct issuer *s, struct issuer_key *k, const char *member)
{
	k->drawn++;
	drawers_add(&k->who, s->v->reg, member);
	s->untold = 1;
}

struct vstore_tokens *
issuer_store(struct issuer *s)
{
	return s->store;
}

int
issuer_at(const struct issuer *s, size_t i, struct vault_issuer *ret)
{
	const struct issuer_key *k = &s->keys[i];

	if (i >= s->count)
		return 0;
	ret->group = k->group;
	ret->epoch = k->epoch;
	ret->state = k->epoch > s->meta.epoch	 ? ISSUER_COMING
		     : k->epoch == s->meta.epoch ? ISSUER_CURRENT
						 : ISSUER_GRACE;
	ret->drawn = k->drawn;
	memcpy(ret->n, k->n, sizeof ret->n);
	drawers_tell(&k->who, &s->meta.groups, k->group, ret);
	return 1;
}

const unsigned char *
issuer_id_at(const struct issuer *s, size_t i)
{
	return s->keys[i].id;
}

void
issuer_public(const struct issuer *s, struct vault_public *ret)
{
	memset(ret, 0, sizeof *ret);
	ret->epoch = s->meta.epoch;
	ret->epoch_seconds = s->meta.seconds;
	ret->batch = (uint16_t)s->v->opt.batch;
	ret->envelope_days = (uint16_t)s->v->opt.envelope_days;
	ret->exports = s->v->exports;
	memcpy(ret->exports_head, s->v->exports_head, sizeof ret->exports_head);
}
