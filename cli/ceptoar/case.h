/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOAR_CASE_H
#define CEPTOAR_CASE_H

#include "cli/ceptoar/cmd.h"
#include "cli/ceptoar/state.h"

enum { CASE_HEX = 32, CASE_AUTH = SECRET_TEXT + 6 };

/* A case, and who we are to it: whoever holds its secret, or a desk that it lies on. */
struct case_ref {
	struct session s; /* by which its calls go */
	char id[CASE_HEX + 1];
	char auth[CASE_AUTH]; /* "Case <secret>"; "" for a desk */
	json_t *kept;	      /* of the state folder; NULL for a desk */
	int blind;	      /* it lives on the blind listener */
};
enum case_as { CASE_AS_HOLDER, CASE_AS_DESK, CASE_AS_EITHER };

/* By its id, or the beginning of one whose secret is kept here; a desk gives the whole.
 * Says what is wrong; an exit status.  case_done wipes it, whatever case_find said. */
int case_find(const struct session *s, const char *given, enum case_as as,
    struct case_ref *ret) MUST_CHECK;
void case_done(struct case_ref *c);
/* Before its calls: c->s becomes the session that this case began in. */
int case_ready(struct case_ref *c) MUST_CHECK;
/* One call about it; `tail` is what follows the id in the path.  The JSON of a good
 * answer in *ret; an exit status. */
int case_ask(
    struct case_ref *c, const char *method, const char *tail, json_t **ret) MUST_CHECK;

/* Verbs: argv[0] is the verb. */
int case_list(struct session *s, int argc, char **argv);
int case_messages(struct session *s, int argc, char **argv);
int case_say(struct session *s, int argc, char **argv);	    /* answer, ask */
int case_receipt(struct session *s, int argc, char **argv); /* receipt, import */
int case_approve(struct session *s, int argc, char **argv); /* approve, refuse */
int case_slip(struct session *s, int argc, char **argv);

#endif
