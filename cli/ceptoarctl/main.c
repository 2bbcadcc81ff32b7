/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/ceptoarctl/ctl.h"
#include "lib/log.h"

struct command {
	const char *name;
	int (*run)(struct ctl *c, int argc, char **argv);
};

static const struct command commands[] = {
	{ "member", cmd_member },
	{ "cert", cmd_cert },
	{ "contact", cmd_contact },
	{ "person", cmd_person },
	{ "roster", cmd_roster },
	{ "recipient", cmd_recipient },
	{ "escrow", cmd_escrow },
	{ "envelope", cmd_envelope },
	{ "policy", cmd_policy },
	{ "duty-key", cmd_duty_key },
	{ "calllist", cmd_calllist },
	{ "status", cmd_status },
	{ "backup", cmd_backup },
	{ "council", cmd_council },
	{ "signing-key", cmd_signing_key },
	{ "audit", cmd_audit },
	{ "export", cmd_export },
	{ "import", cmd_import },
};

/* Options before the command.  The index of the command, 0 after --help, or -1. */
static int
global_options(struct ctl *c, int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && argv[i][0] == '-'; i++) {
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			(void)fputs(help_main, stdout);
			return 0;
		}
		if (strcmp(argv[i], "--json") == 0) {
			c->json = 1;
		} else if (strcmp(argv[i], "--run") == 0 && i + 1 < argc) {
			(void)snprintf(c->run, sizeof c->run, "%s", argv[++i]);
		} else if (strcmp(argv[i], "--conf") == 0 && i + 1 < argc) {
			if (ctl_conf(c, argv[++i]) != EXIT_DONE)
				return -1;
		} else {
			(void)ctl_say(
			    EXIT_USAGE, "%s: unknown option; see --help", argv[i]);
			return -1;
		}
	}
	if (i == argc) {
		(void)fputs(
		    "usage: ceptoarctl [--run DIR | --conf FILE] [--json] member|cert|"
		    "contact|person|roster|recipient|escrow|envelope|policy|duty-key|"
		    "calllist|"
		    "status|"
		    "backup|council|signing-key|audit|export|import ...; "
		    "see --help\n",
		    stderr);
		return -1;
	}
	return i;
}

/* "member add --help" means the page of "member": what follows is not looked at. */
static int
run(const struct command *command, struct ctl *c, int argc, char **argv)
{
	static char help[] = "--help";
	char *page[] = { help, NULL };
	int i;

	for (i = 0; i < argc; i++)
		if (strcmp(argv[i], help) == 0)
			return command->run(c, 1, page);
	return command->run(c, argc, argv);
}

int
main(int argc, char **argv)
{
	struct ctl c;
	size_t k;
	int i, rc;

	log_open("ceptoarctl", LOG_ERROR);
	ctl_init(&c);
	i = global_options(&c, argc, argv);
	rc = i == 0 ? EXIT_DONE : EXIT_USAGE;
	if (i > 0) {
		for (k = 0; k < sizeof commands / sizeof commands[0]; k++)
			if (strcmp(argv[i], commands[k].name) == 0)
				break;
		if (k == sizeof commands / sizeof commands[0])
			rc = ctl_say(
			    EXIT_USAGE, "%s: unknown command; see --help", argv[i]);
		else
			rc = run(&commands[k], &c, argc - i - 1, argv + i + 1);
	}
	ctl_done(&c);
	if (fflush(stdout) != 0 && rc == EXIT_DONE)
		rc = EXIT_REFUSED;
	return rc;
}
