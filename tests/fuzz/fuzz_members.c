/* SPDX-License-Identifier: Apache-2.0 */
/* Any members file: what is accepted gives records whose texts the scrubber takes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "proto/members.h"
#include "proto/scrub.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const char ceptoars[] = "conf/ceptoars.json", classes[] = "conf/taxonomy.json";

static void
must(int holds)
{
	if (!holds)
		abort();
}

static void
read_file(const char *path, struct buf *b)
{
	char piece[4096];
	size_t n;
	FILE *f = fopen(path, "rbe");

	must(f != NULL);
	buf_init(b, 1 << 20);
	while ((n = fread(piece, 1, sizeof piece, f)) > 0)
		buf_add(b, piece, n);
	(void)fclose(f);
}

static struct taxonomy *
lists(void)
{
	static struct taxonomy *t; /* once for all inputs; reachable, so no leak */
	struct buf a, b;

	if (t != NULL)
		return t;
	read_file(ceptoars, &a);
	read_file(classes, &b);
	must(taxonomy_new(&t, buf_slice(&a), buf_slice(&b), NULL) == 0);
	buf_done(&a);
	buf_done(&b);
	return t;
}

static void
look(const json_t *members, size_t i)
{
	struct member_terms terms;
	struct vault_member m;
	struct scrubber *s = scrubber_new();
	struct slice text;
	size_t k;

	must(s != NULL);
	must(members_get(members, i, lists(), &m, &terms) == 0);
	must(m.id[0] != '\0' && memchr(m.id, '\0', sizeof m.id) != NULL);
	must(memchr(m.region, '\0', sizeof m.region) != NULL);
	must(memchr(m.size, '\0', sizeof m.size) != NULL);
	must(m.roles != 0);
	for (k = 0; k < terms.n; k++) {
		must(terms.v[k].n > 0 && terms.v[k].n <= VAULT_TERM_MAX);
		must(strcmp(terms.v[k].id, m.id) == 0);
		text.p = terms.v[k].text;
		text.n = terms.v[k].n;
		must(scrubber_add(s, terms.v[k].kind, text) == 0);
	}
	must(scrubber_ready(s) == 0);
	scrubber_free(s);
	mem_free(terms.v);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct slice text = { (const char *)data, n };
	struct fault why = { 0 };
	json_t *members = NULL;
	size_t i;
	int r;

	r = members_read(text, lists(), &members, &why);
	if (r != 0) {
		must(r == ERR_INVALID && why.problem != P_OK);
		must(memchr(why.pointer, '\0', sizeof why.pointer) != NULL);
		return 0;
	}
	for (i = 0; i < members_count(members) && i < 16; i++)
		look(members, i);
	json_decref(members);
	return 0;
}
