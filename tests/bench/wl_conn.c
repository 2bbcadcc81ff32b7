/* SPDX-License-Identifier: Apache-2.0 */
#include "wireload.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MARKER = 22 }; /* "TS=" and 19 digits */

static void
rearm(struct wl_conn *c, int write)
{
	struct epoll_event e = { .events = EPOLLIN | (write ? EPOLLOUT : 0),
		.data.ptr = c };

	epoll_ctl(wl.ep, EPOLL_CTL_MOD, c->fd, &e);
	c->want_write = write;
}

void
conn_die(struct wl_conn *c, const char *why)
{
	if (c->state == S_DONE)
		return;
	if (c->state < S_READY)
		wl.handshaking--;
	wl.failed++;
	if (!wl.o.quiet && wl.failed <= 5) {
		fprintf(stderr, "conn %d: %s (state %d, got %lu)\n", c->idx, why,
		    c->state, c->got);
		ERR_print_errors_fp(stderr);
	}
	c->state = S_DONE;
	close(c->fd);
	SSL_free(c->ssl);
	c->ssl = NULL;
}

void
conn_queue(struct wl_conn *c, const void *p, size_t n)
{
	if (c->out_off != 0 && c->out_off == c->out_len)
		c->out_off = c->out_len = 0;
	c->out = realloc(c->out, c->out_len + n);
	if (c->out == NULL)
		abort();
	memcpy(c->out + c->out_len, p, n);
	c->out_len += n;
}

int
conn_flush(struct wl_conn *c)
{
	int r, e;

	while (c->out_off < c->out_len) {
		r = SSL_write(
		    c->ssl, c->out + c->out_off, (int)(c->out_len - c->out_off));
		if (r > 0) {
			c->out_off += (size_t)r;
			continue;
		}
		e = SSL_get_error(c->ssl, r);
		if (e == SSL_ERROR_WANT_WRITE) {
			rearm(c, 1);
			return 0;
		}
		if (e == SSL_ERROR_WANT_READ)
			return 0;
		conn_die(c, "write");
		return -1;
	}
	free(c->out);
	c->out = NULL;
	c->out_off = c->out_len = 0;
	if (c->want_write)
		rearm(c, 0);
	return 0;
}

void
conn_ready(struct wl_conn *c)
{
	if (c->ready_seen)
		return;
	c->ready_seen = 1;
	wl.ready++;
	if (wl.ready == (unsigned long)wl.o.n)
		wl.t_ready = now_ns();
}

void
conn_acked(struct wl_conn *c)
{
	hist_add(now_ns() - c->t0);
	wl.acked++;
	c->got++;
	wl.t_last = now_ns();
	c->state = S_READY;
	peer_publish(c);
}

void
conn_keep(struct wl_conn *c, const void *p, size_t n)
{
	if (c->in_len + n > c->in_cap) {
		c->in_cap = (c->in_len + n) * 2;
		c->in = realloc(c->in, c->in_cap);
		if (c->in == NULL)
			abort();
	}
	memcpy(c->in + c->in_len, p, n);
	c->in_len += n;
}

void
conn_eat(struct wl_conn *c, size_t n)
{
	memmove(c->in, c->in + n, c->in_len - n);
	c->in_len -= n;
}

static void
count_marker(struct wl_conn *c, const char *digits)
{
	uint64_t t = strtoull(digits, NULL, 10), n = now_ns();

	hist_add(n - t);
	c->got++;
	wl.total++;
	wl.t_last = n;
}

/* A marker that began in the last read.  1: still short, keep waiting. */
static int
scan_tail(struct wl_conn *c, const char *p, size_t n)
{
	char joined[128];
	size_t head = n < 40 ? n : 40, all = c->tail_len + head;
	const char *m;

	memcpy(joined, c->tail, c->tail_len);
	memcpy(joined + c->tail_len, p, head);
	joined[all] = '\0';
	m = memmem(joined, all, "TS=", 3);
	if (m != NULL && m < joined + c->tail_len) {
		if (m + MARKER <= joined + all) {
			count_marker(c, m + 3);
		} else {
			c->tail_len = (size_t)(joined + all - m);
			memcpy(c->tail, m, c->tail_len);
			return 1;
		}
	}
	c->tail_len = 0;
	return 0;
}

void
conn_scan(struct wl_conn *c, const char *p, size_t n)
{
	const char *s = p, *end = p + n;

	if (c->tail_len != 0 && scan_tail(c, p, n))
		return;
	while ((s = memmem(s, (size_t)(end - s), "TS=", 3)) != NULL) {
		if (end - s < MARKER) {
			c->tail_len = (size_t)(end - s);
			memcpy(c->tail, s, c->tail_len);
			return;
		}
		count_marker(c, s + 3);
		s += MARKER;
	}
	if (n >= 2 && end[-1] == 'S' && end[-2] == 'T') {
		memcpy(c->tail, "TS", 2);
		c->tail_len = 2;
	} else if (n > 0 && end[-1] == 'T') {
		c->tail[0] = 'T';
		c->tail_len = 1;
	}
}

SSL_CTX *
conn_ctx(const char *cert, const char *key)
{
	SSL_CTX *c = SSL_CTX_new(TLS_client_method());

	SSL_CTX_set_mode(c, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
				SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
	if (wl.o.ca != NULL) {
		if (SSL_CTX_load_verify_locations(c, wl.o.ca, NULL) != 1)
			goto fail;
		SSL_CTX_set_verify(c, SSL_VERIFY_PEER, NULL);
	}
	if (cert != NULL &&
	    (SSL_CTX_use_certificate_chain_file(c, cert) != 1 ||
		SSL_CTX_use_PrivateKey_file(c, key, SSL_FILETYPE_PEM) != 1))
		goto fail;
	return c;
fail:
	ERR_print_errors_fp(stderr);
	exit(2);
}

/* Beyond the ports of one address the client spreads over 127.0.0.x. */
static void
spread(int fd, int idx)
{
	struct sockaddr_in l = { .sin_family = AF_INET };
	int late = 1;

	l.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + (uint32_t)(idx % 50));
	setsockopt(fd, SOL_IP, IP_BIND_ADDRESS_NO_PORT, &late, sizeof late);
	(void)bind(fd, (struct sockaddr *)&l, sizeof l);
}

void
conn_open(int idx)
{
	struct wl_conn *c = &wl.conns[idx];
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)wl.o.port) };
	struct epoll_event e = { .events = EPOLLIN | EPOLLOUT, .data.ptr = c };
	int one = 1;

	memset(c, 0, sizeof *c);
	c->idx = idx;
	c->t0 = now_ns();
	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	inet_pton(AF_INET, wl.o.host, &a.sin_addr);
	if (wl.o.n > 20000)
		spread(c->fd, idx);
	if (connect(c->fd, (struct sockaddr *)&a, sizeof a) != 0 &&
	    errno != EINPROGRESS) {
		perror("connect");
		exit(2);
	}
	c->ssl = SSL_new(wl.ctxs[idx % wl.nctx]);
	SSL_set_fd(c->ssl, c->fd);
	SSL_set_connect_state(c->ssl);
	SSL_set_tlsext_host_name(c->ssl, "localhost");
	if (wl.session != NULL)
		SSL_set_session(c->ssl, wl.session);
	c->state = wl.o.proto == PROTO_NATS ? S_CONNECT : S_TLS;
	wl.handshaking++;
	c->want_write = 1;
	epoll_ctl(wl.ep, EPOLL_CTL_ADD, c->fd, &e);
}

static void
handshake(struct wl_conn *c)
{
	int r = SSL_do_handshake(c->ssl), e;

	if (r != 1) {
		e = SSL_get_error(c->ssl, r);
		if (e == SSL_ERROR_WANT_READ)
			rearm(c, 0);
		else if (e == SSL_ERROR_WANT_WRITE)
			rearm(c, 1);
		else
			conn_die(c, "handshake");
		return;
	}
	c->state = S_READY;
	wl.resumed += SSL_session_reused(c->ssl) ? 1 : 0;
	if (wl.mode != MODE_CONN)
		wl.handshaking--;
	rearm(c, 0);
	peer_hello(c);
	if (wl.mode == MODE_PUB && wl.o.proto == PROTO_HTTP)
		conn_ready(c);
}

/* NATS says INFO in the clear before the handshake. */
static void
plain_hello(struct wl_conn *c, uint32_t events)
{
	char text[4096];

	if ((events & EPOLLIN) == 0) {
		rearm(c, 0);
		return;
	}
	if (recv(c->fd, text, sizeof text, 0) <= 0) {
		conn_die(c, "info");
		return;
	}
	c->state = S_TLS;
	handshake(c);
}

void
conn_event(struct wl_conn *c, uint32_t events)
{
	static char text[65536];
	int r, e;

	if (c->state == S_DONE)
		return;
	if (c->state == S_CONNECT) {
		plain_hello(c, events);
		return;
	}
	if (c->state == S_TLS) {
		handshake(c);
		return;
	}
	if ((events & EPOLLOUT) != 0 && conn_flush(c) < 0)
		return;
	if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0)
		return;
	for (;;) {
		r = SSL_read(c->ssl, text, sizeof text);
		if (r > 0) {
			if (peer_data(c, text, (size_t)r) < 0)
				return;
			continue;
		}
		e = SSL_get_error(c->ssl, r);
		if (e != SSL_ERROR_WANT_READ && e != SSL_ERROR_WANT_WRITE)
			conn_die(c, "closed");
		return;
	}
}
