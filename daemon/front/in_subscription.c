/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/front/in_subscription.h"

#include <stdio.h>
#include <string.h>

#include "daemon/front/conn.h"
#include "daemon/front/front.h"
#include "daemon/front/in_http.h"
#include "daemon/front/out_stream.h"
#include "daemon/front/route.h"
#include "daemon/front/who.h"
#include "lib/mem.h"
#include "proto/msg_keeper.h"

enum { PRODUCTS = 8, PRODUCT_MAX = 200, SECTORS_MAX = 64 };

static void
write_levels(const struct taxonomy *t, const struct subscription *s, struct buf *out)
{
	const char *slug;
	unsigned i, n = 0;

	for (i = 0; i < SECTORS_MAX; i++) {
		slug =
		    s->sector_level[i] != LEVEL_NEVER ? taxonomy_sector_slug(t, i) : NULL;
		if (slug == NULL)
			continue;
		buf_adds(out, n++ != 0 ? "," : "");
		json_add_string(out, slice_of(slug));
		buf_addf(out, ":%u", s->sector_level[i]);
	}
}

void
subscription_write(
    const struct taxonomy *t, const struct subscription *s, struct buf *out)
{
	const char *slug;
	unsigned i, n = 0;

	if (s->cross_severity == LEVEL_NEVER)
		buf_adds(out, "{\"cross_sector\":null");
	else
		buf_addf(out, "{\"cross_sector\":%u", s->cross_severity);
	buf_addf(out, ",\"exercise\":%s,\"kinds\":[", s->exercise ? "true" : "false");
	for (i = 0; bulletin_kind_word(i) != NULL; i++)
		if ((s->kinds >> i & 1) != 0)
			buf_addf(
			    out, "%s\"%s\"", n++ != 0 ? "," : "", bulletin_kind_word(i));
	n = 0;
	buf_addf(out, "],\"min_severity\":%u,\"ot_only\":%s,\"products\":[",
	    s->min_severity, s->ot_only ? "true" : "false");
	for (i = 0; i < s->product_count && i < PRODUCTS; i++)
		buf_addf(out, "%s\"#%08x\"", i != 0 ? "," : "", s->products[i]);
	buf_adds(out, "],\"sector_levels\":{");
	write_levels(t, s, out);
	buf_adds(out, "},\"sectors\":[");
	for (i = 0; i < SECTORS_MAX; i++) {
		slug = (s->sectors >> i & 1) != 0 ? taxonomy_sector_slug(t, i) : NULL;
		if (slug == NULL)
			continue;
		buf_adds(out, n++ != 0 ? "," : "");
		json_add_string(out, slice_of(slug));
	}
	buf_adds(out, "]}");
}

static int
bad(struct fault *why, enum problem p, const char *pointer, const char *detail)
{
	why->problem = p;
	why->detail = detail;
	(void)snprintf(why->pointer, sizeof why->pointer, "%s", pointer);
	return ERR_INVALID;
}

/* About one element of a list, or one member of an object. */
static int
bad_at(struct fault *why, enum problem p, const char *list, const char *key, size_t i,
    const char *detail)
{
	struct json_at up = { .up = NULL, .key = list, .index = 0 };

	return fault_set(why, p, &(struct json_at){ &up, key, i }, detail);
}

static int
read_level(const json_t *v, const char *pointer, uint8_t *ret, struct fault *why)
{
	if (!json_is_integer(v))
		return bad(why, P_WRONG_TYPE, pointer, "an integer");
	if (json_integer_value(v) < 0 || json_integer_value(v) > 4)
		return bad(why, P_INVALID_FIELD, pointer, "0 to 4");
	*ret = (uint8_t)json_integer_value(v);
	return 0;
}

static int
read_sectors(const struct taxonomy *t, const json_t *v, uint64_t *ret, struct fault *why)
{
	const json_t *one;
	unsigned sector;
	size_t i;

	if (!json_is_array(v))
		return bad(why, P_WRONG_TYPE, "/sectors", "a list");
	*ret = 0;
	for (i = 0; i < json_array_size(v); i++) {
		one = json_array_get(v, i);
		if (!json_is_string(one))
			return bad_at(
			    why, P_WRONG_TYPE, "sectors", NULL, i, "names of sectors");
		sector = taxonomy_sector(t, slice_of(json_string_value(one)));
		if (sector >= SECTORS_MAX)
			return bad_at(
			    why, P_INVALID_FIELD, "sectors", NULL, i, "a known sector");
		*ret |= (uint64_t)1 << sector;
	}
	return 0;
}

static uint32_t
hash_of(const char *name)
{
	struct slice s = slice_of(name);
	unsigned char b[4];

	if (s.n == 9 && name[0] == '#' &&
	    hex_decode((struct slice){ name + 1, 8 }, b, sizeof b) == 4)
		return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 |
		       b[3];
	return product_hash(s);
}

static int
read_products(const json_t *v, struct subscription *s, struct fault *why)
{
	const json_t *one;
	size_t i, n;

	if (!json_is_array(v))
		return bad(why, P_WRONG_TYPE, "/products", "a list");
	if (json_array_size(v) > PRODUCTS)
		return bad(why, P_INVALID_FIELD, "/products", "at most 8");
	for (i = 0; i < json_array_size(v); i++) {
		one = json_array_get(v, i);
		n = json_is_string(one) ? json_string_length(one) : 0;
		if (n == 0 || n > PRODUCT_MAX)
			return bad_at(why, P_INVALID_FIELD, "products", NULL, i,
			    "names of products");
		s->products[i] = hash_of(json_string_value(one));
	}
	s->product_count = (uint8_t)json_array_size(v);
	return 0;
}

static int
read_levels(
    const struct taxonomy *t, const json_t *v, struct subscription *s, struct fault *why)
{
	const char *slug;
	unsigned sector;
	void *it;
	int rc;

	if (!json_is_object(v))
		return bad(why, P_WRONG_TYPE, "/sector_levels",
		    "an object: a sector and its level");
	for (it = json_object_iter((json_t *)(uintptr_t)v); it != NULL;
	     it = json_object_iter_next((json_t *)(uintptr_t)v, it)) {
		slug = json_object_iter_key(it);
		sector = taxonomy_sector(t, slice_of(slug));
		if (sector >= SECTORS_MAX)
			return bad_at(why, P_INVALID_FIELD, "sector_levels", slug, 0,
			    "a known sector");
		rc = read_level(
		    json_object_iter_value(it), "", &s->sector_level[sector], why);
		if (rc != 0)
			return bad_at(
			    why, why->problem, "sector_levels", slug, 0, why->detail);
	}
	return 0;
}

static int
read_kinds(const json_t *v, uint8_t *ret, struct fault *why)
{
	const json_t *one;
	unsigned kind;
	size_t i;

	if (!json_is_array(v))
		return bad(why, P_WRONG_TYPE, "/kinds", "a list");
	*ret = 0;
	for (i = 0; i < json_array_size(v); i++) {
		one = json_array_get(v, i);
		kind = json_is_string(one)
			   ? bulletin_kind_of(slice_of(json_string_value(one)))
			   : 4;
		if (bulletin_kind_word(kind) == NULL)
			return bad_at(why, P_INVALID_FIELD, "kinds", NULL, i,
			    "early_warning, recovery_method, outage_attack, "
			    "attack_method");
		*ret |= (uint8_t)(1u << kind);
	}
	return 0;
}

static int
read_switch(const json_t *v, const char *pointer, uint8_t *ret, struct fault *why)
{
	if (!json_is_boolean(v))
		return bad(why, P_WRONG_TYPE, pointer, "true or false");
	*ret = json_is_true(v) ? 1 : 0;
	return 0;
}

static int
read_field(const struct taxonomy *t, const char *name, const json_t *v,
    struct subscription *s, struct fault *why)
{
	if (strcmp(name, "min_severity") == 0)
		return read_level(v, "/min_severity", &s->min_severity, why);
	if (strcmp(name, "cross_sector") == 0) {
		s->cross_severity = LEVEL_NEVER;
		return json_is_null(v)
			   ? 0
			   : read_level(v, "/cross_sector", &s->cross_severity, why);
	}
	if (strcmp(name, "sectors") == 0)
		return read_sectors(t, v, &s->sectors, why);
	if (strcmp(name, "products") == 0)
		return read_products(v, s, why);
	if (strcmp(name, "exercise") == 0)
		return read_switch(v, "/exercise", &s->exercise, why);
	if (strcmp(name, "ot_only") == 0)
		return read_switch(v, "/ot_only", &s->ot_only, why);
	if (strcmp(name, "sector_levels") == 0)
		return read_levels(t, v, s, why);
	if (strcmp(name, "kinds") == 0)
		return read_kinds(v, &s->kinds, why);
	return fault_set(why, P_UNKNOWN_FIELD,
	    &(struct json_at){ .up = NULL, .key = name, .index = 0 }, NULL);
}

int
subscription_read(const struct taxonomy *t, const json_t *in, struct subscription *ret,
    struct fault *why)
{
	struct subscription s;
	const char *name;
	void *it;
	int rc;

	subscription_default(&s);
	if (!json_is_object(in))
		return bad(why, P_WRONG_TYPE, "", "an object");
	/* jansson's iterator takes no const object, and changes none. */
	for (it = json_object_iter((json_t *)(uintptr_t)in); it != NULL;
	     it = json_object_iter_next((json_t *)(uintptr_t)in, it)) {
		name = json_object_iter_key(it);
		rc = read_field(t, name, json_object_iter_value(it), &s, why);
		if (rc != 0)
			return rc;
	}
	*ret = s;
	return 0;
}

static void
answer(struct conn *c)
{
	struct buf out;

	buf_init(&out, 16384);
	subscription_write(c->f->tax, &c->who->reader->wants, &out);
	if (buf_err(&out) == 0)
		http_json(c, 200, buf_slice(&out));
	else
		http_no_answer(c, buf_err(&out));
	buf_done(&out);
}

void
in_subscription_get(struct conn *c)
{
	start_with_wants(c, answer);
}

struct work {
	struct subscription wants;
};

static void
work_free(struct front *f, void *work)
{
	(void)f;
	mem_free(work);
}

static void
on_put(struct front *f, uint64_t owner, const struct answer *a)
{
	struct conn *c = conn_find(f, owner);
	struct keeper_reply k;
	struct work *w;

	if (c == NULL || c->req == NULL)
		return;
	c->req->call = 0;
	w = c->req->work;
	if (a->err != 0) {
		http_problem(c, P_OUTCOME_UNKNOWN, NULL, NULL);
		return;
	}
	if (keeper_reply_get(a->p, a->n, &k) != 0 || k.problem != P_OK ||
	    c->who->reader == NULL) {
		http_keeper(c, a, 0);
		return;
	}
	/* The push to all fronts comes too; the answer must not wait for it. */
	who_wants(f, c->who->reader->receiver, &w->wants);
	answer(c);
}

void
in_subscription_put(struct conn *c)
{
	static const struct json_caps caps = { 65536, 4, 500, 1024 };
	struct fault why = { P_INTERNAL, "", NULL };
	struct work *w = mem_zalloc(sizeof *w);
	json_t *in = NULL;
	struct buf b;
	int rc;

	if (w == NULL) {
		http_no_answer(c, ERR_NOMEM);
		return;
	}
	c->req->work = w;
	c->req->work_free = work_free;
	rc = json_read(buf_slice(&c->req->body), &caps, &in, &why);
	if (rc == 0)
		rc = subscription_read(c->f->tax, in, &w->wants, &why);
	json_decref(in);
	if (rc == ERR_INVALID) {
		http_fault(c, &why);
		return;
	}
	buf_init(&b, 256);
	wire_put_bytes(&b, c->who->reader->receiver, RECEIVER_LEN);
	wire_put_u8(&b, c->who->rights.duties);
	subscription_put(&b, &w->wants);
	if (rc == 0)
		rc = c->f->keeper_ready ? call_start(c->f, CALL_KEEPER, KM_SUB_PUT, &b,
					      c->id, on_put, &c->req->call)
					: ERR_DOWN;
	buf_done(&b);
	if (rc != 0)
		http_no_answer(c, rc);
}
