/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "daemon/keeper/audience.h"
#include "daemon/keeper/directory.h"
#include "daemon/keeper/mode.h"
#include "daemon/keeper/ways.h"
#include "daemon/keeper/words.h"

/* The preview: figures, the same as a sentence, and what stands against it. */

struct counting {
	struct frame_head head;
	struct ways broken;
	int beyond; /* readers of CEPTOARs outside head.slots count too */
	struct slots ceptoars;
	unsigned receivers, members, desks, others, no_contact, named;
	int centre, dependants;
};

static void
join(struct slots *into, const struct slots *more, const struct slots *within)
{
	unsigned i;

	for (i = 0; i < SLOT_BYTES; i++)
		into->b[i] |=
		    (unsigned char)(more->b[i] & (within != NULL ? within->b[i] : 0xff));
}

static void
count_one(void *arg, const struct vault_dir_row *row)
{
	const struct slots *within;
	struct counting *c = arg;

	if (row->disabled ||
	    frame_view(&c->head, &row->rights, &row->wants, NULL) != VIEW_BODY)
		return;
	c->receivers++;
	within = c->beyond ? NULL : &c->head.slots;
	join(&c->ceptoars, &row->rights.op, within);
	join(&c->ceptoars, &row->rights.sec, within);
	if ((row->rights.roles & ROLE_OPERATOR) != 0) {
		c->members++;
		c->no_contact += !ways_has_contact(&c->broken, row);
	} else if ((row->rights.roles & ROLE_SECRETARIAT) != 0) {
		c->desks++;
	} else if ((row->rights.roles & ROLE_CENTRE) != 0) {
		c->centre = 1;
	} else {
		c->others++;
	}
}

static int
count(struct keeper *k, const struct draft_facts *f, const struct audience *a,
    struct counting *c)
{
	unsigned i;
	int rc;

	memset(c, 0, sizeof *c);
	c->head = a->names;
	for (i = 0; i < c->head.name_count; i++)
		c->named += (c->head.named >> i & 1) != 0;
	c->head.kind = FRAME_BULLETIN;
	c->head.severity = f->severity;
	c->head.tlp = f->tlp;
	c->head.flags = a->flags;
	c->head.slots = a->slots;
	c->head.sector = a->sector < SECTOR_BITS ? (uint8_t)a->sector : SECTOR_NONE;
	if ((a->shown & SHOWN_PRODUCTS) != 0) {
		memcpy(c->head.products, f->products, sizeof f->products);
		c->head.product_count = f->product_count;
	}
	c->dependants = a->dependants;
	c->beyond =
	    c->named > 0 || (a->flags & (FRAME_CROSS | FRAME_ALL | FRAME_PUBLIC)) != 0;
	rc = ways_load(&c->broken, k);
	if (rc == 0)
		directory_each(k->dir, count_one, c);
	ways_done(&c->broken);
	return rc;
}

/* How many could have sent the case that is hidden worst; -1: it is made of none. */
static int
smallest(const struct audience *a)
{
	int least = -1;
	unsigned i;

	for (i = 0; i < a->n; i++) {
		const struct store_gate *g = &a->v[i].gate;

		if (g->inside >= 0 && (least < 0 || g->inside < least))
			least = g->inside;
		if (g->beyond >= 0 && (least < 0 || g->beyond < least))
			least = g->beyond;
	}
	return least;
}

static void
count_places(
    const struct keeper *k, const struct slots *s, unsigned *ceptoars, unsigned *sectors)
{
	uint64_t seen = 0;
	unsigned i, sector;

	*ceptoars = *sectors = 0;
	for (i = 0; i < SLOTS; i++) {
		if (!slots_has(s, i))
			continue;
		sector = taxonomy_sector_of_slot(k->tax, i);
		++*ceptoars;
		if (sector < SECTOR_BITS && (seen >> sector & 1) == 0) {
			seen |= (uint64_t)1 << sector;
			++*sectors;
		}
	}
}

static void
say_ja(const struct keeper *k, const struct counting *c, int least, unsigned ceptoars,
    unsigned sectors, struct buf *out)
{
	const char *centre = taxonomy_desk_name(k->tax, SLOT_NONE, "ja");

	if (c->named > 0)
		buf_addf(out, "名指しした%u受信者だけに届きます：", c->named);
	buf_addf(out, "%uセプター・%u分野の%u会員", ceptoars, sectors, c->members);
	if (c->centre)
		buf_addf(out, "と%s", centre != NULL ? centre : "国の窓口");
	buf_adds(out, "に届きます。");
	if (c->dependants)
		buf_adds(out, "宛先の指定がないため、この分野に依存する分野を含みます。");
	if (least >= 0)
		buf_addf(
		    out, "報告者と推定されうる会員は最も少ない事案で%d者です。", least);
	if (c->no_contact > 0)
		buf_addf(out, "使える連絡先のない会員が%uあります。", c->no_contact);
}

static void
say_en(const struct counting *c, int least, unsigned ceptoars, unsigned sectors,
    struct buf *out)
{
	if (c->named > 0)
		buf_addf(out, "%u named receiver%s only: ", c->named,
		    c->named == 1 ? "" : "s");
	buf_addf(out, "%u member%s of %u CEPTOAR%s, %u sector%s", c->members,
	    c->members == 1 ? "" : "s", ceptoars, ceptoars == 1 ? "" : "s", sectors,
	    sectors == 1 ? "" : "s");
	if (c->centre)
		buf_adds(out, ", the centre");
	if (c->dependants)
		buf_adds(out, "; sectors that depend on this one among them, as no "
			      "audience is named");
	if (least >= 0)
		buf_addf(out, "; smallest candidate set %d", least);
	if (c->no_contact > 0)
		buf_addf(out, "; %u member%s no working contact", c->no_contact,
		    c->no_contact == 1 ? " has" : "s have");
}

static void
write_sentence(const struct keeper *k, const struct counting *c, int least,
    unsigned ceptoars, unsigned sectors, struct buf *out)
{
	struct buf text;

	buf_init(&text, 1024);
	buf_adds(out, "\"sentence\":{\"ja\":");
	say_ja(k, c, least, ceptoars, sectors, &text);
	json_add_string(out, buf_slice(&text));
	buf_reset(&text);
	buf_adds(out, ",\"en\":");
	say_en(c, least, ceptoars, sectors, &text);
	json_add_string(out, buf_slice(&text));
	buf_addc(out, '}');
	buf_done(&text);
}

static void
write_reasons(const struct audience *a, struct buf *out)
{
	unsigned i, n = 0;

	buf_adds(out, "\"reasons\":[");
	for (i = 0; i < AUDIENCE_REASONS; i++) {
		if ((a->reasons >> i & 1) == 0)
			continue;
		buf_addf(out, "%s{\"code\":\"%s\"", n++ > 0 ? "," : "",
		    audience_reason_code(i));
		if (audience_reason_pointer(i) != NULL)
			buf_addf(out, ",\"pointer\":\"%s\"", audience_reason_pointer(i));
		buf_adds(out, ",\"ja\":");
		json_add_string(out, slice_of(audience_reason_text(i, 0)));
		buf_adds(out, ",\"en\":");
		json_add_string(out, slice_of(audience_reason_text(i, 1)));
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}

int
audience_write(struct keeper *k, const struct draft_facts *f, const struct audience *a,
    struct buf *out)
{
	unsigned ceptoars, sectors;
	int least = smallest(a);
	struct counting c;
	int rc = count(k, f, a, &c);

	if (rc != 0)
		return rc;
	count_places(k, &c.ceptoars, &ceptoars, &sectors);
	buf_addf(out,
	    "\"figures\":{\"members\":%u,\"ceptoars\":%u,\"sectors\":%u,"
	    "\"centre\":%s,\"secretariats\":%u,\"others\":%u,\"receivers\":%u,"
	    "\"without_contact\":%u,\"named\":%u,\"candidates\":",
	    c.members, ceptoars, sectors, c.centre ? "true" : "false", c.desks, c.others,
	    c.receivers, c.no_contact, c.named);
	if (least >= 0)
		buf_addf(out, "%d},", least);
	else
		buf_adds(out, "null},");
	write_sentence(k, &c, least, ceptoars, sectors, out);
	buf_addc(out, ',');
	write_reasons(a, out);
	return buf_err(out);
}

int
audience_get(struct keeper *k, struct desk_call *c)
{
	struct draft_facts f;
	struct store_draft d;
	struct audience a;
	json_t *content = NULL;
	int rc;

	rc = draft_enter(k, c, &d);
	if (rc == 0)
		rc = draft_read(k, &d, d.revision, &content);
	if (rc != 0)
		return rc;
	draft_facts(content, k->tax, &f);
	mode_deadline(k, c->minute, &f);
	json_decref(content);
	rc = audience_weigh(k, &c->m->rights, &d, &f, c->minute, &a);
	if (rc != 0)
		return rc;
	buf_addf(c->out,
	    "{\"dependants\":%s,\"revision\":%u,\"second_person\":%s,\"revises\":",
	    a.dependants ? "true" : "false", (unsigned)d.revision,
	    a.wide ? "true" : "false");
	if (a.revises)
		buf_addf(c->out, "\"%s\",\"shown\":", a.target.number);
	else
		buf_adds(c->out, "null,\"shown\":");
	kgate_words(a.shown, c->out);
	buf_addc(c->out, ',');
	rc = audience_write(k, &f, &a, c->out);
	buf_adds(c->out, ",\"generalised\":");
	if (rc == 0)
		rc = audience_less(k, &a, c->out);
	buf_addc(c->out, '}');
	audience_free(&a);
	return rc != 0 ? rc : buf_err(c->out);
}
