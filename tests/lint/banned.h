/* SPDX-License-Identifier: Apache-2.0 */
/* Force-included everywhere: what this tree does not call, as build errors. */
#ifndef LINT_BANNED_H
#define LINT_BANNED_H
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#undef alloca /* macros of glibc's, with clang and -D_FORTIFY_SOURCE */
#undef sprintf
#undef vsprintf
#pragma GCC poison strcpy strcat sprintf vsprintf strtok gmtime localtime ctime asctime atoi atol alloca gets
#endif
