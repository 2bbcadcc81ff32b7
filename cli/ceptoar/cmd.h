/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOAR_CMD_H
#define CEPTOAR_CMD_H

#include <jansson.h>

#include "cli/ceptoar/http.h"
#include "cli/ceptoar/session.h"
#include "cli/ceptoar/show.h"
#include "cli/ceptoar/state.h"
#include "proto/json.h"

/* Commands: argv[0] is the command's own name.  They return an exit status. */
int cmd_report(struct session *s, int argc, char **argv);
int cmd_preview(struct session *s, int argc, char **argv);
int cmd_case(struct session *s, int argc, char **argv);
int cmd_watch(struct session *s, int argc, char **argv);
int cmd_events(struct session *s, int argc, char **argv);
int cmd_bulletins(struct session *s, int argc, char **argv);
int cmd_show(struct session *s, int argc, char **argv);
int cmd_inbox(struct session *s, int argc, char **argv);
int cmd_trends(struct session *s, int argc, char **argv);
int cmd_audit(struct session *s, int argc, char **argv);
int cmd_ack(struct session *s, int argc, char **argv);
int cmd_deliveries(struct session *s, int argc, char **argv);
int cmd_question(struct session *s, int argc, char **argv);
int cmd_me(struct session *s, int argc, char **argv);
int cmd_identity(struct session *s, int argc, char **argv);
int cmd_transparency(struct session *s, int argc, char **argv);
int cmd_subscription(struct session *s, int argc, char **argv);
int cmd_tokens(struct session *s, int argc, char **argv);
int cmd_verify(struct session *s, int argc, char **argv);
int cmd_triage(struct session *s, int argc, char **argv);
int cmd_draft(struct session *s, int argc, char **argv);
int cmd_second(struct session *s, int argc, char **argv);
int cmd_hotline(struct session *s, int argc, char **argv);
int cmd_bulletin(struct session *s, int argc, char **argv);
int cmd_attach(struct session *s, int argc, char **argv);
int cmd_backlog(struct session *s, int argc, char **argv);
int cmd_confirm(struct session *s, int argc, char **argv);
int cmd_situation(struct session *s, int argc, char **argv);
int cmd_mode(struct session *s, int argc, char **argv);
int cmd_relay(struct session *s, int argc, char **argv);
int cmd_orders(struct session *s, int argc, char **argv);
int cmd_stats(struct session *s, int argc, char **argv);
int cmd_names(struct session *s, int argc, char **argv);
int cmd_assess(struct session *s, int argc, char **argv);
int cmd_export(struct session *s, int argc, char **argv);
int cmd_drill(struct session *s, int argc, char **argv);
int cmd_contact_test(struct session *s, int argc, char **argv);
/* Prints the body of an answer as it is (a table, a page); an exit status. */
int cmd_print_table(struct session *s, const char *target);

/* Reads a report or a record ("-": standard input) and takes `shared` of it: what is
 * private is dropped here, before anything else sees it.  Prints what is wrong; an exit
 * status. */
int cmd_read_report(const char *path, json_t **ret) MUST_CHECK;
/* Says what is wrong with a file's contents; EXIT_REFUSED. */
int cmd_say_fault(const char *what, const struct fault *why);
/* One JSON text from a file; prints what is wrong; an exit status. */
int cmd_read_json(const char *path, json_t **ret) MUST_CHECK;
/* Makes a case secret and puts its commitment into the report; "" when it has one.  Says
 * what is wrong; an exit status. */
int cmd_commit(json_t *report, char ret_secret[SECRET_TEXT + 1]) MUST_CHECK;
/* The exact text that others would see, and what was replaced in it. */
void cmd_show_text(const struct session *s, const json_t *report,
    const json_t *replacements, struct buf *out);
/* Sends a report or follow-up to `path` under an idempotency key, again and again while
 * the hub is away; keeps the secret and the receipt.  `auth` is the Authorization line of
 * a case or a token, or NULL; `secret` the new case's secret, or NULL or "" for none. */
int cmd_send(struct session *s, const char *path, const json_t *report, const char *auth,
    const char *secret) MUST_CHECK;
/* The same under a key of cmd_key, when something else has to know it before. */
enum { KEY_TEXT = 22 };
int cmd_key(char ret[KEY_TEXT + 1]) MUST_CHECK;
int cmd_send_under(struct session *s, const char *key, const char *path,
    const json_t *report, const char *auth, const char *secret) MUST_CHECK;
/* POST under a fresh Idempotency-Key until the hub says what became of it; `auth`: value
 * of Authorization, or NULL.  As http_do. */
int cmd_post(struct session *s, const char *path, const struct slice *body,
    const char *auth, struct http_answer *a) MUST_CHECK;
/* Sends again what an earlier call could not find out about. */
int cmd_send_again(struct session *s, const char *name) MUST_CHECK;
/* GET, and the JSON of a good answer; an exit status. */
int cmd_get(struct session *s, const char *path, json_t **ret) MUST_CHECK;
/* Prints JSON on one line; for a terminal in ASCII, which no text of others can misuse.
 */
int cmd_print_json(const struct session *s, const json_t *j) MUST_CHECK;
/* Appends name=value to a target, percent-encoded, after '?' or '&'. */
void cmd_query(struct buf *target, const char *name, const char *value);

/* help_options is the second half of help_main. */
extern const char help_main[], help_options[], help_verify[], help_draft[], help_second[],
    help_bulletin[], help_attach[], help_relay[], help_orders[], help_triage[],
    help_stats[], help_assess[], help_export[], help_hotline[];
extern const char help_names[], help_mode[], help_backlog[], help_confirm[],
    help_situation[];
extern const char help_drill[], help_contact_test[];
/* The manual of a command, or NULL. */
const char *help_of(const char *command);

#endif
