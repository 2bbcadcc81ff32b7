/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_WIRELOAD_H
#define BENCH_WIRELOAD_H

#include <openssl/ssl.h>
#include <stddef.h>
#include <stdint.h>

/* One load generator for every peer, so that all are measured by the same client. */
enum wl_mode { MODE_SUB, MODE_PUB, MODE_CONN };
enum wl_proto { PROTO_HTTP, PROTO_MQTT, PROTO_NATS };
enum wl_state { S_CONNECT, S_TLS, S_READY, S_WAIT, S_DONE };

struct wl_conn {
	int fd, state, idx;
	SSL *ssl;
	uint64_t t0;
	unsigned long got;
	char tail[64]; /* of the last read: a marker may be split */
	size_t tail_len;
	unsigned char *in; /* partial packet */
	size_t in_len, in_cap;
	char *out;
	size_t out_len, out_off;
	int want_write, ready_seen;
};

struct wl_options {
	const char *host, *ca, *cert, *key, *hello, *path, *body, *ready, *topic, *head;
	const char *readyfile, *server_pids[8];
	char *lines; /* what is left of -L: a header line of its own for each request */
	int port, n, conc, proto, size, quiet, certs, pid_count, resume;
	unsigned long count;
	double rate, timeout;
};

/* The whole run; main makes it, the others read it and count into it. */
struct wl {
	struct wl_options o;
	enum wl_mode mode;
	SSL_CTX **ctxs;
	SSL_SESSION *session; /* -z: of the first connection */
	int nctx, ep, opened, handshaking;
	struct wl_conn *conns;
	unsigned long ready, failed, total, acked, sent, bad, resumed;
	uint64_t t_start, t_ready, t_last, t_pub;
};
extern struct wl wl;

/* wl_stats.c */
uint64_t now_ns(void);
void hist_add(uint64_t ns);
double hist_ms(double share); /* of all, 0..1 */
double hist_max_ms(void);
long server_rss_kb(void);
double server_cpu_s(void);

/* wl_conn.c */
void conn_open(int idx);
void conn_event(struct wl_conn *c, uint32_t events);
void conn_queue(struct wl_conn *c, const void *p, size_t n);
int conn_flush(struct wl_conn *c); /* 0, or -1 when the connection died */
void conn_die(struct wl_conn *c, const char *why);
void conn_ready(struct wl_conn *c);
void conn_acked(struct wl_conn *c);
void conn_keep(struct wl_conn *c, const void *p, size_t n);
void conn_eat(struct wl_conn *c, size_t n);
void conn_scan(struct wl_conn *c, const char *p, size_t n); /* counts the markers */
SSL_CTX *conn_ctx(const char *cert, const char *key);

/* wl_peer.c: what differs between http, mqtt and nats */
void peer_hello(struct wl_conn *c);
void peer_publish(struct wl_conn *c);		     /* one message, if one is due */
int peer_data(struct wl_conn *c, char *p, size_t n); /* -1 when the connection ended */

#endif
