/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/ceptoard/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/ceptoard/pki.h"
#include "daemon/ceptoard/settings.h"
#include "lib/file.h"
#include "lib/mem.h"

int
scratch_path(const struct scratch *s, const char *rest, char *out, size_t room)
{
	int n = snprintf(out, room, "%s/%s", s->dir, rest);

	return n < 0 || (size_t)n >= room ? ERR_LIMIT : 0;
}

int
scratch_socket(const struct scratch *s, const char *name, char *out, size_t room)
{
	int n = snprintf(out, room, "%s/run/%s", s->dir, name);

	return n < 0 || (size_t)n >= room ||
		       (size_t)n >= sizeof((struct sockaddr_un *)0)->sun_path
		   ? ERR_LIMIT
		   : 0;
}

static int
failed(struct buf *why, const char *what)
{
	buf_addf(why, "%s: %s", what, strerror(errno));
	return ERR_IO;
}

/* One ceptoard a folder: the lock also holds our process id, for --revoke. */
static int
take_lock(struct scratch *s, struct buf *why)
{
	char path[PATH_MAX], pid[32];
	int n;

	if (scratch_path(s, "ceptoard.pid", path, sizeof path) != 0)
		return ERR_LIMIT;
	s->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (s->lock < 0)
		return failed(why, path);
	if (flock(s->lock, LOCK_EX | LOCK_NB) != 0) {
		buf_addf(why, "%s: another ceptoard runs on this folder", s->dir);
		return ERR_CONFLICT;
	}
	n = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
	if (ftruncate(s->lock, 0) != 0 || write(s->lock, pid, (size_t)n) != n)
		return failed(why, path);
	return 0;
}

/* Sockets of the last start, which may have had more fronts: "ceptoarctl status" would
 * ask those that are not there any more. */
static void
forget_fronts(const struct scratch *s)
{
	char name[32], path[PATH_MAX];
	unsigned i;

	for (i = 1; i <= FRONTS_MAX; i++) {
		(void)snprintf(name, sizeof name, "front-admin-%u", i);
		if (scratch_socket(s, name, path, sizeof path) == 0)
			(void)unlink(path);
	}
}

static int
make_folders(struct scratch *s, const char *dir, struct buf *why)
{
	static const char *const below[] = { "run", "log", "escrow-a", "escrow-b",
		"council" };
	char path[PATH_MAX];
	size_t i;

	if (file_mkdir(dir, 0700) != 0 || realpath(dir, s->dir) == NULL)
		return failed(why, dir);
	if (scratch_socket(s, "front-admin-99", path, sizeof path) != 0) {
		buf_addf(
		    why, "%s: the path is too long for the sockets below it", s->dir);
		return ERR_LIMIT;
	}
	for (i = 0; i < sizeof below / sizeof below[0]; i++) {
		if (scratch_path(s, below[i], path, sizeof path) != 0)
			return ERR_LIMIT;
		if (file_mkdir(path, 0700) != 0)
			return failed(why, path);
	}
	return 0;
}

static int
issue(struct pki *p, const struct scratch *s, enum pki_kind kind, const char *name,
    const char *cert, const char *key, struct buf *why)
{
	char c[PATH_MAX], k[PATH_MAX];

	if (scratch_path(s, cert, c, sizeof c) != 0 ||
	    scratch_path(s, key, k, sizeof k) != 0)
		return ERR_LIMIT;
	return pki_issue(p, kind, name, c, k, why);
}

static int
make_certs(struct scratch *s, const char *revoke, struct buf *why)
{
	char crl[PATH_MAX];
	struct pki *p;
	int rc;

	rc = pki_open(&p, s->dir, why);
	if (rc != 0)
		return rc;
	rc = issue(p, s, PKI_SERVER, "localhost", "server.pem", "server.key", why);
	if (rc == 0)
		rc = issue(p, s, PKI_ESCROW, "Escrow holder A", "escrow-a/cert.pem",
		    "escrow-a/key.pem", why);
	if (rc == 0)
		rc = issue(p, s, PKI_ESCROW, "Escrow holder B", "escrow-b/cert.pem",
		    "escrow-b/key.pem", why);
	if (rc == 0)
		rc = scratch_path(s, "ca.crl", crl, sizeof crl);
	if (rc == 0)
		rc = pki_crl(p, crl, revoke, why);
	pki_free(p);
	return rc;
}

/* What members pin, and what the offline machine of a real hub would hold. */
static int
make_council(struct scratch *s, struct buf *why)
{
	char pub[PATH_MAX], priv[PATH_MAX];
	int rc = scratch_path(s, "council.pem", pub, sizeof pub);

	if (rc == 0)
		rc = scratch_path(s, "council/key.pem", priv, sizeof priv);
	return rc == 0 ? pki_pair(pub, priv, why) : rc;
}

static void
load_port(const struct scratch *s, const char *file, uint16_t *into)
{
	char path[PATH_MAX];
	struct buf b;
	long v;

	buf_init(&b, 64);
	if (scratch_path(s, file, path, sizeof path) == 0 && file_read(path, &b) == 0) {
		v = strtol(buf_cstr(&b), NULL, 10);
		if (v > 0 && v < 65536)
			*into = (uint16_t)v;
	}
	buf_done(&b);
}

int
scratch_port_save(struct scratch *s, const char *file, uint16_t *into, uint16_t port)
{
	char path[PATH_MAX], text[16];
	int n = snprintf(text, sizeof text, "%u\n", (unsigned)port);

	*into = port;
	if (scratch_path(s, file, path, sizeof path) != 0)
		return ERR_LIMIT;
	return file_write(path, 0600, text, (size_t)n);
}

/* The members file that was named, or that of last time, or the one that comes with the
 * programs.  ERR_NOTFOUND: none of them. */
static int
find_members(struct scratch *s, const struct options *o, struct buf *why)
{
	char kept[PATH_MAX];

	if (o->members != NULL)
		return realpath(o->members, s->members) != NULL ? 0
								: failed(why, o->members);
	if (snprintf(kept, sizeof kept, "%s/" SCRATCH_MEMBERS, o->scratch) <
		(int)sizeof kept &&
	    realpath(kept, s->members) != NULL)
		return 0;
	return file_find_data("demo-members.json", s->members, sizeof s->members);
}

static int
find_data(struct scratch *s, const struct options *o, struct buf *why)
{
	const char *missing = NULL;
	int rc = find_members(s, o, why);

	if (rc != 0 && why->n > 0)
		return rc;
	if (rc != 0)
		missing = "demo-members.json";
	if (file_find_data("ceptoars.json", s->ceptoars, sizeof s->ceptoars) != 0)
		missing = "ceptoars.json";
	if (file_find_data("taxonomy.json", s->taxonomy, sizeof s->taxonomy) != 0)
		missing = "taxonomy.json";
	if (file_find_data("holidays.json", s->holidays, sizeof s->holidays) != 0)
		missing = "holidays.json";
	if (missing == NULL)
		return 0;
	buf_addf(why,
	    "%s: found neither in ../conf beside this program, nor in ./conf, nor "
	    "in " PREFIX "/share/ceptoar",
	    missing);
	return ERR_NOTFOUND;
}

int
scratch_open(struct scratch *s, const struct options *o, struct buf *why)
{
	int rc;

	memset(s, 0, sizeof *s);
	s->lock = -1;
	rc = find_data(s, o, why);
	if (rc == 0)
		rc = make_folders(s, o->scratch, why);
	if (rc == 0)
		rc = take_lock(s, why);
	if (rc == 0)
		rc = make_certs(s, NULL, why);
	if (rc == 0)
		rc = make_council(s, why);
	if (rc == 0) {
		scratch_env_remove(s);
		forget_fronts(s);
		load_port(s, SCRATCH_PORT, &s->port);
		load_port(s, SCRATCH_BLIND_PORT, &s->blind_port);
		load_port(s, SCRATCH_DESK_PORT, &s->desk_port);
		load_port(s, SCRATCH_ANSWERS_PORT, &s->answers_port);
	}
	return rc;
}

void
scratch_done(struct scratch *s)
{
	if (s->lock >= 0)
		(void)close(s->lock);
	s->lock = -1;
}

int
scratch_revoke(const struct options *o, struct buf *why)
{
	struct scratch s = { .lock = -1 };
	char path[PATH_MAX];
	struct buf b;
	long pid;
	int rc;

	if (realpath(o->scratch, s.dir) == NULL)
		return failed(why, o->scratch);
	rc = make_certs(&s, o->revoke, why);
	if (rc != 0)
		return rc;
	buf_init(&b, 64);
	if (scratch_path(&s, "ceptoard.pid", path, sizeof path) == 0 &&
	    file_read(path, &b) == 0) {
		s.lock = open(path, O_RDWR | O_CLOEXEC);
		pid = strtol(buf_cstr(&b), NULL, 10);
		/* A lock that we can take has no owner: the number is an old one. */
		if (s.lock >= 0 && flock(s.lock, LOCK_EX | LOCK_NB) != 0 && pid > 1)
			(void)kill((pid_t)pid, SIGHUP);
	}
	buf_done(&b);
	scratch_done(&s);
	return 0;
}

/*
 * The settings of a scratch hub.  A benchmark comes with one certificate from one
 * address, so what protects a real hub from a single member is switched off (0: no cap).
 */
static int
base_settings(const struct scratch *s, struct settings *c)
{
	static const struct {
		const char *section, *name, *value;
		int below; /* value is a path below the folder */
	} table[] = {
		{ "front", "vault_socket", "run/vault-front", 1 },
		{ "front", "keeper_socket", "run/keeper-front", 1 },
		{ "front", "desk_socket", "run/keeper-desk", 1 },
		{ "front", "hosts", "localhost,127.0.0.1,[::1]", 0 },
		{ "tls", "cert", "server.pem", 1 },
		{ "tls", "key", "server.key", 1 },
		{ "tls", "ca", "ca.pem", 1 },
		{ "tls", "crl", "ca.crl", 1 },
		{ "limits", "streams_per_member", "10000", 0 },
		{ "limits", "handshakes_per_second", "0", 0 },
		{ "limits", "connections_per_address", "0", 0 },
		{ "limits", "connections", "20000", 0 },
		{ "limits", "reports_per_minute", "0", 0 },
		{ "limits", "blind_connections", "0", 0 },
		{ "limits", "blind_handshakes_per_second", "0", 0 },
		{ "limits", "blind_reports_per_minute", "0", 0 },
		{ "limits", "answer_connections", "0", 0 },
		{ "limits", "answer_handshakes_per_second", "0", 0 },
		{ "limits", "answer_failures_per_minute", "0", 0 },
		{ "vault", "db", "vault.db", 1 },
		{ "vault", "escrow_a", "escrow-a/cert.pem", 1 },
		{ "vault", "escrow_b", "escrow-b/cert.pem", 1 },
		{ "vault", "auto_releases", "0", 0 },
		{ "vault", "ballast_mib", "1", 0 },
		{ "tokens", "keys_ahead", "1", 0 },
		{ "keeper", "db", "keeper.db", 1 },
		{ "keeper", "ballast_mib", "1", 0 },
		{ "keeper", "vault_socket", "run/vault-keeper", 1 },
		{ "courier", "keeper_socket", "run/keeper-courier", 1 },
		{ "courier", "vault_socket", "run/vault-courier", 1 },
	};
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < sizeof table / sizeof table[0]; i++)
		rc = settings_set(c, table[i].section, table[i].name, "%s%s%s",
		    table[i].below ? s->dir : "", table[i].below ? "/" : "",
		    table[i].value);
	if (rc == 0)
		rc = settings_set(c, "data", "ceptoars", "%s", s->ceptoars);
	if (rc == 0)
		rc = settings_set(c, "data", "taxonomy", "%s", s->taxonomy);
	if (rc == 0)
		rc = settings_set(c, "data", "holidays", "%s", s->holidays);
	return rc;
}

int
scratch_conf(const struct scratch *s, const char *over, struct buf *why)
{
	static const char head[] =
	    "# Written by ceptoard at every start; use --conf to override.\n";
	struct settings *c = mem_zalloc(sizeof *c);
	char path[PATH_MAX];
	struct buf out;
	int rc;

	if (c == NULL)
		return ERR_NOMEM;
	buf_init(&out, 1024 * 1024);
	buf_adds(&out, head);
	rc = base_settings(s, c);
	if (rc == 0 && over != NULL)
		rc = settings_read(c, over, why);
	if (rc == 0)
		rc = scratch_path(s, "ceptoar.conf", path, sizeof path);
	settings_write(c, &out);
	if (rc == 0)
		rc = buf_err(&out) != 0 ? buf_err(&out)
					: file_write(path, 0600, out.p, out.n);
	if (rc != 0 && why->n == 0)
		buf_addf(why, "%s/ceptoar.conf: %s", s->dir, err_str(rc));
	buf_done(&out);
	mem_free(c);
	return rc;
}

/* For a shell to read: quoted where needed, for a folder's name may hold anything. */
static void
add_line(struct buf *b, const char *name, const char *value)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789/._-:";

	buf_addf(b, "%s=", name);
	if (value[strspn(value, plain)] == '\0') {
		buf_addf(b, "%s\n", value);
		return;
	}
	buf_addc(b, '\'');
	for (; *value != '\0'; value++)
		if (*value == '\'')
			buf_adds(b, "'\\''");
		else
			buf_addc(b, *value);
	buf_adds(b, "'\n");
}

int
scratch_env_write(const struct scratch *s, const char *pids, const char *local)
{
	char path[PATH_MAX], ca[PATH_MAX];
	struct buf b;
	int rc;

	if (scratch_path(s, "hub.env", path, sizeof path) != 0 ||
	    scratch_path(s, "ca.pem", ca, sizeof ca) != 0)
		return ERR_LIMIT;
	buf_init(&b, 65536);
	buf_addf(&b, "CEPTOAR_URL=https://127.0.0.1:%u\n", (unsigned)s->port);
	buf_addf(&b, "CEPTOAR_BLIND_URL=https://127.0.0.1:%u\n", (unsigned)s->blind_port);
	buf_addf(
	    &b, "CEPTOAR_ANSWERS_URL=https://127.0.0.1:%u\n", (unsigned)s->answers_port);
	buf_addf(&b, "CEPTOAR_DESK_URL=https://127.0.0.1:%u\n", (unsigned)s->desk_port);
	add_line(&b, "CEPTOAR_CA", ca);
	add_line(&b, "CEPTOAR_PIDS", pids);
	add_line(&b, "CEPTOAR_LOCAL", local);
	rc = buf_err(&b) != 0 ? buf_err(&b) : file_write(path, 0600, b.p, b.n);
	buf_done(&b);
	return rc;
}

void
scratch_env_remove(const struct scratch *s)
{
	char path[PATH_MAX];

	if (scratch_path(s, "hub.env", path, sizeof path) == 0)
		(void)unlink(path);
}
