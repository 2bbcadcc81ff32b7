/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/ceptoarctl/ctl.h"
#include "lib/file.h"
#include "proto/msg_keeper.h"

/* How far one database is. */
struct progress {
	const char *name;
	unsigned told; /* quarters; a terminal has a line that is written over */
};

static void
on_progress(void *arg, uint32_t done, uint32_t total)
{
	struct progress *p = arg;
	unsigned percent = total > 0 ? (unsigned)((uint64_t)done * 100 / total) : 0;

	if (isatty(STDERR_FILENO)) {
		(void)fprintf(stderr, "\r%s: %u of %u pages (%u %%)", p->name, done,
		    total, percent);
	} else if (percent / 25 > p->told) {
		p->told = percent / 25;
		(void)fprintf(stderr, "%s: %u %%\n", p->name, p->told * 25);
	}
}

static void
end_line(void)
{
	if (isatty(STDERR_FILENO))
		(void)fputc('\n', stderr);
}

/* The vault's words for it are of members and certificates. */
static int
vault_verdict(unsigned status, const char *path)
{
	if (status == VS_EXISTS)
		return ctl_say(EXIT_REFUSED,
		    "%s: there is one already, and no copy is written over", path);
	if (status == VS_INVALID)
		return ctl_say(EXIT_REFUSED,
		    "%s: the vault may not write there (backup_dir in [vault] and "
		    "[keeper]), or makes another copy now",
		    path);
	return ctl_verdict(status, path);
}

static int
backup_vault(struct ctl *c, const char *dir)
{
	struct progress progress = { "vault", 0 };
	char path[256] = { 0 };
	unsigned status = VS_INTERNAL;
	uint16_t wire_status = VS_INTERNAL;
	struct slice ask = { path, sizeof path };
	int rc;

	if (snprintf(path, sizeof path, "%s/vault.db", dir) >= (int)sizeof path)
		return ctl_say(EXIT_USAGE, "%s: too long", dir);
	rc = ctl_vault_ask(c, VM_A_STATUS, NULL, &status); /* dials */
	if (rc == 0)
		rc = call_watch(c->vault, VM_A_BACKUP, ask, VM_A_PROGRESS, on_progress,
		    &progress, &c->answer, &wire_status);
	end_line();
	rc = rc != 0 ? ctl_down("vault", rc) : vault_verdict(wire_status, path);
	if (rc == EXIT_DONE) {
		if (!isatty(STDERR_FILENO)) /* a small one has told nothing on its way */
			on_progress(&progress, 1, 1);
		(void)printf("vault    %s\n", path);
	}
	return rc;
}

static int
backup_keeper(struct ctl *c, const char *dir)
{
	struct progress progress = { "keeper", 0 };
	struct call *keeper = NULL;
	char path[PATH_MAX];
	struct slice body;
	uint16_t status;
	struct buf ask;
	int rc;

	if (snprintf(path, sizeof path, "%s/keeper.db", dir) >= (int)sizeof path)
		return ctl_say(EXIT_USAGE, "%s: too long", dir);
	rc = ctl_keeper_open(c, &keeper);
	if (rc != EXIT_DONE)
		return rc;
	buf_init(&ask, PATH_MAX + 16);
	wire_put_str(&ask, slice_of(path));
	rc = call_watch(keeper, KM_A_BACKUP, buf_slice(&ask), KM_A_PROGRESS, on_progress,
	    &progress, &c->answer, &status);
	end_line();
	rc = ctl_keeper_verdict(c, rc, &body);
	if (rc == EXIT_DONE) {
		if (!isatty(STDERR_FILENO)) /* a small one has told nothing on its way */
			on_progress(&progress, 1, 1);
		(void)printf("keeper   %s\n", path);
	}
	buf_done(&ask);
	call_close(keeper);
	return rc;
}

int
cmd_backup(struct ctl *c, int argc, char **argv)
{
	char dir[PATH_MAX];
	int rc;

	if (argc != 1 || argv[0][0] == '-') {
		rc = argc == 1 && strcmp(argv[0], "--help") == 0 ? EXIT_DONE : EXIT_USAGE;
		(void)fputs(help_backup, rc == EXIT_DONE ? stdout : stderr);
		return rc;
	}
	if (file_mkdir(argv[0], 0700) != 0 || realpath(argv[0], dir) == NULL)
		return ctl_say(EXIT_REFUSED, "%s: %s", argv[0], strerror(errno));
	rc = backup_vault(c, dir);
	return rc != EXIT_DONE ? rc : backup_keeper(c, dir);
}
