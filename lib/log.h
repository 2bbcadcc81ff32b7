/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIB_LOG_H
#define LIB_LOG_H

#include "lib/err.h"

/*
 * One line an event to standard error (the journal), `<6>front: text`.  The descriptor
 * is made non-blocking when it is a pipe or socket: a blocked journal drops lines (and
 * counts them), it never blocks a loop.  Rules: a connection is named by its number only;
 * never a member, an address beside a report, a certificate subject, or report text.
 * Control bytes in arguments are written as \xNN.
 */
enum log_level { LOG_ERROR = 3, LOG_WARN = 4, LOG_INFO = 6, LOG_DEBUG = 7 };

void log_open(const char *program, enum log_level most); /* program: a literal, kept */
void log_level_set(enum log_level most);
void log_error(const char *fmt, ...) PRINTF_LIKE(1, 2);
void log_warn(const char *fmt, ...) PRINTF_LIKE(1, 2);
void log_info(const char *fmt, ...) PRINTF_LIKE(1, 2);
void log_debug(const char *fmt, ...) PRINTF_LIKE(1, 2);
unsigned long log_dropped(void);

#endif
