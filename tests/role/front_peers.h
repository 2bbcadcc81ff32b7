/* SPDX-License-Identifier: Apache-2.0 */
/* The front's vault and keeper, as far as a test needs them: what they answer is set in
 * the rig, what they were asked is counted there. */
#ifndef TESTS_ROLE_FRONT_PEERS_H
#define TESTS_ROLE_FRONT_PEERS_H

#include "tests/role/front_rig_types.h"

/* ---- vault */

static inline struct rig_member *
rig_find(struct rig *r, const unsigned char *spki)
{
	int i;

	for (i = 0; i < RIG_PEOPLE; i++)
		if (i != RIG_GONE && memcmp(r->people[i].spki, spki, 32) == 0)
			return &r->people[i];
	return NULL;
}

static inline void
rig_terms(struct rig *r, unsigned page, struct buf *b)
{
	struct vault_terms t = { 0 };
	struct buf data;

	/* One term a page, so that paging is seen. */
	buf_init(&data, 4000);
	t.pages = (uint16_t)(r->terms != 0 ? r->terms : 1);
	if (page < r->terms) {
		t.count = 1;
		wire_put_u8(&data, r->term_kind[page]);
		wire_put_str(&data, slice_of(r->term[page]));
	}
	t.data = buf_slice(&data);
	vault_terms_put(b, &t);
	buf_done(&data);
	r->terms_asked++;
}

/* The signature of the fake: the element, turned over. */
static inline void
rig_sign(struct rig *r, struct link *l, unsigned i)
{
	struct vault_signed m = { .status = VS_OK };
	uint32_t n;
	struct buf b;
	size_t k;

	memcpy(&n, r->hold[i].blinded, sizeof n);
	if (n == r->issue_bad && r->issue_bad != 0)
		m.status = r->issue_bad_status;
	for (k = 0; k < BLIND_RSA_LEN && m.status == VS_OK; k++)
		m.sig[k] = (unsigned char)~r->hold[i].blinded[k];
	buf_init(&b, VAULT_PAGE);
	vault_signed_put(&b, &m);
	assert_int_equal(link_send(l, VM_ISSUE, m.status, r->hold_call[i], b.p, b.n), 0);
	buf_done(&b);
	r->issued++;
}

static inline void
rig_issue(struct rig *r, struct link *l, const struct link_frame *fr)
{
	unsigned rest = (unsigned)r->f->opt.token_batch - r->issued, group;

	assert_true(r->held < 8); /* no more than that at once */
	assert_int_equal(vault_issue_get(fr->p, fr->n, &r->hold[r->held]), 0);
	r->hold_call[r->held++] = fr->call;
	r->hold_link = l;
	r->issues++;
	group = r->issue_group < rest ? r->issue_group : rest;
	if (r->held < group)
		return;
	while (r->held > 0)
		rig_sign(r, l, --r->held);
}

/* Answers the ADMIT that waits. */
static inline void
rig_admit(struct rig *r)
{
	struct buf b;

	assert_non_null(r->admit_link);
	buf_init(&b, VAULT_PAGE);
	vault_admit_put(&b, &r->admit_of->admit);
	vault_page_pad(&b);
	assert_int_equal(
	    link_send(r->admit_link, VM_ADMIT, 0, r->admit_call, b.p, b.n), 0);
	buf_done(&b);
	r->admit_link = NULL;
}

/* Readers whose id begins with a zero are told to nobody; the others are named by its
 * first two bytes. */
static inline void
rig_names(struct rig *r, const struct link_frame *fr, struct buf *b)
{
	struct vault_readers q;
	struct vault_called m;
	unsigned i;

	assert_int_equal(vault_readers_get(fr->p, fr->n, &q), 0);
	assert_non_null(rig_find(r, q.spki));
	r->names_calls++;
	vault_lines_begin(b);
	for (i = 0; i < q.count && i < r->names_page; i++) {
		memset(&m, 0, sizeof m);
		m.status = q.ids[i][0] == 0 ? VS_UNKNOWN : VS_OK;
		if (m.status == VS_OK)
			(void)snprintf(
			    m.id, sizeof m.id, "m-%u-%u", q.ids[i][0], q.ids[i][1]);
		assert_int_equal(vault_lines_add(b, &m), 0);
	}
	for (i = 0; i < r->names_extra; i++)
		assert_int_equal(vault_lines_add(b, &m), 0);
}

static inline void
rig_vault_frame(void *arg, struct link *l, const struct link_frame *fr)
{
	struct rig *r = arg;
	struct vault_hello h = { .generation = r->generation, .ticket_secret = "secret" };
	struct vault_admit none = { .status = VS_UNKNOWN, .generation = r->generation };
	struct vault_seal s = { .status = r->seal_status, .auto_ok = 1 };
	unsigned char spki[32];
	struct vault_order o;
	struct rig_member *m;
	struct wire w;
	struct buf b;

	if (r->vault_mute)
		return;
	wire_init(&w, fr->p, fr->n);
	buf_init(&b, VAULT_PAGE);
	switch (fr->type) {
	case VM_HELLO:
		vault_hello_put(&b, &h);
		break;
	case VM_ADMIT:
		wire_bytes(&w, spki, 32);
		(void)wire_i64(&w);
		assert_int_equal(wire_end(&w), 0);
		m = rig_find(r, spki);
		if (m != NULL)
			m->admit.generation = r->generation;
		r->admits++;
		if (r->admit_later && m != NULL) {
			r->admit_later = 0;
			r->admit_link = l;
			r->admit_call = fr->call;
			r->admit_of = m;
			buf_done(&b);
			return;
		}
		vault_admit_put(&b, m != NULL ? &m->admit : &none);
		break;
	case VM_SEAL:
		assert_int_equal(vault_order_get(fr->p, fr->n, &o), 0);
		r->last_wants_auto = o.wants_auto;
		r->order = o;
		memcpy(s.topics, r->counted, sizeof s.topics);
		s.since = r->counted_since;
		r->seals++;
		memset(s.ticket, (int)r->seals, sizeof s.ticket);
		vault_seal_put(&b, &s);
		break;
	case VM_NAMEABLE:
		assert_int_equal(vault_order_get(fr->p, fr->n, &o), 0);
		s.auto_ok = !r->auto_used_up;
		vault_seal_put(&b, &s);
		r->nameables++;
		break;
	case VM_SETTLE: /* no call, no answer */
		assert_int_equal(fr->call, 0);
		assert_int_equal(vault_settle_get(fr->p, fr->n, &r->settled), 0);
		r->settles++;
		buf_done(&b);
		return;
	case VM_ISSUE:
		rig_issue(r, l, fr);
		buf_done(&b);
		return;
	case VM_NAMES_LIST:
		rig_names(r, fr, &b);
		break;
	case VM_TERMS:
		wire_bytes(&w, spki, 32);
		rig_terms(r, wire_u16(&w), &b);
		break;
	default:
		fail_msg("vault: type %u", fr->type);
	}
	vault_page_pad(&b);
	assert_int_equal(link_send(l, fr->type, 0, fr->call, b.p, b.n), 0);
	buf_done(&b);
}

/* ---- keeper */

static inline void
rig_rows(struct rig *r, struct link *l, uint16_t type, uint64_t call, uint64_t from,
    size_t max)
{
	uint64_t s, n = 0;
	struct buf b, rows;

	buf_init(&rows, KEEPER_FRAME_MAX);
	for (s = from < r->earliest ? r->earliest : from; s <= r->head && s != 0; s++) {
		if (n != 0 && rows.n + r->row[s].n > max)
			break;
		buf_add(&rows, r->row[s].p, r->row[s].n);
		n++;
	}
	buf_init(&b, KEEPER_FRAME_MAX);
	wire_put_u64(&b, r->head);
	if (type == KM_PAGE)
		wire_put_u64(&b, r->earliest);
	wire_put_u32(&b, (uint32_t)n);
	buf_add(&b, rows.p, rows.n);
	assert_int_equal(buf_err(&b), 0);
	assert_int_equal(link_send(l, type, 0, call, b.p, b.n), 0);
	buf_done(&b);
	buf_done(&rows);
	if (type == KM_ROWS && n != 0)
		rig_rows(r, l, type, call, from + n, max);
}

static inline void
rig_reply(struct link *l, const struct link_frame *fr, enum problem p, int created,
    struct slice body)
{
	struct keeper_reply k = {
		.problem = p, .created = (uint8_t)created, .body = body
	};
	struct buf b;

	k.pointer = k.detail = slice_of("");
	buf_init(&b, KEEPER_FRAME_MAX);
	keeper_reply_put(&b, &k);
	assert_int_equal(link_send(l, fr->type, (uint16_t)p, fr->call, b.p, b.n), 0);
	buf_done(&b);
}

/* Any desk's call has an empty answer. */
static inline void
rig_desk(struct rig *r, struct link *l, const struct link_frame *fr)
{
	struct keeper_desk m;

	assert_int_equal(keeper_desk_get(fr->p, fr->n, &m), 0);
	r->desk_calls++;
	r->desk_rights = m.rights;
	r->desk_secret = m.has_secret;
	buf_reset(&r->desk_json);
	buf_add(&r->desk_json, m.json.p, m.json.n);
	(void)snprintf(r->desk_ref, sizeof r->desk_ref, "%.*s", (int)m.ref.n, m.ref.p);
	rig_reply(l, fr, r->desk_problem, 0, slice_of("{}"));
}

static inline void
rig_subscription(struct rig *r, struct link *l, const struct link_frame *fr)
{
	unsigned char receiver[RECEIVER_LEN];
	struct subscription s;
	struct wire w;
	struct buf b;
	int i;

	wire_init(&w, fr->p, fr->n);
	wire_bytes(&w, receiver, sizeof receiver);
	if (fr->type == KM_SUB_PUT) {
		assert_int_not_equal(wire_u8(&w) & DUTY_SUBSCRIBES, 0);
		subscription_get(&w, &s);
	}
	assert_int_equal(wire_end(&w), 0);
	buf_init(&b, 1024);
	for (i = 0; i < RIG_PEOPLE; i++) {
		if (memcmp(r->people[i].admit.rights.receiver, receiver, RECEIVER_LEN) !=
		    0)
			continue;
		if (fr->type == KM_SUB_PUT)
			r->people[i].wants = s;
		subscription_put(&b, &r->people[i].wants);
		break;
	}
	rig_reply(
	    l, fr, P_OK, 0, fr->type == KM_SUB_PUT ? slice_of("{}") : buf_slice(&b));
	buf_done(&b);
}

static inline void
rig_put(struct rig *r, struct link *l, const struct link_frame *fr)
{
	int i;

	assert_int_equal(keeper_put_get(fr->p, fr->n, &r->put), 0);
	for (i = 0; i < RIG_PEOPLE; i++) /* who of a member sent it leaves no front */
		assert_null(
		    memmem(fr->p, fr->n, r->people[i].admit.rights.person, RECEIVER_LEN));
	buf_reset(&r->put_json);
	buf_add(&r->put_json, r->put.json.p, r->put.json.n);
	r->puts++;
	if (r->put_later) {
		r->put_later = 0;
		r->put_link = l;
		r->put_call = fr->call;
		return;
	}
	if (r->put_problem != P_OK) {
		rig_reply(l, fr, r->put_problem, 0, slice_of(""));
		return;
	}
	r->has_known = r->put.has_idem;
	memcpy(r->known_key, r->put.idem_key, 32);
	memcpy(r->known_mac, r->put.idem_mac, 32);
	rig_reply(l, fr, P_OK, r->put_created != 0 ? r->put_created : REPLY_NEW,
	    slice_of("{\"id\":\"x\",\"state\":\"received\"}"));
}

/* Answers the PUT that waits. */
static inline void
rig_put_now(struct rig *r, int created)
{
	struct link_frame fr = { .type = KM_PUT, .call = r->put_call };

	rig_reply(r->put_link, &fr, P_OK, created, slice_of("{}"));
}

static inline void
rig_case(struct rig *r, struct link *l, const struct link_frame *fr)
{
	memset(&r->message, 0, sizeof r->message);
	r->case_type = fr->type;
	r->case_calls++;
	if (fr->type == KM_MESSAGE) {
		assert_int_equal(keeper_message_get(fr->p, fr->n, &r->message), 0);
		buf_reset(&r->message_json);
		buf_add(&r->message_json, r->message.json.p, r->message.json.n);
		r->messages++;
	} else {
		assert_int_equal(keeper_case_get(fr->p, fr->n, &r->message.which), 0);
	}
	rig_reply(l, fr, r->case_problem, fr->type == KM_MESSAGE, slice_of("{\"n\":1}"));
}

static inline void
rig_find_key(struct rig *r, struct link *l, const struct link_frame *fr)
{
	r->finds++;
	if (!r->has_known || memcmp(fr->p, r->known_key, 32) != 0)
		rig_reply(l, fr, P_NOT_FOUND, 0, slice_of(""));
	else if (memcmp(fr->p + 32, r->known_mac, 32) != 0)
		rig_reply(l, fr, P_IDEMPOTENCY_MISMATCH, 0, slice_of(""));
	else
		rig_reply(
		    l, fr, P_OK, 0, slice_of("{\"id\":\"x\",\"state\":\"received\"}"));
}

/* From which levels the keeper releases: of CEPTOARs, and of reports without one. */
static inline void
rig_auto(struct rig *r, struct link *l, int level, int no_slot)
{
	struct keeper_auto m;
	struct buf b;

	memset(m.level, level, sizeof m.level);
	m.no_slot = (uint8_t)no_slot;
	r->keeper_link = l;
	buf_init(&b, 256);
	keeper_auto_put(&b, &m);
	assert_int_equal(link_send(l, KM_AUTO, 0, 0, b.p, b.n), 0);
	buf_done(&b);
}

static inline void
rig_link(struct rig *r, struct link *l, const struct link_frame *fr)
{
	struct link_done m;
	struct buf b;

	memset(&m, 0, sizeof m);
	memcpy(m.facts.number, "2026-7KQ2M", 11);
	m.facts.revision = 1;
	m.facts.message = FRAME_BULLETIN;
	m.facts.severity = 3;
	memcpy(m.facts.seal, "0123456789012345678", LINK_SEAL_LEN);
	m.outcome = r->link_outcome != 0 ? r->link_outcome : LINK_DONE;
	m.wait_s = 9;
	r->link_calls++;
	buf_init(&b, 1024);
	if (fr->type == KM_LINK) {
		assert_int_equal(fr->n, LINK_SUM_LEN);
		memcpy(r->link_sum, fr->p, LINK_SUM_LEN);
		link_facts_put(&b, &m.facts);
	} else {
		assert_int_equal(link_answer_get(fr->p, fr->n, &r->link_answer), 0);
		memcpy(r->link_sum, r->link_answer.sum, LINK_SUM_LEN);
		link_done_put(&b, &m);
	}
	rig_reply(l, fr, r->link_problem, 0,
	    r->link_problem == P_OK ? buf_slice(&b) : slice_of(""));
	buf_done(&b);
}

static inline void
rig_keeper_frame(void *arg, struct link *l, const struct link_frame *fr)
{
	struct rig *r = arg;
	struct keeper_hello h = { r->epoch, "0123456789abcde", r->head, r->earliest };
	struct wire w;
	struct buf b;
	uint64_t from;

	if (r->keeper_mute)
		return;
	wire_init(&w, fr->p, fr->n);
	switch (fr->type) {
	case KM_HELLO:
		buf_init(&b, 64);
		keeper_hello_put(&b, &h);
		assert_int_equal(link_send(l, fr->type, 0, fr->call, b.p, b.n), 0);
		buf_done(&b);
		rig_auto(r, l, 3, 4);
		return;
	case KM_TAIL:
		r->tail = l;
		if (!r->tail_off)
			rig_rows(r, l, KM_ROWS, 0, wire_u64(&w), 256 * 1024);
		return;
	case KM_PAGE:
		r->pages++;
		from = wire_u64(&w);
		rig_rows(r, l, KM_PAGE, fr->call, from, wire_u32(&w));
		return;
	case KM_FIND:
		rig_find_key(r, l, fr);
		return;
	case KM_PUT:
		rig_put(r, l, fr);
		return;
	case KM_CASE:
	case KM_FOLLOW:
	case KM_WITHDRAW:
	case KM_MESSAGES:
	case KM_MESSAGE:
	case KM_CLOSE:
	case KM_SLIP:
		rig_case(r, l, fr);
		return;
	case KM_DESK:
		rig_desk(r, l, fr);
		return;
	case KM_SUB_GET:
	case KM_SUB_PUT:
		rig_subscription(r, l, fr);
		return;
	case KM_LINK:
	case KM_ANSWER:
		rig_link(r, l, fr);
		return;
	case KM_STREAMED:
		assert_int_equal(wire_u32(&w), r->epoch);
		(void)wire_u16(&w);
		r->streamed_calls++;
		buf_add(&r->streamed, fr->p + w.at, fr->n - w.at);
		rig_reply(l, fr, r->streamed_problem, 0, slice_of(""));
		return;
	case KM_EXPLAIN:
		r->explain_auto_ok = fr->p[2];
		rig_reply(l, fr, P_OK, 0,
		    slice_of("{\"audience\":{\"count\":3},\"candidates\":7,\"k\":{"
			     "\"inside\":7}}"));
		return;
	default:
		rig_reply(l, fr, P_OK, 0, slice_of("{\"type\":\"other\"}"));
	}
}

static inline void
rig_keeper_down(void *arg, struct link *l)
{
	struct rig *r = arg;

	if (r->tail == l)
		r->tail = NULL;
}

/* Appends a row and, when somebody tails, pushes it. */
static inline void
rig_row(struct rig *r, enum frame_kind kind, unsigned slot, unsigned level,
    const char *body, const char *stub)
{
	struct frame_head h;
	struct buf *b;

	memset(&h, 0, sizeof h);
	h.seq = ++r->head;
	if (r->earliest == 0)
		r->earliest = h.seq;
	h.kind = (uint8_t)kind;
	h.severity = h.reach_severity = (uint8_t)level;
	h.tlp = h.reach_tlp = TLP_AMBER;
	h.sector = 255;
	slots_set(&h.slots, slot);
	h.reach = h.slots;
	if (stub != NULL) /* narrowed: an earlier revision reached the other slot too */
		slots_set(&h.reach, slot == rig_medical ? rig_power : rig_medical);
	h.revision = 1;
	b = &r->row[h.seq];
	buf_init(b, 1 << 20);
	frame_put(b, &h, slice_of(body), slice_of(stub != NULL ? stub : ""));
	if (r->tail != NULL && !r->tail_off) {
		struct buf push;

		buf_init(&push, 2 << 20);
		wire_put_u64(&push, r->head);
		wire_put_u32(&push, 1);
		buf_add(&push, b->p, b->n);
		assert_int_equal(link_send(r->tail, KM_ROWS, 0, 0, push.p, push.n), 0);
		buf_done(&push);
	}
}

static inline void
rig_bulletin(struct rig *r, unsigned n)
{
	char body[64];

	(void)snprintf(body, sizeof body, "{\"n\":%u}", n);
	rig_row(r, FRAME_BULLETIN, rig_medical, 3, body, NULL);
}

#endif
