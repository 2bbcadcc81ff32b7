/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/drill_page.h"

#include <stdio.h>
#include <string.h>

#include "proto/answer_page.h"
#include "proto/csv.h"

enum { CELL = 24 };

/* Why somebody was not reached; the words of the JSON. */
static const struct {
	const char *word, *ja;
} reasons[] = { { "no_contact", "連絡先なし" }, { "not_connected", "未接続" },
	{ "waiting", "配信待ち" }, { "mailbox_full", "メールボックス容量超過" },
	{ "no_addressee", "宛先不明" }, { "gone", "廃止(410)" }, { "tls", "TLS" },
	{ "no_answer", "応答なし" }, { "other", "その他" } };
enum { REASONS = sizeof reasons / sizeof reasons[0] };

static const struct {
	const char *word, *ja;
} figures[] = { { "entitled", "対象" }, { "sent", "送信" }, { "delivered", "到達" },
	{ "opened", "開封" }, { "acknowledged", "確認" }, { "percent", "疎通確認率%" } };
enum { FIGURES = sizeof figures / sizeof figures[0] };

static const struct {
	const char *word, *ja, *en;
} stages[] = { { "ministry", "所管省庁", "ministry" },
	{ "secretariat", "セプター事務局", "secretariat" },
	{ "operator", "事業者等", "operators" } };

static const char *const ranks[] = { "p50", "p90", "p95", "max" };
enum { RANKS = sizeof ranks / sizeof ranks[0] };

static const char *
text_of(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s != NULL ? s : "";
}

/* A figure; "" for none, a withheld one as it is. */
static const char *
figure(const json_t *o, const char *key, char room[CELL])
{
	const json_t *v = json_object_get(o, key);

	if (json_is_integer(v))
		(void)snprintf(room, CELL, "%lld", (long long)json_integer_value(v));
	else
		(void)snprintf(
		    room, CELL, "%.20s", json_is_string(v) ? json_string_value(v) : "");
	return room;
}

/* The same CEPTOAR's stage in the drill before; NULL: there is none. */
static const json_t *
before(const json_t *drill, const json_t *row, const json_t *stage)
{
	const json_t *rows = json_object_get(json_object_get(drill, "before"), "rows");
	const json_t *old, *was;
	size_t i, k = 0;

	json_array_foreach(rows, i, old)
	{
		if (strcmp(text_of(old, "ceptoar"), text_of(row, "ceptoar")) != 0)
			continue;
		json_array_foreach(json_object_get(old, "stages"), k,
		    was) if (strcmp(text_of(was, "stage"), text_of(stage, "stage")) ==
			     0) return was;
	}
	return NULL;
}

static void
cell(struct buf *out, unsigned *at, const char *text)
{
	csv_cell(out, at, slice_of(text));
}

static void
csv_head(struct buf *out)
{
	static const char *const first[] = { "status", "drill", "number", "kind",
		"ceptoar", "stage" };
	static const char *const grades[] = { "client", "link", "telephone", "relay" };
	unsigned at = 0;
	size_t i;

	csv_begin(out);
	for (i = 0; i < sizeof first / sizeof first[0]; i++)
		cell(out, &at, first[i]);
	for (i = 0; i < FIGURES; i++)
		cell(out, &at, figures[i].word);
	cell(out, &at, "percent_before");
	for (i = 0; i < sizeof grades / sizeof grades[0]; i++)
		cell(out, &at, grades[i]);
	for (i = 0; i < RANKS; i++)
		cell(out, &at, ranks[i]);
	cell(out, &at, "reports");
	for (i = 0; i < REASONS; i++)
		cell(out, &at, reasons[i].word);
	csv_line(out, &at);
}

static void
csv_row(const json_t *drill, const json_t *row, const json_t *stage, struct buf *out)
{
	static const char *const grades[] = { "client", "link", "telephone", "relay" };
	const char *slug = text_of(row, "ceptoar");
	const json_t *by = json_object_get(stage, "by");
	unsigned at = 0;
	char room[CELL];
	size_t i;

	cell(out, &at, "【訓練】EXERCISE");
	cell(out, &at, text_of(drill, "id"));
	cell(out, &at, text_of(json_object_get(drill, "bulletin"), "number"));
	cell(out, &at, text_of(drill, "kind"));
	cell(out, &at, slug[0] != '\0' ? slug : "all");
	cell(out, &at, text_of(stage, "stage"));
	for (i = 0; i < FIGURES; i++)
		cell(out, &at, figure(stage, figures[i].word, room));
	cell(out, &at, figure(before(drill, row, stage), "percent", room));
	for (i = 0; i < sizeof grades / sizeof grades[0]; i++)
		cell(out, &at, figure(by, grades[i], room));
	for (i = 0; i < RANKS; i++)
		cell(out, &at, figure(json_object_get(stage, "minutes"), ranks[i], room));
	cell(out, &at, figure(row, "reports", room));
	for (i = 0; i < REASONS; i++)
		cell(out, &at,
		    figure(json_object_get(stage, "unreached"), reasons[i].word, room));
	csv_line(out, &at);
}

int
drill_csv(const json_t *drill, struct buf *out)
{
	const json_t *row, *stage;
	size_t i, k = 0;

	csv_head(out);
	json_array_foreach(json_object_get(drill, "rows"), i, row)
	{
		json_array_foreach(json_object_get(row, "stages"), k, stage)
		    csv_row(drill, row, stage, out);
	}
	return buf_err(out);
}

/* Text between tags. */
static void
add(struct buf *out, const char *s)
{
	for (; *s != '\0'; s++)
		switch (*s) {
		case '&':
			buf_adds(out, "&amp;");
			break;
		case '<':
			buf_adds(out, "&lt;");
			break;
		case '>':
			buf_adds(out, "&gt;");
			break;
		default:
			buf_addc(out, *s);
		}
}

static void
add_cell(struct buf *out, const char *tag, const char *text)
{
	buf_addf(out, "<%s>", tag);
	add(out, text);
	buf_addf(out, "</%s>", tag);
}

static void
html_head(const json_t *drill, struct buf *out)
{
	const json_t *title = json_object_get(drill, "title");
	int up = strcmp(text_of(drill, "kind"), "up") == 0;

	buf_adds(out,
	    "<!DOCTYPE html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">\n"
	    "<title>【訓練】EXERCISE</title>\n<style>");
	buf_adds(out, answer_page_style);
	buf_addf(out,
	    "</style>\n</head>\n<body>\n<h1>【訓練】%s<br><span lang=\"en\">EXERCISE: "
	    "%s</span></h1>\n<p>",
	    up ? "情報連絡訓練" : "情報提供訓練",
	    up ? "reports asked for" : "information handed out");
	add(out, text_of(title, "ja"));
	buf_adds(out, "<br><span lang=\"en\">");
	add(out, text_of(title, "en"));
	buf_adds(out, "</span></p>\n<p>");
	add(out, text_of(json_object_get(drill, "bulletin"), "number"));
	buf_adds(out, " ");
	add(out, text_of(drill, "start"));
	buf_adds(out, " – ");
	add(out, text_of(drill, text_of(drill, "ended_at")[0] ? "ended_at" : "deadline"));
	buf_adds(out, " (");
	add(out, text_of(drill, "state"));
	buf_adds(out, ")</p>\n");
}

static void
html_reasons(const json_t *stage, struct buf *out)
{
	const json_t *why = json_object_get(stage, "unreached");
	unsigned i, n = 0;
	char room[CELL];

	buf_adds(out, "<td>");
	for (i = 0; i < REASONS; i++) {
		if (figure(why, reasons[i].word, room)[0] == '\0')
			continue;
		buf_addf(out, "%s%s/%s: %s", n++ > 0 ? "<br>" : "", reasons[i].ja,
		    reasons[i].word, room);
	}
	buf_adds(out, "</td>");
}

static void
html_stage(const json_t *drill, const json_t *row, const json_t *stage, struct buf *out)
{
	const char *word = text_of(stage, "stage");
	char room[CELL];
	size_t i;

	buf_adds(out, "<tr>");
	for (i = 0; i < sizeof stages / sizeof stages[0]; i++)
		if (strcmp(stages[i].word, word) == 0)
			buf_addf(out, "<th>%s<br>%s</th>", stages[i].ja, stages[i].en);
	for (i = 0; i < FIGURES; i++)
		add_cell(out, "td", figure(stage, figures[i].word, room));
	add_cell(out, "td", figure(before(drill, row, stage), "percent", room));
	for (i = 0; i < RANKS; i++)
		add_cell(
		    out, "td", figure(json_object_get(stage, "minutes"), ranks[i], room));
	html_reasons(stage, out);
	buf_adds(out, "</tr>\n");
}

static void
html_row(const json_t *drill, const json_t *row, struct buf *out)
{
	const char *slug = text_of(row, "ceptoar");
	const json_t *stage;
	char room[CELL];
	size_t i;

	buf_adds(out, "<h2>【訓練】");
	add(out, slug[0] != '\0' ? slug : "全体 / all");
	buf_adds(out, "</h2>\n");
	if (figure(row, "reports", room)[0] != '\0') {
		buf_adds(out, "<p>報告件数 / reports: ");
		add(out, room);
		buf_adds(out, "</p>\n");
	}
	buf_adds(out, "<table border=\"1\">\n<tr><th></th>");
	for (i = 0; i < FIGURES; i++)
		buf_addf(out, "<th>%s<br>%s</th>", figures[i].ja, figures[i].word);
	buf_adds(out, "<th>前回%<br>before</th>");
	for (i = 0; i < RANKS; i++)
		buf_addf(out, "<th>%s<br>分/min</th>", ranks[i]);
	buf_adds(out, "<th>未達の理由<br>not reached</th></tr>\n");
	json_array_foreach(json_object_get(row, "stages"), i, stage)
	    html_stage(drill, row, stage, out);
	buf_adds(out, "</table>\n");
}

int
drill_html(const json_t *drill, struct buf *out)
{
	const json_t *row;
	size_t i;

	html_head(drill, out);
	json_array_foreach(json_object_get(drill, "rows"), i, row)
	    html_row(drill, row, out);
	buf_adds(out, "<p>【訓練】EXERCISE</p>\n</body>\n</html>\n");
	return buf_err(out);
}
