/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ceptoarctl/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/file.h"
#include "proto/msg_admin.h"

static int
start_reader(struct audit_source *s)
{
	char program[PATH_MAX];
	int fd[2];

	if (file_find_program("ceptoar-keeper", program, sizeof program) != 0)
		return ctl_say(EXIT_DOWN,
		    "ceptoar-keeper: found neither beside this program nor in PATH");
	if (pipe2(fd, O_CLOEXEC) != 0)
		return ctl_say(EXIT_REFUSED, "%s", strerror(errno));
	s->child = fork();
	if (s->child == 0) {
		if (dup2(fd[1], STDOUT_FILENO) >= 0)
			(void)execl(
			    program, "ceptoar-keeper", "--audit", s->path, (char *)NULL);
		_exit(127);
	}
	(void)close(fd[1]);
	s->pipe = fdopen(fd[0], "r");
	if (s->child < 0 || s->pipe == NULL)
		return ctl_say(EXIT_REFUSED, "%s", strerror(errno));
	return EXIT_DONE;
}

int
audit_source_open(struct audit_source *s, struct ctl *c, const char *path)
{
	memset(s, 0, sizeof *s);
	s->c = c;
	s->path = path;
	buf_init(&s->page, KEEPER_FRAME_MAX);
	return path == NULL ? ctl_keeper_open(c, &s->keeper) : start_reader(s);
}

int
audit_source_close(struct audit_source *s, int rc)
{
	int status = 0;

	call_close(s->keeper);
	if (s->pipe != NULL)
		(void)fclose(s->pipe);
	if (s->child > 0 && waitpid(s->child, &status, 0) == s->child &&
	    rc == EXIT_DONE && (!WIFEXITED(status) || WEXITSTATUS(status) != 0))
		rc = EXIT_REFUSED; /* it has said why */
	buf_done(&s->page);
	return rc;
}

static int
page_of_file(struct audit_source *s)
{
	unsigned char head[4];
	size_t n, got;
	char *room;

	if (fread(head, 1, 4, s->pipe) != 4)
		return EXIT_REFUSED; /* the reader has said why */
	n = head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16 |
	    (size_t)head[3] << 24;
	buf_reset(&s->page);
	room = n <= KEEPER_FRAME_MAX ? buf_extend(&s->page, n) : NULL;
	got = room != NULL ? fread(room, 1, n, s->pipe) : 0;
	return got == n ? EXIT_DONE : EXIT_REFUSED;
}

int
audit_source_page(struct audit_source *s, enum audit_ask what, uint64_t from)
{
	struct slice body;
	uint16_t status;
	struct buf ask;
	int rc;

	if (s->path != NULL)
		return page_of_file(s);
	buf_init(&ask, 16);
	wire_put_u8(&ask, (uint8_t)what);
	wire_put_u64(&ask, from);
	rc = call_do(s->keeper, KM_A_AUDIT, buf_slice(&ask), &s->c->answer, &status);
	rc = ctl_keeper_verdict(s->c, rc, &body);
	buf_done(&ask);
	if (rc == EXIT_DONE) {
		buf_reset(&s->page);
		buf_add(&s->page, body.p, body.n);
	}
	return rc;
}
