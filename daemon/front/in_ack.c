/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "daemon/front/conn.h"
#include "daemon/front/front.h"
#include "daemon/front/in_http.h"
#include "daemon/front/route.h"
#include "daemon/front/who.h"
#include "proto/json.h"
#include "proto/msg_keeper.h"
#include "proto/text.h"

/* POST /v1/acks: {"acks":[{id, revision, status, forwarded_to, note}, ...]}. */
enum { NOTE_MAX = 1024, FORWARDED_MAX = 1000000 };

static int
bad(struct fault *why, enum problem p, size_t i, const char *field, const char *detail)
{
	why->problem = p;
	why->detail = detail;
	(void)snprintf(why->pointer, sizeof why->pointer, "/acks/%zu%s%s", i,
	    field[0] != '\0' ? "/" : "", field);
	return ERR_INVALID;
}

static int
read_number(const json_t *v, long long lo, long long hi, size_t i, const char *field,
    long long *ret, struct fault *why)
{
	if (!json_is_integer(v))
		return bad(why, P_WRONG_TYPE, i, field, "an integer");
	*ret = json_integer_value(v);
	if (*ret < lo || *ret > hi)
		return bad(why, P_INVALID_FIELD, i, field, "out of range");
	return 0;
}

static int
read_status(const json_t *v, size_t i, uint8_t *ret, struct fault *why)
{
	static const char *const names[] = { "", "received", "read", "acted" };
	uint8_t k;

	if (!json_is_string(v))
		return bad(why, P_WRONG_TYPE, i, "status", "a string");
	for (k = ACK_RECEIVED; k <= ACK_ACTED; k++) {
		if (strcmp(json_string_value(v), names[k]) == 0) {
			*ret = k;
			return 0;
		}
	}
	return bad(why, P_INVALID_FIELD, i, "status", "received, read or acted");
}

static int
read_note(const json_t *v, size_t i, struct slice *ret, struct fault *why)
{
	struct text_facts facts;
	enum text_flaw flaw;

	if (!json_is_string(v))
		return bad(why, P_WRONG_TYPE, i, "note", "a string");
	*ret = (struct slice){ json_string_value(v), json_string_length(v) };
	if (ret->n > NOTE_MAX)
		return bad(why, P_INVALID_FIELD, i, "note", "at most 1 KiB");
	flaw = text_check(*ret, TEXT_BLOCK, &facts);
	if (flaw != TEXT_FINE)
		return bad(why, P_TEXT_CONTROL, i, "note", text_flaw_detail(flaw));
	return 0;
}

static int
read_field(const char *name, const json_t *v, size_t i, struct keeper_ack *a,
    unsigned *seen, struct fault *why)
{
	long long n = 0;
	int rc = 0;

	if (strcmp(name, "id") == 0) {
		*seen |= 1;
		if (!json_is_string(v))
			return bad(why, P_WRONG_TYPE, i, "id", "a string");
		if (hex_decode(slice_of(json_string_value(v)), a->id, ID_LEN) != ID_LEN)
			return bad(
			    why, P_INVALID_FIELD, i, "id", "32 hexadecimal digits");
		return 0;
	}
	if (strcmp(name, "status") == 0) {
		*seen |= 2;
		return read_status(v, i, &a->status, why);
	}
	if (strcmp(name, "revision") == 0) {
		rc = read_number(v, 1, 65535, i, "revision", &n, why);
		a->revision = (uint16_t)n;
		return rc;
	}
	if (strcmp(name, "forwarded_to") == 0) {
		rc = read_number(v, 0, FORWARDED_MAX, i, "forwarded_to", &n, why);
		a->forwarded_to = (uint32_t)n;
		return rc;
	}
	if (strcmp(name, "note") == 0)
		return read_note(v, i, &a->note, why);
	return bad(
	    why, P_UNKNOWN_FIELD, i, "", "id, revision, status, forwarded_to, note");
}

static int
read_one(json_t *in, size_t i, struct buf *out, struct fault *why)
{
	struct keeper_ack a = { .note = { "", 0 } };
	unsigned seen = 0;
	void *it;
	int rc;

	if (!json_is_object(in))
		return bad(why, P_WRONG_TYPE, i, "", "an object");
	for (it = json_object_iter(in); it != NULL; it = json_object_iter_next(in, it)) {
		rc = read_field(json_object_iter_key(it), json_object_iter_value(it), i,
		    &a, &seen, why);
		if (rc != 0)
			return rc;
	}
	if ((seen & 1) == 0)
		return bad(why, P_MISSING_FIELD, i, "id", NULL);
	if ((seen & 2) == 0)
		return bad(why, P_MISSING_FIELD, i, "status", NULL);
	keeper_ack_put(out, &a);
	return 0;
}

static int
read_all(json_t *in, const struct rights *r, struct buf *out, struct fault *why)
{
	json_t *list = json_object_get(in, "acks");
	size_t i, n = json_array_size(list);
	const char *pointer = "/acks";
	int rc;

	if (!json_is_object(in)) {
		why->problem = P_WRONG_TYPE;
		pointer = "";
	} else if (list == NULL) {
		why->problem = P_MISSING_FIELD;
	} else if (!json_is_array(list)) {
		why->problem = P_WRONG_TYPE;
	} else if (n == 0 || n > ACKS_MAX) {
		why->problem = P_INVALID_FIELD;
		why->detail = "1 to 500 of them";
	} else if (json_object_size(in) != 1) {
		why->problem = P_UNKNOWN_FIELD;
		pointer = "";
	} else {
		rights_put(out, r);
		wire_put_u16(out, (uint16_t)n);
		for (i = 0; i < n; i++) {
			rc = read_one(json_array_get(list, i), i, out, why);
			if (rc != 0)
				return rc;
		}
		return buf_err(out);
	}
	(void)snprintf(why->pointer, sizeof why->pointer, "%s", pointer);
	return ERR_INVALID;
}

static void
on_acks(struct front *f, uint64_t owner, const struct answer *a)
{
	struct conn *c = conn_find(f, owner);

	if (c == NULL || c->req == NULL)
		return;
	c->req->call = 0;
	if (a->err != 0)
		http_problem(c, P_OUTCOME_UNKNOWN, NULL, NULL);
	else
		http_keeper(c, a, 0);
}

void
in_ack_post(struct conn *c)
{
	static const struct json_caps caps = { 256 * 1024, 5, 8000, 8192 };
	struct fault why = { P_INTERNAL, "", NULL };
	json_t *in = NULL;
	struct buf b;
	int rc;

	buf_init(&b, KEEPER_FRAME_MAX / 2);
	rc = json_read(buf_slice(&c->req->body), &caps, &in, &why);
	if (rc == 0)
		rc = read_all(in, &c->who->rights, &b, &why);
	json_decref(in);
	if (rc == 0)
		rc = c->f->keeper_ready ? call_start(c->f, CALL_KEEPER, KM_ACKS, &b,
					      c->id, on_acks, &c->req->call)
					: ERR_DOWN;
	buf_done(&b);
	if (rc != 0)
		http_refuse(c, rc, &why);
}
