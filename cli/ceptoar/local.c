/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ceptoar/local.h"

#include <string.h>

#include "cli/ceptoar/cmd.h"
#include "cli/ceptoar/data.h"
#include "lib/clock.h"
#include "lib/file.h"
#include "lib/mem.h"
#include "proto/report.h"
#include "proto/scrub.h"

enum { ENTRY_MAX = 4 * 1024 * 1024 };

/* From the entry: who we are by its roles, and every term the scrubber knows. */
static int
take_entry(struct local *l, const json_t *file, const char *path)
{
	struct member_terms terms = { NULL, 0 };
	size_t i;
	int rc;

	rc = members_get(file, 0, l->tax, &l->self, &terms);
	if (rc == 0) {
		l->own = scrubber_new();
		rc = l->own != NULL ? 0 : ERR_NOMEM;
	}
	for (i = 0; rc == 0 && i < terms.n; i++)
		rc = scrubber_add(l->own, (enum term_kind)terms.v[i].kind,
		    (struct slice){ terms.v[i].text, terms.v[i].n });
	if (rc == 0)
		rc = scrubber_ready(l->own);
	if (terms.v != NULL)
		mem_wipe(terms.v, terms.n * sizeof *terms.v);
	mem_free(terms.v);
	if (rc != 0)
		return session_say(EXIT_REFUSED, "%s", err_str(rc));
	if (terms.n == 0) /* an empty entry would let everything pass */
		return session_say(EXIT_REFUSED, "%s: holds no name of ours", path);
	return EXIT_DONE;
}

int
local_open(struct local *l, const struct session *s)
{
	struct fault why = { 0 };
	json_t *file = NULL;
	struct buf text;
	int rc;

	memset(l, 0, sizeof *l);
	if (s->terms[0] == '\0')
		return session_say(EXIT_USAGE,
		    "what names us? give --terms FILE, our entry of the members file, or "
		    "--as DIR/MEMBER with a member.json in it");
	rc = data_lists(&l->tax);
	if (rc != EXIT_DONE)
		return rc;
	buf_init(&text, ENTRY_MAX);
	rc = file_read(s->terms, &text);
	if (rc != 0)
		rc = session_say(EXIT_USAGE, "%s: %s", s->terms, err_str(rc));
	else if (members_read_one(buf_slice(&text), l->tax, &file, &why) != 0)
		rc = cmd_say_fault(s->terms, &why);
	else
		rc = take_entry(l, file, s->terms);
	json_decref(file);
	buf_wipe(&text);
	return rc;
}

void
local_done(struct local *l)
{
	json_decref(l->text);
	json_decref(l->replaced);
	scrubber_free(l->own);
	taxonomy_free(l->tax);
	memset(l, 0, sizeof *l);
}

static int
is_ours(const struct local *l, unsigned slot)
{
	return rights_reports_in(&l->self.op, &l->self.aff, l->self.roles, slot);
}

unsigned
local_ceptoar(const struct local *l, json_t *report)
{
	const json_t *given = json_object_get(report, "ceptoar");
	struct slice slug = { json_string_value(given), json_string_length(given) };
	unsigned i, count = 0, only = SLOT_NONE;

	for (i = 0; i < SLOTS; i++) {
		if (!is_ours(l, i))
			continue;
		count++;
		only = i;
	}
	if (slug.p != NULL) {
		only = taxonomy_slot(l->tax, slug);
		if (only != SLOT_NONE && is_ours(l, only))
			return only;
	} else if (count == 1 && json_object_set_new(report, "ceptoar",
				     json_string(taxonomy_slug(l->tax, only))) == 0) {
		return only;
	}
	(void)session_say(0, count == 0
				 ? "our entry names no CEPTOAR that we could report to"
				 : "\"ceptoar\": expected one of ours in the report");
	return SLOT_NONE;
}

int
local_scrub(struct local *l, const json_t *report)
{
	struct fault why = { 0 };
	json_t *checked = NULL;
	int rc = report_check(report, l->tax, clock_wall_ms(), &checked, &why);

	if (rc == 0)
		rc = scrub_report(l->own, checked, &l->text, &l->replaced, &why);
	json_decref(checked);
	if (rc == ERR_INVALID)
		return cmd_say_fault("report", &why);
	return rc == 0 ? EXIT_DONE : session_say(EXIT_REFUSED, "%s", err_str(rc));
}
