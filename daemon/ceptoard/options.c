/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/ceptoard/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static const char manual[] =
    "NAME\n"
    "    ceptoard - starts a whole CEPTOAR hub for development, demonstration and tests\n"
    "\n"
    "SYNOPSIS\n"
    "    ceptoard --scratch DIR [--members FILE] [--conf FILE] [--fronts N] [--verbose]\n"
    "    ceptoard --scratch DIR --revoke CERT.pem\n"
    "\n"
    "DESCRIPTION\n"
    "    Makes DIR (mode 0700) with a throw-away certification authority, certificates "
    "for\n"
    "    the listener, for every member and for two escrow holders, databases and "
    "sockets;\n"
    "    starts vault, keeper and fronts on a free loopback port; registers the "
    "members;\n"
    "    writes DIR/hub.env and prints \"ready\" when a member can be served.  A program "
    "that\n"
    "    dies is started again.  Started again on the same DIR, the hub goes on with "
    "the\n"
    "    same data, port and certificates.  In production systemd starts the programs.\n"
    "\n"
    "OPTIONS\n"
    "    --scratch DIR    where everything lies; made when it is not there\n"
    "    --members FILE   members file (default: that of the last start on DIR, at "
    "first\n"
    "                     conf/demo-members.json)\n"
    "    --conf FILE      settings that override those of a scratch hub: 10,000 streams "
    "a\n"
    "                     member, no caps on handshakes, connections of one address,\n"
    "                     reports a minute and automatic releases\n"
    "    --fronts N       number of fronts that share the port, 1 to 64 (default 1)\n"
    "    --verbose        programs log to standard error instead of DIR/log/\n"
    "    --revoke FILE    adds a certificate to DIR/ca.crl, tells a running ceptoard, "
    "ends\n"
    "\n"
    "SIGNALS\n"
    "    SIGTERM, SIGINT  stop orderly: fronts, keeper, vault; a second one stops at "
    "once\n"
    "    SIGHUP           handed on to all programs; a changed members file is "
    "registered\n"
    "\n"
    "FILES\n"
    "    DIR/hub.env           CEPTOAR_URL, CEPTOAR_BLIND_URL, "
    "CEPTOAR_DESK_URL,\n"
    "                          CEPTOAR_CA, CEPTOAR_PIDS, CEPTOAR_LOCAL; for a shell to "
    "read; there while the hub "
    "runs\n"
    "    DIR/ceptoar.conf      the settings in force\n"
    "    DIR/ca.pem, ca.crl    authority and its list of revoked certificates\n"
    "    DIR/MEMBER/           cert.pem and key.pem of each member, and member.json: "
    "its\n"
    "                          entry of the members file, for \"ceptoar report "
    "--blind\"\n"
    "    DIR/escrow-a, -b      certificate and key of the escrow holders\n"
    "    DIR/council.pem       the council's public key, for members to pin; its private "
    "half\n"
    "                          and its statements of issuer keys lie in DIR/council\n"
    "    DIR/vault.db          members, identity envelopes, issuer keys\n"
    "    DIR/keeper.db         reports and bulletins\n"
    "    DIR/run/, DIR/log/    sockets and logs\n"
    "\n"
    "EXIT STATUS\n"
    "    0 stopped by a signal; 1 the hub did not start (the reason is printed); 2 "
    "usage\n"
    "\n"
    "EXAMPLE\n"
    "    ceptoard --scratch /tmp/hub &\n"
    "    ceptoar --as /tmp/hub/aozora-hp me\n";

static int
number(const char *text, long lo, long hi, long *ret)
{
	char *end;
	long v;

	errno = 0;
	v = strtol(text, &end, 10);
	if (errno != 0 || *end != '\0' || end == text || v < lo || v > hi)
		return ERR_INVALID;
	*ret = v;
	return 0;
}

int
options_read(struct options *ret, int argc, char **argv)
{
	static const struct option names[] = { { "scratch", 1, NULL, 's' },
		{ "members", 1, NULL, 'm' }, { "conf", 1, NULL, 'c' },
		{ "fronts", 1, NULL, 'n' }, { "revoke", 1, NULL, 'r' },
		{ "verbose", 0, NULL, 'v' }, { "help", 0, NULL, 'h' },
		{ NULL, 0, NULL, 0 } };
	struct options o = { .fronts = 1 };
	int c;

	while ((c = getopt_long(argc, argv, "h", names, NULL)) != -1) {
		switch (c) {
		case 's':
			o.scratch = optarg;
			break;
		case 'm':
			o.members = optarg;
			break;
		case 'c':
			o.conf = optarg;
			break;
		case 'n':
			if (number(optarg, 1, FRONTS_MAX, &o.fronts) == 0)
				break;
			(void)fprintf(
			    stderr, "ceptoard: --fronts: expected 1 to %d\n", FRONTS_MAX);
			return ERR_INVALID;
		case 'r':
			o.revoke = optarg;
			break;
		case 'v':
			o.verbose = 1;
			break;
		case 'h':
			(void)fputs(manual, stdout);
			return 1;
		default:
			return ERR_INVALID;
		}
	}
	if (o.scratch == NULL || optind != argc) {
		(void)fputs(
		    "usage: ceptoard --scratch DIR [--members FILE] [--conf FILE] "
		    "[--fronts N]; see --help\n",
		    stderr);
		return ERR_INVALID;
	}
	*ret = o;
	return 0;
}
