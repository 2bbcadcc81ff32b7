/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/courier/sender.h"

#include <stdio.h>
#include <string.h>

/* Whoever adds a way out adds a line here. */
static const struct sender *const senders[BY_END] = {
	[BY_MAIL] = &mail_sender,
	[BY_WEBHOOK] = &webhook_sender,
	[BY_SMS] = &gateway_sender,
	[BY_VOICE] = &gateway_sender,
};

const struct sender *
sender_of(unsigned route)
{
	return route < BY_END ? senders[route] : NULL;
}

unsigned
sender_routes(void)
{
	unsigned i, routes = 1; /* the rest too: it shall not wait for ever */

	for (i = BY_MAIL; i < BY_END; i++)
		if (senders[i] != NULL)
			routes |= 1u << i;
	return routes;
}

int
sender_sign(struct courier *c, struct delivery *d, struct transfer *t, struct slice body,
    const unsigned char *secret, const unsigned char *old)
{
	char time[32];
	int64_t now = c->now_s();
	struct buf id, sum;
	int rc;

	buf_init(&id, 64);
	buf_init(&sum, 256);
	sign_id(&d->job.key, &id);
	rc = buf_err(&id);
	if (rc == 0)
		rc = sign_add(secret, SIGN_SECRET, buf_slice(&id), now, body, &sum);
	if (rc == 0 && old != NULL) {
		buf_addc(&sum, ' ');
		rc = sign_add(old, SIGN_SECRET, buf_slice(&id), now, body, &sum);
	}
	(void)snprintf(time, sizeof time, "%lld", (long long)now);
	if (rc == 0)
		rc = transfer_header(t, "webhook-id", buf_cstr(&id));
	if (rc == 0)
		rc = transfer_header(t, "webhook-timestamp", time);
	if (rc == 0)
		rc = transfer_header(t, "webhook-signature", buf_cstr(&sum));
	if (rc == 0)
		rc = transfer_header(t, "Content-Type", "application/json");
	if (rc == 0)
		rc = transfer_header(t, "User-Agent", "ceptoar");
	if (rc == 0) /* libcurl would wait for a 100 before a large body */
		rc = transfer_header(t, "Expect", "");
	buf_done(&id);
	buf_done(&sum);
	return rc;
}

/* A receiver that is there and asks for time is no failing host; a proxy before one that
 * is down answers 502 to 504. */
static enum endpoint_word
word_of(const struct transfer *t)
{
	if (!transfer_answered(t))
		return ENDPOINT_BAD;
	return t->status >= 500 && t->status != 501 ? ENDPOINT_BAD : ENDPOINT_GOOD;
}

enum endpoint_word
sender_http_ended(struct courier *c, struct delivery *d, const struct transfer *t)
{
	char room[REASON_MAX + 1];
	int64_t after = -1;
	int whole = transfer_answered(t);

	if (whole && t->status >= 200 && t->status <= 299) {
		delivery_settle(c, d, OUTCOME_SENT, "");
		return ENDPOINT_GOOD;
	}
	if (whole && (t->status == 429 || t->status == 503) && t->retry_after[0] != '\0')
		after = backoff_retry_after(&c->opt.backoff, t->retry_after,
		    (unsigned)strlen(t->retry_after), c->now_s());
	if (whole) {
		(void)snprintf(room, sizeof room, "status %ld", t->status);
		delivery_failed(c, d, room, after);
	} else {
		delivery_failed(c, d, transfer_reason(t, room, sizeof room), -1);
	}
	return word_of(t);
}
