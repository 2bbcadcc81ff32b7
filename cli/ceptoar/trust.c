/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ceptoar/trust.h"

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "cli/ceptoar/cmd.h"
#include "lib/clock.h"
#include "lib/file.h"
#include "lib/mem.h"
#include "proto/bulletin_sign.h"
#include "proto/frame.h"

enum { CA_MAX = 1024 * 1024, WHAT_ROOM = 80, FOREIGN_MS = 600000 };

struct trust {
	struct session *s;
	char name[NAME_ROOM]; /* of the file in the state folder */
	json_t *pinned;	      /* {"keys":[...]}; NULL: none yet */
	struct jwks *keys;    /* the same, read */
	int unmarked;	      /* kept before hubs said which keys are others' */
	int asked;	      /* the hub was asked in this run, for the key `last` */
	int64_t told;	      /* when the hub was last asked; 0: not in this run */
	char last[JWK_KID + 1];
};

/* The authority is what we know the hub by, whatever its address is today. */
static int
name_of(const struct session *s, char ret[NAME_ROOM])
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	struct buf ca, hex;
	unsigned n = 0;
	int rc;

	buf_init(&ca, CA_MAX);
	buf_init(&hex, 64);
	rc = file_read(s->ca, &ca);
	if (rc == 0 && EVP_Digest(ca.p, ca.n, sum, &n, EVP_sha256(), NULL) != 1)
		rc = ERR_CRYPTO;
	if (rc == 0) {
		buf_add_hex(&hex, sum, 8);
		(void)snprintf(ret, NAME_ROOM, "hub-keys-%s", buf_cstr(&hex));
	}
	buf_done(&ca);
	buf_done(&hex);
	return rc;
}

static int
adopt(struct trust *t, json_t *set, struct fault *why)
{
	struct jwks *keys = NULL;
	int rc = jwks_of(set, &keys, why);

	if (rc != 0)
		return rc;
	jwks_free(t->keys);
	json_decref(t->pinned);
	t->keys = keys;
	t->pinned = json_incref(set);
	t->unmarked = json_object_get(set, "foreign") == NULL;
	return 0;
}

struct trust *
trust_open(struct session *s)
{
	struct trust *t = mem_zalloc(sizeof *t);
	struct fault why = { 0 };
	json_t *set = NULL;

	if (t == NULL)
		return NULL;
	t->s = s;
	if (name_of(s, t->name) == 0 && state_has(s, t->name))
		set = state_load(s, t->name);
	if (set != NULL && adopt(t, set, &why) != 0)
		(void)session_say(0, "%s/%s.json: no set of keys; they are fetched anew",
		    s->state_dir, t->name);
	json_decref(set);
	return t;
}

void
trust_close(struct trust *t)
{
	if (t == NULL)
		return;
	jwks_free(t->keys);
	json_decref(t->pinned);
	mem_free(t);
}

/* Puts the hub's own keys that are not shown at all any more at the list's end. */
static int
join_list(const struct trust *t, json_t *set, const struct jwks *shown, unsigned *gone)
{
	const json_t *from = json_object_get(t->pinned, "keys");
	json_t *list = json_object_get(set, "keys");
	const char *kid;
	size_t i;

	for (i = 0; i < jwks_count(t->keys); i++) {
		kid = jwks_kid(t->keys, i);
		/* Whose it is the hub says: it may know better now. */
		if (jwks_find(shown, kid) != NULL ||
		    jwks_find(jwks_foreign(shown), kid) != NULL)
			continue;
		++*gone;
		if (json_array_size(list) < JWKS_KEYS_MAX &&
		    json_array_append(list, json_array_get(from, i)) != 0)
			return ERR_NOMEM;
	}
	return 0;
}

/* What was pinned of the hub's own stays; other hubs' keys it may drop, since it is the
 * hub's word alone that makes them good. */
static int
join(const struct trust *t, json_t *set, const struct jwks *shown)
{
	unsigned gone = 0;
	int rc;

	if (t->keys == NULL)
		return 0;
	if (json_object_get(set, "foreign") == NULL && !t->unmarked &&
	    json_object_set_new(set, "foreign", json_array()) != 0)
		return ERR_NOMEM;
	rc = join_list(t, set, shown, &gone);
	if (rc != 0)
		return rc;
	if (gone > 0)
		(void)session_say(0,
		    "WARNING: the hub no longer shows %u of the keys that it showed "
		    "before; ask its administrators why",
		    gone);
	return 0;
}

/* Asks the hub, and keeps what it shows. */
static int
fetch(struct trust *t)
{
	struct fault why = { 0 };
	struct jwks *shown = NULL;
	json_t *set = NULL;
	int rc;

	t->told = clock_mono_ms();
	if (cmd_get(t->s, "/.well-known/jwks.json", &set) != EXIT_DONE)
		return ERR_DOWN;
	rc = jwks_of(set, &shown, &why);
	if (rc == 0)
		rc = join(t, set, shown);
	if (rc == 0)
		rc = adopt(t, set, &why);
	if (rc == ERR_INVALID)
		(void)cmd_say_fault("the hub's keys", &why);
	if (rc == 0 && t->name[0] != '\0' && t->s->state_dir[0] != '\0')
		rc = state_save(t->s, t->name, set) == EXIT_DONE ? 0 : ERR_IO;
	jwks_free(shown);
	json_decref(set);
	return rc;
}

static void
warn(const struct trust *t, const char *what, int rc, const char *kid)
{
	int foreign = rc == ERR_CONFLICT && t->keys != NULL &&
		      jwks_find(jwks_foreign(t->keys), kid) != NULL;
	const char *why = rc == ERR_NOTFOUND   ? "it carries no signature"
			  : rc == ERR_DENIED   ? "its text is not what was signed"
			  : foreign	       ? "another hub signed it: "
			  : rc == ERR_CONFLICT ? "the hub shows no such key: "
			  : rc == ERR_DOWN     ? "the hub's keys could not be fetched"
					       : "its signature is malformed";

	(void)session_say(0, "WARNING: %s DOES NOT VERIFY: %s%s; do not act on it alone",
	    what, why, rc == ERR_CONFLICT ? kid : "");
}

static int
verify(const struct trust *t, struct slice text, int original, char kid[JWK_KID + 1])
{
	return original ? bulletin_verify_original(t->keys, text, kid)
			: bulletin_verify(t->keys, text, kid);
}

static int
check(struct trust *t, const char *what, struct slice text, int original)
{
	char kid[JWK_KID + 1] = "";
	int rc = ERR_CONFLICT, got = 0;

	/* Whether another hub's key is still good; without an answer what is kept holds.
	 */
	if (original && t->keys != NULL &&
	    (t->told == 0 || clock_mono_ms() - t->told >= FOREIGN_MS))
		(void)fetch(t);
	if (t->keys != NULL)
		rc = verify(t, text, original, kid);
	/* A new key of the hub's, or the first one: it is asked once for each. */
	if ((rc == ERR_CONFLICT || t->unmarked) &&
	    (!t->asked || strcmp(kid, t->last) != 0)) {
		t->asked = 1;
		(void)snprintf(t->last, sizeof t->last, "%s", kid);
		got = fetch(t);
		if (got == 0)
			rc = verify(t, text, original, kid);
		else if (t->keys == NULL)
			rc = ERR_DOWN;
	}
	if (rc != 0)
		warn(t, what, rc, kid);
	return rc == 0;
}

int
trust_check(struct trust *t, const char *what, struct slice text)
{
	return check(t, what, text, 0);
}

int
trust_check_original(struct trust *t, const char *what, struct slice text)
{
	return check(t, what, text, 1);
}

int
trust_check_json(struct trust *t, const json_t *bulletin, const struct slice *text)
{
	const char *number = json_string_value(json_object_get(bulletin, "number"));
	char what[WHAT_ROOM];
	struct buf own;
	int ok = 0;

	(void)snprintf(
	    what, sizeof what, "bulletin %.20s", number != NULL ? number : "?");
	if (text != NULL)
		return trust_check(t, what, *text);
	buf_init(&own, FRAME_BODY_MAX);
	if (json_canonical(bulletin, &own) == 0)
		ok = trust_check(t, what, buf_slice(&own));
	else
		warn(t, what, ERR_INVALID, "");
	buf_done(&own);
	return ok;
}
