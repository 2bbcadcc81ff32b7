/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/front/front.h"

#include <openssl/rand.h>

#include "daemon/front/address.h"
#include "daemon/front/conn.h"
#include "daemon/front/in_http.h"
#include "daemon/front/listen.h"
#include "daemon/front/out_stream.h"
#include "daemon/front/ring.h"
#include "daemon/front/sent.h"
#include "daemon/front/who.h"
#include "lib/clock.h"
#include "lib/file.h"
#include "lib/link.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/mem.h"
#include "lib/tls.h"
#include "proto/cursor.h"
#include "proto/scrub.h"
#include "proto/taxonomy.h"

enum { LIST_MAX = 4 * 1024 * 1024, DRAIN_MS = 8000, WATCH_MS = 1000 };

static int
load_lists(struct front *f, struct buf *why)
{
	struct buf ceptoars, taxonomy;
	int rc;

	buf_init(&ceptoars, LIST_MAX);
	buf_init(&taxonomy, LIST_MAX);
	rc = file_read(f->opt.ceptoars, &ceptoars);
	if (rc != 0)
		buf_addf(why, "%s: %s", f->opt.ceptoars, err_str(rc));
	if (rc == 0) {
		rc = file_read(f->opt.taxonomy, &taxonomy);
		if (rc != 0)
			buf_addf(why, "%s: %s", f->opt.taxonomy, err_str(rc));
	}
	if (rc == 0)
		rc = taxonomy_new(
		    &f->tax, buf_slice(&ceptoars), buf_slice(&taxonomy), why);
	buf_done(&ceptoars);
	buf_done(&taxonomy);
	return rc;
}

static void
on_watch(void *arg)
{
	struct front *f = arg;

	reload_watch(f);
	if (f->draining && clock_mono_ms() - f->drain_began > DRAIN_MS &&
	    f->on_drained != NULL) {
		log_warn("%u connections did not end in time", conns_count(f));
		f->on_drained(f);
	}
}

int
front_new(struct front **ret, struct loop *loop, const struct front_options *opt,
    const char *conf_path, struct buf *why)
{
	struct front *f = mem_zalloc(sizeof *f);
	size_t i;
	int rc;

	if (f == NULL)
		return ERR_NOMEM;
	f->loop = loop;
	f->conf_path = conf_path;
	f->opt = *opt;
	for (i = 0; opt->hosts[i] != NULL; i++)
		f->opt.hosts[i] = f->opt.host_text + (opt->hosts[i] - opt->host_text);
	f->vault_away_since = clock_timer_ms() - VAULT_AWAY_MS; /* never seen yet */
	calls_init(f);
	rc = fan_new(f);
	/* Until the vault tells the common secret, tickets are good for nobody. */
	if (rc == 0 && RAND_bytes(f->ticket_secret, sizeof f->ticket_secret) != 1)
		rc = ERR_CRYPTO;
	if (rc == 0)
		rc = conns_new(f);
	if (rc == 0)
		rc = who_new(f);
	if (rc == 0)
		rc = sent_new(f);
	if (rc == 0)
		rc = load_lists(f, why);
	if (rc == 0)
		rc = reload_context(f, &f->opt, why);
	if (rc == 0) {
		f->patterns = scrubber_new();
		rc = f->patterns != NULL ? scrubber_ready(f->patterns) : ERR_NOMEM;
	}
	if (rc == 0) {
		f->ring = ring_new((size_t)f->opt.ring_bytes);
		f->addresses = addresses_new(f);
		f->watch = loop_timer_new(loop, on_watch, f);
		if (f->ring == NULL || f->addresses == NULL || f->watch == NULL)
			rc = ERR_NOMEM;
	}
	if (rc != 0) {
		front_free(f);
		return rc;
	}
	loop_timer_set(f->watch, WATCH_MS, 1);
	*ret = f;
	return 0;
}

void
front_free(struct front *f)
{
	if (f == NULL)
		return;
	local_free(f->local);
	link_server_free(f->admin);
	if (f->conns != NULL)
		conns_free(f);
	listen_free(f->members);
	listen_free(f->desk);
	listen_free(f->blind);
	listen_free(f->answers);
	addresses_free(f->addresses);
	who_free(f);
	sent_free(f);
	link_free(f->vault);
	link_free(f->keeper);
	calls_done(f);
	fan_free(f);
	loop_timer_free(f->watch);
	ring_free(f->ring);
	cursor_box_free(f->log.box);
	taxonomy_free(f->tax);
	scrubber_free(f->patterns);
	tls_ctx_free(f->ctx);
	tls_ctx_free(f->blind_ctx);
	tls_ctx_free(f->answers_ctx);
	mem_wipe_free(f, sizeof *f);
}

static void
drain_one(struct conn *c, void *arg)
{
	(void)arg;
	switch ((enum conn_state)c->state) {
	case CONN_STREAMING:
		stream_bye(c, "drain");
		return;
	case CONN_NEW:
	case CONN_HANDSHAKE:
	case CONN_IDLE:
		conn_close(c);
		return;
	case CONN_WAITING:
		if (c->req != NULL && c->req->expire != NULL)
			c->req->expire(c); /* a long poll gets what there is */
		return;
	case CONN_HEAD:
	case CONN_BODY:
	case CONN_REPLY:
	case CONN_CLOSING:
	case CONN_STATES:
		return; /* each ends by itself or at its deadline */
	}
}

void
front_drain(struct front *f)
{
	if (f->draining)
		return;
	loop_notify("STOPPING=1");
	f->draining = 1;
	f->drain_began = clock_mono_ms();
	listen_stop(f->members);
	listen_stop(f->desk);
	listen_stop(f->blind);
	listen_stop(f->answers);
	conns_each(f, drain_one, NULL);
	conns_reap_soon(f);
}
