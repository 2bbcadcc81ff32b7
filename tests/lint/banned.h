/* SPDX-License-Identifier: Apache-2.0 */
/* Force-included everywhere: what this tree does not call, as build errors. */
#ifndef LINT_BANNED_H
#define LINT_BANNED_H
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#undef alloca /* a macro of glibc's */
#pragma GCC poison strcpy strcat sprintf vsprintf strtok gmtime localtime ctime asctime atoi atol alloca gets
#endif
