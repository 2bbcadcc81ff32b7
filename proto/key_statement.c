/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/key_statement.h"

#include <string.h>

#include "lib/mem.h"
#include "proto/jws.h"

enum {
	VERSION = 1,
	PAYLOAD_MAX = STATEMENT_MAX / 4 * 3,
	ID_TEXT = (KEY_ID_LEN * 4 + 2) / 3,
	EPOCH_SECONDS_MIN = 60,
};
#define SERIAL_MAX ((uint64_t)1 << 53)

static const char typ[] = "ceptoar-keys";

void
key_statement_free(struct key_statement *s)
{
	mem_free(s);
}

const struct statement_key *
key_statement_find(const struct key_statement *s, struct slice group, uint32_t epoch)
{
	unsigned i;

	for (i = 0; i < s->n_keys; i++)
		if (s->keys[i].epoch == epoch && slice_eq(group, s->keys[i].group))
			return &s->keys[i];
	return NULL;
}

int
key_statement_revokes(const struct key_statement *s, const unsigned char id[KEY_ID_LEN])
{
	unsigned i;

	for (i = 0; i < s->n_revoked; i++)
		if (memcmp(s->revoked[i], id, KEY_ID_LEN) == 0)
			return 1;
	return 0;
}

int
key_statement_write(const struct key_statement *s, struct buf *out)
{
	unsigned i;

	buf_addf(out, "{\"epoch_seconds\":%u,\"issued_at\":\"%s\",\"keys\":[",
	    s->epoch_seconds, s->issued_at);
	for (i = 0; i < s->n_keys; i++) {
		buf_addf(out, "%s{\"epoch\":%u,\"group\":\"%s\",\"key_id\":\"",
		    i > 0 ? "," : "", s->keys[i].epoch, s->keys[i].group);
		buf_add_b64url(out, s->keys[i].id, KEY_ID_LEN);
		buf_adds(out, "\"}");
	}
	buf_adds(out, "],\"revoked\":[");
	for (i = 0; i < s->n_revoked; i++) {
		buf_adds(out, i > 0 ? ",\"" : "\"");
		buf_add_b64url(out, s->revoked[i], KEY_ID_LEN);
		buf_addc(out, '"');
	}
	buf_addf(
	    out, "],\"serial\":%llu,\"v\":%d}", (unsigned long long)s->serial, VERSION);
	return buf_err(out);
}

static int
bad(struct fault *why, const struct json_at *at, const char *expected)
{
	return fault_set(why, P_INVALID_FIELD, at, expected);
}

/* An integer lo..hi. */
static int
read_number(const json_t *o, const char *name, uint64_t lo, uint64_t hi, uint64_t *ret,
    const struct json_at *up, struct fault *why)
{
	const json_t *j = json_object_get(o, name);
	const struct json_at at = { up, name, 0 };
	json_int_t v = json_integer_value(j);

	if (!json_is_integer(j) || v < 0 || (uint64_t)v < lo || (uint64_t)v > hi)
		return bad(why, &at, "an integer in its range");
	*ret = (uint64_t)v;
	return 0;
}

static int
read_id(const json_t *j, unsigned char ret[KEY_ID_LEN], const struct json_at *at,
    struct fault *why)
{
	struct slice s = { json_string_value(j), json_string_length(j) };

	if (s.p == NULL || s.n != ID_TEXT ||
	    b64url_decode(s, ret, KEY_ID_LEN) != KEY_ID_LEN)
		return bad(why, at, "a key id: SHA-256 as 43 characters of base64url");
	return 0;
}

static int
read_group(const json_t *j, char ret[STATEMENT_GROUP], const struct json_at *at,
    struct fault *why)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	const char *s = json_string_value(j);
	size_t n = json_string_length(j);

	if (s == NULL || n == 0 || n >= STATEMENT_GROUP || strspn(s, allowed) != n)
		return bad(why, at, "the slug of a sector group");
	memcpy(ret, s, n + 1);
	return 0;
}

static int
read_key(
    const json_t *j, struct key_statement *s, const struct json_at *at, struct fault *why)
{
	const struct json_at group_at = { at, "group", 0 }, id_at = { at, "key_id", 0 };
	struct statement_key *k = &s->keys[s->n_keys];
	uint64_t epoch = 0;
	int rc = 0;

	if (!json_is_object(j) || json_object_size(j) != 3)
		rc = bad(why, at, "an object of epoch, group and key_id");
	if (rc == 0)
		rc = read_number(j, "epoch", 0, UINT32_MAX, &epoch, at, why);
	if (rc == 0)
		rc = read_group(json_object_get(j, "group"), k->group, &group_at, why);
	if (rc == 0)
		rc = read_id(json_object_get(j, "key_id"), k->id, &id_at, why);
	if (rc != 0)
		return rc;
	k->epoch = (uint32_t)epoch;
	if (key_statement_find(s, slice_of(k->group), k->epoch) != NULL)
		return bad(why, at, "one key for each group and epoch");
	if (key_statement_revokes(s, k->id))
		return bad(why, &id_at, "a key that is not revoked");
	s->n_keys++;
	return 0;
}

/* The members of a list, at most `most`. */
static int
read_list(const json_t *o, const char *name, size_t most, struct key_statement *s,
    int (*one)(
	const json_t *, struct key_statement *, const struct json_at *, struct fault *),
    struct fault *why)
{
	const json_t *list = json_object_get(o, name);
	const struct json_at at = { NULL, name, 0 };
	struct json_at item = { &at, NULL, 0 };
	int rc = 0;

	if (!json_is_array(list) || json_array_size(list) > most)
		return bad(why, &at, "a list of at most 512");
	for (; rc == 0 && item.index < json_array_size(list); item.index++)
		rc = one(json_array_get(list, item.index), s, &item, why);
	return rc;
}

static int
read_revoked(
    const json_t *j, struct key_statement *s, const struct json_at *at, struct fault *why)
{
	int rc = read_id(j, s->revoked[s->n_revoked], at, why);

	if (rc == 0)
		s->n_revoked++;
	return rc;
}

static int
read_time(const json_t *j, char ret[REPORT_TIME_LEN], struct fault *why)
{
	static const struct json_at at = { NULL, "issued_at", 0 };
	struct slice s = { json_string_value(j), json_string_length(j) };
	const char *detail;

	if (s.p == NULL || s.n != REPORT_TIME_LEN - 1 ||
	    report_time(s, INT64_MAX, ret, &detail) != 0 || !slice_eq(s, ret))
		return bad(why, &at, "a time as 2026-11-08T05:35:00+09:00");
	return 0;
}

static int
fill(const json_t *j, struct key_statement *s, struct fault *why)
{
	uint64_t v = 0, seconds = 0;
	int rc = 0;

	if (!json_is_object(j) || json_object_size(j) != 6)
		rc = bad(why, NULL, "an object of the six members of a key statement");
	if (rc == 0)
		rc = read_number(j, "v", VERSION, VERSION, &v, NULL, why);
	if (rc == 0)
		rc = read_number(j, "serial", 1, SERIAL_MAX - 1, &s->serial, NULL, why);
	if (rc == 0)
		rc = read_number(j, "epoch_seconds", EPOCH_SECONDS_MIN, INT32_MAX,
		    &seconds, NULL, why);
	s->epoch_seconds = (uint32_t)seconds;
	if (rc == 0)
		rc = read_time(json_object_get(j, "issued_at"), s->issued_at, why);
	if (rc == 0)
		rc = read_list(j, "revoked", STATEMENT_REVOKED, s, read_revoked, why);
	if (rc == 0)
		rc = read_list(j, "keys", STATEMENT_KEYS, s, read_key, why);
	return rc;
}

int
key_statement_read(struct slice payload, struct key_statement **ret, struct fault *why)
{
	static const struct json_caps caps = { PAYLOAD_MAX, 4, 8192, 64 };
	struct key_statement *s = NULL;
	json_t *j = NULL;
	int rc = json_read(payload, &caps, &j, why);

	if (rc != 0)
		return rc;
	s = mem_zalloc(sizeof *s);
	rc = s != NULL ? fill(j, s, why) : ERR_NOMEM;
	json_decref(j);
	if (rc == 0)
		*ret = s;
	else
		key_statement_free(s);
	return rc;
}

int
key_statement_sign(
    const struct key_statement *s, struct evp_pkey_st *council, struct buf *out)
{
	struct buf payload;
	int rc;

	buf_init(&payload, PAYLOAD_MAX);
	rc = key_statement_write(s, &payload);
	if (rc == 0)
		rc = jws_sign(council, typ, buf_slice(&payload), JWS_COMPACT, out);
	buf_done(&payload);
	return rc;
}

int
key_statement_open(struct evp_pkey_st *council, struct slice jws,
    struct key_statement **ret, struct fault *why)
{
	struct buf payload;
	int rc;

	if (jws.n > STATEMENT_MAX)
		return fault_set(why, P_TOO_LARGE, NULL, "at most 128 KiB");
	buf_init(&payload, PAYLOAD_MAX);
	rc = jws_open(council, typ, jws, &payload);
	if (rc == ERR_INVALID)
		rc = bad(why, NULL, "a compact JWS, ES256, typ ceptoar-keys");
	else if (rc == ERR_DENIED)
		(void)bad(why, NULL, "a signature of the council's key");
	if (rc == 0)
		rc = key_statement_read(buf_slice(&payload), ret, why);
	buf_done(&payload);
	return rc;
}
