/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/ceptoarctl/ctl.h"
#include "lib/file.h"
#include "lib/mem.h"
#include "lib/term.h"
#include "proto/json.h"

struct role_name {
	unsigned bit;
	const char *name;
};

static const struct role_name role_names[] = { { ROLE_OPERATOR, "operator" },
	{ ROLE_SECRETARIAT, "secretariat" }, { ROLE_AFFILIATE, "affiliate" },
	{ ROLE_CENTRE, "centre" }, { ROLE_MINISTRY, "ministry" },
	{ ROLE_AGENCY, "agency" }, { ROLE_OBSERVER, "observer" } };

static void
add_roles(struct buf *out, unsigned roles)
{
	const char *comma = "";
	size_t i;

	for (i = 0; i < sizeof role_names / sizeof role_names[0]; i++)
		if ((roles & role_names[i].bit) != 0) {
			buf_addf(out, "%s%s", comma, role_names[i].name);
			comma = ",";
		}
}

static int
do_import(struct ctl *c, int argc, char **argv)
{
	static const struct option names[] = { { "certs", 1, NULL, 'c' },
		{ "roster", 1, NULL, 'r' }, { NULL, 0, NULL, 0 } };
	const char *certs = NULL, *roster = NULL;
	struct buf text;
	size_t n;
	int o, rc;

	while ((o = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (o == 'c')
			certs = optarg;
		else if (o == 'r')
			roster = optarg;
		else
			return EXIT_USAGE;
	}
	if (optind + 1 != argc)
		return ctl_say(EXIT_USAGE, "member import: expected one members file");
	buf_init(&text, FILE_MAX);
	rc = file_read(argv[optind], &text);
	if (rc != 0)
		rc = ctl_say(EXIT_REFUSED, "%s: %s", argv[optind], err_str(rc));
	else
		rc = import_members(c, buf_slice(&text), argv[optind], certs);
	buf_wipe(&text);
	if (rc == EXIT_DONE && roster != NULL) {
		rc = import_roster(c, roster, &n);
		if (rc == EXIT_DONE)
			rc = ctl_vault(c, VM_A_COMMIT, NULL, roster);
	}
	return rc;
}

/* Options of `member add` and the list or text of the members file that they fill. */
static const struct option add_options[] = { { "role", 1, NULL, 'r' },
	{ "alias", 1, NULL, 'a' }, { "domain", 1, NULL, 'd' },
	{ "network", 1, NULL, 'n' }, { "asn", 1, NULL, 'i' },
	{ "host-prefix", 1, NULL, 'h' }, { "site", 1, NULL, 's' },
	{ "person", 1, NULL, 'p' }, { "name-ja", 1, NULL, 'J' },
	{ "name-en", 1, NULL, 'E' }, { "region", 1, NULL, 'R' },
	{ "class", 1, NULL, 'C' }, { "size", 1, NULL, 'S' }, { "cert", 1, NULL, 'c' },
	{ NULL, 0, NULL, 0 } };

/* Appends to member[key], which is a list. */
static int
append(json_t *member, const char *key, json_t *value)
{
	json_t *list = json_object_get(member, key);

	if (list == NULL) {
		list = json_array();
		if (json_object_set_new(member, key, list) != 0)
			list = NULL;
	}
	return list != NULL && json_array_append_new(list, value) == 0 ? 0 : ERR_NOMEM;
}

/* "medical-ceptoar:operator" or "centre". */
static json_t *
role_value(const char *text)
{
	const char *colon = strchr(text, ':');

	if (colon == NULL)
		return json_pack("{s:s}", "role", text);
	return json_pack(
	    "{s:s%, s:s}", "ceptoar", text, (size_t)(colon - text), "role", colon + 1);
}

static json_t *
number_or_text(const char *text)
{
	json_t *j = json_loads(text, JSON_DECODE_ANY, NULL);

	if (json_is_integer(j))
		return j;
	json_decref(j);
	return json_string(text);
}

static int
add_one(json_t *member, int o, const char *value)
{
	json_t *names;

	switch (o) {
	case 'r':
		return append(member, "roles", role_value(value));
	case 'a':
		return append(member, "aliases", json_string(value));
	case 'd':
		return append(member, "domains", json_string(value));
	case 'n':
		return append(member, "networks", json_string(value));
	case 'i':
		return append(member, "asns", number_or_text(value));
	case 'h':
		return append(member, "host_prefixes", json_string(value));
	case 's':
		return append(member, "sites", json_string(value));
	case 'p':
		return append(member, "people", json_string(value));
	case 'J':
	case 'E':
		names = json_object_get(member, "names");
		if (names == NULL) {
			names = json_object();
			if (json_object_set_new(member, "names", names) != 0)
				return ERR_NOMEM;
		}
		return json_object_set_new(
		    names, o == 'J' ? "ja" : "en", json_string(value));
	case 'R':
		return json_object_set_new(member, "region", json_string(value));
	case 'C':
		return json_object_set_new(member, "class", json_string(value));
	case 'S':
		return json_object_set_new(member, "size", json_string(value));
	default:
		return ERR_INVALID;
	}
}

/* Makes a members file of one and goes the way of import: one set of rules. */
static int
do_add(struct ctl *c, int argc, char **argv)
{
	json_t *member = json_object(), *file = NULL;
	const char *cert = NULL;
	struct ctl_who who;
	struct buf text;
	int o, rc = 0;

	while (rc == 0 && (o = getopt_long(argc, argv, "", add_options, NULL)) != -1) {
		if (o == 'c')
			cert = optarg;
		else
			rc = add_one(member, o, optarg);
	}
	buf_init(&text, FILE_MAX);
	if (rc != 0 || optind + 1 != argc || json_object_get(member, "roles") == NULL) {
		rc = ctl_say(EXIT_USAGE,
		    "member add: expected ID --role [CEPTOAR:]ROLE [...]; "
		    "see ceptoarctl member --help");
	} else {
		file = json_pack("{s:[o]}", "members", json_incref(member));
		if (json_object_set_new(member, "id", json_string(argv[optind])) != 0 ||
		    json_canonical(file, &text) != 0)
			rc = ctl_say(EXIT_USAGE, "%s: not a usable member", argv[optind]);
	}
	if (rc == 0)
		rc = import_members(c, buf_slice(&text), argv[optind], NULL);
	if (rc == EXIT_DONE && cert != NULL) {
		rc = ctl_who(argv[optind], &who) == 0 ? import_cert(c, &who, cert)
						      : EXIT_USAGE;
		if (rc == EXIT_DONE)
			rc = ctl_vault(c, VM_A_COMMIT, NULL, cert);
	}
	json_decref(file);
	json_decref(member);
	buf_wipe(&text);
	return rc;
}

static int
do_list(struct ctl *c)
{
	char after[VAULT_ID_MAX] = { 0 }, id[VAULT_ID_MAX];
	struct buf ask, out;
	struct wire w;
	unsigned i, n, roles, disabled;
	int rc;

	buf_init(&ask, 256);
	buf_init(&out, FILE_MAX);
	do {
		buf_reset(&ask);
		buf_add(&ask, after, sizeof after);
		rc = ctl_vault(c, VM_A_LIST, &ask, "list");
		if (rc != EXIT_DONE)
			break;
		wire_init(&w, c->answer.p, c->answer.n);
		n = wire_u8(&w);
		for (i = 0; i < n; i++) {
			wire_bytes(&w, id, sizeof id);
			id[sizeof id - 1] = '\0';
			roles = wire_u16(&w);
			disabled = wire_u8(&w);
			buf_addf(
			    &out, "%-32s %-9s ", id, disabled ? "suspended" : "active");
			add_roles(&out, roles);
			buf_addc(&out, '\n');
			memcpy(after, id, sizeof after);
		}
		if (w.err != 0)
			rc = ctl_down("vault", ERR_PROTO);
	} while (rc == EXIT_DONE && n > 0);
	buf_done(&ask);
	ctl_print(&out);
	return rc;
}

static void
add_slots(struct ctl *c, struct buf *out, const char *role, const struct slots *s)
{
	const char *slug;
	unsigned i;

	for (i = 0; i < SLOTS; i++)
		if (slots_has(s, i)) {
			slug = taxonomy_slug(c->lists, i);
			if (slug == NULL)
				slug = taxonomy_community_slug(c->lists, i);
			buf_addf(out, "  %-14s%s\n", role, slug != NULL ? slug : "?");
		}
}

static void
show_certs(struct wire *w, struct buf *out)
{
	unsigned char spki[32];
	unsigned i, n = wire_u8(w);
	char day[CTL_DAY];

	for (i = 0; i < n && w->err == 0; i++) {
		wire_bytes(w, spki, sizeof spki);
		ctl_day(wire_i64(w), day);
		buf_addf(out, "  certificate   until %s%s  ", day,
		    wire_u8(w) != 0 ? "  REVOKED" : "");
		buf_add_hex(out, spki, sizeof spki);
		buf_addc(out, '\n');
	}
}

static void
show_recipient(struct wire *w, struct buf *out)
{
	unsigned char spki[32];
	char day[CTL_DAY];

	if (!wire_bool(w))
		return;
	wire_bytes(w, spki, sizeof spki);
	ctl_day(wire_i64(w), day);
	buf_addf(out, "  may be named  until %s  ", day);
	buf_add_hex(out, spki, sizeof spki);
	buf_addc(out, '\n');
}

/* How many of each kind; with `values` what they are. */
static int
show_contacts(struct ctl *c, const char *id, int values, struct buf *out)
{
	unsigned n, i, kind, count[CONTACT_LAST + 1] = { 0 };
	struct vault_route v[CONTACTS_MAX];
	const char *comma = "";
	struct ctl_who who;
	int rc;

	if (ctl_who(id, &who) != 0)
		return EXIT_USAGE;
	rc = contact_read(c, &who, v, &n);
	if (rc != EXIT_DONE)
		return rc;
	for (i = 0; i < n; i++)
		count[v[i].kind]++;
	buf_addf(out, "  contacts      %s", n == 0 ? "none" : "");
	for (kind = 1; kind <= CONTACT_LAST; kind++)
		if (count[kind] > 0) {
			buf_addf(out, "%s%u %s", comma, count[kind], contact_word(kind));
			comma = ", ";
		}
	buf_addc(out, '\n');
	if (values)
		contact_show(v, n, 0, out);
	mem_wipe(v, sizeof v);
	return EXIT_DONE;
}

static int
do_show(struct ctl *c, const char *id, int values)
{
	struct buf ask, out, size;
	struct vault_member m = { 0 };
	struct wire w;
	int rc = ctl_lists(c);

	if (rc != EXIT_DONE)
		return rc;
	buf_init(&ask, 256);
	buf_init(&out, 65536);
	buf_init(&size, 4096);
	vault_member_put(&size, &m); /* a member's record has a fixed size: this one */
	if (ctl_put_id(&ask, id) != 0)
		rc = ctl_say(EXIT_USAGE, "%s: not a member id", id);
	else
		rc = ctl_vault(c, VM_A_SHOW, &ask, id);
	if (rc == EXIT_DONE &&
	    (c->answer.n < size.n || vault_member_get(c->answer.p, size.n, &m) != 0))
		rc = ctl_down("vault", ERR_PROTO);
	if (rc == EXIT_DONE) {
		wire_init(&w, c->answer.p + size.n, c->answer.n - size.n);
		buf_addf(&out, "%s  %s\n", m.id, m.disabled ? "suspended" : "active");
		buf_adds(&out, "  roles         ");
		add_roles(&out, m.roles);
		buf_addc(&out, '\n');
		add_slots(c, &out, "operator", &m.op);
		add_slots(c, &out, "secretariat", &m.sec);
		add_slots(c, &out,
		    (m.roles & ROLE_MINISTRY) != 0     ? "answers for"
		    : (m.roles & ROLE_SUBSCRIBER) != 0 ? "community"
						       : "affiliate",
		    &m.aff);
		buf_addf(&out,
		    "  region        %s\n  class         %s\n  size          %s\n",
		    m.region, m.class_, m.size);
		buf_addf(&out, "  terms         %u (texts are not shown)\n",
		    (unsigned)wire_u16(&w));
		show_certs(&w, &out);
		show_recipient(&w, &out);
		rc = show_contacts(c, id, values, &out);
	}
	buf_done(&ask);
	buf_done(&size);
	ctl_print(&out);
	return rc;
}

static int
do_disable(struct ctl *c, const char *id, unsigned disabled)
{
	struct buf ask;
	int rc;

	buf_init(&ask, 256);
	rc = ctl_put_id(&ask, id);
	wire_put_u8(&ask, (uint8_t)disabled);
	if (rc != 0)
		rc = ctl_say(EXIT_USAGE, "%s: not a member id", id);
	else
		rc = ctl_vault(c, VM_A_DISABLE, &ask, id);
	if (rc == EXIT_DONE)
		rc = ctl_vault(c, VM_A_COMMIT, NULL, id);
	if (rc == EXIT_DONE)
		(void)printf("%s %s\n", id, disabled ? "suspended" : "active again");
	buf_done(&ask);
	return rc;
}

int
cmd_member(struct ctl *c, int argc, char **argv)
{
	if (argc < 1 || strcmp(argv[0], "--help") == 0) {
		(void)fputs(help_member, argc < 1 ? stderr : stdout);
		return argc < 1 ? EXIT_USAGE : EXIT_DONE;
	}
	optind = 0; /* the sub-command has options of its own */
	if (strcmp(argv[0], "import") == 0)
		return do_import(c, argc, argv);
	if (strcmp(argv[0], "add") == 0)
		return do_add(c, argc, argv);
	if (strcmp(argv[0], "list") == 0 && argc == 1)
		return do_list(c);
	if (strcmp(argv[0], "show") == 0 && argc == 2)
		return do_show(c, argv[1], 0);
	if (strcmp(argv[0], "show") == 0 && argc == 3 &&
	    strcmp(argv[2], "--contacts") == 0)
		return do_show(c, argv[1], 1);
	if (strcmp(argv[0], "disable") == 0 && argc == 2)
		return do_disable(c, argv[1], 1);
	if (strcmp(argv[0], "enable") == 0 && argc == 2)
		return do_disable(c, argv[1], 0);
	return ctl_say(EXIT_USAGE, "member: add, import, list, show, disable or enable; "
				   "see ceptoarctl member --help");
}
