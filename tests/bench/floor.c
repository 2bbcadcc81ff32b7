/* SPDX-License-Identifier: Apache-2.0 */
/*
 * floor: the least work that a TLS fan-out server can do here; the yardstick for "close
 * to the limit".  One thread, epoll, OpenSSL on the socket itself, no storage, no checks,
 * no HTTP but "GET registers, POST broadcasts".
 *
 *   floor PORT cert key ca [coalesce]
 *
 * With "coalesce" a POST is answered at once and what has piled up goes out as one write
 * per subscriber and turn.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

struct peer {
	int fd, up, subscribed, want_write;
	SSL *ssl;
	char *in;
	size_t n, at; /* at: how much of the log it has */
};

enum { PEERS_MAX = 200000, LOG_CAP = 1 << 30, RECORD = 16384 };

static struct peer **subs;
static int sub_count, ep, coalesce, dirty;
static SSL_CTX *ctx;
static char *log_bytes;
static size_t log_len;

static void
arm(struct peer *c, int write)
{
	struct epoll_event e = { .events = EPOLLIN | (write ? EPOLLOUT : 0),
		.data.ptr = c };

	if (c->want_write == write)
		return;
	c->want_write = write;
	epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &e);
}

static void
push(struct peer *c)
{
	size_t k;
	int r;

	while (c->at < log_len) {
		k = log_len - c->at < RECORD ? log_len - c->at : RECORD;
		r = SSL_write(c->ssl, log_bytes + c->at, (int)k);
		if (r <= 0) {
			arm(c, 1);
			return;
		}
		c->at += (size_t)r;
	}
	arm(c, 0);
}

static void
push_all(void)
{
	int i;

	for (i = 0; i < sub_count; i++)
		push(subs[i]);
	dirty = 0;
}

static void
drop(struct peer *c)
{
	int i;

	close(c->fd);
	SSL_free(c->ssl);
	for (i = 0; i < sub_count; i++)
		if (subs[i] == c) {
			subs[i] = subs[--sub_count];
			break;
		}
	free(c->in);
	free(c);
}

static void
accept_all(int listener)
{
	struct epoll_event e = { .events = EPOLLIN };
	struct peer *c;
	int fd, one = 1;

	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
		c = calloc(1, sizeof *c);
		if (c == NULL)
			abort();
		c->fd = fd;
		c->ssl = SSL_new(ctx);
		SSL_set_fd(c->ssl, fd);
		SSL_set_accept_state(c->ssl);
		e.data.ptr = c;
		epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e);
	}
}

static void
subscribe(struct peer *c)
{
	static const char head[] =
	    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

	c->subscribed = 1;
	c->at = log_len;
	if (sub_count < PEERS_MAX)
		subs[sub_count++] = c;
	free(c->in);
	c->in = NULL;
	c->n = 0;
	SSL_write(c->ssl, head, sizeof head - 1);
}

static void
broadcast(struct peer *c, size_t head, size_t body)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
	int i;

	if (log_len + body + 16 > LOG_CAP) {
		log_len = 0;
		for (i = 0; i < sub_count; i++)
			subs[i]->at = 0;
	}
	memcpy(log_bytes + log_len, "data: ", 6);
	memcpy(log_bytes + log_len + 6, c->in + head, body);
	memcpy(log_bytes + log_len + 6 + body, "\n\n", 2);
	log_len += body + 8;
	memmove(c->in, c->in + head + body, c->n - head - body);
	c->n -= head + body;
	dirty = 1;
	if (!coalesce)
		push_all();
	SSL_write(c->ssl, answer, sizeof answer - 1);
}

static void
requests(struct peer *c)
{
	size_t head, body;
	char *end, *p;

	while (c->n != 0 && (end = memmem(c->in, c->n, "\r\n\r\n", 4)) != NULL) {
		head = (size_t)(end + 4 - c->in);
		if (c->in[0] == 'G') {
			subscribe(c);
			return;
		}
		body = 0;
		for (p = c->in; p < end; p++)
			if (strncasecmp(p, "\nContent-Length:", 16) == 0)
				body = strtoul(p + 16, NULL, 10);
		if (c->n < head + body)
			return;
		broadcast(c, head, body);
	}
}

/* Reads all there is; 0 when the peer is gone and freed. */
static int
take(struct peer *c)
{
	static char text[65536];
	int r, e;

	for (;;) {
		r = SSL_read(c->ssl, text, sizeof text);
		if (r <= 0) {
			e = SSL_get_error(c->ssl, r);
			if (e == SSL_ERROR_WANT_READ || e == SSL_ERROR_WANT_WRITE)
				return 1;
			drop(c);
			return 0;
		}
		c->in = realloc(c->in, c->n + (size_t)r);
		if (c->in == NULL)
			abort();
		memcpy(c->in + c->n, text, (size_t)r);
		c->n += (size_t)r;
	}
}

static void
serve(struct peer *c, uint32_t events)
{
	int r, e;

	if (!c->up) {
		r = SSL_do_handshake(c->ssl);
		if (r != 1) {
			e = SSL_get_error(c->ssl, r);
			if (e == SSL_ERROR_WANT_WRITE)
				arm(c, 1);
			else if (e != SSL_ERROR_WANT_READ)
				drop(c);
			return;
		}
		c->up = 1;
	}
	if ((events & EPOLLOUT) != 0 && c->subscribed)
		push(c);
	if (take(c))
		requests(c);
}

static int
setup(char **v)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	struct epoll_event e = { .events = EPOLLIN };
	struct rlimit r;
	int fd, one = 1;

	(void)signal(SIGPIPE, SIG_IGN);
	getrlimit(RLIMIT_NOFILE, &r);
	r.rlim_cur = r.rlim_max;
	setrlimit(RLIMIT_NOFILE, &r);
	ctx = SSL_CTX_new(TLS_server_method());
	SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION);
	if (SSL_CTX_use_certificate_chain_file(ctx, v[2]) != 1 ||
	    SSL_CTX_use_PrivateKey_file(ctx, v[3], SSL_FILETYPE_PEM) != 1 ||
	    SSL_CTX_load_verify_locations(ctx, v[4], NULL) != 1)
		return -1;
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS |
				  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
				  SSL_MODE_ENABLE_PARTIAL_WRITE);
	SSL_CTX_set_num_tickets(ctx, 0);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	a.sin_port = htons((uint16_t)strtol(v[1], NULL, 10));
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, (struct sockaddr *)&a, sizeof a) != 0 || listen(fd, 1024) != 0)
		return -1;
	ep = epoll_create1(0);
	epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e);
	subs = calloc(PEERS_MAX, sizeof *subs);
	log_bytes = malloc(LOG_CAP);
	return subs != NULL && log_bytes != NULL ? fd : -1;
}

int
main(int n, char **v)
{
	struct epoll_event ev[256];
	int fd, i, k;

	fd = n > 4 ? setup(v) : -1;
	if (fd < 0) {
		fputs("floor PORT cert key ca [coalesce]\n", stderr);
		return 2;
	}
	coalesce = n > 5;
	for (;;) {
		k = epoll_wait(ep, ev, 256, -1);
		for (i = 0; i < k; i++) {
			if (ev[i].data.ptr == NULL)
				accept_all(fd);
			else
				serve(ev[i].data.ptr, ev[i].events);
		}
		if (dirty)
			push_all();
	}
}
