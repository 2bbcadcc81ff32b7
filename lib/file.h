/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIB_FILE_H
#define LIB_FILE_H

#include <stddef.h>
#include <sys/types.h>

#include "lib/buf.h"
#include "lib/err.h"

/* Whole files, for programs that may block: the command lines and ceptoard. */

/* Appends the file's bytes, at most the room left in `into`.  "-" is standard input.
 * ERR_NOTFOUND, ERR_IO, ERR_LIMIT, ERR_NOMEM. */
int file_read(const char *path, struct buf *into) MUST_CHECK;
/* Replaces the file in one step: a reader sees the old bytes or the new ones, also after
 * a crash, and the new ones once this has returned 0.  ERR_IO, ERR_FULL, ERR_LIMIT (path
 * too long). */
int file_write(const char *path, mode_t mode, const void *p, size_t n) MUST_CHECK;
/* Makes a directory with this mode, if it is not there.  ERR_IO. */
int file_mkdir(const char *path, mode_t mode) MUST_CHECK;
int file_exists(const char *path);

/* Where this program's companions lie.  A data file: ../conf/NAME beside our binary, then
 * conf/NAME below the working directory, then PREFIX/share/ceptoar/NAME.  ERR_NOTFOUND.
 */
int file_find_data(const char *name, char *ret, size_t room) MUST_CHECK;
/* A program: beside our binary, ../bin, ../sbin and ../libexec/ceptoar of it, then PATH.
 */
int file_find_program(const char *name, char *ret, size_t room) MUST_CHECK;

#endif
