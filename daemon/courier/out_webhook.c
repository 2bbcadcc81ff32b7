/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/courier/sender.h"

#include <string.h>

#include "lib/mem.h"

/* A webhook gets the bulletin's canonical bytes, signed as Standard Webhooks says. */

static enum courier_outcome
aim(struct courier *c, struct delivery *d, const char **ret_why)
{
	static const uint8_t none[COURIER_MARK_LEN];
	uint8_t mark[COURIER_MARK_LEN];

	*ret_why = target_read(d->contact.value, &c->opt.rules, &d->target);
	if (*ret_why != NULL)
		return OUTCOME_FAILED; /* its desk shall know that it can never work */
	/* It said that it is gone, and the address is still the same. */
	if (memcmp(d->job.gone, none, sizeof none) != 0 &&
	    sign_mark(d->contact.secret, d->contact.value, mark) == 0 &&
	    mem_equal_ct(mark, d->job.gone, sizeof mark)) {
		*ret_why = "gone";
		return OUTCOME_UNABLE;
	}
	return OUTCOME_SENT;
}

static struct transfer *
load(struct courier *c, struct delivery *d, const struct resolved *a)
{
	struct transfer *t = transfer_new(c, d, a, "https");
	struct slice body = { d->text->p, d->text->n };
	const unsigned char *old =
	    c->now_s() < d->contact.old_until ? d->contact.old_secret : NULL;
	CURL *e;

	if (t == NULL)
		return NULL;
	e = t->easy;
	/* A server with another key gets nothing, whoever vouches for it. */
	if (d->contact.pin[0] != '\0' &&
	    curl_easy_setopt(e, CURLOPT_PINNEDPUBLICKEY, d->contact.pin) != CURLE_OK) {
		transfer_free(t);
		return NULL;
	}
	/* The text stays with the delivery for as long as the transfer lives. */
	if (sender_sign(c, d, t, body, d->contact.secret, old) != 0 ||
	    curl_easy_setopt(e, CURLOPT_POST, 1L) != CURLE_OK ||
	    curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.n) !=
		CURLE_OK ||
	    curl_easy_setopt(e, CURLOPT_POSTFIELDS, body.p) != CURLE_OK) {
		transfer_free(t);
		return NULL;
	}
	return t;
}

static enum endpoint_word
ended(struct courier *c, struct delivery *d, const struct transfer *t)
{
	if (!transfer_answered(t) || t->status != 410)
		return sender_http_ended(c, d, t);
	/* Not only this one: nothing more is to come there. */
	if (sign_mark(d->contact.secret, d->contact.value, d->result.mark) != 0)
		memset(d->result.mark, 0xff, sizeof d->result.mark);
	delivery_settle(c, d, OUTCOME_GONE, "gone");
	return ENDPOINT_GOOD;
}

const struct sender webhook_sender = { aim, load, ended, 0 };
