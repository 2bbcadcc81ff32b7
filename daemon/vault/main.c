/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ceptoar-vault: the only program that knows who the members are.  It reaches AF_UNIX
 * sockets and its database, holds no report, and parses no text.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/vault/issuer.h"
#include "daemon/vault/keysmith.h"
#include "daemon/vault/registry.h"
#include "daemon/vault/vault.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/sandbox.h"
#include "lib/sock.h"

/* Directories of what must still be reachable after start; files are replaced by rename.
 */
static void
directory_of(const char *path, char out[PATH_MAX])
{
	const char *slash = strrchr(path, '/');

	(void)snprintf(out, PATH_MAX, "%.*s",
	    slash == NULL || slash == path ? 1 : (int)(slash - path), path);
}

static int
lock_in(const struct vault_options *o, const char *conf)
{
	char a[PATH_MAX], b[PATH_MAX], c[PATH_MAX], db[PATH_MAX];
	const char *const ro[] = { a, b, c, NULL }, *const rw[] = { db, o->backup_dir,
		NULL };
	int rc;

	directory_of(o->escrow_a, a);
	directory_of(o->escrow_b, b);
	directory_of(conf, c);
	directory_of(o->db, db);
	rc = sandbox_paths(ro, rw);
	return rc < 0 ? rc : sandbox_syscalls(SANDBOX_LOCAL);
}

static void
on_term(void *arg)
{
	vault_stop(arg);
}

static void
on_hup(void *arg)
{
	vault_reload(arg);
}

int
main(int argc, char **argv)
{
	struct vault_options o;
	struct vault *v = NULL;
	struct loop *loop = NULL;
	const char *conf;
	struct buf why;
	int rc, smith;
	pid_t pid;

	rc = vault_options_main(argc, argv, &conf, &o);
	if (rc != 1)
		return rc == 0 ? EXIT_SUCCESS : 2;
	log_open("vault", (enum log_level)vault_options_log_level(&o));
	buf_init(&why, 4096);
	rc = sandbox_start();
	if (rc == 0)
		rc = keysmith_spawn(&smith, &pid); /* before anything secret is open */
	if (rc == 0) {
		loop = loop_new();
		rc = loop != NULL ? vault_new(&v, loop, &o, &why) : ERR_NOMEM;
	}
	if (rc == 0)
		rc = issuer_keysmith(v->issuer, smith, pid);
	if (rc == 0) {
		v->conf = conf;
		rc = vault_serve(v, sock_passed("vault-front"),
		    sock_passed("vault-keeper"), sock_passed("vault-admin"),
		    sock_passed("vault-courier"));
	}
	if (rc == 0)
		rc = lock_in(&o, conf);
	if (rc >= 0) {
		log_info("%zu members, %zu certificates", registry_member_count(v->reg),
		    registry_cert_count(v->reg));
		loop_notify("READY=1");
		rc = loop_run(loop, on_term, on_hup, v);
	} else {
		log_error("cannot start: %s", why.n > 0 ? buf_cstr(&why) : err_str(rc));
	}
	rc = rc != 0 || v->failed;
	vault_free(v);
	loop_free(loop);
	buf_done(&why);
	return rc ? EXIT_FAILURE : EXIT_SUCCESS;
}
