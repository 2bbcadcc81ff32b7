/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/ceptoarctl/ctl.h"
#include "lib/file.h"
#include "lib/mem.h"
#include "proto/members.h"
#include "proto/msg_issuer.h"

int
import_cert(struct ctl *c, const char *id, const char *path)
{
	unsigned char spki[32];
	int64_t not_after;
	struct buf ask;
	int rc = ctl_cert(path, spki, &not_after);

	if (rc == ERR_NOTFOUND)
		return ctl_say(EXIT_REFUSED, "%s: cannot be opened", path);
	if (rc != 0)
		return ctl_say(
		    EXIT_REFUSED, "%s: holds no certificate that can be used", path);
	buf_init(&ask, 256);
	rc = ctl_put_id(&ask, id);
	wire_put_bytes(&ask, spki, sizeof spki);
	wire_put_i64(&ask, not_after);
	if (rc == 0)
		rc = ctl_vault(c, VM_A_CERT, &ask, path);
	buf_done(&ask);
	return rc;
}

/* Was the member suspended by hand?  A members file does not know, and must not lift it.
 */
static int
keep_suspension(struct ctl *c, struct vault_member *m)
{
	unsigned status;
	struct wire w;
	struct buf ask;
	int rc;

	buf_init(&ask, 256);
	rc = ctl_put_id(&ask, m->id);
	if (rc == 0)
		rc = ctl_vault_ask(c, VM_A_SHOW, &ask, &status);
	buf_done(&ask);
	if (rc == 0 && status == VS_OK && c->answer.n > VAULT_ID_MAX) {
		wire_init(&w, c->answer.p + VAULT_ID_MAX, 1);
		m->disabled = wire_u8(&w) == 1;
	}
	return rc == 0 ? EXIT_DONE : ctl_down("vault", rc);
}

static int
send_terms(struct ctl *c, const char *id, const struct member_terms *terms)
{
	struct buf ask;
	size_t i;
	int rc = EXIT_DONE;

	buf_init(&ask, 1024);
	for (i = 0; rc == EXIT_DONE && i < terms->n; i++) {
		buf_reset(&ask);
		vault_term_put(&ask, &terms->v[i]);
		rc = ctl_vault(c, VM_A_TERM, &ask, id);
	}
	buf_done(&ask);
	return rc;
}

static int
send_contacts(struct ctl *c, const json_t *members, size_t i, const char *id)
{
	struct vault_contact v[CONTACTS_MAX];
	size_t n = members_contacts(members, i, v), k;
	int rc = EXIT_DONE;
	struct buf ask;

	buf_init(&ask, VAULT_CONTACT_LEN);
	for (k = 0; rc == EXIT_DONE && k < n; k++) {
		buf_reset(&ask);
		vault_contact_put(&ask, &v[k]);
		rc = ctl_vault(c, VM_A_CONTACT, &ask, id);
	}
	buf_wipe(&ask);
	mem_wipe(v, sizeof v);
	return rc;
}

static int
send_member(struct ctl *c, const json_t *members, size_t i, const char *certs)
{
	struct member_terms terms = { NULL, 0 };
	struct vault_member m;
	char path[PATH_MAX];
	struct buf ask;
	int rc;

	rc = members_get(members, i, c->lists, &m, &terms);
	if (rc != 0)
		return ctl_say(EXIT_REFUSED, "member %zu: %s", i + 1, err_str(rc));
	buf_init(&ask, 4096);
	rc = keep_suspension(c, &m);
	if (rc == EXIT_DONE) {
		vault_member_put(&ask, &m);
		rc = ctl_vault(c, VM_A_MEMBER, &ask, m.id);
	}
	if (rc == EXIT_DONE)
		rc = send_terms(c, m.id, &terms);
	if (rc == EXIT_DONE)
		rc = send_contacts(c, members, i, m.id);
	if (rc == EXIT_DONE && certs != NULL) {
		if (snprintf(path, sizeof path, "%s/%s/cert.pem", certs, m.id) >=
		    (int)sizeof path)
			rc = ctl_say(EXIT_USAGE, "%s: too long", certs);
		if (rc == EXIT_DONE)
			rc = import_cert(c, m.id, path);
		if (rc == EXIT_DONE && (m.roles & (ROLE_CENTRE | ROLE_MINISTRY)) != 0)
			rc = recipient_import(c, m.id, path);
	}
	buf_done(&ask);
	mem_wipe_free(terms.v, terms.n * sizeof *terms.v);
	return rc;
}

/* The vault reads no lists: it is told of which sector group each CEPTOAR is. */
static int
send_groups(struct ctl *c, const char *name)
{
	struct vault_groups m;
	struct buf ask;
	unsigned i;
	int rc;

	m.n = (uint8_t)taxonomy_group_count(c->lists);
	for (i = 0; i < SLOTS; i++)
		m.of[i] = (uint8_t)taxonomy_group_of_slot(c->lists, i);
	buf_init(&ask, VAULT_GROUPS_LEN);
	vault_groups_put(&ask, &m);
	rc = ctl_vault(c, VM_A_GROUPS, &ask, name);
	buf_done(&ask);
	return rc;
}

/* And of which sector. */
static int
send_sectors(struct ctl *c, const char *name)
{
	struct buf ask;
	unsigned i;
	int rc;

	buf_init(&ask, SLOTS);
	for (i = 0; i < SLOTS; i++)
		wire_put_u8(&ask, (uint8_t)taxonomy_sector_of_slot(c->lists, i));
	rc = ctl_vault(c, VM_A_SECTORS, &ask, name);
	buf_done(&ask);
	return rc;
}

int
import_members(struct ctl *c, struct slice text, const char *name, const char *certs)
{
	struct fault why = { 0 };
	json_t *members = NULL;
	size_t i, n;
	int rc;

	rc = ctl_lists(c);
	if (rc != EXIT_DONE)
		return rc;
	rc = members_read(text, c->lists, &members, &why);
	if (rc == ERR_INVALID)
		return ctl_say(EXIT_REFUSED, "%s: %s%s%s (%s)", name, why.pointer,
		    why.pointer[0] != '\0' ? ": " : "",
		    why.detail != NULL ? why.detail : problem_title(why.problem),
		    problem_code(why.problem));
	if (rc != 0)
		return ctl_say(EXIT_REFUSED, "%s: %s", name, err_str(rc));
	n = members_count(members);
	rc = send_sectors(c, name);
	for (i = 0; rc == EXIT_DONE && i < n; i++)
		rc = send_member(c, members, i, certs);
	if (rc == EXIT_DONE)
		rc = send_groups(c, name);
	if (rc == EXIT_DONE)
		rc = ctl_vault(c, VM_A_COMMIT, NULL, name);
	if (rc == EXIT_DONE)
		(void)printf("%zu members registered\n", n);
	json_decref(members);
	return rc;
}
