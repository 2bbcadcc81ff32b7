/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/mail_text.h"

#include <stdio.h>
#include <string.h>

#include "lib/mem.h"
#include "proto/bulletin.h"
#include "proto/mail_mime.h"

enum {
	TEXT_ROOM = 256 * 1024,
	TITLE_POINTS = 120, /* of a subject: more is cut by what shows it anyway */
	LINE_POINTS = 300,
	CELL = 16, /* letters of an indicator's type */
};

static const char *const langs[] = { "ja", "en" };

struct word {
	const char *code, *text[2];
};

static const struct word kinds[] = {
	{ "early_warning", { "早期警戒情報", "Early warning" } },
	{ "recovery_method", { "復旧手法情報", "Recovery method" } },
	{ "outage_attack", { "障害・攻撃情報", "Outage or attack" } },
	{ "attack_method", { "攻撃手法情報", "Attack method" } },
	{ NULL, { "情報提供", "Bulletin" } },
};
static const struct word origins[] = {
	{ "anonymous_report",
	    { "会員からの報告（匿名）", "a member's report (anonymous)" } },
	{ "secretariat", { "セプター事務局", "a CEPTOAR secretariat" } },
	{ "centre", { "ナショナルセンター", "the national centre" } },
	{ "agency", { "関係機関", "an agency" } },
	{ "relay", { "他のハブからの転送", "relayed from elsewhere" } },
	{ NULL, { "", "" } },
};
static const struct word audiences[] = {
	{ "ceptoar", { "所属セプター", "your CEPTOAR" } },
	{ "several", { "複数のセプター", "several CEPTOARs" } },
	{ "named", { "名指しした受信者だけ", "named receivers only" } },
	{ "all", { "全セプター", "all CEPTOARs" } },
	{ "public", { "公開", "the public" } },
	{ NULL, { "", "" } },
};
static const struct {
	const char *label, *text[2];
} tlps[] = {
	{ "TLP:CLEAR", { "制限なし", "no limit on disclosure" } },
	{ "TLP:GREEN", { "コミュニティ内に限る", "your community, not in public" } },
	{ "TLP:AMBER",
	    { "組織と取引先に限る",
		"your organisation and its clients, as far as they need it" } },
	{ "TLP:AMBER+STRICT", { "組織内限り", "your organisation only" } },
	{ "TLP:RED", { "受信者限り", "the named receivers only" } },
};

static const char *
word_of(const struct word *table, const char *code, enum mail_lang lang)
{
	while (table->code != NULL && (code == NULL || strcmp(table->code, code) != 0))
		table++;
	return table->text[lang];
}

const char *
mail_tlp(uint8_t tlp)
{
	return tlps[tlp <= TLP_RED ? tlp : TLP_RED].label;
}

void
mail_add_tlp(uint8_t tlp, enum mail_lang lang, struct buf *out)
{
	if (tlp > TLP_RED)
		tlp = TLP_RED;
	buf_addf(out, lang == MAIL_JA ? "%s（%s）\n" : "%s (%s)\n", tlps[tlp].label,
	    tlps[tlp].text[lang]);
}

void
mail_add_exercise(enum mail_lang lang, struct buf *out)
{
	buf_adds(out, lang == MAIL_JA
			  ? "【訓練】これは訓練です。実際の事象ではありません。\n"
			  : "EXERCISE: this is an exercise and no real event.\n");
}

/* In the language if it is there, else in the other; NULL: in none. */
static const char *
text_of(const json_t *o, const char *key, enum mail_lang lang, enum mail_lang *ret_is)
{
	const json_t *pair = json_object_get(o, key);
	const char *s = json_string_value(json_object_get(pair, langs[lang]));

	*ret_is = lang;
	if (s != NULL && s[0] != '\0')
		return s;
	*ret_is = lang == MAIL_JA ? MAIL_EN : MAIL_JA;
	s = json_string_value(json_object_get(pair, langs[*ret_is]));
	return s != NULL && s[0] != '\0' ? s : NULL;
}

static const char *
string_of(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s != NULL ? s : "";
}

/* A link ends with its line: no letter of it may be one that does. */
static int
is_url(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (s.p[i] <= 0x20 || s.p[i] > 0x7E || strchr("<>\"\\^`{|}", s.p[i]))
			return 0;
	return 1;
}

static int
set_link(struct mail_text *t, const struct mail_make *m, const struct mail_item *item)
{
	struct slice url = m->answers_url;
	int n;

	t->link[0] = '\0';
	if (item->token.n == 0 || url.n == 0)
		return 0;
	while (url.n > 0 && url.p[url.n - 1] == '/')
		url.n--;
	n = snprintf(t->link, sizeof t->link, "%.*s/a/%.*s", (int)url.n, url.p,
	    (int)item->token.n, item->token.p);
	return n > 0 && (size_t)n < sizeof t->link && is_url(url) && is_url(item->token)
		   ? 0
		   : ERR_INVALID;
}

static int
read_tlp(struct mail_text *t)
{
	const char *s = string_of(t->json, "tlp");

	for (t->tlp = 0; t->tlp <= TLP_RED; t->tlp++)
		if (strcmp(s, tlps[t->tlp].label) == 0)
			return 0;
	t->tlp = TLP_AMBER;
	return t->stub ? 0 : ERR_INVALID;
}

int
mail_text_init(
    struct mail_text *t, const struct mail_make *m, const struct mail_item *item)
{
	static const struct json_caps caps = { 1024 * 1024, 16, 20000, 128 * 1024 };
	json_int_t n;
	struct fault why;
	int rc;

	memset(t, 0, sizeof *t);
	rc = json_read(item->json, &caps, &t->json, &why);
	if (rc != 0)
		return rc;
	t->number = string_of(t->json, "number");
	t->message = string_of(t->json, "msg_type");
	t->exercise = strcmp(string_of(t->json, "status"), "exercise") == 0;
	t->stub = json_object_get(t->json, "text") != NULL &&
		  json_object_get(t->json, "title") == NULL;
	n = json_integer_value(json_object_get(t->json, "severity"));
	t->severity = (uint8_t)(n >= 0 && n <= 4 ? n : 4);
	n = json_integer_value(json_object_get(t->json, "revision"));
	t->revision = (unsigned)n;
	if (t->number[0] == '\0' || t->message[0] == '\0' || n < 1 || n > 65535)
		rc = ERR_INVALID;
	if (rc == 0)
		rc = read_tlp(t);
	if (rc == 0)
		rc = set_link(t, m, item);
	if (rc != 0)
		mail_text_done(t);
	return rc;
}

void
mail_text_done(struct mail_text *t)
{
	json_decref(t->json);
	mem_wipe(t->link, sizeof t->link);
	memset(t, 0, sizeof *t);
}

/* The title has the mark of an exercise already, which stands in front of all here. */
static struct slice
unmarked(const char *title)
{
	static const char *const marks[] = { "【訓練】", "[EXERCISE]" };
	struct slice s = slice_of(title);
	size_t i, n;

	for (i = 0; i < 2; i++) {
		n = strlen(marks[i]);
		if (s.n < n || memcmp(s.p, marks[i], n) != 0)
			continue;
		s.p += n;
		s.n -= n;
		while (s.n > 0 && s.p[0] == ' ')
			s = (struct slice){ s.p + 1, s.n - 1 };
	}
	return s;
}

static const char *
mark_of(const struct mail_text *t, enum mail_lang lang)
{
	if (strcmp(t->message, "cancel") == 0)
		return lang == MAIL_JA ? "【取消】" : "Cancelled: ";
	if (strcmp(t->message, "update") == 0)
		return lang == MAIL_JA ? "【更新】" : "Update: ";
	return "";
}

/* "【更新】早期警戒情報 2026-7KQ2M" */
static void
add_name(const struct mail_text *t, enum mail_lang lang, struct buf *out)
{
	buf_adds(out, mark_of(t, lang));
	buf_adds(out, word_of(kinds, string_of(t->json, "kind"), lang));
	buf_addc(out, ' ');
	mail_add_line(out, slice_of(t->number), 20);
}

static void
add_level(const struct mail_text *t, enum mail_lang lang, struct buf *out)
{
	buf_addf(out, lang == MAIL_JA ? "レベル%u" : "Level %u", (unsigned)t->severity);
}

void
mail_add_subject(
    const struct mail_text *t, enum mail_lang lang, uint8_t whole_up_to, struct buf *out)
{
	enum mail_lang is;
	const char *title = text_of(t->json, "title", lang, &is);

	if (t->exercise)
		buf_adds(out, "【訓練】EXERCISE ");
	buf_addf(out, "[%s]", mail_tlp(t->tlp));
	if (!t->stub) {
		buf_addc(out, '[');
		add_level(t, lang, out);
		buf_addc(out, ']');
	}
	buf_addc(out, ' ');
	add_name(t, lang, out);
	if (title != NULL && t->tlp <= whole_up_to && strcmp(t->message, "cancel") != 0) {
		buf_addc(out, ' ');
		mail_add_line(out, unmarked(title), TITLE_POINTS);
	}
}

static void
add_row(struct buf *out, enum mail_lang lang, const char *ja, const char *en,
    struct slice value)
{
	if (value.n == 0)
		return;
	buf_adds(out, lang == MAIL_JA ? ja : en);
	buf_adds(out, lang == MAIL_JA ? "：" : ": ");
	mail_add_line(out, value, LINE_POINTS);
	buf_addc(out, '\n');
}

/* "2026-11-26T18:00:00+09:00" as people read it. */
static void
add_time(
    struct buf *out, enum mail_lang lang, const char *ja, const char *en, const char *s)
{
	char text[48];

	if (strlen(s) != 25 || s[10] != 'T')
		return;
	(void)snprintf(text, sizeof text, "%.10s %.5s (JST)", s, s + 11);
	add_row(out, lang, ja, en, slice_of(text));
}

static void
add_section(struct buf *out, enum mail_lang lang, const char *ja, const char *en)
{
	buf_addf(out, "\n[%s]\n", lang == MAIL_JA ? ja : en);
}

/* Everything that software would make a link of is taken apart, listed or not: nothing
 * in a mail may be clicked into an accident. */
static int
add_safe(struct buf *out, struct slice text, int block)
{
	struct buf b;
	int rc;

	buf_init(&b, TEXT_ROOM);
	rc = text_defang(text, NULL, &b);
	if (rc == 0 && block)
		mail_add_block(out, buf_slice(&b));
	else if (rc == 0)
		mail_add_line(out, buf_slice(&b), 2048);
	buf_done(&b);
	return rc;
}

static int
add_words(struct buf *out, const struct mail_text *t, enum mail_lang lang,
    const char *key, const char *ja, const char *en)
{
	enum mail_lang is;
	const char *s = text_of(t->json, key, lang, &is);
	int rc;

	if (s == NULL)
		return 0;
	add_section(out, lang, ja, en);
	if (is != lang)
		buf_adds(
		    out, lang == MAIL_JA ? "（英語のみ）\n" : "(in Japanese only)\n");
	rc = add_safe(out, slice_of(s), 1);
	if (out->n > 0 && out->p[out->n - 1] != '\n')
		buf_addc(out, '\n');
	return rc;
}

/* An address or name whose every dot, colon and @ stands in brackets; a URL begins with
 * hxxp besides. */
static void
add_apart(struct buf *out, struct slice v, int is_v6)
{
	struct buf b;
	size_t i;

	buf_init(&b, TEXT_ROOM);
	for (i = 0; i < v.n; i++) {
		if (v.p[i] == '.' || v.p[i] == '@' || (v.p[i] == ':' && is_v6))
			buf_addf(&b, "[%c]", v.p[i]);
		else
			buf_addc(&b, v.p[i]);
	}
	if (b.n > 4 && v.n > 4 && slice_eq_nocase((struct slice){ v.p, 4 }, "http"))
		memcpy(b.p, "hxxp", 4);
	mail_add_line(out, buf_slice(&b), 4096);
	if (buf_err(&b) != 0 && out->err == 0)
		out->err = buf_err(&b);
	buf_done(&b);
}

static int
add_indicators(struct buf *out, const struct mail_text *t, enum mail_lang lang)
{
	static const char *const apart[] = { "ipv4", "ipv6", "cidr", "domain", "url",
		"email", NULL };
	const json_t *list = json_object_get(t->json, "indicators"), *one;
	const char *type;
	struct slice value;
	size_t i, k;
	int rc = 0;

	if (json_array_size(list) == 0)
		return 0;
	add_section(out, lang, "侵害の指標（無害化して表記。[.] は . です）",
	    "Indicators (defanged: [.] is .)");
	for (i = 0; rc == 0 && i < json_array_size(list); i++) {
		one = json_array_get(list, i);
		type = string_of(one, "type");
		value.p = string_of(one, "value");
		value.n = strlen(value.p);
		mail_add_line(out, slice_of(type), CELL);
		for (k = strlen(type); k < CELL; k++)
			buf_addc(out, ' ');
		buf_addc(out, ' ');
		for (k = 0; apart[k] != NULL && strcmp(apart[k], type) != 0;)
			k++;
		if (apart[k] != NULL)
			add_apart(out, value, memchr(value.p, '.', value.n) == NULL);
		else
			rc = add_safe(out, value, 0);
		buf_addc(out, '\n');
	}
	return rc;
}

static int
add_list(struct buf *out, const struct mail_text *t, enum mail_lang lang, const char *key,
    const char *ja, const char *en)
{
	const json_t *list = json_object_get(t->json, key), *one;
	const char *s;
	size_t i;
	int rc = 0;

	if (json_array_size(list) == 0)
		return 0;
	add_section(out, lang, ja, en);
	for (i = 0; rc == 0 && i < json_array_size(list); i++) {
		one = json_array_get(list, i);
		s = json_is_object(one) ? string_of(one, "name") : json_string_value(one);
		buf_adds(out, "- ");
		rc = add_safe(out, slice_of(s != NULL ? s : ""), 0);
		if (json_is_object(one) && json_object_get(one, "sha256") != NULL) {
			buf_adds(out, "  sha256 ");
			mail_add_line(out, slice_of(string_of(one, "sha256")), 64);
		}
		buf_addc(out, '\n');
	}
	return rc;
}

static void
add_facility(struct buf *out, const struct mail_text *t, enum mail_lang lang)
{
	const json_t *f = json_object_get(t->json, "facility");
	static const char *const keys[] = { "region", "class", "size" };
	struct buf b;
	size_t i;

	buf_init(&b, 1024);
	for (i = 0; i < 3; i++)
		if (string_of(f, keys[i])[0] != '\0')
			buf_addf(&b, "%s%s", b.n > 0 ? " / " : "", string_of(f, keys[i]));
	add_row(out, lang, "報告元の施設", "Facility of the reporter", buf_slice(&b));
	buf_done(&b);
}

/* What is known and not text. */
static void
add_facts(struct buf *out, const struct mail_text *t, enum mail_lang lang)
{
	const json_t *o = t->json, *sector = json_object_get(o, "sector");
	enum mail_lang is;
	const char *s = text_of(o, "note", lang, &is);
	char text[32];

	if (s == NULL && !json_is_true(json_object_get(o, "verified")) &&
	    strcmp(t->message, "cancel") != 0)
		s = lang == MAIL_JA ? "未確認（1者からの報告）"
				    : "unverified (one report)";
	add_row(out, lang, "確認状況", "State", slice_of(s != NULL ? s : ""));
	add_row(out, lang, "分野", "Sector", slice_of(string_of(sector, langs[lang])));
	add_row(out, lang, "対象", "Audience",
	    slice_of(word_of(audiences, string_of(o, "audience"), lang)));
	add_row(out, lang, "情報源", "Source",
	    slice_of(word_of(origins, string_of(o, "origin"), lang)));
	if (json_is_integer(json_object_get(o, "reports"))) {
		(void)snprintf(text, sizeof text, "%lld",
		    (long long)json_integer_value(json_object_get(o, "reports")));
		add_row(out, lang, "同じ報告をした会員の数", "Members who reported it",
		    slice_of(text));
	}
	add_facility(out, t, lang);
	add_time(out, lang, "発行", "Issued", string_of(o, "issued_at"));
	add_time(out, lang, "有効期限", "Valid until", string_of(o, "valid_until"));
	(void)snprintf(text, sizeof text, lang == MAIL_JA ? "第%u版" : "%u", t->revision);
	if (t->revision > 1)
		add_row(out, lang, "版", "Revision", slice_of(text));
	if (json_is_true(json_object_get(o, "mixed_script")))
		buf_adds(out,
		    lang == MAIL_JA
			? "注意：件名の1語に、よく似た文字が混ざっています。\n"
			: "Note: a word of the title mixes letters that look alike.\n");
}

static void
add_link(struct buf *out, const struct mail_text *t, enum mail_lang lang)
{
	const json_t *ack = json_object_get(t->json, "ack");

	if (t->link[0] == '\0')
		return;
	add_section(out, lang, "受領の確認", "Acknowledgement");
	if (json_is_true(json_object_get(ack, "required")))
		buf_adds(out, lang == MAIL_JA ? "この情報は受領の確認を求めています。\n"
					      : "This bulletin asks for one.\n");
	add_time(out, lang, "期限", "By", string_of(ack, "deadline"));
	buf_adds(out,
	    lang == MAIL_JA
		? "ハブのクライアントをお使いでない方は、次のリンクから回答できます。\n\n"
		: "Without a client of the hub, answer here:\n\n");
	buf_adds(out, t->link);
	buf_addc(out, '\n');
}

void
mail_add_link_help(enum mail_lang lang, struct buf *out)
{
	static const char ja[] =
	    "リンクを開いただけでは何も記録されません。"
	    "開いたページで状況を選び、送信してください。\n"
	    "リンクは1回限りで、この情報の有効期間が終わると使えません。"
	    "転送しないでください。\n"
	    "受信直後の回答は、メール検査装置によるものと区別できないため"
	    "数えません。\n"
	    "心当たりのないメールであれば、同じページでお知らせください。"
	    "\n";
	static const char en[] =
	    "Opening the link records nothing: choose on the page and send.\n"
	    "It works once, and not after the bulletin has ended; do not forward it.\n"
	    "An answer within seconds of sending is not counted, since mail scanners "
	    "follow links.\n"
	    "If this mail is not for you, please say so on the same page.\n";

	buf_addc(out, '\n');
	buf_adds(out, lang == MAIL_JA ? ja : en);
}

static int
add_content(const struct mail_text *t, enum mail_lang lang, struct buf *out)
{
	int rc = add_words(out, t, lang, "reason", "取消しの理由", "Why it is cancelled");

	if (rc == 0)
		rc = add_words(out, t, lang, "summary", "概要", "Summary");
	if (rc == 0)
		rc = add_words(out, t, lang, "body", "本文", "Text");
	if (rc == 0)
		rc = add_words(out, t, lang, "actions", "対処", "What to do");
	if (rc == 0)
		rc = add_list(out, t, lang, "products", "製品", "Products");
	if (rc == 0)
		rc = add_indicators(out, t, lang);
	if (rc == 0)
		rc = add_list(out, t, lang, "references", "参考", "References");
	if (rc == 0)
		rc = add_list(out, t, lang, "attachments",
		    "添付（ハブから取得してください）",
		    "Attachments (get them from the hub)");
	return rc;
}

int
mail_add_text(
    const struct mail_text *t, enum mail_lang lang, uint8_t whole_up_to, struct buf *out)
{
	enum mail_lang is;
	const char *title = text_of(t->json, "title", lang, &is);
	int rc = 0;

	add_name(t, lang, out);
	buf_addc(out, '\n');
	if (t->stub) {
		rc = add_words(out, t, lang, "text", "お知らせ", "Notice");
		add_link(out, t, lang);
		return rc != 0 ? rc : buf_err(out);
	}
	buf_adds(out, lang == MAIL_JA ? "配信レベル：" : "Routing level: ");
	buf_addf(out, "%u\n", (unsigned)t->severity);
	if (t->tlp > whole_up_to) {
		buf_adds(out, lang == MAIL_JA
				  ? "\nこの情報の本文はメールではお送りしません。ハブの"
				    "クライアントでご覧ください。\n"
				  : "\nThe text of this bulletin is not sent by mail: "
				    "read it with a client of the hub.\n");
		add_link(out, t, lang);
		return buf_err(out);
	}
	if (title != NULL) {
		buf_adds(out, lang == MAIL_JA ? "件名：" : "Title: ");
		rc = add_safe(out, unmarked(title), 0);
		buf_addc(out, '\n');
	}
	add_facts(out, t, lang);
	if (rc == 0)
		rc = add_content(t, lang, out);
	add_link(out, t, lang);
	return rc != 0 ? rc : buf_err(out);
}

void
mail_add_notice(enum mail_lang lang, struct buf *out)
{
	buf_adds(out,
	    lang == MAIL_JA
		? "このメールは、法令等に基づく報告や届出に代わるものではありません。\n"
		  "サイバーセキュリティの目的だけに、TLPの範囲内でお使いください。\n"
		  "送信専用のアドレスからお送りしています。返信は読まれません。\n"
		: "This mail replaces no report or notification that a law asks for.\n"
		  "Use it for cybersecurity only, and within its TLP.\n"
		  "It comes from an address that only sends: nobody reads replies.\n");
}
