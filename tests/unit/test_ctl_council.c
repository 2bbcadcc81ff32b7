/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ceptoarctl/council_plan.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "cli/ceptoarctl/ctl.h"
#include "lib/file.h"

static char dir[64];
static struct ctl c;

static int
setup(void **state)
{
	(void)state;
	(void)snprintf(dir, sizeof dir, "/tmp/test_ctl_council.XXXXXX");
	ctl_init(&c);
	return mkdtemp(dir) == NULL;
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static int
teardown(void **state)
{
	(void)state;
	ctl_done(&c);
	return nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* Keys of two groups, of epochs from `first` on; what tells one key from another is the
 * byte `mark` and its place. */
static struct key_statement *
request(uint32_t first, unsigned epochs, unsigned char mark)
{
	struct key_statement *s = calloc(1, sizeof *s);
	struct statement_key *k;
	unsigned i;

	assert_non_null(s);
	s->serial = 1;
	s->epoch_seconds = 604800;
	(void)snprintf(s->issued_at, sizeof s->issued_at, "2026-08-06T10:00:00+09:00");
	for (i = 0; i < 2 * epochs; i++) {
		k = &s->keys[s->n_keys++];
		(void)snprintf(
		    k->group, sizeof k->group, "%s", i % 2 == 0 ? "finance" : "energy");
		k->epoch = first + i / 2;
		memset(k->id, mark, sizeof k->id);
		k->id[0] = (unsigned char)k->epoch;
		k->id[1] = (unsigned char)(i % 2);
	}
	return s;
}

static struct key_statement plan;
static char notes[4096];

static int
planned(const struct key_statement *r, const struct key_statement *last, int replace)
{
	struct buf b;
	int rc;

	buf_init(&b, sizeof notes);
	rc = council_plan(r, last, replace, &plan, &b);
	(void)snprintf(notes, sizeof notes, "%s", buf_cstr(&b));
	buf_done(&b);
	return rc;
}

static void
test_first(void **state)
{
	struct key_statement *r = request(100, 14, 'a');

	(void)state;
	assert_int_equal(planned(r, NULL, 0), 0);
	assert_true(plan.serial == 1);
	assert_int_equal(plan.n_keys, 28);
	assert_int_equal(plan.n_revoked, 0);
	assert_string_equal(notes,
	    "finance            epochs 100 to 113: 14 keys, 14 of them new\n"
	    "energy             epochs 100 to 113: 14 keys, 14 of them new\n");
	r->n_keys = 0;
	assert_int_equal(planned(r, NULL, 0), ERR_INVALID);
	free(r);
}

/* A quarter later: the old keys are over, nothing is revoked. */
static void
test_next(void **state)
{
	struct key_statement *last = request(100, 14, 'a'), *r = request(112, 14, 'a');

	(void)state;
	last->serial = 7;
	last->n_revoked = 1;
	memset(last->revoked[0], 'r', KEY_ID_LEN);
	assert_int_equal(planned(r, last, 0), 0);
	assert_true(plan.serial == 8);
	assert_int_equal(plan.n_keys, 28);
	assert_int_equal(plan.n_revoked, 1); /* carried over */
	assert_int_equal(plan.revoked[0][0], 'r');
	assert_non_null(strstr(notes, "14 keys, 12 of them new"));
	r->epoch_seconds = 86400;
	assert_int_equal(planned(r, last, 1), ERR_INVALID);
	free(last);
	free(r);
}

/* After a restore the vault has other keys: only when the council is told so. */
static void
test_replaced(void **state)
{
	struct key_statement *last = request(100, 4, 'a'), *r = request(101, 4, 'b');
	struct key_statement kept;

	(void)state;
	assert_int_equal(planned(r, last, 0), ERR_CONFLICT);
	assert_int_equal(planned(r, last, 1), 0);
	assert_int_equal(plan.n_keys, 8);
	assert_int_equal(plan.n_revoked, 6); /* epoch 100 is over */
	assert_true(key_statement_revokes(&plan, last->keys[2].id));
	assert_false(key_statement_revokes(&plan, last->keys[0].id));
	assert_non_null(strstr(notes, "no longer the hub's: 6\n"));
	/* And what was revoked never comes back. */
	kept = plan;
	assert_int_equal(planned(last, &kept, 1), ERR_DENIED);
	/* A key that is gone without another in its place. */
	r->n_keys = 6;
	memcpy(r->keys, last->keys + 2, 5 * sizeof r->keys[0]);
	r->n_keys = 5;
	assert_int_equal(planned(r, last, 0), ERR_CONFLICT);
	free(last);
	free(r);
}

/* The list of what is revoked has an end; the oldest goes. */
static void
test_many_revoked(void **state)
{
	struct key_statement *last = request(100, 2, 'a'), *r = request(100, 2, 'b');
	unsigned i;

	(void)state;
	last->n_revoked = COUNCIL_REVOKED;
	for (i = 0; i < COUNCIL_REVOKED; i++) {
		memset(last->revoked[i], 0, KEY_ID_LEN);
		last->revoked[i][0] = (unsigned char)i;
		last->revoked[i][1] = (unsigned char)(i >> 8);
		last->revoked[i][31] = 'r';
	}
	assert_int_equal(planned(r, last, 1), 0);
	assert_int_equal(plan.n_revoked, COUNCIL_REVOKED);
	assert_int_equal(plan.revoked[0][0], 4);
	assert_memory_equal(
	    plan.revoked[COUNCIL_REVOKED - 1], last->keys[3].id, KEY_ID_LEN);
	free(last);
	free(r);
}

static char path_text[4][128];

static char *
at(unsigned slot, const char *name)
{
	(void)snprintf(path_text[slot], sizeof path_text[slot], "%s/%s", dir, name);
	return path_text[slot];
}

/* The command as it is typed; up to six words. */
static int
run(char *a, char *b, char *d, char *e, char *f, char *g)
{
	char *argv[] = { a, b, d, e, f, g, NULL };
	int argc = 0;

	while (argv[argc] != NULL)
		argc++;
	return cmd_council(&c, argc, argv);
}

static void
write_request(const char *path, const struct key_statement *s)
{
	struct buf b;

	buf_init(&b, STATEMENT_MAX);
	assert_int_equal(key_statement_write(s, &b), 0);
	assert_int_equal(file_write(path, 0600, b.p, b.n), 0);
	buf_done(&b);
}

static char init[] = "init", sign[] = "sign", show[] = "show", out[] = "--out",
	    replace[] = "--replace", council[] = "--council";

static struct key_statement *
opened(const char *statement)
{
	struct key_statement *s = NULL;
	struct fault why;
	struct buf b;
	EVP_PKEY *key;
	FILE *f = fopen(at(3, "office/council.pem"), "re");

	assert_non_null(f);
	key = PEM_read_PUBKEY(f, NULL, NULL, NULL);
	(void)fclose(f);
	buf_init(&b, STATEMENT_MAX);
	assert_int_equal(file_read(statement, &b), 0);
	b.n--; /* its line end */
	assert_int_equal(key_statement_open(key, buf_slice(&b), &s, &why), 0);
	buf_done(&b);
	EVP_PKEY_free(key);
	return s;
}

static void
test_ceremony(void **state)
{
	struct key_statement *r = request(100, 4, 'a'), *s;
	struct stat st;

	(void)state;
	assert_int_equal(run(init, at(0, "office"), NULL, NULL, NULL, NULL), EXIT_DONE);
	assert_int_equal(stat(at(1, "office/key.pem"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(stat(at(1, "office/council.pem"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	/* Never over a key that is there. */
	assert_int_equal(
	    run(init, at(0, "office"), NULL, NULL, NULL, NULL), EXIT_REFUSED);
	write_request(at(1, "request"), r);
	assert_int_equal(
	    run(sign, path_text[0], path_text[1], out, at(2, "one.jws"), NULL),
	    EXIT_DONE);
	s = opened(path_text[2]);
	assert_true(s->serial == 1);
	assert_int_equal(s->n_keys, 8);
	key_statement_free(s);
	/* Every statement has a serial of its own, also over the same keys. */
	assert_int_equal(
	    run(sign, path_text[0], path_text[1], out, path_text[2], NULL), EXIT_DONE);
	s = opened(path_text[2]);
	assert_true(s->serial == 2);
	key_statement_free(s);
	memset(r->keys[7].id, 'z', KEY_ID_LEN);
	write_request(path_text[1], r);
	assert_int_equal(
	    run(sign, path_text[0], path_text[1], out, at(2, "two.jws"), NULL),
	    EXIT_REFUSED);
	assert_false(file_exists(path_text[2]));
	assert_int_equal(
	    run(sign, replace, path_text[0], path_text[1], out, path_text[2]), EXIT_DONE);
	s = opened(path_text[2]);
	assert_true(s->serial == 3);
	assert_int_equal(s->n_revoked, 1);
	key_statement_free(s);
	assert_int_equal(
	    run(show, council, at(3, "office/council.pem"), path_text[2], NULL, NULL),
	    EXIT_DONE);
	free(r);
}

/* What was signed last is taken from nobody else, and not when it was changed. */
static void
test_not_ours(void **state)
{
	(void)state;
	assert_int_equal(run(init, at(0, "others"), NULL, NULL, NULL, NULL), EXIT_DONE);
	assert_int_equal(
	    run(show, council, at(3, "others/council.pem"), at(2, "two.jws"), NULL, NULL),
	    EXIT_REFUSED);
	assert_int_equal(file_write(at(3, "office/last.jws"), 0600, "a.b.c\n", 6), 0);
	assert_int_equal(
	    run(sign, at(0, "office"), at(1, "request"), NULL, NULL, NULL), EXIT_REFUSED);
	/* A signed statement is no request. */
	assert_int_equal(
	    run(sign, at(0, "others"), at(1, "two.jws"), NULL, NULL, NULL), EXIT_REFUSED);
	assert_int_equal(run(sign, at(0, "nowhere"), at(1, "request"), NULL, NULL, NULL),
	    EXIT_REFUSED);
	assert_int_equal(run(sign, at(0, "office"), NULL, NULL, NULL, NULL), EXIT_USAGE);
	assert_int_equal(run(show, at(1, "two.jws"), NULL, NULL, NULL, NULL), EXIT_USAGE);
	assert_int_equal(cmd_council(&c, 0, NULL), EXIT_USAGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first),
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_replaced),
		cmocka_unit_test(test_many_revoked),
		cmocka_unit_test(test_ceremony),
		cmocka_unit_test(test_not_ours),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
