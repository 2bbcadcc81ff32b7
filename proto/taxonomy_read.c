/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "lib/mem.h"
#include "proto/taxonomy_parts.h"

static const struct json_caps caps_data = {
	.bytes = 1024 * 1024, .depth = 8, .nodes = 20000, .string = 4096
};

static int
fail(struct buf *why, const char *what, const char *slug)
{
	buf_addf(why, "%s%s%s", what, slug != NULL ? ": " : "", slug != NULL ? slug : "");
	return ERR_INVALID;
}

static int
is_slug(const char *s)
{
	size_t n = s != NULL ? strlen(s) : 0;

	return n > 0 && n < 64 &&
	       strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-_") == n;
}

static int
read_names(const json_t *j, struct names *ret)
{
	ret->ja = json_string_value(json_object_get(j, "ja"));
	ret->en = json_string_value(json_object_get(j, "en"));
	return ret->ja != NULL && ret->en != NULL && *ret->ja != '\0' && *ret->en != '\0';
}

/* Position of a key in its table, for numbers that the file gives itself. */
static unsigned
read_index(const json_t *j, unsigned end)
{
	if (!json_is_integer(j) || json_integer_value(j) < 0 ||
	    json_integer_value(j) >= end)
		return NONE;
	return (unsigned)json_integer_value(j);
}

static unsigned
group_of(const struct taxonomy *t, const char *slug)
{
	unsigned i;

	for (i = 0; slug != NULL && i < t->group_count; i++)
		if (strcmp(t->groups[i].slug, slug) == 0)
			return i;
	return NONE;
}

/* Each step once; without a ladder nothing of the group could be made coarser. */
static int
read_ladder(const json_t *list, struct group *ret)
{
	static const char *const words[LADDER_STEPS] = { "size", "region", "class",
		"time-to-day", "sector-to-group", "sector" };
	const char *s;
	size_t i, k;

	if (json_array_size(list) == 0 || json_array_size(list) > LADDER_STEPS)
		return 0;
	for (i = 0; i < json_array_size(list); i++) {
		s = json_string_value(json_array_get(list, i));
		for (k = 0; s != NULL && k < LADDER_STEPS; k++)
			if (strcmp(s, words[k]) == 0)
				break;
		if (s == NULL || k == LADDER_STEPS ||
		    memchr(ret->ladder, (int)k, ret->steps) != NULL)
			return 0;
		ret->ladder[ret->steps++] = (uint8_t)k;
	}
	return 1;
}

static int
read_groups(struct taxonomy *t, struct buf *why)
{
	const json_t *list = json_object_get(t->ceptoars, "groups"), *j;
	struct group *g;
	const char *slug;
	size_t i;

	if (json_array_size(list) == 0 || json_array_size(list) > GROUPS)
		return fail(why, "groups: expected a list of 1 to 64", NULL);
	for (i = 0; i < json_array_size(list); i++) {
		j = json_array_get(list, i);
		slug = json_string_value(json_object_get(j, "slug"));
		if (!is_slug(slug) || group_of(t, slug) != NONE)
			return fail(
			    why, "groups: a slug is missing, malformed or twice", slug);
		g = &t->groups[t->group_count++];
		g->slug = slug;
		if (!read_names(json_object_get(j, "names"), &g->names))
			return fail(why, "groups: names missing", slug);
		if (!read_ladder(json_object_get(j, "ladder"), g))
			return fail(why,
			    "groups: ladder: expected each once of size, region, class, "
			    "time-to-day, sector-to-group and sector",
			    slug);
	}
	return 0;
}

static int
read_dependants(struct taxonomy *t, const json_t *sector, struct buf *why)
{
	const json_t *list = json_object_get(sector, "dependants");
	struct sector *s =
	    &t->sectors[read_index(json_object_get(sector, "index"), SECTORS)];
	const char *slug;
	unsigned k;
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		slug = json_string_value(json_array_get(list, i));
		k = slug != NULL ? taxonomy_sector(t, slice_of(slug)) : NONE;
		if (k == NONE)
			return fail(why, "dependants: unknown sector", slug);
		s->dependants |= (uint64_t)1 << k;
	}
	return 0;
}

static int
read_sectors(struct taxonomy *t, struct buf *why)
{
	const json_t *list = json_object_get(t->ceptoars, "sectors"), *j;
	const char *slug;
	unsigned k, g;
	size_t i;
	int r;

	if (json_array_size(list) == 0)
		return fail(why, "sectors: expected a list", NULL);
	for (i = 0; i < json_array_size(list); i++) {
		j = json_array_get(list, i);
		slug = json_string_value(json_object_get(j, "slug"));
		k = read_index(json_object_get(j, "index"), SECTORS);
		g = group_of(t, json_string_value(json_object_get(j, "group")));
		if (!is_slug(slug) || taxonomy_sector(t, slice_of(slug)) != NONE)
			return fail(
			    why, "sectors: a slug is missing, malformed or twice", slug);
		if (k == NONE || t->sectors[k].slug != NULL)
			return fail(
			    why, "sectors: index missing, above 63 or twice", slug);
		if (g == NONE ||
		    !read_names(json_object_get(j, "names"), &t->sectors[k].names))
			return fail(
			    why, "sectors: unknown group, or names missing", slug);
		t->sectors[k].slug = slug;
		t->sectors[k].group = (uint8_t)g;
	}
	for (i = 0; i < json_array_size(list); i++) {
		r = read_dependants(t, json_array_get(list, i), why);
		if (r != 0)
			return r;
	}
	return 0;
}

/* When somebody is there; and when two are, which is the same if nothing is said. */
static int
read_hours(const json_t *j, struct desk *d)
{
	const json_t *paired = json_object_get(j, "paired_hours");

	if (!duty_hours_read(json_object_get(j, "duty_hours"), &d->duty))
		return 0;
	d->paired = d->duty;
	return paired == NULL || duty_hours_read(paired, &d->paired);
}

static int
read_desk(struct taxonomy *t, const json_t *j, struct buf *why)
{
	const char *slug = json_string_value(json_object_get(j, "slug"));
	const char *sector = json_string_value(json_object_get(j, "sector"));
	unsigned slot = read_index(json_object_get(j, "slot"), SLOTS), s;
	struct desk *d;

	if (!is_slug(slug) || taxonomy_slot(t, slice_of(slug)) != SLOT_NONE)
		return fail(why, "ceptoars: a slug is missing, malformed or twice", slug);
	if (slot == NONE || t->desks[slot].slug != NULL)
		return fail(why, "ceptoars: slot missing, above 127 or twice", slug);
	s = sector != NULL ? taxonomy_sector(t, slice_of(sector)) : NONE;
	d = &t->desks[slot];
	if (s == NONE || !read_names(json_object_get(j, "names"), &d->names))
		return fail(why, "ceptoars: unknown sector, or names missing", slug);
	if (!read_names(json_object_get(j, "secretariat"), &d->secretariat))
		return fail(why, "ceptoars: secretariat missing", slug);
	if (!read_hours(j, d))
		return fail(why, "ceptoars: duty_hours or paired_hours malformed", slug);
	d->slug = slug;
	d->sector = (uint8_t)s;
	return 0;
}

/* Who stands in while the desk is off duty, in the order in which they are asked. */
static int
read_deputies(struct taxonomy *t, const json_t *j, struct buf *why)
{
	const json_t *list = json_object_get(j, "deputies");
	const char *own = json_string_value(json_object_get(j, "slug")), *slug;
	struct desk *d = &t->desks[taxonomy_slot(t, slice_of(own))];
	unsigned slot;
	size_t i;

	if (list != NULL &&
	    (!json_is_array(list) || json_array_size(list) > DEPUTIES_MAX))
		return fail(why, "deputies: expected a list of at most 8", own);
	for (i = 0; i < json_array_size(list); i++) {
		slug = json_string_value(json_array_get(list, i));
		slot = slug != NULL ? taxonomy_slot(t, slice_of(slug)) : SLOT_NONE;
		if (slot == SLOT_NONE)
			return fail(why, "deputies: unknown CEPTOAR", slug);
		if (&t->desks[slot] == d ||
		    memchr(d->deputies, (int)slot, d->deputy_count) != NULL)
			return fail(why, "deputies: itself, or one twice", own);
		d->deputies[d->deputy_count++] = (uint8_t)slot;
	}
	return 0;
}

static int
read_desks(struct taxonomy *t, struct buf *why)
{
	const json_t *list = json_object_get(t->ceptoars, "ceptoars");
	const json_t *centre = json_object_get(t->ceptoars, "centre");
	size_t i;
	int r;

	if (!read_names(json_object_get(centre, "names"), &t->centre.names) ||
	    !read_hours(centre, &t->centre))
		return fail(why,
		    "centre: names or duty_hours missing, or paired_hours malformed",
		    NULL);
	t->centre.secretariat = t->centre.names;
	t->centre.sector = NONE;
	if (json_array_size(list) == 0)
		return fail(why, "ceptoars: expected a list", NULL);
	for (i = 0; i < json_array_size(list); i++) {
		r = read_desk(t, json_array_get(list, i), why);
		if (r != 0)
			return r;
	}
	for (i = 0; i < json_array_size(list); i++) {
		r = read_deputies(t, json_array_get(list, i), why);
		if (r != 0)
			return r;
	}
	return 0;
}

/* May be left out. */
static int
read_communities(struct taxonomy *t, struct buf *why)
{
	const json_t *list = json_object_get(t->ceptoars, "communities"), *j;
	struct community *c;
	const char *slug;
	unsigned slot;
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		j = json_array_get(list, i);
		slug = json_string_value(json_object_get(j, "slug"));
		slot = read_index(json_object_get(j, "slot"), SLOTS);
		if (!is_slug(slug) || taxonomy_slot(t, slice_of(slug)) != SLOT_NONE ||
		    taxonomy_community(t, slice_of(slug)) != SLOT_NONE)
			return fail(why,
			    "communities: a slug is missing, malformed or twice", slug);
		if (slot == NONE || slot < COMMUNITY_FIRST ||
		    t->communities[slot].slug != NULL)
			return fail(why,
			    "communities: slot: expected 96 to 127, each once", slug);
		c = &t->communities[slot];
		c->slug = slug;
		if (!read_names(json_object_get(j, "names"), &c->names))
			return fail(why, "communities: names missing", slug);
	}
	return 0;
}

static int
read_classes(const struct taxonomy *t, const char *list_name, struct buf *why)
{
	const json_t *list = json_object_get(t->classes, list_name), *j;
	struct names n;
	size_t i;

	if (json_array_size(list) == 0)
		return fail(why, "expected a list", list_name);
	for (i = 0; i < json_array_size(list); i++) {
		j = json_array_get(list, i);
		if (!is_slug(json_string_value(json_object_get(j, "code"))) ||
		    !read_names(json_object_get(j, "names"), &n))
			return fail(why, "a class lacks code or names", list_name);
	}
	return 0;
}

static int
read_levels(struct taxonomy *t, struct buf *why)
{
	const json_t *list = json_object_get(t->classes, "severity"), *j;
	unsigned k;
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		j = json_array_get(list, i);
		k = read_index(json_object_get(j, "level"), 5);
		if (k == NONE || !read_names(json_object_get(j, "names"), &t->levels[k]))
			return fail(why, "severity: level or names malformed", NULL);
	}
	for (k = 0; k < 5; k++)
		if (t->levels[k].ja == NULL)
			return fail(why, "severity: expected levels 0 to 4", NULL);
	return 0;
}

static int
read_json(struct slice text, const char *file, json_t **ret, struct buf *why)
{
	struct fault f;
	int r;

	r = json_read(text, &caps_data, ret, &f);
	if (r == ERR_INVALID)
		buf_addf(why, "%s: %s", file, problem_title(f.problem));
	if (r == 0 && !json_is_object(*ret))
		return fail(why, "expected an object", file);
	return r;
}

int
taxonomy_new(struct taxonomy **ret, struct slice ceptoars_json,
    struct slice taxonomy_json, struct buf *why)
{
	struct taxonomy *t;
	int r;

	t = mem_zalloc(sizeof *t);
	if (t == NULL)
		return ERR_NOMEM;
	r = read_json(ceptoars_json, "ceptoars", &t->ceptoars, why);
	if (r == 0)
		r = read_json(taxonomy_json, "taxonomy", &t->classes, why);
	if (r == 0)
		r = read_groups(t, why);
	if (r == 0)
		r = read_sectors(t, why);
	if (r == 0)
		r = read_desks(t, why);
	if (r == 0)
		r = read_communities(t, why);
	if (r == 0)
		r = read_classes(t, "events", why);
	if (r == 0)
		r = read_classes(t, "causes", why);
	if (r == 0)
		r = read_levels(t, why);
	if (r != 0) {
		taxonomy_free(t);
		return r;
	}
	*ret = t;
	return 0;
}

int
taxonomy_holidays(struct taxonomy *t, struct slice text, struct buf *why)
{
	struct duty_holidays *h;
	int r = duty_holidays_new(&h, text, why);

	if (r != 0)
		return r;
	duty_holidays_free(t->holidays);
	t->holidays = h;
	return 0;
}

void
taxonomy_free(struct taxonomy *t)
{
	if (t == NULL)
		return;
	taxonomy_roster_clear(t);
	json_decref(t->ceptoars);
	json_decref(t->classes);
	duty_holidays_free(t->holidays);
	mem_free(t);
}
