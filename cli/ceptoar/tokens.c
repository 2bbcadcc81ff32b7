/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "cli/ceptoar/cmd.h"
#include "cli/ceptoar/data.h"
#include "cli/ceptoar/slip.h"
#include "cli/ceptoar/token_draw.h"
#include "cli/ceptoar/token_keys.h"
#include "cli/ceptoar/token_store.h"
#include "lib/clock.h"

enum { BODY_MAX = 256 * 1024, TOLD_MS = 1500 };

/* What the hub said of a key, for the batch that was drawn of it. */
static struct token_batch
batch_of(const struct token_keys *keys, const struct issuer_key *key)
{
	struct token_batch b = { .epoch = key->epoch,
		.epoch_seconds = keys->epoch_seconds,
		.drawn = key->drawn,
		.k = keys->k,
		.in = key->in };

	memcpy(b.group, key->group, sizeof b.group);
	memcpy(b.id, key->id, sizeof b.id);
	return b;
}

/* Pins what the council signed, drops batches whose key it has revoked, and brings the
 * numbers of the others up to date. */
static int
note_keys(struct session *s, const struct token_keys *keys)
{
	const struct issuer_key *key;
	struct token_store *t = NULL;
	struct token_batch b;
	size_t i;
	int rc = token_store_open(s, &t);

	if (rc == EXIT_DONE)
		rc = token_store_pin(t, keys->council, keys->statement);
	if (rc == EXIT_DONE)
		token_store_prune(t, keys->epoch);
	for (i = 0; rc == EXIT_DONE && token_store_at(t, i, &b); i++) {
		if (key_statement_revokes(keys->statement, b.id)) {
			token_store_drop(t, i--);
			continue;
		}
		key = token_keys_find(keys, b.group, b.epoch);
		if (key == NULL)
			continue;
		b = batch_of(keys, key);
		rc = token_store_put(t, &b, NULL);
	}
	if (rc == EXIT_DONE)
		rc = token_store_save(t);
	token_store_close(t);
	return rc;
}

/* The elements to ask for: those of an earlier try, or new ones, saved before they are
 * sent.  *ret is NULL when the batch is there. */
static int
prepare(struct session *s, const struct token_keys *keys, const struct issuer_key *key,
    unsigned index, json_t **ret)
{
	struct token_store *t = NULL;
	struct token_batch b;
	json_t *asked = NULL;
	int rc = token_store_open(s, &t);

	if (rc == EXIT_DONE && token_store_find(t, key->group, key->epoch, &b)) {
		token_store_close(t);
		return EXIT_DONE;
	}
	if (rc == EXIT_DONE)
		asked = json_incref(token_store_asked(t, key->group, key->epoch));
	if (asked != NULL && !token_draw_fits(asked, key, keys->batch)) {
		token_store_answered(t, key->group, key->epoch); /* of a revoked key */
		json_decref(asked);
		asked = NULL;
	}
	if (rc == EXIT_DONE && asked == NULL) {
		rc = token_draw_new(key, index, keys->batch, &asked);
		if (rc == EXIT_DONE)
			rc = token_store_ask(t, json_incref(asked));
		if (rc == EXIT_DONE)
			rc = token_store_save(t);
	}
	token_store_close(t);
	if (rc == EXIT_DONE)
		*ret = asked;
	else
		json_decref(asked);
	return rc;
}

static int
post(struct session *s, const json_t *asked, json_t **ret)
{
	struct http_answer a;
	struct slice body;
	struct buf b;
	int rc;

	buf_init(&b, BODY_MAX);
	http_answer_init(&a);
	rc = token_draw_body(asked, &b);
	body = buf_slice(&b);
	if (rc == 0)
		rc = http_do(s, "POST", "/v1/tokens", &body, NULL, &a);
	if (rc != 0)
		rc = http_unreached(s, rc);
	else if (a.status != 200)
		rc = http_refused(&a);
	else if ((*ret = json_loadb(a.body.p, a.body.n, 0, NULL)) == NULL)
		rc = session_say(EXIT_REFUSED, "the hub's answer is no JSON");
	http_answer_done(&a);
	buf_done(&b);
	return rc;
}

static int
keep(struct session *s, const struct token_keys *keys, const struct issuer_key *key,
    json_t *tokens)
{
	struct token_batch b = batch_of(keys, key), had;
	struct token_store *t = NULL;
	int rc = token_store_open(s, &t);

	/* Another process may have been faster with the same elements. */
	if (rc == EXIT_DONE && !token_store_find(t, key->group, key->epoch, &had)) {
		token_store_answered(t, key->group, key->epoch);
		rc = token_store_put(t, &b, tokens);
		if (rc == EXIT_DONE)
			rc = token_store_save(t);
	}
	token_store_close(t);
	return rc;
}

static int
draw(struct session *s, const struct token_keys *keys, const char *group, unsigned index,
    int *drew)
{
	json_t *asked = NULL, *answer = NULL, *tokens = NULL;
	const struct issuer_key *key = NULL;
	int rc = token_keys_current(keys, group, &key);

	if (rc == EXIT_DONE)
		rc = prepare(s, keys, key, index, &asked);
	if (rc == EXIT_DONE && asked != NULL) {
		rc = post(s, asked, &answer);
		if (rc == EXIT_DONE)
			rc = token_draw_finish(asked, key, answer, &tokens);
		if (rc == EXIT_DONE)
			rc = keep(s, keys, key, tokens);
		*drew |= rc == EXIT_DONE;
	}
	json_decref(asked);
	json_decref(answer);
	json_decref(tokens);
	return rc;
}

/* A batch for every group of ours; what one refuses does not keep the others back. */
static int
draw_all(struct session *s, const struct token_keys *keys, const struct taxonomy *lists,
    uint64_t own, int *drew)
{
	const char *group;
	int rc = EXIT_DONE, one;
	unsigned i;

	for (i = 0; i < 64; i++) {
		group = taxonomy_group_slug(lists, i);
		if ((own >> i & 1) == 0 || group == NULL)
			continue;
		one = draw(s, keys, group, i, drew);
		if (one != EXIT_DONE)
			rc = one;
	}
	return rc;
}

/* What the hub shows now, checked and noted. */
static int
look(struct session *s, struct evp_pkey_st *council, struct token_keys **ret)
{
	struct token_keys *keys = NULL;
	json_t *answer = NULL;
	int rc = cmd_get(s, "/v1/tokens", &answer);

	if (rc == EXIT_DONE)
		rc = token_keys_read(answer, council, clock_wall_ms() / 1000, &keys);
	if (rc == EXIT_DONE)
		rc = note_keys(s, keys);
	json_decref(answer);
	if (rc == EXIT_DONE)
		*ret = keys;
	else
		token_keys_free(keys);
	return rc;
}

static int
own_groups(struct session *s, const struct taxonomy *lists, uint64_t *ret)
{
	json_t *me = NULL;
	int rc = cmd_get(s, "/v1/me", &me);

	if (rc == EXIT_DONE)
		*ret = data_own_groups(lists, me);
	json_decref(me);
	if (rc == EXIT_DONE && *ret == 0)
		rc = session_say(
		    EXIT_REFUSED, "tokens are for operators and affiliates of a CEPTOAR");
	return rc;
}

static int
fetch(struct session *s, const char *council_path)
{
	struct evp_pkey_st *council = NULL;
	struct taxonomy *lists = NULL;
	struct token_keys *keys = NULL, *again = NULL;
	uint64_t own = 0;
	int drew = 0, rc = token_council(council_path, &council);

	if (rc == EXIT_DONE)
		rc = data_lists(&lists);
	if (rc == EXIT_DONE)
		rc = own_groups(s, lists, &own);
	if (rc == EXIT_DONE)
		rc = look(s, council, &keys);
	if (rc == EXIT_DONE)
		rc = draw_all(s, keys, lists, own, &drew);
	if (rc == EXIT_DONE && drew) { /* the hub tells once a second how many drew */
		(void)poll(NULL, 0, TOLD_MS);
		rc = look(s, council, &again);
	}
	if (rc == EXIT_DONE)
		rc = slip_keys_keep(s);
	token_keys_free(again);
	token_keys_free(keys);
	taxonomy_free(lists);
	EVP_PKEY_free(council);
	return rc;
}

/* Counts only: no token is ever shown. */
static json_t *
counts(const struct token_store *t)
{
	json_t *list = json_array(), *j;
	struct token_batch b;
	size_t i;

	for (i = 0; token_store_at(t, i, &b); i++) {
		j = json_pack("{s:s, s:I, s:I, s:I, s:I}", "group", b.group, "epoch",
		    (json_int_t)b.epoch, "left", (json_int_t)b.left, "drawn",
		    (json_int_t)b.drawn, "k", (json_int_t)b.k);
		if (j != NULL)
			(void)json_array_append_new(list, j);
		if (j != NULL && b.in != NULL)
			(void)json_object_set(j, "ceptoars", b.in);
	}
	return list;
}

static const char *
warn(json_int_t n, unsigned k)
{
	return n < k ? ": too few to hide among yet" : "";
}

/* A report says its CEPTOAR, so that each has its own number. */
static void
list_batch(const struct token_batch *b, struct buf *out)
{
	const char *slug;
	json_t *n;

	buf_addf(out, "%-16s epoch %u  %u left  drawn by %u members (k %u)%s\n", b->group,
	    b->epoch, b->left, b->drawn, b->k, warn(b->drawn, b->k));
	json_object_foreach(b->in, slug, n) if (json_integer_value(n) > 0)
	    buf_addf(out, "    %lld of %s%s\n", json_integer_value(n), slug,
		warn(json_integer_value(n), b->k));
}

static int
list(struct session *s)
{
	struct token_store *t = NULL;
	struct token_batch b;
	json_t *j = NULL;
	struct buf out;
	size_t i;
	int rc = token_store_open(s, &t);

	if (rc != EXIT_DONE)
		return rc;
	buf_init(&out, 65536);
	if (s->json) {
		j = counts(t);
		rc = cmd_print_json(s, j);
		json_decref(j);
	}
	for (i = 0; !s->json && token_store_at(t, i, &b); i++)
		list_batch(&b, &out);
	if (!s->json && out.n == 0)
		buf_adds(&out, "no tokens yet\n");
	token_store_close(t);
	return s->json ? rc : show_print(&out);
}

int
cmd_tokens(struct session *s, int argc, char **argv)
{
	static const struct option names[] = { { "list", 0, NULL, 'l' },
		{ "council", 1, NULL, 'c' }, { NULL, 0, NULL, 0 } };
	const char *council = s->council;
	int o, only = 0, rc = EXIT_DONE;

	while ((o = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (o == '?')
			return EXIT_USAGE;
		if (o == 'c')
			council = optarg;
		only |= o == 'l';
	}
	if (optind != argc)
		return session_say(EXIT_USAGE, "tokens: [--list] [--council FILE]");
	if (!only)
		rc = fetch(s, council);
	if (rc == EXIT_DONE)
		rc = list(s);
	return rc;
}
