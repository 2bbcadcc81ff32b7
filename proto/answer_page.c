/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/answer_page.h"

const char answer_page_style[] =
    "body{font-family:sans-serif;line-height:1.6;max-width:38em;margin:2em auto;"
    "padding:0 1em}label{display:block;padding:.4em 0}button{font-size:1em;padding:.5em "
    "2em}.n{border-left:.3em solid #b00;padding-left:1em}";

/* The hash is that of the text above; tests/unit/test_answer_page.c makes it anew. */
const char answer_page_headers[] =
    "Content-Security-Policy: default-src 'none'; "
    "style-src 'sha256-eo3+Q3BfmivO73g/v8nqiyFwPPnK25kHBsdpfdNFfPI='; form-action "
    "'self'; "
    "base-uri 'none'; frame-ancestors 'none'\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "X-Frame-Options: DENY\r\n"
    "X-Robots-Tag: noindex, nofollow\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n";

static void
begin(struct buf *out, const char *ja, const char *en)
{
	buf_adds(out,
	    "<!DOCTYPE html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width\">\n"
	    "<title>CEPTOAR hub</title>\n<style>");
	buf_adds(out, answer_page_style);
	buf_addf(out,
	    "</style>\n</head>\n<body>\n<h1>%s<br><span lang=\"en\">%s</span></h1>\n", ja,
	    en);
}

static void
say(struct buf *out, const char *class_, const char *ja, const char *en)
{
	buf_addf(out, "<p%s>%s<br><span lang=\"en\">%s</span></p>\n", class_, ja, en);
}

static void
end(struct buf *out)
{
	buf_adds(out, "</body>\n</html>\n");
}

/* Digits, letters and '-' alone: what else a number holds is not ours. */
static void
add_number(struct buf *out, const char *s)
{
	for (; *s != '\0'; s++)
		if ((*s >= '0' && *s <= '9') || (*s >= 'A' && *s <= 'Z') || *s == '-')
			buf_addc(out, *s);
}

/* "【更新】早期警戒情報 2026-7KQ2M（第2版、レベル3）", or in English. */
static void
add_name(struct buf *out, const struct link_facts *m, int en)
{
	static const char *const kinds[5][2] = { { "早期警戒情報", "Early warning" },
		{ "復旧手法情報", "Recovery method" },
		{ "障害・攻撃情報", "Outage or attack" },
		{ "攻撃手法情報", "Attack method" }, { "情報提供", "Bulletin" } };
	static const char *const marks[2][2] = { { "【更新】", "Update: " },
		{ "【取消】", "Cancelled: " } };

	if (m->message != FRAME_BULLETIN)
		buf_adds(out, marks[m->message == FRAME_CANCEL][en]);
	buf_addf(out, "%s ", kinds[m->kind < 4 ? m->kind : 4][en]);
	add_number(out, m->number);
	buf_addf(out, en ? " (revision %u" : "（第%u版", (unsigned)m->revision);
	if (m->severity != LINK_NOT_TOLD)
		buf_addf(out, en ? ", level %u" : "、レベル%u", (unsigned)m->severity);
	buf_adds(out, en ? ")" : "）");
}

static void
add_facts(struct buf *out, const struct link_facts *m)
{
	if (m->exercise)
		say(out, " class=\"n\"", "【訓練】これは訓練です。",
		    "EXERCISE: no real event.");
	buf_adds(out, "<p><strong>");
	add_name(out, m, 0);
	buf_adds(out, "</strong><br><span lang=\"en\">");
	add_name(out, m, 1);
	buf_adds(out, "</span></p>\n");
}

static void
add_why(struct buf *out, enum answer_why why, unsigned wait_s)
{
	if (why == ANSWER_SOON) {
		buf_addf(out,
		    "<p "
		    "class=\"n\">"
		    "メールの送信から間もないため、検査装置による自動応答と区別でき"
		    "ません。%u秒ほど待って、もう一度送信してください。<br><span "
		    "lang=\"en\">This "
		    "came too soon after the mail to be told from a mail scanner. Please "
		    "wait %u "
		    "seconds and send it again.</span></p>\n",
		    wait_s, wait_s);
	} else if (why == ANSWER_STALE) {
		say(out, " class=\"n\"",
		    "まだ記録されていません。もう一度選んで送信してください。",
		    "Nothing has been recorded yet. Please choose and send again.");
	} else if (why == ANSWER_CHOOSE) {
		say(out, " class=\"n\"",
		    "記録されていません。1つを選び、件数は数字で入力してください。",
		    "Nothing has been recorded. Choose one, and give the number in "
		    "digits.");
	}
}

static void
add_choice(struct buf *out, const char *value, const char *ja, const char *en)
{
	buf_addf(out,
	    "<label><input type=\"radio\" name=\"status\" value=\"%s\" required> %s / "
	    "<span lang=\"en\">%s</span></label>\n",
	    value, ja, en);
}

void
answer_page_ask(
    struct buf *out, const struct link_facts *m, enum answer_why why, unsigned wait_s)
{
	begin(out, "受領の確認", "Acknowledgement");
	add_why(out, why, wait_s);
	add_facts(out, m);
	say(out, "", "あてはまるものを1つ選んで送信してください。送信は1回限りです。",
	    "Choose one and send. It can be sent once.");
	buf_adds(out, "<form method=\"post\" autocomplete=\"off\">\n"
		      "<input type=\"hidden\" name=\"seal\" value=\"");
	buf_add_b64url(out, m->seal, LINK_SEAL_LEN);
	buf_adds(out, "\">\n");
	add_choice(out, "received", "受領した", "Received");
	add_choice(out, "read", "読んだ", "Read");
	add_choice(out, "acted", "対応した", "Acted on it");
	add_choice(out, "not_me", "自分宛てのメールではない", "This mail is not for me");
	buf_adds(out, "<label>社内・会員への転送先の数（任意） / <span "
		      "lang=\"en\">Passed on to how many "
		      "(optional)</span> <input name=\"forwarded\" inputmode=\"numeric\" "
		      "pattern=\"[0-9]*\" maxlength=\"7\" size=\"7\"></label>\n"
		      "<p><button type=\"submit\">送信 / Send</button></p>\n</form>\n");
	say(out, "",
	    "被害や異常がある場合は、この画面ではなく通常の報告手段をお使いください。",
	    "If you are affected, please report it the usual way: this page is no "
	    "report.");
	end(out);
}

void
answer_page_done(struct buf *out)
{
	begin(out, "回答を記録しました", "Your answer has been recorded");
	say(out, "", "ありがとうございました。この画面は閉じて構いません。",
	    "Thank you. You can close this page.");
	end(out);
}

void
answer_page_gone(struct buf *out)
{
	begin(out, "このリンクは使えません", "This link cannot be used");
	say(out, "",
	    "すでに回答済みか、有効期間が終わったか、リンクが途中で切れている可能性があり"
	    "ます。",
	    "It may have been used, have ended, or have lost some of its letters.");
	say(out, "", "お困りの場合は、所属するセプターの事務局にご連絡ください。",
	    "If in doubt, ask the secretariat of your CEPTOAR.");
	end(out);
}

void
answer_page_busy(struct buf *out)
{
	begin(out, "混み合っています", "Too busy just now");
	say(out, "", "しばらくしてから、もう一度お試しください。何も記録されていません。",
	    "Please try again in a while. Nothing has been recorded.");
	end(out);
}
