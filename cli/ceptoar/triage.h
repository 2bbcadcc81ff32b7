/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOAR_TRIAGE_H
#define CEPTOAR_TRIAGE_H

#include "cli/ceptoar/cmd.h"

/* {"ja"} or {"en"} of a text by what it is written in; NULL: no UTF-8, or no memory. */
json_t *desk_text(const char *text);

/* More verbs of "ceptoar draft"; argv[0] is the verb. */
int draft_paste(struct session *s, int argc, char **argv);
int draft_approval(struct session *s, int argc, char **argv);

#endif
