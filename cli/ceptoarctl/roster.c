/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/ceptoarctl/ctl.h"
#include "lib/file.h"
#include "proto/report_time.h"
#include "proto/roster.h"

/* Who of a member's persons is on duty from when to when. */

/* The i-th shift's member is not one of those before it. */
static int
is_first(const json_t *roster, size_t i, const char *id)
{
	struct vault_shift m;
	size_t k;

	for (k = 0; k < i; k++)
		if (roster_get(roster, k, &m) == 0 && strcmp(m.id, id) == 0)
			return 0;
	return 1;
}

static int
send_shift(struct ctl *c, const json_t *roster, size_t i)
{
	struct vault_shift m;
	struct buf ask;
	int rc = EXIT_DONE;

	if (roster_get(roster, i, &m) != 0)
		return EXIT_REFUSED;
	buf_init(&ask, VAULT_SHIFT_LEN);
	if (is_first(roster, i, m.id)) {
		vault_text_put(&ask, m.id, sizeof m.id);
		rc = ctl_vault(c, VM_A_UNROSTER, &ask, m.id);
	}
	buf_reset(&ask);
	vault_shift_put(&ask, &m);
	if (rc == EXIT_DONE)
		rc = ctl_vault(c, VM_A_SHIFT, &ask, m.id);
	buf_done(&ask);
	return rc;
}

int
import_roster(struct ctl *c, const char *path, size_t *ret_count)
{
	struct fault why = { 0 };
	json_t *roster = NULL;
	struct buf text;
	size_t i, n = 0;
	int rc;

	buf_init(&text, FILE_MAX);
	rc = file_read(path, &text);
	if (rc == 0)
		rc = roster_read(buf_slice(&text), &roster, &why);
	buf_done(&text);
	if (rc == ERR_INVALID)
		return ctl_say(EXIT_REFUSED, "%s: %s%s%s (%s)", path, why.pointer,
		    why.pointer[0] != '\0' ? ": " : "",
		    why.detail != NULL ? why.detail : problem_title(why.problem),
		    problem_code(why.problem));
	if (rc != 0)
		return ctl_say(EXIT_REFUSED, "%s: %s", path, err_str(rc));
	n = roster_count(roster);
	for (i = 0; rc == EXIT_DONE && i < n; i++)
		rc = send_shift(c, roster, i);
	json_decref(roster);
	*ret_count = n;
	return rc;
}

static int
do_import(struct ctl *c, const char *path)
{
	size_t n = 0;
	int rc = import_roster(c, path, &n);

	if (rc == EXIT_DONE)
		rc = ctl_vault(c, VM_A_COMMIT, NULL, path);
	if (rc == EXIT_DONE)
		(void)printf("%zu shifts registered\n", n);
	return rc;
}

static void
add_shift(struct wire *w, struct buf *out)
{
	char person[VAULT_ID_MAX], from[REPORT_TIME_LEN], to[REPORT_TIME_LEN];

	vault_text_get(w, person, sizeof person);
	report_time_write(wire_i64(w) * 60000, from);
	report_time_write(wire_i64(w) * 60000, to);
	buf_addf(out, "%.16s  %.16s  %u  %s\n", from, to, (unsigned)wire_u8(w), person);
}

static int
do_show(struct ctl *c, const char *id)
{
	unsigned n = 0, i, seen = 0;
	struct buf ask, out;
	struct wire w;
	int rc;

	buf_init(&ask, VAULT_ROSTER_ASK);
	buf_init(&out, ANSWER_MAX);
	do {
		buf_reset(&ask);
		if (ctl_put_id(&ask, id) != 0) {
			rc = ctl_say(EXIT_USAGE, "%s: not a member id", id);
			break;
		}
		wire_put_u16(&ask, (uint16_t)seen);
		rc = ctl_vault(c, VM_A_ROSTER, &ask, id);
		wire_init(&w, c->answer.p, rc == EXIT_DONE ? c->answer.n : 0);
		n = wire_u8(&w);
		for (i = 0; rc == EXIT_DONE && i < n && w.err == 0; i++)
			add_shift(&w, &out);
		if (rc == EXIT_DONE && w.err != 0)
			rc = ctl_down("vault", ERR_PROTO);
		seen += n;
	} while (rc == EXIT_DONE && n == ROSTER_PAGE);
	buf_done(&ask);
	ctl_print(&out);
	return rc;
}

int
cmd_roster(struct ctl *c, int argc, char **argv)
{
	if (argc >= 1 && strcmp(argv[0], "--help") == 0) {
		(void)fputs(help_roster, stdout);
		return EXIT_DONE;
	}
	if (argc == 2 && strcmp(argv[0], "import") == 0)
		return do_import(c, argv[1]);
	if (argc == 2 && strcmp(argv[0], "show") == 0)
		return do_show(c, argv[1]);
	return ctl_say(EXIT_USAGE,
	    "roster: import FILE, or show MEMBER; see ceptoarctl roster --help");
}
