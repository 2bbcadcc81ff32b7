/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ceptoar/cmd.h"
#include "lib/log.h"
#include "lib/mem.h"

struct command {
	const char *name;
	int (*run)(struct session *s, int argc, char **argv);
	int desk; /* exists at the desks' front only */
};

static const struct command commands[] = {
	{ "report", cmd_report, 0 },
	{ "preview", cmd_preview, 0 },
	{ "case", cmd_case, 0 },
	{ "watch", cmd_watch, 0 },
	{ "events", cmd_events, 0 },
	{ "bulletins", cmd_bulletins, 0 },
	{ "show", cmd_show, 0 },
	{ "ack", cmd_ack, 0 },
	{ "deliveries", cmd_deliveries, 0 },
	{ "question", cmd_question, 0 },
	{ "inbox", cmd_inbox, 1 },
	{ "trends", cmd_trends, 1 },
	{ "audit", cmd_audit, 1 },
	{ "identity", cmd_identity, 1 },
	{ "transparency", cmd_transparency, 0 },
	{ "me", cmd_me, 0 },
	{ "subscription", cmd_subscription, 0 },
	{ "tokens", cmd_tokens, 0 },
	{ "verify", cmd_verify, 0 },
	{ "triage", cmd_triage, 1 },
	{ "draft", cmd_draft, 1 },
	{ "second", cmd_second, 1 },
	{ "hotline", cmd_hotline, 1 },
	{ "bulletin", cmd_bulletin, 1 },
	{ "attach", cmd_attach, 0 },
	{ "relay", cmd_relay, 1 },
	{ "orders", cmd_orders, 1 },
	{ "names", cmd_names, 1 },
	{ "stats", cmd_stats, 1 },
	{ "assess", cmd_assess, 1 },
	{ "export", cmd_export, 0 },
	{ "mode", cmd_mode, 0 },
	{ "situation", cmd_situation, 1 },
	{ "backlog", cmd_backlog, 1 },
	{ "confirm", cmd_confirm, 1 },
	{ "drill", cmd_drill, 1 },
	{ "contact-test", cmd_contact_test, 1 },
};

static int
copy(char *to, size_t room, const char *from)
{
	return snprintf(to, room, "%s", from) < (int)room ? EXIT_DONE : EXIT_USAGE;
}

static int
one_option(struct session *s, int o, const char *value)
{
	char *end;

	switch (o) {
	case 'a':
		return session_as(s, value) == 0 ? EXIT_DONE : EXIT_USAGE;
	case 'u':
		if (session_urls(s, value) == 0)
			return EXIT_DONE;
		return session_say(EXIT_USAGE,
		    "--url: expected https://HOST[:PORT], up to %d of "
		    "them separated by commas",
		    URLS_MAX);
	case 'b':
		return copy(s->blind_list, sizeof s->blind_list, value);
	case 'd':
		return copy(s->desk_list, sizeof s->desk_list, value);
	case 'p':
		if (session_proxy(s, value) == 0)
			return EXIT_DONE;
		return session_say(EXIT_USAGE,
		    "--proxy: expected socks5h://HOST:PORT (the proxy has to resolve the "
		    "hub's name)");
	case 'r':
		if (session_relay(s, value) == 0)
			return EXIT_DONE;
		return session_say(EXIT_USAGE, "--relay: expected HOST:PORT");
	case 'T':
		return copy(s->terms, sizeof s->terms, value);
	case 'y':
		s->yes = 1;
		return EXIT_DONE;
	case 'A':
		return copy(s->ca, sizeof s->ca, value);
	case 's':
		return copy(s->state_dir, sizeof s->state_dir, value);
	case 'l':
		if (strcmp(value, "ja") != 0 && strcmp(value, "en") != 0)
			return session_say(EXIT_USAGE, "--lang: ja or en");
		return copy(s->lang, sizeof s->lang, value);
	case 't':
		s->timeout_s = strtol(value, &end, 10);
		if (*end != '\0' || s->timeout_s < 1 || s->timeout_s > 3600)
			return session_say(
			    EXIT_USAGE, "--timeout: expected 1 to 3600 seconds");
		return EXIT_DONE;
	case 'j':
		s->json = 1;
		return EXIT_DONE;
	default:
		return EXIT_USAGE;
	}
}

static const struct option global[] = { { "as", 1, NULL, 'a' }, { "url", 1, NULL, 'u' },
	{ "ca", 1, NULL, 'A' }, { "state-dir", 1, NULL, 's' }, { "lang", 1, NULL, 'l' },
	{ "blind-url", 1, NULL, 'b' }, { "desk-url", 1, NULL, 'd' },
	{ "proxy", 1, NULL, 'p' }, { "relay", 1, NULL, 'r' }, { "terms", 1, NULL, 'T' },
	{ "yes", 0, NULL, 'y' }, { "timeout", 1, NULL, 't' }, { "json", 0, NULL, 'j' },
	{ "help", 0, NULL, 'h' }, { NULL, 0, NULL, 0 } };

/* These may also stand behind the command; the others are before it, since a command has
 * options of its own. */
static int
one_behind(struct session *s, int *i, int argc, char **argv, int *help)
{
	static const struct {
		const char *name;
		int o;
	} valued[] = { { "--blind-url", 'b' }, { "--desk-url", 'd' }, { "--proxy", 'p' },
		{ "--relay", 'r' }, { "--terms", 'T' } };
	const char *a = argv[*i];
	size_t k, n;

	if (strcmp(a, "--json") == 0) {
		s->json = 1;
		return EXIT_DONE;
	}
	if (strcmp(a, "--yes") == 0) {
		s->yes = 1;
		return EXIT_DONE;
	}
	if (strcmp(a, "--help") == 0) {
		*help = 1;
		return EXIT_DONE;
	}
	for (k = 0; k < sizeof valued / sizeof valued[0]; k++) {
		n = strlen(valued[k].name);
		if (strncmp(a, valued[k].name, n) != 0)
			continue;
		if (a[n] == '=')
			return one_option(s, valued[k].o, a + n + 1);
		if (a[n] == '\0' && *i + 1 < argc)
			return one_option(s, valued[k].o, argv[++*i]);
	}
	return ERR_NOTFOUND;
}

static int
take_out(struct session *s, int *argc, char **argv, int *help)
{
	int i, rc, n = 1;

	for (i = 1; i < *argc; i++) {
		rc = one_behind(s, &i, *argc, argv, help);
		if (rc == ERR_NOTFOUND)
			argv[n++] = argv[i];
		else if (rc != EXIT_DONE)
			return rc;
	}
	argv[n] = NULL;
	*argc = n;
	return EXIT_DONE;
}

/* What a report or a case needs depends on the listener it goes to; a file can be
 * verified without a hub. */
static int
checks_itself(const char *name)
{
	return strcmp(name, "report") == 0 || strcmp(name, "case") == 0 ||
	       strcmp(name, "verify") == 0 || strcmp(name, "deliveries") == 0 ||
	       strcmp(name, "question") == 0 || strcmp(name, "export") == 0 ||
	       strcmp(name, "mode") == 0;
}

static int
run_command(struct session *s, int argc, char **argv)
{
	static struct session before;
	size_t k;
	int help = 0, rc;

	for (k = 0; k < sizeof commands / sizeof commands[0]; k++)
		if (strcmp(argv[0], commands[k].name) == 0)
			break;
	if (k == sizeof commands / sizeof commands[0])
		return session_say(
		    EXIT_USAGE, "%s: unknown command; see ceptoar --help", argv[0]);
	rc = take_out(s, &argc, argv, &help);
	if (help) {
		(void)fputs(help_of(argv[0]), stdout);
		return EXIT_DONE;
	}
	if (rc == EXIT_DONE && commands[k].desk) {
		before = *s;
		rc = session_desk(&before, s);
	} else if (rc == EXIT_DONE && !checks_itself(argv[0])) {
		rc = session_check(s);
	}
	if (rc != EXIT_DONE)
		return rc;
	optind = 0; /* the command has options of its own */
	return commands[k].run(s, argc, argv);
}

int
main(int argc, char **argv)
{
	struct session s;
	int o, rc;

	log_open("ceptoar", LOG_ERROR);
	/* Tokens, case secrets and what is kept private pass through JSON values. */
	json_set_alloc_funcs(mem_alloc, mem_wipe_free_all);
	(void)signal(SIGPIPE, SIG_IGN); /* a hub that goes away must not end us */
	session_init(&s);
	while ((o = getopt_long(argc, argv, "+h", global, NULL)) != -1) {
		if (o == 'h') {
			(void)fputs(help_main, stdout);
			(void)fputs(help_options, stdout);
			return EXIT_DONE;
		}
		rc = one_option(&s, o, optarg);
		if (rc != EXIT_DONE)
			return rc;
	}
	if (optind == argc) {
		(void)fputs(
		    "usage: ceptoar [--as DIR/MEMBER] COMMAND ...; see ceptoar --help\n",
		    stderr);
		return EXIT_USAGE;
	}
	return run_command(&s, argc - optind, argv + optind);
}
