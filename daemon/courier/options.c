/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/courier/options.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "lib/conf.h"
#include "lib/file.h"
#include "lib/log.h"
#include "lib/mem.h"

enum { TEXT_MAX = 65536, HOUR_MS = 3600000 };

#define AT(field) offsetof(struct options, field)
static const struct conf_option table[] = {
	{ "courier", "keeper_socket", CONF_PATH, 0, 108, "/run/ceptoar/keeper-courier", 0,
	    AT(keeper_socket), "Where the keeper hands out what is to be delivered." },
	{ "courier", "vault_socket", CONF_PATH, 0, 108, "/run/ceptoar/vault-courier", 0,
	    AT(vault_socket), "Where the vault tells a receiver's addresses." },
	{ "courier", "ca", CONF_PATH, 0, PATH_MAX, "/etc/ssl/certs/ca-certificates.crt",
	    1, AT(ca), "Authorities that receivers' certificates must come from, PEM." },
	{ "courier", "tls13", CONF_BOOL, 0, 1, "no", 1, AT(tls13),
	    "Whether receivers must speak TLS 1.3; 1.2 is the least otherwise." },
	{ "courier", "ports", CONF_TEXT, 0, 64, "443,8443", 1, AT(ports),
	    "Ports that webhooks may use, separated by commas, up to eight." },
	{ "courier", "give_up", CONF_MS, 60000, 720LL * HOUR_MS, "24h", 1, AT(give_up_ms),
	    "After this time a delivery that fails is given up and its desk is told." },
	{ "courier", "retry_first", CONF_MS, 1000, HOUR_MS, "5s", 1, AT(first_ms),
	    "Pause after the first failure; it doubles, with some chance." },
	{ "courier", "retry_last", CONF_MS, 1000, 24LL * HOUR_MS, "1h", 1, AT(last_ms),
	    "The longest pause, also when a receiver asks for a longer one." },
	{ "courier", "gateway", CONF_TEXT, 0, TARGET_HOST + TARGET_PATH + 16, "", 1,
	    AT(gateway),
	    "Address of the gateway for short messages and calls, https; empty: none." },
	{ "courier", "gateway_secret", CONF_PATH, 0, PATH_MAX, "", 1,
	    AT(gateway_secret_file),
	    "File with 64 hex digits that messages to the gateway are signed with." },
	{ "mail", "server", CONF_TEXT, 0, TARGET_HOST + 32, "", 1, AT(mail.server),
	    "The mail server that takes our mails: smtps://host (465) or smtp://host "
	    "(587, STARTTLS required); empty: none." },
	{ "mail", "user", CONF_TEXT, 0, MAIL_TEXT, "", 1, AT(mail.user),
	    "Who we are there; empty: it asks for no password." },
	{ "mail", "password_file", CONF_PATH, 0, PATH_MAX, "", 1, AT(mail.password_file),
	    "File with the password, one line." },
	{ "mail", "ca", CONF_PATH, 0, PATH_MAX, "/etc/ssl/certs/ca-certificates.crt", 1,
	    AT(mail.ca), "Authorities that the server's certificate must come from." },
	{ "mail", "timeout", CONF_MS, 2000, 20000, "20s", 1, AT(mail.timeout_ms),
	    "So long the server may take for one mail." },
	{ "mail", "from", CONF_TEXT, 0, MAIL_TEXT, "", 1, AT(mail.from),
	    "The address that mails come from, and that bounces go to." },
	{ "mail", "from_name", CONF_TEXT, 0, MAIL_TEXT, "CEPTOAR", 1, AT(mail.from_name),
	    "The name beside it." },
	{ "mail", "answers_url", CONF_TEXT, 0, MAIL_TEXT, "", 1, AT(mail.answers_url),
	    "What acknowledgement links begin with, https://host:port of the answers' "
	    "listener; empty: mails have no link." },
	{ "mail", "full_text_up_to", CONF_TEXT, 0, 24, "TLP:AMBER+STRICT", 1,
	    AT(mail.whole_text),
	    "Beyond this TLP a mail says that there is a bulletin, and not what." },
	{ "log", "level", CONF_TEXT, 0, 8, "info", 1, AT(log_level),
	    "Most detailed lines written: error, warn, info or debug." },
};
#undef AT
enum { TABLE = sizeof table / sizeof table[0] };

static const char *const foreign[] = { "front", "tls", "data", "limits", "keeper",
	"vault", "policy", "policy *", "ceptoard", "hub", "scratch", "escalation",
	"hotline", "mode", "tokens", "courier.on", "courier.lease", "courier.digest",
	"courier.link_quiet", NULL };

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

static int
read_secret(struct options *o, struct buf *why)
{
	struct slice text;
	struct buf b;
	int rc;

	buf_init(&b, 256);
	rc = file_read(o->gateway_secret_file, &b);
	text = buf_slice(&b);
	while (text.n > 0 && (text.p[text.n - 1] == '\n' || text.p[text.n - 1] == ' '))
		text.n--;
	if (rc != 0)
		buf_addf(why, "%s: %s", o->gateway_secret_file, err_str(rc));
	else if (hex_decode(text, o->gateway_secret, SIGN_SECRET) != SIGN_SECRET) {
		buf_addf(why, "%s: expected 64 hex digits", o->gateway_secret_file);
		rc = ERR_INVALID;
	}
	buf_wipe(&b);
	return rc;
}

static int
read_gateway(struct options *o, struct buf *why)
{
	const char *bad;

	if (o->gateway[0] == '\0')
		return 0;
	bad = target_read(o->gateway, &o->rules, &o->gateway_at);
	if (bad != NULL) {
		buf_addf(why, "[courier] gateway: %s", bad);
		return ERR_INVALID;
	}
	if (o->gateway_secret_file[0] == '\0') {
		buf_adds(why, "[courier] gateway_secret: a gateway needs one");
		return ERR_INVALID;
	}
	return read_secret(o, why);
}

/* What the table cannot say. */
static int
settle(struct options *o, struct buf *why)
{
	if (options_log_level(o) < 0) {
		buf_adds(why, "[log] level: expected error, warn, info or debug");
		return ERR_INVALID;
	}
	if (target_ports(o->ports, &o->rules) != 0) {
		buf_adds(why, "[courier] ports: expected up to eight numbers from 1 to "
			      "65535, separated by commas");
		return ERR_INVALID;
	}
	if (o->last_ms < o->first_ms) {
		buf_adds(why, "[courier] retry_last is before retry_first");
		return ERR_INVALID;
	}
	o->backoff.first = (uint32_t)(o->first_ms / 1000);
	o->backoff.last = (uint32_t)(o->last_ms / 1000);
	if (mail_way_read(&o->mail, why) != 0)
		return ERR_INVALID;
	return read_gateway(o, why);
}

int
options_read(struct options *ret, const char *conf, int loopback, struct buf *why)
{
	struct options o;
	int rc;

	memset(&o, 0, sizeof o);
	o.rules.loopback = loopback;
	rc = conf_defaults(table, TABLE, &o);
	if (rc == 0)
		rc = conf_read(table, TABLE, foreign, conf, &o, sizeof o, why);
	if (rc == 0)
		rc = settle(&o, why);
	if (rc == 0)
		*ret = o;
	mem_wipe(&o, sizeof o);
	return rc;
}

static void
say(void (*write)(const struct conf_option *, size_t, struct buf *))
{
	struct buf b;

	buf_init(&b, TEXT_MAX);
	write(table, TABLE, &b);
	(void)fputs(buf_cstr(&b), stdout);
	buf_done(&b);
}

static void
say_help(void)
{
	(void)puts(
	    "ceptoar-courier - brings bulletins to webhooks, mail and pagers\n\n"
	    "usage: ceptoar-courier --conf FILE [--check] [--allow-loopback-webhooks]\n"
	    "       ceptoar-courier --sample-conf | --help\n\n"
	    "  --conf FILE    configuration; sections of the other programs are passed "
	    "over\n"
	    "  --check        read the configuration, say what is wrong, end\n"
	    "  --sample-conf  print the options with their defaults\n"
	    "  --allow-loopback-webhooks\n"
	    "                 for tests only: webhooks may lead to this machine's "
	    "loopback\n"
	    "                 addresses, on any port; said in the log at every start\n\n"
	    "Socket passed by systemd or ceptoard: courier-admin.\n"
	    "SIGHUP reads the configuration anew; SIGTERM ends.\n\nOptions:");
	say(conf_help);
}

int
options_main(int argc, char **argv, const char **ret_conf, struct options *ret)
{
	int i, check = 0, loopback = 0, rc;
	const char *conf = NULL;
	struct buf why;

	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			say_help();
			return 0;
		}
		if (strcmp(argv[i], "--sample-conf") == 0) {
			say(conf_sample);
			return 0;
		}
		if (strcmp(argv[i], "--check") == 0)
			check = 1;
		else if (strcmp(argv[i], "--allow-loopback-webhooks") == 0)
			loopback = 1;
		else if (strcmp(argv[i], "--conf") == 0 && i + 1 < argc)
			conf = argv[++i];
		else
			break;
	}
	if (i < argc || conf == NULL) {
		(void)fputs(
		    "usage: ceptoar-courier --conf FILE [--check]; --help says more\n",
		    stderr);
		return ERR_INVALID;
	}
	buf_init(&why, TEXT_MAX);
	rc = options_read(ret, conf, loopback, &why);
	if (rc != 0)
		(void)fprintf(stderr, "ceptoar-courier: %s\n",
		    why.n > 0 ? buf_cstr(&why) : err_str(rc));
	buf_done(&why);
	*ret_conf = conf;
	return rc != 0 ? ERR_INVALID : !check;
}
