/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_MAIL_H
#define PROTO_MAIL_H

#include <stdint.h>

#include "lib/buf.h"
#include "proto/rights.h"

/*
 * A bulletin as a mail (RFC 5322): canonical JSON in, bytes with CRLF out.  Plain text
 * only, Japanese and English, the reader's language first; TLP in the subject, at head
 * and foot.  Nothing in it is fetched or reports that it was read, and the one link is
 * that of the acknowledgement.  URLs, domains, addresses and indicators are defanged.
 */
enum mail_lang { MAIL_JA = 0, MAIL_EN = 1 };
enum {
	MAIL_MAX = 4 * 1024 * 1024, /* bytes of a mail; a buffer's cap */
	MAIL_ITEMS_MAX = 100,	    /* bulletins of a digest */
	MAIL_THREAD = 16,
};

struct mail_make {
	struct slice from, to;	/* addresses; `from` also names the host of Message-ID */
	struct slice from_name; /* "": none */
	enum mail_lang first;
	int64_t date_ms;
	/* The same for each try of a delivery and all revisions of a bulletin to this
	 * address: Message-ID is made of it and of the revision. */
	uint8_t thread[MAIL_THREAD];
	struct slice answers_url; /* "https://host:port", what links begin with */
	uint8_t whole_up_to;	  /* enum tlp: beyond it the text stays in the hub */
};

struct mail_item {
	struct slice json;  /* a bulletin's canonical bytes, or those of a stub */
	struct slice token; /* of the acknowledgement's link; "": no link */
};

/* One bulletin.  ERR_INVALID: no bulletin, an address that is none, a token or URL that
 * could end its line; ERR_LIMIT, ERR_NOMEM. */
int mail_bulletin(
    const struct mail_make *m, const struct mail_item *item, struct buf *out) MUST_CHECK;
/* The day's bulletins that did not need a mail each; TLP is the highest of them.  The
 * same errors; ERR_INVALID also when exercise and real ones are mixed. */
int mail_digest(const struct mail_make *m, const struct mail_item *items, unsigned n,
    struct buf *out) MUST_CHECK;
/* Is this an exercise?  For whoever sorts what goes into a digest. */
int mail_is_exercise(struct slice json);

#endif
