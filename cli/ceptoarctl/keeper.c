/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/ceptoarctl/ctl.h"
#include "proto/msg_keeper.h"

int
ctl_keeper_open(struct ctl *c, struct call **ret)
{
	char path[PATH_MAX + 16];
	int rc;

	(void)snprintf(path, sizeof path, "%s/keeper-admin", c->run);
	rc = call_open(ret, path, KEEPER_FRAME_MAX);
	return rc == 0 ? EXIT_DONE : ctl_down("keeper", rc);
}

int
ctl_keeper_verdict(struct ctl *c, int rc, struct slice *ret_body)
{
	struct keeper_reply r;

	if (rc == 0)
		rc = keeper_reply_get(c->answer.p, c->answer.n, &r);
	if (rc != 0)
		return ctl_down("keeper", rc);
	if (r.problem != P_OK)
		return ctl_say(EXIT_REFUSED, "%s (%s)%s%.*s%s%.*s",
		    problem_title(r.problem), problem_code(r.problem),
		    r.pointer.n > 0 ? " at " : "", (int)r.pointer.n, r.pointer.p,
		    r.detail.n > 0 ? ": " : "", (int)r.detail.n, r.detail.p);
	*ret_body = r.body;
	return EXIT_DONE;
}
