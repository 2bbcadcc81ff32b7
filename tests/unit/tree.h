/* SPDX-License-Identifier: Apache-2.0 */
/* Files of the tree, and the taxonomy that they make. */
#ifndef TESTS_UNIT_TREE_H
#define TESTS_UNIT_TREE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "lib/file.h"
#include "proto/json.h"
#include "proto/taxonomy.h"

enum { TREE_FILE_MAX = 8 * 1024 * 1024 };

/* *ret is made here; the caller calls buf_done. */
static inline void
read_file(const char *path, struct buf *ret)
{
	int rc;

	buf_init(ret, TREE_FILE_MAX);
	rc = file_read(path, ret);
	if (rc != 0)
		fail_msg("%s: %s", path, err_str(rc));
}

static inline json_t *
load(const char *path)
{
	json_error_t e;
	struct buf b;
	json_t *j;

	read_file(path, &b);
	j = json_loadb(b.p, b.n, JSON_REJECT_DUPLICATES, &e);
	if (j == NULL)
		fail_msg("%s: %s, line %d", path, e.text, e.line);
	buf_done(&b);
	return j;
}

static inline struct taxonomy *
load_taxonomy(void)
{
	struct taxonomy *t = NULL;
	struct buf a, b, why;

	read_file("conf/ceptoars.json", &a);
	read_file("conf/taxonomy.json", &b);
	buf_init(&why, 4096);
	if (taxonomy_new(&t, buf_slice(&a), buf_slice(&b), &why) != 0)
		fail_msg("%s", buf_cstr(&why));
	buf_done(&a);
	buf_done(&b);
	buf_done(&why);
	return t;
}

#endif
