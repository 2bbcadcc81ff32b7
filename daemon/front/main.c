/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ceptoar-front: the only program that the network reaches.  It speaks TLS and HTTP,
 * knows who is connected by what the vault says, scrubs reports before the keeper gets
 * them, and serves the log to whom it concerns.  It opens no database and holds no past
 * report.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "daemon/front/front.h"
#include "daemon/front/listen.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/sandbox.h"
#include "lib/sock.h"

struct args {
	const char *conf;
	int check;
};

static int
print(void (*what)(const struct conf_option *, size_t, struct buf *), const char *before)
{
	struct buf out;
	int rc;

	buf_init(&out, 1 << 20);
	buf_adds(&out, before);
	what(front_options, front_options_count, &out);
	rc = buf_err(&out) != 0 || fwrite(out.p, 1, out.n, stdout) != out.n;
	buf_done(&out);
	return rc;
}

/* -1: go on; otherwise the exit status. */
static int
read_args(int argc, char **argv, struct args *ret)
{
	static const struct option longs[] = { { "conf", required_argument, NULL, 'c' },
		{ "check", no_argument, NULL, 'k' },
		{ "sample-conf", no_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 } };
	static const char usage[] =
	    "usage: ceptoar-front --conf FILE [--check]\n"
	    "       ceptoar-front --sample-conf | --help\n\n"
	    "Serves members over TLS.  Sockets come as LISTEN_FDS named members, blind,\n"
	    "front-admin and local; with desk in place of members and blind it serves\n"
	    "the desks.  SIGHUP reads certificates, CRL and limits anew; SIGTERM\n"
	    "finishes what runs and ends.\n\nOptions of the file:\n";
	int ch;

	while ((ch = getopt_long(argc, argv, "c:", longs, NULL)) != -1) {
		if (ch == 'c')
			ret->conf = optarg;
		else if (ch == 'k')
			ret->check = 1;
		else if (ch == 's')
			return print(conf_sample, "");
		else if (ch == 'h')
			return print(conf_help, usage);
		else
			return 2;
	}
	if (ret->conf != NULL && optind == argc)
		return -1;
	(void)fputs(usage, stderr);
	return 2;
}

static void
on_drained(struct front *f)
{
	loop_stop(f->loop);
}

static void
on_term(void *arg)
{
	struct front *f = arg;

	f->on_drained = on_drained;
	front_drain(f);
}

static void
on_hup(void *arg)
{
	reload_all(arg);
}

/* Files are replaced by rename, so their directories are what must stay readable. */
static int
close_off(const struct front *f)
{
	static char dirs[8][PATH_ROOM];
	const char *files[] = { f->opt.cert, f->opt.key, f->opt.ca, f->opt.crl,
		f->opt.ceptoars, f->opt.taxonomy, f->conf_path };
	const char *ro[sizeof files / sizeof files[0] + 1];
	size_t i;
	char *slash;

	for (i = 0; i < sizeof files / sizeof files[0]; i++) {
		(void)snprintf(dirs[i], sizeof dirs[i], "%s", files[i]);
		slash = strrchr(dirs[i], '/');
		if (slash != NULL && slash != dirs[i])
			*slash = '\0';
		ro[i] = dirs[i];
	}
	ro[i] = NULL;
	if (sandbox_paths(ro, NULL) < 0 || sandbox_syscalls(SANDBOX_NETWORK) < 0)
		return ERR_IO;
	return 0;
}

static int
open_sockets(struct front *f)
{
	int members = sock_passed("members"), blind = sock_passed("blind"),
	    desk = sock_passed("desk"), admin = sock_passed("front-admin"),
	    local = sock_passed("local"), rc;

	/* What members and strangers reach must not reach the desks' calls. */
	if ((members < 0) == (desk < 0) || (desk >= 0 && blind >= 0)) {
		log_error("expected a socket named members, or desk without the others");
		return ERR_NOTFOUND;
	}
	rc = desk >= 0 ? listen_start(f, ON_DESK, desk, &f->desk)
		       : listen_start(f, ON_MEMBERS, members, &f->members);
	if (rc == 0 && blind >= 0)
		rc = listen_start(f, ON_BLIND, blind, &f->blind);
	if (rc == 0 && admin >= 0)
		rc = admin_start(f, admin);
	if (rc == 0 && local >= 0)
		rc = local_start(f, local);
	return rc;
}

int
main(int argc, char **argv)
{
	struct args args = { NULL, 0 };
	struct front_options opt;
	struct front *f = NULL;
	struct loop *loop = NULL;
	struct buf why;
	int rc = read_args(argc, argv, &args);

	if (rc >= 0)
		return rc;
	buf_init(&why, 4096);
	log_open("front", LOG_INFO);
	rc = front_options_read(args.conf, &opt, &why);
	if (rc == 0) {
		log_level_set(opt.level);
		rc = sandbox_start();
		loop = loop_new();
	}
	if (rc == 0)
		rc =
		    loop != NULL ? front_new(&f, loop, &opt, args.conf, &why) : ERR_NOMEM;
	if (rc == 0 && !args.check) {
		rc = open_sockets(f);
		if (rc == 0)
			rc = close_off(f);
		if (rc == 0)
			rc = up_vault_start(f);
		if (rc == 0)
			rc = up_keeper_start(f);
		if (rc == 0) {
			loop_notify("READY=1");
			rc = loop_run(loop, on_term, on_hup, f);
		}
	}
	if (rc != 0)
		log_error("%s", why.n != 0 ? buf_cstr(&why) : err_str(rc));
	front_free(f);
	loop_free(loop);
	buf_done(&why);
	return rc != 0;
}
