/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/ceptoarctl/ctl.h"
#include "lib/term.h"
#include "proto/json.h"
#include "proto/msg_escrow.h"

/* One envelope for a written reason, and the log of all that were handed out. */

static int
ask_envelope(struct ctl *c, const unsigned char report[ID_LEN], const char *reason,
    struct slice *ret_cms)
{
	char room[ENVELOPE_REASON_MAX] = "";
	unsigned char sum[32];
	struct buf ask, out;
	uint64_t number;
	struct wire w;
	int rc;

	memcpy(room, reason, strlen(reason));
	buf_init(&ask, 1024);
	wire_put_bytes(&ask, report, ID_LEN);
	wire_put_bytes(&ask, room, sizeof room);
	rc = ctl_vault(c, VM_A_ENVELOPE, &ask, "envelope");
	buf_done(&ask);
	if (rc != EXIT_DONE)
		return rc;
	wire_init(&w, c->answer.p, c->answer.n);
	number = wire_u64(&w);
	wire_bytes(&w, sum, sizeof sum);
	ret_cms->n = wire_u16(&w);
	if (w.err != 0 || ret_cms->n != w.n - w.at)
		return ctl_down("vault", ERR_PROTO);
	ret_cms->p = c->answer.p + w.at;
	buf_init(&out, 256);
	buf_addf(&out, "export %llu, head of the log ", (unsigned long long)number);
	buf_add_hex(&out, sum, sizeof sum);
	buf_addc(&out, '\n');
	ctl_print(&out);
	return EXIT_DONE;
}

/* The file is made first: an envelope that is in the log must not be lost. */
static int export(struct ctl *c, const unsigned char report[ID_LEN], const char *reason,
    const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	struct slice cms = { NULL, 0 };
	int rc, ok;

	if (fd < 0)
		return ctl_say(EXIT_REFUSED, "%s: %s", path, strerror(errno));
	rc = ask_envelope(c, report, reason, &cms);
	ok = rc == EXIT_DONE && write(fd, cms.p, cms.n) == (ssize_t)cms.n &&
	     fsync(fd) == 0;
	if (close(fd) != 0)
		ok = 0;
	if (ok) {
		(void)printf("%s\n", path);
		return EXIT_DONE;
	}
	(void)unlink(path);
	return rc != EXIT_DONE ? rc
			       : ctl_say(EXIT_REFUSED, "%s: cannot be written", path);
}

static int
do_export(struct ctl *c, int argc, char **argv)
{
	static const struct option names[] = { { "report", 1, NULL, 'i' },
		{ "reason", 1, NULL, 'r' }, { "out", 1, NULL, 'o' },
		{ NULL, 0, NULL, 0 } };
	const char *id = NULL, *reason = NULL, *out = NULL;
	unsigned char report[ID_LEN];
	int o;

	optind = 0;
	while ((o = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (o == 'i')
			id = optarg;
		else if (o == 'r')
			reason = optarg;
		else if (o == 'o')
			out = optarg;
		else
			return EXIT_USAGE;
	}
	if (optind != argc || id == NULL || reason == NULL || out == NULL)
		return ctl_say(EXIT_USAGE,
		    "envelope export: expected --report ID --reason TEXT --out FILE");
	if (hex_decode(slice_of(id), report, ID_LEN) != ID_LEN)
		return ctl_say(EXIT_USAGE, "--report: expected 32 hex digits");
	if (strlen(reason) < ENVELOPE_REASON_MIN ||
	    strlen(reason) >= ENVELOPE_REASON_MAX || !term_is_plain(slice_of(reason)))
		return ctl_say(EXIT_USAGE,
		    "--reason: expected %d to %d bytes of text on one line",
		    ENVELOPE_REASON_MIN, ENVELOPE_REASON_MAX - 1);
	return export(c, report, reason, out);
}

/* What a member wrote down from GET /v1/transparency: so many, and the head of then. */
struct published {
	uint64_t count;
	unsigned char head[32];
	int wanted, found;
};

struct reading {
	json_t *rows;
	uint64_t next;
	unsigned char prev[32];
	char wrong[160]; /* what does not verify, first of all */
	struct published published;
};

static void
verify(struct reading *r, const struct vault_export *e)
{
	unsigned char sum[32];
	const char *what = NULL;

	if (e->number != r->next)
		what = "a row before it is gone";
	else if (memcmp(e->prev, r->prev, sizeof e->prev) != 0)
		what = "it does not follow the row before";
	else if (vault_export_sum(e, sum) != 0 || memcmp(sum, e->sum, sizeof sum) != 0)
		what = "it was changed";
	if (what != NULL && r->wrong[0] == '\0')
		(void)snprintf(r->wrong, sizeof r->wrong, "number %llu: %s",
		    (unsigned long long)e->number, what);
	if (r->published.wanted && e->number == r->published.count)
		r->published.found =
		    memcmp(e->sum, r->published.head, sizeof e->sum) == 0;
	r->next = e->number + 1;
	memcpy(r->prev, e->sum, sizeof r->prev);
}

static void
add_row(struct reading *r, const struct vault_export *e)
{
	struct buf id, sum;
	char minute[32];
	time_t t = (time_t)e->minute * 60;
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL ||
	    strftime(minute, sizeof minute, "%Y-%m-%dT%H:%MZ", &tm) == 0)
		minute[0] = '\0';
	buf_init(&id, 64);
	buf_init(&sum, 128);
	buf_add_hex(&id, e->report, ID_LEN);
	buf_add_hex(&sum, e->sum, sizeof e->sum);
	(void)json_array_append_new(
	    r->rows, json_pack("{s:I, s:s, s:s, s:s, s:s}", "number",
			 (json_int_t)e->number, "at", minute, "report", buf_cstr(&id),
			 "reason", e->reason, "sum", buf_cstr(&sum)));
	buf_done(&id);
	buf_done(&sum);
}

static int
read_log(struct ctl *c, struct reading *r)
{
	struct vault_export e;
	struct buf ask;
	struct wire w;
	unsigned i, n;
	int rc;

	do {
		buf_init(&ask, 16);
		wire_put_u64(&ask, r->next);
		rc = ctl_vault(c, VM_A_EXPORTS, &ask, "envelope log");
		buf_done(&ask);
		if (rc != EXIT_DONE)
			return rc;
		wire_init(&w, c->answer.p, c->answer.n);
		n = wire_u8(&w);
		for (i = 0; i < n && w.err == 0; i++) {
			vault_export_get(&w, &e);
			if (w.err != 0)
				break;
			verify(r, &e);
			add_row(r, &e);
		}
		if (wire_end(&w) != 0)
			return ctl_down("vault", ERR_PROTO);
	} while (n > 0);
	return EXIT_DONE;
}

static int
take_published(const char *text, struct published *ret)
{
	char *colon;
	unsigned long long n = strtoull(text, &colon, 10);

	ret->count = n;
	ret->wanted = 1;
	if (colon == text || *colon != ':' ||
	    hex_decode(slice_of(colon + 1), ret->head, sizeof ret->head) !=
		sizeof ret->head)
		return ctl_say(EXIT_USAGE,
		    "--published: expected COUNT:HEAD, as \"ceptoar transparency\" shows "
		    "them");
	ret->found = n == 0; /* nothing was handed out then: any log fits */
	return EXIT_DONE;
}

static int
do_log(struct ctl *c, int argc, char **argv)
{
	static const struct option names[] = { { "verify", 0, NULL, 'v' },
		{ "published", 1, NULL, 'p' }, { NULL, 0, NULL, 0 } };
	struct reading r = { .next = 1 };
	int o, rc = EXIT_DONE, strict = 0;
	struct buf out;
	json_t *all;

	optind = 0;
	while (rc == EXIT_DONE && (o = getopt_long(argc, argv, "", names, NULL)) != -1) {
		strict = 1;
		if (o == 'p')
			rc = take_published(optarg, &r.published);
		else if (o != 'v')
			rc = EXIT_USAGE;
	}
	if (rc != EXIT_DONE)
		return rc;
	if (optind != argc)
		return ctl_say(EXIT_USAGE, "envelope log: too many words");
	r.rows = json_array();
	rc = read_log(c, &r);
	all = json_pack("{s:o}", "exports", r.rows);
	buf_init(&out, FILE_MAX);
	if (rc == EXIT_DONE && json_canonical(all, &out) == 0)
		ctl_show_json(c, buf_slice(&out));
	buf_done(&out);
	json_decref(all);
	if (rc != EXIT_DONE || !strict)
		return rc;
	if (r.wrong[0] != '\0')
		return ctl_say(EXIT_REFUSED, "the log does not verify at %s", r.wrong);
	if (r.published.wanted && !r.published.found)
		return ctl_say(EXIT_REFUSED,
		    "the log does not hold the head that was published: it was cut or "
		    "written anew");
	return ctl_say(EXIT_DONE, "the log verifies");
}

int
cmd_envelope(struct ctl *c, int argc, char **argv)
{
	if (argc >= 1 && strcmp(argv[0], "--help") == 0) {
		(void)fputs(help_envelope, stdout);
		return EXIT_DONE;
	}
	if (argc >= 1 && strcmp(argv[0], "export") == 0)
		return do_export(c, argc, argv);
	if (argc >= 1 && strcmp(argv[0], "log") == 0)
		return do_log(c, argc, argv);
	return ctl_say(EXIT_USAGE, "envelope: export or log; see ceptoarctl envelope "
				   "--help");
}
