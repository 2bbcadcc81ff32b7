/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/members.h"

#include <string.h>

#include "lib/mem.h"
#include "proto/member_contact.h"
#include "proto/member_field.h"
#include "proto/member_person.h"

/* A register of ten thousand members with their terms is some ten megabytes. */
static const struct json_caps caps_members = { 32 * 1024 * 1024, 12, 4 * 1000 * 1000,
	8 * 1024 };
enum { MEMBERS_MAX = 65536 };

static int
check_top(const json_t *file, struct fault *why)
{
	union {
		const json_t *in;
		json_t *out; /* jansson's iterators want it so, and change nothing */
	} u = { file };
	struct json_at at = { NULL, NULL, 0 };
	const json_t *list;
	void *it;

	if (!json_is_object(file))
		return fault_set(why, P_WRONG_TYPE, NULL, "an object with \"members\"");
	for (it = json_object_iter(u.out); it != NULL;
	     it = json_object_iter_next(u.out, it)) {
		at.key = json_object_iter_key(it);
		if (strcmp(at.key, "members") != 0 && !member_is_remark(at.key))
			return fault_set(why, P_UNKNOWN_FIELD, &at, NULL);
	}
	at.key = "members";
	list = json_object_get(file, "members");
	if (list == NULL)
		return fault_set(why, P_MISSING_FIELD, &at, NULL);
	if (!json_is_array(list))
		return fault_set(why, P_WRONG_TYPE, &at, "a list");
	if (json_array_size(list) > MEMBERS_MAX)
		return fault_set(why, P_TOO_LARGE, &at, "at most 65536 members");
	return 0;
}

static int
check_unique(const json_t *list, struct fault *why)
{
	struct json_at top = { NULL, "members", 0 }, entry = { &top, NULL, 0 },
		       leaf = { &entry, "id", 0 };
	json_t *seen = json_object();
	const char *id;
	int r = 0;

	if (seen == NULL)
		return ERR_NOMEM;
	for (; r == 0 && entry.index < json_array_size(list); entry.index++) {
		id = json_string_value(
		    json_object_get(json_array_get(list, entry.index), "id"));
		if (json_object_get(seen, id) != NULL)
			r = fault_set(
			    why, P_INVALID_FIELD, &leaf, "another member has this id");
		else if (json_object_set_new_nocheck(seen, id, json_true()) != 0)
			r = ERR_NOMEM;
	}
	json_decref(seen);
	return r;
}

int
members_read(struct slice text, const struct taxonomy *t, json_t **ret, struct fault *why)
{
	struct json_at top = { NULL, "members", 0 }, entry = { &top, NULL, 0 };
	const json_t *list;
	json_t *file;
	int r;

	r = json_read(text, &caps_members, &file, why);
	if (r != 0)
		return r;
	r = check_top(file, why);
	list = json_object_get(file, "members");
	for (; r == 0 && entry.index < json_array_size(list); entry.index++)
		r = member_check(json_array_get(list, entry.index), t, &entry, why);
	if (r == 0)
		r = check_unique(list, why);
	if (r != 0) {
		json_decref(file);
		return r;
	}
	*ret = file;
	return 0;
}

int
members_read_one(
    struct slice text, const struct taxonomy *t, json_t **ret, struct fault *why)
{
	json_t *entry, *file;
	int r = json_read(text, &caps_members, &entry, why);

	if (r != 0)
		return r;
	r = member_check(entry, t, NULL, why);
	file = r == 0 ? json_pack("{s:[O]}", "members", entry) : NULL;
	json_decref(entry);
	if (r == 0 && file == NULL)
		r = ERR_NOMEM;
	if (r == 0)
		*ret = file;
	return r;
}

size_t
members_count(const json_t *members)
{
	return json_array_size(json_object_get(members, "members"));
}

/* Terms: counted first, then written. */
struct gather {
	const char *id;
	struct vault_term *v; /* NULL: count only */
	size_t n;
};

static void
add_term(struct gather *g, enum term_kind kind, const char *text, size_t n)
{
	struct vault_term *t;

	if (n == 0 || n > VAULT_TERM_MAX)
		return;
	if (g->v != NULL) {
		t = &g->v[g->n];
		(void)snprintf(t->id, sizeof t->id, "%s", g->id);
		t->kind = (uint8_t)kind;
		t->n = (uint16_t)n;
		memcpy(t->text, text, n);
	}
	g->n++;
}

static void add_value(struct gather *g, enum term_kind kind, const json_t *j);

static void
add_number(struct gather *g, enum term_kind kind, json_int_t x)
{
	char text[32];
	int n = snprintf(
	    text, sizeof text, "%s%lld", kind == TERM_ASN ? "AS" : "", (long long)x);

	add_term(g, kind, text, (size_t)n);
}

/* A string, a number, {"ja","en"}, or a list of them. */
static void
add_value(struct gather *g, enum term_kind kind, const json_t *j)
{
	size_t i;

	if (json_is_string(j)) {
		add_term(g, kind, json_string_value(j), json_string_length(j));
	} else if (json_is_integer(j)) {
		add_number(g, kind, json_integer_value(j));
	} else if (json_is_object(j)) {
		add_value(g, kind, json_object_get(j, "ja"));
		add_value(g, kind, json_object_get(j, "en"));
		add_value(g, kind, json_object_get(j, "kana"));
	} else {
		for (i = 0; i < json_array_size(j); i++)
			add_value(g, kind, json_array_get(j, i));
	}
}

static void
gather_terms(struct gather *g, const json_t *member)
{
	static const struct {
		const char *key;
		enum term_kind kind;
	} lists[] = { { "names", TERM_NAME }, { "aliases", TERM_ALIAS },
		{ "domains", TERM_DOMAIN }, { "networks", TERM_NETWORK },
		{ "asns", TERM_ASN }, { "host_prefixes", TERM_HOST_PREFIX },
		{ "sites", TERM_SITE }, { "people", TERM_PERSON } };
	const json_t *contacts = json_object_get(member, "contacts");
	const json_t *persons = json_object_get(member, "persons");
	size_t i;

	for (i = 0; i < sizeof lists / sizeof lists[0]; i++)
		add_value(g, lists[i].kind, json_object_get(member, lists[i].key));
	for (i = 0; i < json_array_size(contacts); i++)
		add_value(
		    g, TERM_PERSON, json_object_get(json_array_get(contacts, i), "name"));
	for (i = 0; i < json_array_size(persons); i++)
		add_value(
		    g, TERM_PERSON, json_object_get(json_array_get(persons, i), "names"));
}

/*
 * Region, class and size have little room in the vault's record.  What is longer keeps
 * its beginning and a mark of the rest, so that different words stay different.
 */
void
members_word(char *out, size_t room, const json_t *j)
{
	const char *s = json_string_value(j);
	uint32_t h = 2166136261u;
	size_t n, i;

	memset(out, 0, room);
	if (s == NULL)
		return;
	n = strlen(s);
	if (n < room) {
		memcpy(out, s, n);
		return;
	}
	for (i = 0; i < n; i++)
		h = (h ^ (unsigned char)s[i]) * 16777619u;
	for (n = room - 6; n > 0 && ((unsigned char)s[n] & 0xC0) == 0x80; n--)
		;
	memcpy(out, s, n);
	(void)snprintf(out + n, room - n, "~%04x", (h ^ h >> 16) & 0xFFFF);
}

static void
set_roles(struct vault_member *m, const json_t *roles, const struct taxonomy *t)
{
	const json_t *slug;
	struct slice s;
	unsigned bit, slot;
	size_t i;

	for (i = 0; i < json_array_size(roles); i++) {
		bit = member_role(json_object_get(json_array_get(roles, i), "role"));
		slug = json_object_get(json_array_get(roles, i), "ceptoar");
		s.p = json_string_value(slug);
		s.n = json_string_length(slug);
		slot = s.p == NULL ? SLOT_NONE : taxonomy_slot(t, s);
		m->roles = (uint16_t)(m->roles | bit);
		if (bit == ROLE_OPERATOR)
			slots_set(&m->op, slot);
		else if (bit == ROLE_SECRETARIAT)
			slots_set(&m->sec, slot);
		else if (bit == ROLE_AFFILIATE || bit == ROLE_MINISTRY)
			slots_set(&m->aff, slot);
		slug = json_object_get(json_array_get(roles, i), "community");
		s.p = json_string_value(slug);
		s.n = json_string_length(slug);
		if (bit == ROLE_SUBSCRIBER && s.p != NULL)
			slots_set(&m->aff, taxonomy_community(t, s));
	}
	m->clearance =
	    (m->roles & (unsigned)~ROLE_OBSERVER) == 0 ? TLP_GREEN : TLP_AMBER_STRICT;
}

int
members_get(const json_t *members, size_t i, const struct taxonomy *t,
    struct vault_member *ret, struct member_terms *ret_terms)
{
	const json_t *j = json_array_get(json_object_get(members, "members"), i);
	struct gather g = { NULL, NULL, 0 };
	struct vault_member m;

	g.id = json_string_value(json_object_get(j, "id"));
	if (g.id == NULL)
		return ERR_NOTFOUND;
	memset(&m, 0, sizeof m);
	(void)snprintf(m.id, sizeof m.id, "%s", g.id);
	m.disabled = json_is_true(json_object_get(j, "disabled"));
	m.always = json_is_true(json_object_get(j, "around_the_clock"));
	set_roles(&m, json_object_get(j, "roles"), t);
	m.routes = member_routes(json_object_get(j, "contacts"));
	members_word(m.region, sizeof m.region, json_object_get(j, "region"));
	members_word(m.class_, sizeof m.class_, json_object_get(j, "class"));
	members_word(m.size, sizeof m.size, json_object_get(j, "size"));
	member_subscription(json_object_get(j, "subscriptions"), t, &m.wants);
	gather_terms(&g, j);
	g.v = mem_calloc(g.n, sizeof *g.v);
	if (g.v == NULL)
		return ERR_NOMEM;
	g.n = 0;
	gather_terms(&g, j);
	*ret = m;
	ret_terms->v = g.v;
	ret_terms->n = g.n;
	return 0;
}

static const json_t *
entry(const json_t *members, size_t i)
{
	return json_array_get(json_object_get(members, "members"), i);
}

static const char *
id_of(const json_t *j)
{
	const char *id = json_string_value(json_object_get(j, "id"));

	return id != NULL ? id : "";
}

size_t
members_contacts(const json_t *members, size_t i, struct vault_contact ret[CONTACTS_MAX])
{
	const json_t *j = entry(members, i);

	return member_contacts_get(
	    json_object_get(j, "contacts"), id_of(j), "", "ja", ret);
}

void
members_names(const json_t *members, size_t i, struct vault_names *ret)
{
	const json_t *j = entry(members, i);

	member_names_get(json_object_get(j, "names"), id_of(j), "", ret);
}

size_t
members_persons(const json_t *members, size_t i)
{
	return json_array_size(json_object_get(entry(members, i), "persons"));
}

size_t
members_person(const json_t *members, size_t i, size_t k, struct vault_person *ret,
    struct vault_names *ret_names, struct vault_contact ret_contacts[CONTACTS_MAX])
{
	const json_t *j = entry(members, i);
	const json_t *p = json_array_get(json_object_get(j, "persons"), k);

	member_person_get(p, id_of(j), ret, ret_names);
	return member_contacts_get(json_object_get(p, "contacts"), id_of(j), ret->person,
	    member_person_lang(p), ret_contacts);
}
