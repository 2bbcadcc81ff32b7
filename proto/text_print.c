/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/text_print.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <utf8proc.h>

#include "proto/fold.h"

enum { TEXT_MAX = 256 * 1024 };

static int
digest(const struct buf *b, uint8_t ret[PRINT_LEN])
{
	unsigned char md[EVP_MAX_MD_SIZE];

	if (buf_err(b) != 0)
		return buf_err(b);
	if (EVP_Digest(b->p, b->n, md, NULL, EVP_sha256(), NULL) != 1)
		return ERR_CRYPTO;
	memcpy(ret, md, PRINT_LEN);
	return 0;
}

/* No text of a report holds a zero byte: what stands between zeros is one piece. */
static void
begin(struct buf *b, const char *kind, int exercise)
{
	buf_adds(b, exercise ? "ceptoar print, exercise" : "ceptoar print");
	buf_addc(b, '\0');
	buf_adds(b, kind);
	buf_addc(b, '\0');
}

static int
is_blank(uint32_t c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == 0x3000;
}

static int
is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

static void
add_point(uint32_t c, struct buf *out)
{
	utf8proc_uint8_t u[4];
	utf8proc_ssize_t n;

	if (c < 0x80) {
		buf_addc(out, (char)c);
		return;
	}
	n = utf8proc_encode_char((utf8proc_int32_t)c, u);
	buf_add(out, u, n > 0 ? (size_t)n : 0);
}

static int
add_squeezed(const json_t *text, struct buf *out)
{
	struct slice s = { json_string_value(text), json_string_length(text) };
	struct fold f;
	uint32_t last = ' ', c;
	size_t i;
	int gap = 0, rc;

	if (s.p == NULL)
		return 0;
	rc = fold_text(s, &f);
	if (rc != 0)
		return rc;
	for (i = 0; i < f.n; i++) {
		c = f.v[i].c;
		if (is_blank(c)) {
			gap = last != ' ';
			continue;
		}
		/* "3 件" and "12 件": one figure, whatever it is. */
		if (is_digit(c) && is_digit(last) && !gap)
			continue;
		if (gap)
			buf_addc(out, ' ');
		gap = 0;
		add_point(is_digit(c) ? '0' : c, out);
		last = c;
	}
	fold_done(&f);
	return buf_err(out);
}

int
text_print(const json_t *report, uint8_t ret[PRINT_LEN])
{
	static const char *const fields[] = { "title", "description" };
	static const char *const languages[] = { "ja", "en" };
	const json_t *j;
	struct buf b;
	size_t i, k;
	int rc = 0;

	buf_init(&b, TEXT_MAX);
	begin(&b, "text", json_is_true(json_object_get(report, "exercise")));
	for (i = 0; rc == 0 && i < 2; i++) {
		j = json_object_get(report, fields[i]);
		for (k = 0; rc == 0 && k < 2; k++) {
			rc = add_squeezed(json_object_get(j, languages[k]), &b);
			buf_addc(&b, '\0');
		}
	}
	if (rc == 0)
		rc = digest(&b, ret);
	buf_wipe(&b);
	return rc;
}

static int
by_id(const void *a, const void *b)
{
	return memcmp(a, b, TOPIC_LEN);
}

int
text_print_topics(const struct topics *t, int exercise, uint8_t ret[PRINT_LEN])
{
	uint8_t ids[TOPICS_MAX][TOPIC_LEN];
	unsigned i, strong = 0;
	struct buf b;
	int rc;

	for (i = 0; i < t->n; i++) {
		memcpy(ids[i], t->v[i].id, TOPIC_LEN);
		strong += topic_is_strong(&t->v[i]) != 0;
	}
	if (strong == 0)
		return 0;
	qsort(ids, t->n, TOPIC_LEN, by_id);
	buf_init(&b, 1024);
	begin(&b, "topics", exercise);
	buf_add(&b, ids, (size_t)t->n * TOPIC_LEN);
	rc = digest(&b, ret);
	buf_done(&b);
	return rc != 0 ? rc : 1;
}

int
text_print_word(const char *kind, struct slice word, int exercise, uint8_t ret[PRINT_LEN])
{
	struct buf b;
	int rc;

	buf_init(&b, 8192);
	begin(&b, kind, exercise);
	buf_add(&b, word.p, word.n);
	rc = digest(&b, ret);
	buf_done(&b);
	return rc;
}
