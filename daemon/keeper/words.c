/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/words.h"

#include "proto/json.h"
#include "proto/report_time.h"

void
words_time(int64_t ms, struct buf *out)
{
	char text[REPORT_TIME_LEN];

	report_time_write(ms / 60000 * 60000, text);
	buf_addf(out, "\"%s\"", text);
}

static void
name_in(const struct taxonomy *t, unsigned desk, const char *lang, struct buf *out)
{
	const char *name = taxonomy_desk_name(t, desk, lang);

	json_add_string(out, slice_of(name != NULL ? name : ""));
}

static void
desk_names(const struct taxonomy *t, unsigned desk, struct buf *out)
{
	buf_adds(out, "{\"ja\":");
	name_in(t, desk, "ja", out);
	buf_adds(out, ",\"en\":");
	name_in(t, desk, "en", out);
	buf_addc(out, '}');
}

void
words_desks(const struct taxonomy *t, unsigned slot, unsigned desks, struct buf *out)
{
	if ((desks & DESK_BIT_OWN) != 0)
		desk_names(t, slot, out);
	if (desks == (DESK_BIT_OWN | DESK_BIT_CENTRE))
		buf_addc(out, ',');
	if ((desks & DESK_BIT_CENTRE) != 0)
		desk_names(t, DESK_CENTRE, out);
}

void
words_read_by(const struct taxonomy *t, unsigned slot, unsigned desks, int64_t now_ms,
    struct buf *out)
{
	unsigned who = (desks & DESK_BIT_OWN) != 0 ? slot : DESK_CENTRE;
	int64_t at, centre;

	who = taxonomy_reader(t, who, now_ms, &at);
	if ((desks & DESK_BIT_OWN) != 0 && (desks & DESK_BIT_CENTRE) != 0) {
		centre = taxonomy_next_duty(t, DESK_CENTRE, now_ms);
		if (centre < at) {
			at = centre;
			who = DESK_CENTRE;
		}
	}
	buf_adds(out, "{\"who\":");
	desk_names(t, who, out);
	buf_adds(out, ",\"at\":");
	words_time(at, out);
	buf_addc(out, '}');
}

const char *
words_state(enum case_state s)
{
	static const char *const names[] = { "", "received", "released", "withdrawn",
		"closed" };

	return s >= CASE_RECEIVED && s <= CASE_CLOSED ? names[s] : "";
}

void
words_id(const char *name, const uint8_t *id, struct buf *out)
{
	buf_addf(out, "\"%s\":\"", name);
	buf_add_hex(out, id, ID_LEN);
	buf_addc(out, '"');
}
