/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *name = "ceptoar";
static enum log_level level = LOG_INFO;
static unsigned long dropped;

void
log_open(const char *program, enum log_level most)
{
	struct stat st;
	int flags;

	name = program;
	level = most;
	/* A terminal is left alone: O_NONBLOCK would reach the user's shell. */
	if (fstat(STDERR_FILENO, &st) == 0 &&
	    (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode))) {
		flags = fcntl(STDERR_FILENO, F_GETFL);
		if (flags >= 0)
			(void)fcntl(STDERR_FILENO, F_SETFL, flags | O_NONBLOCK);
	}
}

void
log_level_set(enum log_level most)
{
	level = most;
}

static int
is_c1(unsigned char c)
{
	return c >= 0x80 && c <= 0x9f;
}

static size_t
escape(char *out, size_t cap, const char *in)
{
	static const char digit[] = "0123456789abcdef";
	size_t n = 0;
	unsigned char c, last = 0;
	int c1;

	for (; *in != '\0' && n + 5 < cap; in++) {
		c = (unsigned char)*in;
		/* A terminal also obeys U+0080 to U+009F, which UTF-8 begins with C2. */
		c1 = (last == 0xc2 && is_c1(c)) ||
		     (c == 0xc2 && is_c1((unsigned char)in[1]));
		last = c;
		if (c >= 0x20 && c != 0x7f && !c1) {
			out[n++] = (char)c;
			continue;
		}
		out[n++] = '\\';
		out[n++] = 'x';
		out[n++] = digit[c >> 4];
		out[n++] = digit[c & 15];
	}
	return n;
}

static void __attribute__((format(printf, 2, 0)))
line(enum log_level l, const char *fmt, va_list ap)
{
	char text[1024], out[1400];
	int saved = errno, head;
	size_t n;
	ssize_t done;

	if (l > level)
		return;
	(void)vsnprintf(text, sizeof text, fmt, ap);
	head = snprintf(out, sizeof out, "<%d>%s: ", (int)l, name);
	n = (size_t)head;
	n += escape(out + n, sizeof out - n - 1, text);
	out[n++] = '\n';
	done = write(STDERR_FILENO, out, n);
	if (done != (ssize_t)n)
		dropped++;
	errno = saved;
}

#define LOG_BODY(l) \
	va_list ap; \
	va_start(ap, fmt); \
	line((l), fmt, ap); \
	va_end(ap)

void
log_error(const char *fmt, ...)
{
	LOG_BODY(LOG_ERROR);
}

void
log_warn(const char *fmt, ...)
{
	LOG_BODY(LOG_WARN);
}

void
log_info(const char *fmt, ...)
{
	LOG_BODY(LOG_INFO);
}

void
log_debug(const char *fmt, ...)
{
	LOG_BODY(LOG_DEBUG);
}

unsigned long
log_dropped(void)
{
	return dropped;
}
