/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/ceptoar/desk.h"

/* The yearly table, and how grave the centre finds a case afterwards. */
enum { TARGET_MAX = 256, OUT_MAX = 16 * 1024 * 1024, WIDTH = 28 };

/* "12", "<11*", or "-" for what is not settled yet. */
static void
show_figure(const json_t *n, struct buf *out)
{
	char text[32];

	if (json_is_integer(n))
		(void)snprintf(
		    text, sizeof text, "%lld", (long long)json_integer_value(n));
	else
		(void)snprintf(text, sizeof text, "%.16s",
		    json_is_string(n) ? json_string_value(n) : "-");
	buf_addf(out, "%9s", text);
}

static void
show_row(const char *name, const json_t *row, struct buf *out)
{
	const json_t *list = json_object_get(row, "quarters");
	size_t i;

	buf_addf(out, "%-*.*s", WIDTH, WIDTH, name);
	for (i = 0; i < 4; i++)
		show_figure(json_array_get(list, i), out);
	show_figure(json_object_get(row, "year"), out);
	buf_addc(out, '\n');
}

static const char *
word_of(const json_t *row, const char *name)
{
	const char *s = json_string_value(json_object_get(row, name));

	return s != NULL ? s : "(none)";
}

static void
show_rows(const json_t *j, const char *list, const char *name, struct buf *out)
{
	const json_t *row;
	size_t i;

	buf_addc(out, '\n');
	json_array_foreach(json_object_get(j, list), i, row)
	    show_row(word_of(row, name), row, out);
}

static void
show_both(const json_t *j, struct buf *out)
{
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(j, "classes_by_sectors"), i, row)
	{
		buf_addf(out, "%s%-*.*s  %-*.*s", i == 0 ? "\n" : "", WIDTH, WIDTH,
		    word_of(row, "class"), WIDTH, WIDTH, word_of(row, "sector"));
		show_figure(json_object_get(row, "year"), out);
		buf_addc(out, '\n');
	}
}

static void
show_live_row(const char *name, const json_t *n, struct buf *out)
{
	buf_addf(out, "%-*.*s", WIDTH, WIDTH, name);
	show_figure(n, out);
	buf_addc(out, '\n');
}

static void
show_live(const json_t *j, struct buf *out)
{
	const json_t *quarter, *group;
	size_t i = 0, k = 0;

	json_array_foreach(json_object_get(j, "live"), i, quarter)
	{
		buf_adds(out, "\nas it stands, from ");
		show_string(json_object_get(quarter, "from"), out);
		buf_addc(out, '\n');
		show_live_row("from agencies", json_object_get(quarter, "agencies"), out);
		show_live_row("bulletins of the centre",
		    json_object_get(quarter, "bulletins"), out);
		json_array_foreach(json_object_get(quarter, "groups"), k, group)
		{
			show_live_row(word_of(group, "group"),
			    json_object_get(group, "cases"), out);
		}
	}
}

static int
show_stats(struct session *s, const json_t *j)
{
	int k = (int)json_integer_value(json_object_get(j, "k"));
	struct buf out;

	if (s->json)
		return cmd_print_json(s, j);
	buf_init(&out, OUT_MAX);
	buf_addf(&out, "%-*d%9s%9s%9s%9s%9s\n", WIDTH,
	    (int)json_integer_value(json_object_get(j, "year")), "Apr-Jun", "Jul-Sep",
	    "Oct-Dec", "Jan-Mar", "year");
	show_row("all", json_object_get(j, "total"), &out);
	show_row("from agencies", json_object_get(j, "agencies"), &out);
	show_row("bulletins of the centre", json_object_get(j, "bulletins"), &out);
	show_rows(j, "classes", "class", &out);
	show_rows(j, "sectors", "sector", &out);
	show_both(j, &out);
	show_live(j, &out);
	buf_addf(&out,
	    "\n<%d*: 1 to %d, or withheld so that such a figure cannot be computed; -: "
	    "not settled yet\n",
	    k, k - 1);
	return show_print(&out);
}

int
cmd_print_table(struct session *s, const char *target)
{
	struct http_answer got;
	int rc;

	http_answer_init(&got);
	rc = http_do(s, "GET", target, NULL, NULL, &got);
	if (rc != 0)
		rc = http_unreached(s, rc);
	else if (got.status != 200)
		rc = http_refused(&got);
	else if (fwrite(got.body.p, 1, got.body.n, stdout) != got.body.n ||
		 fflush(stdout) != 0)
		rc = session_say(EXIT_REFUSED, "the table could not be written");
	http_answer_done(&got);
	return rc;
}

int
cmd_stats(struct session *s, int argc, char **argv)
{
	static const struct option names[] = { { "year", 1, NULL, 'y' },
		{ "csv", 0, NULL, 'c' }, { NULL, 0, NULL, 0 } };
	const char *year = NULL;
	struct buf target;
	json_t *j = NULL;
	int o, rc, csv = 0;

	while ((o = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (o == 'y')
			year = optarg;
		else if (o == 'c')
			csv = 1;
		else
			return EXIT_USAGE;
	}
	if (optind != argc)
		return session_say(EXIT_USAGE, "stats: too many words");
	buf_init(&target, TARGET_MAX);
	buf_adds(&target, csv ? "/v1/stats.csv" : "/v1/stats");
	if (year != NULL)
		cmd_query(&target, "year", year);
	if (buf_err(&target) != 0)
		rc = session_say(EXIT_USAGE, "stats: too long");
	else if (csv)
		rc = cmd_print_table(s, buf_cstr(&target));
	else
		rc = cmd_get(s, buf_cstr(&target), &j);
	buf_done(&target);
	if (rc == EXIT_DONE && !csv)
		rc = show_stats(s, j);
	json_decref(j);
	return rc;
}

/* "3" or "3,1,2": continuity, safety, trust. */
static json_t *
levels_of(const char *text)
{
	int level[3] = { 0, 0, 0 }, n = 0;
	const char *p = text;

	for (; n < 3 && p[0] >= '0' && p[0] <= '4'; n++) {
		level[n] = p[0] - '0';
		if (p[1] == '\0')
			return json_pack("{s:{s:i,s:i,s:i}}", "severity_assessed",
			    "continuity", level[0], "safety", level[1], "trust",
			    level[2]);
		if (p[1] != ',')
			break;
		p += 2;
	}
	return NULL;
}

int
cmd_assess(struct session *s, int argc, char **argv)
{
	char path[DESK_PATH];
	json_t *body, *j = NULL;
	int rc;

	if (argc != 3)
		return session_say(
		    EXIT_USAGE, "assess: expected REPORT or CASE, and LEVELS");
	rc = desk_path(path, "reports", argv[1], "/assessment");
	if (rc != EXIT_DONE)
		return rc;
	body = levels_of(argv[2]);
	if (body == NULL)
		return session_say(EXIT_USAGE,
		    "%s: expected a level from 0 to 4, or three of them: continuity,"
		    "safety,trust",
		    argv[2]);
	rc = desk_call(s, "POST", path, body, &j);
	json_decref(body);
	return rc == EXIT_DONE ? desk_print(s, j) : rc;
}
