/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/ceptoar/cmd.h"
#include "cli/ceptoar/data.h"
#include "cli/ceptoar/forms.h"

/* A record as one of the forms that the law or other offices want: made here, with what
 * is private, and sent to nobody. */
enum { FORMS_MAX = 1024 * 1024, OUT_MAX = 16 * 1024 * 1024 };

static int
read_forms(struct forms **ret)
{
	struct buf text, why;
	int rc;

	buf_init(&text, FORMS_MAX);
	buf_init(&why, 1024);
	rc = data_read("forms.json", &text);
	if (rc == EXIT_DONE && forms_new(ret, buf_slice(&text), &why) != 0)
		rc = session_say(EXIT_REFUSED, "forms.json: %s", buf_cstr(&why));
	buf_done(&text);
	buf_done(&why);
	return rc;
}

/* A plain report is a record without what is private. */
static int
read_record(const char *path, json_t **ret)
{
	json_t *in = NULL;
	int rc = cmd_read_json(path, &in);

	if (rc != EXIT_DONE)
		return rc;
	if (!json_is_object(in)) {
		json_decref(in);
		return session_say(EXIT_REFUSED, "%s: a record is expected", path);
	}
	if (json_object_get(in, "shared") == NULL) {
		*ret = json_pack("{s:o}", "shared", in);
		return *ret != NULL ? EXIT_DONE
				    : session_say(EXIT_REFUSED, "out of memory");
	}
	*ret = in;
	return EXIT_DONE;
}

static int
fill(const struct forms *f, const char *form, const json_t *record, json_t **ret)
{
	struct taxonomy *t = NULL;
	struct buf names;
	int rc = data_lists(&t);

	if (rc != EXIT_DONE)
		return rc;
	rc = forms_fill(f, form, record, t, ret);
	taxonomy_free(t);
	if (rc == ERR_NOTFOUND) {
		buf_init(&names, 4096);
		forms_names(f, &names);
		rc = session_say(
		    EXIT_USAGE, "--form: expected one of: %s", buf_cstr(&names));
		buf_done(&names);
	} else if (rc != 0) {
		rc = session_say(EXIT_REFUSED, "the form cannot be filled: %s",
		    rc == ERR_LIMIT ? "a field is too long" : err_str(rc));
	}
	return rc;
}

static int
print(const struct session *s, const json_t *filled, int csv)
{
	struct buf out;
	int bad;

	if (!csv)
		return cmd_print_json(s, filled);
	buf_init(&out, OUT_MAX);
	forms_csv(filled, &out);
	bad = buf_err(&out) != 0 || fwrite(out.p, 1, out.n, stdout) != out.n ||
	      fflush(stdout) != 0;
	buf_wipe(&out);
	return bad ? session_say(EXIT_REFUSED, "the form could not be written")
		   : EXIT_DONE;
}

/* What is required and not there, by what it is called. */
static int
say_missing(const json_t *filled)
{
	const json_t *f, *label;
	size_t i;

	if (json_is_true(json_object_get(filled, "complete")))
		return EXIT_DONE;
	json_array_foreach(json_object_get(filled, "fields"), i, f)
	{
		if (!json_is_true(json_object_get(f, "required")) ||
		    !json_is_null(json_object_get(f, "value")))
			continue;
		label = json_object_get(f, "label");
		(void)fprintf(stderr, "missing: %s  %s / %s\n",
		    json_string_value(json_object_get(f, "id")),
		    json_string_value(json_object_get(label, "ja")),
		    json_string_value(json_object_get(label, "en")));
	}
	return session_say(EXIT_REFUSED, "the form is incomplete");
}

int
cmd_export(struct session *s, int argc, char **argv)
{
	static const struct option names[] = { { "form", 1, NULL, 'f' },
		{ "csv", 0, NULL, 'c' }, { NULL, 0, NULL, 0 } };
	json_t *record = NULL, *filled = NULL;
	struct forms *f = NULL;
	const char *form = NULL;
	int o, rc, csv = 0;

	while ((o = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (o == 'f')
			form = optarg;
		else if (o == 'c')
			csv = 1;
		else
			return EXIT_USAGE;
	}
	if (form == NULL || optind + 1 != argc)
		return session_say(EXIT_USAGE,
		    "export: expected --form FORM and one FILE; see ceptoar export "
		    "--help");
	rc = read_forms(&f);
	if (rc == EXIT_DONE)
		rc = read_record(argv[optind], &record);
	if (rc == EXIT_DONE)
		rc = fill(f, form, record, &filled);
	if (rc == EXIT_DONE)
		rc = print(s, filled, csv);
	if (rc == EXIT_DONE)
		rc = say_missing(filled);
	json_decref(filled);
	json_decref(record);
	forms_free(f);
	return rc;
}
