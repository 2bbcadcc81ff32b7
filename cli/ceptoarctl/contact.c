/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ceptoarctl/ctl.h"
#include "lib/conf.h"
#include "lib/mem.h"
#include "proto/msg_people.h"

/* How members and their persons are reached. */

int
contact_read(struct ctl *c, const struct ctl_who *who, struct vault_route *ret,
    unsigned *ret_count)
{
	struct vault_routes m = { .pages = 1 };
	unsigned page, n = 0, i;
	int rc = EXIT_DONE;
	struct buf ask;

	buf_init(&ask, 256);
	for (page = 0; rc == EXIT_DONE && page < m.pages; page++) {
		buf_reset(&ask);
		buf_add(&ask, who->id, sizeof who->id);
		buf_add(&ask, who->person, sizeof who->person);
		wire_put_u8(&ask, (uint8_t)page);
		rc = ctl_vault(c, VM_A_CONTACTS, &ask, who->id);
		if (rc == EXIT_DONE &&
		    vault_routes_get(c->answer.p, c->answer.n, &m) != 0)
			rc = ctl_down("vault", ERR_PROTO);
		for (i = 0; rc == EXIT_DONE && i < m.count && n < CONTACTS_MAX; i++)
			ret[n++] = m.v[i];
	}
	buf_done(&ask);
	mem_wipe(&m, sizeof m);
	*ret_count = n;
	return rc;
}

static void
add_secret(struct buf *out, const char *word, const unsigned char *secret)
{
	buf_addf(out, "     %-10s ", word);
	buf_add_hex(out, secret, CONTACT_SECRET);
}

void
contact_show(const struct vault_route *v, unsigned n, int secrets, struct buf *out)
{
	char day[CTL_DAY];
	unsigned i;

	for (i = 0; i < n; i++) {
		buf_addf(out, "  %2u %-10s %s  %s\n", v[i].n, contact_word(v[i].kind),
		    v[i].lang, v[i].value);
		if (v[i].pin[0] != '\0')
			buf_addf(out, "     %-10s %s\n", "pin", v[i].pin);
		if (!secrets || v[i].kind != CONTACT_WEBHOOK)
			continue;
		add_secret(out, "secret", v[i].secret);
		buf_addc(out, '\n');
		if (v[i].old_until == 0)
			continue;
		ctl_day(v[i].old_until, day);
		add_secret(out, "old secret", v[i].old_secret);
		buf_addf(out, " until %s\n", day);
	}
}

static int
do_list(struct ctl *c, int argc, char **argv)
{
	static const struct option names[] = { { "secrets", 0, NULL, 's' },
		{ NULL, 0, NULL, 0 } };
	struct vault_route v[CONTACTS_MAX];
	struct ctl_who who;
	int o, secrets = 0, rc;
	struct buf out;
	unsigned n;

	while ((o = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (o != 's')
			return EXIT_USAGE;
		secrets = 1;
	}
	if (optind + 1 != argc || ctl_who(argv[optind], &who) != 0)
		return ctl_say(
		    EXIT_USAGE, "contact list: expected MEMBER or MEMBER/PERSON");
	rc = contact_read(c, &who, v, &n);
	buf_init(&out, 65536);
	if (rc == EXIT_DONE)
		contact_show(v, n, secrets, &out);
	ctl_print(&out);
	mem_wipe(v, sizeof v);
	return rc;
}

/* "7d" and the like, as in the programs' configuration. */
static int
read_overlap(const char *text, uint32_t *ret_s)
{
	struct {
		long long ms;
	} o = { 0 };
	static const struct conf_option table[] = { { "contact", "overlap", CONF_MS, 0,
	    CONTACT_OVERLAP_MAX_S * 1000LL, "7d", 0, 0, "" } };
	struct buf why;
	int rc;

	buf_init(&why, 1024);
	rc = conf_set(table, 1, "contact", "overlap", text, &o, &why);
	buf_done(&why);
	if (rc == 0)
		*ret_s = (uint32_t)(o.ms / 1000);
	return rc;
}

/* The secret leaves here once, for whoever tells the member. */
static int
show_new(struct ctl *c, const struct ctl_who *who, unsigned number)
{
	struct vault_route v[CONTACTS_MAX];
	struct buf out;
	unsigned n, i;
	int rc = contact_read(c, who, v, &n);

	buf_init(&out, 65536);
	for (i = 0; rc == EXIT_DONE && i < n; i++)
		if (v[i].n == number)
			contact_show(&v[i], 1, 1, &out);
	ctl_print(&out);
	mem_wipe(v, sizeof v);
	return rc;
}

static int
do_rotate(struct ctl *c, int argc, char **argv)
{
	static const struct option names[] = { { "overlap", 1, NULL, 'o' },
		{ NULL, 0, NULL, 0 } };
	struct vault_rotate m;
	const char *overlap = "7d";
	struct ctl_who who;
	char *end = NULL;
	long n = 0;
	struct buf ask;
	int o, rc;

	while ((o = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (o != 'o')
			return EXIT_USAGE;
		overlap = optarg;
	}
	memset(&m, 0, sizeof m);
	if (optind + 2 == argc)
		n = strtol(argv[optind + 1], &end, 10);
	if (end == NULL || *end != '\0' || n < 1 || n > CONTACTS_MAX ||
	    ctl_who(argv[optind], &who) != 0)
		return ctl_say(EXIT_USAGE,
		    "contact rotate: expected MEMBER[/PERSON] and the contact's number");
	if (read_overlap(overlap, &m.overlap) != 0)
		return ctl_say(EXIT_USAGE, "--overlap: expected 0 to 90d, as in 7d");
	memcpy(m.id, who.id, sizeof m.id);
	memcpy(m.person, who.person, sizeof m.person);
	m.n = (uint8_t)n;
	buf_init(&ask, 256);
	vault_rotate_put(&ask, &m);
	rc = ctl_vault(c, VM_A_ROTATE, &ask, argv[optind]);
	buf_done(&ask);
	if (rc == EXIT_DONE)
		rc = ctl_vault(c, VM_A_COMMIT, NULL, "no webhook of this number");
	return rc == EXIT_DONE ? show_new(c, &who, (unsigned)n) : rc;
}

int
cmd_contact(struct ctl *c, int argc, char **argv)
{
	if (argc >= 1 && strcmp(argv[0], "--help") == 0) {
		(void)fputs(help_contact, stdout);
		return EXIT_DONE;
	}
	optind = 0; /* the sub-command has options of its own */
	if (argc >= 1 && strcmp(argv[0], "list") == 0)
		return do_list(c, argc, argv);
	if (argc >= 1 && strcmp(argv[0], "rotate") == 0)
		return do_rotate(c, argc, argv);
	return ctl_say(EXIT_USAGE, "contact: list MEMBER[/PERSON], or rotate "
				   "MEMBER[/PERSON] N; see ceptoarctl contact --help");
}
