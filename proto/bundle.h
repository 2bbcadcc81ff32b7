/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_BUNDLE_H
#define PROTO_BUNDLE_H

#include "proto/attachment.h"
#include "proto/frame.h"
#include "proto/jwk.h"

/*
 * A file that carries bulletins, or counts of acknowledgements, from one hub to another
 * that no network reaches: lines of text.  The first one is a JWS (ES256, typ
 * "ceptoar-bundle") whose payload is the header; it names the number of rows and the
 * SHA-256 of all that follows, so that it signs the whole.  Each other line is a row,
 * canonical JSON.
 */
#define BUNDLE_TYP "ceptoar-bundle"

enum {
	BUNDLE_MAX = 64 * 1024 * 1024,
	BUNDLE_ROWS_MAX = 100000,
	BUNDLE_ROW_MAX = FRAME_BODY_MAX + 4096,
	BUNDLE_HEAD_MAX = 4096,
	BUNDLE_HUB = 16, /* characters of a hub's name: of its first key's thumbprint */
	BUNDLE_SLUG_MAX = 63,
};
enum bundle_kind { BUNDLE_BULLETINS, BUNDLE_ACKS };

struct bundle_head {
	enum bundle_kind kind;
	char hub[BUNDLE_HUB + 1];	   /* who made it */
	char ceptoar[BUNDLE_SLUG_MAX + 1]; /* for whom: what its desk may read */
	uint32_t rows;
	uint8_t sum[32]; /* SHA-256 of the rows, line feeds included */
};

/* A file being read; points into it. */
struct bundle {
	struct bundle_head head;
	struct slice rest;
	uint32_t row; /* the last one that was given, from 1 */
};

/* Appends the header, canonical: what the first line is a JWS of. */
int bundle_head_write(const struct bundle_head *h, struct buf *out) MUST_CHECK;
int bundle_head_read(
    struct slice text, struct bundle_head *ret, struct fault *why) MUST_CHECK;
/* Looks at the whole file: signature by a key of `trust`, header, sum, number of lines.
 * ERR_INVALID with `why`, whose detail says what and whose pointer says where ("" is the
 * file as a whole); ERR_NOMEM, ERR_CRYPTO. */
int bundle_open(struct slice file, const struct jwks *trust, struct bundle *ret,
    struct fault *why) MUST_CHECK;
/* The next row.  1, 0 at the end. */
int bundle_next(struct bundle *b, struct slice *ret);

/* A row of bulletins: {"body":{...},"facts":{"severity","stub","systems","tlp"}}. */
struct bundle_bulletin {
	uint8_t id[ID_LEN];
	char number[16];
	uint16_t revision;
	uint8_t kind; /* FRAME_BULLETIN, FRAME_UPDATE, FRAME_CANCEL */
	uint8_t stub; /* it says only that this is no longer for the readers */
	uint8_t severity, tlp;
	uint16_t flags;	 /* exercise, systems and kind */
	json_t *body;	 /* a new reference */
	struct buf text; /* its canonical bytes, as they were signed */
};
int bundle_bulletin_read(
    struct slice row, struct bundle_bulletin *ret, struct fault *why) MUST_CHECK;
void bundle_bulletin_done(struct bundle_bulletin *b);
/* Appends a row and its line feed; `body` is canonical. */
int bundle_bulletin_write(
    const struct frame_head *h, struct slice body, int stub, struct buf *out) MUST_CHECK;

/* A row of bulletins too, behind the bulletin that names the file: a piece of it, as
 * {"file":{"data","id","name","part","parts"}}.  Type, size and hash stand in the signed
 * text. */
enum {
	BUNDLE_PIECE = 384 * 1024, /* bytes of all pieces but the last */
	BUNDLE_PIECES = (ATTACHMENT_MAX + BUNDLE_PIECE - 1) / BUNDLE_PIECE,
};
struct bundle_file {
	uint8_t id[ID_LEN]; /* of the bulletin */
	char name[ATTACHMENT_NAME + 1];
	uint32_t part, parts; /* from 0 */
};
int bundle_file_is(struct slice row);
int bundle_file_write(
    const struct bundle_file *f, struct slice piece, struct buf *out) MUST_CHECK;
/* The piece takes the place of what is in `data`. */
int bundle_file_read(struct slice row, struct bundle_file *ret, struct buf *data,
    struct fault *why) MUST_CHECK;

/* A row of acknowledgements: how many at which stage, of one bulletin, and to how many
 * more they have passed it on.  No names. */
struct bundle_ack {
	uint8_t id[ID_LEN];
	uint16_t revision;
	uint32_t received, read, acted, forwarded;
};
int bundle_ack_read(
    struct slice row, struct bundle_ack *ret, struct fault *why) MUST_CHECK;
int bundle_ack_write(const struct bundle_ack *a, struct buf *out) MUST_CHECK;

#endif
