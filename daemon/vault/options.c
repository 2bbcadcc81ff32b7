/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/options.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "daemon/vault/envelope.h"
#include "lib/ballast.h"
#include "lib/log.h"

enum { TEXT_MAX = 65536, DAY_MS = 86400000 };

#define AT(field) offsetof(struct vault_options, field)
const struct conf_option vault_option_table[] = {
	{ "vault", "db", CONF_PATH, 0, PATH_MAX, "/var/lib/ceptoar-vault/vault.db", 0,
	    AT(db), "The database of members and sealed envelopes." },
	{ "vault", "escrow_a", CONF_PATH, 0, PATH_MAX, "/etc/ceptoar/escrow-a.pem", 1,
	    AT(escrow_a),
	    "Certificate of the holder who opens the inner envelope, PEM, P-256 or "
	    "P-384." },
	{ "vault", "escrow_b", CONF_PATH, 0, PATH_MAX, "/etc/ceptoar/escrow-b.pem", 1,
	    AT(escrow_b),
	    "Certificate of the holder who opens the outer envelope; another key than "
	    "A's." },
	{ "vault", "envelope_days", CONF_INT, 1, 3650, "180", 1, AT(envelope_days),
	    "Days after which an envelope is destroyed; publish this number." },
	{ "vault", "auto_releases", CONF_INT, 0, 1000, "3", 1, AT(auto_releases),
	    "Automatic releases of one member in 24 hours, counted in memory only (0: no "
	    "cap)." },
	{ "vault", "backup_dir", CONF_PATH, 0, PATH_MAX, "", 0, AT(backup_dir),
	    "Where backups may be written; empty: beside the database." },
	{ "vault", "ballast_mib", CONF_INT, 0, BALLAST_MIB_MOST, "64", 0, AT(ballast_mib),
	    "MiB beside the database that are given up when the disk is full, so that "
	    "the senders of critical reports can still be sealed; 0: none." },
	{ "tokens", "epoch", CONF_MS, 60000, 366LL * DAY_MS, "7d", 0, AT(epoch_ms),
	    "How long an epoch of blind tokens is; other lengths destroy all issuer "
	    "keys." },
	{ "tokens", "batch", CONF_INT, 1, 100, "20", 1, AT(batch),
	    "Tokens of one member in an epoch, fetched all at once." },
	{ "tokens", "keys_ahead", CONF_INT, 0, 60, "13", 1, AT(keys_ahead),
	    "Epochs for which issuer keys are made ahead, for the council to sign." },
	{ "log", "level", CONF_TEXT, 0, 8, "info", 1, AT(log_level),
	    "Most detailed lines written: error, warn, info or debug." },
};
#undef AT
const size_t vault_option_count =
    sizeof vault_option_table / sizeof vault_option_table[0];

static const struct {
	const char *name;
	int level;
} levels[] = { { "error", LOG_ERROR }, { "warn", LOG_WARN }, { "info", LOG_INFO },
	{ "debug", LOG_DEBUG } };

int
vault_options_log_level(const struct vault_options *o)
{
	size_t i;

	for (i = 0; i < sizeof levels / sizeof levels[0]; i++)
		if (strcmp(o->log_level, levels[i].name) == 0)
			return levels[i].level;
	return ERR_INVALID;
}

int
vault_options_read(const char *path, struct vault_options *ret, struct buf *why)
{
	/* Sections of the other programs: one file serves all. */
	static const char *const foreign[] = { "front", "tls", "data", "limits", "keeper",
		"policy", "policy *", "escalation", "hotline", "courier", "mail",
		"ceptoard", "hub", "scratch", "mode", "tokens.k", NULL };
	struct vault_options o;
	int rc;

	memset(&o, 0, sizeof o);
	rc = conf_defaults(vault_option_table, vault_option_count, &o);
	if (rc == 0 && path != NULL)
		rc = conf_read(vault_option_table, vault_option_count, foreign, path, &o,
		    sizeof o, why);
	if (rc == 0 && vault_options_log_level(&o) < 0) {
		buf_adds(why, "[log] level: expected error, warn, info or debug");
		rc = ERR_INVALID;
	}
	if (rc == 0 &&
	    (o.db[0] == '\0' || o.escrow_a[0] == '\0' || o.escrow_b[0] == '\0')) {
		buf_adds(why, "[vault] db, escrow_a and escrow_b may not be empty");
		rc = ERR_INVALID;
	}
	if (rc == 0)
		*ret = o;
	return rc;
}

static void
say(FILE *to, void (*write)(const struct conf_option *, size_t, struct buf *))
{
	struct buf b;

	buf_init(&b, TEXT_MAX);
	write(vault_option_table, vault_option_count, &b);
	(void)fputs(buf_cstr(&b), to);
	buf_done(&b);
}

static void
say_help(void)
{
	(void)puts(
	    "ceptoar-vault - keeps the hub's member registry and seals the senders of "
	    "reports\n\n"
	    "usage: ceptoar-vault --conf FILE [--check]\n"
	    "       ceptoar-vault --sample-conf | --help\n\n"
	    "  --conf FILE    configuration; sections of the other programs are passed "
	    "over\n"
	    "  --check        read configuration and certificates, say what is wrong, "
	    "end\n"
	    "  --sample-conf  print the options with their defaults\n\n"
	    "Sockets are passed by systemd or ceptoard: vault-front, vault-keeper, "
	    "vault-admin.\n"
	    "SIGHUP reads configuration and escrow certificates anew; SIGTERM ends.\n\n"
	    "Options:");
	say(stdout, conf_help);
}

/* --check also reads the certificates: a typing error there would stop every report. */
static int
check(const struct vault_options *o, struct buf *why)
{
	struct envelope_maker *m = NULL;
	int rc = envelope_new(&m, o->escrow_a, o->escrow_b, why);

	envelope_free(m);
	return rc;
}

int
vault_options_main(
    int argc, char **argv, const char **ret_conf, struct vault_options *ret)
{
	const char *conf = NULL;
	int i, only_check = 0, rc;
	struct buf why;

	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			say_help();
			return 0;
		}
		if (strcmp(argv[i], "--sample-conf") == 0) {
			say(stdout, conf_sample);
			return 0;
		}
		if (strcmp(argv[i], "--check") == 0)
			only_check = 1;
		else if (strcmp(argv[i], "--conf") == 0 && i + 1 < argc)
			conf = argv[++i];
		else
			break;
	}
	if (i < argc || conf == NULL) {
		(void)fputs(
		    "usage: ceptoar-vault --conf FILE [--check]; --help says more\n",
		    stderr);
		return ERR_INVALID;
	}
	buf_init(&why, TEXT_MAX);
	rc = vault_options_read(conf, ret, &why);
	if (rc == 0 && only_check)
		rc = check(ret, &why);
	if (rc != 0)
		(void)fprintf(stderr, "ceptoar-vault: %s\n",
		    why.n > 0 ? buf_cstr(&why) : err_str(rc));
	buf_done(&why);
	*ret_conf = conf;
	return rc != 0 ? ERR_INVALID : !only_check;
}
