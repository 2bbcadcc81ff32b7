/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/in_charge.h"

#include <string.h>

#include "daemon/vault/people.h"
#include "daemon/vault/registry.h"
#include "daemon/vault/vault.h"
#include "daemon/vault/vstore.h"
#include "daemon/vault/vstore_people.h"
#include "daemon/vault/vstore_roster.h"
#include "lib/mem.h"

/* Who is asked first. */
enum rank { ON_DUTY, OFFICER, AT_DESK, NOBODY };

struct charge {
	const struct people *people;
	const struct reg_member *m;
	struct vault_shift shifts[ROSTER_PAGE];
	unsigned shift_count;
	int rostered; /* somebody of the desk is on duty by the roster */
	char person[PERSON_ROUTES_MAX][VAULT_ID_MAX];
	uint8_t rank[ROUTES_MAX];
};

static int
is_on_duty(const struct charge *c, const char *person)
{
	unsigned i;

	for (i = 0; i < c->shift_count; i++)
		if (strcmp(c->shifts[i].person, person) == 0)
			return 1;
	return 0;
}

static enum rank
rank_of(const struct charge *c, const struct reg_person *p)
{
	if (p == NULL || p->gone || (p->duties & (DUTY_DESK | DUTY_OFFICER)) == 0)
		return NOBODY;
	if (is_on_duty(c, p->id))
		return ON_DUTY;
	return (p->duties & DUTY_OFFICER) != 0 ? OFFICER : AT_DESK;
}

/* Leaves those out that are of nobody who is ever asked; the others keep their numbers.
 */
static unsigned
rank_all(struct charge *c, struct vault_route *v, unsigned own, unsigned n)
{
	const struct reg_person *p;
	unsigned i, to = own;

	for (i = 0; i < n; i++) {
		p = people_find(c->people, c->m, c->person[i]);
		c->rank[to] = (uint8_t)rank_of(c, p);
		if (c->rank[to] == NOBODY)
			continue;
		c->rostered |= c->rank[to] == ON_DUTY;
		memmove(&v[to], &v[own + i], sizeof v[0]);
		memcpy(v[to++].person, p->person, RECEIVER_LEN);
	}
	return to;
}

/* Is it brought there already? */
static int
is_double(const struct vault_route *v, unsigned i)
{
	unsigned k;

	for (k = 0; k < i; k++)
		if (v[k].now && v[k].kind == v[i].kind &&
		    strcmp(v[k].value, v[i].value) == 0)
			return 1;
	return 0;
}

static void
choose(const struct charge *c, struct vault_route *v, unsigned own, unsigned n,
    unsigned kind)
{
	unsigned i, has = 0, best = NOBODY, paged = c->rostered ? ON_DUTY : OFFICER;

	for (i = 0; i < own; i++)
		has |= v[i].kind == kind;
	for (i = own; i < n; i++)
		if (v[i].kind == kind && c->rank[i] < best)
			best = c->rank[i];
	if (has && (best != paged || (kind != CONTACT_SMS && kind != CONTACT_VOICE)))
		return;
	for (i = own; i < n; i++)
		if (v[i].kind == kind && c->rank[i] == best)
			v[i].now = !is_double(v, i);
}

static int
gather(struct charge *c, struct vault *v, int64_t now, struct vault_route *ret,
    unsigned *ret_count)
{
	unsigned own = 0, n = 0, i, kind;
	int rc;

	rc = vpeople_contacts(vstore_people(v->store), c->m->m.id, "", now, ret, &own);
	if (rc == 0)
		rc = vpeople_person_contacts(
		    vstore_people(v->store), c->m->m.id, now, ret + own, c->person, &n);
	if (rc == 0 && n > 0)
		rc = vroster_on_duty(vstore_roster(v->store), c->m->m.id, now / 60,
		    c->shifts, &c->shift_count);
	if (rc != 0)
		return rc;
	n = rank_all(c, ret, own, n);
	for (i = 0; i < own; i++)
		ret[i].now = 1;
	for (kind = CONTACT_MAIL; kind < CONTACT_TELEPHONE; kind++)
		choose(c, ret, own, n, kind);
	*ret_count = n;
	return 0;
}

int
in_charge_routes(struct vault *v, const struct reg_member *m, int64_t now,
    struct vault_route *ret, unsigned *ret_count)
{
	struct charge *c = mem_zalloc(sizeof *c);
	int rc;

	if (c == NULL)
		return ERR_NOMEM;
	c->people = registry_people(v->reg);
	c->m = m;
	rc = gather(c, v, now, ret, ret_count);
	mem_free(c);
	return rc;
}
