/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_RELAY_H
#define KEEPER_STORE_RELAY_H

#include "daemon/keeper/store.h"

/* What was passed on, and standing orders to do so. */
enum { RELAY_HUB_MAX = 63, RELAY_WORDS_MAX = 64 * 1024, TLP_NONE = 255 };

struct store_relay {
	uint8_t bulletin[ID_LEN], original[ID_LEN]; /* the wrapper, and what it wraps */
	uint8_t slot;		     /* the CEPTOAR within which it is passed on */
	char hub[RELAY_HUB_MAX + 1]; /* where the original came from; "": this hub */
	uint16_t revision;	     /* the original's that it shows */
	uint8_t tlp;		     /* at least */
	uint8_t members;	     /* operators too, not affiliates and desks alone */
	uint8_t ordered; /* by a standing order, and no desk has added a word yet */
	uint8_t ended;	 /* its desk has taken it back: it follows nothing any more */
};

/* Adds, or changes all but original, slot and hub.  `words`: {"ack","note"}. */
int store_relay_put(
    struct store *s, const struct store_relay *r, struct slice words) MUST_CHECK;
int store_relay_get(struct store *s, const uint8_t *bulletin, struct store_relay *ret,
    struct buf *words) MUST_CHECK;
/* The living one of this CEPTOAR, else one that has ended; ERR_NOTFOUND: never passed on.
 */
int store_relay_of(struct store *s, const uint8_t *original, unsigned slot,
    struct store_relay *ret, struct buf *words) MUST_CHECK;
/* Living wrappers of an original, one a CEPTOAR at most. */
int store_relay_list(struct store *s, const uint8_t *original, uint8_t ret[][ID_LEN],
    size_t most, size_t *ret_n) MUST_CHECK;
/* The same by where they came from: wrappers of another hub's bulletins that were issued
 * in or after `minute`; fn not 0 ends the walk.  fn may not use the store. */
int store_relay_foreign(struct store *s, const char *hub, int64_t minute,
    int (*fn)(void *arg, const struct store_relay *r), void *arg) MUST_CHECK;

struct store_order {
	uint8_t slot, from, min_severity, always;
	uint8_t tlp; /* TLP_NONE: the original's */
	uint8_t person[RECEIVER_LEN];
	int64_t minute;
};
int store_order_put(
    struct store *s, const struct store_order *o, struct slice words) MUST_CHECK;
int store_order_delete(struct store *s, unsigned slot, unsigned from) MUST_CHECK;
/* All of them, by slot; fn may not use the store. */
int store_order_each(struct store *s,
    int (*fn)(void *arg, const struct store_order *o, struct slice words),
    void *arg) MUST_CHECK;
int store_order_get(struct store *s, unsigned slot, unsigned from,
    struct store_order *ret, struct buf *words) MUST_CHECK;

#endif
