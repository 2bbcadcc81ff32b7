/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/ceptoarctl/ctl.h"
#include "lib/term.h"

/* Who of a member may hold a certificate of its own. */

struct word {
	unsigned bit;
	const char *text;
};

static const struct word duties[] = { { DUTY_REPORTER, "reporter" },
	{ DUTY_DESK, "desk" }, { DUTY_OFFICER, "duty_officer" },
	{ DUTY_MACHINE, "machine" } };
static const struct word langs[] = { { LANG_JA, "ja" }, { LANG_EN, "en" } };

static void
add_words(struct buf *out, const struct word *w, size_t n, unsigned bits)
{
	const char *comma = "";
	size_t i;

	for (i = 0; i < n; i++)
		if ((bits & w[i].bit) != 0) {
			buf_addf(out, "%s%s", comma, w[i].text);
			comma = ",";
		}
}

static int
add_certs(struct ctl *c, const char *id, const char *person, struct buf *out)
{
	unsigned char spki[32];
	unsigned n, i, seen = 0;
	char day[CTL_DAY];
	struct buf ask;
	struct wire w;
	int rc;

	buf_init(&ask, VAULT_CERTS_ASK);
	do {
		buf_reset(&ask);
		vault_text_put(&ask, id, VAULT_ID_MAX);
		vault_text_put(&ask, person, VAULT_ID_MAX);
		wire_put_u16(&ask, (uint16_t)seen);
		rc = ctl_vault(c, VM_A_CERTS, &ask, id);
		if (rc != EXIT_DONE)
			break;
		wire_init(&w, c->answer.p, c->answer.n);
		n = wire_u8(&w);
		for (i = 0; i < n && w.err == 0; i++) {
			wire_bytes(&w, spki, sizeof spki);
			ctl_day(wire_i64(&w), day);
			buf_addf(out, "  certificate   until %s%s  ", day,
			    wire_u8(&w) != 0 ? "  REVOKED" : "");
			buf_add_hex(out, spki, sizeof spki);
			buf_addc(out, '\n');
		}
		if (w.err != 0)
			rc = ctl_down("vault", ERR_PROTO);
		seen += n;
	} while (rc == EXIT_DONE && n == VAULT_CERTS_PAGE);
	buf_done(&ask);
	return rc;
}

static int
add_person(struct ctl *c, const char *id, const struct vault_someone *s, struct buf *out)
{
	buf_addf(out, "%s  %s  ", s->person, s->gone ? "gone" : "active");
	add_words(out, duties, sizeof duties / sizeof duties[0], s->duties);
	buf_adds(out, "  ");
	add_words(out, langs, sizeof langs / sizeof langs[0], s->langs);
	if (s->ja[0] != '\0' || s->en[0] != '\0')
		buf_addf(out, "\n  name          %s / %s", s->ja, s->en);
	buf_addc(out, '\n');
	return add_certs(c, id, s->person, out);
}

static int
do_list(struct ctl *c, const char *id)
{
	struct vault_persons m = { 0 };
	struct ctl_who who;
	struct buf ask, out;
	unsigned i;
	int rc;

	if (ctl_who(id, &who) != 0 || who.person[0] != '\0')
		return ctl_say(EXIT_USAGE, "%s: not a member id", id);
	buf_init(&ask, VAULT_PERSONS_ASK);
	buf_init(&out, ANSWER_MAX);
	do {
		buf_reset(&ask);
		buf_add(&ask, who.id, sizeof who.id);
		buf_add(&ask, who.person, sizeof who.person);
		rc = ctl_vault(c, VM_A_PERSONS, &ask, id);
		if (rc == EXIT_DONE &&
		    vault_persons_get(c->answer.p, c->answer.n, &m) != 0)
			rc = ctl_down("vault", ERR_PROTO);
		for (i = 0; rc == EXIT_DONE && i < m.count; i++) {
			rc = add_person(c, id, &m.v[i], &out);
			memcpy(who.person, m.v[i].person, sizeof who.person);
		}
	} while (rc == EXIT_DONE && m.count == SOMEONE_PAGE);
	buf_done(&ask);
	ctl_print(&out);
	return rc;
}

int
cmd_person(struct ctl *c, int argc, char **argv)
{
	if (argc >= 1 && strcmp(argv[0], "--help") == 0) {
		(void)fputs(help_person, stdout);
		return EXIT_DONE;
	}
	if (argc == 2 && strcmp(argv[0], "list") == 0)
		return do_list(c, argv[1]);
	return ctl_say(EXIT_USAGE, "person: list MEMBER; see ceptoarctl person --help");
}
