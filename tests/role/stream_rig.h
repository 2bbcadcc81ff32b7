/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STREAM_RIG_H
#define STREAM_RIG_H

/* A front with a small ring, streams at it, and what came by them. */
#include "tests/role/front_rig.h"

static struct rig *r;

static inline int
setup(void **state)
{
	(void)state;
	r = rig_new();
	r->opt.ring_bytes = 1 << 20;
	rig_start(r);
	return 0;
}

static inline int
teardown(void **state)
{
	(void)state;
	rig_free(r);
	return 0;
}

static inline struct rig_client *
stream(enum rig_who who, const char *query)
{
	struct rig_client *c = rig_connect(r, who);
	char text[512];

	(void)snprintf(text, sizeof text,
	    "GET /v1/stream%s HTTP/1.1\r\nHost: localhost\r\n\r\n", query);
	rig_say(r, c, text);
	rig_until(r, rig_count(c, "event: hello") == 1 || c->closed);
	return c;
}

/* The id of the n-th event of this name. */
static inline void
id_of(struct rig_client *c, const char *event, int n, char out[32])
{
	char what[64];
	const char *p = rig_in(c), *q;

	(void)snprintf(what, sizeof what, "\nevent: %s\n", event);
	do {
		p = strstr(p, what);
		assert_non_null(p);
		p++;
	} while (n-- > 0);
	for (q = p; strncmp(q, "id: ", 4) != 0; q--)
		assert_true(q > rig_in(c));
	memcpy(out, q + 4, 22);
	out[22] = '\0';
}

/* Rows n = from..to came once each and in this order. */
static inline void
in_order(struct rig_client *c, unsigned from, unsigned to)
{
	const char *p = rig_in(c);
	unsigned n;

	for (n = from; n <= to; n++) {
		p = strstr(p, "data: {\"n\":");
		assert_non_null(p);
		p += 11;
		assert_int_equal(strtoul(p, NULL, 10), n);
	}
	assert_null(strstr(p, "data: {\"n\":"));
}

#endif
