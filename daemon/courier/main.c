/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ceptoar-courier: brings bulletins to webhooks, mail and pagers.  It reaches out into
 * the network, holds addresses for as long as it uses them, and has no listener there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "daemon/courier/courier.h"
#include "daemon/courier/resolver.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/mem.h"
#include "lib/sandbox.h"
#include "lib/sock.h"

/* Files that are read anew are replaced by rename: their directories must be reachable.
 */
static void
directory_of(const char *path, char out[PATH_MAX])
{
	const char *slash = strrchr(path, '/');

	(void)snprintf(out, PATH_MAX, "%.*s",
	    slash == NULL || slash == path ? 1 : (int)(slash - path), path);
}

static int
lock_in(const struct courier *c)
{
	char ca[PATH_MAX], conf[PATH_MAX], secret[PATH_MAX], s[2][PATH_MAX];
	char mail[2][PATH_MAX];
	const char *const ro[] = { ca, conf, secret, s[0], s[1], mail[0], mail[1], NULL };
	const char *const none[] = { NULL };
	int rc;

	directory_of(c->opt.ca, ca);
	directory_of(c->conf, conf);
	directory_of(
	    c->opt.gateway_secret_file[0] != '\0' ? c->opt.gateway_secret_file : c->conf,
	    secret);
	directory_of(c->opt.keeper_socket, s[0]);
	directory_of(c->opt.vault_socket, s[1]);
	directory_of(c->opt.mail.ca, mail[0]);
	directory_of(
	    c->opt.mail.password_file[0] != '\0' ? c->opt.mail.password_file : c->conf,
	    mail[1]);
	rc = sandbox_paths(ro, none);
	return rc < 0 ? rc : sandbox_syscalls(SANDBOX_NETWORK);
}

/* What the environment could make the libraries do is taken away. */
static int
start_library(void)
{
	static const char *const names[] = { "SSLKEYLOGFILE", "OPENSSL_CONF",
		"OPENSSL_MODULES", "OPENSSL_ENGINES", "SSL_CERT_FILE", "SSL_CERT_DIR",
		"CURL_CA_BUNDLE", "CURL_HOME", "HOME" };
	size_t i;

	for (i = 0; i < sizeof names / sizeof names[0]; i++)
		(void)unsetenv(names[i]);
	return curl_global_init(CURL_GLOBAL_DEFAULT) == 0 ? 0 : ERR_CRYPTO;
}

static void
on_term(void *arg)
{
	courier_drain(arg);
}

static void
on_hup(void *arg)
{
	courier_reload(arg);
}

static int
start(struct courier *c, struct loop *loop, int fd, pid_t pid)
{
	struct resolver *resolver = NULL;
	int rc = resolver_new(&resolver, loop, fd, pid);

	if (rc == 0)
		rc = courier_open(c, loop, resolver);
	if (rc == 0)
		rc = admin_start(c, sock_passed("courier-admin"));
	if (rc == 0)
		rc = up_vault_start(c, -1);
	if (rc == 0)
		rc = up_keeper_start(c, -1);
	if (rc == 0)
		rc = lock_in(c);
	return rc < 0 ? rc : 0;
}

int
main(int argc, char **argv)
{
	static struct courier c;
	struct loop *loop;
	int rc, fd = -1;
	pid_t pid = 0;

	rc = options_main(argc, argv, &c.conf, &c.opt);
	if (rc != 1)
		return rc == 0 ? EXIT_SUCCESS : 2;
	log_open("courier", (enum log_level)options_log_level(&c.opt));
	if (c.opt.rules.loopback)
		log_warn(
		    "--allow-loopback-webhooks: for tests only, webhooks may lead to "
		    "this machine");
	rc = sandbox_start();
	if (rc == 0)
		rc = resolver_spawn(&fd, &pid); /* before anything secret is open */
	if (rc == 0)
		rc = start_library();
	loop = rc == 0 ? loop_new() : NULL;
	if (rc == 0)
		rc = loop != NULL ? start(&c, loop, fd, pid) : ERR_NOMEM;
	if (rc == 0) {
		loop_notify("READY=1");
		rc = loop_run(loop, on_term, on_hup, &c);
	} else {
		log_error("cannot start: %s", err_str(rc));
	}
	courier_close(&c);
	loop_free(loop);
	curl_global_cleanup();
	return rc != 0 || c.failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
