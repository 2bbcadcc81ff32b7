/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ceptoar/token_keys.h"

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "lib/mem.h"
#include "proto/rights.h"

enum { KEYS_MAX = 1024, K_MAX = 1000 };

int
token_council(const char *path, struct evp_pkey_st **ret)
{
	EVP_PKEY *key;
	FILE *f;

	if (path[0] == '\0')
		return session_say(EXIT_USAGE,
		    "whose statement of keys to believe? give --council FILE or "
		    "CEPTOAR_COUNCIL: the council's public key, as it was handed over");
	f = fopen(path, "re");
	if (f == NULL)
		return session_say(EXIT_USAGE, "%s: cannot be read", path);
	key = PEM_read_PUBKEY(f, NULL, NULL, NULL);
	(void)fclose(f);
	if (key == NULL)
		return session_say(EXIT_USAGE, "%s: holds no public key", path);
	*ret = key;
	return EXIT_DONE;
}

static int
malformed(const char *what)
{
	return session_say(
	    EXIT_REFUSED, "the hub's answer about tokens is malformed: %s", what);
}

/* An integer lo..hi of an object, or -1. */
static long long
number(const json_t *o, const char *name, long long lo, long long hi)
{
	const json_t *j = json_object_get(o, name);
	long long v = json_integer_value(j);

	return json_is_integer(j) && v >= lo && v <= hi ? v : -1;
}

static long
bytes(const json_t *o, const char *name, void *out, size_t cap)
{
	const json_t *j = json_object_get(o, name);
	struct slice s = { json_string_value(j), json_string_length(j) };

	return s.p != NULL ? b64url_decode(s, out, cap) : ERR_INVALID;
}

/* Numbers by the names of CEPTOARs, and nothing else; a new reference, or NULL. */
static json_t *
read_ceptoars(json_t *in)
{
	const char *slug;
	json_t *n;

	if (!json_is_object(in) || json_object_size(in) > SLOTS)
		return NULL;
	json_object_foreach(
	    in, slug, n) if (!json_is_integer(n) || json_integer_value(n) < 0 ||
			     json_integer_value(n) > INT32_MAX) return NULL;
	return json_incref(in);
}

static int
read_key(const json_t *j, struct issuer_key *k)
{
	const char *group = json_string_value(json_object_get(j, "group"));
	long long epoch = number(j, "epoch", 0, UINT32_MAX),
		  drawn = number(j, "drawn", 0, INT32_MAX);
	unsigned char id[KEY_ID_LEN];

	if (group == NULL || strlen(group) >= sizeof k->group || epoch < 0 || drawn < 0 ||
	    bytes(j, "key", k->n, sizeof k->n) != sizeof k->n ||
	    bytes(j, "key_id", k->id, sizeof k->id) != sizeof k->id)
		return malformed("a key");
	(void)snprintf(k->group, sizeof k->group, "%s", group);
	k->epoch = (uint32_t)epoch;
	k->drawn = (unsigned)drawn;
	k->in = NULL;
	if (token_key_id(k->n, id) != 0 || memcmp(id, k->id, sizeof id) != 0)
		return session_say(EXIT_REFUSED,
		    "the hub shows a key for %s, epoch %u, under another key's name. "
		    "Nothing is drawn; tell the council",
		    k->group, k->epoch);
	k->in = read_ceptoars(json_object_get(j, "ceptoars"));
	return k->in != NULL ? EXIT_DONE : malformed("who drew in which CEPTOAR");
}

const struct issuer_key *
token_keys_find(const struct token_keys *k, const char *group, uint32_t epoch)
{
	size_t i;

	for (i = 0; i < k->n_keys; i++)
		if (k->keys[i].epoch == epoch && strcmp(k->keys[i].group, group) == 0)
			return &k->keys[i];
	return NULL;
}

static int
read_keys(const json_t *list, struct token_keys *k)
{
	size_t i, n = json_array_size(list);
	struct issuer_key key;
	int rc = EXIT_DONE;

	if (!json_is_array(list) || n > KEYS_MAX)
		return malformed("the list of keys");
	k->keys = mem_calloc(n != 0 ? n : 1, sizeof k->keys[0]);
	if (k->keys == NULL)
		return session_say(EXIT_REFUSED, "%s", err_str(ERR_NOMEM));
	for (i = 0; rc == EXIT_DONE && i < n; i++) {
		rc = read_key(json_array_get(list, i), &key);
		if (rc == EXIT_DONE && token_keys_find(k, key.group, key.epoch) != NULL) {
			json_decref(key.in);
			rc = session_say(EXIT_REFUSED,
			    "the hub shows two keys for %s, epoch %u. Nothing is drawn; "
			    "tell the council",
			    key.group, key.epoch);
		}
		if (rc == EXIT_DONE)
			k->keys[k->n_keys++] = key;
	}
	return rc;
}

static int
read_statement(const json_t *j, EVP_PKEY *council, struct token_keys *k)
{
	struct slice jws = { json_string_value(j), json_string_length(j) };
	struct fault why = { 0 };
	int rc;

	if (jws.p == NULL)
		return session_say(EXIT_REFUSED,
		    "the hub shows no statement of the council about its keys. Nothing "
		    "is drawn from keys that nobody signed");
	rc = key_statement_open(council, jws, &k->statement, &why);
	if (rc == ERR_DENIED)
		return session_say(EXIT_REFUSED,
		    "the statement of keys is not signed by the council whose key you "
		    "hold. Nothing is drawn; tell the council");
	if (rc != 0)
		return session_say(EXIT_REFUSED,
		    "the council's statement of keys cannot be read: %s%s%s", why.pointer,
		    why.pointer[0] != '\0' ? ": " : "",
		    why.detail != NULL ? why.detail : err_str(rc));
	if (k->statement->epoch_seconds != k->epoch_seconds)
		return session_say(EXIT_REFUSED,
		    "the hub's epochs last %u s, and the council signed %u s. Nothing is "
		    "drawn; tell the council",
		    k->epoch_seconds, k->statement->epoch_seconds);
	return EXIT_DONE;
}

static int
council_digest(EVP_PKEY *council, unsigned char ret[32])
{
	unsigned char *der = NULL;
	int n = i2d_PUBKEY(council, &der);
	int ok = n > 0 && EVP_Digest(der, (size_t)n, ret, NULL, EVP_sha256(), NULL) == 1;

	OPENSSL_free(der);
	return ok ? EXIT_DONE : session_say(EXIT_REFUSED, "%s", err_str(ERR_CRYPTO));
}

/* A member that is led into an epoch of its own would be alone there. */
static int
check_epoch(const struct token_keys *k, int64_t now_s)
{
	int64_t first = (now_s - CLOCK_SLACK_S) / k->epoch_seconds,
		last = (now_s + CLOCK_SLACK_S) / k->epoch_seconds;

	if (k->epoch >= first && k->epoch <= last)
		return EXIT_DONE;
	return session_say(EXIT_REFUSED,
	    "the hub is in epoch %u, and by this machine's clock it is %lld. Nothing is "
	    "drawn; set the clock or tell the council",
	    k->epoch, (long long)(now_s / k->epoch_seconds));
}

static int
fill(struct token_keys *k, const json_t *answer, EVP_PKEY *council, int64_t now_s)
{
	long long epoch = number(answer, "epoch", 0, UINT32_MAX),
		  seconds = number(answer, "epoch_seconds", 60, INT32_MAX),
		  batch = number(answer, "batch", 1, BATCH_MAX),
		  least = number(answer, "k", 1, K_MAX);
	int rc;

	if (epoch < 0 || seconds < 0 || batch < 0 || least < 0)
		return malformed("epoch, epoch_seconds, batch and k are expected");
	k->epoch = (uint32_t)epoch;
	k->epoch_seconds = (uint32_t)seconds;
	k->batch = (unsigned)batch;
	k->k = (unsigned)least;
	rc = council_digest(council, k->council);
	if (rc == EXIT_DONE)
		rc = read_statement(json_object_get(answer, "statement"), council, k);
	if (rc == EXIT_DONE)
		rc = read_keys(json_object_get(answer, "keys"), k);
	if (rc == EXIT_DONE)
		rc = check_epoch(k, now_s);
	return rc;
}

int
token_keys_read(const json_t *answer, struct evp_pkey_st *council, int64_t now_s,
    struct token_keys **ret)
{
	struct token_keys *k = mem_zalloc(sizeof *k);
	int rc;

	if (k == NULL)
		return session_say(EXIT_REFUSED, "%s", err_str(ERR_NOMEM));
	rc = fill(k, answer, council, now_s);
	if (rc == EXIT_DONE)
		*ret = k;
	else
		token_keys_free(k);
	return rc;
}

void
token_keys_free(struct token_keys *k)
{
	size_t i;

	if (k == NULL)
		return;
	for (i = 0; i < k->n_keys; i++)
		json_decref(k->keys[i].in);
	key_statement_free(k->statement);
	mem_free(k->keys);
	mem_free(k);
}

int
token_keys_current(
    const struct token_keys *k, const char *group, const struct issuer_key **ret)
{
	const struct issuer_key *shown = token_keys_find(k, group, k->epoch);
	const struct statement_key *wanted =
	    key_statement_find(k->statement, slice_of(group), k->epoch);

	if (shown == NULL)
		return session_say(EXIT_REFUSED,
		    "%s: the hub shows no key of epoch %u; try again in a minute", group,
		    k->epoch);
	if (key_statement_revokes(k->statement, shown->id))
		return session_say(EXIT_REFUSED,
		    "%s: the council has revoked the key of epoch %u that the hub shows. "
		    "Nothing is drawn; tell the council",
		    group, k->epoch);
	if (wanted == NULL)
		return session_say(EXIT_REFUSED,
		    "%s: the council has not signed a key for epoch %u. Nothing is drawn "
		    "from a key that nobody signed",
		    group, k->epoch);
	if (memcmp(wanted->id, shown->id, KEY_ID_LEN) != 0)
		return session_say(EXIT_REFUSED,
		    "%s: for epoch %u the hub shows another key than the council signed. "
		    "Nothing is drawn; tell the council",
		    group, k->epoch);
	*ret = shown;
	return EXIT_DONE;
}
