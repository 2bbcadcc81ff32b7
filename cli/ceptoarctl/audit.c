/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ceptoarctl/audit.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jansson.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "lib/file.h"
#include "lib/mem.h"
#include "proto/msg_admin.h"
#include "proto/json.h"

/* Who of a desk looked at or did what: reads the log and says whether it is whole. */
enum { KEYS_MOST = 64, POINT_FILE = 8192 };

struct keys {
	EVP_PKEY *v[KEYS_MOST];
	size_t n;
	char newest[2 * AUDIT_KEY_MAX]; /* base64url of its DER */
};

struct points {
	struct audit_point *v;
	size_t n, room, at;
};

static void
keys_done(struct keys *k)
{
	while (k->n > 0)
		EVP_PKEY_free(k->v[--k->n]);
}

static int
keys_read(struct audit_source *s, struct keys *ret)
{
	const unsigned char *p;
	struct slice der;
	struct wire w;
	struct buf b;
	unsigned n;
	int rc = audit_source_page(s, AUDIT_ASK_KEYS, 1);

	if (rc != EXIT_DONE)
		return rc;
	wire_init(&w, s->page.p, s->page.n);
	for (n = wire_u16(&w); n > 0 && w.err == 0 && ret->n < KEYS_MOST; n--) {
		der = wire_str(&w, AUDIT_KEY_MAX);
		p = (const unsigned char *)der.p;
		ret->v[ret->n] = d2i_PUBKEY(NULL, &p, (long)der.n);
		if (ret->v[ret->n] == NULL)
			return ctl_say(EXIT_REFUSED, "a key of the log cannot be read");
		if (ret->n++ > 0)
			continue;
		buf_init(&b, sizeof ret->newest - 1);
		buf_add_b64url(&b, der.p, der.n);
		(void)snprintf(ret->newest, sizeof ret->newest, "%s", buf_cstr(&b));
		buf_done(&b);
	}
	return wire_end(&w) == 0 ? EXIT_DONE : ctl_down("keeper", ERR_PROTO);
}

static int
is_signed(const struct keys *k, const struct audit_point *p)
{
	size_t i;

	for (i = 0; i < k->n; i++)
		if (audit_point_check(p, k->v[i]) == 0)
			return 1;
	return 0;
}

/* In the order of their numbers. */
static int
points_add(struct points *all, const struct audit_point *p)
{
	struct audit_point *grown;
	size_t i;

	if (all->n == all->room) {
		all->room = all->room * 2 + 64;
		grown = mem_realloc(all->v, all->room * sizeof *grown);
		if (grown == NULL)
			return ctl_say(EXIT_REFUSED, "out of memory");
		all->v = grown;
	}
	for (i = all->n; i > 0 && all->v[i - 1].number > p->number; i--)
		all->v[i] = all->v[i - 1];
	all->v[i] = *p;
	all->n++;
	return EXIT_DONE;
}

static int
points_read(struct audit_source *s, const struct keys *keys, struct points *ret)
{
	struct audit_point p;
	uint64_t from = 1;
	struct wire w;
	unsigned n;
	int rc;

	do {
		rc = audit_source_page(s, AUDIT_ASK_POINTS, from);
		if (rc != EXIT_DONE)
			return rc;
		wire_init(&w, s->page.p, s->page.n);
		n = wire_u16(&w);
		for (unsigned i = 0; i < n; i++) {
			audit_point_get(&w, &p);
			if (w.err != 0)
				return ctl_down("keeper", ERR_PROTO);
			if (!is_signed(keys, &p))
				return ctl_say(EXIT_REFUSED,
				    "the signature at number %llu is not the hub's",
				    (unsigned long long)p.number);
			rc = points_add(ret, &p);
			if (rc != EXIT_DONE)
				return rc;
			from = p.number + 1;
		}
	} while (n > 0);
	return EXIT_DONE;
}

static const char *
text_of(const json_t *j, const char *name)
{
	const char *s = json_string_value(json_object_get(j, name));

	return s != NULL ? s : "";
}

/* What `audit checkpoint` has printed: signed by the key that stands in it, which has to
 * be one of the log's. */
static int
point_load(const char *path, const struct keys *keys, struct audit_point *ret)
{
	static const struct json_caps caps = { POINT_FILE, 4, 16, POINT_FILE };
	struct fault why = { 0 };
	json_t *j = NULL;
	struct buf b;
	int ok = 0;

	memset(ret, 0, sizeof *ret);
	buf_init(&b, POINT_FILE);
	if (file_read(path, &b) == 0 && json_read(buf_slice(&b), &caps, &j, &why) == 0) {
		ret->number = (uint64_t)json_integer_value(json_object_get(j, "number"));
		ret->minute = json_integer_value(json_object_get(j, "minute"));
		ok = hex_decode(slice_of(text_of(j, "sum")), ret->sum, 32) == 32 &&
		     strlen(text_of(j, "jws")) <= AUDIT_JWS_MAX && ret->number > 0;
		if (ok)
			(void)snprintf(
			    ret->jws, sizeof ret->jws, "%s", text_of(j, "jws"));
	}
	json_decref(j);
	buf_done(&b);
	if (!ok)
		return ctl_say(EXIT_USAGE,
		    "%s: expected what \"ceptoarctl audit checkpoint\" prints", path);
	if (!is_signed(keys, ret))
		return ctl_say(EXIT_REFUSED,
		    "%s: not signed by a key of this log: the log, or the file, is "
		    "another's",
		    path);
	return EXIT_DONE;
}

static void
row_json(json_t *rows, const struct audit_row *r)
{
	char at[32], person[2 * RECEIVER_LEN + 1];
	time_t t = (time_t)r->minute * 60;
	struct tm tm;
	unsigned i;

	if (gmtime_r(&t, &tm) == NULL ||
	    strftime(at, sizeof at, "%Y-%m-%dT%H:%MZ", &tm) == 0)
		at[0] = '\0';
	for (i = 0; i < RECEIVER_LEN; i++)
		(void)snprintf(person + 2 * i, 3, "%02x", r->person[i]);
	(void)json_array_append_new(
	    rows, json_pack("{s:I, s:s, s:s, s:s, s:s, s:s}", "number",
		      (json_int_t)r->number, "at", at, "person", person, "action",
		      r->action, "ref", r->ref, "detail", r->detail));
}

/* Walks all rows; `rows` takes those from `show` on, NULL: none. */
static int
rows_read(struct audit_source *s, struct points *points, struct audit_walk *walk,
    json_t *rows, uint64_t show)
{
	uint64_t from = points != NULL || s->path != NULL ? 1 : show;
	struct audit_row r;
	struct wire w;
	unsigned n, i;
	int rc;

	do {
		rc = audit_source_page(s, AUDIT_ASK_ROWS, from);
		if (rc != EXIT_DONE)
			return rc;
		wire_init(&w, s->page.p, s->page.n);
		n = wire_u16(&w);
		for (i = 0; i < n; i++) {
			audit_row_get(&w, &r);
			if (w.err != 0)
				return ctl_down("keeper", ERR_PROTO);
			audit_walk_row(walk, &r);
			while (points != NULL && points->at < points->n &&
			       points->v[points->at].number <= r.number)
				audit_walk_point(walk, &points->v[points->at++]);
			if (rows != NULL && r.number >= show)
				row_json(rows, &r);
			from = r.number + 1;
		}
	} while (n > 0);
	return EXIT_DONE;
}

static int
verdict(const struct audit_walk *w, size_t n_signed)
{
	if (w->wrong != 0)
		return ctl_say(EXIT_REFUSED, "the log does not verify: row %llu %s",
		    (unsigned long long)w->wrong, w->what);
	(void)printf("the log verifies: %llu rows, %zu of them signed\n",
	    (unsigned long long)w->next - 1, n_signed);
	return EXIT_DONE;
}

static int
do_verify(struct ctl *c, const char *path, const char *checkpoint)
{
	struct keys keys = { .n = 0 };
	struct points points = { 0 };
	struct audit_walk walk = { 0 };
	struct audit_source s;
	struct audit_point kept;
	int rc;

	rc = audit_source_open(&s, c, path);
	if (rc == EXIT_DONE)
		rc = keys_read(&s, &keys);
	if (rc == EXIT_DONE)
		rc = points_read(&s, &keys, &points);
	if (rc == EXIT_DONE && checkpoint != NULL) {
		rc = point_load(checkpoint, &keys, &kept);
		if (rc == EXIT_DONE)
			rc = points_add(&points, &kept);
	}
	if (rc == EXIT_DONE)
		rc = rows_read(&s, &points, &walk, NULL, 0);
	if (rc == EXIT_DONE) {
		audit_walk_end(&walk, points.n > 0 ? points.v[points.n - 1].number : 0);
		rc = verdict(&walk, points.n - (checkpoint != NULL));
	}
	rc = audit_source_close(&s, rc);
	keys_done(&keys);
	mem_free(points.v);
	return rc;
}

static int
do_list(struct ctl *c, const char *path, uint64_t from)
{
	struct keys keys = { .n = 0 };
	struct points points = { 0 };
	struct audit_walk walk = { 0 };
	json_t *rows = json_array(), *all;
	struct audit_source s;
	struct buf out;
	int rc;

	rc = audit_source_open(&s, c, path);
	if (rc == EXIT_DONE && path != NULL) { /* they come first */
		rc = keys_read(&s, &keys);
		if (rc == EXIT_DONE)
			rc = points_read(&s, &keys, &points);
	}
	if (rc == EXIT_DONE)
		rc = rows_read(&s, NULL, &walk, rows, from);
	rc = audit_source_close(&s, rc);
	keys_done(&keys);
	mem_free(points.v);
	all = json_pack("{s:o}", "rows", rows);
	buf_init(&out, FILE_MAX);
	if (rc == EXIT_DONE && json_canonical(all, &out) == 0)
		ctl_show_json(c, buf_slice(&out));
	buf_done(&out);
	json_decref(all);
	return rc;
}

/* The last row as the hub signs it now, with its key: to be kept away from the hub. */
static int
do_checkpoint(struct ctl *c)
{
	struct keys keys = { .n = 0 };
	struct points points = { 0 };
	const struct audit_point *p;
	struct audit_source s;
	struct buf out;
	int rc;

	rc = audit_source_open(&s, c, NULL);
	if (rc == EXIT_DONE)
		rc = audit_source_page(&s, AUDIT_ASK_SIGN, 0);
	if (rc == EXIT_DONE)
		rc = keys_read(&s, &keys);
	if (rc == EXIT_DONE)
		rc = points_read(&s, &keys, &points);
	rc = audit_source_close(&s, rc);
	if (rc == EXIT_DONE && points.n == 0)
		rc = ctl_say(EXIT_REFUSED, "there are no rows yet");
	if (rc == EXIT_DONE) {
		p = &points.v[points.n - 1];
		buf_init(&out, POINT_FILE);
		buf_addf(&out, "{\"jws\":\"%s\",\"key\":\"%s\",\"minute\":%lld,", p->jws,
		    keys.newest, (long long)p->minute);
		buf_addf(
		    &out, "\"number\":%llu,\"sum\":\"", (unsigned long long)p->number);
		buf_add_hex(&out, p->sum, sizeof p->sum);
		buf_adds(&out, "\"}\n");
		ctl_print(&out);
	}
	keys_done(&keys);
	mem_free(points.v);
	return rc;
}

static const char help_audit[] =
    "NAME\n"
    "    ceptoarctl audit - who of a desk looked at or did what\n"
    "\n"
    "SYNOPSIS\n"
    "    ceptoarctl audit verify FILE.db|--live [--checkpoint FILE]\n"
    "    ceptoarctl audit list [FILE.db] [--from NUMBER]\n"
    "    ceptoarctl audit checkpoint\n"
    "\n"
    "DESCRIPTION\n"
    "    Every call of a desk is a row, those that only read too: the minute, the "
    "person by\n"
    "    its id, the action, and the id of the case, report, bulletin or draft.  Zeros "
    "are\n"
    "    no person: export, import and signing keys of the administrator, and what a\n"
    "    standing order has passed on.  No row\n"
    "    names a sender.  Rows are chained, and the hub signs the last one every 256 "
    "rows,\n"
    "    once a day and when it ends.\n"
    "\n"
    "    verify says which row was changed, removed or put elsewhere.  Who owns the "
    "machine\n"
    "    can cut the end off, or write all of it anew and sign that: then only a "
    "signature\n"
    "    that was kept elsewhere tells.  `audit checkpoint` prints one, of the last row "
    "now;\n"
    "    give it with --checkpoint.  FILE.db is the keeper's database of a stopped hub, "
    "or a\n"
    "    copy; it is not changed.\n"
    "\n"
    "EXIT STATUS\n"
    "    0 it verifies; 1 it does not, or cannot be read; 2 usage; 3 the keeper is "
    "away\n";

int
cmd_audit(struct ctl *c, int argc, char **argv)
{
	static const struct option names[] = { { "live", 0, NULL, 'l' },
		{ "checkpoint", 1, NULL, 'c' }, { "from", 1, NULL, 'f' },
		{ NULL, 0, NULL, 0 } };
	const char *checkpoint = NULL, *verb = argc > 0 ? argv[0] : "", *path = NULL;
	uint64_t from = 1;
	int o, live = 0;

	if (strcmp(verb, "--help") == 0) {
		(void)fputs(help_audit, stdout);
		return EXIT_DONE;
	}
	optind = 0;
	while (argc > 0 && (o = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (o == 'l')
			live = 1;
		else if (o == 'c')
			checkpoint = optarg;
		else if (o == 'f')
			from = strtoull(optarg, NULL, 10);
		else
			return EXIT_USAGE;
	}
	if (argc > 0 && optind < argc)
		path = argv[optind++];
	if (strcmp(verb, "verify") == 0 && optind == argc && live == (path == NULL))
		return do_verify(c, path, checkpoint);
	if (strcmp(verb, "list") == 0 && optind == argc)
		return do_list(c, path, from);
	if (strcmp(verb, "checkpoint") == 0 && argc == 1)
		return do_checkpoint(c);
	return ctl_say(EXIT_USAGE,
	    "audit: verify FILE.db|--live, list or checkpoint; see "
	    "ceptoarctl audit --help");
}
