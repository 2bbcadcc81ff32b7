/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/subscription.h"

#include "proto/topic_value.h"

/* Apart from subscription.c, for the vault reads subscriptions and folds no text. */

enum { NAME_MAX_FOLDED = 64 * 1024 };

/* A blank of any kind is one space, and none at either end. */
static uint32_t
fnv(struct slice name)
{
	uint32_t h = 2166136261u;
	size_t i;
	int blank = 0, any = 0;
	unsigned char c;

	for (i = 0; i < name.n; i++) {
		c = (unsigned char)name.p[i];
		if (c == ' ' || (c >= '\t' && c <= '\r')) {
			blank = 1;
			continue;
		}
		if (blank && any)
			h = (h ^ ' ') * 16777619u;
		if (c >= 'A' && c <= 'Z')
			c = (unsigned char)(c + ('a' - 'A'));
		h = (h ^ c) * 16777619u;
		blank = 0;
		any = 1;
	}
	return h;
}

uint32_t
product_hash(struct slice name)
{
	struct buf b;
	uint32_t h;

	buf_init(&b, NAME_MAX_FOLDED);
	/* What cannot be folded is taken as it is written. */
	h = fnv(topic_product(name, &b) == 0 ? buf_slice(&b) : name);
	buf_done(&b);
	return h;
}
