/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_BACKUP_H
#define VAULT_BACKUP_H

#include <stdint.h>

#include "lib/err.h"
#include "proto/msg_vault.h"

/* Opaque types. */
struct vault;
struct link;
struct backup;

/* One backup at a time, a few pages a turn of the loop, with progress to its asker. */
int backup_new(struct backup **ret, struct vault *v) MUST_CHECK;
void backup_free(struct backup *b); /* NULL is fine; an unfinished file is removed */
/* VS_OK: begun, the answer comes later; otherwise what to answer. */
enum vault_status backup_start(
    struct backup *b, struct link *l, uint64_t call, const char *path);
/* The asker is gone: so is its unfinished file. */
void backup_forget(struct backup *b, const struct link *l);

#endif
