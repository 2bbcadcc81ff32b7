/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/registry.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/vault/people.h"
#include "daemon/vault/vstore.h"
#include "daemon/vault/vstore_people.h"
#include "lib/mem.h"

enum {
	TERMS_A_MEMBER = 1024 * 1024, /* bytes */
	PAGE_ROOM = VAULT_PAGE - 5,   /* behind status, pages, count */
	AUTO_WINDOW_MS = 24 * 3600 * 1000,
};

struct registry {
	struct vstore_meta meta;
	struct reg_member *members; /* by id */
	size_t count, room, disabled;
	const struct reg_member **by_receiver;
	struct people *people;
	struct reg_cert *certs;
	size_t cert_count, cert_room;
	uint32_t *slots; /* hash table: index + 1 into certs; 0 free */
	size_t mask;
	uint8_t sectors[SLOTS]; /* of each slot */
};

static int
grow(void **p, size_t *room, size_t each)
{
	size_t n = *room == 0 ? 64 : *room * 2;
	void *q = mem_realloc(*p, n * each);

	if (q == NULL)
		return ERR_NOMEM;
	*p = q;
	*room = n;
	return 0;
}

static int
load_members(struct registry *r, struct vstore *s)
{
	struct vault_member m;
	struct reg_member *to;
	int rc, e = 0;

	while ((rc = vstore_next_member(s, &m)) == 1) {
		if (e != 0)
			continue; /* walk to the end, so that the next walk starts afresh
				   */
		if (r->count == r->room) {
			void *p = r->members;

			e = grow(&p, &r->room, sizeof *r->members);
			r->members = p;
			if (e != 0)
				continue;
		}
		to = &r->members[r->count];
		memset(to, 0, sizeof *to);
		to->m = m;
		e = people_hmac(&r->meta, m.id, NULL, to->receiver);
		if (e == 0) {
			r->count++;
			r->disabled += m.disabled;
		}
	}
	return rc != 0 ? rc : e;
}

/* Terms come ordered by member, so each member's are put together in one buffer. */
static int
keep_terms(struct registry *r, const char *id, struct buf *b, unsigned count)
{
	struct reg_member *m;

	if (count == 0)
		return 0;
	if (buf_err(b) != 0)
		return buf_err(b);
	m = registry_member(r, id);
	if (m == NULL)
		return ERR_CORRUPT;
	m->terms = mem_alloc(b->n);
	if (m->terms == NULL)
		return ERR_NOMEM;
	memcpy(m->terms, b->p, b->n);
	m->terms_n = b->n;
	m->term_count = count;
	buf_reset(b);
	return 0;
}

static int
load_terms(struct registry *r, struct vstore *s)
{
	char id[VAULT_ID_MAX] = "";
	struct vault_term t;
	struct buf b;
	unsigned count = 0;
	int rc, e = 0;

	buf_init(&b, TERMS_A_MEMBER);
	while ((rc = vstore_next_term(s, &t)) == 1) {
		if (e == 0 && strcmp(id, t.id) != 0) {
			e = keep_terms(r, id, &b, count);
			memcpy(id, t.id, sizeof id);
			count = 0;
		}
		wire_put_u8(&b, t.kind);
		wire_put_str(&b, (struct slice){ t.text, t.n });
		count++;
	}
	if (rc == 0 && e == 0)
		e = keep_terms(r, id, &b, count);
	buf_wipe(&b);
	return rc != 0 ? rc : e;
}

/* A certificate of the member itself stands for one person with every duty.  What the
 * member is sent is said by those who sit at its desk; by its reporters where it has
 * nobody else; never by a machine. */
static uint8_t
duties_of(const struct registry *r, const struct reg_cert *c)
{
	const struct reg_person *p;
	int says, desk = 0;

	if (c->person[0] == '\0')
		return DUTIES_ALL;
	if (c->who == NULL)
		return 0;
	for (p = people_after(r->people, c->member, ""); p != NULL;
	     p = people_after(r->people, c->member, p->id))
		desk |= !p->gone && (p->duties & (DUTY_DESK | DUTY_OFFICER)) != 0;
	says = (c->who->duties & (DUTY_DESK | DUTY_OFFICER)) != 0 ||
	       (!desk && (c->who->duties & DUTY_REPORTER) != 0);
	return (uint8_t)(c->who->duties | (says ? DUTY_SUBSCRIBES : 0));
}

static int
load_certs(struct registry *r, struct vstore *s)
{
	struct vstore_cert c;
	struct reg_cert *to;
	int rc, e = 0;

	while ((rc = vstore_next_cert(s, &c)) == 1) {
		if (e != 0)
			continue;
		if (r->cert_count == r->cert_room) {
			void *p = r->certs;

			e = grow(&p, &r->cert_room, sizeof *r->certs);
			r->certs = p;
			if (e != 0)
				continue;
		}
		to = &r->certs[r->cert_count];
		memcpy(to->spki, c.spki, sizeof to->spki);
		to->not_after = c.not_after;
		to->revoked = c.revoked;
		to->member = registry_member(r, c.id);
		memcpy(to->person, c.person, sizeof to->person);
		to->who = NULL;
		if (to->member == NULL)
			e = ERR_CORRUPT;
		else
			r->cert_count++;
		if (e == 0 && c.person[0] != '\0')
			to->who = people_find(r->people, to->member, c.person);
		if (e == 0)
			to->duties = duties_of(r, to);
	}
	return rc != 0 ? rc : e;
}

/* How each member is reached follows from its contacts, whatever its record says. */
static int
load_routes(struct registry *r, struct vstore *s)
{
	struct reg_member *m;
	char id[VAULT_ID_MAX];
	uint8_t bits;
	size_t i;
	int rc;

	for (i = 0; i < r->count; i++)
		r->members[i].m.routes = 0;
	while ((rc = vpeople_next_routes(vstore_people(s), id, &bits)) == 1) {
		m = registry_member(r, id);
		if (m != NULL)
			m->m.routes = bits;
	}
	return rc;
}

/* The key is a SHA-256 already: its first bytes are as good as any hash. */
static size_t
slot_of(const struct registry *r, const unsigned char spki[32])
{
	uint64_t h;

	memcpy(&h, spki, sizeof h);
	return (size_t)h & r->mask;
}

static int
index_certs(struct registry *r)
{
	size_t n = 64, i, at;

	while (n < r->cert_count * 2)
		n *= 2;
	r->slots = mem_calloc(n, sizeof *r->slots);
	if (r->slots == NULL)
		return ERR_NOMEM;
	r->mask = n - 1;
	for (i = 0; i < r->cert_count; i++) {
		for (at = slot_of(r, r->certs[i].spki); r->slots[at] != 0;
		     at = (at + 1) & r->mask)
			;
		r->slots[at] = (uint32_t)i + 1;
	}
	return 0;
}

static int
cmp_receiver(const void *a, const void *b)
{
	const struct reg_member *const *x = a, *const *y = b;

	return memcmp((*x)->receiver, (*y)->receiver, RECEIVER_LEN);
}

static int
index_receivers(struct registry *r)
{
	size_t i;

	r->by_receiver = mem_calloc(r->count, sizeof(void *));
	if (r->by_receiver == NULL)
		return ERR_NOMEM;
	for (i = 0; i < r->count; i++)
		r->by_receiver[i] = &r->members[i];
	if (r->count > 1)
		qsort(r->by_receiver, r->count, sizeof(void *), cmp_receiver);
	return 0;
}

static void
move_counters(struct registry *to, struct registry *from)
{
	struct reg_member *m, *old;
	size_t i;

	for (i = 0; i < from->count; i++) {
		old = &from->members[i];
		m = old->autos != NULL ? registry_member(to, old->m.id) : NULL;
		if (m == NULL)
			continue;
		m->autos = old->autos;
		m->auto_count = old->auto_count;
		old->autos = NULL;
	}
}

int
registry_load(struct registry **ret, struct vstore *s, struct registry *old)
{
	struct registry *r = mem_zalloc(sizeof *r);
	int rc;

	if (r == NULL)
		return ERR_NOMEM;
	rc = vstore_meta(s, &r->meta);
	if (rc == 0)
		rc = vstore_sectors(s, r->sectors);
	if (rc == 0)
		rc = load_members(r, s);
	if (rc == 0)
		rc = load_terms(r, s);
	if (rc == 0)
		rc = load_routes(r, s);
	if (rc == 0)
		rc = people_load(&r->people, r, &r->meta, vstore_people(s));
	if (rc == 0)
		rc = load_certs(r, s);
	if (rc == 0)
		rc = index_certs(r);
	if (rc == 0)
		rc = index_receivers(r);
	if (rc != 0) {
		registry_free(r);
		return rc;
	}
	if (old != NULL)
		move_counters(r, old);
	*ret = r;
	return 0;
}

void
registry_free(struct registry *r)
{
	size_t i;

	if (r == NULL)
		return;
	for (i = 0; i < r->count; i++) {
		mem_wipe_free(r->members[i].terms, r->members[i].terms_n);
		mem_wipe_free(
		    r->members[i].autos, r->members[i].autos != NULL
					     ? r->members[i].auto_count * sizeof(int64_t)
					     : 0);
	}
	mem_free(r->members);
	mem_free(r->by_receiver);
	people_free(r->people);
	mem_free(r->certs);
	mem_free(r->slots);
	mem_wipe_free(r, sizeof *r);
}

uint64_t
registry_generation(const struct registry *r)
{
	return r->meta.generation;
}

const unsigned char *
registry_ticket_secret(const struct registry *r)
{
	return r->meta.ticket_secret;
}

size_t
registry_member_count(const struct registry *r)
{
	return r->count;
}

size_t
registry_cert_count(const struct registry *r)
{
	return r->cert_count;
}

size_t
registry_disabled_count(const struct registry *r)
{
	return r->disabled;
}

const struct reg_cert *
registry_cert(const struct registry *r, const unsigned char spki[32])
{
	size_t at;

	for (at = slot_of(r, spki); r->slots[at] != 0; at = (at + 1) & r->mask)
		if (memcmp(r->certs[r->slots[at] - 1].spki, spki, 32) == 0)
			return &r->certs[r->slots[at] - 1];
	return NULL;
}

size_t
registry_after(const struct registry *r, const char *id)
{
	size_t lo = 0, hi = r->count, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (strcmp(r->members[mid].m.id, id) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct reg_member *
registry_member(const struct registry *r, const char *id)
{
	size_t i = registry_after(r, id);

	return i < r->count && strcmp(r->members[i].m.id, id) == 0 ? &r->members[i]
								   : NULL;
}

const struct reg_member *
registry_at(const struct registry *r, size_t i)
{
	return i < r->count ? &r->members[i] : NULL;
}

const struct reg_cert *
registry_cert_at(const struct registry *r, size_t i)
{
	return i < r->cert_count ? &r->certs[i] : NULL;
}

const struct reg_member *
registry_by_receiver(const struct registry *r, size_t i)
{
	return i < r->count ? r->by_receiver[i] : NULL;
}

const struct reg_member *
registry_receiver(const struct registry *r, const unsigned char receiver[RECEIVER_LEN])
{
	size_t lo = 0, hi = r->count, mid;
	int c;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		c = memcmp(r->by_receiver[mid]->receiver, receiver, RECEIVER_LEN);
		if (c == 0)
			return r->by_receiver[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

enum vault_status
registry_check(const struct registry *r, const unsigned char spki[32], int64_t now,
    struct reg_member **ret)
{
	const struct reg_cert *c = registry_cert(r, spki);

	if (c == NULL)
		return VS_UNKNOWN;
	if (c->revoked)
		return VS_REVOKED;
	if (c->not_after <= now)
		return VS_EXPIRED;
	if (c->member->m.disabled ||
	    (c->person[0] != '\0' && (c->who == NULL || c->who->gone)))
		return VS_DISABLED;
	*ret = c->member;
	return VS_OK;
}

void
registry_rights(const struct reg_member *m, struct rights *ret)
{
	memcpy(ret->receiver, m->receiver, sizeof ret->receiver);
	ret->op = m->m.op;
	ret->sec = m->m.sec;
	ret->aff = m->m.aff;
	ret->roles = m->m.roles;
	ret->clearance = m->m.clearance;
	/* A certificate of the member itself stands for one person with every duty. */
	memcpy(ret->person, m->receiver, sizeof ret->person);
	ret->duties = DUTIES_ALL;
}

uint8_t
registry_duties(const struct reg_cert *c)
{
	return c->duties;
}

void
registry_cert_rights(const struct reg_cert *c, struct rights *ret)
{
	registry_rights(c->member, ret);
	ret->duties = registry_duties(c);
	if (c->who != NULL)
		memcpy(ret->person, c->who->person, sizeof ret->person);
}

const struct people *
registry_people(const struct registry *r)
{
	return r->people;
}

uint64_t
registry_sectors(const struct registry *r, const struct reg_member *m)
{
	uint64_t set = 0;
	unsigned i;

	for (i = 0; i < SLOTS; i++)
		if (r->sectors[i] < SECTOR_BITS &&
		    rights_reports_in(&m->m.op, &m->m.aff, m->m.roles, i))
			set |= (uint64_t)1 << r->sectors[i];
	return set;
}

/* Bytes of the page that starts at `at`, whole entries only. */
static size_t
page_at(const struct reg_member *m, size_t at, unsigned *ret_count)
{
	struct wire w;
	size_t start = at;
	unsigned count = 0;

	for (;;) {
		wire_init(&w, m->terms + at, m->terms_n - at);
		(void)wire_u8(&w);
		(void)wire_str(&w, VAULT_TERM_MAX);
		if (w.err != 0 || at + w.at - start > PAGE_ROOM)
			break;
		at += w.at;
		count++;
	}
	*ret_count = count;
	return at - start;
}

enum vault_status
registry_terms(const struct reg_member *m, unsigned page, struct vault_terms *ret)
{
	size_t at = 0, n;
	unsigned count, i;

	memset(ret, 0, sizeof *ret);
	ret->data.p = "";
	for (i = 0; i == 0 || at < m->terms_n; i++) {
		n = m->terms_n > 0 ? page_at(m, at, &count) : 0;
		if (m->terms_n > 0 && n == 0)
			return VS_INTERNAL;
		if (i == page) {
			ret->data.p = m->terms_n > 0 ? (const char *)m->terms + at : "";
			ret->data.n = n;
			ret->count = n > 0 ? (uint16_t)count : 0;
		}
		at += n;
	}
	ret->pages = (uint16_t)i;
	return page < i ? VS_OK : VS_INVALID;
}

int
registry_auto(struct reg_member *m, unsigned cap, int64_t now_ms, int take)
{
	unsigned old = 0;
	int64_t *grown;

	if (cap == 0)
		return 1;
	while (old < m->auto_count && m->autos[old] <= now_ms - AUTO_WINDOW_MS)
		old++;
	if (old > 0) {
		m->auto_count -= old;
		memmove(m->autos, m->autos + old, m->auto_count * sizeof *m->autos);
	}
	if (m->auto_count >= cap)
		return 0;
	if (!take)
		return 1;
	grown = mem_realloc(m->autos, (m->auto_count + 1) * sizeof *m->autos);
	if (grown == NULL)
		return 0;
	m->autos = grown;
	m->autos[m->auto_count++] = now_ms;
	return 1;
}

void
registry_auto_back(struct reg_member *m, int64_t at)
{
	unsigned i;

	for (i = 0; i < m->auto_count; i++) {
		if (m->autos[i] != at)
			continue;
		m->auto_count--;
		memmove(m->autos + i, m->autos + i + 1,
		    (m->auto_count - i) * sizeof *m->autos);
		return;
	}
}
