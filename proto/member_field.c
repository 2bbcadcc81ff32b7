/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/member_field.h"

#include <string.h>

#include "proto/frame.h"
#include "proto/member_contact.h"
#include "proto/member_person.h"
#include "proto/msg_vault.h"
#include "proto/scrub_find.h"
#include "proto/text.h"

enum { WORD_BYTES_MAX = 200, ROLES_MAX = 256, PRODUCTS_MAX = 8 };

static const struct {
	const char *name;
	unsigned bit;
	int wants_ceptoar;
} roles[] = {
	{ "operator", ROLE_OPERATOR, 1 },
	{ "secretariat", ROLE_SECRETARIAT, 1 },
	{ "affiliate", ROLE_AFFILIATE, 1 },
	{ "centre", ROLE_CENTRE, 0 },
	{ "ministry", ROLE_MINISTRY, -1 }, /* may say for which CEPTOAR */
	{ "agency", ROLE_AGENCY, 0 },
	{ "observer", ROLE_OBSERVER, 0 },
	{ "subscriber", ROLE_SUBSCRIBER, 0 },
};
enum { ROLES = sizeof roles / sizeof roles[0] };

enum kind {
	KIND_ID,
	KIND_NAMES,    /* {"ja","en"} */
	KIND_TEXTS,    /* list of strings */
	KIND_NETWORKS, /* list of addresses with prefix length */
	KIND_ASNS,     /* list of numbers, or of strings such as "AS64500" */
	KIND_PEOPLE,   /* list of strings or {"ja","en","kana"} */
	KIND_WORD,
	KIND_BOOL,
	KIND_ROLES,
	KIND_CONTACTS,
	KIND_PERSONS,
	KIND_SUBSCRIPTION,
};

static const struct {
	const char *name;
	enum kind kind;
	int required;
} fields[] = {
	{ "id", KIND_ID, 1 },
	{ "names", KIND_NAMES, 0 },
	{ "aliases", KIND_TEXTS, 0 },
	{ "domains", KIND_TEXTS, 0 },
	{ "networks", KIND_NETWORKS, 0 },
	{ "asns", KIND_ASNS, 0 },
	{ "host_prefixes", KIND_TEXTS, 0 },
	{ "sites", KIND_PEOPLE, 0 },
	{ "people", KIND_PEOPLE, 0 },
	{ "region", KIND_WORD, 0 },
	{ "class", KIND_WORD, 0 },
	{ "size", KIND_WORD, 0 },
	{ "disabled", KIND_BOOL, 0 },
	{ "around_the_clock", KIND_BOOL, 0 },
	{ "roles", KIND_ROLES, 1 },
	{ "contacts", KIND_CONTACTS, 0 },
	{ "persons", KIND_PERSONS, 0 },
	{ "subscriptions", KIND_SUBSCRIPTION, 0 },
};
enum { FIELDS = sizeof fields / sizeof fields[0] };

struct check {
	const struct taxonomy *t;
	struct fault *why;
	size_t terms;
};

int
member_is_remark(const char *key)
{
	return key[0] == '$' || strcmp(key, "note") == 0;
}

int
member_known(const json_t *j, const char *const *known, const struct json_at *at,
    struct fault *why)
{
	union {
		const json_t *in;
		json_t *out; /* jansson's iterators want it so, and change nothing */
	} u = { j };
	struct json_at leaf = { at, NULL, 0 };
	const char *const *k;
	void *it;

	for (it = json_object_iter(u.out); it != NULL;
	     it = json_object_iter_next(u.out, it)) {
		leaf.key = json_object_iter_key(it);
		for (k = known; *k != NULL && strcmp(*k, leaf.key) != 0; k++)
			;
		if (*k == NULL && !member_is_remark(leaf.key))
			return fault_set(why, P_UNKNOWN_FIELD, &leaf, NULL);
	}
	return 0;
}

int
member_string(const json_t *j, size_t most, const struct json_at *at, struct fault *why)
{
	struct slice s = { json_string_value(j), json_string_length(j) };
	struct text_facts facts;
	enum text_flaw flaw;

	if (!json_is_string(j))
		return fault_set(why, P_WRONG_TYPE, at, "a string");
	flaw = text_check(s, TEXT_LINE, &facts);
	if (flaw != TEXT_FINE)
		return fault_set(why, P_TEXT_CONTROL, at, text_flaw_detail(flaw));
	if (facts.blank)
		return fault_set(why, P_INVALID_FIELD, at, "not empty");
	if (s.n > most)
		return fault_set(why, P_INVALID_FIELD, at,
		    most > VAULT_TERM_MAX ? "at most 512 bytes" : "at most 256 bytes");
	return 0;
}

static int
check_string(struct check *c, const json_t *j, size_t most, const struct json_at *at)
{
	return member_string(j, most, at, c->why);
}

static int
check_term(struct check *c, const json_t *j, const struct json_at *at)
{
	if (++c->terms > MEMBER_TERMS_MAX)
		return fault_set(c->why, P_TOO_LARGE, at,
		    "at most 512 names, domains and so on a member");
	return check_string(c, j, VAULT_TERM_MAX, at);
}

int
member_id(const json_t *j, const struct json_at *at, struct fault *why)
{
	static const char set[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	const char *s = json_string_value(j);

	if (j == NULL)
		return fault_set(why, P_MISSING_FIELD, at, NULL);
	if (s == NULL)
		return fault_set(why, P_WRONG_TYPE, at, "a string");
	if (strlen(s) != json_string_length(j) || s[0] == '\0' || s[0] == '-' ||
	    strspn(s, set) != strlen(s) || strlen(s) >= VAULT_ID_MAX)
		return fault_set(
		    why, P_INVALID_FIELD, at, "1 to 63 of a-z, 0-9 and the hyphen");
	return 0;
}

static int
check_names(struct check *c, const json_t *j, const struct json_at *at)
{
	static const char *const keys[] = { "ja", "en", "kana", NULL };
	struct json_at leaf = { at, NULL, 0 };
	size_t i;
	int r;

	if (!json_is_object(j))
		return fault_set(
		    c->why, P_WRONG_TYPE, at, "an object with \"ja\" and \"en\"");
	r = member_known(j, keys, at, c->why);
	for (i = 0; r == 0 && keys[i] != NULL; i++) {
		leaf.key = keys[i];
		if (json_object_get(j, keys[i]) != NULL)
			r = check_term(c, json_object_get(j, keys[i]), &leaf);
	}
	return r;
}

int
member_names(const json_t *j, size_t *terms, const struct json_at *at, struct fault *why)
{
	struct check c = { NULL, why, *terms };
	int r = check_names(&c, j, at);

	*terms = c.terms;
	return r;
}

static int
check_network(struct check *c, const json_t *j, const struct json_at *at)
{
	struct slice s = { json_string_value(j), json_string_length(j) };
	unsigned char ip[16];
	unsigned len, prefix;
	struct scrub_view w;
	int r, whole;

	r = check_term(c, j, at);
	if (r != 0)
		return r;
	r = scrub_view_new(s, &w);
	if (r != 0)
		return r;
	whole = scrub_read_address(w.v, w.n, 0, ip, &len, &prefix) == w.n;
	scrub_view_done(&w);
	return whole ? 0
		     : fault_set(c->why, P_INVALID_FIELD, at,
			   "an address such as 192.0.2.0/24");
}

static int
check_asn(struct check *c, const json_t *j, const struct json_at *at)
{
	const char *s = json_string_value(j);

	if (json_is_integer(j)) {
		c->terms++;
		return json_integer_value(j) > 0 && json_integer_value(j) <= UINT32_MAX
			   ? 0
			   : fault_set(c->why, P_INVALID_FIELD, at, "1 to 4294967295");
	}
	if (s == NULL)
		return fault_set(c->why, P_WRONG_TYPE, at, "a number, or \"AS64500\"");
	if ((s[0] == 'A' || s[0] == 'a') && (s[1] == 'S' || s[1] == 's'))
		s += 2;
	if (s[0] == '\0' || strspn(s, "0123456789") != strlen(s) || strlen(s) > 10)
		return fault_set(c->why, P_INVALID_FIELD, at, "a number, or \"AS64500\"");
	return check_term(c, j, at);
}

static int
check_list(struct check *c, const json_t *j, enum kind kind, const struct json_at *at)
{
	struct json_at leaf = { at, NULL, 0 };
	const json_t *e;
	int r = 0;

	if (!json_is_array(j))
		return fault_set(c->why, P_WRONG_TYPE, at, "a list");
	for (; r == 0 && leaf.index < json_array_size(j); leaf.index++) {
		e = json_array_get(j, leaf.index);
		if (kind == KIND_NETWORKS)
			r = check_network(c, e, &leaf);
		else if (kind == KIND_ASNS)
			r = check_asn(c, e, &leaf);
		else if (kind == KIND_PEOPLE && json_is_object(e))
			r = check_names(c, e, &leaf);
		else
			r = check_term(c, e, &leaf);
	}
	return r;
}

unsigned
member_role(const json_t *name)
{
	const char *s = json_string_value(name);
	size_t i;

	for (i = 0; s != NULL && i < ROLES; i++)
		if (strcmp(roles[i].name, s) == 0)
			return roles[i].bit;
	return 0;
}

static int
check_community(struct check *c, const json_t *j, int wanted, const struct json_at *at)
{
	struct json_at leaf = { at, "community", 0 };
	struct slice s = { json_string_value(j), json_string_length(j) };

	if (!wanted)
		return j == NULL ? 0
				 : fault_set(c->why, P_INVALID_FIELD, &leaf,
				       "only with the role \"subscriber\"");
	if (j == NULL)
		return fault_set(
		    c->why, P_MISSING_FIELD, &leaf, "the slug of a community");
	if (s.p == NULL)
		return fault_set(c->why, P_WRONG_TYPE, &leaf, "a string");
	if (taxonomy_community(c->t, s) == SLOT_NONE)
		return fault_set(c->why, P_INVALID_FIELD, &leaf, "no such community");
	return 0;
}

static int
check_role(struct check *c, const json_t *j, const struct json_at *at)
{
	static const char *const keys[] = { "role", "ceptoar", "community", NULL };
	struct json_at leaf = { at, "role", 0 };
	const json_t *name, *slug = json_object_get(j, "ceptoar");
	struct slice s = { json_string_value(slug), json_string_length(slug) };
	size_t i;
	int r;

	if (!json_is_object(j))
		return fault_set(c->why, P_WRONG_TYPE, at, "an object with \"role\"");
	r = member_known(j, keys, at, c->why);
	if (r != 0)
		return r;
	name = json_object_get(j, "role");
	if (name == NULL)
		return fault_set(c->why, P_MISSING_FIELD, &leaf, NULL);
	for (i = 0; i < ROLES && member_role(name) != roles[i].bit; i++)
		;
	if (i == ROLES)
		return fault_set(c->why, P_INVALID_FIELD, &leaf,
		    "operator, secretariat, affiliate, centre, ministry, agency, "
		    "observer or subscriber");
	r = check_community(
	    c, json_object_get(j, "community"), roles[i].bit == ROLE_SUBSCRIBER, at);
	if (r != 0)
		return r;
	leaf.key = "ceptoar";
	if (roles[i].wants_ceptoar < 0 && (slug == NULL || json_is_null(slug)))
		return 0;
	if (!roles[i].wants_ceptoar)
		return slug == NULL || json_is_null(slug)
			   ? 0
			   : fault_set(
				 c->why, P_INVALID_FIELD, &leaf, "not with this role");
	if (slug == NULL || json_is_null(slug))
		return fault_set(c->why, P_MISSING_FIELD, &leaf, "the slug of a CEPTOAR");
	if (s.p == NULL)
		return fault_set(c->why, P_WRONG_TYPE, &leaf, "a string");
	if (taxonomy_slot(c->t, s) == SLOT_NONE)
		return fault_set(c->why, P_INVALID_FIELD, &leaf, "no such CEPTOAR");
	return 0;
}

static int
check_roles(struct check *c, const json_t *j, const struct json_at *at)
{
	struct json_at leaf = { at, NULL, 0 };
	unsigned bit;
	int r = 0, affiliate = 0, answers = 0;

	if (!json_is_array(j))
		return fault_set(c->why, P_WRONG_TYPE, at, "a list");
	if (json_array_size(j) == 0 || json_array_size(j) > ROLES_MAX)
		return fault_set(c->why, P_INVALID_FIELD, at, "at least one role");
	for (; r == 0 && leaf.index < json_array_size(j); leaf.index++) {
		r = check_role(c, json_array_get(j, leaf.index), &leaf);
		bit = member_role(json_object_get(json_array_get(j, leaf.index), "role"));
		affiliate |= bit == ROLE_AFFILIATE;
		answers |=
		    bit == ROLE_MINISTRY &&
		    json_object_get(json_array_get(j, leaf.index), "ceptoar") != NULL;
	}
	if (r == 0 && affiliate && answers)
		return fault_set(c->why, P_INVALID_FIELD, at,
		    "a ministry that answers for CEPTOARs is nobody's affiliate");
	return r;
}

static int
check_level(struct check *c, const json_t *j, int null_is_fine, const struct json_at *at)
{
	if (j == NULL || (null_is_fine && json_is_null(j)))
		return 0;
	if (!json_is_integer(j))
		return fault_set(c->why, P_WRONG_TYPE, at, "a level from 0 to 4");
	if (json_integer_value(j) < 0 || json_integer_value(j) > 4)
		return fault_set(c->why, P_INVALID_FIELD, at, "a level from 0 to 4");
	return 0;
}

static int
check_wanted(struct check *c, const json_t *list, int sectors, const struct json_at *at)
{
	struct json_at leaf = { at, NULL, 0 };
	struct slice s;
	int r = 0;

	if (list == NULL)
		return 0;
	if (!json_is_array(list))
		return fault_set(c->why, P_WRONG_TYPE, at, "a list");
	if (!sectors && json_array_size(list) > PRODUCTS_MAX)
		return fault_set(c->why, P_TOO_LARGE, at, "at most 8 products");
	for (; r == 0 && leaf.index < json_array_size(list); leaf.index++) {
		r = check_string(
		    c, json_array_get(list, leaf.index), VAULT_TERM_MAX, &leaf);
		s.p = json_string_value(json_array_get(list, leaf.index));
		s.n = json_string_length(json_array_get(list, leaf.index));
		if (r == 0 && sectors && taxonomy_sector(c->t, s) > 63)
			r = fault_set(c->why, P_INVALID_FIELD, &leaf, "no such sector");
	}
	return r;
}

static int
check_sector_levels(struct check *c, const json_t *j, const struct json_at *at)
{
	struct json_at leaf = { at, NULL, 0 };
	void *it;
	int r = 0;

	if (j == NULL)
		return 0;
	if (!json_is_object(j))
		return fault_set(
		    c->why, P_WRONG_TYPE, at, "an object: a sector and its level");
	for (it = json_object_iter((json_t *)(uintptr_t)j); r == 0 && it != NULL;
	     it = json_object_iter_next((json_t *)(uintptr_t)j, it)) {
		leaf.key = json_object_iter_key(it);
		if (taxonomy_sector(c->t, slice_of(leaf.key)) > 63)
			return fault_set(
			    c->why, P_INVALID_FIELD, &leaf, "no such sector");
		r = check_level(c, json_object_iter_value(it), 0, &leaf);
	}
	return r;
}

static int
check_kinds(struct check *c, const json_t *j, const struct json_at *at)
{
	struct json_at leaf = { at, NULL, 0 };
	const char *word;

	if (j == NULL)
		return 0;
	if (!json_is_array(j))
		return fault_set(c->why, P_WRONG_TYPE, at, "a list");
	for (; leaf.index < json_array_size(j); leaf.index++) {
		word = json_string_value(json_array_get(j, leaf.index));
		if (word == NULL ||
		    bulletin_kind_word(bulletin_kind_of(slice_of(word))) == NULL)
			return fault_set(c->why, P_INVALID_FIELD, &leaf,
			    "early_warning, recovery_method, outage_attack or "
			    "attack_method");
	}
	return 0;
}

static int
check_subscription(struct check *c, const json_t *j, const struct json_at *at)
{
	static const char *const keys[] = { "min_severity", "cross_sector", "sectors",
		"products", "exercise", "sector_levels", "kinds", "ot_only", NULL };
	struct json_at leaf = { at, "min_severity", 0 };
	const json_t *e;
	int r;

	if (!json_is_object(j))
		return fault_set(c->why, P_WRONG_TYPE, at, "an object");
	r = member_known(j, keys, at, c->why);
	if (r == 0)
		r = check_level(c, json_object_get(j, "min_severity"), 0, &leaf);
	leaf.key = "cross_sector";
	if (r == 0)
		r = check_level(c, json_object_get(j, "cross_sector"), 1, &leaf);
	leaf.key = "sectors";
	if (r == 0)
		r = check_wanted(c, json_object_get(j, "sectors"), 1, &leaf);
	leaf.key = "products";
	if (r == 0)
		r = check_wanted(c, json_object_get(j, "products"), 0, &leaf);
	leaf.key = "sector_levels";
	if (r == 0)
		r = check_sector_levels(c, json_object_get(j, "sector_levels"), &leaf);
	leaf.key = "kinds";
	if (r == 0)
		r = check_kinds(c, json_object_get(j, "kinds"), &leaf);
	leaf.key = "exercise";
	e = json_object_get(j, "exercise");
	if (r == 0 && e != NULL && !json_is_boolean(e))
		r = fault_set(c->why, P_WRONG_TYPE, &leaf, "true or false");
	leaf.key = "ot_only";
	e = json_object_get(j, "ot_only");
	if (r == 0 && e != NULL && !json_is_boolean(e))
		r = fault_set(c->why, P_WRONG_TYPE, &leaf, "true or false");
	return r;
}

void
member_subscription(const json_t *j, const struct taxonomy *t, struct subscription *ret)
{
	const json_t *e, *list;
	struct slice s;
	unsigned sector;
	size_t i;

	subscription_default(ret);
	e = json_object_get(j, "min_severity");
	if (json_is_integer(e))
		ret->min_severity = (uint8_t)json_integer_value(e);
	e = json_object_get(j, "cross_sector");
	if (json_is_integer(e))
		ret->cross_severity = (uint8_t)json_integer_value(e);
	e = json_object_get(j, "exercise");
	if (json_is_boolean(e))
		ret->exercise = json_is_true(e);
	list = json_object_get(j, "sectors");
	for (i = 0; i < json_array_size(list); i++) {
		s.p = json_string_value(json_array_get(list, i));
		s.n = json_string_length(json_array_get(list, i));
		sector = taxonomy_sector(t, s);
		if (sector < 64)
			ret->sectors |= (uint64_t)1 << sector;
	}
	ret->ot_only = json_is_true(json_object_get(j, "ot_only"));
	list = json_object_get(j, "kinds");
	for (i = 0; i < json_array_size(list); i++) {
		s.p = json_string_value(json_array_get(list, i));
		s.n = json_string_length(json_array_get(list, i));
		ret->kinds |= (uint8_t)(1u << bulletin_kind_of(s) & 15u);
	}
	list = json_object_get(j, "sector_levels");
	for (i = 0; i < SECTOR_BITS && list != NULL; i++) {
		e = taxonomy_sector_slug(t, (unsigned)i) != NULL
			? json_object_get(list, taxonomy_sector_slug(t, (unsigned)i))
			: NULL;
		if (json_is_integer(e))
			ret->sector_level[i] = (uint8_t)json_integer_value(e);
	}
	list = json_object_get(j, "products");
	for (i = 0; i < json_array_size(list) && ret->product_count < PRODUCTS_MAX; i++) {
		s.p = json_string_value(json_array_get(list, i));
		s.n = json_string_length(json_array_get(list, i));
		ret->products[ret->product_count++] = product_hash(s);
	}
}

static int
check_field(struct check *c, enum kind kind, const json_t *j, const struct json_at *at)
{
	switch (kind) {
	case KIND_ID:
		return member_id(j, at, c->why);
	case KIND_NAMES:
		return check_names(c, j, at);
	case KIND_TEXTS:
	case KIND_NETWORKS:
	case KIND_ASNS:
	case KIND_PEOPLE:
		return check_list(c, j, kind, at);
	case KIND_WORD:
		return check_string(c, j, WORD_BYTES_MAX, at);
	case KIND_BOOL:
		return json_is_boolean(j)
			   ? 0
			   : fault_set(c->why, P_WRONG_TYPE, at, "true or false");
	case KIND_ROLES:
		return check_roles(c, j, at);
	case KIND_CONTACTS:
		return member_contacts_check(j, at, c->why);
	case KIND_PERSONS:
		return member_persons_check(j, &c->terms, at, c->why);
	case KIND_SUBSCRIPTION:
		return check_subscription(c, j, at);
	}
	return ERR_INVALID;
}

int
member_check(const json_t *member, const struct taxonomy *t, const struct json_at *at,
    struct fault *why)
{
	const char *known[FIELDS + 1];
	struct check c = { t, why, 0 };
	struct json_at leaf = { at, NULL, 0 };
	const json_t *j;
	size_t i;
	int r;

	if (!json_is_object(member))
		return fault_set(why, P_WRONG_TYPE, at, "an object");
	for (i = 0; i < FIELDS; i++)
		known[i] = fields[i].name;
	known[FIELDS] = NULL;
	r = member_known(member, known, at, why);
	for (i = 0; r == 0 && i < FIELDS; i++) {
		j = json_object_get(member, fields[i].name);
		leaf.key = fields[i].name;
		if (j != NULL)
			r = check_field(&c, fields[i].kind, j, &leaf);
		else if (fields[i].required)
			r = fault_set(why, P_MISSING_FIELD, &leaf, NULL);
	}
	return r;
}
