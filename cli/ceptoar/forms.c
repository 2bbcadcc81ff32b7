/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ceptoar/forms.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "lib/mem.h"
#include "proto/csv.h"

enum { VALUE_MAX = 256 * 1024, DEPTH_MAX = 8, NAME_ROOM = 64 };

struct forms {
	json_t *data;
};

/* What renders a value. */
struct writing {
	const struct taxonomy *taxonomy;
	const json_t *words; /* of this field's codes, or NULL */
	int classes;	     /* the codes are event and cause classes */
	const char *lang;
	struct buf *out;
	unsigned lines;
};

static const json_t *
by_id(const json_t *list, const char *id)
{
	const json_t *e;
	const char *s;
	size_t i = 0;

	json_array_foreach(list, i, e)
	{
		s = json_string_value(json_object_get(e, "id"));
		if (s != NULL && strcmp(s, id) == 0)
			return e;
	}
	return NULL;
}

static int
has_both(const json_t *names)
{
	return json_is_string(json_object_get(names, "ja")) &&
	       json_is_string(json_object_get(names, "en"));
}

/* A source is a path, or {"path","label"} where several make one field. */
static const char *
path_of(const json_t *source)
{
	return json_string_value(
	    json_is_object(source) ? json_object_get(source, "path") : source);
}

/* "/shared/.." or "/private/..", plain names between the slashes. */
static int
is_source(const json_t *j)
{
	const char *s = path_of(j), *p;

	if (s == NULL || strchr(s, '~') != NULL ||
	    (json_is_object(j) && !has_both(json_object_get(j, "label"))))
		return 0;
	if (strncmp(s, "/shared/", 8) != 0 && strncmp(s, "/private/", 9) != 0)
		return 0;
	for (p = s + 1; *p != '\0'; p += strcspn(p, "/")) {
		p += *p == '/';
		if (*p == '/' || *p == '\0' || strcspn(p, "/") >= NAME_ROOM)
			return 0;
	}
	return 1;
}

static int
check_field(const json_t *data, const json_t *f)
{
	const char *words = json_string_value(json_object_get(f, "words"));
	const json_t *from = json_object_get(f, "from"), *e;
	size_t i = 0;

	if (!json_is_string(json_object_get(f, "id")) ||
	    !has_both(json_object_get(f, "label")) ||
	    !json_is_boolean(json_object_get(f, "required")) ||
	    json_array_size(from) == 0)
		return 0;
	json_array_foreach(from, i, e)
	{
		if (!is_source(e))
			return 0;
	}
	if (json_object_get(f, "words") == NULL)
		return 1;
	return words != NULL && (strcmp(words, "class") == 0 ||
				    json_is_object(json_object_get(
					json_object_get(data, "words"), words)));
}

/* One form with its parts; says what is wrong. */
static int
check_form(const json_t *data, const json_t *form, struct buf *why)
{
	const char *id = json_string_value(json_object_get(form, "id")), *name;
	const json_t *parts = json_object_get(form, "parts"), *p, *list, *f;
	size_t i = 0, k = 0;

	if (id == NULL || !has_both(json_object_get(form, "names")) ||
	    json_array_size(parts) == 0) {
		buf_adds(why, "a form has an id, names in ja and en, and parts");
		return ERR_INVALID;
	}
	json_array_foreach(parts, i, p)
	{
		name = json_string_value(p);
		list = name != NULL
			   ? json_object_get(json_object_get(data, "parts"), name)
			   : NULL;
		if (json_array_size(list) == 0) {
			buf_addf(why, "%s: there is no part %s", id,
			    name != NULL ? name : "of that name");
			return ERR_INVALID;
		}
		json_array_foreach(list, k, f)
		{
			if (check_field(data, f))
				continue;
			name = json_string_value(json_object_get(f, "id"));
			buf_addf(why,
			    "%s: field %s: id, label in ja and en, required, from "
			    "(/shared/.. or /private/..) and known words",
			    id, name != NULL ? name : "?");
			return ERR_INVALID;
		}
	}
	return 0;
}

int
forms_new(struct forms **ret, struct slice text, struct buf *why)
{
	static const struct json_caps caps = { 1024 * 1024, 8, 20000, 8192 };
	struct fault fault = { P_INTERNAL, "", NULL };
	const json_t *form;
	struct forms *f;
	json_t *data = NULL;
	size_t i = 0;
	int rc = json_read(text, &caps, &data, &fault);

	if (rc != 0) {
		buf_adds(why, problem_code(fault.problem));
		return rc;
	}
	if (json_array_size(json_object_get(data, "forms")) == 0) {
		buf_adds(why, "a list \"forms\" is expected");
		rc = ERR_INVALID;
	}
	json_array_foreach(json_object_get(data, "forms"), i, form)
	{
		if (rc == 0)
			rc = check_form(data, form, why);
	}
	f = rc == 0 ? mem_zalloc(sizeof *f) : NULL;
	if (f == NULL) {
		json_decref(data);
		return rc != 0 ? rc : ERR_NOMEM;
	}
	f->data = data;
	*ret = f;
	return 0;
}

void
forms_free(struct forms *f)
{
	if (f == NULL)
		return;
	json_decref(f->data);
	mem_free(f);
}

void
forms_names(const struct forms *f, struct buf *out)
{
	const json_t *form;
	size_t i = 0;

	json_array_foreach(json_object_get(f->data, "forms"), i, form)
	{
		buf_adds(out, i > 0 ? " " : "");
		buf_adds(out, json_string_value(json_object_get(form, "id")));
	}
}

static const json_t *
at_path(const json_t *j, const char *path)
{
	char name[NAME_ROOM];
	size_t n;

	while (j != NULL && *path == '/') {
		n = strcspn(++path, "/");
		(void)snprintf(name, sizeof name, "%.*s", (int)n, path);
		j = json_object_get(j, name);
		path += n;
	}
	return j;
}

/* Does it say anything at all? */
static int
says(const json_t *j, unsigned depth)
{
	const json_t *v;
	const char *key;
	size_t i = 0;

	if (depth == DEPTH_MAX)
		return 0;
	if (json_is_string(j))
		return json_string_length(j) > 0;
	json_array_foreach(j, i, v)
	{
		if (says(v, depth + 1))
			return 1;
	}
	json_object_foreach((json_t *)(uintptr_t)j, key, v)
	{
		if (says(v, depth + 1))
			return 1;
	}
	return json_is_number(j) || json_is_boolean(j);
}

/* The words for a code, in this language; the code where there are none. */
static void
write_code(const struct writing *w, const json_t *j)
{
	const char *code = json_string_value(j), *said;
	const json_t *names = json_object_get(w->words, code);

	said = json_string_value(json_object_get(names, w->lang));
	if (said == NULL && w->classes)
		said = taxonomy_class_name(w->taxonomy, slice_of(code), w->lang);
	if (said != NULL)
		buf_adds(w->out, said);
	else
		buf_add(w->out, code, json_string_length(j));
}

static void
write_scalar(const struct writing *w, const json_t *j)
{
	int ja = strcmp(w->lang, "ja") == 0;

	if (json_is_string(j))
		write_code(w, j);
	else if (json_is_integer(j))
		buf_addf(w->out, "%lld", (long long)json_integer_value(j));
	else if (json_is_real(j) && isfinite(json_real_value(j)))
		buf_addf(w->out, "%.15g", json_real_value(j));
	else if (json_is_true(j))
		buf_adds(w->out, ja ? "はい" : "yes");
	else if (json_is_false(j))
		buf_adds(w->out, ja ? "いいえ" : "no");
}

/* A text in two languages: this one, or the other when it is not there. */
static const json_t *
text_of(const json_t *j, const char *lang)
{
	const json_t *ja = json_object_get(j, "ja"), *en = json_object_get(j, "en");

	if (!json_is_object(j) ||
	    json_object_size(j) != (size_t)(ja != NULL) + (size_t)(en != NULL) ||
	    json_object_size(j) == 0)
		return NULL;
	if (strcmp(lang, "ja") == 0)
		return ja != NULL ? ja : en;
	return en != NULL ? en : ja;
}

static void write_value(struct writing *w, const json_t *j, unsigned depth);

/* {"type","value"} of an indicator, or "name: value" for each. */
static void
write_members(struct writing *w, const json_t *j, unsigned depth)
{
	const json_t *type = json_object_get(j, "type"),
		     *value = json_object_get(j, "value"), *v;
	const char *key;
	int any = 0;

	if (json_is_string(type) && json_is_string(value) && json_object_size(j) == 2) {
		buf_addf(
		    w->out, "%s %s", json_string_value(type), json_string_value(value));
		return;
	}
	json_object_foreach((json_t *)(uintptr_t)j, key, v)
	{
		if (!says(v, depth))
			continue;
		buf_addf(w->out, "%s%s: ", any++ > 0 ? ", " : "", key);
		write_value(w, v, depth + 1);
	}
}

/* Lists of the outermost level have a line for each, those inside have semicolons. */
static void
write_value(struct writing *w, const json_t *j, unsigned depth)
{
	const json_t *v;
	size_t i = 0;

	if (depth >= DEPTH_MAX)
		return;
	if (text_of(j, w->lang) != NULL) {
		write_value(w, text_of(j, w->lang), depth + 1);
	} else if (json_is_array(j)) {
		json_array_foreach(j, i, v)
		{
			if (i > 0)
				buf_adds(w->out, depth == 0 ? "\n" : "; ");
			write_value(w, v, depth + 1);
		}
	} else if (json_is_object(j)) {
		write_members(w, j, depth);
	} else {
		write_scalar(w, j);
	}
}

/* All sources that say something, one below another; NULL: none does, or no memory. */
static json_t *
value_in(struct writing *w, const json_t *from, const json_t *record)
{
	const json_t *e, *j, *label;
	size_t i = 0;

	buf_reset(w->out);
	w->lines = 0;
	json_array_foreach(from, i, e)
	{
		j = at_path(record, path_of(e));
		if (!says(j, 0))
			continue;
		buf_adds(w->out, w->lines++ > 0 ? "\n" : "");
		label = json_object_get(e, "label"); /* NULL of a plain path */
		if (label != NULL)
			buf_addf(w->out,
			    "%s: ", json_string_value(json_object_get(label, w->lang)));
		write_value(w, j, 0);
	}
	if (buf_err(w->out) != 0)
		return NULL;
	return json_stringn(w->out->n > 0 ? w->out->p : "", w->out->n);
}

/* The field with its value; what is required and says nothing is listed. */
static int
fill_field(const struct forms *f, const json_t *field, const json_t *record,
    const struct taxonomy *t, json_t *filled)
{
	const char *words = json_string_value(json_object_get(field, "words"));
	json_t *id = json_object_get(field, "id"), *value, *ja, *en, *one;
	json_t *required = json_object_get(field, "required");
	struct writing w = { .taxonomy = t, .lang = "ja" };
	struct buf text;
	int bad;

	w.classes = words != NULL && strcmp(words, "class") == 0;
	if (words != NULL)
		w.words = json_object_get(json_object_get(f->data, "words"), words);
	buf_init(&text, VALUE_MAX);
	w.out = &text;
	ja = value_in(&w, json_object_get(field, "from"), record);
	w.lang = "en";
	en = value_in(&w, json_object_get(field, "from"), record);
	bad = buf_err(&text);
	buf_wipe(&text);
	if (ja == NULL || en == NULL) {
		json_decref(ja);
		json_decref(en);
		return bad != 0 ? bad : ERR_NOMEM;
	}
	if (w.lines == 0 && json_is_true(required) &&
	    json_array_append(json_object_get(filled, "missing"), id) != 0)
		bad = ERR_NOMEM;
	value = w.lines > 0 ? json_pack("{s:O,s:O}", "ja", ja, "en", en) : json_null();
	json_decref(ja);
	json_decref(en);
	one = json_pack("{s:O,s:O,s:O,s:o}", "id", id, "label",
	    json_object_get(field, "label"), "required", required, "value", value);
	if (json_array_append_new(json_object_get(filled, "fields"), one) != 0)
		bad = ERR_NOMEM;
	return bad;
}

static json_t *
start(const json_t *form)
{
	return json_pack("{s:O,s:O,s:b,s:[],s:[]}", "form", json_object_get(form, "id"),
	    "names", json_object_get(form, "names"), "complete", 0, "missing", "fields");
}

int
forms_fill(const struct forms *f, const char *form, const json_t *record,
    const struct taxonomy *t, json_t **ret)
{
	const json_t *which = by_id(json_object_get(f->data, "forms"), form);
	const json_t *parts = json_object_get(which, "parts"), *p, *field;
	size_t i = 0, k = 0;
	json_t *filled;
	int rc = 0, complete;

	if (which == NULL)
		return ERR_NOTFOUND;
	filled = start(which);
	if (filled == NULL)
		return ERR_NOMEM;
	json_array_foreach(parts, i, p)
	{
		json_array_foreach(json_object_get(json_object_get(f->data, "parts"),
				       json_string_value(p)),
		    k, field)
		{
			if (rc == 0)
				rc = fill_field(f, field, record, t, filled);
		}
	}
	complete = json_array_size(json_object_get(filled, "missing")) == 0;
	if (rc == 0 &&
	    json_object_set_new(filled, "complete", json_boolean(complete)) != 0)
		rc = ERR_NOMEM;
	if (rc == 0)
		*ret = filled;
	else
		json_decref(filled);
	return rc;
}

static void
cell(struct buf *out, unsigned *at, const json_t *j)
{
	csv_cell(out, at,
	    json_is_string(j)
		? (struct slice){ json_string_value(j), json_string_length(j) }
		: slice_of(""));
}

void
forms_csv(const json_t *filled, struct buf *out)
{
	static const char *const head[] = { "form", "field", "label_ja", "label_en",
		"required", "value_ja", "value_en" };
	const json_t *f, *label, *value;
	unsigned at = 0;
	size_t i = 0;

	csv_begin(out);
	for (i = 0; i < sizeof head / sizeof head[0]; i++)
		csv_cell(out, &at, slice_of(head[i]));
	csv_line(out, &at);
	json_array_foreach(json_object_get(filled, "fields"), i, f)
	{
		label = json_object_get(f, "label");
		value = json_object_get(f, "value");
		cell(out, &at, json_object_get(filled, "form"));
		cell(out, &at, json_object_get(f, "id"));
		cell(out, &at, json_object_get(label, "ja"));
		cell(out, &at, json_object_get(label, "en"));
		csv_cell(out, &at,
		    slice_of(
			json_is_true(json_object_get(f, "required")) ? "yes" : "no"));
		cell(out, &at, json_object_get(value, "ja"));
		cell(out, &at, json_object_get(value, "en"));
		csv_line(out, &at);
	}
}
