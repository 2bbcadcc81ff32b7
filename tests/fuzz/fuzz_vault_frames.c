/* SPDX-License-Identifier: Apache-2.0 */
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/event.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "daemon/vault/issue.h"
#include "daemon/vault/issuer.h"
#include "daemon/vault/registry.h"
#include "daemon/vault/seal.h"
#include "daemon/vault/vault.h"
#include "daemon/vault/vstore.h"
#include "lib/link.h"
#include "lib/log.h"
#include "lib/loop.h"

/*
 * Frames into a whole vault, over its four sockets.  Input: records of {socket u8, type
 * u16, n u16, n bytes}; a type beyond the known ones is folded onto them three times of
 * four.  Nothing may crash; an answer on vault-front has one length; and memory and store
 * agree at the end.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { SOCKETS = 4, FRAMES = 64, TURNS = 12 };

static struct vault *v;
static struct loop *loop;
static char dir[64];

static void
must(int ok)
{
	if (!ok)
		abort();
}

static void
write_cert(const char *path)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	FILE *f = fopen(path, "we");

	must(key != NULL && x != NULL && f != NULL);
	(void)X509_gmtime_adj(X509_getm_notBefore(x), 0);
	(void)X509_gmtime_adj(X509_getm_notAfter(x), 365L * 86400);
	(void)X509_set_pubkey(x, key);
	must(X509_sign(x, key, EVP_sha256()) > 0 && PEM_write_X509(f, x) == 1);
	(void)fclose(f);
	X509_free(x);
	EVP_PKEY_free(key);
}

static void
clean_up(void)
{
	static const char *const names[] = { "a.pem", "b.pem", "v.db", "v.db-wal", "copy",
		"copy.part" };
	char path[PATH_MAX];
	size_t i;

	vault_free(v);
	loop_free(loop);
	for (i = 0; i < sizeof names / sizeof names[0]; i++) {
		(void)snprintf(path, sizeof path, "%s/%s", dir, names[i]);
		(void)unlink(path);
	}
	(void)rmdir(dir);
}

/* The keysmith has one key in stock, for the first group that is ever named. */
static void
hire(void)
{
	EVP_PKEY *key = EVP_RSA_gen(3072);
	unsigned char *der = NULL;
	int pair[2], n = i2d_PrivateKey(key, &der);

	must(n > 0 && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0);
	must(issuer_keysmith(v->issuer, pair[0], 0) == 0);
	must(send(pair[1], der, (size_t)n, 0) == n);
	OPENSSL_free(der);
	EVP_PKEY_free(key);
}

static void
start(void)
{
	static struct vault_options o;
	struct buf why;

	/* In memory where there is such a place: syncs would be most of the time. */
	(void)snprintf(dir, sizeof dir, "%s/fuzz_vault.XXXXXX",
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	must(mkdtemp(dir) != NULL);
	(void)snprintf(o.db, sizeof o.db, "%s/v.db", dir);
	(void)snprintf(o.escrow_a, sizeof o.escrow_a, "%s/a.pem", dir);
	(void)snprintf(o.escrow_b, sizeof o.escrow_b, "%s/b.pem", dir);
	(void)snprintf(o.log_level, sizeof o.log_level, "error");
	o.envelope_days = 180;
	o.auto_releases = 3;
	o.epoch_ms = 36500LL * 86400000; /* this is epoch 0, whenever it runs */
	o.batch = 2;
	write_cert(o.escrow_a);
	write_cert(o.escrow_b);
	loop = loop_new();
	buf_init(&why, 4096);
	must(loop != NULL && vault_new(&v, loop, &o, &why) == 0);
	buf_done(&why);
	log_level_set(LOG_ERROR);
	hire();
	(void)atexit(clean_up);
}

static uint16_t
known_type(uint16_t t)
{
	static const uint16_t types[] = { VM_HELLO, VM_ADMIT, VM_SEAL, VM_TERMS, VM_ISSUE,
		VM_NAMEABLE, VM_SETTLE, VM_DIRECTORY, VM_A_MEMBER, VM_A_TERM, VM_A_CERT,
		VM_A_CERT_REVOKE, VM_A_DISABLE, VM_A_COMMIT, VM_A_LIST, VM_A_SHOW,
		VM_A_STATUS, VM_A_BACKUP, VM_A_GROUPS, VM_A_ISSUER_LIST, VM_A_CONTACT,
		VM_A_ROTATE, VM_A_CONTACTS, VM_A_PERSON, VM_A_NAMES, VM_A_PERSONS,
		VM_A_CERTS, VM_NAMES, VM_ROUTES, VM_A_SHIFT, VM_A_UNROSTER, VM_A_ROSTER,
		VM_NAMES_LIST };

	if (t < 128 || t % 4 == 0)
		return t;
	return types[t % (sizeof types / sizeof types[0])];
}

/* A file name of the fuzzer's own choice is the one thing that we do not let it have. */
static void
tame(uint16_t type, unsigned char *p, size_t n)
{
	if (type == VM_A_BACKUP && n >= 128) {
		memset(p, 0, n);
		(void)snprintf((char *)p, 128, "%s/copy", dir);
	}
}

static void
send_frame(int fd, const uint8_t *rec, size_t n, uint64_t call)
{
	unsigned char out[16 + 65536];
	uint32_t len = (uint32_t)(n + 12);
	uint16_t type = known_type((uint16_t)(rec[1] | rec[2] << 8)), status = 0;

	memcpy(out, &len, 4);
	memcpy(out + 4, &type, 2);
	memcpy(out + 6, &status, 2);
	memcpy(out + 8, &call, 8);
	memcpy(out + 16, rec + 5, n);
	tame(type, out + 16, n);
	(void)!send(fd, out, n + 16, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* Reads what came back; on vault-front every payload is one page. */
static void
take_answers(int fd, int is_front)
{
	static unsigned char in[1 << 20];
	ssize_t r = recv(fd, in, sizeof in, MSG_DONTWAIT);
	size_t at = 0, n;
	uint32_t len;

	while (r > 0 && at + 16 <= (size_t)r) {
		memcpy(&len, in + at, 4);
		n = (size_t)len + 4;
		must(n >= 16 && n <= VAULT_FRAME_MAX);
		must(!is_front || n == 16 + VAULT_PAGE);
		at += n;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct link_ops *const ops[SOCKETS] = { &in_front_ops,
		&in_keeper_ops, &in_admin_ops, &in_courier_ops };
	static const struct link_limits lim = { VAULT_FRAME_MAX, 16 * 1024 * 1024 };
	struct link *l[SOCKETS];
	struct registry *again = NULL;
	int fd[SOCKETS][2];
	uint64_t call = 0;
	uint32_t rows;
	size_t at = 0, len;
	int i;

	if (v == NULL)
		start();
	for (i = 0; i < SOCKETS; i++) {
		must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
			 fd[i]) == 0);
		l[i] = link_adopt(loop, fd[i][0], ops[i], v, lim);
		must(l[i] != NULL);
	}
	while (at + 5 <= n && call < FRAMES) {
		len = (size_t)(data[at + 3] | data[at + 4] << 8);
		if (len > n - at - 5)
			len = n - at - 5;
		send_frame(fd[data[at] % SOCKETS][1], data + at, len, ++call);
		at += 5 + len;
		if (call % 8 == 0)
			(void)event_base_loop(loop_base(loop), EVLOOP_NONBLOCK);
	}
	for (i = 0; i < TURNS; i++)
		(void)event_base_loop(loop_base(loop), EVLOOP_NONBLOCK);
	seal_drain(v->seal);
	while (!issue_idle(v->issue))
		(void)event_base_loop(loop_base(loop), EVLOOP_NONBLOCK);
	(void)event_base_loop(loop_base(loop), EVLOOP_NONBLOCK);
	for (i = 0; i < SOCKETS; i++) {
		take_answers(fd[i][1], i == 0 || i == 3);
		if (ops[i]->on_down != NULL)
			ops[i]->on_down(v, l[i]);
		link_free(l[i]);
		(void)close(fd[i][1]);
	}
	must(!v->failed && !v->writes_off);
	must(vstore_count_envelopes(v->store, &rows) == 0 && rows == v->envelopes);
	must(registry_load(&again, v->store, NULL) == 0);
	must(registry_generation(again) == registry_generation(v->reg));
	must(registry_member_count(again) == registry_member_count(v->reg));
	must(registry_cert_count(again) == registry_cert_count(v->reg));
	registry_free(again);
	return 0;
}
