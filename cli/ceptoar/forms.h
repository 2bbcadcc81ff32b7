/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOAR_FORMS_H
#define CEPTOAR_FORMS_H

#include "lib/buf.h"
#include "proto/json.h"
#include "proto/taxonomy.h"

/* Opaque types. */
struct forms;

/*
 * Reports that the law or another office wants, filled from a record: which fields they
 * have and where each is taken from is data (conf/forms.json, conf/forms.schema.json).
 * Nothing here is sent to anybody.
 */
int forms_new(struct forms **ret, struct slice text, struct buf *why) MUST_CHECK;
void forms_free(struct forms *f); /* NULL is fine */
/* The ids of all forms, with blanks between them. */
void forms_names(const struct forms *f, struct buf *out);

/*
 * {"form","names","complete","missing":[ids],"fields":[{"id","label","required","value"}]}
 * as a new reference; a value is {"ja","en"}, or null when the record says nothing.
 * record: {"shared","private"}.  0, ERR_NOTFOUND (no such form), ERR_LIMIT (a value is
 * beyond 256 KiB), ERR_NOMEM.
 */
int forms_fill(const struct forms *f, const char *form, const json_t *record,
    const struct taxonomy *t, json_t **ret) MUST_CHECK;
/* The same as a table for spreadsheets. */
void forms_csv(const json_t *filled, struct buf *out);

#endif
