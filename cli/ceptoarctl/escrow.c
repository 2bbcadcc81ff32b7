/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/ceptoarctl/ctl.h"
#include "lib/file.h"
#include "proto/json.h"
#include "proto/msg_escrow.h"

/* The two holders of envelopes, as the hub knows them: which pair is in use, and for
 * which ones envelopes are left. */
enum { CERT_FILE_MAX = 65536 };

struct pairs {
	unsigned n;
	struct vault_pair v[PAIRS_MAX];
};

static int
read_pairs(struct ctl *c, struct pairs *ret)
{
	struct wire w;
	unsigned i;
	int rc = ctl_vault(c, VM_A_ESCROW, NULL, "escrow");

	if (rc != EXIT_DONE)
		return rc;
	wire_init(&w, c->answer.p, c->answer.n);
	ret->n = wire_u8(&w);
	for (i = 0; i < ret->n && i < PAIRS_MAX; i++)
		vault_pair_get(&w, &ret->v[i]);
	return wire_end(&w) == 0 ? EXIT_DONE : ctl_down("vault", ERR_PROTO);
}

static int
is_zero(const struct vault_pair *p)
{
	static const unsigned char zero[PAIR_LEN];

	return memcmp(p->pair, zero, PAIR_LEN) == 0;
}

static json_t *
pair_json(const struct vault_pair *p)
{
	char hex[2 * PAIR_LEN + 1], day[CTL_DAY];
	unsigned i;

	for (i = 0; i < PAIR_LEN; i++)
		(void)snprintf(hex + (size_t)2 * i, 3, "%02x", p->pair[i]);
	ctl_day((int64_t)p->last_day * 86400, day);
	return json_pack("{s:s, s:s, s:i, s:s?}", "pair", is_zero(p) ? "not noted" : hex,
	    "state",
	    p->now	       ? "in use"
	    : p->envelopes > 0 ? "opens old envelopes"
			       : "may be retired",
	    "envelopes", (int)p->envelopes, "last_day", p->envelopes > 0 ? day : NULL);
}

static int
do_status(struct ctl *c)
{
	struct pairs pairs;
	json_t *all, *list = json_array();
	struct buf out;
	unsigned i;
	int rc = read_pairs(c, &pairs);

	for (i = 0; rc == EXIT_DONE && i < pairs.n; i++)
		(void)json_array_append_new(list, pair_json(&pairs.v[i]));
	all = json_pack("{s:o}", "pairs", list);
	buf_init(&out, ANSWER_MAX);
	if (rc == EXIT_DONE && json_canonical(all, &out) == 0)
		ctl_show_json(c, buf_slice(&out));
	buf_done(&out);
	json_decref(all);
	return rc;
}

/* Envelopes of that many are left, the newest until that day. */
static int
not_yet(const struct vault_pair *p, const char *why)
{
	char day[CTL_DAY];

	ctl_day((int64_t)p->last_day * 86400, day);
	return ctl_say(EXIT_REFUSED, "%s: %u envelopes, the last of them until %s", why,
	    (unsigned)p->envelopes, day);
}

static int
do_retire(struct ctl *c, const char *hex)
{
	unsigned char want[PAIR_LEN];
	const struct vault_pair *it = NULL;
	struct pairs pairs;
	unsigned i;
	int rc;

	if (hex_decode(slice_of(hex), want, sizeof want) != sizeof want)
		return ctl_say(EXIT_USAGE,
		    "escrow retire: expected the 16 hex digits of a pair; see escrow "
		    "status");
	rc = read_pairs(c, &pairs);
	if (rc != EXIT_DONE)
		return rc;
	for (i = 0; i < pairs.n; i++) {
		if (is_zero(&pairs.v[i]) && pairs.v[i].envelopes > 0)
			return not_yet(
			    &pairs.v[i], "no: the pair of older envelopes was not noted");
		if (memcmp(pairs.v[i].pair, want, PAIR_LEN) == 0)
			it = &pairs.v[i];
	}
	if (it == NULL)
		return ctl_say(EXIT_REFUSED, "%s: no envelope was ever made for it", hex);
	if (it->now)
		return ctl_say(EXIT_REFUSED, "no: the pair is in use; rotate first");
	if (it->envelopes > 0)
		return not_yet(it, "no: envelopes are left");
	(void)printf(
	    "No envelope of this pair is left in the hub: when copies of its "
	    "database are gone\nas well, both holders may destroy their keys.\n");
	return EXIT_DONE;
}

/* Puts both files in their places; the old bytes go to `old`, for the way back. */
static int
put_files(struct ctl *c, const char *const from[2], struct buf old[2])
{
	struct buf fresh;
	unsigned i;
	int rc = 0;

	for (i = 0; rc == 0 && i < 2; i++) {
		rc = file_read(c->escrow[i], &old[i]);
		if (rc != 0)
			rc = ctl_say(EXIT_REFUSED,
			    "%s: cannot be read; --conf FILE names the hub's "
			    "configuration",
			    c->escrow[i]);
	}
	for (i = 0; rc == 0 && i < 2; i++) {
		buf_init(&fresh, CERT_FILE_MAX);
		rc = file_read(from[i], &fresh);
		if (rc == 0)
			rc = file_write(c->escrow[i], 0644, fresh.p, fresh.n);
		buf_done(&fresh);
		if (rc != 0)
			rc = ctl_say(EXIT_REFUSED, "%s: cannot be written: %s",
			    c->escrow[i], err_str(rc));
	}
	return rc;
}

static int
put_back(struct ctl *c, const struct buf old[2])
{
	unsigned i;
	int rc = 0;

	for (i = 0; i < 2; i++)
		if (old[i].n > 0 &&
		    file_write(c->escrow[i], 0644, old[i].p, old[i].n) != 0)
			rc = ctl_say(EXIT_REFUSED, "%s: cannot be put back, look at it",
			    c->escrow[i]);
	if (rc == 0)
		rc = ctl_say(EXIT_REFUSED, "the old certificates are in their places");
	return EXIT_REFUSED;
}

static int
ask_reload(struct ctl *c)
{
	unsigned status = VS_INTERNAL;
	int rc = ctl_vault_ask(c, VM_A_RELOAD, NULL, &status);

	if (rc != 0)
		return ctl_down("vault", rc);
	if (status != VS_OK)
		return ctl_say(EXIT_REFUSED, "vault: %.*s",
		    (int)strnlen(buf_cstr(&c->answer), c->answer.n),
		    buf_cstr(&c->answer));
	return EXIT_DONE;
}

static int
do_rotate(struct ctl *c, const char *a, const char *b)
{
	const char *const from[] = { a, b };
	struct pairs pairs;
	struct buf old[2];
	int rc = escrow_check(a, b);

	if (rc != EXIT_DONE)
		return rc;
	rc = read_pairs(c, &pairs); /* before anything is moved: is the vault there? */
	if (rc != EXIT_DONE)
		return rc;
	buf_init(&old[0], CERT_FILE_MAX);
	buf_init(&old[1], CERT_FILE_MAX);
	rc = put_files(c, from, old);
	if (rc == EXIT_DONE)
		rc = ask_reload(c);
	if (rc != EXIT_DONE)
		rc = put_back(c, old);
	else
		(void)printf("new envelopes are for this pair; the holders before keep "
			     "their keys until\n\"ceptoarctl escrow retire\" allows\n");
	buf_done(&old[0]);
	buf_done(&old[1]);
	return rc;
}

int
cmd_escrow(struct ctl *c, int argc, char **argv)
{
	if (argc >= 1 && strcmp(argv[0], "--help") == 0) {
		(void)fputs(help_escrow, stdout);
		return EXIT_DONE;
	}
	if (argc >= 1 && strcmp(argv[0], "prepare") == 0)
		return escrow_prepare(argc, argv);
	if (argc == 3 && strcmp(argv[0], "check") == 0)
		return escrow_check(argv[1], argv[2]);
	if (argc == 5 && strcmp(argv[0], "rotate") == 0 && strcmp(argv[1], "--a") == 0 &&
	    strcmp(argv[3], "--b") == 0)
		return do_rotate(c, argv[2], argv[4]);
	if (argc == 1 && strcmp(argv[0], "status") == 0)
		return do_status(c);
	if (argc == 2 && strcmp(argv[0], "retire") == 0)
		return do_retire(c, argv[1]);
	return ctl_say(EXIT_USAGE, "escrow: prepare, check, rotate --a CERT --b CERT, "
				   "status or retire PAIR; see ceptoarctl escrow --help");
}
