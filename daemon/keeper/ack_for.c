/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/ack_for.h"

#include <stdio.h>
#include <string.h>

#include "daemon/keeper/acks.h"
#include "daemon/keeper/directory.h"
#include "daemon/keeper/reach.h"
#include "daemon/keeper/shelf.h"
#include "daemon/keeper/words.h"
#include "proto/text.h"

enum { VALUE_MAX = 64 };

static int
read_number(
    struct desk_call *c, const char *name, json_int_t lo, json_int_t hi, json_int_t *ret)
{
	const json_t *v = json_object_get(c->json, name);
	char pointer[32];

	(void)snprintf(pointer, sizeof pointer, "/%s", name);
	if (v == NULL)
		return 0;
	if (!json_is_integer(v))
		return desk_fail(c, P_WRONG_TYPE, pointer, "an integer");
	*ret = json_integer_value(v);
	return *ret >= lo && *ret <= hi
		   ? 0
		   : desk_fail(c, P_INVALID_FIELD, pointer, "out of range");
}

/* One of these words; *ret is its place. */
static int
read_word(struct desk_call *c, const char *name, const char *const *words,
    const char *expected, unsigned *ret)
{
	const json_t *v = json_object_get(c->json, name);
	char pointer[32];
	unsigned i;

	(void)snprintf(pointer, sizeof pointer, "/%s", name);
	if (v == NULL)
		return desk_fail(c, P_MISSING_FIELD, pointer, expected);
	if (!json_is_string(v))
		return desk_fail(c, P_WRONG_TYPE, pointer, "a string");
	for (i = 0; words[i] != NULL; i++) {
		if (strcmp(json_string_value(v), words[i]) == 0) {
			*ret = i;
			return 0;
		}
	}
	return desk_fail(c, P_INVALID_FIELD, pointer, expected);
}

static int
read_text(struct desk_call *c, const char *name, size_t most, struct slice *ret)
{
	const json_t *v = json_object_get(c->json, name);
	struct text_facts facts;
	char pointer[32];

	(void)snprintf(pointer, sizeof pointer, "/%s", name);
	if (v == NULL)
		return 0;
	if (!json_is_string(v))
		return desk_fail(c, P_WRONG_TYPE, pointer, "a string");
	*ret = (struct slice){ json_string_value(v), json_string_length(v) };
	if (ret->n > most)
		return desk_fail(c, P_INVALID_FIELD, pointer, "too long");
	if (text_check(*ret, TEXT_BLOCK, &facts) != TEXT_FINE)
		return desk_fail(c, P_TEXT_CONTROL, pointer, NULL);
	return 0;
}

static int
known_only(struct desk_call *c)
{
	static const char *const fields[] = { "id", "revision", "receiver", "status",
		"via", "forwarded_to", "note", NULL };
	const char *name;
	json_t *v;
	size_t i;

	if (!json_is_object(c->json))
		return desk_fail(c, P_WRONG_TYPE, "", "an object");
	json_object_foreach((json_t *)(uintptr_t)c->json, name, v)
	{
		for (i = 0; fields[i] != NULL && strcmp(fields[i], name) != 0; i++)
			continue;
		if (fields[i] == NULL)
			return desk_fail(c, P_UNKNOWN_FIELD, "",
			    "id, revision, receiver, status, via, forwarded_to, note");
	}
	return 0;
}

static int
read_call(struct desk_call *c, struct slice *ret_ref, struct ack_record *a)
{
	static const char *const vias[] = { "phone", NULL };
	static const char *const statuses[] = { "received", "read", "acted", NULL };
	json_int_t revision = 0, forwarded = 0;
	struct slice receiver = { NULL, 0 };
	unsigned via, status = 0;
	int rc;

	rc = known_only(c);
	if (rc == 0)
		rc = read_text(c, "id", VALUE_MAX, ret_ref);
	if (rc == 0 && ret_ref->p == NULL)
		rc = desk_fail(c, P_MISSING_FIELD, "/id", "the bulletin's id or number");
	if (rc == 0)
		rc = read_text(c, "receiver", VALUE_MAX, &receiver);
	if (rc == 0 && receiver.p == NULL)
		rc = desk_fail(c, P_MISSING_FIELD, "/receiver", "as deliveries show it");
	if (rc == 0 && hex_decode(receiver, a->receiver, RECEIVER_LEN) != RECEIVER_LEN)
		rc = desk_fail(c, P_INVALID_FIELD, "/receiver", "32 hexadecimal digits");
	if (rc == 0)
		rc = read_word(c, "via", vias, "phone", &via);
	if (rc == 0)
		rc = read_word(c, "status", statuses, "received, read or acted", &status);
	if (rc == 0)
		rc = read_number(c, "revision", 1, UINT16_MAX, &revision);
	if (rc == 0)
		rc = read_number(c, "forwarded_to", 0, 1000000, &forwarded);
	if (rc == 0)
		rc = read_text(c, "note", 1024, &a->note);
	a->status = (uint8_t)(status + ACK_RECEIVED);
	a->revision = (uint16_t)revision;
	a->forwarded = (uint32_t)forwarded;
	return rc;
}

/* May this secretariat speak for that member, about that bulletin? */
static int
may_speak(struct keeper *k, struct desk_call *c, const struct ack_record *a,
    const struct store_bulletin *b)
{
	const struct rights *r = &c->m->rights;
	const struct vault_dir_row *row = directory_find(k->dir, a->receiver);
	struct slots theirs;

	if (frame_may_read(&b->head, r, acks_is_cross(k, r)) == VIEW_NONE)
		return ERR_NOTFOUND;
	if (row != NULL)
		rights_places(&row->rights.op, &row->rights.sec, &row->rights.aff,
		    row->rights.roles, &theirs);
	if (row == NULL || !slots_meet(&r->sec, &theirs))
		return desk_fail(c, P_FORBIDDEN, NULL, "not a member of this CEPTOAR");
	return reach_is_entitled(&b->head, row) ? 0 : ERR_NOTFOUND;
}

int
ack_for(struct keeper *k, struct desk_call *c)
{
	struct ack_record a;
	struct store_bulletin b;
	struct slice ref = { NULL, 0 };
	int rc;

	memset(&a, 0, sizeof a);
	a.note = slice_of("");
	rc = read_call(c, &ref, &a);
	if (rc == 0)
		rc = shelf_find(k, ref, &b);
	if (rc == 0)
		rc = may_speak(k, c, &a, &b);
	if (rc != 0)
		return rc;
	memcpy(a.bulletin, b.id, ID_LEN);
	memcpy(a.person, c->m->rights.person, RECEIVER_LEN);
	if (a.revision == 0)
		a.revision = b.revision;
	a.evidence = EVIDENCE_TELEPHONE;
	a.minute = c->minute;
	rc = acks_record(k, &a);
	if (rc != 0)
		return rc;
	desk_ref(c, b.id);
	buf_addc(c->out, '{');
	words_id("id", b.id, c->out);
	buf_addc(c->out, ',');
	words_id("receiver", a.receiver, c->out);
	buf_addf(
	    c->out, ",\"result\":\"recorded\",\"revision\":%u}", (unsigned)a.revision);
	return buf_err(c->out);
}
