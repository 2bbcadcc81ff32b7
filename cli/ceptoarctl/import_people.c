/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/ceptoarctl/ctl.h"
#include "lib/file.h"
#include "lib/mem.h"
#include "proto/members.h"

/* The part of an import that says who a member's people are and how they are reached. */

static int
send_contacts(struct ctl *c, const struct vault_contact *v, size_t n)
{
	int rc = EXIT_DONE;
	struct buf ask;
	size_t i;

	buf_init(&ask, VAULT_CONTACT_LEN);
	for (i = 0; rc == EXIT_DONE && i < n; i++) {
		buf_reset(&ask);
		vault_contact_put(&ask, &v[i]);
		rc = ctl_vault(c, VM_A_CONTACT, &ask, v[i].id);
	}
	buf_wipe(&ask);
	return rc;
}

static int
send_names(struct ctl *c, const struct vault_names *m)
{
	struct buf ask;
	int rc;

	if (m->ja[0] == '\0' && m->en[0] == '\0')
		return EXIT_DONE;
	buf_init(&ask, VAULT_NAMES_LEN);
	vault_names_put(&ask, m);
	rc = ctl_vault(c, VM_A_NAMES, &ask, m->id);
	buf_done(&ask);
	return rc;
}

/* A person need not have a certificate yet. */
static int
send_cert(struct ctl *c, const struct vault_person *m, const char *certs)
{
	struct ctl_who who;
	char path[PATH_MAX];

	if (snprintf(path, sizeof path, "%s/%s/%s/cert.pem", certs, m->id, m->person) >=
	    (int)sizeof path)
		return ctl_say(EXIT_USAGE, "%s: too long", certs);
	memcpy(who.id, m->id, sizeof who.id);
	memcpy(who.person, m->person, sizeof who.person);
	return file_exists(path) ? import_cert(c, &who, path) : EXIT_DONE;
}

static int
send_person(struct ctl *c, const json_t *members, size_t i, size_t k, const char *certs)
{
	struct vault_contact v[CONTACTS_MAX];
	struct vault_person m;
	struct vault_names names;
	size_t n = members_person(members, i, k, &m, &names, v);
	struct buf ask;
	int rc;

	buf_init(&ask, VAULT_PERSON_LEN);
	vault_person_put(&ask, &m);
	rc = ctl_vault(c, VM_A_PERSON, &ask, m.id);
	buf_done(&ask);
	if (rc == EXIT_DONE)
		rc = send_names(c, &names);
	if (rc == EXIT_DONE)
		rc = send_contacts(c, v, n);
	if (rc == EXIT_DONE && certs != NULL)
		rc = send_cert(c, &m, certs);
	mem_wipe(v, sizeof v);
	return rc;
}

int
import_people(struct ctl *c, const json_t *members, size_t i, const char *certs)
{
	struct vault_contact v[CONTACTS_MAX];
	struct vault_names names;
	size_t n = members_contacts(members, i, v), k;
	int rc = send_contacts(c, v, n);

	mem_wipe(v, sizeof v);
	members_names(members, i, &names);
	if (rc == EXIT_DONE)
		rc = send_names(c, &names);
	n = members_persons(members, i);
	for (k = 0; rc == EXIT_DONE && k < n; k++)
		rc = send_person(c, members, i, k, certs);
	return rc;
}
