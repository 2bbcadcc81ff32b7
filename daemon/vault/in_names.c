/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/in_names.h"

#include <string.h>

#include "daemon/vault/change_people.h"
#include "daemon/vault/people.h"
#include "daemon/vault/registry.h"
#include "daemon/vault/vault.h"
#include "daemon/vault/vstore.h"
#include "daemon/vault/vstore_people.h"
#include "daemon/vault/vstore_roster.h"
#include "lib/clock.h"
#include "lib/wire.h"

/*
 * Names of readers.  A receiver or person id stands for who read, acknowledged, released
 * or looked; no report has one.  So nothing here helps to learn a sender.
 */

/* May a secretariat know it: a member of one of its CEPTOARs? */
static int
is_of_desk(const struct vault_member *desk, const struct vault_member *m)
{
	struct slots theirs;

	rights_places(&m->op, &m->sec, &m->aff, m->roles, &theirs);
	return slots_meet(&desk->sec, &theirs);
}

/* The centre knows offices, not operators; who is both is an operator. */
static int
is_office(const struct vault_member *m)
{
	return (m->roles & (ROLE_SECRETARIAT | ROLE_MINISTRY | ROLE_AGENCY |
			       ROLE_OBSERVER)) != 0 &&
	       (m->roles & (ROLE_OPERATOR | ROLE_AFFILIATE)) == 0;
}

static int
may_know(const struct reg_cert *by, const struct reg_member *m, int person)
{
	const struct vault_member *desk = &by->member->m;

	if ((registry_duties(by) & (DUTY_DESK | DUTY_OFFICER)) == 0 ||
	    (desk->roles & (ROLE_SECRETARIAT | ROLE_CENTRE)) == 0)
		return 0;
	if (m == by->member)
		return 1;
	if ((desk->roles & ROLE_SECRETARIAT) != 0 &&
	    (is_of_desk(desk, &m->m) || (m->m.roles & ROLE_CENTRE) != 0))
		return 1;
	return (desk->roles & ROLE_CENTRE) != 0 && !person && is_office(&m->m);
}

/* Who it is: the member, and the person of it or NULL.  A certificate of the member
 * itself has the receiver's id for a person. */
static const struct reg_member *
find(const struct vault *v, unsigned kind, const unsigned char id[VAULT_ID_MAX],
    const struct reg_person **ret_who)
{
	*ret_who =
	    kind == NAMES_OF_PERSON ? people_by_id(registry_people(v->reg), id) : NULL;
	if (kind == NAMES_OF_MEMBER)
		return memchr(id, '\0', VAULT_ID_MAX) != NULL
			   ? registry_member(v->reg, (const char *)id)
			   : NULL;
	return *ret_who != NULL ? (*ret_who)->member : registry_receiver(v->reg, id);
}

/* What is told to this certificate; NULL for one that may not ask anything. */
static void
look_up(struct vault *v, const struct reg_cert *by, unsigned kind,
    const unsigned char id[VAULT_ID_MAX], struct vault_called *ret)
{
	const struct reg_member *member;
	const struct reg_person *who;

	memset(ret, 0, sizeof *ret);
	ret->status = VS_UNKNOWN;
	member = find(v, kind, id, &who);
	if (by == NULL || kind > NAMES_OF_MEMBER || member == NULL ||
	    !may_know(by, member, kind == NAMES_OF_PERSON) ||
	    vpeople_names(vstore_people(v->store), member->m.id,
		who != NULL ? who->id : "", ret->ja, ret->en) != 0)
		return;
	ret->status = VS_OK;
	memcpy(ret->id, who != NULL ? who->id : member->m.id, sizeof ret->id);
	if (who == NULL)
		memcpy(ret->receiver, member->receiver, sizeof ret->receiver);
}

/* Who asks, as of now; NULL: not one who may. */
static const struct reg_cert *
asker(struct vault *v, const unsigned char *spki)
{
	struct reg_member *asks = NULL;

	return registry_check(v->reg, spki, clock_wall_ms() / 1000, &asks) == VS_OK
		   ? registry_cert(v->reg, spki)
		   : NULL;
}

void
in_names(struct vault *v, struct link *l, const struct link_frame *f)
{
	unsigned char spki[32], id[VAULT_ID_MAX];
	struct vault_called m;
	unsigned kind;
	struct wire w;

	wire_init(&w, f->p, f->n);
	wire_bytes(&w, spki, sizeof spki);
	kind = wire_u8(&w);
	wire_bytes(&w, id, sizeof id);
	look_up(v, asker(v, spki), kind, id, &m);
	buf_reset(&v->page);
	vault_called_put(&v->page, &m);
	vault_answer(v, l, f->type, (enum vault_status)m.status, f->call);
}

void
in_names_list(struct vault *v, struct link *l, const struct link_frame *f)
{
	unsigned char id[VAULT_ID_MAX] = { 0 };
	const struct reg_cert *by;
	struct vault_readers q;
	struct vault_called m;
	unsigned i;
	int rc = 0;

	if (vault_readers_get(f->p, f->n, &q) != 0) {
		vault_refuse(l, "vault-front");
		return;
	}
	by = asker(v, q.spki);
	vault_lines_begin(&v->page);
	for (i = 0; rc == 0 && i < q.count; i++) {
		memcpy(id, q.ids[i], RECEIVER_LEN);
		look_up(v, by, NAMES_OF_RECEIVER, id, &m);
		rc = vault_lines_add(&v->page, &m);
	}
	vault_page_pad(&v->page);
	vault_answer(v, l, f->type, VS_OK, f->call);
}

/* The member and the second id of an administrator's question; NULL when it is none. */
static const struct reg_member *
asked(struct vault *v, struct link *l, const struct link_frame *f, char *second,
    unsigned *ret_after)
{
	char id[VAULT_ID_MAX];
	const struct reg_member *m;
	struct wire w;

	wire_init(&w, f->p, f->n);
	vault_text_get(&w, id, sizeof id);
	vault_text_get(&w, second, VAULT_ID_MAX);
	if (f->type == VM_A_CERTS)
		*ret_after = wire_u16(&w);
	if (w.err != 0 || !change_is_id(id) || !change_is_person(second)) {
		vault_refuse(l, "vault-admin");
		return NULL;
	}
	m = registry_member(v->reg, id);
	if (m == NULL) {
		buf_reset(&v->page);
		vault_answer(v, l, f->type, VS_UNKNOWN, f->call);
	}
	return m;
}

void
in_names_persons(struct vault *v, struct link *l, const struct link_frame *f)
{
	char after[VAULT_ID_MAX];
	const struct reg_member *m = asked(v, l, f, after, NULL);
	const struct reg_person *p;
	struct vault_persons all;
	struct vault_someone *to;
	int rc = 0;

	if (m == NULL)
		return;
	memset(&all, 0, sizeof all);
	for (p = people_after(registry_people(v->reg), m, after);
	     rc == 0 && p != NULL && all.count < SOMEONE_PAGE;
	     p = people_after(registry_people(v->reg), m, p->id)) {
		to = &all.v[all.count++];
		memcpy(to->person, p->id, sizeof to->person);
		to->duties = p->duties;
		to->langs = p->langs;
		to->gone = p->gone;
		rc = vpeople_names(
		    vstore_people(v->store), m->m.id, p->id, to->ja, to->en);
	}
	buf_reset(&v->page);
	if (rc == 0)
		vault_persons_put(&v->page, &all);
	vault_answer(v, l, f->type, rc == 0 ? VS_OK : VS_INTERNAL, f->call);
}

void
in_names_certs(struct vault *v, struct link *l, const struct link_frame *f)
{
	char person[VAULT_ID_MAX];
	unsigned after = 0, n = 0;
	const struct reg_member *m = asked(v, l, f, person, &after);
	const struct reg_cert *c;
	size_t i;

	if (m == NULL)
		return;
	buf_reset(&v->page);
	wire_put_u8(&v->page, 0);
	for (i = 0; n < VAULT_CERTS_PAGE && (c = registry_cert_at(v->reg, i)) != NULL;
	     i++) {
		if (c->member != m || strcmp(c->person, person) != 0)
			continue;
		if (after > 0) {
			after--;
			continue;
		}
		wire_put_bytes(&v->page, c->spki, sizeof c->spki);
		wire_put_i64(&v->page, c->not_after);
		wire_put_u8(&v->page, (uint8_t)c->revoked);
		n++;
	}
	if (buf_err(&v->page) == 0)
		v->page.p[0] = (char)n;
	vault_answer(v, l, f->type, VS_OK, f->call);
}

void
in_names_roster(struct vault *v, struct link *l, const struct link_frame *f)
{
	struct vault_shift all[ROSTER_PAGE];
	enum vault_status status = VS_OK;
	char id[VAULT_ID_MAX];
	unsigned after, n = 0, i;
	struct wire w;

	wire_init(&w, f->p, f->n);
	vault_text_get(&w, id, sizeof id);
	after = wire_u16(&w);
	if (w.err != 0 || !change_is_id(id)) {
		vault_refuse(l, "vault-admin");
		return;
	}
	if (registry_member(v->reg, id) == NULL)
		status = VS_UNKNOWN;
	else if (vroster_list(vstore_roster(v->store), id, after, all, &n) != 0)
		status = VS_INTERNAL;
	buf_reset(&v->page);
	wire_put_u8(&v->page, (uint8_t)n);
	for (i = 0; i < n; i++) {
		wire_put_bytes(&v->page, all[i].person, sizeof all[i].person);
		wire_put_i64(&v->page, all[i].from);
		wire_put_i64(&v->page, all[i].to);
		wire_put_u8(&v->page, all[i].order);
	}
	vault_answer(v, l, f->type, status, f->call);
}
