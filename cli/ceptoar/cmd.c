/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ceptoar/cmd.h"

#include <stdio.h>
#include <string.h>

#include "lib/file.h"
#include "proto/json.h"
#include "proto/report.h"

enum { FILE_MAX = 4 * 1024 * 1024 };

int
cmd_say_fault(const char *what, const struct fault *why)
{
	return session_say(EXIT_REFUSED, "%s: %s (%s)%s%s%s%s", what,
	    problem_title(why->problem), problem_code(why->problem),
	    why->pointer[0] != '\0' ? " at " : "", why->pointer,
	    why->detail != NULL ? ": " : "", why->detail != NULL ? why->detail : "");
}

int
cmd_read_json(const char *path, json_t **ret)
{
	/* A record's private part may be long; what is shared is measured by the hub. */
	static const struct json_caps caps = { FILE_MAX, 16, 100000, 1024 * 1024 };
	struct fault why = { 0 };
	struct buf text;
	int rc;

	buf_init(&text, FILE_MAX);
	rc = file_read(path, &text);
	if (rc != 0)
		rc = session_say(EXIT_USAGE, "%s: %s", path, err_str(rc));
	else if (json_read(buf_slice(&text), &caps, ret, &why) != 0)
		rc = cmd_say_fault(path, &why);
	buf_wipe(&text);
	return rc;
}

int
cmd_read_report(const char *path, json_t **ret)
{
	json_t *record = NULL;
	struct fault why = { 0 };
	int rc = cmd_read_json(path, &record);

	if (rc == EXIT_DONE && record_shared(record, ret, &why) != 0)
		rc = cmd_say_fault(path, &why);
	json_decref(record);
	return rc;
}

int
cmd_get(struct session *s, const char *path, json_t **ret)
{
	struct http_answer a;
	int rc;

	http_answer_init(&a);
	rc = http_do(s, "GET", path, NULL, NULL, &a);
	if (rc != 0) {
		rc = http_unreached(s, rc);
	} else if (a.status != 200) {
		rc = http_refused(&a);
	} else {
		*ret = json_loadb(a.body.p, a.body.n, 0, NULL);
		rc = *ret != NULL
			 ? EXIT_DONE
			 : session_say(EXIT_REFUSED, "the hub's answer is no JSON");
	}
	http_answer_done(&a);
	return rc;
}

int
cmd_print_json(const struct session *s, const json_t *j)
{
	size_t how =
	    JSON_COMPACT | JSON_ENCODE_ANY | (s->terminal ? JSON_ENSURE_ASCII : 0);
	int bad = json_dumpf(j, stdout, how) != 0;

	bad |= fputc('\n', stdout) == EOF;
	bad |= fflush(stdout) != 0;
	return bad ? EXIT_REFUSED : EXIT_DONE;
}

void
cmd_query(struct buf *target, const char *name, const char *value)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-._~,";
	size_t i;
	char mark = '?';

	for (i = 0; i < target->n; i++)
		if (target->p[i] == '?')
			mark = '&';
	buf_addf(target, "%c%s=", mark, name);
	for (; *value != '\0'; value++) {
		if (strchr(plain, *value) != NULL)
			buf_addc(target, *value);
		else
			buf_addf(target, "%%%02X", (unsigned char)*value);
	}
}
