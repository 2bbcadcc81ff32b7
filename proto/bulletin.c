/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/bulletin.h"

#include <stdio.h>
#include <string.h>

#include "proto/draft.h"
#include "proto/report_field.h"
#include "proto/report_time.h"

enum { TEXT_ROOM = 64 * 1024 }; /* a text of 16 KiB with all its dots in brackets */

static const char *const langs[] = { "ja", "en" };

/* Fixed texts, in the order of `langs`. */
static const char *const note_unverified[] = { "未確認（1者からの報告）",
	"unverified (one report)" };
static const char *const note_still[] = { "引き続き未確認（1者からの報告）",
	"still unverified (one report)" };
static const char *const note_several[] = { "未確認（複数の会員からの報告）",
	"unverified (reported by more than one member)" };
static const char *const note_still_several[] = {
	"引き続き未確認（複数の会員からの報告）",
	"still unverified (reported by more than one member)"
};
static const char *const mark_exercise[] = { "【訓練】", "[EXERCISE] " };
static const char *const title_false_alarm[] = { "誤報のお知らせ", "False alarm" };
static const char *const title_relay[] = { "お伝えした情報の取下げ",
	"What was passed on is taken back" };
static const char *const stub_withdrawn[] = { "この情報は取り下げられました。",
	"This information has been withdrawn." };
static const char *const stub_updated[] = {
	"この情報は更新されました。所属するセプターにお尋ねください。",
	"This information has been updated; see your CEPTOAR."
};

static const struct {
	const char *code, *text[2];
} reasons[] = {
	{ "withdrawn", { "報告者が取り下げました。", "The reporter withdrew it." } },
	{ "expired", { "確認が取れないまま有効期間が終わりました。",
			 "It ended without confirmation." } },
	{ "false_alarm",
	    { "誤報と分かりました。", "It turned out to be a false alarm." } },
	{ "ended", { "有効期間が終わりました。", "Its time has ended." } },
	{ "cancelled",
	    { "発信元が取り消しました。", "The desk that sent it has cancelled it." } },
	{ "relay_withdrawn", { "所属するセプターが、お伝えしたものを取り下げました。元の"
			       "情報の取消しではありません。",
				 "Your CEPTOAR has taken back what it passed on; the "
				 "original itself is not "
				 "cancelled by that." } },
	{ "merged", { "別の情報提供にまとめました。",
			"It has become part of another bulletin." } },
};

static const char *
msg_type(enum frame_kind kind)
{
	return kind == FRAME_CANCEL   ? "cancel"
	       : kind == FRAME_UPDATE ? "update"
				      : "alert";
}

static int
set_string(json_t *o, const char *key, const char *value)
{
	return report_set(o, key, json_string(value));
}

static int
set_pair(json_t *o, const char *key, const char *const *prefix, const char *const *pair)
{
	struct buf b;
	json_t *text = json_object();
	size_t i;
	int r;

	r = report_set(o, key, text);
	for (i = 0; r == 0 && i < 2; i++) {
		buf_init(&b, 1024);
		if (prefix != NULL)
			buf_adds(&b, prefix[i]);
		buf_adds(&b, pair[i]);
		r = set_string(text, langs[i], buf_cstr(&b));
		if (r == 0)
			r = buf_err(&b);
		buf_done(&b);
	}
	return r;
}

static int
set_time(json_t *o, const char *key, int64_t ms)
{
	char text[REPORT_TIME_LEN];

	report_time_write(ms, text);
	return set_string(o, key, text);
}

/* A text of the report, defanged; languages that are missing stay missing. */
static int
set_text(json_t *o, const char *key, const char *const *prefix, const json_t *text,
    const json_t *indicators)
{
	struct buf b;
	struct slice s;
	json_t *out;
	const json_t *j;
	size_t i;
	int r;

	if (json_object_size(text) == 0)
		return 0;
	out = json_object();
	r = report_set(o, key, out);
	for (i = 0; r == 0 && i < 2; i++) {
		j = json_object_get(text, langs[i]);
		if (j == NULL)
			continue;
		s.p = json_string_value(j);
		s.n = json_string_length(j);
		buf_init(&b, TEXT_ROOM);
		if (prefix != NULL)
			buf_adds(&b, prefix[i]);
		r = text_defang(s, indicators, &b);
		if (r == 0)
			r = report_set(out, langs[i], json_stringn(b.p, b.n));
		buf_done(&b);
	}
	return r;
}

static int
set_references(json_t *o, const json_t *list, const json_t *indicators)
{
	struct buf b;
	struct slice s;
	json_t *out;
	const json_t *j;
	size_t i;
	int r;

	if (json_array_size(list) == 0)
		return 0;
	out = json_array();
	r = report_set(o, "references", out);
	for (i = 0; r == 0 && i < json_array_size(list); i++) {
		j = json_array_get(list, i);
		s.p = json_string_value(j);
		s.n = json_string_length(j);
		buf_init(&b, TEXT_ROOM);
		r = text_defang(s, indicators, &b);
		if (r == 0 && json_array_append_new(out, json_stringn(b.p, b.n)) != 0)
			r = ERR_NOMEM;
		buf_done(&b);
	}
	return r;
}

static int
set_copy(json_t *o, const char *key, const json_t *report)
{
	json_t *j = json_object_get(report, key);

	return j != NULL ? report_set(o, key, json_incref(j)) : 0;
}

static int
set_facility(json_t *o, const struct bulletin_make *m)
{
	const char *const values[] = { m->region, m->class_, m->size };
	static const char *const keys[] = { "region", "class", "size" };
	json_t *facility;
	size_t i;
	int r;

	if (m->region == NULL && m->class_ == NULL && m->size == NULL)
		return 0;
	facility = json_object();
	r = report_set(o, "facility", facility);
	for (i = 0; r == 0 && i < 3; i++)
		if (values[i] != NULL)
			r = set_string(facility, keys[i], values[i]);
	return r;
}

static int
set_content(json_t *o, const struct bulletin_make *m, const json_t *report)
{
	const json_t *indicators = json_object_get(report, "indicators");
	const char *const *prefix = m->exercise ? mark_exercise : NULL;
	int r;

	r = set_text(o, "title", prefix, json_object_get(report, "title"), indicators);
	if (r == 0)
		r = set_text(o, "summary", prefix, json_object_get(report, "description"),
		    indicators);
	if (r == 0)
		r = set_text(
		    o, "actions", prefix, json_object_get(report, "actions"), indicators);
	if (r == 0)
		r = set_references(o, json_object_get(report, "references"), indicators);
	if (r == 0)
		r = set_copy(o, "indicators", report);
	if (r == 0 && !m->hold_products)
		r = set_copy(o, "products", report);
	if (r == 0)
		r = set_facility(o, m);
	return r;
}

/* "早期警戒情報の取消し" and so on, by kind; a false alarm says so first. */
static int
set_cancel_title(json_t *o, const struct bulletin_make *m, const char *code)
{
	const char *const *prefix = m->exercise ? mark_exercise : NULL;
	int ended = strcmp(code, "ended") == 0;
	const char *pair[2];
	char text[2][96];

	if (strcmp(code, "false_alarm") == 0)
		return set_pair(o, "title", prefix, title_false_alarm);
	if (strcmp(code, "relay_withdrawn") == 0)
		return set_pair(o, "title", prefix, title_relay);
	(void)snprintf(text[0], sizeof text[0], "%s%s", draft_kind_name(m->what, 0),
	    ended ? "の終了" : "の取消し");
	(void)snprintf(text[1], sizeof text[1], "%s %s", draft_kind_name(m->what, 1),
	    ended ? "ended" : "cancelled");
	pair[0] = text[0];
	pair[1] = text[1];
	return set_pair(o, "title", prefix, pair);
}

static int
set_reason(json_t *o, const struct bulletin_make *m)
{
	const char *code = m->reason != NULL ? m->reason : "withdrawn";
	size_t i;
	int r;

	r = set_cancel_title(o, m, code);
	if (r == 0 && m->why != NULL)
		r = set_text(
		    o, "summary", m->exercise ? mark_exercise : NULL, m->why, NULL);
	for (i = 0; r == 0 && i < sizeof reasons / sizeof reasons[0]; i++)
		if (strcmp(code, reasons[i].code) == 0) {
			r = set_pair(o, "reason", NULL, reasons[i].text);
			return r != 0 ? r
				      : report_set(json_object_get(o, "reason"), "code",
					    json_string(code));
		}
	return r != 0 ? r : ERR_INVALID;
}

static int
set_sector(json_t *o, unsigned sector, const struct taxonomy *t)
{
	const char *slug = taxonomy_sector_slug(t, sector), *ja, *en;
	unsigned group = sector - BULLETIN_GROUP;

	if (slug != NULL) {
		ja = taxonomy_sector_name(t, sector, "ja");
		en = taxonomy_sector_name(t, sector, "en");
	} else {
		slug = taxonomy_group_slug(t, group);
		ja = taxonomy_group_name(t, group, "ja");
		en = taxonomy_group_name(t, group, "en");
	}
	if (slug == NULL)
		return 0;
	return report_set(
	    o, "sector", json_pack("{s:s,s:s,s:s}", "slug", slug, "ja", ja, "en", en));
}

/* Id, revision, number, what kind of message. */
static int
set_identity(json_t *o, const struct bulletin_make *m)
{
	struct buf id;
	int r;

	buf_init(&id, 2 * ID_LEN + 1);
	buf_add_hex(&id, m->id, ID_LEN);
	r = set_string(o, "id", buf_cstr(&id));
	if (r == 0)
		r = buf_err(&id);
	buf_done(&id);
	if (r == 0)
		r = set_string(o, "number", m->number);
	if (r == 0)
		r = report_set(o, "revision", json_integer(m->revision));
	if (r == 0)
		r = set_string(o, "msg_type", msg_type(m->kind));
	if (r == 0)
		r = set_string(o, "status", m->exercise ? "exercise" : "actual");
	return r;
}

static const char *const *
note_of(const struct bulletin_make *m)
{
	if (m->reason != NULL && strcmp(m->reason, "still_unverified") == 0)
		return m->confirmed ? note_still_several : note_still;
	return m->confirmed ? note_several : note_unverified;
}

static int
set_ack(json_t *o, const struct bulletin_make *m)
{
	json_t *ack = json_pack("{s:b}", "required", m->ack_ms > 0);
	int r = report_set(o, "ack", ack);

	return r == 0 && m->ack_ms > 0 ? set_time(ack, "deadline", m->ack_ms) : r;
}

static int
set_head(json_t *o, const struct bulletin_make *m, const struct taxonomy *t)
{
	static const char *const tlps[] = { "TLP:CLEAR", "TLP:GREEN", "TLP:AMBER",
		"TLP:AMBER+STRICT", "TLP:RED" };
	int r;

	if (m->tlp > TLP_RED || m->severity > 4 || m->revision == 0)
		return ERR_INVALID;
	r = set_identity(o, m);
	if (r == 0)
		r = set_string(o, "kind", draft_kind_word(m->what));
	if (r == 0)
		r = set_string(
		    o, "origin", m->origin != NULL ? m->origin : "anonymous_report");
	if (r == 0)
		r = report_set(o, "severity", json_integer(m->severity));
	if (r == 0)
		r = set_string(o, "audience", m->audience);
	if (r == 0)
		r = set_string(o, "tlp", tlps[m->tlp]);
	if (r == 0 && m->mode != NULL)
		r = set_string(o, "mode", m->mode);
	if (r == 0)
		r = report_set(o, "verified", json_boolean(m->verified));
	if (r == 0 && !m->verified && m->kind != FRAME_CANCEL)
		r = set_pair(o, "note", NULL, note_of(m));
	if (r == 0 && m->reports > 0)
		r = report_set(o, "reports", json_integer(m->reports));
	if (r == 0)
		r = set_sector(o, m->sector, t);
	if (r == 0)
		r = set_ack(o, m);
	if (r == 0)
		r = set_time(o, "issued_at", m->issued_ms);
	if (r == 0 && m->valid_until_ms > 0)
		r = set_time(o, "valid_until", m->valid_until_ms);
	if (r == 0 && m->revision > 1)
		r = report_set(o, "supersedes", json_integer(m->revision - 1));
	return r;
}

int
bulletin_write(const struct bulletin_make *m, const json_t *report,
    const struct taxonomy *t, struct buf *out)
{
	struct report_facts facts;
	json_t *o;
	int r;

	o = json_object();
	if (o == NULL)
		return ERR_NOMEM;
	r = set_head(o, m, t);
	if (r == 0 && m->kind == FRAME_CANCEL) {
		r = set_reason(o, m);
	} else if (r == 0) {
		r = set_content(o, m, report);
		report_facts(report, &facts);
		if (r == 0 && facts.mixed_script)
			r = report_set(o, "mixed_script", json_true());
	}
	if (r == 0)
		r = json_canonical(o, out);
	json_decref(o);
	return r;
}

static int
set_draft(json_t *o, const struct bulletin_make *m, const json_t *draft)
{
	static const char *const texts[] = { "summary", "body", "actions" };
	const char *const *prefix = m->exercise ? mark_exercise : NULL;
	const json_t *indicators = json_object_get(draft, "indicators");
	size_t i;
	int r;

	r = set_text(o, "title", prefix, json_object_get(draft, "title"), indicators);
	for (i = 0; r == 0 && i < 3; i++)
		r = set_text(
		    o, texts[i], prefix, json_object_get(draft, texts[i]), indicators);
	if (r == 0)
		r = set_references(o, json_object_get(draft, "references"), indicators);
	if (r == 0)
		r = set_copy(o, "indicators", draft);
	if (r == 0 && !m->hold_products)
		r = set_copy(o, "products", draft);
	return r;
}

int
bulletin_desk(const struct bulletin_make *m, const json_t *draft, const json_t *files,
    const struct taxonomy *t, struct buf *out)
{
	struct report_facts facts;
	json_t *o = json_object();
	int r;

	if (o == NULL)
		return ERR_NOMEM;
	r = set_head(o, m, t);
	if (r == 0)
		r = set_draft(o, m, draft);
	if (r == 0 && json_array_size(files) > 0)
		r = report_set(o, "attachments", json_deep_copy(files));
	report_facts(draft, &facts); /* of its title */
	if (r == 0 && facts.mixed_script)
		r = report_set(o, "mixed_script", json_true());
	if (r == 0)
		r = json_canonical(o, out);
	json_decref(o);
	return r;
}

int
bulletin_stub(const struct bulletin_make *m, struct buf *out)
{
	json_t *o;
	int r;

	o = json_object();
	if (o == NULL)
		return ERR_NOMEM;
	r = set_identity(o, m);
	if (r == 0)
		r = set_pair(o, "text", m->exercise ? mark_exercise : NULL,
		    m->kind == FRAME_CANCEL ? stub_withdrawn : stub_updated);
	if (r == 0)
		r = json_canonical(o, out);
	json_decref(o);
	return r;
}
