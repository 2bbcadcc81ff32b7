/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/keeper.h"

#include "daemon/keeper/acks.h"
#include "daemon/keeper/audit.h"
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
#include "daemon/keeper/steady.h"
#include "daemon/keeper/streamed.h"
#include "daemon/keeper/tail.h"
#include "lib/ballast.h"
#include "lib/clock.h"
#include "lib/loop.h"
#include "lib/mem.h"
#include "proto/cursor.h"
#include "proto/mail_read.h"

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
	if (k->timer_ms == NULL)
		k->timer_ms = clock_boot_ms;
	buf_init_secret(&k->out, KEEPER_FRAME_MAX);
	rc = store_open(&k->store, k->opt.db, why);
	if (rc != 0)
		return rc;
	rc = steady_open(k);
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
	k->ballast = ballast_new(k->loop, k->opt.db, k->opt.ballast_mib);
	k->batch = batch_new(k);
	k->checkpoint = checkpoint_new(k);
	k->expire = expire_new(k);
	k->streamed = streamed_new(k);
	k->outbox = outbox_new(k);
	k->leave = loop_timer_new(loop, keeper_leave_step, k);
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
	steady_close(k);
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
