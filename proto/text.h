/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_TEXT_H
#define PROTO_TEXT_H

#include <stdint.h>

#include "lib/buf.h"

enum text_shape {
	TEXT_LINE, /* one line: no line breaks or tabs, no line or paragraph separators */
	TEXT_BLOCK, /* lines, ended by LF or CRLF, and tabs */
};

enum text_flaw {
	TEXT_FINE = 0,
	TEXT_NOT_UTF8,
	TEXT_CONTROL,	 /* C0, C1, a lone CR */
	TEXT_BREAK,	 /* a line break, tab or separator where one line is expected */
	TEXT_DIRECTION,	 /* bidirectional controls */
	TEXT_INVISIBLE,	 /* zero width, tags, fillers, stray variation selectors */
	TEXT_UNASSIGNED, /* private use, unassigned, noncharacters */
	TEXT_PILE,	 /* more than 8 combining marks on one base */
	TEXT_FLAWS
};

struct text_facts {
	size_t points;	  /* code points */
	int blank;	  /* nothing but white space, or empty */
	int mixed_script; /* one word mixes scripts that look alike (UTS 39), as Cyrillic
			     and Latin: to be flagged, not refused */
	int has_cr;	  /* CRLF line ends */
};

/* Looks at a text that others will see.  ret is complete when TEXT_FINE is returned. */
enum text_flaw text_check(
    struct slice utf8, enum text_shape shape, struct text_facts *ret);
/* What was expected instead, a literal; "" for TEXT_FINE. */
const char *text_flaw_detail(enum text_flaw flaw);
/* Is this a letter beyond ASCII that is mistaken for an ASCII one (Latin with accents,
 * Greek, Cyrillic, ...)?  Japanese letters are not. */
int text_is_lookalike(uint32_t c);
/* Appends the text with CRLF as LF. */
void text_add_lf(struct buf *out, struct slice utf8);

#endif
