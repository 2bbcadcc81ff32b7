/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The labelled corpus: how much of what must go is gone, how much of what is masked had
 * to be, over all cases of tests/data/scrub_cases*.json.  In the texts {kind:...} marks
 * what must go, {keep:...} and {ioc:...} what must stay; anything masked outside the
 * marks counts as a mistake as well.  SHOW=1 prints every text as it comes out.
 */
#include "tests/unit/scrub_members.h"

#include <utf8proc.h>

enum kind {
	K_NAME,
	K_ALIAS,
	K_DOMAIN,
	K_NETWORK,
	K_ASN,
	K_HOST_PREFIX,
	K_SITE,
	K_PERSON,
	K_MAIL, /* from here on: patterns, whoever's they are */
	K_PHONE,
	K_ADDRESS,
	K_MAC,
	K_PRIVATE,
	K_USER,
	K_MACHINE,
	K_ASNUM,
	K_WHO,
	K_KEEP, /* from here on: must stay */
	K_IOC,
	K_COUNT
};

static const char *const kinds[K_COUNT] = { "name", "alias", "domain", "network", "asn",
	"host_prefix", "site", "person", "mail", "phone", "address", "mac", "private",
	"user", "machine", "asnum", "who", "keep", "ioc" };

/* What the rules of the scrubber are counted as; what is not here is a pattern. */
static const char *const own_rules[] = { "name", "alias", "domain", "network", "asn",
	"host_prefix", "site", "person", "own_code", "file_name" };

enum { SPANS_MAX = 40, CPS_MAX = 2048, LANGS = 2 };
enum { BY_TERMS, BY_PATTERNS, BY_COUNT };

struct span {
	enum kind kind;
	size_t a, b;	/* code points of the text without marks */
	size_t at, end; /* its bytes */
};

struct marked {
	struct buf text;
	struct span v[SPANS_MAX];
	size_t n, cps;
	unsigned char word[CPS_MAX], masked[CPS_MAX];
};

struct ratio {
	unsigned good, all;
};

struct score {
	struct ratio recall[K_COUNT][LANGS], kept[2], right[BY_COUNT][LANGS];
	unsigned cases, unsettled, refused, to_refuse;
};

/* The mark "{kind:" at p: its length, or 0. */
static size_t
mark_at(const char *p, enum kind *ret)
{
	size_t k, n;

	for (k = 0; *p == '{' && k < K_COUNT; k++) {
		n = strlen(kinds[k]);
		if (strncmp(p + 1, kinds[k], n) == 0 && p[n + 1] == ':') {
			*ret = (enum kind)k;
			return n + 2;
		}
	}
	return 0;
}

static int
is_word(utf8proc_int32_t c)
{
	utf8proc_category_t g = utf8proc_category(c);

	return (g >= UTF8PROC_CATEGORY_LU && g <= UTF8PROC_CATEGORY_NO);
}

static void
unmark(const char *p, struct marked *m)
{
	struct span *open = NULL;
	utf8proc_int32_t c;
	utf8proc_ssize_t k;
	enum kind kind;
	size_t n;

	memset(m, 0, sizeof *m);
	buf_init(&m->text, 1 << 16);
	while (*p != '\0') {
		n = open == NULL ? mark_at(p, &kind) : 0;
		if (n > 0) {
			assert_true(m->n < SPANS_MAX);
			open = &m->v[m->n++];
			open->kind = kind;
			open->a = m->cps;
			open->at = m->text.n;
			p += n;
			continue;
		}
		if (open != NULL && *p == '}') {
			open->b = m->cps;
			open->end = m->text.n;
			open = NULL;
			p++;
			continue;
		}
		k = utf8proc_iterate((const utf8proc_uint8_t *)p, -1, &c);
		assert_true(k > 0 && m->cps < CPS_MAX);
		m->word[m->cps++] = (unsigned char)is_word(c);
		buf_add(&m->text, p, (size_t)k);
		p += k;
	}
	assert_null(open);
}

/* Is a letter or digit of the span masked, or left? */
static int
has(const struct marked *m, const struct span *s, int masked)
{
	size_t i;

	for (i = s->a; i < s->b; i++)
		if (m->word[i] && (m->masked[i] != 0) == masked)
			return 1;
	return 0;
}

static void
complain(const json_t *c, const char *what, const char *p, size_t n)
{
	print_error("%s: %s: %.*s\n", text_of(c, "id"), what, (int)n, p);
}

/* One replacement is right when it takes something that had to go and nothing that had
 * to stay. */
static void
judge(const json_t *c, const struct marked *m, const json_t *replacement, int lang,
    struct score *score)
{
	size_t at = (size_t)json_integer_value(json_object_get(replacement, "offset"));
	size_t n = (size_t)json_integer_value(json_object_get(replacement, "length"));
	const char *rule = text_of(replacement, "rule"),
		   *original = text_of(replacement, "original");
	size_t i, k, by = BY_PATTERNS;
	int good = 0, bad = 0;
	const struct span *s;

	for (i = 0; i < m->n; i++) {
		s = &m->v[i];
		for (k = at > s->a ? at : s->a; k < at + n && k < s->b; k++) {
			if (!m->word[k])
				continue;
			if (s->kind >= K_KEEP)
				bad = 1;
			else
				good = 1;
		}
	}
	for (i = 0; i < sizeof own_rules / sizeof own_rules[0]; i++)
		if (strcmp(rule, own_rules[i]) == 0)
			by = BY_TERMS;
	score->right[by][lang].all++;
	if (good && !bad)
		score->right[by][lang].good++;
	else
		complain(c, rule, original, strlen(original));
}

static void
count_spans(const json_t *c, const struct marked *m, int lang, struct score *score)
{
	const struct span *s;
	struct ratio *r;
	size_t i;
	int good;

	for (i = 0; i < m->n; i++) {
		s = &m->v[i];
		if (s->kind >= K_KEEP) {
			r = &score->kept[s->kind - K_KEEP];
			good = !has(m, s, 1);
		} else {
			r = &score->recall[s->kind][lang];
			good = !has(m, s, 0);
		}
		r->all++;
		r->good += (unsigned)good;
		if (!good)
			complain(c, s->kind >= K_KEEP ? "lost" : kinds[s->kind],
			    m->text.p + s->at, s->end - s->at);
	}
}

/* What came out must be final and reveal nothing. */
static int
is_settled(const struct scrubber *s, const char *out, const json_t *indicators)
{
	struct buf again;
	int good;

	buf_init(&again, 1 << 20);
	assert_int_equal(scrub_text(s, slice_of(out), indicators, &again), 0);
	good = strcmp(buf_cstr(&again), out) == 0 &&
	       !scrub_text_reveals(slice_of(out), indicators);
	buf_done(&again);
	return good;
}

static void
try_refused(const struct scrubber *s, const json_t *c, struct score *score)
{
	struct fault why = { 0 };
	json_t *out = NULL;
	int r;

	score->to_refuse++;
	r = scrub_report(s, json_object_get(c, "report"), &out, NULL, &why);
	if (r == ERR_INVALID && why.problem == P_IDENTITY_IN_TEXT &&
	    strcmp(why.pointer, text_of(c, "refused")) == 0)
		score->refused++;
	else
		print_error("%s: not refused %s\n", text_of(c, "id"), why.pointer);
	json_decref(out);
}

static void
try_case(const struct scrubber *s, const json_t *c, struct score *score)
{
	const char *lang = text_of(c, "lang"), *out;
	json_t *report, *scrubbed = NULL, *list = NULL, *j;
	const json_t *indicators = json_object_get(c, "indicators");
	struct fault why = { 0 };
	struct marked m;
	size_t i, k, at;
	int r, en = strcmp(lang, "en") == 0;

	score->cases++;
	unmark(text_of(c, "text"), &m);
	report = json_pack("{s:{s:s},s:O*}", "description", lang, buf_cstr(&m.text),
	    "indicators", indicators);
	assert_non_null(report);
	r = scrub_report(s, report, &scrubbed, &list, &why);
	if (r != 0)
		print_error("%s: %d %s\n", text_of(c, "id"), r, why.pointer);
	assert_int_equal(r, 0);
	for (i = 0; i < json_array_size(list); i++) {
		j = json_array_get(list, i);
		at = (size_t)json_integer_value(json_object_get(j, "offset"));
		k = (size_t)json_integer_value(json_object_get(j, "length"));
		memset(m.masked + at, 1, k);
		judge(c, &m, j, en, score);
	}
	count_spans(c, &m, en, score);
	out = text_of(json_object_get(scrubbed, "description"), lang);
	if (getenv("SHOW") != NULL)
		print_message(
		    "%s\n  %s\n  %s\n", text_of(c, "id"), buf_cstr(&m.text), out);
	if (!is_settled(s, out, indicators)) {
		complain(c, "not final", out, strlen(out));
		score->unsettled++;
	}
	buf_done(&m.text);
	json_decref(report);
	json_decref(scrubbed);
	json_decref(list);
}

static json_t *
member_of(const json_t *senders, const char *key)
{
	json_t *m = json_deep_copy(json_object_get(senders, key));

	if (m == NULL)
		print_error("no sender %s\n", key);
	assert_non_null(m);
	(void)json_object_set_new(m, "id", json_string(key));
	(void)json_object_set_new(m, "roles",
	    json_pack("[{s:s,s:s}]", "role", "operator", "ceptoar", "power-ceptoar"));
	return m;
}

static void
run_file(const char *path, struct score *score)
{
	json_t *file = load(path);
	const json_t *senders = json_object_get(file, "senders"),
		     *cases = json_object_get(file, "cases"), *c;
	struct scrubber *s;
	size_t i;

	for (i = 0; i < json_array_size(cases); i++) {
		c = json_array_get(cases, i);
		s = scrubber_alone(member_of(senders, text_of(c, "sender")));
		if (json_object_get(c, "refused") != NULL)
			try_refused(s, c, score);
		else
			try_case(s, c, score);
		scrubber_free(s);
	}
	json_decref(file);
}

static double
percent(unsigned good, unsigned all)
{
	return all == 0 ? 100 : 100.0 * good / all;
}

static void
sum(struct ratio *to, const struct ratio *r)
{
	to->good += r->good;
	to->all += r->all;
}

static void
print_ratio(const char *what, const struct ratio r[LANGS])
{
	print_message("  %-12s ja %3u/%-3u %6.2f %%   en %3u/%-3u %6.2f %%\n", what,
	    r[0].good, r[0].all, percent(r[0].good, r[0].all), r[1].good, r[1].all,
	    percent(r[1].good, r[1].all));
}

/* Both languages together. */
static struct ratio
total(const struct ratio r[LANGS])
{
	struct ratio t = r[0];

	sum(&t, &r[1]);
	return t;
}

static void
print_score(const struct score *score, struct ratio *terms, struct ratio *patterns,
    struct ratio *right)
{
	struct ratio own[LANGS] = { { 0, 0 }, { 0, 0 } },
		     any[LANGS] = { { 0, 0 }, { 0, 0 } },
		     all[LANGS] = { { 0, 0 }, { 0, 0 } };
	size_t k, l;

	print_message("recall over %u cases\n", score->cases);
	for (k = 0; k < K_KEEP; k++) {
		print_ratio(kinds[k], score->recall[k]);
		for (l = 0; l < LANGS; l++)
			sum(k < K_MAIL ? &own[l] : &any[l], &score->recall[k][l]);
	}
	print_ratio("terms", own);
	print_ratio("patterns", any);
	print_message("precision\n");
	print_ratio("terms", score->right[BY_TERMS]);
	print_ratio("patterns", score->right[BY_PATTERNS]);
	for (l = 0; l < LANGS; l++)
		for (k = 0; k < BY_COUNT; k++)
			sum(&all[l], &score->right[k][l]);
	print_ratio("all", all);
	print_message("  indicators kept %u/%u, other words kept %u/%u, refused %u/%u\n",
	    score->kept[1].good, score->kept[1].all, score->kept[0].good,
	    score->kept[0].all, score->refused, score->to_refuse);
	*terms = total(own);
	*patterns = total(any);
	*right = total(all);
	print_message(
	    "  recall %.2f %% of terms, %.2f %% of patterns, precision %.2f %%\n",
	    percent(terms->good, terms->all), percent(patterns->good, patterns->all),
	    percent(right->good, right->all));
}

static void
test_corpus(void **state)
{
	static const char *const files[] = { "tests/data/scrub_cases.json",
		"tests/data/scrub_cases_2.json", "tests/data/scrub_cases_3.json",
		"tests/data/scrub_cases_4.json", "tests/data/scrub_cases_5.json",
		"tests/data/scrub_cases_6.json", "tests/data/scrub_cases_7.json",
		"tests/data/scrub_cases_8.json", "tests/data/scrub_cases_9.json",
		"tests/data/scrub_cases_10.json", "tests/data/scrub_cases_11.json",
		"tests/data/scrub_cases_12.json", "tests/data/scrub_cases_13.json",
		"tests/data/scrub_cases_14.json", "tests/data/scrub_cases_15.json",
		"tests/data/scrub_cases_16.json", "tests/data/scrub_cases_17.json",
		"tests/data/scrub_cases_18.json", "tests/data/scrub_cases_19.json",
		"tests/data/scrub_cases_20.json", "tests/data/scrub_cases_21.json",
		"tests/data/scrub_cases_22.json" };
	static struct score score;
	struct ratio terms, patterns, right;
	const char *only = getenv("CORPUS");
	size_t i;

	(void)state;
	if (only != NULL)
		run_file(only, &score);
	for (i = 0; only == NULL && i < sizeof files / sizeof files[0]; i++)
		run_file(files[i], &score);
	print_score(&score, &terms, &patterns, &right);
	assert_true(score.cases >= (only == NULL ? 800 : 1));
	assert_int_equal(terms.good, terms.all);
	assert_true(patterns.good * 100 >= patterns.all * 98);
	assert_true(right.good * 100 >= right.all * 95);
	assert_int_equal(score.kept[1].good, score.kept[1].all);
	assert_true(score.kept[0].good * 100 >= score.kept[0].all * 98);
	assert_int_equal(score.refused, score.to_refuse);
	assert_int_equal(score.unsettled, 0);
}

static int
setup(void **state)
{
	(void)state;
	taxonomy = load_taxonomy();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	taxonomy_free(taxonomy);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_corpus) };

	return cmocka_run_group_tests(tests, setup, teardown);
}
