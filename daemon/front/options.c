/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/front/options.h"

#include <string.h>

#define AT(field) offsetof(struct front_options, field)

const struct conf_option front_options[] = {
	{ "front", "vault_socket", CONF_PATH, 0, 108, "/run/ceptoar/vault-front", 0,
	    AT(vault_socket), "Where the vault listens for fronts." },
	{ "front", "keeper_socket", CONF_PATH, 0, 108, "/run/ceptoar/keeper-front", 0,
	    AT(keeper_socket), "Where the keeper listens for fronts." },
	{ "front", "desk_socket", CONF_PATH, 0, 108, "/run/ceptoar/keeper-desk", 0,
	    AT(desk_socket), "Where the keeper listens for the desks' front." },
	{ "front", "hosts", CONF_TEXT, 0, 1024, "localhost,127.0.0.1,[::1]", 1,
	    AT(host_list), "Names that a request's Host may have, separated by commas." },
	{ "tls", "cert", CONF_PATH, 0, PATH_ROOM, "/etc/ceptoar/tls/server.pem", 1,
	    AT(cert), "The server's certificate and its chain, PEM." },
	{ "tls", "key", CONF_PATH, 0, PATH_ROOM, "/etc/ceptoar/tls/server.key", 1,
	    AT(key), "The server's private key, PEM." },
	{ "tls", "ca", CONF_PATH, 0, PATH_ROOM, "/etc/ceptoar/tls/ca.pem", 1, AT(ca),
	    "The private CA that signs members' certificates, PEM." },
	{ "tls", "crl", CONF_PATH, 0, PATH_ROOM, "", 1, AT(crl),
	    "The CA's revocation list, PEM; empty for a hub that has none yet." },
	{ "tls", "answers_cert", CONF_PATH, 0, PATH_ROOM, "", 1, AT(answers_cert),
	    "Certificate and chain of the listener that links in mails lead to, PEM: "
	    "one that browsers know; empty: the server's." },
	{ "tls", "answers_key", CONF_PATH, 0, PATH_ROOM, "", 1, AT(answers_key),
	    "Its private key, PEM." },
	{ "data", "ceptoars", CONF_PATH, 0, PATH_ROOM,
	    PREFIX "/share/ceptoar/ceptoars.json", 0, AT(ceptoars),
	    "Sectors and CEPTOARs." },
	{ "data", "taxonomy", CONF_PATH, 0, PATH_ROOM,
	    PREFIX "/share/ceptoar/taxonomy.json", 0, AT(taxonomy),
	    "Event and cause classes." },
	{ "limits", "streams_per_member", CONF_INT, 0, 1000000, "8", 1,
	    AT(streams_per_member),
	    "Open streams of one member; one more closes the oldest (0: no cap)." },
	{ "limits", "connections", CONF_INT, 0, 1000000, "20000", 1, AT(connections),
	    "Connections of one front at once (0: no cap)." },
	{ "limits", "connections_per_address", CONF_INT, 0, 1000000, "256", 1,
	    AT(connections_per_address),
	    "Connections of one address at once (0: no cap)." },
	{ "limits", "handshakes_per_second", CONF_INT, 0, 1000000, "400", 1,
	    AT(handshakes_per_second),
	    "New connections a second; more wait in the kernel's queue (0: no cap)." },
	{ "limits", "handshakes_per_address", CONF_INT, 0, 1000000, "32", 1,
	    AT(handshakes_per_address),
	    "New connections a second of one address; more are closed (0: no cap; none "
	    "either when handshakes_per_second is 0)." },
	{ "limits", "handshakes_at_once", CONF_INT, 16, 1000000, "4096", 1,
	    AT(handshakes_at_once),
	    "Handshakes under way at once; then accepting pauses." },
	{ "limits", "reports_per_minute", CONF_INT, 0, 1000000, "30", 1,
	    AT(reports_per_minute),
	    "Reports, previews and messages of one member a minute (0: no cap)." },
	{ "limits", "case_failures_per_minute", CONF_INT, 0, 1000000, "600", 1,
	    AT(case_failures_per_minute),
	    "Case secrets that do not fit, all connections of a front together; more "
	    "get 429, right ones still their answer (0: no cap)." },
	{ "limits", "blind_connections", CONF_INT, 0, 1000000, "2000", 1,
	    AT(blind_connections),
	    "Connections of the blind listener at once, all together (0: no cap)." },
	{ "limits", "blind_handshakes_per_second", CONF_INT, 0, 1000000, "100", 1,
	    AT(blind_handshakes_per_second),
	    "New connections a second of the blind listener, all together; more wait in "
	    "the kernel's queue (0: no cap)." },
	{ "limits", "blind_reports_per_minute", CONF_INT, 0, 1000000, "600", 1,
	    AT(blind_reports_per_minute),
	    "Reports stored a minute over the blind listener, all together (0: no "
	    "cap)." },
	{ "limits", "answer_connections", CONF_INT, 0, 1000000, "500", 1,
	    AT(answer_connections),
	    "Connections of the answers' listener at once, all together (0: no cap)." },
	{ "limits", "answer_handshakes_per_second", CONF_INT, 0, 1000000, "50", 1,
	    AT(answer_handshakes_per_second),
	    "New connections a second of the answers' listener, all together; more wait "
	    "in the kernel's queue (0: no cap)." },
	{ "limits", "answer_failures_per_minute", CONF_INT, 0, 1000000, "300", 1,
	    AT(answer_failures_per_minute),
	    "Links that lead nowhere, all together; more get 429, right ones still "
	    "their page (0: no cap)." },
	{ "limits", "calls_at_once", CONF_INT, 16, 100000, "4096", 1, AT(calls_at_once),
	    "Questions to vault and keeper without an answer yet; more get 503." },
	{ "limits", "ring_bytes", CONF_SIZE, 65536, 4LL << 30, "32M", 0, AT(ring_bytes),
	    "Memory for the newest rows of the log, from which streams are served." },
	{ "limits", "page_bytes", CONF_SIZE, 4 << 20, 4LL << 30, "64M", 1, AT(page_bytes),
	    "Memory for pages of older rows, all readers together." },
	{ "tokens", "epoch", CONF_MS, 60000, 366LL * 86400000, "7d", 0, AT(token_epoch),
	    "How long an epoch of blind tokens is; other lengths destroy all issuer "
	    "keys." },
	{ "tokens", "batch", CONF_INT, 1, 100, "20", 1, AT(token_batch),
	    "Tokens of one member in an epoch, fetched all at once." },
	{ "log", "level", CONF_TEXT, 0, 8, "info", 1, AT(log_level),
	    "Most detailed lines written: error, warn, info or debug." },
};
const size_t front_options_count = sizeof front_options / sizeof front_options[0];

static int
split_hosts(struct front_options *o, struct buf *why)
{
	size_t n = 0;
	char *p = o->host_text, *end;

	memcpy(o->host_text, o->host_list, sizeof o->host_text);
	while (*p != '\0') {
		while (*p == ' ' || *p == ',')
			*p++ = '\0';
		if (*p == '\0')
			break;
		if (n == HOSTS_MAX) {
			buf_adds(why, "[front] hosts: at most 32 names");
			return ERR_INVALID;
		}
		end = p + strcspn(p, " ,");
		o->hosts[n++] = p;
		if (*end != '\0')
			*end++ = '\0';
		p = end;
	}
	o->hosts[n] = NULL;
	if (n == 0) {
		buf_adds(why, "[front] hosts: expected at least one name");
		return ERR_INVALID;
	}
	return 0;
}

static int
read_level(struct front_options *o, struct buf *why)
{
	static const struct {
		const char *name;
		enum log_level level;
	} table[] = { { "error", LOG_ERROR }, { "warn", LOG_WARN }, { "info", LOG_INFO },
		{ "debug", LOG_DEBUG } };
	size_t i;

	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		if (strcmp(o->log_level, table[i].name) == 0) {
			o->level = table[i].level;
			return 0;
		}
	}
	buf_adds(why, "[log] level: expected error, warn, info or debug");
	return ERR_INVALID;
}

int
front_options_read(const char *path, struct front_options *ret, struct buf *why)
{
	static const char *const foreign[] = { "vault", "keeper", "courier", "mail",
		"policy", "policy *", "escalation", "hotline", "mode", "hub", "scratch",
		"tokens.keys_ahead", "tokens.k", "data.holidays", NULL };
	struct front_options o;
	int rc;

	memset(&o, 0, sizeof o);
	rc = conf_defaults(front_options, front_options_count, &o);
	if (rc == 0 && path != NULL)
		rc = conf_read(
		    front_options, front_options_count, foreign, path, &o, sizeof o, why);
	if (rc == 0)
		rc = split_hosts(&o, why);
	if (rc == 0)
		rc = read_level(&o, why);
	if (rc != 0)
		return rc;
	*ret = o;
	for (size_t i = 0; o.hosts[i] != NULL; i++) /* point into the copy */
		ret->hosts[i] = ret->host_text + (o.hosts[i] - o.host_text);
	return 0;
}
