/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ceptoar/token_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "cli/ceptoar/state.h"
#include "lib/clock.h"
#include "lib/file.h"
#include "lib/mem.h"

struct token_store {
	const struct session *s;
	json_t *all;
	char name[NAME_ROOM];
	int lock;
};

enum { SEEN_KEPT = 4 /* epochs */ };

/* One file for each folder of certificates: members on one machine do not mix. */
static int
name_of(const struct session *s, char name[NAME_ROOM])
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	char whole[PATH_MAX];
	struct buf hex;

	if (realpath(s->folder, whole) == NULL ||
	    EVP_Digest(whole, strlen(whole), hash, NULL, EVP_sha256(), NULL) != 1)
		return session_say(EXIT_REFUSED, "%s: %s", s->folder, strerror(errno));
	buf_init(&hex, 64);
	buf_add_hex(&hex, hash, 8);
	(void)snprintf(name, NAME_ROOM, "tokens-%s", buf_cstr(&hex));
	buf_done(&hex);
	return EXIT_DONE;
}

static int
take_lock(struct token_store *t)
{
	char path[PATH_MAX + 2 * NAME_ROOM];

	if (t->s->state_dir[0] == '\0')
		return session_say(
		    EXIT_USAGE, "where to keep tokens? set HOME or give --state-dir");
	if (file_mkdir(t->s->state_dir, 0700) != 0)
		return session_say(
		    EXIT_REFUSED, "%s: %s", t->s->state_dir, strerror(errno));
	(void)snprintf(path, sizeof path, "%s/%s.lock", t->s->state_dir, t->name);
	t->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (t->lock < 0 || flock(t->lock, LOCK_EX) != 0)
		return session_say(EXIT_REFUSED, "%s: %s", path, strerror(errno));
	return EXIT_DONE;
}

static int
load(struct token_store *t)
{
	static const char *const lists[] = { "drawn", "asked", "flying", "seen" };
	size_t i;

	if (state_has(t->s, t->name)) {
		t->all = state_load(t->s, t->name);
		if (!json_is_object(t->all))
			return session_say(EXIT_REFUSED, "%s/%s.json: is damaged",
			    t->s->state_dir, t->name);
	} else {
		t->all = json_object();
	}
	for (i = 0; i < sizeof lists / sizeof lists[0]; i++)
		if (!json_is_array(json_object_get(t->all, lists[i])) &&
		    json_object_set_new(t->all, lists[i], json_array()) != 0)
			return session_say(EXIT_REFUSED, "%s", err_str(ERR_NOMEM));
	return EXIT_DONE;
}

int
token_store_open(const struct session *s, struct token_store **ret)
{
	struct token_store *t = mem_zalloc(sizeof *t);
	int rc;

	if (t == NULL)
		return session_say(EXIT_REFUSED, "%s", err_str(ERR_NOMEM));
	t->s = s;
	t->lock = -1;
	rc = name_of(s, t->name);
	if (rc == EXIT_DONE)
		rc = take_lock(t);
	if (rc == EXIT_DONE)
		rc = load(t);
	if (rc == EXIT_DONE)
		*ret = t;
	else
		token_store_close(t);
	return rc;
}

int
token_store_save(struct token_store *t)
{
	return state_save(t->s, t->name, t->all);
}

void
token_store_close(struct token_store *t)
{
	if (t == NULL)
		return;
	json_decref(t->all);
	if (t->lock >= 0)
		(void)close(t->lock); /* and the lock is open */
	mem_free(t);
}

static const char *
text_of(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s != NULL ? s : "";
}

static long long
number_of(const json_t *o, const char *key)
{
	return (long long)json_integer_value(json_object_get(o, key));
}

static json_t *
list_of(const struct token_store *t, const char *name)
{
	return json_object_get(t->all, name);
}

/* The place of a group and epoch in a list; its size when it is not there. */
static size_t
place(const json_t *list, const char *group, uint32_t epoch)
{
	const json_t *j;
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		j = json_array_get(list, i);
		if (number_of(j, "epoch") == epoch &&
		    strcmp(text_of(j, "group"), group) == 0)
			break;
	}
	return i;
}

static void
drop_outside(json_t *list, long long from, long long to)
{
	size_t i = json_array_size(list);
	long long epoch;

	while (i-- > 0) {
		epoch = number_of(json_array_get(list, i), "epoch");
		if (epoch < from || epoch > to)
			(void)json_array_remove(list, i);
	}
}

void
token_store_prune(struct token_store *t, uint32_t epoch)
{
	long long now = epoch;

	drop_outside(list_of(t, "drawn"), now - 1, INT64_MAX);
	drop_outside(list_of(t, "flying"), now - 1, INT64_MAX);
	drop_outside(list_of(t, "asked"), now, now);
	drop_outside(list_of(t, "seen"), now - SEEN_KEPT, INT64_MAX);
}

int
token_store_at(const struct token_store *t, size_t i, struct token_batch *ret)
{
	const json_t *j = json_array_get(list_of(t, "drawn"), i);
	struct slice id;

	if (j == NULL)
		return 0;
	memset(ret, 0, sizeof *ret);
	(void)snprintf(ret->group, sizeof ret->group, "%s", text_of(j, "group"));
	ret->epoch = (uint32_t)number_of(j, "epoch");
	ret->epoch_seconds = (uint32_t)number_of(j, "epoch_seconds");
	ret->drawn = (unsigned)number_of(j, "drawn");
	ret->k = (unsigned)number_of(j, "k");
	ret->left = (unsigned)json_array_size(json_object_get(j, "tokens"));
	ret->in = json_object_get(j, "ceptoars");
	id = slice_of(text_of(j, "key_id"));
	if (b64url_decode(id, ret->id, sizeof ret->id) != sizeof ret->id)
		memset(ret->id, 0, sizeof ret->id);
	return 1;
}

int
token_store_find(const struct token_store *t, const char *group, uint32_t epoch,
    struct token_batch *ret)
{
	return token_store_at(t, place(list_of(t, "drawn"), group, epoch), ret);
}

int
token_store_put(struct token_store *t, const struct token_batch *b, json_t *tokens)
{
	json_t *list = list_of(t, "drawn"), *j;
	struct buf id;
	int bad;

	j = json_array_get(list, place(list, b->group, b->epoch));
	if (j == NULL) {
		j = json_pack(
		    "{s:s, s:I}", "group", b->group, "epoch", (json_int_t)b->epoch);
		if (j == NULL || json_array_append_new(list, j) != 0)
			return session_say(EXIT_REFUSED, "%s", err_str(ERR_NOMEM));
	}
	bad = json_object_set_new(j, "drawn", json_integer((json_int_t)b->drawn));
	bad |= json_object_set_new(j, "k", json_integer((json_int_t)b->k));
	bad |= json_object_set_new(
	    j, "epoch_seconds", json_integer((json_int_t)b->epoch_seconds));
	if (b->in != NULL)
		bad |= json_object_set(j, "ceptoars", b->in);
	if (tokens != NULL) {
		buf_init(&id, 64);
		buf_add_b64url(&id, b->id, sizeof b->id);
		bad |= json_object_set_new(j, "key_id", json_string(buf_cstr(&id)));
		bad |= json_object_set(j, "tokens", tokens);
		buf_done(&id);
	}
	return bad == 0 ? EXIT_DONE : session_say(EXIT_REFUSED, "%s", err_str(ERR_NOMEM));
}

void
token_store_drop(struct token_store *t, size_t i)
{
	(void)json_array_remove(list_of(t, "drawn"), i);
}

json_t *
token_store_asked(const struct token_store *t, const char *group, uint32_t epoch)
{
	json_t *list = list_of(t, "asked");

	return json_array_get(list, place(list, group, epoch));
}

int
token_store_ask(struct token_store *t, json_t *elements)
{
	if (json_array_append_new(list_of(t, "asked"), elements) != 0)
		return session_say(EXIT_REFUSED, "%s", err_str(ERR_NOMEM));
	return EXIT_DONE;
}

void
token_store_answered(struct token_store *t, const char *group, uint32_t epoch)
{
	json_t *list = list_of(t, "asked");

	(void)json_array_remove(list, place(list, group, epoch));
}

/* SHA-256 of the statement's bytes, as base64url. */
static int
digest_of(const struct key_statement *st, char ret[64])
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	struct buf text, b64;
	int rc;

	buf_init(&text, STATEMENT_MAX);
	buf_init(&b64, 64);
	rc = key_statement_write(st, &text);
	if (rc == 0 && EVP_Digest(text.p, text.n, hash, NULL, EVP_sha256(), NULL) != 1)
		rc = ERR_CRYPTO;
	if (rc == 0)
		buf_add_b64url(&b64, hash, 32);
	(void)snprintf(ret, 64, "%s", buf_cstr(&b64));
	buf_done(&text);
	buf_done(&b64);
	return rc == 0 ? EXIT_DONE : session_say(EXIT_REFUSED, "%s", err_str(rc));
}

/* One key of a statement against the one that was seen in its place. */
static int
pin_key(json_t *seen, const struct key_statement *st, const struct statement_key *k)
{
	size_t at = place(seen, k->group, k->epoch);
	json_t *was = json_array_get(seen, at), *id = json_object_get(was, "key_id"), *j;
	struct slice text = { json_string_value(id), json_string_length(id) };
	unsigned char raw[KEY_ID_LEN];
	struct buf b64;

	if (text.p != NULL && b64url_decode(text, raw, sizeof raw) == KEY_ID_LEN) {
		if (memcmp(raw, k->id, sizeof raw) == 0)
			return EXIT_DONE;
		if (!key_statement_revokes(st, raw))
			return session_say(EXIT_REFUSED,
			    "two keys for %s, epoch %u: the council signed another one "
			    "before and has not revoked it. Nothing is drawn; tell the "
			    "council",
			    k->group, k->epoch);
	}
	buf_init(&b64, 64);
	buf_add_b64url(&b64, k->id, KEY_ID_LEN);
	j = json_pack("{s:s, s:I, s:s}", "group", k->group, "epoch", (json_int_t)k->epoch,
	    "key_id", buf_cstr(&b64));
	buf_done(&b64);
	if (was != NULL)
		(void)json_array_remove(seen, at);
	if (j == NULL || json_array_append_new(seen, j) != 0)
		return session_say(EXIT_REFUSED, "%s", err_str(ERR_NOMEM));
	return EXIT_DONE;
}

/* What one council said binds no other. */
static int
same_council(struct token_store *t, const unsigned char council[32])
{
	struct buf b64;
	int rc = EXIT_DONE;

	buf_init(&b64, 64);
	buf_add_b64url(&b64, council, 32);
	if (strcmp(text_of(t->all, "council"), buf_cstr(&b64)) != 0) {
		(void)json_array_clear(list_of(t, "seen"));
		(void)json_object_del(t->all, "statement");
		if (json_object_set_new(t->all, "council", json_string(buf_cstr(&b64))) !=
		    0)
			rc = session_say(EXIT_REFUSED, "%s", err_str(ERR_NOMEM));
	}
	buf_done(&b64);
	return rc;
}

int
token_store_pin(struct token_store *t, const unsigned char council[32],
    const struct key_statement *st)
{
	const json_t *last;
	long long serial;
	char digest[64];
	unsigned i;
	int rc = digest_of(st, digest);

	if (rc == EXIT_DONE)
		rc = same_council(t, council);
	last = json_object_get(t->all, "statement");
	serial = number_of(last, "serial");
	if (rc == EXIT_DONE && (long long)st->serial < serial)
		rc = session_say(EXIT_REFUSED,
		    "the hub shows the council's statement %llu, and has shown %lld "
		    "before. Nothing is drawn; tell the council",
		    (unsigned long long)st->serial, serial);
	if (rc == EXIT_DONE && (long long)st->serial == serial &&
	    strcmp(text_of(last, "sha256"), digest) != 0)
		rc = session_say(EXIT_REFUSED,
		    "the council's statement %lld has two texts. Nothing is drawn; tell "
		    "the council",
		    serial);
	for (i = 0; rc == EXIT_DONE && i < st->n_keys; i++)
		rc = pin_key(list_of(t, "seen"), st, &st->keys[i]);
	if (rc == EXIT_DONE && json_object_set_new(t->all, "statement",
				   json_pack("{s:I, s:s}", "serial",
				       (json_int_t)st->serial, "sha256", digest)) != 0)
		rc = session_say(EXIT_REFUSED, "%s", err_str(ERR_NOMEM));
	return rc;
}

/* How many members of the CEPTOAR drew of a batch, as last heard; -1: it does not say. */
static long long
hides(const json_t *batch, const char *ceptoar)
{
	const json_t *in = json_object_get(batch, "ceptoars");

	return json_is_object(in) ? number_of(in, ceptoar) : -1;
}

/* Which batch a token is taken of: the one that hides best. */
static json_t *
best_batch(const struct token_store *t, struct token_want want)
{
	json_t *list = list_of(t, "drawn"), *j, *best = NULL;
	long long now = clock_wall_ms() / 1000, seconds, epoch;
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		j = json_array_get(list, i);
		seconds = number_of(j, "epoch_seconds");
		epoch = number_of(j, "epoch");
		if (strcmp(text_of(j, "group"), want.group) != 0 || seconds <= 0 ||
		    json_array_size(json_object_get(j, "tokens")) == 0 ||
		    now / seconds > epoch + 1)
			continue;
		if (best == NULL || hides(j, want.ceptoar) > hides(best, want.ceptoar) ||
		    (hides(j, want.ceptoar) == hides(best, want.ceptoar) &&
			number_of(j, "drawn") > number_of(best, "drawn")))
			best = j;
	}
	return best;
}

static json_t *
flying(const struct token_store *t, const char *idem_key, size_t *ret_at)
{
	json_t *list = list_of(t, "flying");
	size_t i;

	for (i = 0; i < json_array_size(list); i++)
		if (strcmp(text_of(json_array_get(list, i), "key"), idem_key) == 0)
			break;
	*ret_at = i;
	return json_array_get(list, i);
}

/* The batch that the next report's token is of, or says why there is none. */
static json_t *
choose(const struct token_store *t, struct token_want want)
{
	json_t *batch = best_batch(t, want);
	long long n;

	if (batch == NULL) {
		(void)session_say(0,
		    "no token of %s is left for now. They are drawn on a schedule, "
		    "never when one is needed: the next \"ceptoar tokens\" of the next "
		    "epoch brings some",
		    want.group);
		return NULL;
	}
	n = hides(batch, want.ceptoar);
	if (n < 0)
		n = number_of(batch, "drawn");
	if (n >= number_of(batch, "k"))
		return batch;
	(void)session_say(0,
	    "%lld members of %s drew tokens in this epoch, as last heard, and a blind "
	    "report is taken from %lld on: it would not hide you. Nothing was sent",
	    n, hides(batch, want.ceptoar) >= 0 ? want.ceptoar : want.group,
	    number_of(batch, "k"));
	return NULL;
}

static void
describe(const json_t *batch, struct token_want want, struct taken_token *ret)
{
	long long n = hides(batch, want.ceptoar);

	ret->known = n >= 0;
	ret->epoch = (uint32_t)number_of(batch, "epoch");
	ret->drawn = (unsigned)(n >= 0 ? n : number_of(batch, "drawn"));
	ret->k = (unsigned)number_of(batch, "k");
}

int
token_look(const struct session *s, struct token_want want, struct taken_token *ret)
{
	struct token_store *t = NULL;
	const json_t *batch = NULL;
	int rc = token_store_open(s, &t);

	if (rc == EXIT_DONE) {
		batch = choose(t, want);
		rc = batch != NULL ? EXIT_DONE : EXIT_REFUSED;
	}
	if (rc == EXIT_DONE) {
		memset(ret, 0, sizeof *ret);
		describe(batch, want, ret);
	}
	token_store_close(t);
	return rc;
}

/* Moves a token from its batch to those that fly. */
static int
let_fly(struct token_store *t, struct token_want want, const char *idem_key)
{
	json_t *batch = choose(t, want), *tokens, *j;

	if (batch == NULL)
		return EXIT_REFUSED;
	tokens = json_object_get(batch, "tokens");
	j = json_pack("{s:s, s:O, s:O, s:O, s:O}", "key", idem_key, "token",
	    json_array_get(tokens, 0), "epoch", json_object_get(batch, "epoch"), "drawn",
	    json_object_get(batch, "drawn"), "k", json_object_get(batch, "k"));
	if (j != NULL && hides(batch, want.ceptoar) >= 0)
		(void)json_object_set(j, "ceptoars", json_object_get(batch, "ceptoars"));
	if (j == NULL || json_array_append_new(list_of(t, "flying"), j) != 0 ||
	    json_array_remove(tokens, 0) != 0)
		return session_say(EXIT_REFUSED, "%s", err_str(ERR_NOMEM));
	return token_store_save(t);
}

int
token_take(const struct session *s, struct token_want want, const char *idem_key,
    struct taken_token *ret)
{
	struct token_store *t = NULL;
	struct slice text;
	const json_t *j;
	size_t at;
	int rc = token_store_open(s, &t);

	if (rc == EXIT_DONE && flying(t, idem_key, &at) == NULL)
		rc = let_fly(t, want, idem_key);
	if (rc == EXIT_DONE) {
		j = flying(t, idem_key, &at);
		text = slice_of(text_of(j, "token"));
		if (b64url_decode(text, ret->token, TOKEN_LEN) != TOKEN_LEN)
			rc = session_say(EXIT_REFUSED, "%s/%s.json: is damaged",
			    s->state_dir, t->name);
		describe(j, want, ret);
	}
	token_store_close(t);
	return rc;
}

int
token_landed(const struct session *s, const char *idem_key)
{
	struct token_store *t = NULL;
	size_t at;
	int rc = token_store_open(s, &t);

	if (rc == EXIT_DONE && flying(t, idem_key, &at) != NULL) {
		(void)json_array_remove(list_of(t, "flying"), at);
		rc = token_store_save(t);
	}
	token_store_close(t);
	return rc;
}
