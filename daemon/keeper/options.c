/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/options.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ini.h>

#include "daemon/keeper/audit.h"
#include "daemon/keeper/digest.h"
#include "daemon/keeper/keeper.h"
#include "lib/ballast.h"
#include "lib/conf.h"
#include "lib/file.h"
#include "lib/log.h"
#include "proto/taxonomy.h"

enum { DATA_MAX = 1024 * 1024, TEXT_MAX = 65536, DAY_MS = 86400000 };
enum { K_LEAST = 3, K_MOST = 1000 }; /* of two, each knows the other */

#define AT(field) offsetof(struct options, field)
static const struct conf_option table[] = {
	{ "keeper", "db", CONF_PATH, 0, PATH_MAX, "/var/lib/ceptoar-keeper/keeper.db", 0,
	    AT(db), "The database of reports, bulletins and acknowledgements." },
	{ "keeper", "vault_socket", CONF_PATH, 0, 108, "/run/ceptoar/vault-keeper", 0,
	    AT(vault_socket), "Where the vault hands out its directory without names." },
	{ "keeper", "backup_dir", CONF_PATH, 0, PATH_MAX, "", 0, AT(backup_dir),
	    "Where backups may be written; empty: beside the database." },
	{ "keeper", "ballast_mib", CONF_INT, 0, BALLAST_MIB_MOST, "64", 0,
	    AT(ballast_mib),
	    "MiB beside the database that are given up when the disk is full, so that "
	    "what is critical and looks of desks still fit; 0: none." },
	{ "keeper", "keep_reports", CONF_MS, DAY_MS, 36500LL * DAY_MS, "1826d", 1,
	    AT(report_ms), "How long reports, cases and the log of bulletins are kept." },
	{ "keeper", "keep_idempotency", CONF_MS, 60000, 365LL * DAY_MS, "7d", 1,
	    AT(idem_ms), "How long an Idempotency-Key is known." },
	{ "keeper", "keep_topics", CONF_MS, DAY_MS, 365LL * DAY_MS, "30d", 1,
	    AT(topic_ms), "How long it is known what reports were about, and how many." },
	{ "keeper", "trend_steps", CONF_TEXT, 0, TREND_TEXT, "3,5,10,20,50,100", 1,
	    AT(trend_text),
	    "Different members in 24 h with the same in their reports at which desks are "
	    "told." },
	{ "data", "ceptoars", CONF_PATH, 0, PATH_MAX,
	    PREFIX "/share/ceptoar/ceptoars.json", 1, AT(ceptoars),
	    "CEPTOARs, sectors, desks and their duty hours." },
	{ "data", "taxonomy", CONF_PATH, 0, PATH_MAX,
	    PREFIX "/share/ceptoar/taxonomy.json", 1, AT(taxonomy),
	    "Classes of events and causes." },
	{ "data", "holidays", CONF_PATH, 0, PATH_MAX,
	    PREFIX "/share/ceptoar/holidays.json", 1, AT(holidays),
	    "Days on which desks that keep holidays are off duty; empty: none." },
	{ "tokens", "k", CONF_INT, 1, 1000, "5", 1, AT(token_k),
	    "Members of a CEPTOAR that must have drawn tokens of an epoch before one "
	    "is taken for a report of it." },
	{ "courier", "on", CONF_TEXT, 0, 8, "auto", 1, AT(courier_text),
	    "Whether bulletins are brought to webhooks, mail and pagers: yes, no, or "
	    "auto, "
	    "when a member has such a route." },
	{ "courier", "lease", CONF_MS, 2000, 600000, "60s", 1, AT(lease_ms),
	    "How long the courier has for a delivery before it is given out again." },
	{ "courier", "digest", CONF_TEXT, 0, 16, "08:30", 1, AT(digest_text),
	    "When the daily mail of bulletins below level 2 goes out, Japan's time." },
	{ "courier", "link_quiet", CONF_MS, 0, 3600000, "10s", 1, AT(link_quiet_ms),
	    "An answer by the link of a mail that comes so soon after it is not counted: "
	    "programs that look into mails follow links." },
	{ "escalation", "on", CONF_BOOL, 0, 1, "yes", 1, AT(escalation.on),
	    "Whether silence about a bulletin is followed up." },
	{ "escalation", "level4", CONF_MS, 60000, DAY_MS, "30m", 1, AT(escalation.level4),
	    "How long who is on duty around the clock has to acknowledge level 4." },
	{ "escalation", "level4_morning", CONF_TEXT, 0, 16, "09:30", 1,
	    AT(escalation.morning_text),
	    "And until when all others have to, on their next working day, Japan's "
	    "time." },
	{ "escalation", "level3", CONF_MS, 60000, 10LL * DAY_MS, "4h", 1,
	    AT(escalation.level3), "The same for level 3, of everybody's duty hours." },
	{ "escalation", "second_route", CONF_INT, 1, 99, "33", 1,
	    AT(escalation.second_route),
	    "After so many percent of that time who is silent gets it by a second "
	    "route." },
	{ "escalation", "second_contact", CONF_INT, 1, 99, "67", 1,
	    AT(escalation.second_contact), "And after so many at a second contact." },
	{ "hotline", "level", CONF_MS, 60000, 3600000, "5m", 1, AT(hotline.level_ms),
	    "How long whoever was paged has before the next one on the roster is as "
	    "well." },
	{ "hotline", "window", CONF_MS, 60000, DAY_MS, "30m", 1, AT(hotline.window_ms),
	    "Calls of one group of sectors within this time are one page." },
	{ "hotline", "steps", CONF_TEXT, 0, TREND_TEXT, "5,20,100", 1,
	    AT(hotline.steps_text), "Numbers of such calls at which it pages anew." },
	{ "mode", "ack_deadline", CONF_MS, 60000, 30LL * DAY_MS, "24h", 1, AT(ack_ms),
	    "Until when readers acknowledge a bulletin whose draft asks for it and does "
	    "not say until when; from level 3 no later than [escalation] has it." },
	{ "mode", "ack_percent", CONF_INT, 1, 100, "25", 1, AT(ack_percent),
	    "How much of that time they have in large-scale mode." },
	{ "mode", "escalation_percent", CONF_INT, 1, 100, "50", 1, AT(escalation_percent),
	    "And how much of the times of [escalation] level4 and level3 for what goes "
	    "out meanwhile." },
	{ "mode", "wide_level", CONF_INT, 0, LEVEL_OFF, "2", 1, AT(wide_level),
	    "In large-scale mode, drafts from this level that name no audience go to all "
	    "CEPTOARs, as far as the reporters and k allow; 5: never." },
	{ "mode", "renew", CONF_MS, 60000, 30LL * DAY_MS, "24h", 1, AT(renew_ms),
	    "Large-scale mode has to be renewed after this time, and ends when that has "
	    "not been done after as much again." },
	{ "log", "level", CONF_TEXT, 0, 8, "info", 1, AT(log_level),
	    "Most detailed lines written: error, warn, info or debug." },
};
#undef AT

#define AT(field) offsetof(struct policy_rules, field)
static const struct conf_option rules_table[] = {
	{ "policy", "auto_own_level", CONF_INT, 0, LEVEL_OFF, "3", 1, AT(auto_own_level),
	    "Routing level from which the own CEPTOAR is warned at once, as unverified; "
	    "5: never." },
	{ "policy", "auto_cross_level", CONF_INT, 0, LEVEL_OFF, "4", 1,
	    AT(auto_cross_level),
	    "Routing level from which cross-sector subscribers are warned at once; 5: "
	    "never." },
	{ "policy", "confirm_cross_level", CONF_INT, 0, LEVEL_OFF, "3", 1,
	    AT(confirm_cross_level),
	    "Routing level from which cross-sector subscribers are warned when a second "
	    "member reports the same; 5: never." },
	{ "policy", "ministry_level", CONF_INT, 0, LEVEL_OFF, "5", 1, AT(ministry_level),
	    "Routing level from which the CEPTOAR's ministry is warned at once as well, "
	    "where consent.publish is cross_sector; 5: never." },
	{ "policy", "unverified_note", CONF_MS, 60000, 30LL * DAY_MS, "6h", 1,
	    AT(unverified_note),
	    "After this time a warning says that it is still unverified." },
	{ "policy", "unverified_end", CONF_MS, 60000, 365LL * DAY_MS, "72h", 1,
	    AT(unverified_end), "After this time an unverified warning ends." },
	{ "policy", "k_inside", CONF_INT, K_LEAST, K_MOST, "5", 1, AT(k_inside),
	    "Members of the own CEPTOAR that must fit what a bulletin shows of its "
	    "sender." },
	{ "policy", "k_beyond", CONF_INT, K_LEAST, K_MOST, "11", 1, AT(k_beyond),
	    "The same for readers beyond the own CEPTOAR." },
	{ "policy", "k_products", CONF_INT, K_LEAST, K_MOST, "20", 1, AT(k_products),
	    "Below this many the names of products and the OT flag are held back." },
	{ "policy", "blind_auto", CONF_BOOL, 0, 1, "no", 1, AT(blind_auto),
	    "Whether reports of the blind listener warn without a desk's hand." },
	{ "policy", "relay_centre_level", CONF_INT, 0, LEVEL_OFF, "5", 1,
	    AT(relay_centre_level),
	    "the centre's bulletins are passed on to affiliates at once from this level "
	    "while "
	    "the CEPTOAR's desk sleeps, unless it has an order of its own; 5: never" },
	{ "policy", "slip_hours", CONF_INT, 1, 720, "72", 1, AT(slip_hours),
	    "Hours after which a call-back slip is destroyed." },
};
#undef AT

enum {
	TABLE = sizeof table / sizeof table[0],
	RULES = sizeof rules_table / sizeof rules_table[0]
};

/* Sections of the other programs: one file serves all. */
static const char *const foreign[] = { "front", "tls", "limits", "vault", "courier.*",
	"mail", "ceptoard", "hub", "scratch", "policy", "policy *", "tokens.epoch",
	"tokens.batch", "tokens.keys_ahead", NULL };
static const char *const foreign_rules[] = { "front", "tls", "limits", "vault", "courier",
	"mail", "ceptoard", "hub", "scratch", "keeper", "data", "log", "policy",
	"escalation", "hotline", "policy *", "tokens", "mode", NULL };

int
options_log_level(const struct options *o)
{
	static const struct {
		const char *name;
		enum log_level level;
	} levels[] = { { "error", LOG_ERROR }, { "warn", LOG_WARN }, { "info", LOG_INFO },
		{ "debug", LOG_DEBUG } };
	size_t i;

	for (i = 0; i < sizeof levels / sizeof levels[0]; i++)
		if (strcmp(o->log_level, levels[i].name) == 0)
			return (int)levels[i].level;
	return ERR_INVALID;
}

/* "3,5,10": numbers of at least 2 that rise. */
static int
read_steps(const char *name, const char *text, uint16_t ret[TREND_STEPS], struct buf *why)
{
	const char *p = text;
	unsigned long v, before = 1;
	unsigned n = 0;
	char *end;

	for (; *p >= '0' && *p <= '9' && n < TREND_STEPS; p = end + 1) {
		v = strtoul(p, &end, 10);
		if (v <= before || v > UINT16_MAX || (*end != ',' && *end != '\0'))
			break;
		ret[n++] = (uint16_t)v;
		if (*end == '\0')
			return 0;
		before = v;
	}
	buf_addf(why,
	    "%s: expected up to %d numbers from 2 on that rise, separated by commas",
	    name, TREND_STEPS);
	return ERR_INVALID;
}

static int
read_courier(struct options *o, struct buf *why)
{
	static const char *const names[] = { "no", "auto", "yes" };
	unsigned i;

	for (i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(o->courier_text, names[i]) == 0) {
			o->courier = (enum courier_on)i;
			break;
		}
	if (i == sizeof names / sizeof names[0]) {
		buf_adds(why, "[courier] on: expected yes, no or auto");
		return ERR_INVALID;
	}
	if (digest_read(o->digest_text, &o->digest_at) == 0)
		return 0;
	buf_adds(why, "[courier] digest: expected a time of day, 08:30");
	return ERR_INVALID;
}

static int
read_escalation(struct options *o, struct buf *why)
{
	struct escalation_rules *e = &o->escalation;

	if (e->second_route >= e->second_contact) {
		buf_adds(
		    why, "[escalation] second_route: expected less than second_contact");
		return ERR_INVALID;
	}
	if (digest_read(e->morning_text, &e->morning) == 0)
		return 0;
	buf_adds(why, "[escalation] level4_morning: expected a time of day, 09:30");
	return ERR_INVALID;
}

int
options_read(struct options *ret, const char *conf, struct buf *why)
{
	struct options o;
	int rc;

	memset(&o, 0, sizeof o);
	rc = conf_defaults(table, TABLE, &o);
	if (rc == 0)
		rc = conf_read(table, TABLE, foreign, conf, &o, sizeof o, why);
	if (rc == 0 && options_log_level(&o) < 0) {
		buf_adds(why, "[log] level: expected error, warn, info or debug");
		rc = ERR_INVALID;
	}
	if (rc == 0)
		rc = read_steps("[keeper] trend_steps", o.trend_text, o.trend_steps, why);
	if (rc == 0)
		rc = read_steps(
		    "[hotline] steps", o.hotline.steps_text, o.hotline.steps, why);
	if (rc == 0)
		rc = read_courier(&o, why);
	if (rc == 0)
		rc = read_escalation(&o, why);
	if (rc == 0)
		*ret = o;
	return rc;
}

/* `why` gets the files' names only when something is wrong with them. */
static int
read_lists(const struct options *o, struct taxonomy **ret, struct buf *why)
{
	size_t n = why->n;
	struct buf a, b;
	int rc;

	buf_init(&a, DATA_MAX);
	buf_init(&b, DATA_MAX);
	rc = file_read(o->ceptoars, &a);
	if (rc != 0)
		buf_addf(why, "%s: %s", o->ceptoars, err_str(rc));
	if (rc == 0) {
		rc = file_read(o->taxonomy, &b);
		if (rc != 0)
			buf_addf(why, "%s: %s", o->taxonomy, err_str(rc));
	}
	if (rc == 0) {
		buf_addf(why, "%s or %s: ", o->ceptoars, o->taxonomy);
		rc = taxonomy_new(ret, buf_slice(&a), buf_slice(&b), why);
		if (rc == 0)
			why->n = n;
	}
	buf_done(&a);
	buf_done(&b);
	return rc;
}

static int
read_holidays(const struct options *o, struct taxonomy *t, struct buf *why)
{
	size_t n = why->n;
	struct buf b;
	int rc;

	if (o->holidays[0] == '\0')
		return 0;
	buf_init(&b, DATA_MAX);
	rc = file_read(o->holidays, &b);
	if (rc != 0) {
		buf_addf(why, "%s: %s", o->holidays, err_str(rc));
	} else {
		buf_addf(why, "%s: ", o->holidays);
		rc = taxonomy_holidays(t, buf_slice(&b), why);
		if (rc == 0)
			why->n = n;
	}
	buf_done(&b);
	return rc;
}

int
options_taxonomy(const struct options *o, struct taxonomy **ret, struct buf *why)
{
	struct taxonomy *t = NULL;
	int rc = read_lists(o, &t, why);

	if (rc != 0)
		return rc;
	rc = read_holidays(o, t, why);
	if (rc != 0)
		taxonomy_free(t);
	else
		*ret = t;
	return rc;
}

/* The rules of one section, over what `into` holds. */
static int
read_rules(
    const char *conf, const char *section, struct policy_rules *into, struct buf *why)
{
	struct conf_option t[RULES];
	size_t i;
	int rc;

	memcpy(t, rules_table, sizeof t);
	for (i = 0; i < RULES; i++)
		t[i].section = section;
	rc = conf_read(t, RULES, foreign_rules, conf, into, sizeof *into, why);
	if (rc == 0 && into->unverified_note >= into->unverified_end) {
		buf_addf(why, "%s: [%s] unverified_note is not before unverified_end",
		    conf, section);
		rc = ERR_INVALID;
	}
	return rc;
}

/* Which [policy SLUG] sections stand in the file. */
struct sections {
	const struct taxonomy *tax;
	struct slots seen;
	const char *conf;
	struct buf *why;
	int err;
};

static int
on_value(void *arg, const char *section, const char *name, const char *value)
{
	struct sections *s = arg;
	unsigned slot;

	(void)name;
	(void)value;
	if (strncmp(section, "policy ", 7) != 0 || s->err != 0)
		return 1;
	slot = taxonomy_slot(s->tax, slice_of(section + 7));
	if (slot == SLOT_NONE) {
		buf_addf(s->why, "%s: [%s]: no CEPTOAR has this name", s->conf, section);
		s->err = ERR_INVALID;
		return 0;
	}
	slots_set(&s->seen, slot);
	return 1;
}

int
options_policy(
    const char *conf, const struct taxonomy *t, struct policy *ret, struct buf *why)
{
	struct sections s = { .tax = t, .conf = conf, .why = why };
	struct policy p;
	char name[96];
	unsigned i;
	int rc;

	memset(&p, 0, sizeof p);
	rc = conf_defaults(rules_table, RULES, &p.rules);
	if (rc == 0)
		rc = read_rules(conf, "policy", &p.rules, why);
	if (rc != 0)
		return rc;
	/* conf_read has found the file well-formed. */
	(void)ini_parse(conf, on_value, &s);
	for (i = 0; i < SLOTS && s.err == 0; i++) {
		p.slot[i] = p.rules;
		if (!slots_has(&s.seen, i))
			continue;
		(void)snprintf(name, sizeof name, "policy %s", taxonomy_slug(t, i));
		s.err = read_rules(conf, name, &p.slot[i], why);
	}
	if (s.err == 0)
		*ret = p;
	return s.err;
}

static void
say_sample(void)
{
	struct buf b;

	buf_init(&b, TEXT_MAX);
	conf_sample(table, TABLE, &b);
	buf_addc(&b, '\n');
	conf_sample(rules_table, RULES, &b);
	buf_adds(&b, "\n# A section of its own overrides [policy] for one CEPTOAR:\n"
		     "#[policy medical-ceptoar]\n#auto_own_level = 2\n");
	(void)fputs(buf_cstr(&b), stdout);
	buf_done(&b);
}

static void
say_help(void)
{
	struct buf b;

	(void)puts(
	    "ceptoar-keeper - stores reports and hands out the log of bulletins\n\n"
	    "usage: ceptoar-keeper --conf FILE [--check]\n"
	    "       ceptoar-keeper --sample-conf | --audit FILE | --help\n\n"
	    "  --conf FILE    configuration; sections of the other programs are passed "
	    "over\n"
	    "  --check        read configuration, policy and data files, say what is "
	    "wrong,\n"
	    "                 end\n"
	    "  --sample-conf  print the options with their defaults\n"
	    "  --audit FILE   write a database's audit log for ceptoarctl audit "
	    "verify\n\n"
	    "Sockets are passed by systemd or ceptoard: keeper-front, keeper-desk, "
	    "keeper-courier,\nkeeper-admin.\n"
	    "SIGHUP reads policy and data files anew; SIGTERM ends.\n\nOptions:");
	buf_init(&b, TEXT_MAX);
	conf_help(table, TABLE, &b);
	conf_help(rules_table, RULES, &b);
	(void)fputs(buf_cstr(&b), stdout);
	buf_done(&b);
}

static int
load(const char *conf, struct options *o, struct taxonomy **t, struct policy *p)
{
	struct buf why;
	int rc;

	buf_init(&why, TEXT_MAX);
	rc = options_read(o, conf, &why);
	if (rc == 0)
		rc = options_taxonomy(o, t, &why);
	if (rc == 0)
		rc = options_policy(conf, *t, p, &why);
	if (rc != 0)
		(void)fprintf(stderr, "ceptoar-keeper: %s\n",
		    why.n > 0 ? buf_cstr(&why) : err_str(rc));
	buf_done(&why);
	return rc;
}

int
options_main(int argc, char **argv, struct keeper *k)
{
	const char *conf = NULL;
	int i, check = 0;

	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			say_help();
			return 0;
		}
		if (strcmp(argv[i], "--sample-conf") == 0) {
			say_sample();
			return 0;
		}
		if (strcmp(argv[i], "--audit") == 0 && i + 1 < argc)
			return audit_dump(argv[i + 1], stdout);
		if (strcmp(argv[i], "--check") == 0) {
			check = 1;
		} else if (strcmp(argv[i], "--conf") == 0 && i + 1 < argc) {
			conf = argv[++i];
		} else {
			(void)fprintf(stderr,
			    "ceptoar-keeper: %s: no such option; see --help\n", argv[i]);
			return ERR_INVALID;
		}
	}
	if (conf == NULL) {
		(void)fputs(
		    "ceptoar-keeper: --conf FILE is needed; see --help\n", stderr);
		return ERR_INVALID;
	}
	k->conf = conf;
	i = load(conf, &k->opt, &k->tax, &k->policy);
	if (i != 0 || check) {
		taxonomy_free(k->tax);
		k->tax = NULL;
		return i;
	}
	return 1;
}
