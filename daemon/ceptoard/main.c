/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "daemon/ceptoard/options.h"
#include "daemon/ceptoard/scratch.h"
#include "daemon/ceptoard/supervise.h"
#include "lib/log.h"

/* The programs inherit it: ten thousand streams need as many descriptors. */
static void
raise_limits(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) == 0 && r.rlim_cur < r.rlim_max) {
		r.rlim_cur = r.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &r);
	}
}

static int
complain(struct buf *why, int rc)
{
	if (rc != 0)
		(void)fprintf(
		    stderr, "ceptoard: %s\n", why->n > 0 ? buf_cstr(why) : err_str(rc));
	return rc == 0 ? 0 : 1;
}

static int
run_hub(const struct options *o, struct buf *why)
{
	struct supervisor *v = NULL;
	struct scratch s;
	int rc;

	rc = scratch_open(&s, o, why);
	if (rc == 0)
		rc = scratch_members(&s, why);
	if (rc == 0)
		rc = scratch_conf(&s, o->conf, why);
	if (rc == 0)
		rc = supervise_new(&v, &s, o, why);
	if (rc == 0)
		rc = supervise_run(v);
	supervise_free(v);
	scratch_done(&s);
	return rc;
}

int
main(int argc, char **argv)
{
	struct options o;
	struct buf why;
	int rc;

	rc = options_read(&o, argc, argv);
	if (rc != 0)
		return rc > 0 ? 0 : 2;
	(void)umask(0077);
	raise_limits();
	log_open("ceptoard", LOG_INFO);
	buf_init(&why, 8192);
	rc = o.revoke != NULL ? scratch_revoke(&o, &why) : run_hub(&o, &why);
	rc = complain(&why, rc);
	buf_done(&why);
	return rc;
}
