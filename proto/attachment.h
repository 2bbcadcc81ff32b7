/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_ATTACHMENT_H
#define PROTO_ATTACHMENT_H

#include "lib/buf.h"

/*
 * Files that a desk sends with a bulletin: PDF, CSV and plain text.  What a file is, is
 * read off its bytes; its name only has to say the same.
 */
enum {
	ATTACHMENT_MAX = 2 * 1024 * 1024, /* bytes of one */
	ATTACHMENTS_MOST = 8,		  /* of a bulletin */
	ATTACHMENT_NAME = 64,
};

/* A name that is safe in a header and in any folder: ASCII letters, digits, dots,
 * hyphens and underscores, a letter or digit first, and one of the three endings. */
int attachment_name_ok(struct slice name);
/*
 * The media type of a file of that name: "application/pdf", "text/csv" or "text/plain".
 * NULL when it is none, with what was expected in *ret_detail (a literal): a PDF that is
 * none, a text that is no UTF-8 or holds control characters, a cell that a spreadsheet
 * would take for a formula (= + - @ or a tab in front, but for plain numbers).
 */
const char *attachment_type(
    struct slice name, struct slice bytes, const char **ret_detail);

#endif
