/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/bulletin.h"
#include "proto/report.h"
#include "proto/topic.h"

/* A report that is accepted has a normal form that is stable, small, and can be made a
 * bulletin; one that is refused says where. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const int64_t NOW_MS = 1795143600000; /* 2026-11-20T12:00:00+09:00 */

static const char ceptoars[] =
    "{\"centre\":{\"names\":{\"ja\":\"a\",\"en\":\"a\"},\"duty_hours\":{\"days\":[1],"
    "\"from\":"
    "\"00:00\",\"to\":\"24:00\"}},\"groups\":[{\"slug\":\"g\"}],\"sectors\":[{\"index\":"
    "0,"
    "\"slug\":\"medical\",\"names\":{\"ja\":\"a\",\"en\":\"a\"},\"group\":\"g\","
    "\"dependants\":[]}],\"ceptoars\":[{\"slot\":0,\"slug\":\"medical-ceptoar\","
    "\"sector\":"
    "\"medical\",\"names\":{\"ja\":\"a\",\"en\":\"a\"},\"secretariat\":{\"ja\":\"a\","
    "\"en\":"
    "\"a\"},\"duty_hours\":{\"days\":[1],\"from\":\"09:00\",\"to\":\"17:30\"}}]}";
static const char classes[] =
    "{\"events\":[{\"code\":\"info_leak\",\"names\":{\"ja\":\"a\",\"en\":\"a\"}},{"
    "\"code\":"
    "\"system_intrusion\",\"names\":{\"ja\":\"a\",\"en\":\"a\"}}],\"causes\":[{\"code\":"
    "\"insider\",\"names\":{\"ja\":\"a\",\"en\":\"a\"}}],\"severity\":[{\"level\":0,"
    "\"names\":"
    "{\"ja\":\"a\",\"en\":\"a\"}},{\"level\":1,\"names\":{\"ja\":\"a\",\"en\":\"a\"}},{"
    "\"level\":2,\"names\":{\"ja\":\"a\",\"en\":\"a\"}},{\"level\":3,\"names\":{\"ja\":"
    "\"a\","
    "\"en\":\"a\"}},{\"level\":4,\"names\":{\"ja\":\"a\",\"en\":\"a\"}}]}";

/* Made at the first call and kept: reachable, so no leak to LeakSanitizer. */
static struct taxonomy *taxonomy;

static void
start(void)
{
	struct buf why;

	buf_init(&why, 1024);
	if (taxonomy_new(&taxonomy, slice_of(ceptoars), slice_of(classes), &why) != 0)
		abort();
	buf_done(&why);
}

static void
check_normal(json_t *report)
{
	struct buf bytes;
	json_t *read, *again;
	struct fault why;

	buf_init(&bytes, 1 << 20);
	if (json_canonical(report, &bytes) != 0 ||
	    json_read(buf_slice(&bytes), &json_caps_report, &read, &why) != 0)
		abort();
	if (report_check(read, taxonomy, NOW_MS, &again, &why) != 0 ||
	    !json_equal(report, read) || !json_equal(report, again))
		abort();
	json_decref(read);
	json_decref(again);
	/* The keeper's check may find something not public, never something malformed. */
	if (report_is_public(report, &why) != 0 && why.problem != P_NOT_PUBLIC)
		abort();
	buf_done(&bytes);
}

/* What it is about has words, and the same report is about the same. */
static void
check_topics(json_t *report)
{
	struct topics t, again;
	struct buf words;
	unsigned i;

	if (topics_of(report, &t) != 0 || topics_of(report, &again) != 0 ||
	    memcmp(&t, &again, sizeof t) != 0)
		abort();
	for (i = 0; i < t.n; i++) {
		buf_init(&words, 65536);
		if (topic_words(report, t.v[i].id, &words) != 0)
			abort();
		buf_done(&words);
	}
}

static void
check_bulletin(json_t *report, const struct report_facts *f)
{
	struct bulletin_make m = { .number = "2026-7KQ2M",
		.revision = 1,
		.kind = FRAME_BULLETIN,
		.issued_ms = NOW_MS,
		.audience = "ceptoar",
		.tlp = f->tlp,
		.severity = f->level,
		.exercise = f->exercise };
	struct buf bytes;
	json_t *j;
	json_error_t e;

	buf_init(&bytes, 1 << 20);
	if (bulletin_write(&m, report, taxonomy, &bytes) != 0)
		abort();
	j = json_loadb(bytes.p, bytes.n, JSON_REJECT_DUPLICATES, &e);
	if (j == NULL || json_object_get(j, "service_impact") != NULL)
		abort();
	json_decref(j);
	buf_done(&bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct slice text = { (const char *)data, n };
	struct report_facts f;
	json_t *in, *out;
	struct fault why;

	if (taxonomy == NULL)
		start();
	if (json_read(text, &json_caps_report, &in, &why) != 0)
		return 0;
	if (report_check(in, taxonomy, NOW_MS, &out, &why) == 0) {
		report_facts(out, &f);
		if (f.level > 4 || f.tlp > TLP_RED)
			abort();
		check_normal(out);
		check_bulletin(out, &f);
		check_topics(out);
		json_decref(out);
	} else if (why.problem == P_OK || why.problem >= P_COUNT) {
		abort();
	}
	json_decref(in);
	return 0;
}
