/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_MSG_CASE_H
#define PROTO_MSG_CASE_H

#include "proto/case_message.h"
#include "proto/msg_keeper.h"

/* KM_MESSAGE: one more message of a case, from whoever `which` lets in. */
enum { DUTY_CERT_MAX = 8192 /* bytes of a desk's certificate, PEM */ };

struct keeper_message {
	struct keeper_case which;
	uint8_t has_idem;
	uint8_t idem_key[32]; /* as in struct keeper_put; a key is one case's */
	uint8_t idem_mac[32];
	struct slice json; /* canonical {"text": {...}}, the reporter's scrubbed */
};

void keeper_message_put(struct buf *b, const struct keeper_message *m);
int keeper_message_get(const void *p, size_t n, struct keeper_message *ret) MUST_CHECK;

#endif
