/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/vault.h"

#include <stdio.h>
#include <string.h>

#include "daemon/vault/backup.h"
#include "daemon/vault/changes.h"
#include "daemon/vault/distinct.h"
#include "daemon/vault/envelope.h"
#include "daemon/vault/in_escrow.h"
#include "daemon/vault/named.h"
#include "daemon/vault/issue.h"
#include "daemon/vault/issuer.h"
#include "daemon/vault/registry.h"
#include "daemon/vault/retain.h"
#include "daemon/vault/seal.h"
#include "daemon/vault/settle.h"
#include "daemon/vault/vstore.h"
#include "daemon/vault/vstore_books.h"
#include "lib/ballast.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/mem.h"

enum {
	QUEUE_MAX = 16 * 1024 * 1024,
	HOLDER_WARN_S = 30 * 86400,
};

/* Said at start and on reload only, never beside a report. */
static void
warn_holders(const struct envelope_maker *m)
{
	int64_t left = envelope_not_after(m) - clock_wall_ms() / 1000;

	if (left < 0)
		log_warn(
		    "an escrow certificate has ended; envelopes are still made for it");
	else if (left < HOLDER_WARN_S)
		log_warn("an escrow certificate ends in %d days", (int)(left / 86400));
}

int
vault_new(
    struct vault **ret, struct loop *loop, const struct vault_options *o, struct buf *why)
{
	struct vault *v = mem_zalloc(sizeof *v);
	int rc;

	if (v == NULL)
		return ERR_NOMEM;
	v->opt = *o;
	v->loop = loop;
	buf_init(&v->page, VAULT_PAGE * 2);
	rc = envelope_new(&v->maker, o->escrow_a, o->escrow_b, why);
	if (rc == 0)
		rc = vstore_open(&v->store, o->db, why);
	if (rc == 0)
		rc = vbooks_new(&v->books, v->store);
	if (rc == 0) {
		v->ballast = ballast_new(loop, o->db, o->ballast_mib);
		rc = v->ballast != NULL ? 0 : ERR_NOMEM;
	}
	if (rc == 0)
		rc = registry_load(&v->reg, v->store, NULL);
	if (rc == 0)
		rc = named_load(&v->named, v->books);
	if (rc == 0)
		rc = in_escrow_head(v);
	if (rc == 0)
		rc = vstore_count_envelopes(v->store, &v->envelopes);
	if (rc == 0)
		rc = distinct_new(&v->distinct, DISTINCT_MOST, clock_timer_ms());
	if (rc == 0)
		rc = settle_new(&v->settle, v);
	if (rc == 0)
		rc = seal_new(&v->seal, v);
	if (rc == 0)
		rc = changes_new(&v->changes, v);
	if (rc == 0)
		rc = backup_new(&v->backup, v);
	if (rc == 0)
		rc = retain_new(&v->retain, v);
	if (rc == 0)
		rc = issue_new(&v->issue, v);
	if (rc == 0)
		rc = issuer_new(&v->issuer, v);
	if (rc != 0) {
		if (why->n == 0)
			buf_addf(why, "%s: %s", o->db, err_str(rc));
		vault_free(v);
		return rc;
	}
	warn_holders(v->maker);
	*ret = v;
	return 0;
}

static int
serve(struct vault *v, int fd, const struct link_ops *ops, struct link_server **ret)
{
	static const struct link_limits lim = { VAULT_FRAME_MAX, QUEUE_MAX };

	if (fd < 0)
		return 0;
	*ret = link_serve(v->loop, fd, ops, v, lim);
	return *ret != NULL ? 0 : ERR_NOMEM;
}

int
vault_serve(struct vault *v, int front_fd, int keeper_fd, int admin_fd, int courier_fd)
{
	int rc = serve(v, front_fd, &in_front_ops, &v->fronts);

	if (rc == 0)
		rc = serve(v, keeper_fd, &in_keeper_ops, &v->keepers);
	if (rc == 0)
		rc = serve(v, admin_fd, &in_admin_ops, &v->admins);
	if (rc == 0)
		rc = serve(v, courier_fd, &in_courier_ops, &v->couriers);
	return rc;
}

void
vault_free(struct vault *v)
{
	if (v == NULL)
		return;
	link_server_free(v->fronts);
	link_server_free(v->keepers);
	link_server_free(v->admins);
	link_server_free(v->couriers);
	backup_free(v->backup);
	changes_free(v->changes);
	seal_free(v->seal);
	issue_free(v->issue);
	issuer_free(v->issuer);
	settle_free(v->settle);
	distinct_free(v->distinct);
	retain_free(v->retain);
	ballast_free(v->ballast);
	registry_free(v->reg);
	named_free(v->named);
	vbooks_free(v->books);
	vstore_close(v->store);
	envelope_free(v->maker);
	buf_wipe(&v->page);
	mem_free(v);
}

void
vault_reload_error(struct vault *v, const char *text)
{
	(void)snprintf(v->reload_error, sizeof v->reload_error, "%s", text);
}

void
vault_reload(struct vault *v)
{
	struct vault_options o = v->opt;
	struct envelope_maker *m = NULL;
	struct buf why;
	int rc = 0;

	loop_notify("RELOADING=1");
	buf_init(&why, 4096);
	if (v->conf != NULL)
		rc = vault_options_read(v->conf, &o, &why);
	if (rc == 0)
		rc = envelope_new(&m, o.escrow_a, o.escrow_b, &why);
	if (rc == 0) {
		envelope_free(v->maker);
		v->maker = m;
		v->pair_noted = 0;
		/* These stay as they are until the next start. */
		memcpy(o.db, v->opt.db, sizeof o.db);
		o.epoch_ms = v->opt.epoch_ms;
		o.ballast_mib = v->opt.ballast_mib;
		v->opt = o;
		log_level_set((enum log_level)vault_options_log_level(&o));
		vault_reload_error(v, "");
		log_info("reloaded");
		warn_holders(m);
		retain_start(v->retain);
		in_keeper_push_issuers(v); /* envelope_days is published */
	} else {
		vault_reload_error(v, why.n > 0 ? buf_cstr(&why) : err_str(rc));
		log_error("reload: %s; the old settings stay", v->reload_error);
	}
	buf_done(&why);
	loop_notify("READY=1");
}

void
vault_stop(struct vault *v)
{
	loop_notify("STOPPING=1");
	seal_drain(v->seal);
	loop_stop(v->loop); /* after this turn: the answers leave first */
}

enum vault_status
vault_write_failed(struct vault *v, int err)
{
	switch (err) {
	case ERR_FULL:
		/* Once: a line for each attempt would date the reports. */
		if (!v->disk_full)
			log_error("the disk or its quota is full: nothing can be sealed");
		v->disk_full = 1;
		return VS_FULL;
	case ERR_NOMEM:
		return VS_INTERNAL;
	case ERR_CORRUPT:
		if (!v->writes_off)
			log_error(
			    "the database is damaged: no more writes; restore the newest "
			    "backup");
		v->writes_off = 1;
		return VS_INTERNAL;
	default:
		/* What is on the disk now only a new start can tell. */
		log_error("the database cannot be written (%s): stopping", err_str(err));
		v->failed = 1;
		loop_stop(v->loop);
		return err == ERR_OUTCOME ? VS_OUTCOME : VS_INTERNAL;
	}
}

void
vault_registry_changed(struct vault *v)
{
	struct registry *fresh = NULL;
	struct named *named = NULL;
	int rc = named_load(&named, v->books);

	if (rc == 0)
		rc = registry_load(&fresh, v->store, v->reg);
	if (rc != 0) {
		named_free(named);
		/* Serving yesterday's rights is worse than serving none. */
		log_error("the registry cannot be read (%s): stopping", err_str(rc));
		v->failed = 1;
		loop_stop(v->loop);
		return;
	}
	registry_free(v->reg);
	named_free(v->named);
	v->reg = fresh;
	v->named = named;
	issuer_registry_changed(v->issuer);
	in_front_push_generation(v);
	in_keeper_push_directory(v);
}

void
vault_answer(struct vault *v, struct link *l, uint16_t type, enum vault_status status,
    uint64_t call)
{
	int rc = buf_err(&v->page);

	if (rc == 0)
		rc = link_send(l, type, (uint16_t)status, call, v->page.p, v->page.n);
	if (rc != 0)
		link_close(l);
}

void
vault_refuse(struct link *l, const char *socket)
{
	log_warn("%s: a caller broke the protocol and was cut off", socket);
	link_close(l); /* and no further frame of it is handed out */
}
