/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/event.h>

#include "daemon/front/conn.h"
#include "daemon/front/front.h"
#include "daemon/front/list.h"
#include "daemon/front/ring.h"
#include "lib/clock.h"
#include "lib/loop.h"
#include "lib/mem.h"
#include "lib/tls.h"
#include "proto/http.h"

/*
 * Plain HTTP for the machine's own monitoring, on a listener bound to loopback: /healthz
 * and /metrics.  One request a connection, few connections, 5 s each.
 */
enum { PEERS_MAX = 16, PEER_MS = 5000, TICK_MS = 1000, IN_MAX = 16384, OUT_MAX = 65536 };

struct peer {
	struct list all;
	struct local *of;
	int fd;
	int64_t ends;
	struct event *ev;
	size_t scanned, out_at;
	struct buf in, out;
};

struct local {
	struct front *f;
	struct list peers;
	unsigned count;
	struct event *ev;
	struct loop_timer *tick;
};

static void
peer_free(struct peer *p)
{
	list_del(&p->all);
	p->of->count--;
	if (p->ev != NULL)
		event_free(p->ev);
	(void)close(p->fd);
	buf_done(&p->in);
	buf_done(&p->out);
	mem_free(p);
}

static void
metric(struct buf *b, const char *name, const char *type, const char *help, uint64_t v)
{
	buf_addf(b, "# HELP ceptoar_front_%s %s\n# TYPE ceptoar_front_%s %s\n", name,
	    help, name, type);
	buf_addf(b, "ceptoar_front_%s %llu\n", name, (unsigned long long)v);
}

static void
metrics(struct front *f, struct buf *b)
{
	const struct stats *s = &f->stats;
	int64_t left = tls_crl_left(f->ctx);
	unsigned i;

	metric(b, "connections", "gauge", "Open connections.", conns_count(f));
	metric(b, "streams", "gauge", "Open streams.", conns_in(f, CONN_STREAMING));
	metric(b, "accepted_total", "counter", "Accepted connections.", s->accepted);
	metric(b, "refused_cap_total", "counter", "Closed over a cap.", s->refused_cap);
	metric(
	    b, "refused_rate_total", "counter", "Closed over a rate.", s->refused_rate);
	metric(b, "handshakes_total", "counter", "TLS handshakes done.", s->shaken);
	metric(b, "resumed_total", "counter", "Of these by ticket.", s->resumed);
	metric(b, "handshakes_failed_total", "counter", "TLS handshakes failed.",
	    s->shake_failed);
	metric(b, "requests_total", "counter", "Requests.", s->requests);
	buf_adds(b, "# HELP ceptoar_front_answers_total Answers by the status' class.\n"
		    "# TYPE ceptoar_front_answers_total counter\n");
	for (i = 2; i < 6; i++)
		buf_addf(b, "ceptoar_front_answers_total{class=\"%uxx\"} %llu\n", i,
		    (unsigned long long)s->answers[i]);
	metric(b, "rows_total", "counter", "Rows of the log received.", s->rows);
	metric(b, "records_total", "counter", "Writes to streams.", s->records);
	metric(
	    b, "stream_bytes_total", "counter", "Bytes to streams.", s->delivered_bytes);
	metric(b, "pages_total", "counter", "Pages of older rows read.", s->pages);
	metric(b, "slow_total", "counter", "Streams closed as stuck.", s->slow);
	metric(b, "revoked_total", "counter", "Connections that lost their right.",
	    s->revoked);
	metric(b, "rotated_total", "counter", "Streams rotated.", s->rotated);
	metric(b, "calls", "gauge", "Questions without an answer yet.", f->calls.count);
	metric(b, "calls_refused_total", "counter", "Questions over the cap.",
	    s->calls_refused);
	metric(b, "call_timeouts_total", "counter", "Questions never answered.",
	    s->call_timeouts);
	metric(b, "answers_unknown_total", "counter", "Answers to no question.",
	    s->unknown_answers);
	metric(b, "ring_bytes", "gauge", "Bytes in the ring.", ring_used(f->ring));
	metric(b, "page_bytes", "gauge", "Bytes in pages.", f->page_used);
	metric(b, "vault_up", "gauge", "1: the vault is there.", f->vault_ready ? 1 : 0);
	metric(
	    b, "keeper_up", "gauge", "1: the keeper is there.", f->keeper_ready ? 1 : 0);
	metric(b, "crl_stale", "gauge", "1: the CRL is past its next update.",
	    left < 0 ? 1 : 0);
}

static void
respond(struct peer *p, const struct http_request *r)
{
	struct front *f = p->of->f;
	int well = f->vault_ready && f->keeper_ready && !f->draining;
	struct buf body;

	buf_init(&body, OUT_MAX / 2);
	if (r->method != HTTP_GET) {
		http_reply_problem(&p->out, P_METHOD, NULL, NULL, "Allow: GET\r\n", 0);
	} else if (slice_eq(r->path, "/healthz")) {
		buf_addf(&body, "{\"vault\":%s,\"keeper\":%s,\"draining\":%s}",
		    f->vault_ready ? "true" : "false", f->keeper_ready ? "true" : "false",
		    f->draining ? "true" : "false");
		http_reply(&p->out, well ? 200 : 503, "application/json", NULL,
		    buf_slice(&body), 0);
	} else if (slice_eq(r->path, "/metrics")) {
		metrics(f, &body);
		http_reply(
		    &p->out, 200, "text/plain; version=0.0.4", NULL, buf_slice(&body), 0);
	} else {
		http_reply_problem(&p->out, P_NOT_FOUND, NULL, NULL, NULL, 0);
	}
	buf_done(&body);
}

static void
peer_write(struct peer *p)
{
	ssize_t n = send(p->fd, p->out.p + p->out_at, p->out.n - p->out_at, MSG_NOSIGNAL);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0)
		p->out_at += (size_t)n;
	if (n <= 0 || p->out_at == p->out.n)
		peer_free(p);
}

static void
on_peer(evutil_socket_t fd, short what, void *arg)
{
	static const char *const hosts[] = { "localhost", "127.0.0.1", "[::1]", NULL };
	struct peer *p = arg;
	struct http_request r;
	enum problem why;
	char *w;
	ssize_t got;
	long n;

	(void)what;
	if (p->out.n != 0) {
		peer_write(p);
		return;
	}
	w = buf_extend(&p->in, 2048);
	got = w != NULL ? recv((int)fd, w, 2048, 0) : -1;
	if (w != NULL && got < 0 && (errno == EAGAIN || errno == EINTR)) {
		p->in.n -= 2048;
		return;
	}
	if (got <= 0) {
		peer_free(p);
		return;
	}
	p->in.n -= 2048 - (size_t)got;
	n = http_request_parse(
	    p->in.p, p->in.n, &http_limits_default, hosts, &p->scanned, &r, &why);
	if (n == 0)
		return;
	if (n < 0)
		http_reply_problem(&p->out, why, NULL, NULL, NULL, 0);
	else
		respond(p, &r);
	(void)event_del(p->ev);
	if (buf_err(&p->out) != 0 ||
	    event_assign(p->ev, loop_base(p->of->f->loop), p->fd, EV_WRITE | EV_PERSIST,
		on_peer, p) != 0 ||
	    event_add(p->ev, NULL) != 0) {
		peer_free(p);
		return;
	}
	peer_write(p);
}

static void
on_accept(evutil_socket_t lfd, short what, void *arg)
{
	struct local *l = arg;
	struct peer *p;
	int fd;

	(void)what;
	fd = accept4((int)lfd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0)
		return;
	p = l->count < PEERS_MAX ? mem_zalloc(sizeof *p) : NULL;
	if (p == NULL) {
		(void)close(fd);
		return;
	}
	p->of = l;
	p->fd = fd;
	p->ends = clock_mono_ms() + PEER_MS;
	buf_init(&p->in, IN_MAX);
	buf_init(&p->out, OUT_MAX);
	list_init(&p->all);
	list_add(&l->peers, &p->all);
	l->count++;
	p->ev = event_new(loop_base(l->f->loop), fd, EV_READ | EV_PERSIST, on_peer, p);
	if (p->ev == NULL || event_add(p->ev, NULL) != 0)
		peer_free(p);
}

static void
on_tick(void *arg)
{
	struct local *l = arg;
	int64_t now = clock_mono_ms();

	while (!list_empty(&l->peers)) {
		struct peer *p = list_of(l->peers.next, struct peer, all);

		if (p->ends > now)
			return;
		peer_free(p);
	}
}

int
local_start(struct front *f, int fd)
{
	struct local *l = mem_zalloc(sizeof *l);

	if (l == NULL)
		return ERR_NOMEM;
	l->f = f;
	f->local = l;
	list_init(&l->peers);
	l->tick = loop_timer_new(f->loop, on_tick, l);
	l->ev = event_new(loop_base(f->loop), fd, EV_READ | EV_PERSIST, on_accept, l);
	if (l->tick == NULL || l->ev == NULL || event_add(l->ev, NULL) != 0)
		return ERR_NOMEM;
	loop_timer_set(l->tick, TICK_MS, 1);
	return 0;
}

void
local_free(struct local *l)
{
	if (l == NULL)
		return;
	while (!list_empty(&l->peers))
		peer_free(list_of(l->peers.next, struct peer, all));
	if (l->ev != NULL)
		event_free(l->ev);
	loop_timer_free(l->tick);
	mem_free(l);
}
