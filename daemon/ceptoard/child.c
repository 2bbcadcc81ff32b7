/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/ceptoard/child.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "lib/clock.h"

enum { FIRST_FD = 3, ABOVE = 64, ENV_MAX = 32, ENV_TEXT = 4200 };

/* What a program may see of our environment: a proxy, a key log file, another OpenSSL
 * configuration or a preloaded library stay outside. */
static const char *const passed_on[] = { "PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR",
	"CEPTOAR_TEST_CLOCK", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS",
	"MALLOC_PERTURB_" };

struct env {
	const char *v[ENV_MAX];
	unsigned n;
	char text[ENV_MAX][ENV_TEXT];
};

static void
env_add(struct env *e, const char *name, const char *value)
{
	if (e->n + 1 >= ENV_MAX ||
	    snprintf(e->text[e->n], ENV_TEXT, "%s=%s", name, value) >= ENV_TEXT)
		return;
	e->v[e->n] = e->text[e->n];
	e->n++;
}

static void
env_fill(struct env *e, const struct child *c, const char *notify_socket)
{
	char number[32], names[CHILD_FDS * 33] = "";
	size_t i, at = 0;

	for (i = 0; i < sizeof passed_on / sizeof passed_on[0]; i++)
		if (getenv(passed_on[i]) != NULL)
			env_add(e, passed_on[i], getenv(passed_on[i]));
	for (i = 0; c->env[i] != NULL && e->n + 1 < ENV_MAX; i++)
		e->v[e->n++] = c->env[i];
	if (notify_socket != NULL)
		env_add(e, "NOTIFY_SOCKET", notify_socket);
	if (c->n_fds > 0) {
		for (i = 0; i < c->n_fds; i++)
			at += (size_t)snprintf(names + at, sizeof names - at, "%s%s",
			    i == 0 ? "" : ":", c->fds[i].name);
		(void)snprintf(number, sizeof number, "%u", c->n_fds);
		env_add(e, "LISTEN_FDS", number);
		env_add(e, "LISTEN_FDNAMES", names);
		(void)snprintf(number, sizeof number, "%ld", (long)getpid());
		env_add(e, "LISTEN_PID", number);
	}
	e->v[e->n] = NULL;
}

/* Moves the descriptors to 3, 4, ...; by way of high numbers, for they may overlap. */
static int
place_fds(const struct child *c)
{
	int high[CHILD_FDS];
	unsigned i;

	for (i = 0; i < c->n_fds; i++) {
		high[i] = fcntl(c->fds[i].fd, F_DUPFD_CLOEXEC, ABOVE);
		if (high[i] < 0)
			return ERR_IO;
	}
	for (i = 0; i < c->n_fds; i++)
		if (dup2(high[i], FIRST_FD + (int)i) < 0)
			return ERR_IO;
	return 0;
}

static int
place_log(const struct child *c)
{
	int fd, null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (null < 0 || dup2(null, STDIN_FILENO) < 0)
		return ERR_IO;
	if (c->log[0] == '\0') /* our standard output says "ready" and nothing else */
		return dup2(STDERR_FILENO, STDOUT_FILENO) < 0 ? ERR_IO : 0;
	fd = open(c->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0 || dup2(fd, STDERR_FILENO) < 0)
		return ERR_IO;
	return 0;
}

static void __attribute__((noreturn))
become(const struct child *c, const char *notify_socket, pid_t parent)
{
	static struct env e; /* ours alone: a copy of the parent's, in the child */
	char *argv[CHILD_ARGS];
	sigset_t none;
	unsigned i;

	(void)setpgid(0, 0);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
		_exit(127);
	(void)signal(SIGPIPE, SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	env_fill(&e, c, notify_socket);
	if (place_log(c) != 0 || place_fds(c) != 0)
		_exit(127);
	for (i = 0; c->argv[i] != NULL; i++)
		memcpy(&argv[i], &c->argv[i], sizeof argv[i]); /* execve takes no const */
	argv[i] = NULL;
	(void)execve(c->program, argv, (char *const *)(uintptr_t)e.v);
	(void)dprintf(STDERR_FILENO, "%s: cannot be executed\n", c->program);
	_exit(127);
}

int
child_start(struct child *c, const char *notify_socket)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		return ERR_IO;
	if (pid == 0)
		become(c, notify_socket, parent);
	c->pid = pid;
	c->started_ms = clock_mono_ms();
	return 0;
}

void
child_signal(const struct child *c, int sig)
{
	if (c->pid > 0)
		(void)kill(c->pid, sig);
}
