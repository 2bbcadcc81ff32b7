/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/ceptoard/council.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "daemon/ceptoard/child.h"
#include "lib/file.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/mem.h"
#include "proto/json.h"

enum {
	SOON_MS = 1000,	  /* keys are being made */
	LATER_MS = 15000, /* all that we saw is signed */
	REQUEST_MAX = 256 * 1024,
};

enum step { STEP_NONE, STEP_REQUEST, STEP_SIGN, STEP_PUBLISH };

struct council {
	const struct scratch *s;
	struct child child; /* one step at a time */
	struct loop_timer *timer;
	enum step step;
	int stopped, said;
	char conf[PATH_MAX], dir[PATH_MAX], request[PATH_MAX], statement[PATH_MAX],
	    done[PATH_MAX];
	/* The keys of a request, canonical: published last, and seen last. */
	struct buf published, seen;
};

static void
run(struct council *c, enum step step)
{
	const char *const words[][10] = {
		[STEP_REQUEST] = { "ceptoarctl", "--conf", c->conf, "council", "request",
		    "--out", c->request, NULL },
		[STEP_SIGN] = { "ceptoarctl", "council", "sign", c->dir, c->request,
		    "--replace", "--out", c->statement, NULL },
		[STEP_PUBLISH] = { "ceptoarctl", "--conf", c->conf, "council", "publish",
		    c->statement, NULL },
	};

	memcpy(c->child.argv, words[step], sizeof words[step]);
	c->step = step;
	if (child_start(&c->child, NULL) != 0) {
		c->step = STEP_NONE;
		loop_timer_set(c->timer, LATER_MS, 0);
	}
}

static void
on_timer(void *arg)
{
	struct council *c = arg;

	if (c->step == STEP_NONE && !c->stopped)
		run(c, STEP_REQUEST);
}

int
council_new(struct council **ret, struct loop *loop, const struct scratch *s,
    const char *conf, struct buf *why)
{
	struct council *c = mem_zalloc(sizeof *c);
	int rc;

	if (c == NULL)
		return ERR_NOMEM;
	c->s = s;
	buf_init(&c->published, REQUEST_MAX);
	buf_init(&c->seen, REQUEST_MAX);
	(void)snprintf(c->conf, sizeof c->conf, "%s", conf);
	(void)snprintf(c->child.label, sizeof c->child.label, "council");
	rc = scratch_path(s, "council", c->dir, sizeof c->dir);
	if (rc == 0)
		rc = scratch_path(
		    s, "council/request.json", c->request, sizeof c->request);
	if (rc == 0)
		rc = scratch_path(
		    s, "council/statement.jws", c->statement, sizeof c->statement);
	if (rc == 0)
		rc = scratch_path(s, "council/published", c->done, sizeof c->done);
	if (rc == 0)
		rc =
		    scratch_path(s, "log/council.log", c->child.log, sizeof c->child.log);
	if (rc == 0 && file_find_program("ceptoarctl", c->child.program,
			   sizeof c->child.program) != 0) {
		buf_adds(
		    why, "ceptoarctl: found neither beside this program nor in PATH");
		rc = ERR_NOTFOUND;
	}
	c->timer = rc == 0 ? loop_timer_new(loop, on_timer, c) : NULL;
	if (rc == 0 && c->timer == NULL)
		rc = ERR_NOMEM;
	if (rc != 0) {
		council_free(c);
		return rc;
	}
	if (file_exists(c->done) && file_read(c->done, &c->published) != 0)
		buf_reset(&c->published); /* it is signed once more */
	*ret = c;
	return 0;
}

void
council_free(struct council *c)
{
	if (c == NULL)
		return;
	loop_timer_free(c->timer);
	buf_done(&c->published);
	buf_done(&c->seen);
	mem_free(c);
}

void
council_start(struct council *c)
{
	loop_timer_set(c->timer, SOON_MS, 0);
}

void
council_stop(struct council *c)
{
	c->stopped = 1;
	loop_timer_clear(c->timer);
	child_signal(&c->child, SIGKILL);
}

int
council_runs(const struct council *c)
{
	return c->step != STEP_NONE;
}

/* Has every epoch that is named a key of every group? */
static int
is_whole(const struct council *c, const json_t *keys)
{
	size_t i, k, n = json_array_size(keys), same;
	const json_t *epoch;

	for (i = 0; i < n; i++) {
		epoch = json_object_get(json_array_get(keys, i), "epoch");
		for (same = k = 0; k < n; k++)
			same += json_equal(epoch, json_object_get(json_array_get(keys, k),
						      "epoch")) != 0;
		if (same != c->s->groups)
			return 0;
	}
	return n > 0;
}

/* The keys that a request lists, as canonical bytes.  ERR_NOTFOUND: not all of an epoch
 * are made yet. */
static int
read_request(const struct council *c, struct buf *ret)
{
	static const struct json_caps caps = { REQUEST_MAX, 5, 4000, 1024 };
	struct fault why;
	json_t *j = NULL;
	const json_t *keys;
	struct buf text;
	int rc;

	buf_init(&text, REQUEST_MAX);
	rc = file_read(c->request, &text);
	if (rc == 0)
		rc = json_read(buf_slice(&text), &caps, &j, &why);
	if (rc == 0) {
		keys = json_object_get(j, "keys");
		rc = is_whole(c, keys) ? json_canonical(keys, ret) : ERR_NOTFOUND;
	}
	json_decref(j);
	buf_done(&text);
	return rc;
}

static int
equal(const struct buf *a, const struct buf *b)
{
	return a->n == b->n && (a->n == 0 || memcmp(a->p, b->p, a->n) == 0);
}

static void
on_request(struct council *c)
{
	int rc;

	buf_reset(&c->seen);
	rc = read_request(c, &c->seen);
	if (rc != 0)
		loop_timer_set(c->timer, SOON_MS, 0);
	else if (equal(&c->seen, &c->published))
		loop_timer_set(c->timer, LATER_MS, 0);
	else
		run(c, STEP_SIGN);
}

static void
on_published(struct council *c)
{
	buf_reset(&c->published);
	buf_add(&c->published, c->seen.p, c->seen.n);
	if (file_write(c->done, 0600, c->published.p, c->published.n) != 0)
		log_warn("%s cannot be written", c->done);
	loop_timer_set(c->timer, SOON_MS, 0);
}

int
council_ended(struct council *c, pid_t pid, int good)
{
	enum step step = c->step;

	if (step == STEP_NONE || pid != c->child.pid)
		return 0;
	c->child.pid = 0;
	c->step = STEP_NONE;
	if (c->stopped)
		return 1;
	if (!good) {
		if (!c->said)
			log_warn("the council could not sign; see %s", c->child.log);
		c->said = 1;
		loop_timer_set(c->timer, LATER_MS, 0);
	} else if (step == STEP_REQUEST) {
		on_request(c);
	} else if (step == STEP_SIGN) {
		run(c, STEP_PUBLISH);
	} else {
		on_published(c);
	}
	return 1;
}
