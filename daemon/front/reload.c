/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "daemon/front/conn.h"
#include "daemon/front/front.h"
#include "daemon/front/out_stream.h"
#include "daemon/front/who.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/tls.h"

int
reload_context(struct front *f, const struct front_options *opt, struct buf *why)
{
	struct tls_files files = {
		.cert = opt->cert, .key = opt->key, .ca = opt->ca, .crl = opt->crl
	};
	struct ssl_ctx_st *fresh, *blind;
	int rc = tls_server_new(&fresh, &files, f->ticket_secret, f->generation, why);

	if (rc != 0)
		return rc;
	rc = tls_blind_new(&blind, &files, why);
	if (rc != 0) {
		tls_ctx_free(fresh);
		return rc;
	}
	tls_ctx_free(f->ctx); /* connections hold their own reference */
	tls_ctx_free(f->blind_ctx);
	f->ctx = fresh;
	f->blind_ctx = blind;
	return 0;
}

/* Certificates that the new CRL revokes: their streams end now, requests before the next.
 */
static void
end_if_revoked(struct conn *c, void *arg)
{
	struct front *f = arg;

	if (c->who == NULL || c->state == CONN_CLOSING ||
	    !tls_crl_revokes(f->ctx, c->cert_tag))
		return;
	f->stats.revoked++;
	if (c->state == CONN_STREAMING)
		stream_bye(c, "revoked");
	else
		conn_close(c);
}

static void
take_options(struct front *f, const struct front_options *fresh)
{
	struct front_options old = f->opt;
	size_t i;

	f->opt = *fresh;
	for (i = 0; fresh->hosts[i] != NULL; i++)
		f->opt.hosts[i] = f->opt.host_text + (fresh->hosts[i] - fresh->host_text);
	/* What cannot change while it runs stays as it was. */
	f->opt.ring_bytes = old.ring_bytes;
	(void)snprintf(
	    f->opt.vault_socket, sizeof f->opt.vault_socket, "%s", old.vault_socket);
	(void)snprintf(
	    f->opt.keeper_socket, sizeof f->opt.keeper_socket, "%s", old.keeper_socket);
	(void)snprintf(
	    f->opt.desk_socket, sizeof f->opt.desk_socket, "%s", old.desk_socket);
	log_level_set(f->opt.level);
}

void
reload_all(struct front *f)
{
	struct front_options fresh;
	struct buf why;
	int rc;

	loop_notify("RELOADING=1");
	buf_init(&why, 1024);
	rc = front_options_read(f->conf_path, &fresh, &why);
	if (rc == 0)
		rc = reload_context(f, &fresh, &why);
	if (rc != 0) {
		(void)snprintf(f->reload_error, sizeof f->reload_error, "%s",
		    why.n != 0 ? buf_cstr(&why) : err_str(rc));
		log_error("reload failed, the old settings stay: %s", f->reload_error);
	} else {
		take_options(f, &fresh);
		f->reload_error[0] = '\0';
		f->crl_alarm = 0;
		conns_each(f, end_if_revoked, f);
		log_info("reloaded");
	}
	buf_done(&why);
	loop_notify("READY=1");
}

void
reload_generation(struct front *f, uint64_t generation)
{
	f->generation = generation;
	if (tls_server_rekey(f->ctx, f->ticket_secret, generation) != 0)
		log_error("the ticket keys could not be changed");
	who_changed(f);
}

static void
end_all(struct conn *c, void *arg)
{
	(void)arg;
	if (c->state == CONN_STREAMING)
		stream_bye(c, "revoked");
}

void
reload_watch(struct front *f)
{
	int64_t left = tls_crl_left(f->ctx);

	if (left >= 0) {
		f->crl_alarm = 0;
		return;
	}
	if (f->crl_alarm == 0)
		log_error("the CRL is past its next update: renew it within 72 hours");
	if (f->crl_alarm < 2 && left <= -(int64_t)TLS_CRL_GRACE_S) {
		log_error("the CRL is stale for 72 hours: nobody is let in");
		conns_each(f, end_all, NULL);
		f->crl_alarm = 2;
	}
	f->crl_alarm = f->crl_alarm != 0 ? f->crl_alarm : 1;
}
