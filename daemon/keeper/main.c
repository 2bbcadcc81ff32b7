/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ceptoar-keeper: stores reports without their senders, decides who is warned, and hands
 * out the log.  It reaches AF_UNIX sockets and its database, and knows no identity.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/keeper/directory.h"
#include "daemon/keeper/keeper.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/sandbox.h"
#include "lib/sock.h"

enum { MEMBERS_MS = 2000 }; /* the vault is up, or no report could come */

static void
directory_of(const char *path, char out[PATH_MAX])
{
	const char *slash = strrchr(path, '/');

	(void)snprintf(out, PATH_MAX, "%.*s",
	    slash == NULL || slash == path ? 1 : (int)(slash - path), path);
}

/* Files that are read anew are replaced by rename: their directories must be reachable.
 */
static int
lock_in(const struct keeper *k)
{
	char a[PATH_MAX], b[PATH_MAX], c[PATH_MAX], s[PATH_MAX], db[PATH_MAX];
	const char *const ro[] = { a, b, c, s, NULL };
	const char *const rw[] = { db, k->opt.backup_dir, NULL };
	int rc;

	directory_of(k->opt.ceptoars, a);
	directory_of(k->opt.taxonomy, b);
	directory_of(k->conf, c);
	directory_of(k->opt.vault_socket, s);
	directory_of(k->opt.db, db);
	rc = sandbox_paths(ro, rw);
	return rc < 0 ? rc : sandbox_syscalls(SANDBOX_LOCAL);
}

static void
on_term(void *arg)
{
	keeper_drain(arg);
}

static void
on_hup(void *arg)
{
	keeper_reload(arg);
}

static int
serve(struct keeper *k)
{
	struct keeper_sockets fd = { sock_passed("keeper-front"),
		sock_passed("keeper-desk"), sock_passed("keeper-courier"),
		sock_passed("keeper-admin") };

	return keeper_serve(k, &fd);
}

int
main(int argc, char **argv)
{
	static struct keeper k;
	struct loop *loop = NULL;
	struct buf why;
	int rc;

	rc = options_main(argc, argv, &k);
	if (rc != 1)
		return rc == 0 ? EXIT_SUCCESS : 2;
	log_open("keeper", (enum log_level)options_log_level(&k.opt));
	buf_init(&why, 4096);
	rc = sandbox_start();
	if (rc == 0) {
		loop = loop_new();
		rc = loop != NULL ? keeper_open(&k, loop, &why) : ERR_NOMEM;
	}
	if (rc == 0)
		rc = serve(&k);
	if (rc == 0)
		rc = directory_dial(k.dir, loop, k.opt.vault_socket);
	k.members_by = clock_mono_ms() + MEMBERS_MS;
	if (rc == 0)
		rc = lock_in(&k);
	if (rc >= 0) {
		loop_notify("READY=1");
		rc = loop_run(loop, on_term, on_hup, &k);
	} else {
		log_error("cannot start: %s", why.n > 0 ? buf_cstr(&why) : err_str(rc));
	}
	rc = rc != 0 || k.failing;
	keeper_close(&k);
	loop_free(loop);
	buf_done(&why);
	return rc ? EXIT_FAILURE : EXIT_SUCCESS;
}
