/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_RIG_TYPES_H
#define FRONT_RIG_TYPES_H

/* What the rig of a front consists of. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>
#include <event2/event.h>
#include <jansson.h>
#include <openssl/err.h>
#include <openssl/sha.h>

#include "daemon/front/conn.h"
#include "daemon/front/front.h"
#include "daemon/front/ring.h"
#include "lib/clock.h"
#include "lib/link.h"
#include "lib/loop.h"
#include "lib/mem.h"
#include "lib/sock.h"
#include "proto/msg_case.h"
#include "proto/msg_desk.h"
#include "proto/msg_issuer.h"
#include "proto/msg_link.h"
#include "proto/msg_person.h"
#include "proto/msg_put.h"
#include "proto/taxonomy.h"
#include "tests/pki.h"

enum { RIG_ROWS = 20000, RIG_CLIENTS = 64, RIG_WAIT_MS = 60000 };
enum rig_who {
	RIG_OP,
	RIG_OP2,
	RIG_TWO_SLOTS,
	RIG_SEC,
	RIG_CENTRE,
	RIG_AGENCY,
	RIG_GONE,
	RIG_DISABLED,
	RIG_PEOPLE
};

struct rig_member {
	struct tcert cert;
	unsigned char spki[32];
	struct vault_admit admit;
	struct subscription wants;
};

struct rig_client {
	SSL *ssl;
	int fd, shaken, closed, paused;
	unsigned blanks; /* line ends behind a line end: ends of events, seen so far */
	char last;
	struct buf in;
};

struct rig {
	struct loop *loop;
	struct front *f;
	struct front_options opt;
	struct tpki pki;
	struct rig_member people[RIG_PEOPLE];
	struct rig_client client[RIG_CLIENTS];
	unsigned clients;
	SSL_CTX *ctx[RIG_PEOPLE];
	/* the vault */
	int vault_fd;
	struct link_server *vault;
	uint64_t generation;
	int vault_mute;
	unsigned admits, seals, terms_asked, nameables, settles;
	struct vault_settle settled; /* the last */
	int auto_used_up;
	int admit_later; /* 1: the next ADMIT waits for rig_admit() */
	struct link *admit_link;
	uint64_t admit_call;
	struct rig_member *admit_of;
	uint8_t seal_status, last_wants_auto;
	struct vault_order order;		/* the last */
	struct topic_count counted[TOPICS_MAX]; /* what is answered to it */
	uint32_t counted_since;
	const char *term[8]; /* of RIG_OP */
	uint8_t term_kind[8];
	unsigned terms;
	/* It signs blinded elements when so many wait, the last one first. */
	unsigned issue_group, issues, issued, held;
	struct vault_issue hold[8];
	uint64_t hold_call[8];
	struct link *hold_link;
	uint32_t issue_bad; /* the element that gets another status */
	uint8_t issue_bad_status;
	/* the keeper */
	int keeper_fd;
	struct link_server *keeper;
	struct link *keeper_link, *tail;
	uint32_t epoch;
	uint64_t head, earliest;
	struct buf row[RIG_ROWS + 1]; /* encoded frames, by sequence */
	int keeper_mute, tail_off;
	unsigned puts, finds, pages;
	struct buf put_json;
	struct keeper_put put;
	enum problem put_problem; /* what a PUT is refused with; P_OK: it is not */
	int put_created;	  /* enum reply_created, when it is not; 0: new */
	int put_later;		  /* 1: the next PUT waits for rig_put_now() */
	struct link *put_link;
	uint64_t put_call;
	uint8_t explain_auto_ok; /* the last KM_EXPLAIN's */
	unsigned messages, case_calls;
	uint16_t case_type; /* of the last call about a case */
	struct keeper_message message;
	struct buf message_json;
	enum problem case_problem; /* what a case's call is refused with */
	unsigned desk_calls;	   /* KM_DESK: whose the last one was */
	struct rights desk_rights;
	int desk_secret;
	struct buf desk_json; /* and what it said */
	char desk_ref[DESK_REF_MAX + 1];
	enum problem desk_problem;
	/* So many lines of a list an answer has, and so many that nobody asked for. */
	unsigned names_page, names_extra, names_calls;
	/* Links of mails: what was asked last, and what is answered. */
	unsigned link_calls;
	uint8_t link_sum[LINK_SUM_LEN];
	struct link_answer link_answer;
	enum problem link_problem;
	uint8_t link_outcome; /* enum link_outcome; 0: DONE */
	/* Elements of all KM_STREAMED, one after another; what they are answered. */
	struct buf streamed;
	unsigned streamed_calls;
	enum problem streamed_problem;
	uint8_t known_key[32], known_mac[32];
	int has_known;
};

static unsigned rig_medical, rig_power; /* slots */

#endif
