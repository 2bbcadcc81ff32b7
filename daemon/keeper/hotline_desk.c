/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/hotline.h"

#include <string.h>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "daemon/keeper/batch.h"
#include "daemon/keeper/intake.h"
#include "daemon/keeper/outbox.h"
#include "daemon/keeper/words.h"
#include "lib/mem.h"
#include "proto/receipt_words.h"

/* The hotline at the centre's desk: what is open, who takes it, and a case for somebody
 * who telephones. */

enum { MINUTE_MS = 60000, OPEN_MOST = 200, TAKEN_MOST = 50, PAGES_MOST = 50 };

static const char taken_back[] = "its reporter has withdrawn it";

struct listing {
	struct keeper *k;
	struct desk_call *c;
	unsigned n;
};

static void
add_word(const char *name, const char *word, struct buf *out)
{
	buf_addf(out, "\"%s\":", name);
	if (word != NULL)
		json_add_string(out, slice_of(word));
	else
		buf_adds(out, "null");
}

static void
add_time(const char *name, int64_t minute, struct buf *out)
{
	buf_addf(out, "\"%s\":", name);
	if (minute > 0)
		words_time(minute * MINUTE_MS, out);
	else
		buf_adds(out, "null");
}

static void
add_id(const char *name, int has, const uint8_t *id, struct buf *out)
{
	if (has)
		words_id(name, id, out);
	else
		buf_addf(out, "\"%s\":null", name);
}

static const char *
state_word(unsigned state, int64_t withdrawn_at)
{
	return withdrawn_at > 0 ? "withdrawn" : state == CALL_OPEN ? "open" : "taken";
}

static int
write_call(void *arg, const struct store_call *v)
{
	static const char *const kinds[] = { "", "consult", "page", "telephone" };
	struct listing *l = arg;
	struct buf *out = l->c->out;
	unsigned sector = taxonomy_sector_of_slot(l->k->tax, v->slot);
	int64_t until = v->contact_at > 0     ? v->contact_at
			: v->withdrawn_at > 0 ? v->withdrawn_at
					      : l->c->minute;

	buf_adds(out, l->n++ > 0 ? ",{" : "{");
	words_id("case", v->case_id, out);
	buf_addc(out, ',');
	add_word("ceptoar", taxonomy_slug(l->k->tax, v->slot), out);
	buf_addc(out, ',');
	add_time("first_contact", v->contact_at, out);
	buf_addf(out, ",\"kind\":\"%s\",\"level\":%u,", kinds[v->kind & 3],
	    (unsigned)v->level);
	add_id("page", v->has_page, v->page, out);
	buf_addc(out, ',');
	add_id("person", v->has_person, v->person, out);
	buf_addc(out, ',');
	add_word("sector", taxonomy_sector_slug(l->k->tax, sector), out);
	buf_addc(out, ',');
	add_time("since", v->minute, out);
	buf_addf(out, ",\"state\":\"%s\",", state_word(v->state, v->withdrawn_at));
	add_time("taken_at", v->taken_at, out);
	buf_addf(out, ",\"waited\":%lld,",
	    (long long)(until > v->minute ? until - v->minute : 0));
	add_time("withdrawn_at", v->withdrawn_at, out);
	buf_addc(out, '}');
	return buf_err(out);
}

static int
write_sector(void *arg, unsigned sector, unsigned n)
{
	struct listing *l = arg;
	struct buf *out = l->c->out;

	buf_addf(out, "%s{\"calls\":%u,", l->n++ > 0 ? "," : "", n);
	add_word("sector", taxonomy_sector_slug(l->k->tax, sector), out);
	buf_addc(out, '}');
	return buf_err(out);
}

static int
write_paged(void *arg, unsigned level, int64_t minute)
{
	struct listing *l = arg;
	struct buf *out = l->c->out;

	buf_adds(out, l->n++ > 0 ? ",{" : "{");
	add_time("at", minute, out);
	if (level < PAGE_EVERYBODY)
		buf_addf(out, ",\"who\":\"%u\"}", level);
	else
		buf_adds(out, ",\"who\":\"everybody\"}");
	return buf_err(out);
}

static int
write_page(void *arg, const struct store_page *p)
{
	struct listing *l = arg, inner = { l->k, l->c, 0 };
	struct buf *out = l->c->out;
	int rc;

	buf_addf(out, "%s{\"calls\":%u,", l->n++ > 0 ? "," : "",
	    p->withdrawn_at > 0 ? 0 : (unsigned)p->calls);
	add_word("group", taxonomy_group_slug(l->k->tax, p->grp), out);
	buf_addc(out, ',');
	words_id("id", p->id, out);
	buf_addc(out, ',');
	add_time("last", p->last, out);
	buf_addc(out, ',');
	add_time("next_page", p->state == CALL_OPEN ? p->next_at : 0, out);
	buf_adds(out, ",\"paged\":[");
	rc = store_paged_each(l->k->store, p->id, write_paged, &inner);
	buf_adds(out, "],");
	add_id("person", p->has_person, p->person, out);
	buf_adds(out, ",\"sectors\":[");
	inner.n = 0;
	if (rc == 0)
		rc = store_page_counts(l->k->store, p->id, write_sector, &inner);
	buf_adds(out, "],");
	add_time("since", p->first, out);
	buf_addf(out, ",\"state\":\"%s\",", state_word(p->state, p->withdrawn_at));
	add_time("taken_at", p->taken_at, out);
	buf_addc(out, ',');
	add_time("withdrawn_at", p->withdrawn_at, out);
	buf_addc(out, '}');
	return rc != 0 ? rc : buf_err(out);
}

int
hotline_list(struct keeper *k, struct desk_call *c)
{
	struct listing l = { k, c, 0 };
	int rc;

	buf_adds(c->out, "{\"calls\":[");
	rc = store_call_each(k->store, CALL_OPEN, OPEN_MOST, write_call, &l);
	if (rc == 0)
		rc = store_call_each(k->store, CALL_TAKEN, TAKEN_MOST, write_call, &l);
	buf_adds(c->out, "],\"pages\":[");
	l.n = 0;
	if (rc == 0)
		rc = store_page_each(k->store, PAGES_MOST, write_page, &l);
	buf_adds(c->out, "]}");
	return rc != 0 ? rc : buf_err(c->out);
}

/* Somebody is awake: nobody else is roused for this one. */
static int
quiet(struct keeper *k, const struct desk_call *c, struct store_page *p)
{
	int rc;

	if (p->state == CALL_TAKEN)
		return 0;
	p->state = CALL_TAKEN;
	p->has_person = 1;
	memcpy(p->person, c->m->rights.person, RECEIVER_LEN);
	p->taken_at = c->minute;
	rc = store_page_put(k->store, p);
	return rc == 0 ? hotline_stop(k, p->id, "taken") : rc;
}

static int
take_call(struct keeper *k, struct desk_call *c, struct store_call *v, unsigned *ret_n)
{
	struct store_page p;
	int rc = 0;

	if (v->withdrawn_at > 0)
		return desk_fail(c, P_CONFLICT, NULL, taken_back);
	if (v->state == CALL_OPEN) {
		v->state = CALL_TAKEN;
		v->has_person = 1;
		memcpy(v->person, c->m->rights.person, RECEIVER_LEN);
		v->taken_at = c->minute;
		if (v->contact_at == 0)
			v->contact_at = c->minute;
		rc = store_call_put(k->store, v);
		*ret_n = 1;
	}
	if (rc != 0 || !v->has_page)
		return rc;
	rc = store_page_get(k->store, v->page, &p);
	if (rc != 0)
		return rc == ERR_NOTFOUND ? 0 : rc;
	return quiet(k, c, &p); /* its other calls stay open */
}

/* Whoever comes second reads who is on it: two would ring the caller else, or none. */
static int
answer_taken(
    struct desk_call *c, unsigned n, int has, const uint8_t *person, int64_t minute)
{
	struct buf *out = c->out;
	int mine = has && memcmp(person, c->m->rights.person, RECEIVER_LEN) == 0;

	buf_addf(out, "{\"mine\":%s,", mine ? "true" : "false");
	add_id("person", has, person, out);
	buf_addf(out, ",\"state\":\"taken\",\"taken\":%u,", n);
	add_time("taken_at", minute, out);
	buf_addc(out, '}');
	return buf_err(out);
}

int
hotline_ack(struct keeper *k, struct desk_call *c)
{
	uint8_t id[ID_LEN];
	struct store_call v;
	struct store_page p;
	unsigned n = 0;
	int rc;

	if (hex_decode(c->m->ref, id, ID_LEN) != ID_LEN)
		return ERR_NOTFOUND;
	rc = store_call_get(k->store, id, &v);
	if (rc == 0) {
		rc = take_call(k, c, &v, &n);
		return rc != 0 ? rc
			       : answer_taken(c, n, v.has_person, v.person, v.taken_at);
	}
	if (rc == ERR_NOTFOUND) {
		rc = store_page_get(k->store, id, &p);
		if (rc == 0 && p.withdrawn_at > 0)
			rc = desk_fail(c, P_CONFLICT, NULL, taken_back);
		if (rc == 0)
			rc = store_call_take(
			    k->store, id, c->m->rights.person, c->minute, &n);
		if (rc == 0)
			rc = quiet(k, c, &p);
	}
	if (rc != 0)
		return rc;
	/* Calls that joined a page which somebody has taken are a word of their own. */
	if (n > 0)
		return answer_taken(c, n, 1, c->m->rights.person, c->minute);
	return answer_taken(c, n, p.has_person, p.person, p.taken_at);
}

/* The report of a call by telephone: nothing but that there was one. */
static int
make_report(
    struct keeper *k, const struct desk_call *c, const char *commitment, json_t **ret)
{
	const char *slug = json_string_value(json_object_get(c->json, "ceptoar"));
	struct fault why;
	json_t *in;
	int rc;

	in = json_pack("{s:s,s:{s:s,s:s},s:{s:s,s:s},s:i,s:s,s:{s:s},s:s,s:s}", "kind",
	    "incident", "title", "ja", "電話による相談", "en", "A call by telephone",
	    "description", "ja", "情報はこの案件の連絡欄で受け取ります。", "en",
	    "What it is about comes in this case's messages.", "severity_claimed", 0,
	    "tlp", "TLP:AMBER+STRICT", "consent", "publish", "none", "hotline", "consult",
	    "case_commitment", commitment);
	if (in == NULL)
		return ERR_NOMEM;
	rc = slug != NULL ? json_object_set_new(in, "ceptoar", json_string(slug)) : 0;
	memset(&why, 0, sizeof why);
	rc = rc != 0 ? ERR_NOMEM : report_check(in, k->tax, c->now_ms, ret, &why);
	json_decref(in);
	return rc;
}

/* It goes the way of every report, without one that came in. */
static int
take_in(struct keeper *k, const struct desk_call *c, json_t *report, unsigned blind,
    uint8_t *ret_case)
{
	struct batch_op *op = mem_zalloc(sizeof *op);
	struct store_report row;
	size_t at = c->out->n;
	struct buf text;
	int rc;

	if (op == NULL)
		return ERR_NOMEM;
	buf_init(&text, REPORT_JSON_MAX);
	report_facts(report, &op->facts);
	op->json = json_incref(report);
	op->by_telephone = 1;
	op->put.blind = (uint8_t)blind; /* its reporter will show no certificate */
	op->put.slot = (uint8_t)taxonomy_slot(k->tax, slice_of(op->facts.ceptoar));
	rc = RAND_bytes(op->put.report, ID_LEN) == 1 ? json_canonical(report, &text)
						     : ERR_CRYPTO;
	op->put.json = buf_slice(&text);
	if (rc == 0)
		rc = intake_apply(k, op);
	c->out->n = at; /* its receipt is not for the desk */
	if (rc == 0 && op->problem != P_OK)
		rc = ERR_CONFLICT;
	if (rc == 0)
		rc = store_report_get(k->store, op->put.report, &row, NULL);
	if (rc == 0)
		memcpy(ret_case, row.case_id, ID_LEN);
	batch_op_free(op);
	buf_done(&text);
	return rc;
}

/* Whoever answers the telephone has it in hand. */
static int
in_hand(struct keeper *k, const struct desk_call *c, const uint8_t *case_id)
{
	struct store_call v;
	int rc = store_call_get(k->store, case_id, &v);

	if (rc != 0)
		return rc;
	v.kind = CALL_TELEPHONE;
	v.state = CALL_TAKEN;
	v.has_person = 1;
	memcpy(v.person, c->m->rights.person, RECEIVER_LEN);
	v.taken_at = v.contact_at = c->minute;
	return store_call_put(k->store, &v);
}

static int
answer(struct desk_call *c, const struct receipt *r)
{
	struct buf words;

	buf_init(&words, RECEIPT_TEXT_MAX);
	receipt_words_write(r, &words);
	buf_addc(c->out, '{');
	words_id("case", r->case_id, c->out);
	buf_addf(
	    c->out, ",\"listener\":\"%s\",\"words\":", r->blind ? "blind" : "members");
	json_add_string(c->out, buf_slice(&words));
	buf_addc(c->out, '}');
	buf_wipe(&words);
	return buf_err(c->out);
}

static int
read_open(struct desk_call *c, const struct keeper *k, uint8_t *ret_blind)
{
	const json_t *slug = json_object_get(c->json, "ceptoar");
	const json_t *on = json_object_get(c->json, "listener");
	const char *word = json_string_value(on);
	size_t known = (slug != NULL) + (on != NULL);

	/* An answer under a key is kept for days, and this one opens a case. */
	if (c->m->has_idem)
		return desk_fail(c, P_BAD_REQUEST, NULL,
		    "without an Idempotency-Key: the answer is kept nowhere");
	if (c->json != NULL && json_object_size(c->json) != known)
		return desk_fail(c, P_UNKNOWN_FIELD, "", NULL);
	if (slug != NULL &&
	    (!json_is_string(slug) ||
		taxonomy_slot(k->tax, slice_of(json_string_value(slug))) == SLOT_NONE))
		return desk_fail(c, P_INVALID_FIELD, "/ceptoar", "no such CEPTOAR");
	if (on != NULL && (word == NULL || (strcmp(word, "members") != 0 &&
					       strcmp(word, "blind") != 0)))
		return desk_fail(c, P_INVALID_FIELD, "/listener", "members or blind");
	*ret_blind = word != NULL && strcmp(word, "blind") == 0;
	return 0;
}

int
hotline_open(struct keeper *k, struct desk_call *c)
{
	unsigned char sum[32];
	struct receipt r;
	json_t *report = NULL;
	struct buf hash;
	int rc;

	memset(&r, 0, sizeof r);
	rc = read_open(c, k, &r.blind);
	if (rc != 0)
		return rc;
	buf_init(&hash, 64);
	if (RAND_bytes(r.secret, sizeof r.secret) != 1 ||
	    EVP_Digest(r.secret, sizeof r.secret, sum, NULL, EVP_sha256(), NULL) != 1)
		rc = ERR_CRYPTO;
	buf_add_b64url(&hash, sum, sizeof sum);
	if (rc == 0)
		rc = make_report(k, c, buf_cstr(&hash), &report);
	if (rc == 0)
		rc = take_in(k, c, report, r.blind, r.case_id);
	if (rc == 0)
		rc = in_hand(k, c, r.case_id);
	if (rc == 0)
		rc = answer(c, &r);
	c->created = rc == 0;
	json_decref(report);
	buf_done(&hash);
	mem_wipe(&r, sizeof r);
	return rc;
}
