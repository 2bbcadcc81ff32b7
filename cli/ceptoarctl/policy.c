/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/ceptoarctl/ctl.h"
#include "lib/clock.h"
#include "lib/file.h"
#include "lib/term.h"
#include "proto/msg_keeper.h"
#include "proto/report.h"

/* A report as the front would hand it on; prints what is wrong. */
static int
read_report(struct ctl *c, const char *path, json_t **ret)
{
	json_t *record = NULL, *shared = NULL;
	struct fault why = { 0 };
	struct buf text;
	int rc;

	buf_init(&text, FILE_MAX);
	rc = file_read(path, &text);
	if (rc != 0) {
		buf_done(&text);
		return ctl_say(EXIT_REFUSED, "%s: %s", path, err_str(rc));
	}
	rc = json_read(buf_slice(&text), &json_caps_report, &record, &why);
	if (rc == 0)
		rc = record_shared(record, &shared, &why);
	if (rc == 0)
		rc = report_check(shared, c->lists, clock_wall_ms(), ret, &why);
	if (rc != 0)
		rc = ctl_say(EXIT_REFUSED, "%s: %s (%s) %s%s%s", path,
		    problem_title(why.problem), problem_code(why.problem), why.pointer,
		    why.detail != NULL ? ": " : "", why.detail != NULL ? why.detail : "");
	json_decref(record);
	json_decref(shared);
	buf_wipe(&text);
	return rc;
}

static void show_key(const json_t *j, const char *key, unsigned depth, struct buf *out);

static void
show_scalar(const json_t *j, struct buf *out)
{
	const char *ja = json_string_value(json_object_get(j, "ja"));
	const char *en = json_string_value(json_object_get(j, "en"));

	if (json_is_string(j)) {
		term_add(out, slice_of(json_string_value(j)), TERM_LINE);
	} else if (json_is_integer(j)) {
		buf_addf(out, "%lld", (long long)json_integer_value(j));
	} else if (json_is_boolean(j)) {
		buf_adds(out, json_is_true(j) ? "yes" : "no");
	} else if (ja != NULL && en != NULL) { /* a name */
		term_add(out, slice_of(ja), TERM_LINE);
		buf_adds(out, " / ");
		term_add(out, slice_of(en), TERM_LINE);
	} else {
		buf_addc(out, '-');
	}
}

static int
is_scalar(const json_t *j)
{
	return (!json_is_object(j) && !json_is_array(j)) ||
	       json_is_string(json_object_get(j, "ja")) ||
	       (json_is_array(j) && json_array_size(j) == 0);
}

/* The answer is small JSON of a program; it is shown as an indented list. */
static void
show(const json_t *j, const char *key, unsigned depth, struct buf *out)
{
	const json_t *v;
	const char *k;
	size_t i;

	for (i = 0; i < depth; i++)
		buf_adds(out, "  ");
	buf_adds(out, key);
	if (is_scalar(j)) {
		buf_addc(out, ' ');
		show_scalar(j, out);
		buf_addc(out, '\n');
		return;
	}
	buf_addc(out, '\n');
	json_object_foreach((json_t *)(uintptr_t)j, k, v) show_key(v, k, depth + 1, out);
	json_array_foreach(j, i, v) show(v, "-", depth + 1, out);
}

static void
show_key(const json_t *j, const char *key, unsigned depth, struct buf *out)
{
	char name[64];

	(void)snprintf(name, sizeof name, "%s:", key);
	show(j, name, depth, out);
}

void
ctl_show_json(struct ctl *c, struct slice text)
{
	struct buf out;
	const json_t *v;
	const char *k;
	json_t *j;

	buf_init(&out, ANSWER_MAX);
	j = c->json ? NULL : json_loadb(text.p, text.n, JSON_DECODE_ANY, NULL);
	if (j == NULL) {
		buf_add(&out, text.p, text.n);
		buf_addc(&out, '\n');
	} else {
		json_object_foreach(j, k, v) show_key(v, k, 0, &out);
	}
	json_decref(j);
	ctl_print(&out);
}

static int
explain(struct ctl *c, const json_t *report, unsigned slot, int blind, int auto_ok)
{
	struct call *keeper = NULL;
	struct buf ask, json;
	struct slice body;
	uint16_t status;
	int rc;

	buf_init(&json, REPORT_JSON_MAX);
	buf_init(&ask, KEEPER_FRAME_MAX);
	rc = json_canonical(report, &json);
	wire_put_u8(&ask, (uint8_t)slot);
	wire_put_u8(&ask, (uint8_t)blind);
	wire_put_u8(&ask, (uint8_t)auto_ok);
	wire_put_str(&ask, buf_slice(&json));
	if (rc != 0 || buf_err(&ask) != 0)
		rc = ctl_say(EXIT_REFUSED, "the report is too large");
	else
		rc = ctl_keeper_open(c, &keeper);
	if (rc == EXIT_DONE) {
		rc = call_do(keeper, KM_A_EXPLAIN, buf_slice(&ask), &c->answer, &status);
		rc = ctl_keeper_verdict(c, rc, &body);
	}
	if (rc == EXIT_DONE)
		ctl_show_json(c, body);
	call_close(keeper);
	buf_wipe(&json);
	buf_wipe(&ask);
	return rc;
}

static int
do_check(struct ctl *c, int argc, char **argv)
{
	static const struct option names[] = { { "ceptoar", 1, NULL, 'c' },
		{ "blind", 0, NULL, 'b' }, { "used-up", 0, NULL, 'u' },
		{ NULL, 0, NULL, 0 } };
	const char *slug = NULL;
	struct report_facts facts;
	json_t *report = NULL;
	int o, rc, blind = 0, auto_ok = 1;
	unsigned slot = SLOT_NONE;

	while ((o = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (o == 'c')
			slug = optarg;
		else if (o == 'b')
			blind = 1;
		else if (o == 'u')
			auto_ok = 0;
		else
			return EXIT_USAGE;
	}
	if (optind + 1 != argc)
		return ctl_say(EXIT_USAGE, "policy check: expected one report file");
	rc = ctl_lists(c);
	if (rc == EXIT_DONE)
		rc = read_report(c, argv[optind], &report);
	if (rc != EXIT_DONE)
		return rc;
	report_facts(report, &facts);
	if (slug == NULL)
		slug = facts.ceptoar;
	if (slug[0] != '\0')
		slot = taxonomy_slot(c->lists, slice_of(slug));
	if (slug[0] != '\0' && slot == SLOT_NONE)
		rc = ctl_say(EXIT_USAGE, "%s: no such CEPTOAR", slug);
	else
		rc = explain(c, report, slot, blind, auto_ok);
	json_decref(report);
	return rc;
}

int
cmd_policy(struct ctl *c, int argc, char **argv)
{
	if (argc >= 1 && strcmp(argv[0], "--help") == 0) {
		(void)fputs(help_policy, stdout);
		return EXIT_DONE;
	}
	optind = 0;
	if (argc >= 2 && strcmp(argv[0], "check") == 0)
		return do_check(c, argc, argv);
	return ctl_say(EXIT_USAGE, "policy: check REPORT.json [--ceptoar SLUG]");
}
