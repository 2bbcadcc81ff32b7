/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ceptoar/token_draw.h"

#include <string.h>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "lib/mem.h"

/* A token that is being drawn. */
struct element {
	struct token token; /* signature to come */
	unsigned char factor[BLIND_RSA_LEN], blinded[BLIND_RSA_LEN];
};

static int
failed(int err)
{
	return session_say(EXIT_REFUSED, "tokens cannot be made: %s", err_str(err));
}

static json_t *
b64_of(const void *p, size_t n)
{
	json_t *j;
	struct buf b;

	buf_init(&b, 1024);
	buf_add_b64url(&b, p, n);
	j = json_stringn(b.p, b.n);
	buf_wipe(&b);
	return j;
}

static int
b64_get(const json_t *o, const char *name, void *out, size_t n)
{
	const json_t *j = json_object_get(o, name);
	struct slice s = { json_string_value(j), json_string_length(j) };

	return s.p != NULL && b64url_decode(s, out, n) == (long)n ? 0 : ERR_INVALID;
}

static int
blind(struct evp_pkey_st *pub, const unsigned char key_id[KEY_ID_LEN], struct element *e)
{
	unsigned char prepared[TOKEN_PREPARED];
	struct blind_state *state = NULL;
	int rc = ERR_CRYPTO;

	if (RAND_priv_bytes(e->token.nonce, sizeof e->token.nonce) == 1 &&
	    RAND_priv_bytes(e->token.prefix, sizeof e->token.prefix) == 1) {
		token_prepared(&e->token, key_id, prepared);
		rc = blind_rsa_blind(pub, prepared, sizeof prepared, e->blinded, &state);
	}
	if (rc == 0)
		blind_state_put(state, e->factor);
	blind_state_free(state);
	mem_wipe(prepared, sizeof prepared);
	return rc;
}

static int
add_element(json_t *list, const struct element *e)
{
	json_t *j = json_pack("{s:o, s:o, s:o, s:o}", "nonce",
	    b64_of(e->token.nonce, sizeof e->token.nonce), "prefix",
	    b64_of(e->token.prefix, sizeof e->token.prefix), "factor",
	    b64_of(e->factor, sizeof e->factor), "blinded",
	    b64_of(e->blinded, sizeof e->blinded));

	return j != NULL && json_array_append_new(list, j) == 0 ? 0 : ERR_NOMEM;
}

int
token_draw_new(const struct issuer_key *key, unsigned index, unsigned count, json_t **ret)
{
	struct element e = { .token = { .group = (uint8_t)index, .epoch = key->epoch } };
	json_t *list = json_array(), *j = NULL;
	struct evp_pkey_st *pub = NULL;
	unsigned i;
	int rc = blind_rsa_key(&pub, key->n);

	for (i = 0; rc == 0 && i < count; i++) {
		rc = blind(pub, key->id, &e);
		if (rc == 0)
			rc = add_element(list, &e);
	}
	if (rc == 0) {
		j = json_pack("{s:s, s:I, s:I, s:o, s:O}", "group", key->group, "epoch",
		    (json_int_t)key->epoch, "index", (json_int_t)index, "key_id",
		    b64_of(key->id, KEY_ID_LEN), "elements", list);
		rc = j != NULL ? 0 : ERR_NOMEM;
	}
	json_decref(list);
	EVP_PKEY_free(pub);
	mem_wipe(&e, sizeof e);
	if (rc != 0)
		return failed(rc);
	*ret = j;
	return EXIT_DONE;
}

int
token_draw_fits(const json_t *asked, const struct issuer_key *key, unsigned count)
{
	unsigned char id[KEY_ID_LEN];

	return b64_get(asked, "key_id", id, sizeof id) == 0 &&
	       memcmp(id, key->id, sizeof id) == 0 &&
	       json_array_size(json_object_get(asked, "elements")) == count;
}

int
token_draw_body(const json_t *asked, struct buf *out)
{
	const json_t *list = json_object_get(asked, "elements");
	const char *text;
	size_t i;

	buf_addf(out, "{\"blinded\":[");
	for (i = 0; i < json_array_size(list); i++) {
		text = json_string_value(
		    json_object_get(json_array_get(list, i), "blinded"));
		buf_addf(out, "%s\"%s\"", i > 0 ? "," : "", text != NULL ? text : "");
	}
	buf_addf(out, "],\"epoch\":%lld,\"group\":\"%s\"}",
	    (long long)json_integer_value(json_object_get(asked, "epoch")),
	    json_string_value(json_object_get(asked, "group")));
	return buf_err(out);
}

/* One signature, unblinded and verified. */
static int
finish_one(struct evp_pkey_st *pub, const unsigned char key_id[KEY_ID_LEN],
    struct token *t, const json_t *element, const json_t *signature, json_t *tokens)
{
	unsigned char prepared[TOKEN_PREPARED], raw[TOKEN_LEN], factor[BLIND_RSA_LEN],
	    blind_sig[BLIND_RSA_LEN];
	struct slice s = { json_string_value(signature), json_string_length(signature) };
	struct blind_state *state = NULL;
	int rc = ERR_INVALID;

	if (b64_get(element, "nonce", t->nonce, sizeof t->nonce) == 0 &&
	    b64_get(element, "prefix", t->prefix, sizeof t->prefix) == 0 &&
	    b64_get(element, "factor", factor, sizeof factor) == 0)
		rc = blind_state_get(&state, factor);
	if (rc == 0 && (s.p == NULL || b64url_decode(s, blind_sig, sizeof blind_sig) !=
					   sizeof blind_sig))
		rc = ERR_DENIED;
	if (rc == 0) {
		token_prepared(t, key_id, prepared);
		rc = blind_rsa_finalize(
		    pub, prepared, sizeof prepared, blind_sig, state, t->sig);
	}
	if (rc == 0) {
		token_put(t, raw);
		rc = json_array_append_new(tokens, b64_of(raw, sizeof raw)) == 0
			 ? 0
			 : ERR_NOMEM;
	}
	blind_state_free(state);
	mem_wipe(factor, sizeof factor);
	mem_wipe(prepared, sizeof prepared);
	mem_wipe(raw, sizeof raw);
	return rc;
}

int
token_draw_finish(const json_t *asked, const struct issuer_key *key, const json_t *answer,
    json_t **ret_tokens)
{
	const json_t *list = json_object_get(asked, "elements"),
		     *signatures = json_object_get(answer, "signatures");
	struct token t = { .group = (uint8_t)json_integer_value(
			       json_object_get(asked, "index")),
		.epoch = key->epoch };
	json_t *tokens = json_array();
	struct evp_pkey_st *pub = NULL;
	size_t i, n = json_array_size(list);
	int rc = blind_rsa_key(&pub, key->n);

	if (rc == 0 && json_array_size(signatures) != n)
		rc = ERR_DENIED;
	for (i = 0; rc == 0 && i < n; i++)
		rc = finish_one(pub, key->id, &t, json_array_get(list, i),
		    json_array_get(signatures, i), tokens);
	EVP_PKEY_free(pub);
	mem_wipe(&t, sizeof t);
	if (rc == 0) {
		*ret_tokens = tokens;
		return EXIT_DONE;
	}
	json_decref(tokens);
	if (rc == ERR_DENIED)
		return session_say(EXIT_REFUSED,
		    "%s: the hub did not sign what it was asked to, or with another key "
		    "than it shows. No token is kept; tell the council",
		    key->group);
	return failed(rc);
}
