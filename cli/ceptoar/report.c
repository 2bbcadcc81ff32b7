/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "cli/ceptoar/blind.h"
#include "cli/ceptoar/cmd.h"
#include "cli/ceptoar/slip.h"
#include "cli/ceptoar/state.h"
#include "lib/mem.h"
#include "lib/term.h"

int
cmd_commit(json_t *report, char ret_secret[SECRET_TEXT + 1])
{
	char commitment[SECRET_TEXT + 1];

	ret_secret[0] = '\0';
	/* A report that brings its own commitment has its secret kept elsewhere. */
	if (json_object_get(report, "case_commitment") != NULL)
		return EXIT_DONE;
	if (state_secret(ret_secret, commitment) != 0 ||
	    json_object_set_new(report, "case_commitment", json_string(commitment)) != 0)
		return session_say(EXIT_REFUSED, "no random numbers");
	return EXIT_DONE;
}

int
cmd_report(struct session *s, int argc, char **argv)
{
	static const struct option names[] = { { "again", 1, NULL, 'a' },
		{ "approved", 1, NULL, 'p' }, { "no-case", 0, NULL, 'n' },
		{ "blind", 0, NULL, 'b' }, { "slip", 1, NULL, 's' },
		{ "slip-to", 1, NULL, 't' }, { "duty-cert", 1, NULL, 'd' },
		{ NULL, 0, NULL, 0 } };
	char secret[SECRET_TEXT + 1] = "";
	const char *approved = NULL, *again = NULL;
	struct slip_order slip = { NULL, NULL, NULL };
	json_t *report = NULL;
	int o, rc, with_case = 1, blind = 0;

	while ((o = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (o == 'a')
			again = optarg;
		else if (o == 'p')
			approved = optarg;
		else if (o == 'n')
			with_case = 0;
		else if (o == 'b')
			blind = 1;
		else if (o == 's')
			slip.text_file = optarg;
		else if (o == 't')
			slip.desk = optarg;
		else if (o == 'd')
			slip.cert_file = optarg;
		else
			return EXIT_USAGE;
	}
	if (again != NULL && optind == argc)
		return cmd_send_again(s, again);
	if (optind + 1 != argc)
		return session_say(
		    EXIT_USAGE, "report: expected one file; see ceptoar report --help");
	if ((slip.text_file != NULL) != (slip.desk != NULL) ||
	    (slip.text_file != NULL && strcmp(slip.text_file, "-") == 0 &&
		strcmp(argv[optind], "-") == 0))
		return session_say(EXIT_USAGE,
		    "report: --slip FILE and --slip-to DESK go together; only one file "
		    "can be standard input");
	if (blind && approved != NULL)
		return session_say(EXIT_USAGE,
		    "--approved: a blind report is previewed by this command itself");
	if (blind)
		return blind_report(s, argv[optind], with_case, &slip);
	rc = session_check(s);
	if (rc == EXIT_DONE)
		rc = cmd_read_report(argv[optind], &report);
	if (rc != EXIT_DONE)
		return rc;
	if (with_case)
		rc = cmd_commit(report, secret);
	if (approved != NULL &&
	    json_object_set_new(report, "approved", json_string(approved)) != 0)
		rc = session_say(EXIT_REFUSED, "out of memory");
	if (rc == EXIT_DONE && slip.text_file != NULL)
		rc = slip_add(s, report, &slip);
	if (rc == EXIT_DONE)
		rc = cmd_send(s, "/v1/reports", report, NULL, secret);
	mem_wipe(secret, sizeof secret);
	json_decref(report);
	return rc;
}

/* A preview shows the very text, not a defanged one; what a terminal would obey is made
 * visible all the same. */
static void
add_exact(const json_t *v, struct buf *out)
{
	struct slice s = { json_string_value(v), json_string_length(v) };

	if (s.p != NULL)
		term_add(out, s, TERM_TEXT);
}

static void
show_replacements(const json_t *list, struct buf *out)
{
	const json_t *r;
	size_t i;

	buf_addf(out, "\n%zu replacement%s\n", json_array_size(list),
	    json_array_size(list) == 1 ? "" : "s");
	json_array_foreach(list, i, r)
	{
		buf_adds(out, "  ");
		add_exact(json_object_get(r, "pointer"), out);
		buf_adds(out, "  ");
		add_exact(json_object_get(r, "original"), out);
		buf_adds(out, " -> ");
		add_exact(json_object_get(r, "replacement"), out);
		buf_adds(out, "  (");
		add_exact(json_object_get(r, "rule"), out);
		buf_adds(out, ")\n");
	}
}

static void
show_fit(const char *who, const json_t *fit, const json_t *needed, struct buf *out)
{
	if (json_is_integer(fit))
		buf_addf(out, "  %s: %lld, needed %lld\n", who,
		    (long long)json_integer_value(fit),
		    (long long)json_integer_value(needed));
}

static void
show_list(const char *what, const json_t *list, struct buf *out)
{
	const json_t *v;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	buf_adds(out, what);
	json_array_foreach(list, i, v)
	{
		buf_adds(out, i > 0 ? ", " : " ");
		show_string(v, out);
	}
	buf_addc(out, '\n');
}

/* The warning of the contract: a count of candidates says nothing about the text. */
static void
show_candidates(const struct session *s, const json_t *preview, struct buf *out)
{
	long long n = json_integer_value(json_object_get(preview, "candidates"));
	const json_t *k = json_object_get(preview, "k"), *v;
	const json_t *needed = json_object_get(k, "needed");
	const json_t *less = json_object_get(preview, "generalised");
	const char *who;
	size_t i;

	if (s->lang[0] == 'j')
		buf_addf(
		    out, "\n登録情報上の候補 %lld 者。文面からは推測され得ます\n", n);
	else
		buf_addf(out,
		    "\n%lld member%s fit%s by what is registered; the wording itself may "
		    "still give you away\n",
		    n, n == 1 ? "" : "s", n == 1 ? "s" : "");
	show_fit("in your CEPTOAR", json_object_get(k, "inside"),
	    json_object_get(needed, "inside"), out);
	show_fit("for readers beyond it", json_object_get(k, "beyond"),
	    json_object_get(needed, "beyond"), out);
	show_list("  shown:", json_object_get(k, "shown"), out);
	show_list("  left out:", json_object_get(k, "left_out"), out);
	if (json_is_object(less)) {
		who = json_string_value(json_object_get(less, "readers"));
		buf_addf(out, "  would do for %s alone, with %lld candidates\n",
		    who != NULL && strcmp(who, "others") == 0
			? "readers beyond your CEPTOAR"
			: "your CEPTOAR",
		    (long long)json_integer_value(json_object_get(less, "candidates")));
		show_list("    left out:", json_object_get(less, "left_out"), out);
	}
	json_array_foreach(json_object_get(preview, "reasons"), i, v)
	{
		buf_adds(out, "  waits: ");
		show_string(v, out);
		buf_addc(out, '\n');
	}
}

/* The part of a text that a mark names, in code points. */
static struct slice
marked(const json_t *report, const char *pointer, const json_t *mark)
{
	json_int_t offset = json_integer_value(json_object_get(mark, "offset"));
	json_int_t length = json_integer_value(json_object_get(mark, "length"));
	const json_t *j = report;
	struct slice s = { NULL, 0 };
	char name[64];
	const char *p;
	size_t n, i;

	while (j != NULL && *pointer == '/') {
		n = strcspn(++pointer, "/");
		(void)snprintf(name, sizeof name, "%.*s", (int)n, pointer);
		j = json_object_get(j, name);
		pointer += n;
	}
	p = json_string_value(j);
	n = json_string_length(j);
	for (i = 0; p != NULL && i < n; i++) {
		if (((unsigned char)p[i] & 0xC0) == 0x80)
			continue;
		if (offset-- == 0)
			s.p = p + i;
		else if (s.p != NULL && offset < -length)
			break;
	}
	s.n = s.p != NULL ? (size_t)(p + i - s.p) : 0;
	return s;
}

/* Times and places are counted by nobody: the reporter has to look at them. */
static void
show_marks(const struct session *s, const json_t *preview, struct buf *out)
{
	const json_t *list = json_object_get(preview, "marks"), *v;
	const char *pointer;
	struct slice text;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	buf_adds(out,
	    s->lang[0] == 'j'
		? "\n文面中の日時と場所（数に含まれません。ご確認ください）\n"
		: "\nTimes and places in the text (not counted above; look again)\n");
	json_array_foreach(list, i, v)
	{
		pointer = json_string_value(json_object_get(v, "pointer"));
		if (pointer == NULL)
			continue;
		text = marked(json_object_get(preview, "report"), pointer, v);
		buf_adds(out, "  ");
		add_exact(json_object_get(v, "pointer"), out);
		buf_adds(out, "  ");
		if (text.n > 0)
			term_add(out, text, TERM_LINE);
		buf_adds(out, "  (");
		show_string(json_object_get(v, "kind"), out);
		buf_adds(out, ")\n");
	}
}

/* Both languages: a name may have stayed in the one that is not ours. */
static void
show_field(const json_t *report, const char *key, struct buf *out)
{
	const json_t *text = json_object_get(report, key), *v;
	const char *lang;

	json_object_foreach((json_t *)(uintptr_t)text, lang, v)
	{
		buf_addf(out, "%s (%s)\n  ", key, lang);
		add_exact(v, out);
		buf_addc(out, '\n');
	}
}

void
cmd_show_text(const struct session *s, const json_t *report, const json_t *replacements,
    struct buf *out)
{
	const json_t *v;
	const char *key;

	show_bold(s, 1, out);
	buf_adds(out, "What others would see\n");
	show_bold(s, 0, out);
	show_field(report, "title", out);
	show_field(report, "description", out);
	show_field(report, "actions", out);
	json_object_foreach((json_t *)(uintptr_t)report, key, v)
	{
		if (strcmp(key, "title") == 0 || strcmp(key, "description") == 0 ||
		    strcmp(key, "actions") == 0)
			continue;
		buf_addf(out, "%s: ", key);
		if (json_is_object(v) || json_is_array(v))
			buf_addc(out, '\n');
		show_value(v, 1, out);
	}
	show_replacements(replacements, out);
}

static void
show_preview(const struct session *s, const json_t *p, struct buf *out)
{
	cmd_show_text(
	    s, json_object_get(p, "report"), json_object_get(p, "replacements"), out);
	buf_adds(out, "\naudience\n");
	show_object(json_object_get(p, "audience"), 1, out);
	show_candidates(s, p, out);
	show_marks(s, p, out);
	buf_adds(out,
	    "\nNothing was sent.  To send exactly this text: ceptoar report --approved ");
	show_string(json_object_get(p, "approved"), out);
	buf_adds(out, " FILE\n");
}

int
cmd_preview(struct session *s, int argc, char **argv)
{
	struct http_answer a;
	json_t *report = NULL, *p = NULL;
	struct slice body;
	struct buf out;
	char *text;
	int rc;

	if (argc != 2)
		return session_say(EXIT_USAGE, "preview: expected one file");
	rc = cmd_read_report(argv[1], &report);
	if (rc != EXIT_DONE)
		return rc;
	text = json_dumps(report, JSON_COMPACT);
	json_decref(report);
	if (text == NULL)
		return session_say(EXIT_REFUSED, "out of memory");
	body = slice_of(text);
	http_answer_init(&a);
	rc = http_do(s, "POST", "/v1/reports/preview", &body, NULL, &a);
	if (rc != 0)
		rc = http_unreached(s, rc);
	else if (a.status != 200)
		rc = http_refused(&a);
	else
		p = json_loadb(a.body.p, a.body.n, 0, NULL);
	if (p != NULL && s->json) {
		rc = cmd_print_json(s, p);
	} else if (p != NULL) {
		buf_init(&out, 4 * 1024 * 1024);
		show_preview(s, p, &out);
		rc = show_print(&out);
	}
	json_decref(p);
	http_answer_done(&a);
	mem_wipe_free(text, body.n);
	return rc;
}
