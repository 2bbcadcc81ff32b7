/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIB_LOOP_H
#define LIB_LOOP_H

#include <stdint.h>

#include "lib/err.h"

/* Opaque types. */
struct event_base;
struct loop;
struct loop_timer;
struct loop_task;

/*
 * One event loop a program, over libevent.  Late work (group commit, fan-out) runs when
 * every socket that was ready in this turn has been served once; there are no priorities,
 * because under constant input libevent would never come to the lower one.
 */
struct loop *loop_new(void) MUST_CHECK;
void loop_free(struct loop *l); /* timers and tasks must be freed before */
struct event_base *loop_base(struct loop *l);

/* Runs until loop_stop().  SIGTERM and SIGINT call on_term (once each signal), SIGHUP
 * calls on_hup; either may be NULL.  SIGPIPE is ignored.  Returns 0 or ERR_IO. */
int loop_run(struct loop *l, void (*on_term)(void *), void (*on_hup)(void *),
    void *arg) MUST_CHECK;
void loop_stop(struct loop *l); /* leaves after the current turn */

/* A timer; `repeat` fires every ms milliseconds.  Armed by loop_timer_set, which replaces
 * an earlier setting; loop_timer_clear disarms.  Freeing inside its callback is fine. */
struct loop_timer *loop_timer_new(
    struct loop *l, void (*fn)(void *), void *arg) MUST_CHECK;
void loop_timer_set(struct loop_timer *t, int64_t ms, int repeat);
void loop_timer_clear(struct loop_timer *t);
void loop_timer_free(struct loop_timer *t);

/* Late work: after loop_task_poke the function runs once, when the sockets that are
 * ready have been served.  Poking twice runs it once; poked from inside itself it runs in
 * the next turn.  Freeing inside itself is fine.  This is poke() of group commit. */
struct loop_task *loop_task_new(struct loop *l, void (*fn)(void *), void *arg) MUST_CHECK;
void loop_task_poke(struct loop_task *t);
void loop_task_free(struct loop_task *t);

/* systemd's notify protocol (sd_notify(3)), no libsystemd: "READY=1", "RELOADING=1",
 * "STOPPING=1", "STATUS=...".  Does nothing without NOTIFY_SOCKET.  The watchdog
 * (WATCHDOG_USEC) is fed by loop_run from the loop itself. */
void loop_notify(const char *state);

#endif
