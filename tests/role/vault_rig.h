/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_RIG_H
#define VAULT_RIG_H

/*
 * A vault with its real store in a temporary folder, escrow certificates made on the
 * spot, and callers on its three sockets, all in one loop.  Every wait is bounded.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <event2/event.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "daemon/vault/registry.h"
#include "daemon/vault/vault.h"
#include "daemon/vault/vstore.h"
#include "lib/clock.h"
#include "lib/db.h"
#include "lib/loop.h"
#include "lib/mem.h"
#include "lib/sock.h"
#include "proto/msg_person.h"
#include "proto/msg_roster.h"
#include "proto/msg_escrow.h"
#include "proto/msg_issuer.h"
#include "proto/msg_seal.h"

enum { RIG_PEERS = 4, RIG_WAIT_MS = 120000, RIG_ROWS = 64 };
static const unsigned char RIG_PAIR[PAIR_LEN] = { 1, 2, 3, 4, 5, 6, 7, 8 };
enum rig_socket { RIG_FRONT, RIG_KEEPER, RIG_ADMIN, RIG_COURIER, RIG_SOCKETS };
static const char *const rig_sockets[] = { "front.sock", "keeper.sock", "admin.sock",
	"courier.sock" };

struct rig_peer {
	struct link *l;
	struct rig *rig;
	int down;
	uint64_t want;	  /* the call whose answer is waited for */
	unsigned answers; /* to any call */
	int got;
	uint16_t type, status;
	struct buf answer;
	uint64_t order[512]; /* calls in the order of their answers */
	uint16_t statuses[512];
	/* Pushes. */
	unsigned generations, begins, ends, progress;
	uint64_t generation;
	struct vault_dir_row rows[RIG_ROWS];
	unsigned row_count, duty_count;
	struct vault_dir_duty duty[RIG_ROWS];
	uint32_t end_count;
	struct vault_issuer keys[RIG_ROWS];
	unsigned key_count, key_ends, set_over;
	struct vault_public all;
	struct buf raw; /* bytes of all directory pushes */
};

struct rig {
	char dir[64];
	struct vault_options o;
	struct loop *loop;
	struct vault *v;
	int fd[RIG_SOCKETS];
	struct rig_peer peer[RIG_PEERS];
	unsigned peers;
	uint64_t next_call;
};

static inline void
rig_path(const struct rig *r, const char *name, char *out)
{
	(void)snprintf(out, PATH_MAX, "%s/%s", r->dir, name);
}

/* A self-signed certificate and its key, PEM, <name>.pem and <name>.key. */
static inline void
rig_escrow(const struct rig *r, const char *name, const char *curve)
{
	EVP_PKEY *key = EVP_EC_gen(curve);
	X509 *x = X509_new();
	X509_NAME *n = X509_NAME_new();
	char path[PATH_MAX], file[64];
	FILE *f;

	assert_non_null(key);
	(void)X509_set_version(x, 2);
	(void)ASN1_INTEGER_set(X509_get_serialNumber(x), name[0] * 1000L + 7);
	(void)X509_gmtime_adj(X509_getm_notBefore(x), -60);
	(void)X509_gmtime_adj(X509_getm_notAfter(x), 40L * 86400);
	(void)X509_NAME_add_entry_by_txt(
	    n, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0);
	(void)X509_set_subject_name(x, n);
	(void)X509_set_issuer_name(x, n);
	(void)X509_set_pubkey(x, key);
	assert_true(X509_sign(x, key, EVP_sha256()) > 0);
	(void)snprintf(file, sizeof file, "%s.pem", name);
	rig_path(r, file, path);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(PEM_write_X509(f, x), 1);
	(void)fclose(f);
	(void)snprintf(file, sizeof file, "%s.key", name);
	rig_path(r, file, path);
	f = fopen(path, "w");
	assert_int_equal(PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL), 1);
	(void)fclose(f);
	X509_NAME_free(n);
	X509_free(x);
	EVP_PKEY_free(key);
}

static inline void
rig_push(struct rig_peer *p, const struct link_frame *f)
{
	struct wire w;

	wire_init(&w, f->p, f->n);
	switch (f->type) {
	case VM_GENERATION:
		p->generations++;
		p->generation = wire_u64(&w);
		break;
	case VM_DIR_BEGIN:
		p->begins++;
		p->row_count = p->duty_count = 0;
		p->generation = wire_u64(&w);
		break;
	case VM_DIR_ROW:
		assert_true(p->row_count < RIG_ROWS);
		assert_int_equal(
		    vault_dir_row_get(f->p, f->n, &p->rows[p->row_count++]), 0);
		break;
	case VM_DIR_DUTY:
		assert_true(p->duty_count < RIG_ROWS);
		assert_int_equal(
		    vault_dir_duty_get(f->p, f->n, &p->duty[p->duty_count++]), 0);
		break;
	case VM_DIR_END:
		p->ends++;
		p->end_count = wire_u32(&w);
		break;
	case VM_ISSUER:
		if (p->set_over)
			p->key_count = 0;
		p->set_over = 0;
		assert_true(p->key_count < RIG_ROWS);
		assert_int_equal(
		    vault_issuer_get(f->p, f->n, &p->keys[p->key_count++]), 0);
		break;
	case VM_ISSUER_END:
		assert_int_equal(vault_public_get(f->p, f->n, &p->all), 0);
		if (p->set_over) /* a set of none */
			p->key_count = 0;
		p->set_over = 1;
		p->key_ends++;
		break;
	default:
		fail_msg("an unknown push %u", f->type);
	}
	buf_add(&p->raw, f->p, f->n);
}

static inline void
rig_on_frame(void *arg, struct link *l, const struct link_frame *f)
{
	struct rig_peer *p = arg;

	(void)l;
	if (f->call == 0) {
		rig_push(p, f);
		return;
	}
	if (f->type == VM_A_PROGRESS) {
		p->progress++;
		return;
	}
	if (p->answers < 512) {
		p->order[p->answers] = f->call;
		p->statuses[p->answers] = f->status;
	}
	p->answers++;
	if (f->call != p->want)
		return;
	p->got = 1;
	p->type = f->type;
	p->status = f->status;
	buf_reset(&p->answer);
	buf_add(&p->answer, f->p, f->n);
}

static inline void
rig_on_down(void *arg, struct link *l)
{
	struct rig_peer *p = arg;

	(void)l;
	p->down = 1;
}

static const struct link_ops rig_ops = { NULL, rig_on_frame, rig_on_down };

/* Turns the loop until *flag, at most RIG_WAIT_MS.  1 when it came. */
static inline int
rig_wait(struct rig *r, const int *flag)
{
	int64_t end = clock_mono_ms() + RIG_WAIT_MS;
	const struct timeval step = { 0, 5000 };

	while (!*flag && clock_mono_ms() < end) {
		(void)event_base_loopexit(loop_base(r->loop), &step);
		(void)event_base_loop(loop_base(r->loop), EVLOOP_ONCE);
	}
	return *flag;
}

static inline int
rig_wait_count(struct rig *r, const unsigned *count, unsigned want)
{
	int64_t end = clock_mono_ms() + RIG_WAIT_MS;
	int no = 0;

	while (*count < want && clock_mono_ms() < end) {
		const struct timeval step = { 0, 2000 };

		(void)event_base_loopexit(loop_base(r->loop), &step);
		(void)event_base_loop(loop_base(r->loop), EVLOOP_ONCE);
	}
	(void)no;
	return *count >= want;
}

/* A little while, for what must not come. */
static inline void
rig_turn(struct rig *r, int ms)
{
	int64_t end = clock_mono_ms() + ms;
	const struct timeval step = { 0, 2000 };

	while (clock_mono_ms() < end) {
		(void)event_base_loopexit(loop_base(r->loop), &step);
		(void)event_base_loop(loop_base(r->loop), EVLOOP_ONCE);
	}
}

static inline struct rig_peer *
rig_peer(struct rig *r, enum rig_socket which)
{
	const struct link_limits lim = { VAULT_FRAME_MAX, 16 * 1024 * 1024 };
	struct rig_peer *p;
	char path[PATH_MAX];
	int fd;

	assert_true(r->peers < RIG_PEERS);
	p = &r->peer[r->peers++];
	memset(p, 0, sizeof *p);
	p->rig = r;
	buf_init(&p->answer, VAULT_PAGE * 2);
	buf_init(&p->raw, 1 << 20);
	rig_path(r, rig_sockets[which], path);
	fd = sock_connect_unix(path);
	assert_true(fd >= 0);
	p->l = link_adopt(r->loop, fd, &rig_ops, p, lim);
	assert_non_null(p->l);
	return p;
}

static inline void
rig_hang_up(struct rig_peer *p)
{
	link_free(p->l);
	p->l = NULL;
}

/* Opens the vault on what lies in the folder. */
static inline void
rig_open(struct rig *r)
{
	char path[PATH_MAX];
	struct buf why;
	int i, rc;

	buf_init(&why, 4096);
	r->loop = loop_new();
	assert_non_null(r->loop);
	rc = vault_new(&r->v, r->loop, &r->o, &why);
	if (rc != 0)
		print_message("%s\n", buf_cstr(&why));
	assert_int_equal(rc, 0);
	buf_done(&why);
	for (i = 0; i < RIG_SOCKETS; i++) {
		rig_path(r, rig_sockets[i], path);
		r->fd[i] = sock_listen_unix(path, 0600);
		assert_true(r->fd[i] >= 0);
	}
	assert_int_equal(vault_serve(r->v, r->fd[0], r->fd[1], r->fd[2], r->fd[3]), 0);
}

static inline void
rig_close(struct rig *r)
{
	unsigned i;

	for (i = 0; i < r->peers; i++) {
		link_free(r->peer[i].l);
		buf_done(&r->peer[i].answer);
		buf_done(&r->peer[i].raw);
	}
	r->peers = 0;
	vault_free(r->v);
	loop_free(r->loop);
	for (i = 0; i < RIG_SOCKETS; i++)
		(void)close(r->fd[i]);
}

static inline int
rig_setup(void **state)
{
	static struct rig r;

	memset(&r, 0, sizeof r);
	(void)snprintf(r.dir, sizeof r.dir, "/tmp/vault_rig.XXXXXX");
	assert_non_null(mkdtemp(r.dir));
	rig_escrow(&r, "escrow-a", "P-256");
	rig_escrow(&r, "escrow-b", "P-256");
	rig_path(&r, "vault.db", r.o.db);
	rig_path(&r, "escrow-a.pem", r.o.escrow_a);
	rig_path(&r, "escrow-b.pem", r.o.escrow_b);
	r.o.envelope_days = 180;
	r.o.auto_releases = 3;
	r.o.epoch_ms = 7 * 86400000LL;
	r.o.batch = 4;
	r.o.keys_ahead = 1;
	(void)snprintf(r.o.log_level, sizeof r.o.log_level, "error");
	rig_open(&r);
	*state = &r;
	return 0;
}

static inline int
rig_teardown(void **state)
{
	struct rig *r = *state;
	char path[PATH_MAX];
	struct dirent *e;
	DIR *d;

	(void)db_fail_at(0, 0);
	rig_close(r);
	d = opendir(r->dir);
	while (d != NULL && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		rig_path(r, e->d_name, path);
		(void)unlink(path);
	}
	if (d != NULL)
		(void)closedir(d);
	return rmdir(r->dir);
}

/* Sends a call without waiting; its id. */
static inline uint64_t
rig_send(struct rig_peer *p, uint16_t type, const void *q, size_t n)
{
	uint64_t call = ++p->rig->next_call + 1000;

	assert_int_equal(link_send(p->l, type, 0, call, q, n), 0);
	return call;
}

/* A keeper of this epoch asks for the directory. */
static inline void
rig_directory(struct rig_peer *keeper, uint32_t epoch)
{
	struct buf b;

	buf_init(&b, 16);
	wire_put_u32(&b, epoch);
	(void)rig_send(keeper, VM_DIRECTORY, b.p, b.n);
	buf_done(&b);
}

/* Sends a call and waits for its answer; the status. */
static inline unsigned
rig_call(struct rig_peer *p, uint16_t type, const void *q, size_t n)
{
	p->got = 0;
	p->want = rig_send(p, type, q, n);
	assert_true(rig_wait(p->rig, &p->got));
	assert_int_equal(p->type, type);
	return p->status;
}

/* Sends what must not be said, and expects to be cut off without an answer. */
static inline void
rig_refused(struct rig *r, enum rig_socket which, uint16_t type, const void *q, size_t n)
{
	struct rig_peer *p = rig_peer(r, which);

	(void)rig_send(p, type, q, n);
	(void)!link_send(
	    p->l, VM_HELLO, 0, 99, NULL, 0); /* must not be answered any more */
	assert_true(rig_wait(r, &p->down));
	assert_int_equal(p->answers, 0);
	assert_int_equal(p->begins, 0);
	link_free(p->l);
	buf_done(&p->answer);
	buf_done(&p->raw);
	r->peers--;
}

/* A key that stands for the n-th certificate. */
static inline void
rig_spki(unsigned n, unsigned char out[32])
{
	unsigned i;

	for (i = 0; i < 32; i++)
		out[i] = (unsigned char)(n * 37 + i * 11 + (i == 0 ? n : 0));
}

static inline int64_t
rig_end(unsigned n)
{
	return clock_wall_ms() / 1000 / 86400 * 86400 + 365 * 86400 + n;
}

static inline void
rig_member(const char *id, unsigned slot, struct vault_member *ret)
{
	memset(ret, 0, sizeof *ret);
	(void)snprintf(ret->id, sizeof ret->id, "%s", id);
	slots_set(&ret->op, slot);
	ret->roles = ROLE_OPERATOR;
	ret->clearance = TLP_AMBER_STRICT;
	/* routes stays 0: the vault tells them from the contacts that it holds */
	(void)snprintf(ret->region, sizeof ret->region, "kanto");
	(void)snprintf(ret->class_, sizeof ret->class_, "hospital");
	(void)snprintf(ret->size, sizeof ret->size, "m");
	subscription_default(&ret->wants);
}

static inline unsigned
rig_put_member(struct rig_peer *admin, const struct vault_member *m)
{
	struct buf b;
	unsigned status;

	buf_init(&b, VAULT_PAGE);
	vault_member_put(&b, m);
	status = rig_call(admin, VM_A_MEMBER, b.p, b.n);
	buf_done(&b);
	return status;
}

static inline unsigned
rig_put_term(struct rig_peer *admin, const char *id, unsigned kind, const char *text)
{
	struct vault_term t = { .kind = (uint8_t)kind, .n = (uint16_t)strlen(text) };
	struct buf b;
	unsigned status;

	(void)snprintf(t.id, sizeof t.id, "%s", id);
	memcpy(t.text, text, t.n);
	buf_init(&b, VAULT_PAGE);
	vault_term_put(&b, &t);
	status = rig_call(admin, VM_A_TERM, b.p, b.n);
	buf_done(&b);
	return status;
}

static inline unsigned
rig_put_person_cert(struct rig_peer *admin, const char *id, const char *person,
    unsigned n, int64_t not_after)
{
	char name[VAULT_ID_MAX] = "", who[VAULT_ID_MAX] = "";
	unsigned char spki[32];
	struct buf b;
	unsigned status;

	(void)snprintf(name, sizeof name, "%s", id);
	(void)snprintf(who, sizeof who, "%s", person);
	rig_spki(n, spki);
	buf_init(&b, VAULT_PAGE);
	wire_put_bytes(&b, name, sizeof name);
	wire_put_bytes(&b, who, sizeof who);
	wire_put_bytes(&b, spki, sizeof spki);
	wire_put_i64(&b, not_after);
	status = rig_call(admin, VM_A_CERT, b.p, b.n);
	buf_done(&b);
	return status;
}

static inline unsigned
rig_put_cert(struct rig_peer *admin, const char *id, unsigned n, int64_t not_after)
{
	return rig_put_person_cert(admin, id, "", n, not_after);
}

static inline unsigned
rig_disable(struct rig_peer *admin, const char *id, unsigned disabled)
{
	char ask[VAULT_ID_MAX + 1] = "";

	(void)snprintf(ask, VAULT_ID_MAX, "%s", id);
	ask[VAULT_ID_MAX] = (char)disabled;
	return rig_call(admin, VM_A_DISABLE, ask, sizeof ask);
}

static inline unsigned
rig_put_person(
    struct rig_peer *admin, const char *id, const char *person, unsigned duties)
{
	struct vault_person m = { .duties = (uint8_t)duties, .langs = LANG_JA };
	unsigned status;
	struct buf b;

	(void)snprintf(m.id, sizeof m.id, "%s", id);
	(void)snprintf(m.person, sizeof m.person, "%s", person);
	buf_init(&b, VAULT_PAGE);
	vault_person_put(&b, &m);
	status = rig_call(admin, VM_A_PERSON, b.p, b.n);
	buf_done(&b);
	return status;
}

static inline unsigned
rig_put_shift(struct rig_peer *admin, const char *id, const char *person, int64_t from,
    int64_t to, int order)
{
	struct vault_shift m = { .from = from, .to = to, .order = (uint8_t)order };
	unsigned status;
	struct buf b;

	(void)snprintf(m.id, sizeof m.id, "%s", id);
	(void)snprintf(m.person, sizeof m.person, "%s", person);
	buf_init(&b, VAULT_PAGE);
	vault_shift_put(&b, &m);
	assert_int_equal(b.n, VAULT_SHIFT_LEN);
	status = rig_call(admin, VM_A_SHIFT, b.p, b.n);
	buf_done(&b);
	return status;
}

static inline unsigned
rig_commit(struct rig_peer *admin)
{
	return rig_call(admin, VM_A_COMMIT, NULL, 0);
}

/* Member `id` with the n-th certificate, registered. */
static inline void
rig_enrol(struct rig_peer *admin, const char *id, unsigned n)
{
	struct vault_member m;

	rig_member(id, n, &m);
	assert_int_equal(rig_put_member(admin, &m), VS_OK);
	assert_int_equal(rig_put_cert(admin, id, n, rig_end(n)), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
}

static inline void
rig_admit(struct rig_peer *front, unsigned n, int64_t not_after, struct vault_admit *ret)
{
	unsigned char ask[40];
	struct buf b;

	buf_init(&b, 64);
	rig_spki(n, ask);
	wire_put_bytes(&b, ask, 32);
	wire_put_i64(&b, not_after);
	(void)rig_call(front, VM_ADMIT, b.p, b.n);
	assert_int_equal(vault_admit_get(front->answer.p, front->answer.n, ret), 0);
	assert_int_equal(ret->status, front->status);
	buf_done(&b);
}

static inline void
rig_seal_ask(
    unsigned n, unsigned report, unsigned wants_auto, unsigned char ask[VAULT_ORDER_LEN])
{
	rig_spki(n, ask);
	memset(ask + 32, 0, VAULT_ORDER_LEN - 32);
	memcpy(ask + 32, &report, sizeof report);
	ask[48] = (unsigned char)wants_auto;
}

static inline void
rig_seal(struct rig_peer *front, unsigned n, unsigned report, unsigned wants_auto,
    struct vault_seal *ret)
{
	unsigned char ask[VAULT_ORDER_LEN];

	rig_seal_ask(n, report, wants_auto, ask);
	(void)rig_call(front, VM_SEAL, ask, sizeof ask);
	assert_int_equal(vault_seal_get(front->answer.p, front->answer.n, ret), 0);
	assert_int_equal(ret->status, front->status);
}

#endif
