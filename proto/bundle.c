/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/bundle.h"

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "proto/jws.h"

static const char *const kinds[] = { "bulletins", "acks" };

int
bundle_head_write(const struct bundle_head *h, struct buf *out)
{
	buf_addf(out, "{\"bundle\":1,\"ceptoar\":\"%s\",\"hub\":\"%s\",\"kind\":\"%s\",",
	    h->ceptoar, h->hub, kinds[h->kind]);
	buf_addf(out, "\"rows\":%u,\"sha256\":\"", (unsigned)h->rows);
	buf_add_hex(out, h->sum, sizeof h->sum);
	buf_adds(out, "\"}");
	return buf_err(out);
}

static int
is(const json_t *o, const char *key, const char *want)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s != NULL && strcmp(s, want) == 0;
}

/* A name of these characters, into a room. */
static int
name_of(const json_t *o, const char *key, const char *set, char *ret, size_t room)
{
	const char *s = json_string_value(json_object_get(o, key));

	if (s == NULL || *s == '\0' || strlen(s) >= room || s[strspn(s, set)] != '\0')
		return 0;
	memcpy(ret, s, strlen(s) + 1);
	return 1;
}

static int
number_of(const json_t *o, const char *key, json_int_t hi, uint32_t *ret)
{
	const json_t *v = json_object_get(o, key);

	if (!json_is_integer(v) || json_integer_value(v) < 0 ||
	    json_integer_value(v) > hi)
		return 0;
	*ret = (uint32_t)json_integer_value(v);
	return 1;
}

static int
hex_of(const json_t *o, const char *key, uint8_t *ret, size_t n)
{
	const json_t *v = json_object_get(o, key);
	struct slice s = { json_string_value(v), json_string_length(v) };

	return s.p != NULL && s.n == 2 * n && hex_decode(s, ret, n) == (long)n;
}

static int
bad(struct fault *why, const char *key, const char *detail)
{
	const struct json_at at = { NULL, key, 0 };

	return fault_set(why, P_INVALID_FIELD, key != NULL ? &at : NULL, detail);
}

int
bundle_head_read(struct slice text, struct bundle_head *ret, struct fault *why)
{
	static const struct json_caps caps = { BUNDLE_HEAD_MAX, 2, 32, 256 };
	static const char slug[] = "abcdefghijklmnopqrstuvwxyz0123456789-_",
			  hub[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				  "0123456789-_";
	struct bundle_head h;
	json_t *j = NULL;
	uint32_t version = 0;
	int rc = json_read(text, &caps, &j, why);

	if (rc != 0)
		return rc;
	memset(&h, 0, sizeof h);
	if (!json_is_object(j) || json_object_size(j) != 6)
		rc = bad(why, NULL, "a header of six members");
	else if (!number_of(j, "bundle", 1, &version) || version != 1)
		rc = bad(why, "bundle", "version 1");
	else if (!name_of(j, "ceptoar", slug, h.ceptoar, sizeof h.ceptoar))
		rc = bad(why, "ceptoar", "a CEPTOAR's slug");
	else if (!name_of(j, "hub", hub, h.hub, sizeof h.hub) ||
		 strlen(h.hub) != BUNDLE_HUB)
		rc = bad(why, "hub", "a hub's name");
	else if (!is(j, "kind", kinds[0]) && !is(j, "kind", kinds[1]))
		rc = bad(why, "kind", "bulletins or acks");
	else if (!number_of(j, "rows", BUNDLE_ROWS_MAX, &h.rows))
		rc = bad(why, "rows", "100000 rows at most");
	else if (!hex_of(j, "sha256", h.sum, sizeof h.sum))
		rc = bad(why, "sha256", "64 hexadecimal digits");
	if (rc == 0) {
		h.kind = is(j, "kind", kinds[1]) ? BUNDLE_ACKS : BUNDLE_BULLETINS;
		*ret = h;
	}
	json_decref(j);
	return rc;
}

/* The first line: whose key, and the header that it signs. */
static int
open_first(struct slice line, const struct jwks *trust, struct bundle_head *ret,
    struct fault *why)
{
	char kid[JWS_KID_MAX + 1];
	struct evp_pkey_st *key;
	struct buf text;
	int rc;

	if (line.n > 2 * BUNDLE_HEAD_MAX || jws_kid(line, kid) != 0)
		return bad(why, NULL, "a signed header in the first line");
	key = jwks_find(trust, kid);
	if (key == NULL)
		return bad(why, NULL, "signed by a key that is trusted");
	buf_init(&text, BUNDLE_HEAD_MAX);
	rc = jws_open(key, BUNDLE_TYP, line, &text);
	if (rc == ERR_DENIED || rc == ERR_INVALID || rc == ERR_LIMIT)
		rc = bad(why, NULL, "a header that its signature fits");
	if (rc == 0)
		rc = bundle_head_read(buf_slice(&text), ret, why);
	buf_done(&text);
	return rc;
}

/* Lines of the rest, each complete and not too long; their number, or ERR_INVALID. */
static int
count_lines(struct slice rest, uint32_t *ret, struct fault *why)
{
	const char *end;
	uint32_t n = 0;

	while (rest.n > 0) {
		end = memchr(rest.p, '\n', rest.n);
		if (end == NULL || (size_t)(end - rest.p) > BUNDLE_ROW_MAX ||
		    n == BUNDLE_ROWS_MAX)
			return bad(why, "rows", "complete lines, none too long");
		rest.n -= (size_t)(end + 1 - rest.p);
		rest.p = end + 1;
		n++;
	}
	*ret = n;
	return 0;
}

int
bundle_open(
    struct slice file, const struct jwks *trust, struct bundle *ret, struct fault *why)
{
	const char *end = file.n > 0 ? memchr(file.p, '\n', file.n) : NULL;
	unsigned char sum[EVP_MAX_MD_SIZE];
	struct bundle b = { .row = 0 };
	struct slice line;
	uint32_t lines = 0;
	unsigned n = 0;
	int rc;

	if (end == NULL || file.n > BUNDLE_MAX)
		return bad(why, NULL, "a file of this kind, 64 MiB at most");
	line.p = file.p;
	line.n = (size_t)(end - file.p);
	rc = open_first(line, trust, &b.head, why);
	if (rc != 0)
		return rc;
	b.rest.p = end + 1;
	b.rest.n = file.n - line.n - 1;
	if (EVP_Digest(b.rest.p, b.rest.n, sum, &n, EVP_sha256(), NULL) != 1)
		return ERR_CRYPTO;
	if (n != sizeof b.head.sum || memcmp(sum, b.head.sum, n) != 0)
		return bad(why, "sha256", "the rows that were signed");
	rc = count_lines(b.rest, &lines, why);
	if (rc == 0 && lines != b.head.rows)
		rc = bad(why, "rows", "as many rows as the header says");
	if (rc == 0)
		*ret = b;
	return rc;
}

int
bundle_next(struct bundle *b, struct slice *ret)
{
	const char *end = b->rest.n > 0 ? memchr(b->rest.p, '\n', b->rest.n) : NULL;

	if (end == NULL)
		return 0;
	ret->p = b->rest.p;
	ret->n = (size_t)(end - b->rest.p);
	b->rest.p = end + 1;
	b->rest.n -= ret->n + 1;
	b->row++;
	return 1;
}

int
bundle_ack_write(const struct bundle_ack *a, struct buf *out)
{
	buf_addf(out, "{\"acted\":%u,\"forwarded\":%u,\"id\":\"", (unsigned)a->acted,
	    (unsigned)a->forwarded);
	buf_add_hex(out, a->id, ID_LEN);
	buf_addf(out, "\",\"read\":%u,\"received\":%u,\"revision\":%u}\n",
	    (unsigned)a->read, (unsigned)a->received, (unsigned)a->revision);
	return buf_err(out);
}

int
bundle_ack_read(struct slice row, struct bundle_ack *ret, struct fault *why)
{
	static const struct json_caps caps = { BUNDLE_HEAD_MAX, 2, 32, 256 };
	const json_int_t most = 1000000;
	struct bundle_ack a;
	json_t *j = NULL;
	uint32_t revision = 0;
	int rc = json_read(row, &caps, &j, why);

	if (rc != 0)
		return rc;
	memset(&a, 0, sizeof a);
	if (!json_is_object(j) || json_object_size(j) != 6)
		rc = bad(why, NULL, "six members");
	else if (!hex_of(j, "id", a.id, ID_LEN))
		rc = bad(why, "id", "32 hexadecimal digits");
	else if (!number_of(j, "revision", UINT16_MAX, &revision) || revision == 0)
		rc = bad(why, "revision", "1 to 65535");
	else if (!number_of(j, "received", most, &a.received))
		rc = bad(why, "received", "a number of members");
	else if (!number_of(j, "read", most, &a.read))
		rc = bad(why, "read", "a number of members");
	else if (!number_of(j, "acted", most, &a.acted))
		rc = bad(why, "acted", "a number of members");
	else if (!number_of(j, "forwarded", most, &a.forwarded))
		rc = bad(why, "forwarded", "a number of members");
	a.revision = (uint16_t)revision;
	if (rc == 0)
		*ret = a;
	json_decref(j);
	return rc;
}
