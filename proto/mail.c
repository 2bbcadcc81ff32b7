/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/mail.h"

#include <stdio.h>
#include <string.h>

#include "lib/mem.h"
#include "proto/mail_mime.h"
#include "proto/mail_text.h"
#include "proto/report_time.h"

enum { PART_ROOM = 2 * 1024 * 1024, SUBJECT_ROOM = 4096 };

/* Neither base64 nor quoted-printable ever makes these letters. */
#define BOUNDARY "=_ceptoar_bulletin"

static const char *const langs[] = { "ja", "en" };

/* "Thu, 26 Nov 2026 18:44:00 +0900" */
static void
add_date(struct buf *out, int64_t ms)
{
	static const char *const days[] = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue",
		"Wed" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
		"Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	int64_t local = ms / 1000 + 9 * 3600;
	char text[REPORT_TIME_LEN];
	unsigned month;

	report_time_write(ms, text);
	month = (unsigned)(text[5] - '0') * 10 + (unsigned)(text[6] - '0');
	if (month < 1 || month > 12)
		month = 1;
	buf_addf(out, "Date: %s, %.2s %s %.4s %.8s +0900\r\n", days[local / 86400 % 7],
	    text + 8, months[month - 1], text, text + 11);
}

/* An id of the thread: r1, r2, ... are the revisions, d is a digest. */
static void
add_id(struct buf *out, const struct mail_make *m, const char *name, const char *part)
{
	const char *at = memchr(m->from.p, '@', m->from.n);

	buf_addf(out, "%s: <", name);
	buf_add_hex(out, m->thread, MAIL_THREAD);
	buf_addf(out, ".%s@%.*s>\r\n", part,
	    (int)(m->from.n - (size_t)(at + 1 - m->from.p)), at + 1);
}

/* What every mail of ours begins with; `part` and `before` as in add_id. */
static int
add_head(struct buf *out, const struct mail_make *m, const struct buf *subject,
    const char *part, int follows)
{
	struct buf name;

	if (m->date_ms < 0 || !mail_address_ok(m->from) || !mail_address_ok(m->to))
		return ERR_INVALID;
	buf_adds(out, "From:");
	if (m->from_name.n != 0) {
		buf_init(&name, 4096);
		mail_add_line(&name, m->from_name, 100);
		mail_add_encoded(out, buf_slice(&name));
		buf_adds(out, "\r\n");
		buf_done(&name);
	}
	buf_addf(out, " <%.*s>\r\nTo: <%.*s>\r\n", (int)m->from.n, m->from.p,
	    (int)m->to.n, m->to.p);
	add_date(out, m->date_ms);
	mail_header(out, "Subject", buf_slice(subject));
	add_id(out, m, "Message-ID", part);
	if (follows) {
		add_id(out, m, "In-Reply-To", "r1");
		add_id(out, m, "References", "r1");
	}
	/* RFC 3834: nothing answers it by itself. */
	buf_addf(out,
	    "Auto-Submitted: auto-generated\r\n"
	    "X-Auto-Response-Suppress: All\r\n"
	    "MIME-Version: 1.0\r\n"
	    "Content-Language: %s, %s\r\n"
	    "Content-Type: multipart/mixed; boundary=\"" BOUNDARY "\"\r\n\r\n",
	    langs[m->first], langs[1 - m->first]);
	return buf_err(subject);
}

/* What of a mail stands once, around its bulletins. */
struct label {
	uint8_t tlp;
	int exercise;
};

static void
add_top(struct buf *t, const struct label *f, enum mail_lang lang)
{
	if (f->exercise)
		mail_add_exercise(lang, t);
	mail_add_tlp(f->tlp, lang, t);
	buf_addc(t, '\n');
}

static void
add_foot(struct buf *t, const struct label *f, enum mail_lang lang)
{
	buf_adds(t, "\n----\n");
	mail_add_notice(lang, t);
	buf_addc(t, '\n');
	if (f->exercise)
		mail_add_exercise(lang, t);
	mail_add_tlp(f->tlp, lang, t);
}

/* Both languages, the reader's first.  v: n bulletins; more than one are a digest. */
static int
add_parts(struct buf *out, const struct mail_make *m, const struct label *f,
    const struct mail_text *v, unsigned n, int is_digest)
{
	enum mail_lang lang;
	struct buf t;
	unsigned i, k;
	int rc = 0;

	for (k = 0; rc == 0 && k < 2; k++) {
		lang = k == 0 ? m->first : 1 - m->first;
		buf_init(&t, PART_ROOM);
		add_top(&t, f, lang);
		for (i = 0; rc == 0 && i < n; i++) {
			if (is_digest)
				buf_addf(&t, "%s==== %u / %u  %s\n", i > 0 ? "\n" : "",
				    i + 1, n, mail_tlp(v[i].tlp));
			rc = mail_add_text(&v[i], lang, m->whole_up_to, &t);
		}
		add_foot(&t, f, lang);
		if (rc == 0)
			rc = buf_err(&t);
		buf_adds(out, "--" BOUNDARY "\r\n");
		mail_part(out, langs[lang], buf_slice(&t));
		buf_adds(out, "\r\n");
		buf_wipe(&t);
	}
	buf_adds(out, "--" BOUNDARY "--\r\n");
	return rc != 0 ? rc : buf_err(out);
}

int
mail_bulletin(const struct mail_make *m, const struct mail_item *item, struct buf *out)
{
	struct mail_text t;
	struct label f;
	struct buf subject;
	char part[16];
	int rc = mail_text_init(&t, m, item);

	if (rc != 0)
		return rc;
	f = (struct label){ t.tlp, t.exercise };
	buf_init(&subject, SUBJECT_ROOM);
	mail_add_subject(&t, m->first, m->whole_up_to, &subject);
	(void)snprintf(part, sizeof part, "r%u", t.revision);
	rc = add_head(out, m, &subject, part, t.revision > 1);
	if (rc == 0)
		rc = add_parts(out, m, &f, &t, 1, 0);
	buf_done(&subject);
	mail_text_done(&t);
	return rc;
}

static void
add_digest_subject(
    const struct mail_make *m, const struct label *f, unsigned n, struct buf *out)
{
	char day[REPORT_TIME_LEN];

	report_time_write(m->date_ms, day);
	if (f->exercise)
		buf_adds(out, "【訓練】EXERCISE ");
	buf_addf(out,
	    m->first == MAIL_JA ? "[%s] 情報提供のまとめ %.10s（%u件）"
				: "[%s] Daily digest %.10s (%u)",
	    mail_tlp(f->tlp), day, n);
}

int
mail_digest(
    const struct mail_make *m, const struct mail_item *items, unsigned n, struct buf *out)
{
	struct mail_text *v;
	struct label f = { 0, 0 };
	struct buf subject;
	unsigned i, made = 0;
	int rc = 0;

	if (n == 0 || n > MAIL_ITEMS_MAX)
		return ERR_INVALID;
	v = mem_calloc(n, sizeof *v);
	if (v == NULL)
		return ERR_NOMEM;
	buf_init(&subject, SUBJECT_ROOM);
	for (i = 0; rc == 0 && i < n; i++) {
		rc = mail_text_init(&v[i], m, &items[i]);
		if (rc != 0)
			break;
		made++;
		if (v[i].tlp > f.tlp)
			f.tlp = v[i].tlp;
		f.exercise = v[0].exercise;
		if (v[i].exercise != f.exercise)
			rc = ERR_INVALID;
	}
	add_digest_subject(m, &f, n, &subject);
	if (rc == 0)
		rc = add_head(out, m, &subject, "d", 0);
	if (rc == 0)
		rc = add_parts(out, m, &f, v, n, 1);
	for (i = 0; i < made; i++)
		mail_text_done(&v[i]);
	buf_done(&subject);
	mem_free(v);
	return rc;
}

int
mail_is_exercise(struct slice json)
{
	static const struct json_caps caps = { 1024 * 1024, 16, 20000, 128 * 1024 };
	const char *s;
	struct fault why;
	json_t *j;
	int is;

	if (json_read(json, &caps, &j, &why) != 0)
		return 0;
	s = json_string_value(json_object_get(j, "status"));
	is = s != NULL && strcmp(s, "exercise") == 0;
	json_decref(j);
	return is;
}
