/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/deliveries_write.h"

#include <string.h>

#include "daemon/keeper/words.h"
#include "proto/csv.h"
#include "proto/msg_courier.h"
#include "proto/msg_registry.h"

enum { MINUTE_MS = 60000, CELL_MAX = 2048 };

static const char *const grades[EVIDENCES + 1] = { "", "client", "link", "telephone",
	"relay" };
static const char *const stages[] = { "", "received", "read", "acted" };

const char *
deliveries_route_word(unsigned route)
{
	static const char *const words[] = { "", "mail", "webhook", "sms", "voice" };

	return route < sizeof words / sizeof words[0] ? words[route] : "";
}

static const char *
brought_word(unsigned stage)
{
	static const char *const words[] = { "release", "second_route",
		"second_contact" };

	return stage < sizeof words / sizeof words[0] ? words[stage] : "";
}

static const char *
state_word(unsigned state)
{
	static const char *const words[] = { "", "queued", "leased", "sent", "failed",
		"dropped", "digest" };

	return state < sizeof words / sizeof words[0] ? words[state] : "";
}

static int
is_named(const struct reach_row *r, const struct slots *slots, unsigned slot)
{
	return reach_is_of(r->who, slot) && (slots == NULL || slots_has(slots, slot));
}

/* The slugs of its CEPTOARs with `between` them. */
static void
add_ceptoars(struct keeper *k, const struct reach_row *r, const struct slots *slots,
    const char *quote, const char *between, struct buf *out)
{
	const char *slug;
	unsigned slot, n = 0;

	for (slot = 0; slot < SLOTS; slot++) {
		slug = taxonomy_slug(k->tax, slot);
		if (slug != NULL && is_named(r, slots, slot))
			buf_addf(
			    out, "%s%s%s%s", n++ > 0 ? between : "", quote, slug, quote);
	}
}

static void
add_time(const char *name, int64_t minute, struct buf *out)
{
	buf_addf(out, "\"%s\":", name);
	if (minute > 0)
		words_time(minute * MINUTE_MS, out);
	else
		buf_adds(out, "null");
}

static void
add_ack(const struct store_ack *a, struct buf *out)
{
	buf_addc(out, '{');
	add_time("acted_at", a->at[ACK_ACTED], out);
	buf_addf(out, ",\"flagged\":%s,\"forwarded_to\":%u,\"grade\":\"%s\",",
	    a->flagged ? "true" : "false", (unsigned)a->forwarded, grades[a->evidence]);
	words_id("person", a->person, out);
	buf_addc(out, ',');
	add_time("read_at", a->at[ACK_READ], out);
	buf_addc(out, ',');
	add_time("received_at", a->at[ACK_RECEIVED], out);
	buf_addf(out, ",\"status\":\"%s\"}", stages[a->status & 3]);
}

static void
add_route(const struct store_route *t, struct buf *out)
{
	buf_addf(out, "{\"brought_by\":\"%s\",\"contact\":%u,", brought_word(t->stage),
	    (unsigned)t->contact);
	if (t->has_person) {
		words_id("person", t->person, out);
		buf_addc(out, ',');
	}
	add_time("queued_at", t->queued_at, out);
	buf_adds(out, ",\"reason\":");
	json_add_string(out, slice_of(t->reason));
	buf_addf(out, ",\"route\":\"%s\",", deliveries_route_word(t->route));
	add_time("sent_at", t->sent_at, out);
	buf_addf(out, ",\"state\":\"%s\"}", state_word(t->state));
}

void
deliveries_row(struct keeper *k, const struct reach_row *r, const struct slots *slots,
    struct buf *out)
{
	unsigned i, n = 0;

	buf_adds(out, "{\"ceptoars\":[");
	add_ceptoars(k, r, slots, "\"", ",", out);
	buf_adds(out, "],\"evidence\":[");
	for (i = EVIDENCE_CLIENT; i <= EVIDENCES; i++) {
		if ((r->graded >> i & 1) == 0)
			continue;
		buf_adds(out, n++ > 0 ? "," : "");
		add_ack(&r->ack[i], out);
	}
	buf_addf(out, "],\"forwarded_to\":%u,", (unsigned)r->forwarded);
	words_id("receiver", r->who->rights.receiver, out);
	buf_adds(out, ",\"routes\":[");
	for (i = 0; i < r->routes; i++) {
		buf_adds(out, i > 0 ? "," : "");
		add_route(&r->route[i], out);
	}
	buf_addf(out, "],\"sent\":%s,\"state\":\"%s\",\"streamed\":%s,",
	    r->sent ? "true" : "false", reach_word(r->state),
	    r->streamed ? "true" : "false");
	add_time("streamed_at", r->streamed_at, out);
	buf_addc(out, '}');
}

/* Rounded down: only all of them are 100. */
static unsigned
percent(unsigned part, unsigned all)
{
	return all > 0 ? part * 100 / all : 0;
}

void
deliveries_figures(struct keeper *k, unsigned slot, const struct reach_figures *f,
    int32_t at_release, struct buf *out)
{
	unsigned i;

	if (at_release >= 0)
		buf_addf(out, "{\"at_release\":%d,\"ceptoar\":", (int)at_release);
	else
		buf_adds(out, "{\"at_release\":null,\"ceptoar\":");
	if (slot < SLOTS)
		json_add_string(out, slice_of(taxonomy_slug(k->tax, slot)));
	else
		buf_adds(out, "null");
	buf_addf(out, ",\"entitled\":%u,\"evidence\":{", f->entitled);
	for (i = EVIDENCE_CLIENT; i <= EVIDENCES; i++)
		buf_addf(out, "%s\"%s\":{\"acted\":%u,\"read\":%u,\"received\":%u}",
		    i > EVIDENCE_CLIENT ? "," : "", grades[i], f->by[i][ACK_ACTED],
		    f->by[i][ACK_READ], f->by[i][ACK_RECEIVED]);
	buf_addf(out, "},\"failed\":%u,\"flagged\":%u,\"forwarded_to\":%llu,", f->failed,
	    f->flagged, (unsigned long long)f->forwarded);
	buf_addf(out,
	    "\"percent\":{\"acted\":%u,\"read\":%u,\"received\":%u,\"sent\":%u}",
	    percent(f->stage[ACK_ACTED], f->entitled),
	    percent(f->stage[ACK_READ], f->entitled),
	    percent(f->stage[ACK_RECEIVED], f->entitled), percent(f->sent, f->entitled));
	buf_addf(out,
	    ",\"queued\":%u,\"sent\":%u,\"silent\":%u,\"stages\":{\"acted\":%u,"
	    "\"read\":%u,\"received\":%u}}",
	    f->queued, f->sent, f->silent, f->stage[ACK_ACTED], f->stage[ACK_READ],
	    f->stage[ACK_RECEIVED]);
}

void
deliveries_csv_head(struct buf *out)
{
	static const char *const names[] = { "bulletin", "revision", "receiver",
		"ceptoars", "state", "sent_by", "sent_at", "received_at", "read_at",
		"acted_at", "evidence", "person", "forwarded_to", "failed_by", "reason" };
	unsigned at = 0;
	size_t i;

	csv_begin(out);
	for (i = 0; i < sizeof names / sizeof names[0]; i++)
		csv_cell(out, &at, slice_of(names[i]));
	csv_line(out, &at);
}

/* A time without its quotes; empty when there is none. */
static void
time_cell(struct buf *out, unsigned *at, int64_t minute)
{
	struct buf b;

	buf_init(&b, 64);
	if (minute > 0)
		words_time(minute * MINUTE_MS, &b);
	csv_cell(out, at,
	    b.n > 2 ? (struct slice){ b.p + 1, b.n - 2 } : (struct slice){ "", 0 });
	buf_done(&b);
}

static void
hex_cell(struct buf *out, unsigned *at, const uint8_t *id)
{
	struct buf b;

	buf_init(&b, 64);
	buf_add_hex(&b, id, RECEIVER_LEN);
	csv_cell(out, at, buf_slice(&b));
	buf_done(&b);
}

/* "stream mail": the ways that it was sent by; the minute of the first that has one. */
static void
sent_cells(struct buf *out, unsigned *at, const struct reach_row *r)
{
	int64_t first = r->streamed_at;
	struct buf b;
	unsigned i;

	buf_init(&b, CELL_MAX);
	if (r->streamed)
		buf_adds(&b, "stream");
	for (i = 0; i < r->routes; i++) {
		if (r->route[i].state != DELIVERY_SENT)
			continue;
		buf_addf(&b, "%s%s", b.n > 0 ? " " : "",
		    deliveries_route_word(r->route[i].route));
		if (first == 0 || r->route[i].sent_at < first)
			first = r->route[i].sent_at;
	}
	csv_cell(out, at, buf_slice(&b));
	time_cell(out, at, first);
	buf_done(&b);
}

static void
ack_cells(struct buf *out, unsigned *at, const struct reach_row *r)
{
	const uint8_t *person = NULL;
	struct buf b;
	unsigned i;

	buf_init(&b, CELL_MAX);
	for (i = EVIDENCE_CLIENT; i <= EVIDENCES; i++) {
		if ((r->graded >> i & 1) == 0)
			continue;
		buf_addf(&b, "%s%s:%s%s", b.n > 0 ? " " : "", grades[i],
		    stages[r->ack[i].status & 3], r->ack[i].flagged ? " (flagged)" : "");
		if (person == NULL && !r->ack[i].flagged)
			person = r->ack[i].person;
	}
	csv_cell(out, at, buf_slice(&b));
	buf_done(&b);
	if (person != NULL)
		hex_cell(out, at, person);
	else
		csv_cell(out, at, slice_of(""));
}

static void
failed_cells(struct buf *out, unsigned *at, const struct reach_row *r)
{
	const char *by = "", *reason = "";
	unsigned i;

	for (i = 0; i < r->routes && by[0] == '\0'; i++) {
		if (r->route[i].state != DELIVERY_FAILED &&
		    r->route[i].state != DELIVERY_DROPPED)
			continue;
		by = deliveries_route_word(r->route[i].route);
		reason = r->route[i].reason;
	}
	csv_cell(out, at, slice_of(by));
	csv_cell(out, at, slice_of(reason));
}

static void
number_cell(struct buf *out, unsigned *at, unsigned n)
{
	struct buf b;

	buf_init(&b, 16);
	buf_addf(&b, "%u", n);
	csv_cell(out, at, buf_slice(&b));
	buf_done(&b);
}

void
deliveries_csv_row(struct keeper *k, const char *number, uint16_t revision,
    const struct reach_row *r, const struct slots *slots, struct buf *out)
{
	unsigned at = 0, i;
	struct buf b;

	buf_init(&b, CELL_MAX);
	add_ceptoars(k, r, slots, "", " ", &b);
	csv_cell(out, &at, slice_of(number));
	number_cell(out, &at, revision);
	hex_cell(out, &at, r->who->rights.receiver);
	csv_cell(out, &at, buf_slice(&b));
	csv_cell(out, &at, slice_of(reach_word(r->state)));
	sent_cells(out, &at, r);
	for (i = ACK_RECEIVED; i <= ACK_ACTED; i++)
		time_cell(out, &at, reach_first_at(r, i));
	ack_cells(out, &at, r);
	number_cell(out, &at, r->forwarded);
	failed_cells(out, &at, r);
	csv_line(out, &at);
	buf_done(&b);
}
