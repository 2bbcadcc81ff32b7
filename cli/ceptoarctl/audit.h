/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOARCTL_AUDIT_H
#define CEPTOARCTL_AUDIT_H

#include <stdio.h>
#include <sys/types.h>

#include "cli/ceptoarctl/ctl.h"
#include "proto/audit.h"
#include "proto/msg_keeper.h"
#include "proto/msg_admin.h"

/*
 * Where the audit log is read from: the running keeper, or a file of it, which the
 * keeper's program reads, for nobody else opens databases.  Pages of a file come in one
 * order: keys, signed rows, rows; each kind until a page is empty (keys: one page).
 */
struct audit_source {
	struct ctl *c;
	const char *path; /* NULL: the running keeper */
	struct call *keeper;
	FILE *pipe;
	pid_t child;
	struct buf page;
};

/* An exit status; says what is wrong.  audit_source_close is needed either way, and gives
 * the exit status of the reading as a whole. */
int audit_source_open(struct audit_source *s, struct ctl *c, const char *path) MUST_CHECK;
int audit_source_close(struct audit_source *s, int rc) MUST_CHECK;
/* The next page into s->page; an exit status. */
int audit_source_page(
    struct audit_source *s, enum audit_ask what, uint64_t from) MUST_CHECK;

#endif
