/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/ceptoar/cmd.h"
#include "lib/mem.h"

/* A desk passes a bulletin on within its CEPTOAR, and says what passes on by itself. */

enum { TARGET_MAX = 512, ID_MAX = 64, OUT_MAX = 1024 * 1024 };

static int
set_text(json_t *o, const char *key, const char *ja, const char *en)
{
	json_t *t;

	if (ja == NULL && en == NULL)
		return 0;
	t = json_object();
	if ((ja != NULL && json_object_set_new(t, "ja", json_string(ja)) != 0) ||
	    (en != NULL && json_object_set_new(t, "en", json_string(en)) != 0)) {
		json_decref(t);
		return ERR_INVALID;
	}
	return json_object_set_new(o, key, t) == 0 ? 0 : ERR_NOMEM;
}

/* Sends a body and shows what the hub answers; an exit status. */
static int
send(struct session *s, const char *method, const char *path, const json_t *body)
{
	struct http_answer a;
	struct slice text;
	struct buf b, out;
	json_t *j = NULL;
	int rc = 0;

	buf_init(&b, OUT_MAX);
	http_answer_init(&a);
	if (body != NULL)
		rc = json_canonical(body, &b);
	text = buf_slice(&b);
	if (rc != 0)
		rc = session_say(EXIT_USAGE, "a text is no UTF-8");
	else if (strcmp(method, "POST") == 0)
		rc = cmd_post(s, path, &text, NULL, &a);
	else
		rc = http_do(s, method, path, body != NULL ? &text : NULL, NULL, &a);
	if (rc == 0 && a.status != 200 && a.status != 201)
		rc = http_refused(&a);
	else if (rc == 0)
		j = json_loadb(a.body.p, a.body.n, 0, NULL);
	else if (rc < 0)
		rc = http_unreached(s, rc);
	if (j != NULL && s->json) {
		rc = cmd_print_json(s, j);
	} else if (j != NULL) {
		buf_init(&out, OUT_MAX);
		show_object(j, 0, &out);
		rc = show_print(&out);
	}
	json_decref(j);
	http_answer_done(&a);
	buf_done(&b);
	return rc;
}

static int
is_ref(const char *s)
{
	size_t n = strlen(s);

	return n > 0 && n <= ID_MAX &&
	       s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			   "0123456789-.")] == '\0';
}

/* What both commands can say. */
struct words {
	const char *ja, *en, *tlp, *ceptoar, *ack_by, *from, *when;
	int everybody;
	long severity;
};

static int
set_one(json_t *o, const char *key, const char *value)
{
	return value == NULL					      ? 0
	       : json_object_set_new(o, key, json_string(value)) == 0 ? 0
								      : ERR_INVALID;
}

static int
read_words(struct words *w, int argc, char **argv)
{
	static const struct option names[] = { { "note", 1, NULL, 'n' },
		{ "note-en", 1, NULL, 'e' }, { "tlp", 1, NULL, 't' },
		{ "ceptoar", 1, NULL, 'c' }, { "ack-by", 1, NULL, 'a' },
		{ "everybody", 0, NULL, 'E' }, { "from", 1, NULL, 'f' },
		{ "when", 1, NULL, 'w' }, { "min-severity", 1, NULL, 'm' },
		{ NULL, 0, NULL, 0 } };
	int o;

	memset(w, 0, sizeof *w);
	w->severity = -1;
	while ((o = getopt_long(argc, argv, "", names, NULL)) != -1)
		switch (o) {
		case 'n':
			w->ja = optarg;
			break;
		case 'e':
			w->en = optarg;
			break;
		case 't':
			w->tlp = optarg;
			break;
		case 'c':
			w->ceptoar = optarg;
			break;
		case 'a':
			w->ack_by = optarg;
			break;
		case 'E':
			w->everybody = 1;
			break;
		case 'f':
			w->from = optarg;
			break;
		case 'w':
			w->when = optarg;
			break;
		case 'm':
			if (strlen(optarg) != 1 || *optarg < '0' || *optarg > '4')
				return session_say(
				    EXIT_USAGE, "--min-severity: expected 0 to 4");
			w->severity = *optarg - '0';
			break;
		default:
			return EXIT_USAGE;
		}
	return EXIT_DONE;
}

int
cmd_relay(struct session *s, int argc, char **argv)
{
	char path[TARGET_MAX];
	struct words w;
	json_t *o;
	int rc = read_words(&w, argc, argv);

	if (rc != EXIT_DONE)
		return rc;
	if (optind + 1 != argc || !is_ref(argv[optind]) || w.from != NULL ||
	    w.when != NULL || w.severity >= 0)
		return session_say(
		    EXIT_USAGE, "relay: expected one NUMBER or ID; see relay --help");
	(void)snprintf(path, sizeof path, "/v1/bulletins/%s/relay", argv[optind]);
	o = json_object();
	rc = set_text(o, "note", w.ja, w.en);
	if (rc == 0)
		rc = set_one(o, "tlp", w.tlp);
	if (rc == 0)
		rc = set_one(o, "ceptoar", w.ceptoar);
	if (rc == 0 && w.everybody)
		rc = set_one(o, "to", "everybody");
	if (rc == 0 && w.ack_by != NULL &&
	    json_object_set_new(o, "ack",
		json_pack("{s:b,s:s}", "required", 1, "deadline", w.ack_by)) != 0)
		rc = ERR_INVALID;
	rc = rc == 0 ? send(s, "POST", path, o)
		     : session_say(EXIT_USAGE, "a text is no UTF-8");
	json_decref(o);
	return rc;
}

static int
put_order(struct session *s, int argc, char **argv)
{
	struct words w;
	json_t *o;
	int rc = read_words(&w, argc, argv);

	if (rc != EXIT_DONE)
		return rc;
	if (optind != argc || w.ceptoar == NULL || w.severity < 0 || w.everybody ||
	    w.ack_by != NULL)
		return session_say(EXIT_USAGE,
		    "orders set: --ceptoar SLUG and --min-severity N are needed");
	o = json_object();
	rc = set_text(o, "note", w.ja, w.en);
	if (rc == 0)
		rc = set_one(o, "tlp", w.tlp);
	if (rc == 0)
		rc = set_one(o, "ceptoar", w.ceptoar);
	if (rc == 0)
		rc = set_one(o, "from", w.from != NULL ? w.from : "centre");
	if (rc == 0)
		rc = set_one(o, "when", w.when != NULL ? w.when : "asleep");
	if (rc == 0 &&
	    json_object_set_new(o, "min_severity", json_integer(w.severity)) != 0)
		rc = ERR_NOMEM;
	rc = rc == 0 ? send(s, "PUT", "/v1/orders", o)
		     : session_say(EXIT_USAGE, "a text is no UTF-8");
	json_decref(o);
	return rc;
}

int
cmd_orders(struct session *s, int argc, char **argv)
{
	char path[TARGET_MAX];

	if (argc == 1 || (argc == 2 && strcmp(argv[1], "list") == 0))
		return send(s, "GET", "/v1/orders", NULL);
	if (strcmp(argv[1], "set") == 0)
		return put_order(s, argc - 1, argv + 1);
	if (argc == 3 && strcmp(argv[1], "drop") == 0 && is_ref(argv[2])) {
		(void)snprintf(path, sizeof path, "/v1/orders/%s", argv[2]);
		return send(s, "DELETE", path, NULL);
	}
	(void)fputs(help_orders, stderr);
	return EXIT_USAGE;
}
