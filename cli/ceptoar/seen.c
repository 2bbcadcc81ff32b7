/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ceptoar/seen.h"

#include <stdio.h>
#include <string.h>

/* FNV-1a, 64 bits: the hub could make two rows look alike, but it need not send them. */
static uint64_t
hash(const char *text, uint64_t h)
{
	for (; *text != '\0'; text++)
		h = (h ^ (unsigned char)*text) * 0x100000001b3U;
	return (h ^ 0xff) * 0x100000001b3U; /* the end counts too */
}

int
seen_before(struct seen *s, const char *event, const char *cursor, const json_t *data)
{
	const char *id = json_string_value(json_object_get(data, "id"));
	char revision[32] = "";
	uint64_t h;
	unsigned i;

	if (id != NULL)
		(void)snprintf(revision, sizeof revision, "%lld",
		    (long long)json_integer_value(json_object_get(data, "revision")));
	else if (cursor != NULL && cursor[0] != '\0')
		id = cursor;
	else
		return 0;
	h = hash(revision, hash(id, hash(event, 0xcbf29ce484222325U)));
	for (i = 0; i < s->n; i++)
		if (s->v[i] == h)
			return 1;
	s->v[s->next] = h;
	s->next = (s->next + 1) % SEEN_MAX;
	if (s->n < SEEN_MAX)
		s->n++;
	return 0;
}
