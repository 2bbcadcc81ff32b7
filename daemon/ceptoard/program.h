/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOARD_PROGRAM_H
#define CEPTOARD_PROGRAM_H

#include "daemon/ceptoard/child.h"
#include "daemon/ceptoard/options.h"
#include "daemon/ceptoard/scratch.h"
#include "lib/buf.h"

/* Opaque types. */
struct loop_timer;
struct supervisor;

enum { PROGRAMS_MAX = FRONTS_MAX + 3 };
enum kind { KIND_FRONT, KIND_VAULT, KIND_KEEPER };

struct program {
	struct supervisor *v;
	struct child child;
	enum kind kind;
	int desk; /* the front that is the desks' */
	int ready, backoff;
	unsigned early_deaths; /* before it was ever ready */
	struct loop_timer *again;
};

/* What a scratch hub consists of: binaries, arguments, sockets, logs. */
struct plan {
	struct program v[PROGRAMS_MAX];
	unsigned n;
	struct child registrar;	 /* ceptoarctl member import */
	struct child desks;	 /* ceptoarctl duty-key import */
	struct child probe;	 /* ceptoar me */
	struct child desk_probe; /* ceptoar transparency, at the desks' front */
	char conf[PATH_MAX], env[2][4][PATH_MAX + 128];
	char local[(FRONTS_MAX + 1) * 32]; /* addresses of the fronts' local listeners */
};

/* Finds the programs and opens their sockets.  On an error `why` gets a sentence;
 * plan_done is needed either way. */
int plan_init(struct plan *p, struct scratch *s, const struct options *o,
    struct buf *why) MUST_CHECK;
/* Lets each program look at its settings; what is wrong goes to our standard error. */
int plan_check(const struct plan *p, struct buf *why) MUST_CHECK;
void plan_done(struct plan *p); /* closes the sockets */
/* "front=1,2 vault=3 keeper=4 desk=5" of the processes that run now. */
void plan_pids(const struct plan *p, struct buf *out);

#endif
