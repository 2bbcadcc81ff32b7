/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/form.h"

/* Whatever is taken is short, visible, and reads the same when it is written again. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
write_again(struct buf *b, const struct form_field *f)
{
	const char *p;

	if (!f->there)
		return;
	buf_addf(b, "%s%s=", b->n > 0 ? "&" : "", f->name);
	for (p = f->value; *p != '\0'; p++)
		buf_addf(b, "%%%02x", (unsigned)(unsigned char)*p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct form_field one[] = { { .name = "seal" }, { .name = "status" },
		{ .name = "forwarded" } },
			  two[] = { { .name = "seal" }, { .name = "status" },
				  { .name = "forwarded" } };
	struct buf b;
	size_t i, k;

	if (form_read((struct slice){ (const char *)data, n }, one, 3) != 0)
		return 0;
	buf_init(&b, 65536);
	for (i = 0; i < 3; i++) {
		if (strlen(one[i].value) > FORM_VALUE_MAX)
			abort();
		for (k = 0; one[i].value[k] != '\0'; k++)
			if (one[i].value[k] < 0x20 || one[i].value[k] > 0x7E)
				abort();
		write_again(&b, &one[i]);
	}
	if (form_read(buf_slice(&b), two, 3) != 0)
		abort();
	for (i = 0; i < 3; i++)
		if (strcmp(one[i].value, two[i].value) != 0)
			abort();
	buf_done(&b);
	return 0;
}
