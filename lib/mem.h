/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIB_MEM_H
#define LIB_MEM_H

#include <stddef.h>

#include "lib/err.h"

/*
 * The only doors to the heap.  They return NULL when memory is short (the caller answers
 * with ERR_NOMEM), and a test can make the n-th call fail.
 */
void *mem_alloc(size_t n) MUST_CHECK;		    /* not cleared */
void *mem_zalloc(size_t n) MUST_CHECK;		    /* cleared */
void *mem_calloc(size_t n, size_t each) MUST_CHECK; /* cleared, checked for overflow */
void *mem_realloc(void *p, size_t n) MUST_CHECK;    /* on NULL the old block stays */
char *mem_dup(const void *p, size_t n) MUST_CHECK;  /* n bytes and a closing NUL */
void mem_free(void *p);				    /* NULL is fine */
void mem_wipe(void *p, size_t n);		    /* never optimised away */
void mem_wipe_free(void *p, size_t n);		    /* wipe n bytes, then free */
/* For a library that frees without a size: all the block's bytes, then free. */
void mem_wipe_free_all(void *p);

/* Constant-time comparison of two blocks of n bytes: 1 when equal. */
int mem_equal_ct(const void *a, const void *b, size_t n);

/* Tests: let the n-th allocation from now fail (0: none).  Returns calls seen so far. */
unsigned long mem_fail_at(unsigned long n);

#endif
