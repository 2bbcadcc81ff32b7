/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOAR_DATA_H
#define CEPTOAR_DATA_H

#include <jansson.h>

#include "cli/ceptoar/session.h"
#include "lib/buf.h"
#include "proto/taxonomy.h"

/* A file that lies beside the program, or in ../conf or ../share/ceptoar; says what is
 * wrong.  An exit status. */
int data_read(const char *name, struct buf *into) MUST_CHECK;
/* The lists of sectors, groups and CEPTOARs that lie beside the program; says what is
 * wrong.  An exit status.  To be freed by taxonomy_free. */
int data_lists(struct taxonomy **ret) MUST_CHECK;
/* Bit per sector group in which the member is operator or affiliate of a CEPTOAR, from
 * the hub's answer to /v1/me. */
uint64_t data_own_groups(const struct taxonomy *t, const json_t *me);

#endif
