/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ceptoar/data.h"

#include <string.h>

#include "lib/file.h"

enum { FILE_MAX = 4 * 1024 * 1024 };

int
data_read(const char *name, struct buf *into)
{
	char path[PATH_MAX];
	int rc = file_find_data(name, path, sizeof path);

	if (rc == 0)
		rc = file_read(path, into);
	if (rc != 0)
		return session_say(EXIT_REFUSED,
		    "%s: %s; it belongs beside the program, in ../conf or "
		    "../share/ceptoar",
		    name, err_str(rc));
	return EXIT_DONE;
}

int
data_lists(struct taxonomy **ret)
{
	struct buf a, b, why;
	int rc;

	buf_init(&a, FILE_MAX);
	buf_init(&b, FILE_MAX);
	buf_init(&why, 4096);
	rc = data_read("ceptoars.json", &a);
	if (rc == EXIT_DONE)
		rc = data_read("taxonomy.json", &b);
	if (rc == EXIT_DONE && taxonomy_new(ret, buf_slice(&a), buf_slice(&b), &why) != 0)
		rc = session_say(
		    EXIT_REFUSED, "ceptoars.json, taxonomy.json: %s", buf_cstr(&why));
	buf_done(&a);
	buf_done(&b);
	buf_done(&why);
	return rc;
}

static int
may_draw(const json_t *role)
{
	const char *name = json_string_value(json_object_get(role, "role"));

	return name != NULL &&
	       (strcmp(name, "operator") == 0 || strcmp(name, "affiliate") == 0);
}

uint64_t
data_own_groups(const struct taxonomy *t, const json_t *me)
{
	const json_t *roles = json_object_get(me, "roles"), *role, *j;
	unsigned slot, group;
	struct slice slug;
	uint64_t own = 0;
	size_t i;

	for (i = 0; i < json_array_size(roles); i++) {
		role = json_array_get(roles, i);
		j = json_object_get(role, "ceptoar");
		slug = (struct slice){ json_string_value(j), json_string_length(j) };
		if (slug.p == NULL || !may_draw(role))
			continue;
		slot = taxonomy_slot(t, slug);
		group = taxonomy_sector_group(t, taxonomy_sector_of_slot(t, slot));
		if (group < 64)
			own |= (uint64_t)1 << group;
	}
	return own;
}
