/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/bulletin_sign.h"

#include <string.h>

#include "proto/frame.h"
#include "proto/jws.h"

#define MEMBER "\"signature\":"

/* Past the string that begins at `at`, or NULL. */
static const char *
skip_string(const char *at, const char *end)
{
	if (at == end || *at != '"')
		return NULL;
	for (at++; at < end; at++) {
		if (*at == '\\')
			at++;
		else if (*at == '"')
			return at + 1;
	}
	return NULL;
}

/* Past the value that begins at `at`: brackets are counted, no more; or NULL. */
static const char *
skip_value(const char *at, const char *end)
{
	unsigned depth = 0;

	while (at != NULL && at < end) {
		if (*at == '"') {
			at = skip_string(at, end);
			continue;
		}
		if (*at == '{' || *at == '[')
			depth++;
		else if ((*at == '}' || *at == ']') && depth > 0)
			depth--;
		else if (*at == ',' || *at == '}' || *at == ']')
			if (depth == 0)
				return at;
		at++;
	}
	return NULL;
}

/* A member of the outer object. */
struct member {
	const char *key, *key_end, *value, *end; /* end: the comma or brace behind it */
};

/* The member that begins at `at`; 0 or ERR_INVALID. */
static int
read_member(const char *at, const char *end, struct member *ret)
{
	ret->key = at;
	ret->key_end = skip_string(at, end);
	if (ret->key_end == NULL || ret->key_end == end || *ret->key_end != ':')
		return ERR_INVALID;
	ret->value = ret->key_end + 1;
	ret->end = skip_value(ret->value, end);
	return ret->end != NULL ? 0 : ERR_INVALID;
}

/* -1, 0, 1: the key before, is, or comes after "signature".  Keys of ours are ASCII. */
static int
order(const struct member *m)
{
	static const char name[] = "signature";
	size_t n = (size_t)(m->key_end - m->key) - 2, most = sizeof name - 1;
	int c = memcmp(m->key + 1, name, n < most ? n : most);

	return c != 0 ? c : n == most ? 0 : n < most ? -1 : 1;
}

/*
 * Walks the outer object: where the first key after "signature" begins (or the closing
 * brace), and the member itself when it is there.  1 found, 0 not, ERR_INVALID.
 */
static int
find(struct slice text, struct member *ret, const char **ret_place)
{
	const char *at = text.p + 1, *end = text.p + text.n;
	struct member m;
	int found = 0, c;

	*ret_place = NULL;
	if (text.n < 2 || text.p[0] != '{' || end[-1] != '}')
		return ERR_INVALID;
	while (at < end && *at != '}') {
		if (read_member(at, end, &m) != 0)
			return ERR_INVALID;
		c = order(&m);
		if (c == 0 && found)
			return ERR_INVALID;
		if (c == 0) {
			*ret = m;
			found = 1;
		} else if (c > 0 && *ret_place == NULL) {
			*ret_place = m.key;
		}
		at = m.end + (*m.end == ',');
		if (*m.end == ']' || (*m.end == ',' && (at == end || *at == '}')))
			return ERR_INVALID;
	}
	if (at + 1 != end)
		return ERR_INVALID;
	if (*ret_place == NULL)
		*ret_place = at;
	return found;
}

int
bulletin_sign_insert(struct slice canonical, struct slice jws, struct buf *out)
{
	const char *place;
	struct member m;
	int rc = find(canonical, &m, &place), last;
	size_t before;

	if (rc != 0)
		return ERR_INVALID;
	before = (size_t)(place - canonical.p);
	last = *place == '}';
	buf_add(out, canonical.p, before);
	if (last && before > 1)
		buf_addc(out, ',');
	buf_adds(out, MEMBER);
	json_add_string(out, jws);
	if (!last)
		buf_addc(out, ',');
	buf_add(out, place, canonical.n - before);
	return buf_err(out);
}

int
bulletin_sign_take(struct slice text, struct buf *payload, struct slice *ret_jws)
{
	const char *place, *from, *to;
	struct member m;
	int rc = find(text, &m, &place);

	if (rc < 0)
		return rc;
	if (rc == 0)
		return ERR_NOTFOUND;
	if (*m.value != '"' || skip_string(m.value, m.end) != m.end)
		return ERR_INVALID;
	/* With the comma behind it, or the one before when it is the last. */
	from = m.key;
	to = m.end;
	if (*to == ',')
		to++;
	else if (from > text.p + 1)
		from--;
	buf_add(payload, text.p, (size_t)(from - text.p));
	buf_add(payload, to, (size_t)(text.p + text.n - to));
	ret_jws->p = m.value + 1;
	ret_jws->n = (size_t)(m.end - m.value) - 2;
	return buf_err(payload);
}

int
bulletin_sign(struct evp_pkey_st *key, const char *kid, struct buf *text)
{
	struct buf jws, out;
	int rc;

	buf_init(&jws, BULLETIN_SIGN_ROOM);
	buf_init(&out, text->cap);
	rc = buf_err(text);
	if (rc == 0)
		rc = jws_sign_kid(
		    key, BULLETIN_SIGN_TYP, kid, buf_slice(text), JWS_DETACHED, &jws);
	if (rc == 0)
		rc = bulletin_sign_insert(buf_slice(text), buf_slice(&jws), &out);
	buf_done(&jws);
	if (rc != 0) {
		buf_done(&out);
		return rc;
	}
	buf_done(text);
	*text = out;
	return 0;
}

/* Putting the signature back must give these bytes: one text, one spelling. */
static int
same_again(struct slice text, const struct buf *payload, struct slice jws)
{
	struct buf again;
	int rc;

	buf_init(&again, text.n + BULLETIN_SIGN_ROOM);
	rc = bulletin_sign_insert(buf_slice(payload), jws, &again);
	if (rc == 0 && (again.n != text.n || memcmp(again.p, text.p, text.n) != 0))
		rc = ERR_INVALID;
	buf_done(&again);
	return rc;
}

int
bulletin_verify(const struct jwks *set, struct slice text, char ret_kid[JWK_KID + 1])
{
	char kid[JWS_KID_MAX + 1];
	struct evp_pkey_st *key = NULL;
	struct buf payload;
	struct slice jws;
	int rc;

	ret_kid[0] = '\0';
	if (text.n > FRAME_BODY_MAX)
		return ERR_INVALID;
	buf_init(&payload, FRAME_BODY_MAX);
	rc = bulletin_sign_take(text, &payload, &jws);
	if (rc == 0)
		rc = same_again(text, &payload, jws);
	if (rc == 0)
		rc = jws_kid(jws, kid) != 0 || strlen(kid) != JWK_KID ? ERR_INVALID : 0;
	if (rc == 0) {
		memcpy(ret_kid, kid, JWK_KID + 1);
		key = jwks_find(set, kid);
		rc = key == NULL
			 ? ERR_CONFLICT
			 : jws_verify(key, BULLETIN_SIGN_TYP, jws, buf_slice(&payload));
	}
	buf_done(&payload);
	return rc;
}

int
bulletin_verify_original(
    const struct jwks *set, struct slice text, char ret_kid[JWK_KID + 1])
{
	int rc = bulletin_verify(set, text, ret_kid);

	return rc == ERR_CONFLICT ? bulletin_verify(jwks_foreign(set), text, ret_kid)
				  : rc;
}
