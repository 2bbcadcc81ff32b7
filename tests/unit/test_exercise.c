/* SPDX-License-Identifier: Apache-2.0 */
/* Nothing of an exercise can be taken for real: whatever is rendered of one says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/file.h"
#include "lib/mem.h"
#include "proto/answer_page.h"
#include "proto/bulletin.h"
#include "proto/drill_page.h"
#include "proto/mail_text.h"
#include "proto/relay.h"
#include "tests/unit/tree.h"

enum { ROUNDS = 400 };

static struct taxonomy *taxonomy;
static unsigned seed = 7;

static unsigned
any(unsigned n)
{
	seed = seed * 1103515245u + 12345u;
	return (seed >> 16) % n;
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

/* Texts that would like to look real, or like half a mark. */
static json_t *
some_text(void)
{
	static const char *const texts[] = { "件名", "本番です。訓練ではありません",
		"【訓練】", "【訓", "[EXERCISE", "REAL ALERT", "http://evil.example/x",
		"=1+1", "<b>x</b>", "実際の障害\n二行目" };
	json_t *o = json_object();
	unsigned which = any(3);

	if (which != 1)
		assert_int_equal(
		    json_object_set_new(o, "ja", json_string(texts[any(10)])), 0);
	if (which != 0)
		assert_int_equal(
		    json_object_set_new(o, "en", json_string(texts[any(10)])), 0);
	return o;
}

/* Every text that a person reads begins with the mark of its language, or (`is` 0: a real
 * one) was given none. */
static void
check_texts(const json_t *o, int is)
{
	static const char *const keys[] = { "title", "summary", "body", "actions",
		"text" };
	static const struct {
		const char *lang, *mark;
	} marks[] = { { "ja", "【訓練】" }, { "en", "[EXERCISE] " } };
	const char *s, *status = json_string_value(json_object_get(o, "status"));
	size_t i, k, seen = 0;

	assert_non_null(status);
	assert_string_equal(status, is ? "exercise" : "actual");
	for (i = 0; i < 5; i++)
		for (k = 0; k < 2; k++) {
			s = json_string_value(
			    json_object_get(json_object_get(o, keys[i]), marks[k].lang));
			if (s == NULL)
				continue;
			seen++;
			if (is && strncmp(s, marks[k].mark, strlen(marks[k].mark)) != 0)
				fail_msg("%s.%s: %s", keys[i], marks[k].lang, s);
		}
	assert_true(seen > 0);
}

/* Its mail: subject in both languages, and who sorts a digest knows it. */
static void
check_mail(const struct buf *json, int is)
{
	struct mail_make m = { .whole_up_to = TLP_RED };
	struct mail_item item = { buf_slice(json), { "", 0 } };
	struct mail_text t;
	struct buf out;
	int lang;

	assert_int_equal(mail_is_exercise(buf_slice(json)), is);
	assert_int_equal(mail_text_init(&t, &m, &item), 0);
	buf_init(&out, 65536);
	for (lang = MAIL_JA; lang <= MAIL_EN; lang++) {
		buf_reset(&out);
		mail_add_subject(&t, (enum mail_lang)lang, TLP_RED, &out);
		assert_int_equal(
		    strncmp(buf_cstr(&out), "【訓練】EXERCISE ", 21) == 0, is);
	}
	buf_done(&out);
	mail_text_done(&t);
}

static void
check(struct buf *b, int is, int relayed)
{
	struct relay_make r = { .by = "medical-ceptoar" };
	json_t *o = json_loadb(b->p, b->n, 0, NULL), *w;
	struct buf wrapper;

	assert_non_null(o);
	check_texts(o, is);
	check_mail(b, is);
	if (relayed) { /* and what wraps it is one as well */
		r.head = (struct bulletin_make){ .number = "EX-2026-7KQ2M",
			.revision = 1,
			.kind = FRAME_BULLETIN,
			.issued_ms = 1794100020000,
			.audience = "ceptoar",
			.tlp = TLP_AMBER,
			.exercise = (uint8_t)is,
			.sector = 255 };
		buf_init(&wrapper, FRAME_BODY_MAX);
		assert_int_equal(relay_write(&r, o, &wrapper), 0);
		w = json_loadb(wrapper.p, wrapper.n, 0, NULL);
		assert_non_null(w);
		check_texts(w, is);
		check_mail(&wrapper, is);
		json_decref(w);
		buf_done(&wrapper);
	}
	json_decref(o);
	buf_reset(b);
}

static struct bulletin_make
some_make(int is)
{
	struct bulletin_make m;

	memset(&m, 0, sizeof m);
	(void)snprintf(m.number, sizeof m.number, "%s2026-7KQ2M", is ? "EX-" : "");
	m.revision = (uint16_t)(1 + any(3));
	m.issued_ms = 1794100020000;
	m.kind = m.revision > 1 ? FRAME_UPDATE : FRAME_BULLETIN;
	m.sector = 255;
	m.audience = "ceptoar";
	m.tlp = (uint8_t)any(4);
	m.severity = (uint8_t)any(5);
	m.exercise = (uint8_t)is;
	m.verified = (uint8_t)any(2);
	m.what = (uint8_t)any(4);
	return m;
}

static void
test_bulletins(void **state)
{
	static const char *const reasons[] = { "withdrawn", "expired", "false_alarm",
		"ended", "cancelled", "merged" };
	struct bulletin_make m;
	json_t *draft, *report;
	struct buf b;
	unsigned i;
	int is;

	(void)state;
	buf_init(&b, FRAME_BODY_MAX);
	for (i = 0; i < ROUNDS; i++) {
		is = (int)any(2);
		m = some_make(is);
		draft = json_pack("{s:o,s:o,s:o,s:o}", "title", some_text(), "summary",
		    some_text(), "body", some_text(), "actions", some_text());
		report = json_pack("{s:o,s:o,s:o}", "title", some_text(), "description",
		    some_text(), "actions", some_text());
		assert_true(draft != NULL && report != NULL);
		assert_int_equal(bulletin_desk(&m, draft, NULL, taxonomy, &b), 0);
		check(&b, is, 1);
		assert_int_equal(bulletin_write(&m, report, taxonomy, &b), 0);
		check(&b, is, 1);
		m.kind = FRAME_CANCEL;
		m.reason = reasons[any(6)];
		m.why = json_object_get(draft, "title");
		assert_int_equal(bulletin_write(&m, NULL, taxonomy, &b), 0);
		check(&b, is, 0);
		assert_int_equal(bulletin_stub(&m, &b), 0);
		check(&b, is, 0);
		json_decref(draft);
		json_decref(report);
	}
	buf_done(&b);
}

/* The page behind a mail's link, and a drill's result as table and page. */
static void
test_pages(void **state)
{
	struct link_facts m = { .number = "EX-2026-7KQ2M",
		.revision = 1,
		.message = FRAME_BULLETIN,
		.exercise = 1 };
	json_t *drill = json_pack("{s:s,s:s,s:{s:s},s:[{s:s,s:i,s:[{s:s,s:i}]}]}", "kind",
	    "up", "state", "ended", "title", "ja", "本番<script>alert(1)</script>&",
	    "rows", "ceptoar", "=x", "reports", 12, "stages", "stage", "operator",
	    "entitled", 3);
	char *line, *at = NULL;
	struct buf b;
	unsigned n = 0;

	(void)state;
	assert_non_null(drill);
	buf_init(&b, 65536);
	answer_page_ask(&b, &m, ANSWER_ASK, 0);
	assert_non_null(strstr(buf_cstr(&b), "【訓練】"));
	assert_non_null(strstr(buf_cstr(&b), "EXERCISE"));
	buf_reset(&b);
	assert_int_equal(drill_csv(drill, &b), 0);
	line = strtok_r((char *)(uintptr_t)buf_cstr(&b), "\r\n", &at);
	while ((line = strtok_r(NULL, "\r\n", &at)) != NULL) {
		n++;
		assert_memory_equal(line, "【訓練】EXERCISE,", 21);
		assert_non_null(strstr(line, ",'=x,operator,3,"));
	}
	assert_int_equal(n, 1);
	buf_reset(&b);
	assert_int_equal(drill_html(drill, &b), 0);
	assert_non_null(strstr(buf_cstr(&b), "<title>【訓練】EXERCISE</title>"));
	assert_non_null(strstr(buf_cstr(&b), "<h1>【訓練】"));
	assert_non_null(strstr(buf_cstr(&b), "<h2>【訓練】=x</h2>"));
	assert_null(strstr(buf_cstr(&b), "<script"));
	assert_non_null(strstr(buf_cstr(&b), "&lt;script&gt;"));
	buf_done(&b);
	json_decref(drill);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bulletins),
		cmocka_unit_test(test_pages),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
