/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_RIG_H
#define KEEPER_RIG_H

/*
 * A keeper with its real store on a temporary file, and callers on socketpairs, in one
 * loop.  Every wait is bounded; a reply is checked for the call id that was asked.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>
#include <event2/event.h>
#include <jansson.h>

#include "daemon/keeper/batch.h"
#include "daemon/keeper/directory.h"
#include "daemon/keeper/keeper.h"
#include "lib/clock.h"
#include "lib/loop.h"
#include "lib/mem.h"
#include "proto/report.h"

enum { RIG_PEERS = 4, RIG_MED = 12, RIG_PWR = 9, RIG_BANK = 3, RIG_MEMBERS = 24 };

struct rig_peer {
	struct link *l;
	int down;
	/* The last answer. */
	uint64_t want;
	int got;
	uint16_t type, status;
	struct buf answer;
	/* Rows pushed. */
	struct buf rows; /* encoded frames, one after another */
	uint32_t row_count;
	uint64_t head;
	unsigned empty_pages, sub_changes, autos;
	struct keeper_auto auto_from;
};

struct rig {
	struct keeper k;
	struct loop *loop;
	struct rig_peer peer[RIG_PEERS];
	unsigned peers;
	char dir[64], conf[96];
	struct link *vault;
	int alone;
	/* Desks beside the members, and their rosters, for the next rig_members(). */
	struct vault_dir_row desk[RIG_PEERS];
	struct vault_dir_duty duty[8];
	size_t desk_n, duty_n;
	uint64_t generation;
	uint8_t next_id;
	uint64_t next_call;
	int ended; /* the program has ended its loop by itself */
};

static int64_t rig_now = 1794100000000; /* a Sunday in November 2026 */

/* How wrong it is: what is added to both is a step of the clock, to rig_now alone it is
 * time that passes. */
static int64_t rig_wrong;

static inline int64_t
rig_clock(void)
{
	return rig_now;
}

static inline int64_t
rig_timer(void)
{
	return rig_now - rig_wrong;
}

static inline void
rig_on_frame(void *arg, struct link *l, const struct link_frame *f)
{
	struct rig_peer *p = arg;
	struct wire w;

	(void)l;
	if (f->type == KM_ROWS && f->call == 0) {
		wire_init(&w, f->p, f->n);
		p->head = wire_u64(&w);
		p->empty_pages += (p->row_count += wire_u32(&w), f->n == 12);
		buf_add(&p->rows, f->p + 12, f->n - 12);
		assert_int_equal(buf_err(&p->rows), 0);
		return;
	}
	if (f->type == KM_SUB_CHANGED && f->call == 0) {
		p->sub_changes++;
		return;
	}
	if (f->type == KM_AUTO && f->call == 0) {
		p->autos++;
		assert_int_equal(keeper_auto_get(f->p, f->n, &p->auto_from), 0);
		return;
	}
	if (f->call != p->want)
		return;
	p->got = 1;
	p->type = f->type;
	p->status = f->status;
	buf_reset(&p->answer);
	buf_add(&p->answer, f->p, f->n);
}

static inline void
rig_on_down(void *arg, struct link *l)
{
	struct rig_peer *p = arg;

	(void)l;
	p->down = 1;
}

static const struct link_ops rig_ops = { NULL, rig_on_frame, rig_on_down };
static const struct link_limits rig_limits = { KEEPER_FRAME_MAX, KEEPER_QUEUE_MAX };

static inline void
rig_turn(struct rig *g)
{
	(void)event_base_loop(loop_base(g->loop), EVLOOP_NONBLOCK);
	g->ended |= event_base_got_exit(loop_base(g->loop));
}

/* How much slower everything is: under valgrind, or beside much else. */
static inline int
rig_slower(void)
{
	const char *s = getenv("SLOWER");
	int n = s != NULL ? (int)strtol(s, NULL, 10) : 1;

	return n > 1 ? n : 1;
}

#define RIG_UNTIL(g, condition) \
	do { \
		int64_t end_ = clock_mono_ms() + 20000 * rig_slower(); \
		while (!(condition) && clock_mono_ms() < end_) \
			rig_turn(g); \
		assert_true(condition); \
	} while (0)

static inline struct rig_peer *
rig_join_at(struct rig *g, enum door door)
{
	struct rig_peer *p = &g->peer[g->peers++];
	int fd[2];

	assert_true(g->peers <= RIG_PEERS);
	assert_int_equal(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fd), 0);
	memset(p, 0, sizeof *p);
	buf_init(&p->answer, KEEPER_FRAME_MAX);
	buf_init(&p->rows, 512u * 1024 * 1024);
	assert_non_null(keeper_adopt(&g->k, fd[0], door));
	p->l = link_adopt(g->loop, fd[1], &rig_ops, p, rig_limits);
	assert_non_null(p->l);
	return p;
}

static inline struct rig_peer *
rig_join_by(struct rig *g, enum door door)
{
	return rig_join_at(g, door);
}

static inline struct rig_peer *
rig_join(struct rig *g, int admin)
{
	return rig_join_at(g, admin ? DOOR_ADMIN : DOOR_DESK);
}

static inline void
rig_leave(struct rig_peer *p)
{
	link_free(p->l);
	buf_done(&p->answer);
	buf_done(&p->rows);
	memset(p, 0, sizeof *p);
}

static inline void
rig_conf(struct rig *g, const char *policy)
{
	FILE *f;

	(void)snprintf(g->conf, sizeof g->conf, "%s/conf", g->dir);
	f = fopen(g->conf, "we");
	assert_non_null(f);
	(void)fprintf(
	    f, "[keeper]\ndb = %s/keeper.db\nballast_mib = 0\n[data]\n", g->dir);
	{
		char here[PATH_MAX];

		assert_non_null(getcwd(here, sizeof here));
		(void)fprintf(f, "ceptoars = %s/conf/ceptoars.json\n", here);
		(void)fprintf(f, "holidays = %s/conf/holidays.json\n", here);
		(void)fprintf(f, "taxonomy = %s/conf/taxonomy.json\n%s\n", here, policy);
	}
	assert_int_equal(fclose(f), 0);
}

/* Rights of a reader; the receiver id is `who` repeated. */
static inline struct rights
rig_rights(unsigned who, unsigned roles, unsigned slot)
{
	struct rights r;

	memset(&r, 0, sizeof r);
	memset(r.receiver, (int)who, sizeof r.receiver);
	r.roles = (uint16_t)roles;
	r.clearance = TLP_AMBER_STRICT;
	memset(r.person, (int)who, sizeof r.person);
	r.duties = DUTIES_ALL; /* a certificate of the member itself */
	if ((roles & ROLE_OPERATOR) != 0)
		slots_set(&r.op, slot);
	if ((roles & ROLE_SECRETARIAT) != 0)
		slots_set(&r.sec, slot);
	if ((roles & ROLE_AFFILIATE) != 0)
		slots_set(&r.aff, slot);
	return r;
}

/* The vault's end: sends a whole directory, the first time over a new link. */
static inline void
rig_directory(struct rig *g, const struct vault_dir_row *rows, size_t n)
{
	struct buf b;
	size_t i;
	int fd[2];

	if (g->vault == NULL) {
		assert_int_equal(socketpair(AF_UNIX,
				     SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fd),
		    0);
		assert_int_equal(directory_adopt(g->k.dir, g->loop, fd[0]), 0);
		g->vault = link_adopt(
		    g->loop, fd[1], &rig_ops, &g->peer[RIG_PEERS - 1], rig_limits);
		assert_non_null(g->vault);
	}
	buf_init(&b, VAULT_FRAME_MAX);
	wire_put_u64(&b, ++g->generation);
	assert_int_equal(link_send(g->vault, VM_DIR_BEGIN, 0, 0, b.p, b.n), 0);
	for (i = 0; i < n; i++) {
		buf_reset(&b);
		vault_dir_row_put(&b, &rows[i]);
		assert_int_equal(link_send(g->vault, VM_DIR_ROW, 0, 0, b.p, b.n), 0);
	}
	for (i = 0; i < g->duty_n; i++) {
		buf_reset(&b);
		vault_dir_duty_put(&b, &g->duty[i]);
		assert_int_equal(link_send(g->vault, VM_DIR_DUTY, 0, 0, b.p, b.n), 0);
	}
	buf_reset(&b);
	wire_put_u32(&b, (uint32_t)n);
	assert_int_equal(link_send(g->vault, VM_DIR_END, 0, 0, b.p, b.n), 0);
	buf_done(&b);
	RIG_UNTIL(g, directory_generation(g->k.dir) == g->generation);
	assert_int_equal(directory_count(g->k.dir), n);
}

/* Enough operators of three CEPTOARs that the k gate lets everything be shown. */
static inline void
rig_members(struct rig *g)
{
	static const unsigned slots[] = { RIG_MED, RIG_PWR, RIG_BANK };
	struct vault_dir_row rows[3 * RIG_MEMBERS + RIG_PEERS];
	unsigned i;

	memset(rows, 0, sizeof rows);
	for (i = 0; i < 3 * RIG_MEMBERS; i++) {
		rows[i].rights = rig_rights(128 + i, ROLE_OPERATOR, slots[i % 3]);
		subscription_default(&rows[i].wants);
	}
	memcpy(rows + i, g->desk, g->desk_n * sizeof rows[0]);
	rig_directory(g, rows, i + g->desk_n);
}

/* The desk of a CEPTOAR (its receiver as of rig_desk_of) has so many persons from minute
 * to minute by its roster. */
static inline void
rig_roster(struct rig *g, unsigned slot, int64_t from, int64_t to, unsigned persons)
{
	struct vault_dir_row *row = &g->desk[g->desk_n];
	size_t i;

	for (i = 0; i < g->desk_n; i++)
		if (slots_has(&g->desk[i].rights.sec, slot))
			row = &g->desk[i];
	if (row == &g->desk[g->desk_n]) {
		row->rights = rig_rights(60 + slot, ROLE_SECRETARIAT, slot);
		subscription_default(&row->wants);
		g->desk_n++;
	}
	memcpy(g->duty[g->duty_n].receiver, row->rights.receiver, RECEIVER_LEN);
	g->duty[g->duty_n].from = from;
	g->duty[g->duty_n].to = to;
	g->duty[g->duty_n++].persons = (uint8_t)persons;
}

/* Opens (again) the store in g->dir. */
static inline void
rig_start(struct rig *g)
{
	struct buf why;

	buf_init(&why, 4096);
	memset(&g->k, 0, sizeof g->k);
	g->ended = 0;
	g->k.conf = g->conf;
	g->k.now_ms = rig_clock;
	g->k.timer_ms = rig_timer;
	if (options_read(&g->k.opt, g->conf, &why) != 0 ||
	    options_taxonomy(&g->k.opt, &g->k.tax, &why) != 0 ||
	    options_policy(g->conf, g->k.tax, &g->k.policy, &why) != 0)
		fail_msg("%s", buf_cstr(&why));
	g->loop = loop_new();
	assert_non_null(g->loop);
	if (keeper_open(&g->k, g->loop, &why) != 0)
		fail_msg("%s", buf_cstr(&why));
	buf_done(&why);
	g->peers = 0;
	(void)rig_join(g, 0);
	if (!g->alone)
		rig_members(g);
}

static inline void
rig_open_as(struct rig *g, const char *policy, int alone, const char *base)
{
	memset(g, 0, sizeof *g);
	g->alone = alone;
	(void)snprintf(g->dir, sizeof g->dir, "%s/keeper-rig.XXXXXX", base);
	assert_non_null(mkdtemp(g->dir));
	rig_conf(g, policy);
	rig_start(g);
}

static inline void
rig_open(struct rig *g, const char *policy)
{
	rig_open_as(g, policy, 0, "/tmp");
}

/* In memory where there is such a folder: for thousands of commits that no crash is to
 * survive. */
static inline void
rig_open_light(struct rig *g, const char *policy)
{
	rig_open_as(g, policy, 0, access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
}

static inline void
rig_stop(struct rig *g)
{
	unsigned i;

	for (i = 0; i < g->peers; i++)
		if (g->peer[i].l != NULL)
			rig_leave(&g->peer[i]);
	link_free(g->vault);
	g->vault = NULL;
	keeper_close(&g->k);
	loop_free(g->loop);
}

static inline void
rig_restart(struct rig *g)
{
	rig_stop(g);
	rig_start(g);
}

static inline void
rig_close(struct rig *g)
{
	static const char *const names[] = { "keeper.db", "keeper.db-wal", "conf",
		"copy.db", "copy.db-wal", "keeper.db.ballast" };
	char path[128];
	size_t i;

	rig_stop(g);
	for (i = 0; i < sizeof names / sizeof names[0]; i++) {
		(void)snprintf(path, sizeof path, "%s/%s", g->dir, names[i]);
		(void)unlink(path);
	}
	assert_int_equal(rmdir(g->dir), 0);
}

static inline uint64_t
rig_send(struct rig *g, struct rig_peer *p, unsigned type, const struct buf *b)
{
	uint64_t call = ++g->next_call;

	assert_int_equal(buf_err(b), 0);
	assert_int_equal(link_send(p->l, (uint16_t)type, 0, call, b->p, b->n), 0);
	return call;
}

/* One call and its answer; gives the status. */
static inline enum problem
rig_call(struct rig *g, struct rig_peer *p, unsigned type, const struct buf *b)
{
	p->got = 0;
	p->want = rig_send(g, p, type, b);
	RIG_UNTIL(g, p->got || p->down);
	if (!p->got)
		return P_COUNT;
	assert_int_equal(p->type, type);
	return (enum problem)p->status;
}

/* The answer as struct keeper_reply (points into p->answer). */
static inline struct keeper_reply
rig_reply(const struct rig_peer *p)
{
	struct keeper_reply r;

	assert_int_equal(keeper_reply_get(p->answer.p, p->answer.n, &r), 0);
	assert_int_equal(r.problem, p->status);
	return r;
}

static inline json_t *
rig_json(const struct rig_peer *p)
{
	struct keeper_reply r = rig_reply(p);
	json_t *j = json_loadb(r.body.p, r.body.n, 0, NULL);

	if (j == NULL)
		fail_msg("no JSON: %.*s", (int)r.body.n, r.body.p);
	return j;
}

/* "a.b.c" inside objects; NULL when it is not there. */
static inline const json_t *
rig_at(const json_t *j, const char *path)
{
	char name[64];
	const char *dot;

	while (j != NULL && *path != '\0') {
		dot = strchr(path, '.');
		(void)snprintf(name, sizeof name, "%.*s",
		    dot != NULL ? (int)(dot - path) : (int)strlen(path), path);
		j = json_is_array(j) ? json_array_get(j, strtoul(name, NULL, 10))
				     : json_object_get(j, name);
		path = dot != NULL ? dot + 1 : "";
	}
	return j;
}

static inline const char *
rig_text(const json_t *j, const char *path)
{
	const char *s = json_string_value(rig_at(j, path));

	return s != NULL ? s : "";
}

/* A normalised, canonical report: defaults, then the members of `more` (JSON or NULL). */
static inline void
rig_report(
    struct rig *g, struct buf *out, int level, const char *publish, const char *more)
{
	json_t *in, *extra, *checked = NULL;
	struct fault why;

	in = json_pack("{s:s,s:s,s:s,s:i,s:s,s:{s:s}}", "kind", "incident", "title",
	    "件名", "description", "説明", "severity_claimed", level, "tlp", "TLP:AMBER",
	    "consent", "publish", publish);
	assert_non_null(in);
	if (more != NULL) {
		extra = json_loads(more, 0, NULL);
		assert_non_null(extra);
		assert_int_equal(json_object_update(in, extra), 0);
		json_decref(extra);
	}
	memset(&why, 0, sizeof why);
	if (report_check(in, g->k.tax, rig_now, &checked, &why) != 0)
		fail_msg("%s: %s", why.pointer, problem_code(why.problem));
	assert_int_equal(json_canonical(checked, out), 0);
	json_decref(checked);
	json_decref(in);
}

/* A PUT with a fresh report id; what differs is set in *m before. */
static inline void
rig_put_of(struct rig *g, struct keeper_put *m, struct buf *json, struct buf *out)
{
	m->report[0] = ++g->next_id;
	m->report[1] = (uint8_t)(g->next_call >> 8);
	m->report[2] = (uint8_t)(g->next_call);
	m->report[3] = (uint8_t)(g->next_call >> 16);
	m->json = buf_slice(json);
	buf_reset(out);
	keeper_put_put(out, m);
}

static inline enum problem
rig_put(
    struct rig *g, struct keeper_put *m, int level, const char *publish, const char *more)
{
	struct buf json, b;
	enum problem p;

	buf_init(&json, REPORT_JSON_MAX);
	buf_init(&b, KEEPER_FRAME_MAX);
	rig_report(g, &json, level, publish, more);
	rig_put_of(g, m, &json, &b);
	p = rig_call(g, &g->peer[0], KM_PUT, &b);
	buf_done(&json);
	buf_done(&b);
	return p;
}

static inline struct keeper_put
rig_put_default(void)
{
	struct keeper_put m;

	memset(&m, 0, sizeof m);
	m.slot = RIG_MED;
	m.auto_ok = 1;
	return m;
}

/* All rows that were pushed to a peer so far, the i-th decoded.  0 when it is not there.
 */
static inline int
rig_row(const struct rig_peer *p, uint32_t i, struct frame_head *h, struct slice *body,
    struct slice *stub)
{
	struct wire w;
	uint32_t n;

	wire_init(&w, p->rows.p, p->rows.n);
	for (n = 0; w.at < w.n; n++) {
		frame_get(&w, h, body, stub);
		assert_int_equal(w.err, 0);
		if (n == i)
			return 1;
	}
	return 0;
}

/* Rows as they stand now, tailed from 1 by a fresh peer. */
static inline struct rig_peer *
rig_tail(struct rig *g, uint64_t from)
{
	struct rig_peer *p = rig_join(g, 0);
	struct buf b;

	buf_init(&b, 64);
	wire_put_u64(&b, from);
	(void)rig_send(g, p, KM_TAIL, &b);
	buf_done(&b);
	RIG_UNTIL(g, p->empty_pages > 0);
	return p;
}

#endif
