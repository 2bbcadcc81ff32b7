/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_MSG_DESK_H
#define PROTO_MSG_DESK_H

#include "proto/msg_keeper.h"

/*
 * KM_DESK: what desks do, and what members do with bulletins, as one message.  A front
 * reads the body as JSON and sends it on canonically; what it means is the keeper's
 * affair, whose table (daemon/keeper/desk_call.c) says on which socket a verb exists, for
 * whom, and what the audit log calls it.
 */
enum desk_verb {
	/* Bulletins of a desk: 1-19. */
	DV_DRAFT_NEW = 1,
	DV_DRAFT_LIST,
	DV_DRAFT_GET,
	DV_DRAFT_PUT,
	DV_DRAFT_DELETE,
	DV_DRAFT_AUDIENCE,
	DV_DRAFT_RELEASE,
	DV_BULLETIN_UPDATE,
	DV_BULLETIN_CANCEL,
	DV_FALSE_ALARM,
	DV_SECOND_LIST, /* what a second person has to look at */
	DV_SECOND_GIVE,
	DV_ATTACH_PUT,
	DV_ATTACH_GET,
	DV_ATTACH_DELETE,
	DV_APPROVAL_ASK,
	DV_APPROVAL_GIVE, /* by the reporter, with the case secret */
	DV_PASTE,
	DV_BULLETIN_FILE, /* for whoever may read the bulletin */
	/* Triage: 20-39. */
	DV_TRIAGE_LIST = 20,
	DV_TRIAGE_ITEM,
	DV_TRIAGE_LOCK,
	DV_TRIAGE_UNLOCK,
	DV_TRIAGE_ASIDE,
	DV_TRIAGE_MERGE,
	DV_TRIAGE_BACK, /* a report that was set aside waits again */
	DV_TRIAGE_ASK,
	/* Relay and standing orders: 40-59. */
	DV_RELAY = 41,
	DV_ORDER_LIST, /* standing orders */
	DV_ORDER_PUT,
	DV_ORDER_DELETE,
	/* Reach: 60-79. */
	DV_DELIVERIES = 60,
	DV_DELIVERIES_CSV,
	DV_ACK_FOR, /* by telephone, for a member */
	DV_QUESTION,
	DV_QUESTION_LIST,
	DV_QUESTION_ANSWER,
	DV_QUESTION_GET,    /* by whoever asked, with the question's secret */
	DV_QUESTION_PUBLIC, /* of a bulletin: answered to all */
	/* The hotline: 76-79. */
	DV_HOTLINE_LIST = 76,
	DV_HOTLINE_ACK,
	DV_HOTLINE_OPEN, /* for somebody who telephones */
	/* Audit and people: 80-99. */
	DV_AUDIT_LIST = 80,
	DV_IDENTITY, /* the envelope of a named report is asked for; its body is empty */
	/* Who a reader is, its body empty; or of a list of them {"asked":N,"told":M}. */
	DV_NAMES,
	/* Statistics: 100-119. */
	DV_STATS = 100,
	DV_STATS_CSV,
	DV_ASSESS, /* how grave the centre finds a case afterwards */
	/* What the centre leads, and situations: 120-139. */
	DV_MODE_SWITCH = 120,
	DV_MODE_SHOW,
	DV_CONFIRM, /* a warning is passed on across sectors */
	DV_BACKLOG,
	DV_SITUATION_NEW,
	DV_SITUATION_LIST,
	DV_SITUATION_GET,
	DV_SITUATION_ENTRY,
	DV_SITUATION_MEMBERS,
	DV_SITUATION_TASK,
	DV_SITUATION_DONE,
	DV_SITUATION_REPORT,
	DV_SITUATION_CLOSE,
	DV_SITUATION_REOPEN,
	/* Drills and contact tests: 140-159. */
	DV_DRILL_NEW = 140,
	DV_DRILL_LIST,
	DV_DRILL_GET,
	DV_DRILL_END,
	DV_CONTACT_TEST,
	DV_CONTACT_GET, /* by desks, and by whoever was tried */
	DV_CONTACT_CSV,
};

enum {
	DESK_REF_MAX = 64,
	DESK_QUERY_MAX = 4096,
	DESK_JSON_MAX = 512 * 1024,
	DESK_DATA_MAX = 2 * 1024 * 1024,
};

struct keeper_desk {
	struct rights rights;  /* zeros where a case secret asks */
	uint8_t verb;	       /* enum desk_verb */
	struct slice ref, sub; /* the variable parts of the path, or "" */
	struct slice query;    /* the query as it came, or "" */
	struct slice json;     /* canonical, or "" */
	uint8_t has_idem, idem_key[32], idem_mac[32]; /* as in struct keeper_put */
	uint8_t has_secret, secret_hash[32]; /* SHA-256 of a case secret that was shown */
	struct slice data;		     /* a file as it came, or "" */
};

void keeper_desk_put(struct buf *b, const struct keeper_desk *m);
int keeper_desk_get(const void *p, size_t n, struct keeper_desk *ret) MUST_CHECK;

#endif
