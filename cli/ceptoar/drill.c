/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/ceptoar/desk.h"

/* Drills, and tests of contacts. */
enum { OUT_MAX = 1024 * 1024 };

struct wanted {
	const char *kind, *title, *start, *deadline;
	int csv, html;
};

static int
read_options(int argc, char **argv, struct wanted *w)
{
	static const struct option names[] = { { "kind", 1, NULL, 'k' },
		{ "title", 1, NULL, 't' }, { "start", 1, NULL, 's' },
		{ "deadline", 1, NULL, 'd' }, { "csv", 0, NULL, 'c' },
		{ "html", 0, NULL, 'h' }, { NULL, 0, NULL, 0 } };
	int o;

	memset(w, 0, sizeof *w);
	while ((o = getopt_long(argc, argv, "", names, NULL)) != -1) {
		switch (o) {
		case 'k':
			w->kind = optarg;
			break;
		case 't':
			w->title = optarg;
			break;
		case 's':
			w->start = optarg;
			break;
		case 'd':
			w->deadline = optarg;
			break;
		case 'c':
			w->csv = 1;
			break;
		case 'h':
			w->html = 1;
			break;
		default:
			return EXIT_USAGE;
		}
	}
	return EXIT_DONE;
}

static int
usage(void)
{
	return session_say(EXIT_USAGE,
	    "drill: start [--kind up|down] [--title TEXT] [--start TIME] "
	    "[--deadline TIME] [FILE] | list | show [--csv|--html] ID | end ID");
}

static int
set(json_t *body, const char *key, const char *value)
{
	return value == NULL || json_object_set_new(body, key, json_string(value)) == 0;
}

static int
drill_start(struct session *s, const struct wanted *w, const char *file)
{
	json_t *body = NULL, *answer = NULL;
	int rc = EXIT_DONE;

	if (file != NULL)
		rc = cmd_read_json(file, &body);
	else
		body = json_object();
	if (rc == EXIT_DONE &&
	    (!set(body, "kind", w->kind) || !set(body, "title", w->title) ||
		!set(body, "start", w->start) || !set(body, "deadline", w->deadline)))
		rc = session_say(EXIT_USAGE, "drill: no object, or no UTF-8 text");
	if (rc == EXIT_DONE)
		rc = desk_call(s, "POST", "/v1/drills", body, &answer);
	json_decref(body);
	return rc == EXIT_DONE ? desk_print(s, answer) : rc;
}

static int
show(struct session *s, const char *path)
{
	json_t *answer = NULL;
	int rc = cmd_get(s, path, &answer);

	return rc == EXIT_DONE ? desk_print(s, answer) : rc;
}

static int
post(struct session *s, const char *path)
{
	json_t *answer = NULL;
	int rc = desk_call(s, "POST", path, NULL, &answer);

	return rc == EXIT_DONE ? desk_print(s, answer) : rc;
}

static void
show_reasons(json_t *stage, struct buf *out)
{
	const json_t *n;
	const char *reason;

	json_object_foreach(stage, reason, n)
	    buf_addf(out, "  %s %lld", reason, (long long)json_integer_value(n));
}

/* entitled, sent, delivered, opened, acknowledged; percent; minutes to the
 * acknowledgement.
 */
static void
show_stage(const json_t *stage, struct buf *out)
{
	static const char *const counts[] = { "entitled", "sent", "delivered", "opened",
		"acknowledged", "percent" };
	static const char *const times[] = { "p50", "p90", "max" };
	const json_t *minutes = json_object_get(stage, "minutes"), *n;
	json_t *missed = json_object_get(stage, "unreached");
	size_t i;

	buf_adds(out, "  ");
	show_string(json_object_get(stage, "stage"), out);
	for (i = 0; i < sizeof counts / sizeof counts[0]; i++) {
		n = json_object_get(stage, counts[i]);
		if (json_is_integer(n))
			buf_addf(out, "  %s %lld", counts[i],
			    (long long)json_integer_value(n));
	}
	for (i = 0; i < sizeof times / sizeof times[0]; i++) {
		n = json_object_get(minutes, times[i]);
		if (json_is_integer(n))
			buf_addf(out, "%s %s %lld", i == 0 ? "  minutes:" : "", times[i],
			    (long long)json_integer_value(n));
	}
	if (json_object_size(missed) > 0) {
		buf_adds(out, "\n    not reached:");
		show_reasons(missed, out);
	}
	buf_addc(out, '\n');
}

static int
show_drill(struct session *s, const char *path)
{
	const json_t *row, *stage, *title;
	json_t *j = NULL;
	struct buf out;
	size_t i, k;
	int rc = cmd_get(s, path, &j);

	if (rc != EXIT_DONE || s->json)
		return rc == EXIT_DONE ? desk_print(s, j) : rc;
	buf_init(&out, OUT_MAX);
	title = json_object_get(json_object_get(j, "title"), s->lang);
	if (title == NULL)
		title = json_object_get(json_object_get(j, "title"), "ja");
	if (title == NULL)
		title = json_object_get(json_object_get(j, "title"), "en");
	buf_adds(&out, "【訓練】EXERCISE  ");
	show_string(json_object_get(json_object_get(j, "bulletin"), "number"), &out);
	buf_adds(&out, "  ");
	show_string(title, &out);
	buf_adds(&out, "\n");
	show_string(json_object_get(j, "kind"), &out);
	buf_adds(&out, "  ");
	show_string(json_object_get(j, "state"), &out);
	buf_adds(&out, "  ");
	show_string(json_object_get(j, "start"), &out);
	buf_adds(&out, " to ");
	show_string(json_object_get(j, "deadline"), &out);
	buf_addc(&out, '\n');
	json_array_foreach(json_object_get(j, "rows"), i, row)
	{
		show_string(json_object_get(row, "ceptoar"), &out);
		if (json_is_string(json_object_get(row, "reports"))) {
			buf_adds(&out, "  reports ");
			show_string(json_object_get(row, "reports"), &out);
		}
		buf_addc(&out, '\n');
		json_array_foreach(json_object_get(row, "stages"), k, stage)
		    show_stage(stage, &out);
	}
	json_decref(j);
	return show_print(&out);
}

int
cmd_drill(struct session *s, int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "list", *ref;
	char path[DESK_PATH];
	struct wanted w;
	int rc = EXIT_DONE;

	if (argc <= 1)
		return show(s, "/v1/drills");
	rc = read_options(argc - 1, argv + 1, &w);
	if (rc != EXIT_DONE)
		return rc;
	ref = argv[1 + optind];
	if (strcmp(verb, "start") == 0)
		return argc - 1 - optind > 1 ? usage() : drill_start(s, &w, ref);
	if (strcmp(verb, "list") == 0 && ref == NULL)
		return show(s, "/v1/drills");
	if (ref == NULL || argc - 1 - optind != 1)
		return usage();
	if (strcmp(verb, "show") == 0) {
		rc = desk_path(path, "drills", ref,
		    w.csv    ? ".csv"
		    : w.html ? ".html"
			     : "");
		return rc != EXIT_DONE	 ? rc
		       : w.csv || w.html ? cmd_print_table(s, path)
					 : show_drill(s, path);
	}
	if (strcmp(verb, "end") != 0)
		return usage();
	rc = desk_path(path, "drills", ref, "/end");
	return rc == EXIT_DONE ? post(s, path) : rc;
}

int
cmd_contact_test(struct session *s, int argc, char **argv)
{
	char path[DESK_PATH];
	struct wanted w;
	int rc;

	if (argc == 2 && strcmp(argv[1], "start") == 0)
		return post(s, "/v1/contact-test");
	if (argc < 3 || strcmp(argv[1], "show") != 0)
		return session_say(EXIT_USAGE, "contact-test: start | show [--csv] ID");
	rc = read_options(argc - 1, argv + 1, &w);
	if (rc == EXIT_DONE && optind + 2 != argc)
		rc = session_say(EXIT_USAGE, "contact-test: expected one ID");
	if (rc == EXIT_DONE)
		rc = desk_path(path, "contact-test", argv[1 + optind],
		    w.csv ? "/deliveries.csv" : "");
	if (rc != EXIT_DONE)
		return rc;
	return w.csv ? cmd_print_table(s, path) : show(s, path);
}
