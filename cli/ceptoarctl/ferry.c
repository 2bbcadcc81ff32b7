/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <openssl/evp.h>

#include "cli/ceptoarctl/ctl.h"
#include "lib/file.h"
#include "proto/bundle.h"
#include "proto/msg_keeper.h"

/* Files to and from hubs that no network reaches. */

enum { JST_MINUTES = 9 * 60, DAY_MINUTES = 24 * 60 };

struct ferry {
	struct ctl *c;
	struct call *keeper;
	const char *ceptoar, *hub, *out, *trust, *cursor;
	int acks;
	int64_t minute; /* since then */
	struct bundle_head head;
	char next[64]; /* for the next export */
	struct buf rows;
};

/* "2026-11-08" or "2026-11-08T09:00", Japan's time; 0 when it is neither. */
static int
read_time(const char *s, int64_t *ret)
{
	int y = 0, mo = 0, d = 0, h = 0, mi = 0, n = 0;
	int64_t days;

	if (sscanf(s, "%4d-%2d-%2d%n", &y, &mo, &d, &n) != 3 || n != 10)
		return 0;
	if (s[10] != '\0' &&
	    (sscanf(s + 10, "T%2d:%2d%n", &h, &mi, &n) != 2 || n != 6 || s[16] != '\0'))
		return 0;
	if (y < 2000 || y > 9999 || mo < 1 || mo > 12 || d < 1 || d > 31 || h < 0 ||
	    h > 23 || mi < 0 || mi > 59)
		return 0;
	/* Days since 1970 of a year that begins in March. */
	y -= mo <= 2;
	days = (int64_t)y * 365 + y / 4 - y / 100 + y / 400 +
	       (153 * (mo + (mo > 2 ? -3 : 9)) + 2) / 5 + d - 1 - 719468;
	*ret = days * DAY_MINUTES + h * 60 + mi - JST_MINUTES;
	return 1;
}

/* One question to the keeper; the body of its answer points into c->answer. */
static int
ask(struct ferry *f, uint16_t type, const struct buf *b, struct slice *ret)
{
	uint16_t status;
	int rc = buf_err(b);

	if (rc == 0)
		rc = call_do(f->keeper, type, buf_slice(b), &f->c->answer, &status);
	return ctl_keeper_verdict(f->c, rc, ret);
}

/* Takes a page of rows; *ret: where the next one begins, 0 at the end. */
static int
take_page(struct ferry *f, struct slice body, uint64_t *ret)
{
	const char *end = body.n > 0 ? memchr(body.p, '\n', body.n) : NULL;
	json_t *j =
	    end != NULL ? json_loadb(body.p, (size_t)(end - body.p), 0, NULL) : NULL;
	const char *hub = json_string_value(json_object_get(j, "hub")),
		   *cursor = json_string_value(json_object_get(j, "cursor"));
	const char *at;
	int rc = EXIT_DONE;

	if (hub == NULL || strlen(hub) != BUNDLE_HUB || cursor == NULL ||
	    strlen(cursor) >= sizeof f->next) {
		json_decref(j);
		return ctl_say(EXIT_REFUSED, "the keeper's answer is no page");
	}
	memcpy(f->head.hub, hub, BUNDLE_HUB + 1);
	memcpy(f->next, cursor, strlen(cursor) + 1);
	*ret = (uint64_t)json_integer_value(json_object_get(j, "next"));
	body.n -= (size_t)(end + 1 - body.p);
	body.p = end + 1;
	buf_add(&f->rows, body.p, body.n);
	for (at = body.p; at < body.p + body.n; at++)
		f->head.rows += *at == '\n';
	if (buf_err(&f->rows) != 0 || f->head.rows > BUNDLE_ROWS_MAX)
		rc = ctl_say(EXIT_REFUSED, "more than a file may hold (64 MiB, 100000 "
					   "rows): say a later --since");
	json_decref(j);
	return rc;
}

static int
collect(struct ferry *f)
{
	uint64_t from = 0;
	struct slice body;
	struct buf b;
	int rc;

	buf_init(&b, 512);
	do {
		buf_reset(&b);
		wire_put_u8(&b, f->acks ? BUNDLE_ACKS : BUNDLE_BULLETINS);
		wire_put_str(&b, slice_of(f->ceptoar));
		wire_put_str(&b, slice_of(f->hub != NULL ? f->hub : ""));
		wire_put_str(&b, slice_of(f->cursor != NULL ? f->cursor : ""));
		wire_put_i64(&b, f->minute);
		wire_put_u64(&b, from);
		rc = ask(f, KM_A_EXPORT, &b, &body);
		if (rc == EXIT_DONE)
			rc = take_page(f, body, &from);
	} while (rc == EXIT_DONE && from > 0);
	buf_done(&b);
	return rc;
}

/* The header, signed by the keeper, before the rows. */
static int
write_file(struct ferry *f)
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	struct buf head, b, file;
	struct slice jws;
	unsigned n = 0;
	int rc = EXIT_REFUSED;

	buf_init(&head, BUNDLE_HEAD_MAX);
	buf_init(&b, 2 * BUNDLE_HEAD_MAX);
	buf_init(&file, BUNDLE_MAX);
	f->head.kind = f->acks ? BUNDLE_ACKS : BUNDLE_BULLETINS;
	(void)snprintf(f->head.ceptoar, sizeof f->head.ceptoar, "%s", f->ceptoar);
	if (EVP_Digest(f->rows.p, f->rows.n, sum, &n, EVP_sha256(), NULL) == 1) {
		memcpy(f->head.sum, sum, sizeof f->head.sum);
		rc = bundle_head_write(&f->head, &head) == 0 ? EXIT_DONE : EXIT_REFUSED;
	}
	wire_put_str(&b, buf_slice(&head));
	if (rc == EXIT_DONE)
		rc = ask(f, KM_A_BUNDLE_SIGN, &b, &jws);
	if (rc == EXIT_DONE) {
		buf_add(&file, jws.p, jws.n);
		buf_addc(&file, '\n');
		buf_add(&file, f->rows.p, f->rows.n);
		if (buf_err(&file) != 0 || file_write(f->out, 0640, file.p, file.n) != 0)
			rc = ctl_say(EXIT_REFUSED, "%s: cannot be written", f->out);
	}
	if (rc == EXIT_DONE)
		(void)printf("%s: %u rows of hub %s\nnext: --since %s\n", f->out,
		    (unsigned)f->head.rows, f->head.hub, f->next);
	buf_done(&head);
	buf_done(&b);
	buf_done(&file);
	return rc;
}

static int
read_options(struct ferry *f, int argc, char **argv)
{
	static const struct option names[] = { { "ceptoar", 1, NULL, 'c' },
		{ "since", 1, NULL, 's' }, { "out", 1, NULL, 'o' },
		{ "acks", 0, NULL, 'a' }, { "hub", 1, NULL, 'h' },
		{ "trust", 1, NULL, 't' }, { NULL, 0, NULL, 0 } };
	int o;

	optind = 0;
	while ((o = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (o == 'c')
			f->ceptoar = optarg;
		else if (o == 's' && !read_time(optarg, &f->minute))
			f->cursor = optarg;
		else if (o == 'o')
			f->out = optarg;
		else if (o == 'a')
			f->acks = 1;
		else if (o == 'h')
			f->hub = optarg;
		else if (o == 't')
			f->trust = optarg;
		else if (o != 's')
			return EXIT_USAGE;
	}
	return EXIT_DONE;
}

int
cmd_export(struct ctl *c, int argc, char **argv)
{
	struct ferry f = { .c = c };
	int rc;

	if (argc == 1 && strcmp(argv[0], "--help") == 0) {
		(void)fputs(help_export, stdout);
		return EXIT_DONE;
	}
	/* getopt wants the command before the options. */
	rc = read_options(&f, argc + 1, argv - 1);
	if (rc == EXIT_DONE &&
	    (optind != argc + 1 || f.ceptoar == NULL || f.out == NULL ||
		f.acks != (f.hub != NULL) || f.trust != NULL ||
		(f.hub != NULL && strlen(f.hub) != BUNDLE_HUB)))
		rc = EXIT_USAGE;
	if (rc != EXIT_DONE) {
		(void)fputs(help_export, stderr);
		return rc;
	}
	buf_init(&f.rows, BUNDLE_MAX);
	rc = ctl_keeper_open(c, &f.keeper);
	if (rc == EXIT_DONE)
		rc = collect(&f);
	if (rc == EXIT_DONE)
		rc = write_file(&f);
	call_close(f.keeper);
	buf_done(&f.rows);
	return rc;
}

/* A row goes to the keeper, which looks at everything again. */
static int
import_row(struct ferry *f, const struct bundle *b, struct slice jwks, struct slice row,
    unsigned counts[5])
{
	static const char *const words[] = { "new", "followed", "recorded", "known",
		"file" };
	struct slice body;
	struct buf q;
	json_t *j;
	const char *got;
	size_t i;
	int rc;

	buf_init(&q, KEEPER_FRAME_MAX);
	wire_put_u8(&q, (uint8_t)b->head.kind);
	wire_put_str(&q, jwks);
	wire_put_str(&q, slice_of(b->head.hub));
	wire_put_str(&q, slice_of(f->ceptoar != NULL ? f->ceptoar : b->head.ceptoar));
	wire_put_str(&q, row);
	rc = ask(f, KM_A_IMPORT, &q, &body);
	buf_done(&q);
	if (rc != EXIT_DONE)
		return ctl_say(
		    rc, "row %u is refused; those before it stand", (unsigned)b->row);
	j = json_loadb(body.p, body.n, 0, NULL);
	got = json_string_value(json_object_get(j, "result"));
	for (i = 0; got != NULL && i < 5; i++)
		counts[i] += strcmp(got, words[i]) == 0;
	json_decref(j);
	return EXIT_DONE;
}

static int
import_file(struct ferry *f, const char *path, struct slice file, struct slice jwks,
    const struct jwks *trust)
{
	unsigned counts[5] = { 0, 0, 0, 0, 0 };
	struct fault why = { P_INTERNAL, "", NULL };
	struct slice row;
	struct bundle b;
	int rc = bundle_open(file, trust, &b, &why);

	if (rc != 0)
		return ctl_say(EXIT_REFUSED, "%s: refused at %s: expected %s", path,
		    why.pointer[0] != '\0' ? why.pointer : "the file",
		    why.detail != NULL ? why.detail : err_str(rc));
	rc = ctl_keeper_open(f->c, &f->keeper);
	while (rc == EXIT_DONE && bundle_next(&b, &row) == 1)
		rc = import_row(f, &b, jwks, row, counts);
	if (rc == EXIT_DONE)
		(void)printf(
		    "%s: %u rows of hub %s: %u new, %u followed, %u recorded, %u "
		    "known before, %u files\n",
		    path, (unsigned)b.head.rows, b.head.hub, counts[0], counts[1],
		    counts[2], counts[3], counts[4]);
	return rc;
}

int
cmd_import(struct ctl *c, int argc, char **argv)
{
	struct fault why = { P_INTERNAL, "", NULL };
	struct ferry f = { .c = c };
	struct jwks *trust = NULL;
	struct buf jwks, file;
	int rc;

	if (argc == 1 && strcmp(argv[0], "--help") == 0) {
		(void)fputs(help_import, stdout);
		return EXIT_DONE;
	}
	rc = read_options(&f, argc + 1, argv - 1);
	if (rc == EXIT_DONE && (optind + 1 != argc + 1 || f.trust == NULL ||
				   f.out != NULL || f.hub != NULL || f.acks))
		rc = EXIT_USAGE;
	if (rc != EXIT_DONE) {
		(void)fputs(help_import, stderr);
		return rc;
	}
	argv--;
	buf_init(&jwks, JWKS_MAX);
	buf_init(&file, BUNDLE_MAX);
	if (file_read(f.trust, &jwks) != 0 ||
	    jwks_read(buf_slice(&jwks), &trust, &why) != 0)
		rc = ctl_say(EXIT_REFUSED, "%s: no JWK set%s%s", f.trust,
		    why.detail != NULL ? ": expected " : "",
		    why.detail != NULL ? why.detail : "");
	else if (file_read(argv[optind], &file) != 0)
		rc = ctl_say(EXIT_REFUSED, "%s: cannot be read", argv[optind]);
	if (rc == EXIT_DONE)
		rc = import_file(
		    &f, argv[optind], buf_slice(&file), buf_slice(&jwks), trust);
	call_close(f.keeper);
	jwks_free(trust);
	buf_done(&jwks);
	buf_done(&file);
	return rc;
}
