/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_MSG_COURIER_H
#define PROTO_MSG_COURIER_H

#include "proto/msg_keeper.h"
#include "proto/msg_people.h"

/*
 * Messages of keeper-courier: what is to be brought to people and machines outside the
 * streams.  The courier leases jobs and says how each of them went; a job whose lease ran
 * out comes back.  At least once: whatever the courier does not report happens again.
 */
enum {
	COURIER_DIGEST_MAX = 16,	   /* jobs of one digest */
	COURIER_JOBS_MAX = 64,		   /* of one lease or one report */
	COURIER_BODIES_MAX = 64,	   /* different texts in one lease */
	COURIER_LEASE_BYTES = 1536 * 1024, /* of texts in one lease, one at least */
	COURIER_REASON_MAX = 64,
	COURIER_TOKEN_LEN = 16,
	COURIER_MARK_LEN = 16,
	COURIER_SPLIT_MAX = 16, /* contacts of one kind of one receiver */
	CONTACT_ALL = 255,	/* the only one there is, or not told apart yet */
	CONTACT_SECOND = 254, /* the second of them; where there is one only, that one */
	CONTACT_FIRST = 253,  /* the first, once more */
	/* Pages, of a desk: CONTACT_DUTY + 1 whoever is first on its roster when it goes
	 * out, + 2 the next. */
	CONTACT_DUTY = 200,
	DUTY_MOST = 8, /* persons that are paged at once */
};

/* What has put a delivery there: the release itself, or silence after it. */
enum brought {
	BROUGHT_RELEASE,
	BROUGHT_SECOND_ROUTE,
	BROUGHT_SECOND_CONTACT,
	BROUGHT_PAGE /* of the hotline: key.bulletin is the page, key.revision its number
		      */
};

enum courier_msg {
	KM_C_LEASE = 96, /* struct courier_lease -> reply, body: struct courier_jobs */
	KM_C_DONE,	 /* n u8, n * struct courier_result -> reply */
	KM_C_WORK,	 /* push, empty: something is due */
	/* {} -> reply, body: struct courier_jobs of one contact, mail, that go out as
	 * one; they are leased as others are.  None: nobody's digest is due for wait_s.
	 */
	KM_C_DIGEST,
	/* push, bulletin[16], revision u16, receiver[16], route u8, contact u8: it is no
	 * longer wanted; what is not being sent yet is given up without a word. */
	KM_C_DROP,
	/* {} -> reply, body: struct courier_jobs, pages of the hotline alone.  They pass
	 * everything that waits. */
	KM_C_PAGES,
	KM_C_PAGE, /* push, empty: a page is due */
};

/* keeper-admin: {ref str} -> reply: JSON, receivers whom people have to call */
enum { KM_A_CALL_LIST = 112 };

/* courier-admin */
enum courier_admin_msg { CM_A_STATUS = 1 /* {} -> JSON text */ };

/* How a delivery goes out; the same numbers as enum contact_kind. */
enum delivery_route { BY_MAIL = 1, BY_WEBHOOK, BY_SMS, BY_VOICE, BY_END };
enum delivery_state {
	DELIVERY_QUEUED = 1,
	DELIVERY_LEASED,
	DELIVERY_SENT,
	DELIVERY_FAILED,
	DELIVERY_DROPPED, /* the right or the route had ended before it was sent */
	DELIVERY_DIGEST,
};

struct courier_key {
	uint8_t bulletin[ID_LEN];
	uint16_t revision;
	uint8_t receiver[RECEIVER_LEN];
	uint8_t route, contact;
};

struct courier_lease {
	/* 1 << enum delivery_route: what this courier has a way for; and bit 0: the rest
	 * too, so that it is told that there is none. */
	uint8_t routes;
	uint8_t n; /* at most so many jobs */
};

struct courier_job {
	struct courier_key key;
	uint8_t body;		     /* which of the texts */
	uint16_t tries;		     /* so many before this one */
	int64_t age;		     /* minutes since it was queued */
	uint8_t kind, severity, tlp; /* of the row: enum frame_kind, level, enum tlp */
	uint8_t exercise;
	uint8_t stage; /* enum brought */
	/* Mail: of its acknowledgement link; zeros otherwise. */
	uint8_t token[COURIER_TOKEN_LEN];
	/* What this contact's mark was when it said that it is gone; zeros: it did not.
	 */
	uint8_t gone[COURIER_MARK_LEN];
};

/* The answer to a lease; bodies point into the frame. */
struct courier_jobs {
	uint32_t wait_s; /* until something is due; 0: more now; UINT32_MAX: nothing is */
	uint8_t bodies, n;
	struct slice body[COURIER_BODIES_MAX];
	struct courier_job job[COURIER_JOBS_MAX];
};

enum courier_outcome {
	OUTCOME_SENT = 1,
	OUTCOME_RETRY,	/* again in `delay` seconds */
	OUTCOME_FAILED, /* for good; the desk is told */
	OUTCOME_UNABLE, /* for good; nobody is told: this hub has no such way out */
	OUTCOME_GONE,	/* for good, and so are all later ones to this contact */
	OUTCOME_SPLIT,	/* there are several contacts: a job for each of these */
	OUTCOME_NONE,	/* there is no such contact any more */
	OUTCOME_END,
};

struct courier_result {
	struct courier_key key;
	uint8_t outcome;
	uint32_t delay; /* seconds */
	struct slice reason;
	uint8_t mark[COURIER_MARK_LEN]; /* of a contact that is gone */
	uint8_t person[RECEIVER_LEN]; /* whose contact it was; zeros: the member's own */
	uint8_t n, contact[COURIER_SPLIT_MAX];
};

void courier_lease_put(struct buf *b, const struct courier_lease *m);
int courier_lease_get(const void *p, size_t n, struct courier_lease *ret) MUST_CHECK;
void courier_jobs_put(struct buf *b, const struct courier_jobs *m);
int courier_jobs_get(const void *p, size_t n, struct courier_jobs *ret) MUST_CHECK;
void courier_result_put(struct buf *b, const struct courier_result *m); /* one element */
void courier_result_get(struct wire *w, struct courier_result *ret);	/* one element */

/* KM_C_DROP */
void courier_drop_put(struct buf *b, const struct courier_key *m);
int courier_drop_get(const void *p, size_t n, struct courier_key *ret) MUST_CHECK;

/* The bit in a directory row's `routes` (enum route_bit); 0 for what is no route. */
unsigned courier_route_bit(unsigned route);

#endif
