/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/ceptoarctl/ctl.h"

static int
do_add(struct ctl *c, const char *id, const char *path)
{
	struct ctl_who who;
	int rc;

	if (ctl_who(id, &who) != 0)
		return ctl_say(EXIT_USAGE, "%s: not MEMBER or MEMBER/PERSON", id);
	rc = import_cert(c, &who, path);
	if (rc == EXIT_DONE)
		rc = ctl_vault(c, VM_A_COMMIT, NULL, path);
	if (rc == EXIT_DONE)
		(void)printf("%s: certificate registered\n", id);
	return rc;
}

/* A file, or the 64 hex digits that `member show` prints. */
static int
do_revoke(struct ctl *c, const char *which)
{
	unsigned char spki[32];
	int64_t not_after;
	struct buf ask;
	int rc;

	if (hex_decode(slice_of(which), spki, sizeof spki) != sizeof spki &&
	    ctl_cert(which, spki, &not_after) != 0)
		return ctl_say(
		    EXIT_REFUSED, "%s: neither a certificate nor 64 hex digits", which);
	buf_init(&ask, 64);
	wire_put_bytes(&ask, spki, sizeof spki);
	rc = ctl_vault(c, VM_A_CERT_REVOKE, &ask, which);
	if (rc == EXIT_DONE)
		rc = ctl_vault(c, VM_A_COMMIT, NULL, which);
	if (rc == EXIT_DONE)
		(void)printf("revoked\n");
	buf_done(&ask);
	return rc;
}

int
cmd_cert(struct ctl *c, int argc, char **argv)
{
	if (argc >= 1 && strcmp(argv[0], "--help") == 0) {
		(void)fputs(help_cert, stdout);
		return EXIT_DONE;
	}
	if (argc == 3 && strcmp(argv[0], "add") == 0)
		return do_add(c, argv[1], argv[2]);
	if (argc == 2 && strcmp(argv[0], "revoke") == 0)
		return do_revoke(c, argv[1]);
	return ctl_say(
	    EXIT_USAGE, "cert: add ID[/PERSON] CERT.pem, or revoke CERT.pem|HEX");
}
