/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/ceptoard/program.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/sock.h"

/* What the set-up of one plan works on. */
struct making {
	struct plan *plan;
	struct scratch *s;
	const struct options *o;
	struct buf *why;
};

/* One more program: its binary, its arguments and its log. */
static int
add_program(struct making *m, enum kind kind, const char *name, const char *label)
{
	struct plan *plan = m->plan;
	struct program *p = &plan->v[plan->n++];
	char file[64];

	p->kind = kind;
	(void)snprintf(p->child.label, sizeof p->child.label, "%s", label);
	if (file_find_program(name, p->child.program, sizeof p->child.program) != 0) {
		buf_addf(
		    m->why, "%s: found neither beside this program nor in PATH", name);
		return ERR_NOTFOUND;
	}
	p->child.argv[0] = name;
	p->child.argv[1] = "--conf";
	p->child.argv[2] = plan->conf;
	(void)snprintf(file, sizeof file, "log/%s.log", label);
	if (m->o->verbose)
		return 0;
	return scratch_path(m->s, file, p->child.log, sizeof p->child.log);
}

/* Hands a descriptor to the program that was added last. */
static int
pass_fd(struct making *m, const char *name, int fd)
{
	struct child *c = &m->plan->v[m->plan->n - 1].child;

	if (fd < 0)
		return fd;
	c->fds[c->n_fds].fd = fd;
	(void)snprintf(c->fds[c->n_fds].name, sizeof c->fds[c->n_fds].name, "%s", name);
	c->n_fds++;
	return 0;
}

static int
pass_unix(struct making *m, const char *name, const char *file)
{
	char path[PATH_MAX];
	int rc = scratch_socket(m->s, file, path, sizeof path);

	if (rc == 0)
		rc = pass_fd(m, name, sock_listen_unix(path, 0600));
	if (rc != 0)
		buf_addf(m->why, "%s/run/%s: %s", m->s->dir, file, strerror(errno));
	return rc;
}

/* A listener's port: the one of last time, so that clients find the hub again. */
static int
pass_listener(struct making *m, const char *name, const char *file, uint16_t *kept)
{
	uint16_t port = *kept;
	int rc = pass_fd(m, name, sock_listen_tcp("127.0.0.1", port, 1, &port));

	if (rc != 0) {
		buf_addf(m->why, "127.0.0.1:%u: %s", (unsigned)*kept, strerror(errno));
		return rc;
	}
	return port == *kept ? 0 : scratch_port_save(m->s, file, kept, port);
}

/* What every front has besides its listeners. */
static int
pass_rest(struct making *m, const char *admin)
{
	char *local = m->plan->local;
	uint16_t port = 0;
	size_t at = strlen(local);
	int rc;

	rc = pass_unix(m, "front-admin", admin);
	if (rc == 0)
		rc = pass_fd(m, "local", sock_listen_tcp("127.0.0.1", 0, 0, &port));
	(void)snprintf(local + at, sizeof m->plan->local - at, "%shttp://127.0.0.1:%u",
	    at == 0 ? "" : " ", (unsigned)port);
	return rc;
}

static int
add_front(struct making *m, unsigned number)
{
	char label[32], file[32];
	int rc;

	(void)snprintf(label, sizeof label, "front-%u", number);
	(void)snprintf(file, sizeof file, "front-admin-%u", number);
	rc = add_program(m, KIND_FRONT, "ceptoar-front", label);
	if (rc == 0)
		rc = pass_listener(m, "members", SCRATCH_PORT, &m->s->port);
	if (rc == 0)
		rc = pass_listener(m, "blind", SCRATCH_BLIND_PORT, &m->s->blind_port);
	return rc == 0 ? pass_rest(m, file) : rc;
}

/* The same program with the desks' listener, and for it alone the keeper's other door. */
static int
add_desk_front(struct making *m)
{
	int rc = add_program(m, KIND_FRONT, "ceptoar-front", "desk-1");

	m->plan->v[m->plan->n - 1].desk = 1;
	if (rc == 0)
		rc = pass_listener(m, "desk", SCRATCH_DESK_PORT, &m->s->desk_port);
	return rc == 0 ? pass_rest(m, "desk-admin-1") : rc;
}

static int
add_all(struct making *m)
{
	static const char *const vault[] = { "vault-front", "vault-keeper", "vault-admin",
		"vault-courier", NULL };
	static const char *const keeper[] = { "keeper-front", "keeper-desk",
		"keeper-admin", NULL };
	const char *const *name;
	unsigned i;
	int rc;

	rc = add_program(m, KIND_VAULT, "ceptoar-vault", "vault");
	for (name = vault; rc == 0 && *name != NULL; name++)
		rc = pass_unix(m, *name, *name);
	if (rc == 0)
		rc = add_program(m, KIND_KEEPER, "ceptoar-keeper", "keeper");
	for (name = keeper; rc == 0 && *name != NULL; name++)
		rc = pass_unix(m, *name, *name);
	for (i = 1; rc == 0 && i <= (unsigned)m->o->fronts; i++)
		rc = add_front(m, i);
	return rc == 0 ? add_desk_front(m) : rc;
}

/* Who registers the members when the vault is up, and the desks' duty keys when the
 * keeper is. */
static int
make_ctl(struct making *m, struct child *c)
{
	(void)snprintf(c->label, sizeof c->label, "ceptoarctl");
	if (file_find_program("ceptoarctl", c->program, sizeof c->program) != 0) {
		buf_adds(
		    m->why, "ceptoarctl: found neither beside this program nor in PATH");
		return ERR_NOTFOUND;
	}
	return scratch_path(m->s, "log/ceptoarctl.log", c->log, sizeof c->log);
}

static int
make_registrars(struct making *m)
{
	const char *const members[] = { "ceptoarctl", "--conf", m->plan->conf, "member",
		"import", m->s->members, "--certs", m->s->dir, NULL };
	const char *const desks[] = { "ceptoarctl", "--conf", m->plan->conf, "duty-key",
		"import", m->s->dir, NULL };
	int rc;

	memcpy(m->plan->registrar.argv, members, sizeof members);
	memcpy(m->plan->desks.argv, desks, sizeof desks);
	rc = make_ctl(m, &m->plan->registrar);
	return rc != 0 ? rc : make_ctl(m, &m->plan->desks);
}

/* Who asks one thing as this member at that port, all the way through. */
static int
make_probe(struct making *m, struct child *c, unsigned which, const char *verb)
{
	char(*env)[PATH_MAX + 128] = m->plan->env[which];
	const char *const argv[] = { "ceptoar", verb, NULL };
	struct scratch *s = m->s;
	const char *who = which == 0 ? s->first_member : s->first_desk;
	unsigned i;

	memcpy(c->argv, argv, sizeof argv);
	(void)snprintf(c->label, sizeof c->label, "ceptoar");
	if (file_find_program("ceptoar", c->program, sizeof c->program) != 0) {
		buf_adds(
		    m->why, "ceptoar: found neither beside this program nor in PATH");
		return ERR_NOTFOUND;
	}
	(void)snprintf(env[0], sizeof env[0], "CEPTOAR_URL=https://127.0.0.1:%u",
	    (unsigned)(which == 0 ? s->port : s->desk_port));
	(void)snprintf(env[1], sizeof env[1], "CEPTOAR_CA=%s/ca.pem", s->dir);
	(void)snprintf(env[2], sizeof env[2], "CEPTOAR_CERT=%s/%s/cert.pem", s->dir, who);
	(void)snprintf(env[3], sizeof env[3], "CEPTOAR_KEY=%s/%s/key.pem", s->dir, who);
	for (i = 0; i < 4; i++)
		c->env[i] = env[i];
	return scratch_path(s, "log/probe.log", c->log, sizeof c->log);
}

int
plan_init(struct plan *p, struct scratch *s, const struct options *o, struct buf *why)
{
	struct making m = { p, s, o, why };
	int rc;

	memset(p, 0, sizeof *p);
	rc = scratch_path(s, "ceptoar.conf", p->conf, sizeof p->conf);
	if (rc == 0)
		rc = add_all(&m);
	if (rc == 0)
		rc = make_registrars(&m);
	if (rc == 0)
		rc = make_probe(&m, &p->probe, 0, "me");
	if (rc == 0)
		rc = make_probe(&m, &p->desk_probe, 1, "transparency");
	return rc;
}

int
plan_check(const struct plan *p, struct buf *why)
{
	struct child c;
	unsigned i;
	int status;

	for (i = 0; i < p->n; i++) {
		if (i > 0 && p->v[i].kind == p->v[i - 1].kind)
			continue; /* the fronts read the same */
		c = p->v[i].child;
		c.n_fds = 0;
		c.log[0] = '\0'; /* whoever started us reads what is wrong */
		c.argv[3] = "--check";
		if (child_start(&c, NULL) != 0 || waitpid(c.pid, &status, 0) < 0)
			return ERR_IO;
		if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
			continue;
		buf_addf(
		    why, "%s: %s does not start with these settings", p->conf, c.argv[0]);
		return ERR_INVALID;
	}
	return 0;
}

void
plan_done(struct plan *p)
{
	unsigned i, j;

	for (i = 0; i < p->n; i++) {
		for (j = 0; j < p->v[i].child.n_fds; j++)
			(void)close(p->v[i].child.fds[j].fd);
		p->v[i].child.n_fds = 0;
	}
}

static void
pids_of(const struct plan *p, const char *name, unsigned kind, int desk, struct buf *out)
{
	unsigned i, some = 0;

	for (i = 0; i < p->n; i++) {
		if ((unsigned)p->v[i].kind != kind || p->v[i].desk != desk ||
		    p->v[i].child.pid == 0)
			continue;
		if (some++ > 0)
			buf_addc(out, ',');
		else
			buf_addf(out, "%s%s=", out->n > 0 ? " " : "", name);
		buf_addf(out, "%ld", (long)p->v[i].child.pid);
	}
}

void
plan_pids(const struct plan *p, struct buf *out)
{
	static const char *const name[] = {
		[KIND_FRONT] = "front", [KIND_VAULT] = "vault", [KIND_KEEPER] = "keeper"
	};
	unsigned k;

	for (k = KIND_FRONT; k <= KIND_KEEPER; k++)
		pids_of(p, name[k], k, 0, out);
	pids_of(p, "desk", KIND_FRONT, 1, out);
}
