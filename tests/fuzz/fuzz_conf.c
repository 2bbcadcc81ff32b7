/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/conf.h"

/* A configuration file of any bytes: what is refused changes nothing and is explained,
 * what is accepted lies within its range. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct sample {
	long long count, wait, room;
	int on;
	char name[8], path[32];
};

#define AT(f) offsetof(struct sample, f)
static const struct conf_option table[] = {
	{ "front", "count", CONF_INT, -5, 100, "8", 1, AT(count), "How many." },
	{ "front", "on", CONF_BOOL, 0, 0, "yes", 0, AT(on), "Whether at all." },
	{ "front", "name", CONF_TEXT, 0, 8, "abc", 0, AT(name), "What it is called." },
	{ "limits", "path", CONF_PATH, 0, 32, "", 0, AT(path), "Where it lies." },
	{ "limits", "wait", CONF_MS, 0, 604800000, "250ms", 1, AT(wait), "How long." },
	{ "limits", "room", CONF_SIZE, 1024, 1 << 30, "16K", 0, AT(room), "How much." },
};
enum { N = sizeof table / sizeof table[0] };

static void
judge(const struct sample *s)
{
	if (s->count < -5 || s->count > 100 || s->on < 0 || s->on > 1 || s->wait < 0 ||
	    s->wait > 604800000 || s->room < 1024 || s->room > 1 << 30)
		abort();
	if (strnlen(s->name, sizeof s->name) == sizeof s->name ||
	    strnlen(s->path, sizeof s->path) == sizeof s->path ||
	    (s->path[0] != '\0' && s->path[0] != '/'))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const foreign[] = { "vault", "policy *", NULL };
	struct sample s, before;
	struct buf why;
	char path[64];
	int fd = memfd_create("conf", MFD_CLOEXEC), rc;

	if (fd < 0 || write(fd, data, n) != (ssize_t)n)
		abort();
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	memset(&s, 0, sizeof s);
	if (conf_defaults(table, N, &s) != 0)
		abort();
	before = s;
	buf_init(&why, 4096);
	rc = conf_read(table, N, foreign, path, &s, sizeof s, &why);
	if (rc == 0)
		judge(&s);
	else if (rc != ERR_INVALID || why.n == 0 || memcmp(&s, &before, sizeof s) != 0)
		abort();
	buf_done(&why);
	(void)close(fd);
	return 0;
}
