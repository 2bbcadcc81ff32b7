/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/scrub.h"

#include "lib/mem.h"
#include "proto/scrub_pass.h"

enum {
	ITEMS_MAX = 64, /* texts of one report */
	DEPTH_MAX = 8,
	TITLE_BYTES = 800, /* as the report's field table has it */
	TITLE_CPS = 200,
	TEXT_BYTES = 16 * 1024,
};

struct item {
	json_t *parent; /* borrowed */
	const char *key;
	char pointer[160];
	struct slice text; /* of the original report */
	struct scrub_view w;
	int english, is_title;
};

struct items {
	struct item *v;
	size_t n;
};

/* Keys under which nothing is free text, or nothing is ever masked. */
static int
is_skipped(const char *key)
{
	static const char *const keys[] = { "indicators", "references", "products",
		"event_types", "cause_types", "systems", "consent", "severity_claimed" };
	size_t i;

	for (i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (strcmp(keys[i], key) == 0)
			return 1;
	return 0;
}

static int
is_text_key(const char *key)
{
	static const char *const keys[] = { "ja", "en", "title", "description", "summary",
		"body", "actions", "text", "note" };
	size_t i;

	for (i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (strcmp(keys[i], key) == 0)
			return 1;
	return 0;
}

static int
add_item(struct items *t, json_t *parent, const char *key, const json_t *j,
    const char *pointer, int english)
{
	struct item *p = &t->v[t->n];
	int r;

	if (t->n == ITEMS_MAX)
		return ERR_LIMIT;
	memset(p, 0, sizeof *p);
	p->text.p = json_string_value(j);
	p->text.n = json_string_length(j);
	r = scrub_view_new(p->text, &p->w);
	if (r != 0)
		return r;
	p->parent = parent;
	p->key = key;
	p->english = english;
	p->is_title = strncmp(pointer, "/title", 6) == 0;
	(void)snprintf(p->pointer, sizeof p->pointer, "%s", pointer);
	t->n++;
	return 0;
}

/* Every text of the report: strings under "ja" and "en", and texts given plainly. */
static int
collect(struct items *t, json_t *object, const char *pointer, int english, int depth)
{
	char sub[160];
	const char *key;
	json_t *j;
	void *it;
	int r = 0;

	if (depth > DEPTH_MAX)
		return ERR_LIMIT;
	for (it = json_object_iter(object); r == 0 && it != NULL;
	     it = json_object_iter_next(object, it)) {
		key = json_object_iter_key(it);
		j = json_object_iter_value(it);
		if (is_skipped(key) ||
		    snprintf(sub, sizeof sub, "%s/%s", pointer, key) >= (int)sizeof sub)
			continue;
		if (json_is_object(j))
			r = collect(t, j, sub, english, depth + 1);
		else if (json_is_string(j) && is_text_key(key))
			r = add_item(t, object, key, j, sub,
			    strcmp(key, "en") == 0 ||
				(strcmp(key, "ja") != 0 && english));
	}
	return r;
}

static size_t
count_cps(const char *p, size_t n)
{
	size_t i, k = 0;

	for (i = 0; i < n; i++)
		if (((unsigned char)p[i] & 0xC0) != 0x80)
			k++;
	return k;
}

/* A replacement may be longer than what it replaces.  Over the cap of the field the end
 * is cut, and what then ends the text is looked at again. */
static int
write_item(struct scrub_pass *pass, struct item *p, struct buf *out)
{
	struct scrub_view *view = &p->w;
	size_t most = p->is_title ? TITLE_BYTES : TEXT_BYTES, over;
	int r;

	if (p->text.n > most)
		most = p->text.n;
	for (;;) {
		buf_reset(out);
		scrub_pass_write(&p->w, p->text, p->english, out);
		if (buf_err(out) != 0)
			return buf_err(out);
		over = out->n > most ? (out->n - most) / 16 + 1 : 0;
		if (p->is_title && count_cps(out->p, out->n) > TITLE_CPS &&
		    count_cps(p->text.p, p->text.n) <= TITLE_CPS)
			over = over > 1 ? over : 1;
		if (over == 0 || p->w.n == 0)
			return 0;
		p->w.n -= over < p->w.n ? over : p->w.n;
		r = scrub_pass_run(pass, &view, 1);
		if (r != 0)
			return r;
	}
}

static int
list_replacements(const struct item *p, json_t *list)
{
	const struct scrub_cp *c;
	json_t *j;
	size_t i, at = 0, n, bytes = 0;

	for (i = 0; i < p->w.n; i++) {
		c = &p->w.v[i];
		if (c->cls != CLASS_BARRIER || (c->flags & CP_GIVEN) != 0)
			continue;
		at += count_cps(p->text.p + bytes, c->start - bytes);
		bytes = c->start;
		n = count_cps(p->text.p + c->start, c->end - c->start);
		j = json_pack("{s:s,s:s%,s:s,s:s,s:I,s:I}", "pointer", p->pointer,
		    "original", p->text.p + c->start, (size_t)(c->end - c->start),
		    "replacement", scrub_rule_text(c->rule, p->english), "rule",
		    scrub_rule_name(c->rule), "offset", (json_int_t)at, "length",
		    (json_int_t)n);
		if (j == NULL || json_array_append_new(list, j) != 0)
			return ERR_NOMEM;
	}
	return 0;
}

/* Does a value that is never masked name the sender? */
static int
names_sender(const struct scrubber *s, const char *type, struct slice value)
{
	struct scrub_hits h = { NULL, 0, 0, 0 };
	struct scrub_view w;
	struct scrub_dense d;
	uint64_t x = 0;
	size_t i;
	int r, found = 0;

	if (strcmp(type, "md5") == 0 || strcmp(type, "sha1") == 0 ||
	    strcmp(type, "sha256") == 0)
		return 0;
	r = scrub_view_new(value, &w);
	if (r != 0)
		return r;
	if (strcmp(type, "asn") == 0) {
		for (i = 0; i < w.n && x <= UINT32_MAX; i++)
			if (w.v[i].cls == CLASS_DIGIT)
				x = x * 10 + (w.v[i].c - '0');
		found = x <= UINT32_MAX && scrub_owns_asn(s, (uint32_t)x);
	}
	scrub_find_address(&w, s, &h);
	for (i = 0; i < h.n; i++)
		if (h.v[i].rule == RULE_NETWORK)
			found = 1;
	h.n = 0;
	r = scrub_dense_new(w.v, w.n, &d);
	if (r == 0) {
		r = scrub_find_terms(s, &w, &d, 1, &h);
		found |= h.n > 0;
		scrub_dense_done(&d);
	}
	scrub_hits_done(&h);
	scrub_view_done(&w);
	return r != 0 ? r : found;
}

static int
check_list(
    const struct scrubber *s, const json_t *list, const char *key, struct fault *why)
{
	struct json_at top = { NULL, key, 0 }, entry = { &top, NULL, 0 },
		       leaf = { &entry, "value", 0 };
	const json_t *j, *type;
	struct slice v;
	int r;

	for (; entry.index < json_array_size(list); entry.index++) {
		j = json_array_get(list, entry.index);
		type = json_object_get(j, "type");
		if (json_is_object(j))
			j = json_object_get(j, "value");
		v.p = json_string_value(j);
		v.n = json_string_length(j);
		if (v.p == NULL)
			continue;
		r = names_sender(s, type == NULL ? "" : json_string_value(type), v);
		if (r < 0)
			return r;
		if (r > 0)
			return fault_set(why, P_IDENTITY_IN_TEXT,
			    type == NULL ? &entry : &leaf,
			    "this field is never masked, and it names you");
	}
	return 0;
}

static int
check_facility(const struct scrubber *s, const json_t *report, struct fault *why)
{
	static const char *const keys[] = { "region", "class", "size" };
	const json_t *facility = json_object_get(report, "facility"), *j;
	struct json_at top = { NULL, "facility", 0 }, leaf = { &top, NULL, 0 };
	struct slice v;
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < sizeof keys / sizeof keys[0]; i++) {
		j = json_object_get(facility, keys[i]);
		v.p = json_string_value(j);
		v.n = json_string_length(j);
		leaf.key = keys[i];
		r = v.p != NULL ? names_sender(s, "", v) : 0;
	}
	return r > 0 ? fault_set(why, P_IDENTITY_IN_TEXT, &leaf,
			   "this field is never masked, and it names you")
		     : r;
}

static int
check_lists(const struct scrubber *s, const json_t *report, struct fault *why)
{
	static const char *const keys[] = { "indicators", "references", "products" };
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < 3; i++)
		r = check_list(s, json_object_get(report, keys[i]), keys[i], why);
	return r == 0 ? check_facility(s, report, why) : r;
}

static int
run_items(struct scrub_pass *pass, struct items *t, json_t *replacements)
{
	struct scrub_view *views[ITEMS_MAX];
	struct buf out;
	size_t i;
	int r;

	for (i = 0; i < t->n; i++)
		views[i] = &t->v[i].w;
	r = scrub_pass_run(pass, views, t->n);
	for (i = 0; r == 0 && i < t->n; i++) {
		/* The shortest match has three bytes, the longest replacement 24. */
		buf_init(&out, t->v[i].text.n * 16 + 64);
		r = write_item(pass, &t->v[i], &out);
		if (r == 0 && replacements != NULL)
			r = list_replacements(&t->v[i], replacements);
		/* The text of the copy is replaced last: the view's text is the
		 * original's. */
		if (r == 0 &&
		    json_object_set_new_nocheck(t->v[i].parent, t->v[i].key,
			json_stringn_nocheck(out.n > 0 ? out.p : "", out.n)) != 0)
			r = ERR_NOMEM;
		buf_wipe(&out);
	}
	return r;
}

static int
keep_of(const json_t *report, struct scrub_keep **ret, struct scrub_keep **ret_weak)
{
	int r;

	r = scrub_keep_new(json_object_get(report, "indicators"), ret);
	if (r == 0)
		r = scrub_keep_ready(*ret);
	if (r == 0)
		r = scrub_keep_new(NULL, ret_weak);
	if (r == 0)
		r = scrub_keep_add(*ret_weak, json_object_get(report, "references"));
	if (r == 0)
		r = scrub_keep_add(*ret_weak, json_object_get(report, "products"));
	return r == 0 ? scrub_keep_ready(*ret_weak) : r;
}

int
scrub_report(const struct scrubber *s, const json_t *report, json_t **ret,
    json_t **ret_replacements, struct fault *why)
{
	struct scrub_pass pass = { s, NULL, NULL, NULL };
	struct scrub_keep *keep = NULL, *weak = NULL;
	struct items t = { NULL, 0 };
	json_t *copy = NULL, *list = NULL;
	size_t i;
	int r;

	r = check_lists(s, report, why);
	if (r != 0)
		return r;
	copy = json_deep_copy(report);
	list = json_array();
	t.v = mem_alloc(ITEMS_MAX * sizeof *t.v);
	pass.local = scrubber_new();
	if (copy == NULL || list == NULL || t.v == NULL || pass.local == NULL)
		r = ERR_NOMEM;
	if (r == 0)
		r = collect(&t, copy, "", 0, 0);
	if (r == 0)
		r = keep_of(report, &keep, &weak);
	pass.keep = keep;
	pass.keep_weak = weak;
	if (r == 0)
		r = run_items(&pass, &t, ret_replacements != NULL ? list : NULL);
	for (i = 0; i < t.n; i++)
		scrub_view_done(&t.v[i].w);
	mem_free(t.v);
	scrub_keep_free(keep);
	scrub_keep_free(weak);
	scrubber_free(pass.local);
	if (r != 0) {
		json_decref(copy);
		json_decref(list);
		return r;
	}
	*ret = copy;
	if (ret_replacements != NULL)
		*ret_replacements = list;
	else
		json_decref(list);
	return 0;
}

static int
is_english(const struct scrub_view *w)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (scrub_is_japanese(&w->v[i]))
			return 0;
	return 1;
}

int
scrub_text(const struct scrubber *s, struct slice text, const json_t *indicators,
    struct buf *out)
{
	struct scrub_pass pass = { s, NULL, NULL, NULL };
	struct scrub_keep *keep = NULL;
	struct scrub_view w, *view = &w;
	int english, r;

	r = scrub_view_new(text, &w);
	if (r != 0)
		return r;
	english = is_english(&w);
	pass.local = scrubber_new();
	r = pass.local == NULL ? ERR_NOMEM : scrub_keep_new(indicators, &keep);
	if (r == 0)
		r = scrub_keep_ready(keep);
	pass.keep = keep;
	if (r == 0)
		r = scrub_pass_run(&pass, &view, 1);
	if (r == 0) {
		scrub_pass_write(&w, text, english, out);
		r = buf_err(out);
	}
	scrub_keep_free(keep);
	scrubber_free(pass.local);
	scrub_view_done(&w);
	return r;
}

int
scrub_text_reveals(struct slice text, const json_t *indicators)
{
	struct scrub_hits h = { NULL, 0, 0, 0 }, kept = { NULL, 0, 0, 0 };
	struct scrub_keep *keep = NULL;
	struct scrub_view w;
	int r;

	/* What cannot be looked at is not called public. */
	if (scrub_view_new(text, &w) != 0)
		return 1;
	scrub_find_mail(&w, &h, NULL);
	scrub_find_user(&w, &h, NULL);
	scrub_find_phone(&w, &h);
	scrub_find_address(&w, NULL, &h);
	r = h.err;
	if (r == 0 && h.n > 0) {
		r = scrub_keep_new(indicators, &keep);
		if (r == 0)
			r = scrub_keep_ready(keep);
		if (r == 0)
			r = scrub_keep_find(keep, &w, &kept);
		if (r == 0)
			r = scrub_hits_reveal(&h, &kept, &w);
	}
	scrub_keep_free(keep);
	scrub_hits_done(&h);
	scrub_hits_done(&kept);
	scrub_view_done(&w);
	return r != 0;
}
