/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/situation.h"

#include <string.h>

#include <openssl/rand.h>

enum { OPEN_MOST = 100 };

int
situation_body(struct desk_call *c, const struct field *table, json_t **ret)
{
	struct fault why = { P_INTERNAL, "", NULL };
	struct report_check check = { .now_ms = INT64_MAX, .lang = "ja", .why = &why };
	int rc;

	if (c->json == NULL)
		return desk_fail(c, P_MISSING_FIELD, "", "a body");
	rc = report_object(&check, table, c->json, NULL, ret);
	return rc == ERR_INVALID ? desk_fail(c, why.problem, why.pointer, why.detail)
				 : rc;
}

int
situation_text(
    struct desk_call *c, const json_t *body, const char *key, char *room, size_t cap)
{
	struct buf text;
	int rc;

	room[0] = '\0';
	if (json_object_get(body, key) == NULL)
		return 0;
	buf_init(&text, cap - 1);
	rc = json_canonical(json_object_get(body, key), &text);
	if (rc == 0) {
		memcpy(room, text.p, text.n);
		room[text.n] = '\0';
	} else if (rc == ERR_LIMIT) {
		rc = desk_fail(c, P_TOO_LARGE, NULL, NULL);
	}
	buf_done(&text);
	return rc;
}

int
situation_enter(
    struct keeper *k, struct desk_call *c, struct store_situation *ret, int *ret_own)
{
	const struct rights *r = &c->m->rights;
	uint8_t id[ID_LEN];
	int rc;

	if (c->m->ref.n != (size_t)2 * ID_LEN ||
	    hex_decode(c->m->ref, id, ID_LEN) != ID_LEN)
		return ERR_NOTFOUND;
	rc = store_situation_get(k->store, id, ret);
	if (rc != 0)
		return rc;
	*ret_own = desk_sits_at(c, ret->desk);
	if (*ret_own) {
		desk_about(k, c, ret->desk);
		return 0;
	}
	return ret->desk == DESK_CENTRE && ret->state == SITUATION_OPEN &&
		       (r->roles & ROLE_SECRETARIAT) != 0
		   ? 0
		   : ERR_NOTFOUND;
}

int
situation_change(struct keeper *k, struct desk_call *c, struct store_situation *ret)
{
	int own, rc = situation_enter(k, c, ret, &own);

	if (rc == 0 && !own)
		return ERR_DENIED;
	if (rc == 0 && ret->state != SITUATION_OPEN)
		return desk_fail(c, P_CONFLICT, NULL, "the situation is closed");
	ret->touched = c->minute;
	return rc;
}

static const struct field new_table[] = {
	{ .name = "title", .type = FIELD_LINE, .required = 1, .max = 120, .bytes = 480 },
	{ .name = "ceptoar", .type = FIELD_CEPTOAR },
	{ .name = NULL },
};

/* Whose it is: the named CEPTOAR's, else the centre's, else that of the first desk. */
static int
desk_of(struct keeper *k, struct desk_call *c, const json_t *body, uint8_t *ret)
{
	const struct rights *r = &c->m->rights;
	const json_t *j = json_object_get(body, "ceptoar");
	struct slice slug = { json_string_value(j), json_string_length(j) };
	unsigned i = DESK_CENTRE;

	if (j != NULL)
		i = taxonomy_slot(k->tax, slug);
	else if ((r->roles & ROLE_CENTRE) == 0)
		for (i = 0; i < SLOTS && !slots_has(&r->sec, i);)
			i++;
	if (i != DESK_CENTRE && i >= SLOTS)
		return ERR_DENIED;
	if (!desk_sits_at(c, i))
		return desk_fail(c, P_INVALID_FIELD, "/ceptoar", "not one of this desk");
	*ret = (uint8_t)i;
	return 0;
}

static int
count_open(struct keeper *k, struct desk_call *c, unsigned desk)
{
	struct store_situation other;
	int rc = store_situation_nth(k->store, desk, SITUATION_OPEN, OPEN_MOST, &other);

	if (rc == 0)
		return desk_fail(
		    c, P_CONFLICT, NULL, "the desk has 100 open situations; close some");
	return rc == ERR_NOTFOUND ? 0 : rc;
}

static int
store_and_say(struct keeper *k, struct desk_call *c, const struct store_situation *s,
    enum entry_kind kind)
{
	const struct situation_said said = {
		.kind = kind, .person = c->m->rights.person, .minute = c->minute
	};
	int rc = store_situation_put(k->store, s);

	if (rc == 0)
		rc = situation_say(k, s->id, &said);
	return rc == 0 ? situation_answer(s, c->out) : rc;
}

int
situation_new(struct keeper *k, struct desk_call *c)
{
	struct store_situation s;
	json_t *body = NULL;
	struct buf hex;
	int rc;

	memset(&s, 0, sizeof s);
	rc = situation_body(c, new_table, &body);
	if (rc == 0)
		rc = desk_of(k, c, body, &s.desk);
	if (rc == 0)
		rc = count_open(k, c, s.desk);
	if (rc == 0)
		rc = situation_text(c, body, "title", s.title, sizeof s.title);
	json_decref(body);
	if (rc == 0 && RAND_bytes(s.id, ID_LEN) != 1)
		rc = ERR_CRYPTO;
	if (rc != 0)
		return rc;
	s.state = SITUATION_OPEN;
	s.opened = s.touched = c->minute;
	memcpy(s.person, c->m->rights.person, RECEIVER_LEN);
	buf_init(&hex, 2 * ID_LEN + 1);
	buf_add_hex(&hex, s.id, ID_LEN);
	memcpy(c->ref, buf_cstr(&hex), hex.n);
	buf_done(&hex);
	c->created = 1;
	return store_and_say(k, c, &s, ENTRY_OPENED);
}

int
situation_close(struct keeper *k, struct desk_call *c)
{
	struct store_situation s;
	int rc = situation_change(k, c, &s);

	s.state = SITUATION_CLOSED;
	return rc == 0 ? store_and_say(k, c, &s, ENTRY_CLOSED) : rc;
}

int
situation_reopen(struct keeper *k, struct desk_call *c)
{
	struct store_situation s;
	int own, rc = situation_enter(k, c, &s, &own);

	if (rc == 0 && !own)
		return ERR_DENIED;
	if (rc == 0 && s.state != SITUATION_CLOSED)
		return desk_fail(c, P_CONFLICT, NULL, "it is open");
	if (rc == 0)
		rc = count_open(k, c, s.desk);
	s.state = SITUATION_OPEN;
	s.touched = c->minute;
	return rc == 0 ? store_and_say(k, c, &s, ENTRY_OPENED) : rc;
}
