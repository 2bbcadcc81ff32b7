/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/topic.h"

#include <string.h>

#include <openssl/evp.h>

#include "proto/topic_value.h"

enum { VALUE_MAX = 16 * 1024 };

/* In the order of weight.  Of each class the smallest ids are kept. */
enum class {
	CLASS_BULLETIN,
	CLASS_HASH,
	CLASS_DOMAIN,
	CLASS_URL,
	CLASS_ADDRESS,
	CLASS_MAIL,
	CLASS_PRODUCT,
	CLASSES
};

/* One thing that a report names.  `event` is of products only. */
struct value {
	enum class class;
	const char *type; /* of an indicator, else "" */
	struct slice text;
	const char *event;
};

struct walk {
	int exercise;
	/* Not 0 ends the walk and is handed back. */
	int (*each)(void *arg, const struct value *v, const uint8_t id[TOPIC_LEN]);
	void *arg;
	struct buf value, message;
};

static enum topic_kind kind_of(enum class c)
{
	return c == CLASS_BULLETIN  ? TOPIC_BULLETIN
	       : c == CLASS_PRODUCT ? TOPIC_PRODUCT
				    : TOPIC_INDICATOR;
}

static const char *const kind_names[] = { [TOPIC_BULLETIN] = "bulletin",
	[TOPIC_INDICATOR] = "indicator",
	[TOPIC_PRODUCT] = "product" };

/* No text of a report holds a zero byte, so the pieces cannot run into each other. */
static int
say(struct walk *w, const struct value *v)
{
	unsigned char md[EVP_MAX_MD_SIZE];
	struct buf *m = &w->message;

	buf_reset(m);
	buf_adds(m, w->exercise ? "ceptoar topic, exercise" : "ceptoar topic");
	buf_addc(m, '\0');
	buf_adds(m, kind_names[kind_of(v->class)]);
	buf_addc(m, '\0');
	buf_adds(m, v->type);
	buf_addc(m, '\0');
	buf_add(m, v->text.p, v->text.n);
	buf_addc(m, '\0');
	buf_adds(m, v->event);
	if (buf_err(m) != 0)
		return buf_err(m);
	if (EVP_Digest(m->p, m->n, md, NULL, EVP_sha256(), NULL) != 1)
		return ERR_CRYPTO;
	return w->each(w->arg, v, md);
}

static struct slice
string_of(const json_t *j)
{
	struct slice s = { json_string_value(j), json_string_length(j) };

	return s.p != NULL ? s : slice_of("");
}

static enum class class_of(enum indicator_type type) {
	switch (type){
		case IND_DOMAIN : return CLASS_DOMAIN; case IND_URL : return CLASS_URL;
		case IND_IPV4 : case IND_IPV6 : return CLASS_ADDRESS;
		case IND_EMAIL : return CLASS_MAIL;
		default : return CLASS_HASH;
	}
}

static int
walk_indicators(struct walk *w, const json_t *list)
{
	struct value v = { .event = "" };
	enum indicator_type type;
	const json_t *j;
	size_t i;
	int rc = 0, known;

	for (i = 0; rc == 0 && i < json_array_size(list); i++) {
		j = json_array_get(list, i);
		known = indicator_type(string_of(json_object_get(j, "type")));
		if (known < 0)
			continue;
		type = (enum indicator_type)known;
		buf_reset(&w->value);
		rc =
		    topic_value(&type, string_of(json_object_get(j, "value")), &w->value);
		if (rc == ERR_INVALID) /* it fits no form, so it cannot be compared */
			rc = 0;
		if (rc != 1)
			continue;
		v.class = class_of(type);
		v.type = indicator_types[type];
		v.text = buf_slice(&w->value);
		rc = say(w, &v);
	}
	return rc;
}

static int
walk_products(struct walk *w, const json_t *products, const json_t *events)
{
	struct value v = { .class = CLASS_PRODUCT, .type = "" };
	size_t i, k;
	int rc = 0;

	for (i = 0; rc == 0 && i < json_array_size(products); i++) {
		buf_reset(&w->value);
		rc = topic_product(string_of(json_array_get(products, i)), &w->value);
		v.text = buf_slice(&w->value);
		for (k = 0; rc == 0 && k < json_array_size(events); k++) {
			v.event = string_of(json_array_get(events, k)).p;
			rc = say(w, &v);
		}
	}
	return rc;
}

static int
walk(struct walk *w, const json_t *report)
{
	struct value v = { .class = CLASS_BULLETIN, .type = "", .event = "" };
	int rc = 0;

	w->exercise = json_is_true(json_object_get(report, "exercise"));
	buf_init(&w->value, VALUE_MAX);
	buf_init(&w->message, VALUE_MAX + 256);
	v.text = string_of(json_object_get(report, "seen_bulletin"));
	if (v.text.n > 0)
		rc = say(w, &v);
	if (rc == 0)
		rc = walk_indicators(w, json_object_get(report, "indicators"));
	if (rc == 0)
		rc = walk_products(w, json_object_get(report, "products"),
		    json_object_get(report, "event_types"));
	buf_done(&w->value);
	buf_done(&w->message);
	return rc;
}

/* Ids of each class, the smallest first. */
struct chosen {
	unsigned n[CLASSES];
	uint8_t id[CLASSES][TOPICS_MAX][TOPIC_LEN];
};

static int
choose(void *arg, const struct value *v, const uint8_t id[TOPIC_LEN])
{
	struct chosen *c = arg;
	unsigned *n = &c->n[v->class], at, i;
	uint8_t(*list)[TOPIC_LEN] = c->id[v->class];
	int order = -1;

	for (at = 0; at < *n; at++) {
		order = memcmp(id, list[at], TOPIC_LEN);
		if (order <= 0)
			break;
	}
	if ((at < *n && order == 0) || at == TOPICS_MAX)
		return 0;
	if (*n < TOPICS_MAX)
		++*n;
	for (i = *n - 1; i > at; i--)
		memcpy(list[i], list[i - 1], TOPIC_LEN);
	memcpy(list[at], id, TOPIC_LEN);
	return 0;
}

static void
take(struct topics *t, const struct chosen *c, unsigned class, unsigned i)
{
	if (i >= c->n[class] || t->n == TOPICS_MAX)
		return;
	memcpy(t->v[t->n].id, c->id[class][i], TOPIC_LEN);
	t->v[t->n++].kind = (uint8_t)kind_of((enum class) class);
}

int
topics_of(const json_t *report, struct topics *ret)
{
	struct chosen c;
	struct walk w = { .each = choose, .arg = &c };
	unsigned class, i;
	int rc;

	memset(&c, 0, sizeof c);
	rc = walk(&w, report);
	if (rc != 0)
		return rc;
	memset(ret, 0, sizeof *ret);
	take(ret, &c, CLASS_BULLETIN, 0);
	for (i = 0; i < TOPICS_MAX; i++)
		for (class = CLASS_HASH; class <= CLASS_MAIL; class ++)
			take(ret, &c, class, i);
	for (i = 0; i < TOPICS_MAX; i++)
		take(ret, &c, CLASS_PRODUCT, i);
	return 0;
}

int
topic_is_strong(const struct topic *t)
{
	return t->kind == TOPIC_BULLETIN || t->kind == TOPIC_INDICATOR;
}

const struct topic *
topics_find(const struct topics *t, const uint8_t *id)
{
	unsigned i;

	for (i = 0; i < t->n; i++)
		if (memcmp(t->v[i].id, id, TOPIC_LEN) == 0)
			return &t->v[i];
	return NULL;
}

struct wording {
	const uint8_t *id;
	struct buf *out;
};

static int
word(void *arg, const struct value *v, const uint8_t id[TOPIC_LEN])
{
	struct wording *w = arg;

	if (memcmp(id, w->id, TOPIC_LEN) != 0)
		return 0;
	buf_addc(w->out, '{');
	if (v->class == CLASS_PRODUCT) {
		buf_adds(w->out, "\"event\":");
		json_add_string(w->out, slice_of(v->event));
		buf_addc(w->out, ',');
	}
	buf_addf(w->out, "\"kind\":\"%s\",", kind_names[kind_of(v->class)]);
	if (v->type[0] != '\0')
		buf_addf(w->out, "\"type\":\"%s\",", v->type);
	buf_adds(w->out, "\"value\":");
	json_add_string(w->out, v->text);
	buf_addc(w->out, '}');
	return buf_err(w->out) != 0 ? buf_err(w->out) : 1;
}

int
topic_words(const json_t *report, const uint8_t *id, struct buf *out)
{
	struct wording words = { id, out };
	struct walk w = { .each = word, .arg = &words };
	int rc = walk(&w, report);

	return rc == 1 ? 0 : rc == 0 ? ERR_NOTFOUND : rc;
}
