/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/courier/sender.h"

#include <string.h>

#include <jansson.h>

#include "proto/json.h"
#include "proto/text.h"

/*
 * Short messages and calls go through a gateway, as a webhook of its own kind: whom, a
 * line in each language, and the bulletin's number.  A line has what makes somebody look
 * at the bulletin, and nothing that may not be read on a locked screen: no title.
 */

static enum courier_outcome
aim(struct courier *c, struct delivery *d, const char **ret_why)
{
	if (c->opt.gateway[0] == '\0') {
		*ret_why = "no gateway";
		return OUTCOME_UNABLE;
	}
	d->target = c->opt.gateway_at;
	return OUTCOME_SENT;
}

static const char *
number_of(const json_t *bulletin)
{
	const char *s = json_string_value(json_object_get(bulletin, "number"));

	return s != NULL ? s : "";
}

static void
lines(const struct courier_job *j, const char *number, struct buf *ja, struct buf *en)
{
	static const char *const what[][2] = { { "警報", "alert" }, { "更新", "update" },
		{ "取消", "cancelled" } };
	unsigned k;

	if (j->kind == FRAME_CONTACT) {
		buf_addf(ja,
		    "【訓練】【CEPTOAR】連絡先の確認 %s "
		    "連絡先の試験です。対応は不要です。",
		    number);
		buf_addf(en,
		    "EXERCISE CEPTOAR contact test, %s. This only tries your contact.",
		    number);
		return;
	}
	k = j->kind == FRAME_CANCEL ? 2 : j->kind == FRAME_UPDATE ? 1 : 0;

	buf_addf(ja,
	    "%s【CEPTOAR】%s%s 重要度%u %s 内容は情報共有システムで確認してください。",
	    j->exercise ? "【訓練】" : "", j->stage != 0 ? "【未確認】" : "", what[k][0],
	    (unsigned)j->severity, number);
	buf_addf(en, "%sCEPTOAR %s, severity %u, %s%s. Read it on the hub.",
	    j->exercise ? "EXERCISE " : "", what[k][1], (unsigned)j->severity, number,
	    j->stage != 0 ? ", not acknowledged yet" : "");
}

/* How many calls there are by sector; there is nothing else in it. */
static void
page_lines(const json_t *page, struct buf *ja, struct buf *en)
{
	const json_t *title = json_object_get(page, "title");
	const char *j = json_string_value(json_object_get(title, "ja"));
	const char *e = json_string_value(json_object_get(title, "en"));

	buf_addf(ja, "【CEPTOAR】%s 受けた人は情報共有システムで応答してください。",
	    j != NULL ? j : "");
	buf_addf(en, "CEPTOAR %s. Take it on the hub.", e != NULL ? e : "");
}

static int
compose(const struct delivery *d, struct buf *out)
{
	static const struct json_caps caps = { FRAME_BODY_MAX, 32, 50000,
		FRAME_BODY_MAX };
	struct slice body = { d->text->p, d->text->n };
	json_t *bulletin = NULL, *m;
	struct fault why;
	struct buf ja, en;
	int rc;

	buf_init(&ja, 512);
	buf_init(&en, 512);
	rc = json_read(body, &caps, &bulletin, &why);
	if (rc == 0) {
		if (d->job.stage == BROUGHT_PAGE)
			page_lines(bulletin, &ja, &en);
		else
			lines(&d->job, number_of(bulletin), &ja, &en);
		m = json_pack("{s:s, s:s, s:{s:s, s:s}, s:s, s:s}", "kind",
		    d->job.key.route == BY_SMS ? "sms" : "voice", "to", d->contact.value,
		    "text", "ja", buf_cstr(&ja), "en", buf_cstr(&en), "number",
		    number_of(bulletin), "lang", d->contact.lang);
		rc = m != NULL ? json_canonical(m, out) : ERR_NOMEM;
		json_decref(m);
	}
	json_decref(bulletin);
	buf_done(&ja);
	buf_done(&en);
	return rc;
}

static struct transfer *
load(struct courier *c, struct delivery *d, const struct resolved *a)
{
	struct transfer *t = transfer_new(c, d, a, "https");
	struct buf body;
	int rc;

	if (t == NULL)
		return NULL;
	buf_init(&body, 4096);
	rc = compose(d, &body);
	if (rc == 0)
		rc = sender_sign(c, d, t, buf_slice(&body), c->opt.gateway_secret, NULL);
	if (rc != 0 ||
	    curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE, (long)body.n) != CURLE_OK ||
	    curl_easy_setopt(t->easy, CURLOPT_COPYPOSTFIELDS, body.p) != CURLE_OK) {
		transfer_free(t);
		t = NULL;
	}
	buf_wipe(&body);
	return t;
}

const struct sender gateway_sender = { aim, load, sender_http_ended, 0 };
