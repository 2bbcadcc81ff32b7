/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ceptoar/blind.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <openssl/sha.h>

#include "cli/ceptoar/cmd.h"
#include "cli/ceptoar/local.h"
#include "cli/ceptoar/slip.h"
#include "cli/ceptoar/token_store.h"
#include "lib/mem.h"
#include "proto/scrub.h"

enum { APPROVED_LEN = 43, BODY_MAX = 512 * 1024, TEXT_ROOM = 4 * 1024 * 1024 };

/* The tokens were kept by an earlier version, which did not ask how many of the CEPTOAR
 * drew: only the hub knows until the next `ceptoar tokens`. */
static void
show_unknown_set(const struct session *s, const struct taken_token *t,
    struct token_want want, struct buf *out)
{
	if (s->lang[0] == 'j')
		buf_addf(out,
		    "\n匿名集合: %s のうち何者がトークンを受け取ったかは、"
		    "次の「ceptoar tokens」まで分かりません"
		    "（所属グループ %s では %u 者）。\n"
		    "%u 者に満たなければハブが受け付けません。\n",
		    want.ceptoar, want.group, t->drawn, t->k);
	else
		buf_addf(out,
		    "\nAnonymity set: how many members of %s drew tokens of this epoch "
		    "is not known here\nbefore the next \"ceptoar tokens\" (of all of %s "
		    "%u did).  The hub refuses the report when\nthey are fewer than "
		    "%u.\n",
		    want.ceptoar, want.group, t->drawn, t->k);
}

static void
show_known_set(const struct session *s, const struct taken_token *t,
    struct token_want want, struct buf *out)
{
	if (s->lang[0] == 'j')
		buf_addf(out,
		    "\n匿名集合: %s でこの期間にトークンを受け取った会員は %u "
		    "者（最後に聞いた時点、下限 %u 者）。\n"
		    "ハブの管理者にも、そのうちの誰が送ったかは区別できません。\n",
		    want.ceptoar, t->drawn, t->k);
	else
		buf_addf(out,
		    "\nAnonymity set: %u members of %s drew tokens of this epoch, as "
		    "last heard\n(at least %u are needed).  Not even the hub's "
		    "administrator can tell which of them sent this.\n",
		    t->drawn, want.ceptoar, t->k);
}

/* What hides us, and what does not, before anything is sent. */
static void
show_set(const struct session *s, const struct taken_token *t, struct token_want want,
    struct buf *out)
{
	if (t->known)
		show_known_set(s, t, want, out);
	else
		show_unknown_set(s, t, want, out);
	if (s->lang[0] == 'j')
		buf_adds(out,
		    "文面（地域・施設の欄を含む）・時刻・接続元からは推測され得ます。\n"
		    "法令上の報告義務は、この報告では満たされません。\n");
	else
		buf_adds(out,
		    "The text, region and facility included, the time and where the "
		    "connection comes from\nmay still give you away.\nA blind report "
		    "meets no duty to report by law.\n");
}

static void
show_way(const struct session *s, struct buf *out)
{
	if (s->proxy[0] != '\0')
		buf_addf(out, "By the proxy %s.\n", s->proxy);
	if (s->relay[0] != '\0')
		buf_addf(out, "By the relay %s.\n", s->relay);
	if (s->proxy[0] == '\0' && s->relay[0] == '\0')
		buf_adds(out, "Neither --proxy nor --relay: the hub's machine sees the "
			      "network address of this one.\n");
}

static int
confirm(const struct session *s)
{
	char line[16];

	if (s->yes)
		return EXIT_DONE;
	if (!isatty(STDIN_FILENO) || s->json)
		return session_say(EXIT_USAGE, "nothing was sent: --yes sends it without "
					       "asking, a terminal is asked");
	(void)fputs("Send exactly this? [y/N] ", stderr);
	if (fgets(line, sizeof line, stdin) != NULL &&
	    (strcmp(line, "y\n") == 0 || strcmp(line, "yes\n") == 0))
		return EXIT_DONE;
	return session_say(EXIT_REFUSED, "nothing was sent");
}

static int
show_and_confirm(const struct session *s, const struct local *l,
    const struct taken_token *token, struct token_want want)
{
	struct buf out;
	int rc = EXIT_DONE;

	if (!s->json || !s->yes) {
		buf_init(&out, TEXT_ROOM);
		cmd_show_text(s, l->text, l->replaced, &out);
		if (token != NULL)
			show_set(s, token, want, &out);
		show_way(s, &out);
		rc = show_print(&out);
	}
	return rc == EXIT_DONE ? confirm(s) : rc;
}

/* The hub refuses when it would store another text than the one that was shown. */
static int
approve(json_t *report)
{
	unsigned char md[SHA256_DIGEST_LENGTH];
	struct buf body, hash;
	int rc;

	buf_init(&body, BODY_MAX);
	buf_init(&hash, 64);
	rc = json_canonical(report, &body);
	if (rc == 0) {
		(void)SHA256((const unsigned char *)body.p, body.n, md);
		buf_add_b64url(&hash, md, sizeof md);
		rc = buf_err(&hash);
	}
	if (rc == 0 &&
	    json_object_set_new(report, "approved", json_string(buf_cstr(&hash))) != 0)
		rc = ERR_NOMEM;
	buf_wipe(&body);
	buf_done(&hash);
	return rc == 0 ? EXIT_DONE : session_say(EXIT_REFUSED, "%s", err_str(rc));
}

/* Reads and scrubs; what may leave stands in l->text. */
static int
prepare(const struct session *s, struct local *l, const char *file, json_t **ret,
    unsigned *ret_slot)
{
	int rc = cmd_read_report(file, ret);

	if (rc == EXIT_DONE)
		rc = local_open(l, s);
	if (rc != EXIT_DONE)
		return rc;
	*ret_slot = local_ceptoar(l, *ret);
	return *ret_slot != SLOT_NONE ? EXIT_DONE : EXIT_REFUSED;
}

/* From here on the token is used up, whatever comes: it is in the kept report. */
static int
send_with_token(
    struct session *s, struct local *l, struct token_want want, const char *secret)
{
	char key[KEY_TEXT + 1];
	struct taken_token t;
	struct buf auth;
	int rc;

	rc = cmd_key(key);
	if (rc == EXIT_DONE)
		rc = token_take(s, want, key, &t);
	if (rc != EXIT_DONE)
		return rc;
	buf_init(&auth, 1024);
	token_write(t.token, &auth);
	rc = cmd_send_under(s, key, "/v1/reports", l->text, buf_cstr(&auth), secret);
	mem_wipe(&t, sizeof t);
	buf_wipe(&auth);
	return rc;
}

int
blind_report(
    struct session *s, const char *file, int with_case, const struct slip_order *slip)
{
	char secret[SECRET_TEXT + 1] = "";
	struct taken_token token;
	struct session use;
	struct local l = { 0 };
	json_t *report = NULL;
	struct token_want want = { NULL, NULL };
	unsigned slot;
	int rc;

	rc = session_blind(s, &use);
	if (rc == EXIT_DONE)
		rc = prepare(&use, &l, file, &report, &slot);
	if (rc == EXIT_DONE && with_case)
		rc = cmd_commit(report, secret);
	if (rc == EXIT_DONE)
		rc = local_scrub(&l, report);
	if (rc == EXIT_DONE) {
		want.ceptoar = taxonomy_slug(l.tax, slot);
		want.group =
		    taxonomy_group_slug(l.tax, taxonomy_group_of_slot(l.tax, slot));
		rc = want.group != NULL && want.ceptoar != NULL
			 ? token_look(&use, want, &token)
			 : session_say(
			       EXIT_REFUSED, "the CEPTOAR's sector is in no group");
	}
	if (rc == EXIT_DONE)
		rc = show_and_confirm(&use, &l, &token, want);
	if (rc == EXIT_DONE)
		rc = approve(l.text);
	if (rc == EXIT_DONE && slip->text_file != NULL)
		rc = slip_add(&use, l.text, slip);
	if (rc == EXIT_DONE)
		rc = send_with_token(&use, &l, want, secret);
	mem_wipe(secret, sizeof secret);
	json_decref(report);
	local_done(&l);
	return rc;
}

int
blind_follow_up(struct session *s, const char *path, const char *auth, const char *file)
{
	struct local l = { 0 };
	json_t *report = NULL;
	unsigned slot;
	int rc;

	rc = prepare(s, &l, file, &report, &slot);
	if (rc == EXIT_DONE)
		rc = local_scrub(&l, report);
	if (rc == EXIT_DONE)
		rc = show_and_confirm(s, &l, NULL, (struct token_want){ NULL, NULL });
	if (rc == EXIT_DONE)
		rc = approve(l.text);
	if (rc == EXIT_DONE)
		rc = cmd_send(s, path, l.text, auth, NULL);
	json_decref(report);
	local_done(&l);
	return rc;
}

int
blind_message(struct session *s, const json_t *message, json_t **ret)
{
	struct local l = { 0 };
	struct fault why = { 0 };
	int rc = local_open(&l, s);

	if (rc == EXIT_DONE &&
	    scrub_report(l.own, message, &l.text, &l.replaced, &why) != 0)
		rc = session_say(EXIT_REFUSED, "the message cannot be scrubbed");
	if (rc == EXIT_DONE)
		rc = show_and_confirm(s, &l, NULL, (struct token_want){ NULL, NULL });
	if (rc == EXIT_DONE)
		*ret = json_incref(l.text);
	local_done(&l);
	return rc;
}
