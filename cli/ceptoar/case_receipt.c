/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/ceptoar/case.h"
#include "lib/file.h"
#include "lib/mem.h"
#include "proto/receipt_words.h"

/* What opens a case, as words on paper, and back. */

static int
print_words(struct session *s, const char *given)
{
	struct case_ref c;
	struct receipt r;
	struct buf out;
	int rc = case_find(s, given, CASE_AS_HOLDER, &c);

	memset(&r, 0, sizeof r);
	if (rc == EXIT_DONE &&
	    (hex_decode(slice_of(c.id), r.case_id, sizeof r.case_id) != RECEIPT_CASE ||
		b64url_decode(slice_of(c.auth + 5), r.secret, sizeof r.secret) !=
		    RECEIPT_SECRET))
		rc = session_say(EXIT_REFUSED, "case %s: what is kept is damaged", c.id);
	if (rc == EXIT_DONE) {
		r.blind = (uint8_t)c.blind;
		buf_init(&out, 4096);
		receipt_words_write(&r, &out);
		(void)session_say(0, "whoever has these words can do with the case what "
				     "you can; \"ceptoar case import\" takes them back");
		rc = show_print(&out);
	}
	mem_wipe(&r, sizeof r);
	case_done(&c);
	return rc;
}

static int
keep(struct session *s, const struct receipt *r)
{
	char name[NAME_ROOM];
	struct buf id, secret;
	json_t *j;
	int rc;

	buf_init(&id, 128);
	buf_init(&secret, 128);
	buf_add_hex(&id, r->case_id, sizeof r->case_id);
	buf_add_b64url(&secret, r->secret, sizeof r->secret);
	(void)snprintf(name, sizeof name, "case-%s", buf_cstr(&id));
	j = json_pack("{s:s,s:s}", "case", buf_cstr(&id), "secret", buf_cstr(&secret));
	if (j == NULL || (r->blind && json_object_set_new(j, "blind", json_true()) != 0))
		rc = session_say(EXIT_REFUSED, "out of memory");
	else
		rc = state_save(s, name, j);
	if (rc == EXIT_DONE)
		(void)printf("%s\n", buf_cstr(&id));
	json_decref(j);
	buf_done(&id);
	buf_wipe(&secret);
	return rc;
}

static int
take_words(struct session *s, const char *file)
{
	struct receipt r;
	struct buf text;
	const char *why = "";
	unsigned line = 0;
	int rc;

	buf_init(&text, RECEIPT_TEXT_MAX);
	rc = file_read(file, &text);
	if (rc != 0)
		rc = session_say(EXIT_USAGE, "%s: %s", file, err_str(rc));
	else if (receipt_words_read(buf_slice(&text), &r, &line, &why) != 0)
		rc = session_say(EXIT_REFUSED, "line %u: %s", line, why);
	else
		rc = keep(s, &r);
	mem_wipe(&r, sizeof r);
	buf_wipe(&text);
	return rc;
}

int
case_receipt(struct session *s, int argc, char **argv)
{
	int import = strcmp(argv[0], "import") == 0;

	if (argc == 2)
		return import ? take_words(s, argv[1]) : print_words(s, argv[1]);
	if (argc == 1 && import)
		return take_words(s, "-");
	return session_say(
	    EXIT_USAGE, import ? "case import: [FILE]" : "case receipt: ID");
}
