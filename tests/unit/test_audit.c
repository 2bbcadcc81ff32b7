/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "proto/audit.h"

enum { ROWS = 6 };

/* A chain of six rows. */
static void
chain(struct audit_row *v)
{
	unsigned i;

	memset(v, 0, ROWS * sizeof *v);
	for (i = 0; i < ROWS; i++) {
		v[i].number = i + 1;
		v[i].minute = 29900000 + i;
		memset(v[i].person, (int)i + 1, sizeof v[i].person);
		memset(v[i].receiver, 7, sizeof v[i].receiver);
		(void)snprintf(v[i].action, sizeof v[i].action, "case.look");
		(void)snprintf(v[i].ref, sizeof v[i].ref, "%032u", i);
		if (i > 0)
			memcpy(v[i].prev, v[i - 1].sum, sizeof v[i].prev);
		assert_int_equal(audit_row_sum(&v[i], v[i].sum), 0);
	}
}

/* What the owner of the machine can do who does not have the key: sums anew. */
static void
chain_anew(struct audit_row *v, unsigned from)
{
	unsigned i;

	for (i = from; i < ROWS; i++) {
		if (i > 0)
			memcpy(v[i].prev, v[i - 1].sum, sizeof v[i].prev);
		assert_int_equal(audit_row_sum(&v[i], v[i].sum), 0);
	}
}

static void
change_action(struct audit_row *v)
{
	v[2].action[0] = 'x';
}

static void
change_person(struct audit_row *v)
{
	v[3].person[15] ^= 1;
}

static void
change_minute(struct audit_row *v)
{
	v[0].minute--;
}

/* The same bytes in a row, the border between two fields elsewhere. */
static void
change_border(struct audit_row *v)
{
	(void)snprintf(v[4].action, sizeof v[4].action, "case.look0");
	memmove(v[4].ref, v[4].ref + 1, sizeof v[4].ref - 1);
}

static void
change_and_sum(struct audit_row *v)
{
	v[1].action[0] = 'x';
	assert_int_equal(audit_row_sum(&v[1], v[1].sum), 0);
}

static void
change_and_chain(struct audit_row *v)
{
	v[1].action[0] = 'x';
	chain_anew(v, 1);
}

static void
swap_rows(struct audit_row *v)
{
	struct audit_row r = v[2];

	v[2] = v[3];
	v[3] = r;
}

static void
swap_contents(struct audit_row *v)
{
	swap_rows(v);
	v[2].number = 3;
	v[3].number = 4;
}

static void
swap_and_chain(struct audit_row *v)
{
	swap_contents(v);
	chain_anew(v, 2);
}

static void
test_what_is_found(void **state)
{
	static const struct {
		void (*fn)(struct audit_row *v);
		unsigned without; /* this number is removed */
		unsigned rows;	  /* as many are left */
		unsigned wrong;
		const char *what;
	} table[] = {
		{ NULL, 0, ROWS, 0, NULL },
		{ change_action, 0, ROWS, 3, "was changed" },
		{ change_person, 0, ROWS, 4, "was changed" },
		{ change_minute, 0, ROWS, 1, "was changed" },
		{ change_border, 0, ROWS, 5, "was changed" },
		{ change_and_sum, 0, ROWS, 3, "does not follow" },
		{ change_and_chain, 0, ROWS, 5, "is not what was signed" },
		{ swap_rows, 0, ROWS, 3, "is missing" },
		{ swap_contents, 0, ROWS, 3, "was changed" },
		{ swap_and_chain, 0, ROWS, 5, "is not what was signed" },
		{ NULL, 1, ROWS, 1, "is missing" },
		{ NULL, 4, ROWS, 4, "is missing" },
		{ NULL, 0, 5, 0, NULL }, /* row 6 was never signed */
		{ NULL, 0, 4, 5, "rows at the end" },
		{ NULL, 0, 0, 1, "rows at the end" },
	};
	struct audit_row v[ROWS];
	struct audit_point p;
	struct audit_walk w;
	size_t i;
	unsigned k;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		chain(v);
		memset(&w, 0, sizeof w);
		memset(&p, 0, sizeof p);
		p.number = 5;
		memcpy(p.sum, v[4].sum, sizeof p.sum);
		if (table[i].fn != NULL)
			table[i].fn(v);
		for (k = 0; k < table[i].rows; k++) {
			if (k + 1 == table[i].without)
				continue;
			audit_walk_row(&w, &v[k]);
			if (v[k].number == p.number)
				audit_walk_point(&w, &p);
		}
		audit_walk_end(&w, p.number);
		if (w.wrong != table[i].wrong ||
		    (w.what == NULL) != (table[i].what == NULL) ||
		    (w.what != NULL && strstr(w.what, table[i].what) == NULL))
			fail_msg("%zu: row %u %s", i, (unsigned)w.wrong,
			    w.what != NULL ? w.what : "");
	}
}

static void
test_signature(void **state)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	EVP_PKEY *other = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	struct audit_point p, q;

	(void)state;
	memset(&p, 0, sizeof p);
	p.number = 256;
	p.minute = 29900000;
	memset(p.sum, 9, sizeof p.sum);
	assert_int_equal(audit_point_sign(&p, key), 0);
	assert_int_equal(audit_point_check(&p, key), 0);
	assert_int_not_equal(audit_point_check(&p, other), 0);
	q = p;
	q.number++;
	assert_int_not_equal(audit_point_check(&q, key), 0);
	q = p;
	q.minute++;
	assert_int_not_equal(audit_point_check(&q, key), 0);
	q = p;
	q.sum[31] ^= 1;
	assert_int_not_equal(audit_point_check(&q, key), 0);
	q = p;
	q.jws[0] = '\0';
	assert_int_not_equal(audit_point_check(&q, key), 0);
	EVP_PKEY_free(key);
	EVP_PKEY_free(other);
}

static void
test_wire(void **state)
{
	struct audit_point p, q;
	struct audit_row v[ROWS], got;
	struct wire w;
	struct buf b;
	size_t n;

	(void)state;
	chain(v);
	buf_init(&b, 4096);
	audit_row_put(&b, &v[3]);
	wire_init(&w, b.p, b.n);
	audit_row_get(&w, &got);
	assert_int_equal(wire_end(&w), 0);
	assert_memory_equal(&got, &v[3], sizeof got);
	for (n = 0; n < b.n; n++) { /* cut anywhere */
		wire_init(&w, b.p, n);
		audit_row_get(&w, &got);
		assert_int_not_equal(wire_end(&w), 0);
	}
	/* A NUL inside a text would hide what is behind it. */
	b.p[8 + 8 + 32 + 4 + 1] = '\0';
	wire_init(&w, b.p, b.n);
	audit_row_get(&w, &got);
	assert_int_not_equal(wire_end(&w), 0);
	buf_reset(&b);
	memset(&p, 0, sizeof p);
	p.number = 1;
	(void)snprintf(p.jws, sizeof p.jws, "a.b.c");
	audit_point_put(&b, &p);
	wire_init(&w, b.p, b.n);
	audit_point_get(&w, &q);
	assert_int_equal(wire_end(&w), 0);
	assert_memory_equal(&p, &q, sizeof p);
	buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_found),
		cmocka_unit_test(test_signature),
		cmocka_unit_test(test_wire),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
