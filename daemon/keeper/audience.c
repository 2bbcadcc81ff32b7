/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/audience.h"

#include <string.h>

#include "daemon/keeper/directory.h"
#include "daemon/keeper/mode.h"
#include "daemon/keeper/red.h"
#include "lib/mem.h"
#include "proto/bulletin.h"

enum { WIDE_FLAGS = KGATE_BEYOND };

static const struct {
	enum problem problem;
	const char *pointer, *en, *ja;
} reasons[AUDIENCE_REASONS] = {
	{ P_CONFLICT, "/audience", "the audience is nobody", "宛先がありません" },
	{ P_CONFLICT, "/audience/receivers",
	    "TLP:RED goes to named receivers and to nobody else: name them",
	    "TLP:REDは名指しした受信者だけに届きます。受信者を指定してください" },
	{ P_CONSENT, "/cases", "the reporter of a case has not consented to publication",
	    "報告者が公開に同意していない事案があります" },
	{ P_CONSENT, "/audience", "the reporter of a case keeps it in its own CEPTOAR",
	    "報告者が自セプター内に限っている事案があります" },
	{ P_CONSENT, "/audience/public",
	    "the reporter's consent is for CEPTOARs, not for communities or the public",
	    "報告者の同意は各セプターまでで、その他のコミュニティや一般公開は含みませ"
	    "ん" },
	{ P_CONSENT, "/tlp", "the reporter of a case asked for a stricter TLP",
	    "報告者がより厳しいTLPを指定した事案があります" },
	{ P_CONFLICT, "/exercise", "exercises and real events do not mix",
	    "訓練と実際の事案は混ぜられません" },
	{ P_K_TOO_SMALL, "/audience", "the members are not known yet; try again soon",
	    "会員の一覧がまだ届いていません。少し待ってください" },
	{ P_K_TOO_SMALL, "/audience",
	    "too few members could have sent one of the cases, whoever reads it",
	    "報告者と推定されうる会員が少なすぎる事案があります" },
	{ P_K_TOO_SMALL, "/audience",
	    "too few members could have sent one of the cases for readers beyond its "
	    "CEPTOAR",
	    "セプター外の読み手にとって、報告者と推定されうる会員が少なすぎる事案がありま"
	    "す" },
	{ P_CONFLICT, "/cases", "one of the cases was withdrawn by its reporter",
	    "報告者が取り下げた事案があります" },
	{ P_INVALID_FIELD, "/valid_until", "a time that is still to come",
	    "有効期限を過ぎています" },
	{ P_INVALID_FIELD, "/ack/deadline", "a time that is still to come",
	    "確認期限を過ぎています" },
	{ P_CONFLICT, NULL, "the bulletin that it revises has ended",
	    "更新しようとする情報は終了しています" },
	{ P_CONSENT, "/audience/government",
	    "the reporter of a case keeps it from the government: false is needed here",
	    "報告者が政府機関への提供に同意していない事案があります。falseを指定してくだ"
	    "さ"
	    "い" },
	{ P_INVALID_FIELD, "/audience/receivers", "receivers that the directory knows",
	    "受信者の一覧にない受信者が指定されています" },
	{ P_CONFLICT, "/audience/receivers",
	    "64 named receivers at most, those of earlier revisions too",
	    "名指しできる受信者は、前の版も合わせて64までです" },
	{ P_CONSENT, "/cases", "the reporter of a case does not let it leave its desk",
	    "報告者が担当窓口の外に出すことを認めていない事案があります" },
	{ P_CONFLICT, NULL, "the bulletin that it revises is another desk's by now",
	    "更新しようとする情報は、すでに別の窓口のものです" },
};

const char *
audience_reason_text(unsigned i, int lang)
{
	return lang == 0 ? reasons[i].ja : reasons[i].en;
}

const char *
audience_reason_code(unsigned i)
{
	return problem_code(reasons[i].problem);
}

const char *
audience_reason_pointer(unsigned i)
{
	return reasons[i].pointer;
}

int
audience_refuse(struct keeper *k, struct desk_call *c, const struct audience *a)
{
	struct buf less;
	unsigned i = 0;
	int rc = 0;

	while (i < AUDIENCE_REASONS && (a->reasons >> i & 1) == 0)
		i++;
	if (i == AUDIENCE_REASONS)
		return ERR_INVALID;
	if (reasons[i].problem == P_K_TOO_SMALL) {
		buf_init(&less, DESK_MORE_MAX);
		rc = audience_less(k, a, &less);
		if (rc == 0)
			rc = desk_more(c, "generalised", buf_slice(&less));
		buf_done(&less);
	}
	return rc != 0
		   ? rc
		   : desk_fail(c, reasons[i].problem, reasons[i].pointer, reasons[i].en);
}

void
audience_free(struct audience *a)
{
	mem_free(a->v);
	a->v = NULL;
	a->n = 0;
}

/* Would the government read what the reporter keeps from it?  Who calls the hotline calls
 * the centre, and what belongs to no CEPTOAR has no other desk: as policy.c has it. */
static int
against_opt_out(const struct audience *a, const struct audience_case *one)
{
	const struct report_facts *f = &one->facts;
	unsigned offices = FRAME_CENTRE | FRAME_MINISTRY | FRAME_AGENCY;

	if (!f->no_government || f->hotline != HOTLINE_NONE || one->row.slot >= SLOTS)
		return 0;
	return (a->to_flags & FRAME_NO_GOV) == 0 || (a->to_flags & offices) != 0;
}

static unsigned
consent_of(const struct audience *a, const struct audience_case *one, unsigned tlp)
{
	const struct report_facts *f = &one->facts;
	struct slots others = a->to;
	unsigned why = 0, i;

	for (i = COMMUNITY_FIRST / 8; i < SLOT_BYTES; i++)
		if (others.b[i] != 0)
			why |= AUD_CONSENT_PUBLIC;
	if (f->publish == CONSENT_NONE)
		why |= AUD_CONSENT;
	if (against_opt_out(a, one))
		why |= AUD_GOVERNMENT;
	if (f->tlp >= TLP_RED)
		why |= AUD_RED_CASE;
	if (tlp < f->tlp)
		why |= AUD_TLP;
	if (f->exercise != ((a->flags & FRAME_EXERCISE) != 0))
		why |= AUD_EXERCISE;
	if ((a->to_flags & FRAME_PUBLIC) != 0)
		why |= AUD_CONSENT_PUBLIC;
	if (f->publish != CONSENT_CEPTOAR)
		return why;
	if (one->row.slot < SLOTS)
		others.b[one->row.slot / 8] &=
		    (unsigned char)~(1u << (one->row.slot % 8));
	for (i = 0; i < SLOT_BYTES; i++)
		if (others.b[i] != 0)
			why |= AUD_CONSENT_OWN;
	if ((a->to_flags & WIDE_FLAGS) != 0)
		why |= AUD_CONSENT_OWN;
	return why;
}

static void
weigh_case(struct keeper *k, struct audience *a, struct audience_case *one, unsigned tlp)
{
	const struct policy_rules *r = policy_of(&k->policy, one->row.slot);

	a->reasons |= consent_of(a, one, tlp);
	one->ask.slot = one->row.slot;
	one->ask.facts = &one->facts;
	one->ask.before = &one->before;
	kgate_audience(&a->to, a->to_flags, &one->ask);
	/* What all get, its own CEPTOAR gets. */
	if ((a->to_flags & (FRAME_ALL | FRAME_PUBLIC)) != 0 && one->row.slot < SLOTS)
		one->ask.own = 1;
	kgate_decide(k->gate, k->tax, r, &one->ask, &one->gate);
	if ((one->gate.held & HELD_DIRECTORY) != 0)
		a->reasons |= AUD_DIRECTORY;
	else if ((one->gate.held & HELD_K) != 0)
		a->reasons |= AUD_K;
	if ((one->gate.held & HELD_K_CROSS) != 0)
		a->reasons |= AUD_K_CROSS;
	/* Where the sector may be seen, its group may be. */
	if ((one->gate.shown & SHOWN_SECTOR) != 0)
		one->gate.shown |= SHOWN_GROUP;
	a->shown &= one->gate.shown;
}

/* The sector that it shows: a secretariat's own, or that of all its cases. */
static unsigned
sector_of(struct keeper *k, const struct store_draft *d, const struct audience *a)
{
	unsigned i, s, sector = SECTOR_NONE, group = SECTOR_NONE;
	int same_sector = 1, same_group = 1;

	if (a->n == 0)
		return taxonomy_sector_of_slot(k->tax, d->desk);
	for (i = 0; i < a->n; i++) {
		s = taxonomy_sector_of_slot(k->tax, a->v[i].row.slot);
		if (i == 0) {
			sector = s;
			group = taxonomy_sector_group(k->tax, s);
		}
		same_sector &= s == sector;
		same_group &= taxonomy_sector_group(k->tax, s) == group;
	}
	if (same_sector && (a->shown & SHOWN_SECTOR) != 0)
		return sector;
	if (same_group && group < SECTOR_BITS &&
	    (a->shown & (SHOWN_SECTOR | SHOWN_GROUP)) != 0)
		return BULLETIN_GROUP + group;
	return SECTOR_NONE;
}

/* Does it go further than this desk may send it alone?  What a bulletin has reached
 * before may hear its correction. */
static int
is_wide(const struct rights *r, const struct store_draft *d, const struct draft_facts *f,
    const struct audience *a)
{
	struct slots beyond = a->fresh;
	uint16_t flags = a->fresh_flags & WIDE_FLAGS;
	const struct frame_head *h = &a->target.head;
	int clear = f->tlp == TLP_CLEAR;
	unsigned i;

	if (d->desk < SLOTS)
		beyond.b[d->desk / 8] &= (unsigned char)~(1u << (d->desk % 8));
	/* Who stands in for a desk sends its words to that desk's own. */
	for (i = 0; i < SLOT_BYTES; i++) {
		if ((r->roles & ROLE_SECRETARIAT) != 0 &&
		    (d->desk >= SLOTS || slots_has(&r->sec, d->desk)))
			beyond.b[i] &= (unsigned char)~r->sec.b[i];
		if (a->revises)
			beyond.b[i] &= (unsigned char)~h->slots.b[i];
		if (a->revises && h->kind != FRAME_BULLETIN)
			beyond.b[i] &= (unsigned char)~h->reach.b[i];
	}
	if (a->revises) {
		flags &= (uint16_t)~h->flags;
		if (h->kind != FRAME_BULLETIN)
			flags &= (uint16_t)~h->reach_flags;
		clear &= h->tlp != TLP_CLEAR;
	}
	/* What is CLEAR may be shown to anybody. */
	return !slots_empty(&beyond) || flags != 0 || clear;
}

static int
slots_only(const struct slots *s, unsigned slot)
{
	struct slots own;

	memset(&own, 0, sizeof own);
	slots_set(&own, slot);
	return memcmp(s, &own, sizeof own) == 0;
}

/* TLP:RED: the desk itself, and whom it names. */
static void
set_names(struct keeper *k, const struct store_draft *d, const struct draft_facts *f,
    struct audience *a)
{
	const struct frame_head *old = &a->target.head;
	struct frame_head *h = &a->names;
	unsigned i;
	int known;

	if (a->revises)
		*h = *old;
	if (red_set(h, f) != 0)
		a->reasons |= AUD_NAMES;
	a->dependants = 0;
	memset(&a->slots, 0, sizeof a->slots);
	a->flags &= (uint16_t) ~(WIDE_FLAGS | FRAME_CENTRE);
	if (d->desk < SLOTS)
		slots_set(&a->slots, d->desk);
	else
		a->flags |= FRAME_CENTRE;
	a->to = a->fresh = a->slots;
	a->to_flags = a->fresh_flags = a->flags;
	for (i = 0; i < h->name_count; i++) {
		if ((h->named >> i & 1) == 0)
			continue;
		known = red_place(k->dir, h->names[i], &a->to, &a->to_flags);
		if (!a->revises || i >= old->name_count)
			(void)red_place(k->dir, h->names[i], &a->fresh, &a->fresh_flags);
		if (!known)
			a->reasons |= AUD_UNKNOWN;
	}
	if (h->named == 0)
		a->reasons |= AUD_RED;
}

static void
set_audience(struct keeper *k, const struct store_draft *d, const struct draft_facts *f,
    struct audience *a)
{
	a->slots = f->slots;
	a->flags = f->flags;
	if (!f->has_audience && a->revises) {
		a->slots = a->target.head.slots;
		a->flags =
		    a->target.head.flags & (WIDE_FLAGS | FRAME_CENTRE | FRAME_NO_GOV);
	} else if (!f->has_audience && d->desk < SLOTS) {
		if (f->severity == AUDIENCE_DEPENDANTS)
			taxonomy_dependants(k->tax, d->desk, &a->slots);
		slots_set(&a->slots, d->desk);
		a->dependants = !slots_only(&a->slots, d->desk);
	}
	a->flags |= FRAME_DESK;
	a->flags |= (uint16_t)(f->kind << FRAME_KIND_AT);
	if (f->exercise)
		a->flags |= FRAME_EXERCISE;
	if (f->ack)
		a->flags |= FRAME_ACK;
	a->to = a->fresh = a->slots;
	a->to_flags = a->fresh_flags = a->flags;
	if (f->tlp >= TLP_RED)
		set_names(k, d, f, a);
}

static void
weigh_cases(struct keeper *k, const struct draft_facts *f, struct audience *a)
{
	unsigned i;

	a->shown = SHOWN_SECTOR | SHOWN_GROUP | SHOWN_MINUTE | SHOWN_PRODUCTS | SHOWN_OT;
	for (i = 0; i < a->n; i++)
		weigh_case(k, a, &a->v[i], f->tlp);
}

/* What goes to other sectors by default alone goes to none where a case is against it. */
static void
weigh_default(struct keeper *k, const struct store_draft *d, const struct draft_facts *f,
    struct audience *a)
{
	unsigned before = a->reasons;

	weigh_cases(k, f, a);
	if (!a->dependants || (a->reasons & (AUD_CONSENT_OWN | AUD_K_CROSS)) == 0)
		return;
	a->reasons = before;
	a->dependants = 0;
	memset(&a->slots, 0, sizeof a->slots);
	slots_set(&a->slots, d->desk);
	a->to = a->fresh = a->slots;
	weigh_cases(k, f, a);
}

static void
weigh_rest(const struct draft_facts *f, int64_t minute, struct audience *a)
{
	const uint16_t anybody = WIDE_FLAGS | FRAME_CENTRE;

	if (slots_empty(&a->slots) && (a->flags & anybody) == 0)
		a->reasons |= AUD_NOBODY;
	if (f->valid_until != 0 && f->valid_until <= minute)
		a->reasons |= AUD_PAST;
	if (f->ack && f->deadline <= minute)
		a->reasons |= AUD_PAST_ACK;
	if (a->revises && ((a->target.head.flags ^ a->flags) & FRAME_EXERCISE) != 0)
		a->reasons |= AUD_EXERCISE;
}

/* In large-scale mode a draft that names nobody goes to all, unless that is more than
 * the reporter of a case or k allow: nobody has asked for it, so it is not refused. */
static void
widen(struct keeper *k, const struct store_draft *d, const struct draft_facts *f,
    struct audience *a)
{
	const struct audience was = *a;

	if (f->has_audience || a->revises || f->tlp >= TLP_RED ||
	    !mode_is_wide(k, f->severity))
		return;
	a->flags |= FRAME_ALL | FRAME_CROSS;
	if (d->desk < SLOTS)
		slots_set(&a->slots, d->desk);
	a->dependants = 0;
	a->to = a->fresh = a->slots;
	a->to_flags = a->fresh_flags = a->flags;
	weigh_cases(k, f, a);
	if ((a->reasons & (AUD_CONSENT_OWN | AUD_K_CROSS | AUD_K | AUD_DIRECTORY)) != 0)
		*a = was;
	else
		a->reasons = was.reasons;
}

int
audience_weigh(struct keeper *k, const struct rights *rights, const struct store_draft *d,
    const struct draft_facts *f, int64_t minute, struct audience *ret)
{
	int rc;

	memset(ret, 0, sizeof *ret);
	rc = audience_gather(k, d, f, ret);
	if (rc != 0) {
		audience_free(ret);
		return rc;
	}
	set_audience(k, d, f, ret);
	ret->wanted =
	    SHOWN_SECTOR | SHOWN_GROUP | SHOWN_MINUTE | SHOWN_PRODUCTS | SHOWN_OT;
	widen(k, d, f, ret);
	weigh_default(k, d, f, ret);
	ret->sector = sector_of(k, d, ret);
	weigh_rest(f, minute, ret);
	ret->wide = rights != NULL && is_wide(rights, d, f, ret);
	return 0;
}
