/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/ceptoard/supervise.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include <event2/event.h>

#include "daemon/ceptoard/council.h"
#include "daemon/ceptoard/notify.h"
#include "daemon/ceptoard/program.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/mem.h"

enum {
	BACKOFF_MIN = 50,
	BACKOFF_MAX = 2000,
	STEADY_MS = 10000, /* who lived that long starts over with the shortest pause */
	START_MS = 60000,  /* for the whole start */
	PROBE_MS = 100,	   /* between two tries of a member's request */
	STOP_MS = 10000,   /* for each step of the stop, then SIGKILL */
	EARLY_DEATHS = 4,  /* who dies so often before being ready will not start */
};

enum phase {
	PHASE_START,	/* programs are starting; the vault is awaited */
	PHASE_REGISTER, /* members are being registered */
	PHASE_WAIT,	/* for every program's READY=1 */
	PHASE_DESKS,	/* the desks' duty keys are being registered */
	PHASE_PROBE,	/* a member and a desk ask something */
	PHASE_READY,
	PHASE_STOP_FRONTS,
	PHASE_STOP_KEEPER,
	PHASE_STOP_VAULT,
};

struct supervisor {
	struct loop *loop;
	struct scratch *s;
	const struct options *o;
	struct plan plan;
	struct notify *notify;
	struct council *council;
	struct event *on_child;
	struct loop_timer *deadline, *retry; /* of the phase; of the probe */
	enum phase phase;
	int served, desk_served; /* what the probes have found */
	int rc;
};

static void advance(struct supervisor *v);

static void
signal_kind(struct supervisor *v, enum kind kind, int sig)
{
	unsigned i;

	for (i = 0; i < v->plan.n; i++)
		if (v->plan.v[i].kind == kind)
			child_signal(&v->plan.v[i].child, sig);
}

static int
runs_kind(const struct supervisor *v, enum kind kind)
{
	unsigned i;

	for (i = 0; i < v->plan.n; i++)
		if (v->plan.v[i].kind == kind && v->plan.v[i].child.pid != 0)
			return 1;
	return 0;
}

static int
ready_kind(const struct supervisor *v, enum kind kind)
{
	unsigned i;

	for (i = 0; i < v->plan.n; i++)
		if (v->plan.v[i].kind == kind && !v->plan.v[i].ready)
			return 0;
	return 1;
}

/* hub.env always names the processes that run now. */
static void
write_env(struct supervisor *v)
{
	struct buf b;

	if (v->phase != PHASE_READY)
		return;
	buf_init(&b, 8192);
	plan_pids(&v->plan, &b);
	if (scratch_env_write(v->s, buf_cstr(&b), v->plan.local) != 0)
		log_error("hub.env cannot be written");
	buf_done(&b);
}

/* Begins a step of the stop: fronts first, so that what they accepted is stored. */
static void
stop_step(struct supervisor *v, enum phase phase, enum kind kind)
{
	v->phase = phase;
	signal_kind(v, kind, SIGTERM);
	loop_timer_set(v->deadline, STOP_MS, 0);
}

static void
begin_stop(struct supervisor *v)
{
	scratch_env_remove(v->s);
	child_signal(&v->plan.registrar, SIGKILL);
	child_signal(&v->plan.desks, SIGKILL);
	child_signal(&v->plan.probe, SIGKILL);
	child_signal(&v->plan.desk_probe, SIGKILL);
	council_stop(v->council);
	loop_timer_clear(v->retry);
	stop_step(v, PHASE_STOP_FRONTS, KIND_FRONT);
	advance(v);
}

static void
fail(struct supervisor *v, const char *what)
{
	if (v->phase >= PHASE_STOP_FRONTS)
		return;
	log_error("%s; see %s/log", what, v->s->dir);
	v->rc = ERR_DOWN;
	begin_stop(v);
}

static void
start_program(void *arg)
{
	struct program *p = arg;
	struct supervisor *v = p->v;

	if (v->phase >= PHASE_STOP_FRONTS || p->child.pid != 0)
		return;
	p->ready = 0;
	if (child_start(&p->child, notify_path(v->notify)) != 0)
		loop_timer_set(p->again, BACKOFF_MAX, 0);
	write_env(v);
}

static void
start_probe(void *arg)
{
	struct supervisor *v = arg;

	if (v->phase != PHASE_PROBE)
		return;
	if (!v->served && v->plan.probe.pid == 0 &&
	    child_start(&v->plan.probe, NULL) != 0)
		loop_timer_set(v->retry, PROBE_MS, 0);
	if (!v->desk_served && v->plan.desk_probe.pid == 0 &&
	    child_start(&v->plan.desk_probe, NULL) != 0)
		loop_timer_set(v->retry, PROBE_MS, 0);
}

static void
start_registrar(struct supervisor *v, struct child *c)
{
	if (c->pid == 0 && child_start(c, NULL) != 0)
		fail(v, "ceptoarctl cannot be started");
}

static void
become_ready(struct supervisor *v)
{
	v->phase = PHASE_READY;
	loop_timer_clear(v->deadline);
	write_env(v);
	loop_notify("READY=1");
	(void)puts("ready");
	(void)fflush(stdout);
	council_start(v->council);
}

/* Goes on to the next phase when what this one waits for has come; called after every
 * event that could be it. */
static void
advance(struct supervisor *v)
{
	if (v->phase == PHASE_START && ready_kind(v, KIND_VAULT)) {
		v->phase = v->s->members_changed ? PHASE_REGISTER : PHASE_WAIT;
		if (v->s->members_changed)
			start_registrar(v, &v->plan.registrar);
	}
	if (v->phase == PHASE_WAIT && ready_kind(v, KIND_VAULT) &&
	    ready_kind(v, KIND_KEEPER) && ready_kind(v, KIND_FRONT)) {
		v->phase = PHASE_DESKS;
		start_registrar(v, &v->plan.desks);
	}
	if (v->phase == PHASE_STOP_FRONTS && !runs_kind(v, KIND_FRONT))
		stop_step(v, PHASE_STOP_KEEPER, KIND_KEEPER);
	if (v->phase == PHASE_STOP_KEEPER && !runs_kind(v, KIND_KEEPER))
		stop_step(v, PHASE_STOP_VAULT, KIND_VAULT);
	if (v->phase == PHASE_STOP_VAULT && !runs_kind(v, KIND_VAULT) &&
	    v->plan.registrar.pid == 0 && v->plan.desks.pid == 0 &&
	    v->plan.probe.pid == 0 && v->plan.desk_probe.pid == 0 &&
	    !council_runs(v->council))
		loop_stop(v->loop);
}

static void
program_ended(struct program *p, int status)
{
	struct supervisor *v = p->v;
	int steady = clock_mono_ms() - p->child.started_ms >= STEADY_MS;
	int was_ready = p->ready;

	p->child.pid = 0;
	p->ready = 0;
	if (v->phase >= PHASE_STOP_FRONTS)
		return;
	if (WIFSIGNALED(status))
		log_warn("%s was ended by signal %d", p->child.label, WTERMSIG(status));
	else
		log_warn("%s ended with status %d", p->child.label, WEXITSTATUS(status));
	if (v->phase < PHASE_READY && !was_ready && ++p->early_deaths >= EARLY_DEATHS) {
		fail(v, "a program does not start");
		return;
	}
	if (steady)
		p->backoff = BACKOFF_MIN;
	loop_timer_set(p->again, p->backoff, 0);
	p->backoff = p->backoff * 2 > BACKOFF_MAX ? BACKOFF_MAX : p->backoff * 2;
}

static void
registrar_ended(struct supervisor *v, int good)
{
	v->plan.registrar.pid = 0;
	if (good)
		scratch_members_done(v->s);
	if (v->phase == PHASE_READY && good)
		start_registrar(v, &v->plan.desks); /* there may be new ones */
	if (v->phase == PHASE_READY)
		log_info("the members file was %s", good ? "registered anew" : "refused");
	else if (v->phase == PHASE_REGISTER && !good)
		fail(v, "the members could not be registered");
	else if (v->phase == PHASE_REGISTER)
		v->phase = PHASE_WAIT;
}

static void
desks_ended(struct supervisor *v, int good)
{
	v->plan.desks.pid = 0;
	if (v->phase != PHASE_DESKS)
		return;
	/* A keeper that writes nothing any more, since its store is damaged, still serves
	 * what it can, with the keys of before: that is no reason not to start. */
	if (!good)
		log_error("the desks' duty keys could not be registered");
	v->phase = PHASE_PROBE;
	v->served = v->s->first_member[0] == '\0'; /* nobody who could ask */
	v->desk_served = v->s->first_desk[0] == '\0';
	if (v->served && v->desk_served)
		become_ready(v);
	else
		start_probe(v);
}

static void
probe_ended(struct supervisor *v, struct child *probe, int *served, int good)
{
	probe->pid = 0;
	if (v->phase != PHASE_PROBE)
		return;
	*served = good;
	if (!good)
		loop_timer_set(v->retry, PROBE_MS, 0);
	else if (v->served && v->desk_served)
		become_ready(v);
}

static void
on_sigchld(evutil_socket_t sig, short what, void *arg)
{
	struct supervisor *v = arg;
	unsigned i;
	int status, good;
	pid_t pid;

	(void)sig;
	(void)what;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
		if (pid == v->plan.registrar.pid)
			registrar_ended(v, good);
		else if (pid == v->plan.desks.pid)
			desks_ended(v, good);
		else if (pid == v->plan.probe.pid)
			probe_ended(v, &v->plan.probe, &v->served, good);
		else if (pid == v->plan.desk_probe.pid)
			probe_ended(v, &v->plan.desk_probe, &v->desk_served, good);
		else if (council_ended(v->council, pid, good))
			continue;
		for (i = 0; i < v->plan.n; i++)
			if (v->plan.v[i].child.pid == pid)
				program_ended(&v->plan.v[i], status);
	}
	advance(v);
}

static void
on_ready(void *arg, pid_t pid)
{
	struct supervisor *v = arg;
	unsigned i;

	for (i = 0; i < v->plan.n; i++)
		if (v->plan.v[i].child.pid == pid)
			v->plan.v[i].ready = 1;
	advance(v);
}

static void
on_deadline(void *arg)
{
	struct supervisor *v = arg;

	if (v->phase < PHASE_READY) {
		fail(v, "the hub did not come up in time");
	} else if (v->phase >= PHASE_STOP_FRONTS) {
		log_warn("a program does not stop; it is ended");
		signal_kind(v,
		    v->phase == PHASE_STOP_FRONTS   ? KIND_FRONT
		    : v->phase == PHASE_STOP_KEEPER ? KIND_KEEPER
						    : KIND_VAULT,
		    SIGKILL);
	}
}

static void
on_term(void *arg)
{
	struct supervisor *v = arg;
	unsigned kind;

	if (v->phase < PHASE_STOP_FRONTS) {
		begin_stop(v);
		return;
	}
	for (kind = KIND_FRONT; kind <= KIND_KEEPER; kind++)
		signal_kind(v, (enum kind)kind, SIGKILL);
}

static void
on_hup(void *arg)
{
	struct supervisor *v = arg;
	struct buf why;
	unsigned kind;

	for (kind = KIND_FRONT; kind <= KIND_KEEPER; kind++)
		signal_kind(v, (enum kind)kind, SIGHUP);
	if (v->phase != PHASE_READY)
		return;
	buf_init(&why, 4096);
	if (scratch_members(v->s, &why) != 0)
		log_error("%s", buf_cstr(&why));
	else if (v->s->members_changed)
		start_registrar(v, &v->plan.registrar);
	buf_done(&why);
}

int
supervise_new(
    struct supervisor **ret, struct scratch *s, const struct options *o, struct buf *why)
{
	struct supervisor *v = mem_zalloc(sizeof *v);
	char path[PATH_MAX];
	unsigned i;
	int rc;

	if (v == NULL)
		return ERR_NOMEM;
	*ret = v; /* the caller frees it after an error too */
	v->s = s;
	v->o = o;
	rc = plan_init(&v->plan, s, o, why);
	if (rc == 0)
		rc = plan_check(&v->plan, why);
	if (rc != 0)
		return rc;
	v->loop = loop_new();
	if (v->loop == NULL)
		return ERR_NOMEM;
	rc = council_new(&v->council, v->loop, s, v->plan.conf, why);
	if (rc != 0)
		return rc;
	v->deadline = loop_timer_new(v->loop, on_deadline, v);
	v->retry = loop_timer_new(v->loop, start_probe, v);
	v->on_child = evsignal_new(loop_base(v->loop), SIGCHLD, on_sigchld, v);
	if (v->deadline == NULL || v->retry == NULL || v->on_child == NULL ||
	    event_add(v->on_child, NULL) != 0)
		return ERR_NOMEM;
	for (i = 0; i < v->plan.n; i++) {
		v->plan.v[i].v = v;
		v->plan.v[i].backoff = BACKOFF_MIN;
		v->plan.v[i].again =
		    loop_timer_new(v->loop, start_program, &v->plan.v[i]);
		if (v->plan.v[i].again == NULL)
			return ERR_NOMEM;
	}
	rc = scratch_socket(s, "notify", path, sizeof path);
	return rc != 0 ? rc : notify_new(&v->notify, v->loop, path, on_ready, v, why);
}

int
supervise_run(struct supervisor *v)
{
	unsigned i;
	int rc;

	loop_timer_set(v->deadline, START_MS, 0);
	for (i = 0; i < v->plan.n; i++)
		start_program(&v->plan.v[i]);
	rc = loop_run(v->loop, on_term, on_hup, v);
	return rc != 0 ? rc : v->rc;
}

void
supervise_free(struct supervisor *v)
{
	unsigned i;

	if (v == NULL)
		return;
	for (i = 0; i < v->plan.n; i++)
		loop_timer_free(v->plan.v[i].again);
	notify_free(v->notify);
	council_free(v->council);
	if (v->on_child != NULL)
		event_free(v->on_child);
	loop_timer_free(v->deadline);
	loop_timer_free(v->retry);
	loop_free(v->loop);
	plan_done(&v->plan);
	mem_free(v);
}
