/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_ESCALATION_H
#define KEEPER_STORE_ESCALATION_H

#include "daemon/keeper/store_delivery.h"

/* What the store keeps of silence; rules and results as in store.h. */

struct store_escalation {
	uint8_t bulletin[ID_LEN];
	uint16_t revision; /* that is brought */
	uint16_t floor;	   /* an acknowledgement of any revision from here on counts */
	uint8_t level;
	int64_t minute; /* since when */
};

enum escalation_hours { HOURS_ALWAYS = 128, HOURS_OFFICE, HOURS_CENTRE = 255 };
enum escalation_stage {
	ESC_SECOND_ROUTE = BROUGHT_SECOND_ROUTE,
	ESC_SECOND_CONTACT = BROUGHT_SECOND_CONTACT,
	ESC_LIST, /* of the silent */
	ESC_LAST  /* the centre's last figures */
};

/* The next step for those who go by these hours: a slot's, or enum escalation_hours. */
struct store_step {
	uint8_t bulletin[ID_LEN];
	uint8_t hours, stage;
	int64_t due, second, deadline; /* minutes; second: of ESC_SECOND_CONTACT */
	uint8_t after[RECEIVER_LEN];   /* receivers up to here are done */
	uint32_t entitled, silent;
};

struct store_silence {
	uint8_t bulletin[ID_LEN];
	uint8_t desk; /* a slot, or DESK_CENTRE */
	uint16_t revision;
	int64_t minute;
	uint32_t entitled, silent;
};

int store_escalation_put(struct store *s, const struct store_escalation *e) MUST_CHECK;
int store_escalation_get(
    struct store *s, const uint8_t *bulletin, struct store_escalation *ret) MUST_CHECK;
/* With its steps. */
int store_escalation_del(struct store *s, const uint8_t *bulletin) MUST_CHECK;

int store_step_put(struct store *s, const struct store_step *v) MUST_CHECK;
int store_step_get(struct store *s, const uint8_t *bulletin, unsigned hours,
    struct store_step *ret) MUST_CHECK;
int store_step_del(struct store *s, const uint8_t *bulletin, unsigned hours) MUST_CHECK;
/* The one that was due first, at `minute` or before; ERR_NOTFOUND. */
int store_step_due(struct store *s, int64_t minute, struct store_step *ret) MUST_CHECK;

/* One of this desk about this bulletin takes the place of the one before. */
int store_silence_put(struct store *s, const struct store_silence *v) MUST_CHECK;
/* Of one desk, the newest first; fn may use the store. */
int store_silence_each(struct store *s, unsigned desk, unsigned most,
    int (*fn)(void *arg, const struct store_silence *v), void *arg) MUST_CHECK;

/* Has this receiver said anything that counts about this revision?  1, 0, or an error. */
int store_ack_has(struct store *s, const uint8_t *bulletin, uint16_t revision,
    const uint8_t *receiver) MUST_CHECK;
/* What is queued or leased for this receiver of a revision, and is there to rouse
 * somebody: pages, and whatever followed silence. */
int store_delivery_open(struct store *s, const uint8_t *bulletin, uint16_t revision,
    const uint8_t *receiver, unsigned most, struct store_delivery *v,
    unsigned *ret_n) MUST_CHECK;

#endif
