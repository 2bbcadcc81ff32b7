/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/keeper.h"

#include <stdio.h>
#include <string.h>

#include "daemon/keeper/acks.h"
#include "daemon/keeper/audit.h"
#include "daemon/keeper/ballast.h"
#include "daemon/keeper/batch.h"
#include "daemon/keeper/checkpoint.h"
#include "daemon/keeper/directory.h"
#include "daemon/keeper/expire.h"
#include "daemon/keeper/ferry_file.h"
#include "daemon/keeper/in_admin.h"
#include "daemon/keeper/kgate.h"
#include "daemon/keeper/links.h"
#include "daemon/keeper/outbox.h"
#include "daemon/keeper/roster.h"
#include "daemon/keeper/signer.h"
#include "daemon/keeper/streamed.h"
#include "daemon/keeper/tail.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/mem.h"
#include "proto/cursor.h"
#include "proto/duty.h"
#include "proto/mail_read.h"

enum { LEAVE_STEP_MS = 10, LEAVE_MOST_MS = 5000, FULL_SAY_MS = 60000 };
enum { HOLIDAYS_WARN_DAYS = 60 };

static void leave_step(void *arg);

static void
on_directory(void *arg)
{
	struct keeper *k = arg;

	acks_sub_overlay(k);
	roster_learn(k);
	kgate_learn(k->gate, k->dir);
	batch_poke(k->batch);
	outbox_members(k);
}

int
keeper_open(struct keeper *k, struct loop *loop, struct buf *why)
{
	struct store_info info;
	int rc;

	k->loop = loop;
	if (k->now_ms == NULL)
		k->now_ms = clock_wall_ms;
	buf_init_secret(&k->out, KEEPER_FRAME_MAX);
	rc = store_open(&k->store, k->opt.db, why);
	if (rc != 0)
		return rc;
	store_info(k->store, &info);
	rc = links_init(k);
	if (rc != 0)
		return rc;
	k->cursors = cursor_box_new(info.cursor_key, info.epoch);
	k->dir = directory_new();
	k->gate = kgate_new();
	k->charsets = mail_charsets_new();
	k->tail = tail_new(k);
	k->audit = audit_new(k);
	k->ballast = ballast_new(k);
	k->batch = batch_new(k);
	k->checkpoint = checkpoint_new(k);
	k->expire = expire_new(k);
	k->streamed = streamed_new(k);
	k->outbox = outbox_new(k);
	k->leave = loop_timer_new(loop, leave_step, k);
	if (k->dir != NULL)
		directory_epoch_set(k->dir, info.epoch);
	mem_wipe(&info, sizeof info);
	if (k->cursors == NULL || k->dir == NULL || k->gate == NULL || k->tail == NULL ||
	    k->audit == NULL || k->ballast == NULL || k->batch == NULL ||
	    k->checkpoint == NULL || k->expire == NULL || k->outbox == NULL ||
	    k->streamed == NULL || k->leave == NULL) {
		buf_adds(why, "out of memory");
		return ERR_NOMEM;
	}
	directory_on_change(k->dir, on_directory, k);
	rc = signer_open(k);
	if (rc != 0)
		buf_addf(why, "the keys for bulletins: %s", err_str(rc));
	return rc;
}

void
keeper_close(struct keeper *k)
{
	struct front *f;

	links_done(k);
	backup_end(k);
	while ((f = k->fronts) != NULL) {
		k->fronts = f->next;
		if (f->adopted)
			link_free(f->l);
		mem_free(f);
	}
	link_server_free(k->front_server);
	link_server_free(k->desk_server);
	link_server_free(k->courier_server);
	link_server_free(k->admin_server);
	loop_timer_free(k->leave);
	outbox_free(k->outbox);
	expire_free(k->expire);
	streamed_free(k->streamed);
	checkpoint_free(k->checkpoint);
	audit_free(k->audit);
	ballast_free(k->ballast);
	batch_free(k->batch);
	tail_free(k->tail);
	directory_free(k->dir);
	kgate_free(k->gate);
	mail_charsets_free(k->charsets);
	ferry_file_free(k->ferry);
	signer_close(k->signer);
	cursor_box_free(k->cursors);
	store_close(k->store);
	taxonomy_free(k->tax);
	buf_done(&k->out);
}

void
keeper_tell_auto(struct keeper *k, struct front *f)
{
	struct front *to = f != NULL ? f : k->fronts;
	struct keeper_auto m;

	policy_auto(&k->policy, &m);
	buf_reset(&k->out);
	keeper_auto_put(&k->out, &m);
	for (; to != NULL; to = f != NULL ? NULL : to->next)
		if (to->greeted &&
		    (buf_err(&k->out) != 0 ||
			link_send(to->l, KM_AUTO, P_OK, 0, k->out.p, k->out.n) != 0))
			link_close(to->l); /* it must not go on with the old levels */
}

void
keeper_holidays(const struct keeper *k)
{
	int64_t end = taxonomy_holidays_end(k->tax);

	if (end != 0 && end < duty_day(k->now_ms()) + HOLIDAYS_WARN_DAYS)
		log_warn("the list of holidays ends soon or has ended: later days are "
			 "taken for working days");
}

void
keeper_reload(struct keeper *k)
{
	struct options o;
	struct policy p;
	struct taxonomy *t = NULL;
	struct buf why;
	int rc;

	if (k->conf == NULL)
		return;
	loop_notify("RELOADING=1");
	buf_init(&why, sizeof k->reload_error);
	rc = options_read(&o, k->conf, &why);
	if (rc == 0)
		rc = options_taxonomy(&o, &t, &why);
	if (rc == 0)
		rc = options_policy(k->conf, t, &p, &why);
	if (rc == 0) {
		taxonomy_free(k->tax);
		k->tax = t;
		roster_learn(k);
		k->policy = p;
		k->opt = o;
		keeper_tell_auto(k, NULL);
		log_level_set((enum log_level)options_log_level(&o));
		k->reload_error[0] = '\0';
		log_info("policy and data files are read anew");
		keeper_holidays(k);
	} else {
		taxonomy_free(t);
		(void)snprintf(
		    k->reload_error, sizeof k->reload_error, "%s", buf_cstr(&why));
		if (k->reload_error[0] == '\0')
			(void)snprintf(
			    k->reload_error, sizeof k->reload_error, "%s", err_str(rc));
		log_error("reload: %s; the old settings stay", k->reload_error);
	}
	buf_done(&why);
	loop_notify("READY=1");
}

/* Waits until every answer is out, but not for ever. */
static void
leave_step(void *arg)
{
	struct keeper *k = arg;
	struct front *f;

	for (f = k->fronts; f != NULL; f = f->next)
		if (link_is_up(f->l) && link_queued(f->l) > 0 &&
		    clock_mono_ms() < k->leave_by) {
			loop_timer_set(k->leave, LEAVE_STEP_MS, 0);
			return;
		}
	loop_stop(k->loop);
}

static void
leave(struct keeper *k)
{
	if (k->leave_by != 0)
		return;
	k->leave_by = clock_mono_ms() + LEAVE_MOST_MS;
	loop_timer_set(k->leave, LEAVE_STEP_MS, 0);
}

void
keeper_drain(struct keeper *k)
{
	loop_notify("STOPPING=1");
	k->stopping = 1;
	batch_flush(k->batch);
	streamed_flush(k->streamed);
	audit_drain(k);
	leave(k);
}

void
keeper_store_failed(struct keeper *k, int rc)
{
	int64_t now = clock_mono_ms();

	switch (rc) {
	case ERR_OUTCOME:
		/* After a failed sync nobody knows what the disk holds: only a fresh
		 * start, which reads it, does. */
		if (!k->failing)
			log_error(
			    "store: a sync failed; stored or not is unknown; stopping");
		k->failing = 1;
		leave(k);
		break;
	case ERR_CORRUPT:
		if (!k->write_stop)
			log_error(
			    "store: stored data does not verify; nothing is written any "
			    "more; keep a copy and restore the newest backup");
		k->write_stop = 1;
		break;
	case ERR_FULL:
		if (k->full_said == 0 || now - k->full_said > FULL_SAY_MS)
			log_error("store: the disk is full; reports are refused until "
				  "there is room");
		k->full_said = now;
		break;
	default:
		log_error("store: %s", err_str(rc));
		break;
	}
}
