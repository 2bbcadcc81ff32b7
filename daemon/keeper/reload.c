/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "daemon/keeper/keeper.h"
#include "daemon/keeper/roster.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "proto/duty.h"

/* What is read anew while it runs, and what fronts are told of it. */
enum { HOLIDAYS_WARN_DAYS = 60 };

void
keeper_tell_auto(struct keeper *k, struct front *f)
{
	struct front *to = f != NULL ? f : k->fronts;
	struct keeper_auto m;

	policy_auto(&k->policy, &m);
	buf_reset(&k->out);
	keeper_auto_put(&k->out, &m);
	for (; to != NULL; to = f != NULL ? NULL : to->next)
		if (to->greeted &&
		    (buf_err(&k->out) != 0 ||
			link_send(to->l, KM_AUTO, P_OK, 0, k->out.p, k->out.n) != 0))
			link_close(to->l); /* it must not go on with the old levels */
}

void
keeper_holidays(const struct keeper *k)
{
	int64_t end = taxonomy_holidays_end(k->tax);

	if (end != 0 && end < duty_day(k->now_ms()) + HOLIDAYS_WARN_DAYS)
		log_warn("the list of holidays ends soon or has ended: later days are "
			 "taken for working days");
}

void
keeper_reload(struct keeper *k)
{
	struct options o;
	struct policy p;
	struct taxonomy *t = NULL;
	struct buf why;
	int rc;

	if (k->conf == NULL)
		return;
	loop_notify("RELOADING=1");
	buf_init(&why, sizeof k->reload_error);
	rc = options_read(&o, k->conf, &why);
	if (rc == 0)
		rc = options_taxonomy(&o, &t, &why);
	if (rc == 0)
		rc = options_policy(k->conf, t, &p, &why);
	if (rc == 0) {
		taxonomy_free(k->tax);
		k->tax = t;
		roster_learn(k);
		k->policy = p;
		k->opt = o;
		keeper_tell_auto(k, NULL);
		log_level_set((enum log_level)options_log_level(&o));
		k->reload_error[0] = '\0';
		log_info("policy and data files are read anew");
		keeper_holidays(k);
	} else {
		taxonomy_free(t);
		(void)snprintf(
		    k->reload_error, sizeof k->reload_error, "%s", buf_cstr(&why));
		if (k->reload_error[0] == '\0')
			(void)snprintf(
			    k->reload_error, sizeof k->reload_error, "%s", err_str(rc));
		log_error("reload: %s; the old settings stay", k->reload_error);
	}
	buf_done(&why);
	loop_notify("READY=1");
}
