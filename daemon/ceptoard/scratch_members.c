/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/ceptoard/scratch.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "daemon/ceptoard/pki.h"
#include "lib/file.h"
#include "lib/mem.h"
#include "proto/duty_cert.h"
#include "proto/members.h"

enum { FILE_MAX = 64 * 1024 * 1024 };

/* SHA-256 of the members file, the list of CEPTOARs and the roster as hex, for an import
 * hands them to the vault: what was registered last stands in a file. */
static int
digest_hex(struct slice members, struct slice ceptoars, struct slice roster, char out[65])
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	unsigned char h[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	int ok;

	ok = md != NULL && EVP_DigestInit_ex(md, EVP_sha256(), NULL) == 1 &&
	     EVP_DigestUpdate(md, members.p, members.n) == 1 &&
	     EVP_DigestUpdate(md, ceptoars.p, ceptoars.n) == 1 &&
	     EVP_DigestUpdate(md, roster.p, roster.n) == 1 &&
	     EVP_DigestFinal_ex(md, h, &n) == 1 && n == 32;
	EVP_MD_CTX_free(md);
	if (ok)
		hex_encode(h, n, out);
	return ok ? 0 : ERR_CRYPTO;
}

static int
is_changed(const struct scratch *s)
{
	char path[PATH_MAX];
	struct buf old;
	int changed = 1;

	buf_init(&old, 128);
	if (scratch_path(s, "members.sha256", path, sizeof path) == 0 &&
	    file_read(path, &old) == 0)
		changed = strcmp(buf_cstr(&old), s->members_digest) != 0;
	buf_done(&old);
	return changed;
}

void
scratch_members_done(struct scratch *s)
{
	char path[PATH_MAX];

	if (scratch_path(s, "members.sha256", path, sizeof path) == 0 &&
	    file_write(path, 0600, s->members_digest, 64) == 0)
		s->members_changed = 0;
}

/* A folder of this name is the hub's own. */
static int
is_taken(const char *id)
{
	static const char *const taken[] = { "run", "log", "escrow-a", "escrow-b",
		"council" };
	size_t i;

	for (i = 0; i < sizeof taken / sizeof taken[0]; i++)
		if (strcmp(id, taken[i]) == 0)
			return 1;
	return 0;
}

/* DIR/id/name into path. */
static int
member_path(const struct scratch *s, const char *id, const char *name, char *path)
{
	char rest[2 * MEMBER_ID_ROOM + 16];

	(void)snprintf(rest, sizeof rest, "%s/%s", id, name);
	return scratch_path(s, rest, path, PATH_MAX);
}

/* What the member itself knows of itself: the terms of its own scrubber. */
static int
write_entry(const json_t *entry, const char *path)
{
	struct buf b;
	int rc;

	buf_init(&b, FILE_MAX);
	rc = json_canonical(entry, &b);
	buf_addc(&b, '\n');
	if (rc == 0)
		rc = buf_err(&b) != 0 ? buf_err(&b) : file_write(path, 0600, b.p, b.n);
	buf_done(&b);
	return rc;
}

/* The folder of a member or person: certificate, key, and the member's own entry. */
static int
one_folder(const struct scratch *s, struct pki *p, const char *id, const char *name,
    const json_t *entry, struct buf *why)
{
	char folder[PATH_MAX], cert[PATH_MAX], key[PATH_MAX], own[PATH_MAX];
	int rc;

	if (scratch_path(s, id, folder, sizeof folder) != 0 ||
	    member_path(s, id, "cert.pem", cert) != 0 ||
	    member_path(s, id, "key.pem", key) != 0 ||
	    member_path(s, id, "member.json", own) != 0)
		return ERR_LIMIT;
	if (file_mkdir(folder, 0700) != 0) {
		buf_addf(why, "%s: cannot be made", folder);
		return ERR_IO;
	}
	rc = write_entry(entry, own);
	if (rc != 0) {
		buf_addf(why, "%s: %s", own, err_str(rc));
		return rc;
	}
	return pki_issue(p, PKI_MEMBER, name, cert, key, why);
}

/* Persons have folders of their own below the member's. */
static int
all_persons(const struct scratch *s, struct pki *p, const char *id, const json_t *entry,
    struct buf *why)
{
	const json_t *list = json_object_get(entry, "persons");
	const char *person;
	char folder[2 * MEMBER_ID_ROOM];
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < json_array_size(list); i++) {
		person =
		    json_string_value(json_object_get(json_array_get(list, i), "id"));
		(void)snprintf(folder, sizeof folder, "%s/%s", id, person);
		rc = one_folder(s, p, folder, folder, entry, why);
	}
	return rc;
}

static int
one_member(const struct scratch *s, struct pki *p, const char *id, const json_t *entry,
    struct buf *why)
{
	int rc;

	if (is_taken(id)) {
		buf_addf(
		    why, "%s: a member may not be called \"%s\" here", s->members, id);
		return ERR_INVALID;
	}
	rc = one_folder(s, p, id, id, entry, why);
	return rc == 0 ? all_persons(s, p, id, entry, why) : rc;
}

/* What a desk's duty certificate says of it: "" for a member that sits at none. */
static void
desks_of(const struct vault_member *m, const struct taxonomy *t, struct buf *out)
{
	unsigned i;

	if ((m->roles & ROLE_CENTRE) != 0)
		buf_adds(out, "URI:" DUTY_URN "centre");
	for (i = 0; i < SLOTS; i++)
		if (slots_has(&m->sec, i) && taxonomy_slug(t, i) != NULL)
			buf_addf(out, "%sURI:" DUTY_URN "%s", out->n > 0 ? "," : "",
			    taxonomy_slug(t, i));
}

static int
duty_key(const struct scratch *s, struct pki *p, const struct vault_member *m,
    const struct taxonomy *t, struct buf *why)
{
	char cert[PATH_MAX], key[PATH_MAX], name[MEMBER_ID_ROOM + 16];
	struct buf desks;
	int rc = 0;

	buf_init(&desks, 16384);
	desks_of(m, t, &desks);
	(void)snprintf(name, sizeof name, "%s/duty-cert.pem", m->id);
	rc = scratch_path(s, name, cert, sizeof cert);
	(void)snprintf(name, sizeof name, "%s/duty-key.pem", m->id);
	if (rc == 0)
		rc = scratch_path(s, name, key, sizeof key);
	if (rc == 0)
		rc = buf_err(&desks);
	if (rc == 0 && desks.n > 0)
		rc = pki_issue_duty(p, m->id, buf_cstr(&desks), cert, key, why);
	buf_done(&desks);
	return rc;
}

static int
all_members(
    struct scratch *s, const json_t *members, const struct taxonomy *t, struct buf *why)
{
	struct member_terms terms;
	struct vault_member m;
	struct pki *p = NULL;
	size_t i;
	int rc;

	rc = pki_open(&p, s->dir, why);
	for (i = 0; rc == 0 && i < members_count(members); i++) {
		rc = members_get(members, i, t, &m, &terms);
		if (rc != 0)
			break;
		mem_free(terms.v);
		if (i == 0)
			memcpy(s->first_member, m.id, sizeof s->first_member);
		if (s->first_desk[0] == '\0' &&
		    (m.roles & (ROLE_SECRETARIAT | ROLE_CENTRE)) != 0)
			memcpy(s->first_desk, m.id, sizeof s->first_desk);
		rc = one_member(s, p, m.id,
		    json_array_get(json_object_get(members, "members"), i), why);
		if (rc == 0)
			rc = duty_key(s, p, &m, t, why);
	}
	pki_free(p);
	return rc;
}

/* A later start without --members goes on with the same ones. */
static int
keep_copy(const struct scratch *s, struct slice text)
{
	char path[PATH_MAX];

	if (scratch_path(s, SCRATCH_MEMBERS, path, sizeof path) != 0)
		return ERR_LIMIT;
	return strcmp(path, s->members) == 0 ? 0 : file_write(path, 0600, text.p, text.n);
}

/* `list` gets the text of the CEPTOARs. */
static int
load_taxonomy(
    const struct scratch *s, struct taxonomy **ret, struct buf *list, struct buf *why)
{
	struct buf b;
	int rc;

	buf_init(&b, FILE_MAX);
	rc = file_read(s->ceptoars, list);
	if (rc == 0)
		rc = file_read(s->taxonomy, &b);
	if (rc == 0)
		rc = taxonomy_new(ret, buf_slice(list), buf_slice(&b), why);
	buf_done(&b);
	return rc;
}

/* Its text, and where it is; nothing when there is none. */
static int
find_roster(struct scratch *s, struct buf *text)
{
	char path[PATH_MAX];

	if (scratch_path(s, SCRATCH_ROSTER, path, sizeof path) != 0)
		return ERR_LIMIT;
	if (!file_exists(path))
		return 0;
	memcpy(s->roster, path, sizeof path);
	return file_read(path, text);
}

int
scratch_members(struct scratch *s, struct buf *why)
{
	struct taxonomy *t = NULL;
	json_t *members = NULL;
	struct fault fault = { 0 };
	struct buf text, list, roster;
	int rc;

	buf_init(&text, FILE_MAX);
	buf_init(&list, FILE_MAX);
	buf_init(&roster, FILE_MAX);
	rc = file_read(s->members, &text);
	if (rc == 0)
		rc = find_roster(s, &roster);
	if (rc == 0)
		rc = load_taxonomy(s, &t, &list, why);
	if (rc == 0)
		rc = digest_hex(buf_slice(&text), buf_slice(&list), buf_slice(&roster),
		    s->members_digest);
	if (rc == 0)
		rc = members_read(buf_slice(&text), t, &members, &fault);
	if (rc == ERR_INVALID && why->n == 0)
		buf_addf(why, "%s: %s at \"%s\": %s", s->members,
		    problem_code(fault.problem), fault.pointer,
		    fault.detail != NULL ? fault.detail : "");
	if (rc == 0)
		s->members_changed = is_changed(s);
	if (rc == 0)
		s->groups = taxonomy_group_count(t);
	if (rc == 0)
		rc = all_members(s, members, t, why);
	if (rc == 0)
		rc = keep_copy(s, buf_slice(&text));
	if (rc != 0 && why->n == 0)
		buf_addf(why, "%s: %s", s->members, err_str(rc));
	json_decref(members);
	taxonomy_free(t);
	buf_done(&text);
	buf_done(&list);
	buf_done(&roster);
	return rc;
}
