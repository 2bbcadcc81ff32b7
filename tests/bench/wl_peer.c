/* SPDX-License-Identifier: Apache-2.0 */
#include "wireload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { MESSAGE_MAX = 1 << 20 };

static char message[MESSAGE_MAX], packet[MESSAGE_MAX + 70000];

/* Copies a template: {i} becomes the connection's number, \r and \n are unescaped. */
static char *
expand(const char *s, int idx)
{
	size_t cap = strlen(s) * 4 + 64;
	char *r = malloc(cap), *w = r;

	if (r == NULL)
		abort();
	while (*s != '\0') {
		if (strncmp(s, "{i}", 3) == 0) {
			w += snprintf(w, cap - (size_t)(w - r), "%d", idx);
			s += 3;
		} else if (s[0] == '\\' && (s[1] == 'r' || s[1] == 'n')) {
			*w++ = s[1] == 'r' ? '\r' : '\n';
			s += 2;
		} else {
			*w++ = *s++;
		}
	}
	*w = '\0';
	return r;
}

static size_t
mqtt_len(unsigned char *p, size_t n)
{
	size_t k = 0;

	do {
		p[k] = n & 127;
		n >>= 7;
		if (n != 0)
			p[k] |= 128;
		k++;
	} while (n != 0);
	return k;
}

static size_t
mqtt_string(unsigned char *p, const char *s, size_t n)
{
	p[0] = (unsigned char)(n >> 8);
	p[1] = (unsigned char)n;
	memcpy(p + 2, s, n);
	return n + 2;
}

static void
mqtt_hello(struct wl_conn *c)
{
	unsigned char b[512];
	size_t w = 0, n, topic = strlen(wl.o.topic);
	char id[64];

	n = (size_t)snprintf(id, sizeof id, "%s%d-%d",
	    wl.mode == MODE_PUB ? "pub" : "sub", getpid(), c->idx);
	b[w++] = 0x10; /* CONNECT */
	w += mqtt_len(b + w, 10 + 2 + n);
	memcpy(b + w, "\0\4MQTT\4\2\0\0", 10);
	w += 10;
	w += mqtt_string(b + w, id, n);
	conn_queue(c, b, w);
	if (wl.mode != MODE_SUB || topic > 400)
		return;
	w = 0;
	b[w++] = 0x82; /* SUBSCRIBE, QoS 1 */
	w += mqtt_len(b + w, 2 + 2 + topic + 1);
	b[w++] = 0;
	b[w++] = 1;
	w += mqtt_string(b + w, wl.o.topic, topic);
	b[w++] = 1;
	conn_queue(c, b, w);
}

static void
nats_hello(struct wl_conn *c)
{
	static const char connect[] =
	    "CONNECT {\"verbose\":false,\"pedantic\":false,"
	    "\"tls_required\":true,\"lang\":\"c\",\"version\":\"0\","
	    "\"protocol\":1}\r\n";
	char b[512];
	int n;

	conn_queue(c, connect, sizeof connect - 1);
	if (wl.mode == MODE_SUB)
		n = snprintf(b, sizeof b, "SUB %s 1\r\nPING\r\n", wl.o.topic);
	else
		n = snprintf(
		    b, sizeof b, "SUB _INBOX.p%d.%d 1\r\nPING\r\n", getpid(), c->idx);
	conn_queue(c, b, (size_t)n);
}

void
peer_hello(struct wl_conn *c)
{
	char *h;

	if (wl.o.proto == PROTO_MQTT) {
		mqtt_hello(c);
	} else if (wl.o.proto == PROTO_NATS) {
		nats_hello(c);
	} else if (wl.mode != MODE_PUB) {
		h = expand(wl.o.hello != NULL ? wl.o.hello : "", c->idx);
		conn_queue(c, h, strlen(h));
		free(h);
	}
	(void)conn_flush(c);
}

/* A payload of o.size bytes with the marker in front. */
static size_t
fill_payload(unsigned long seq)
{
	size_t size = (size_t)wl.o.size, n;

	n = (size_t)snprintf(message, sizeof message, "TS=%019llu;seq=%lu;",
	    (unsigned long long)now_ns(), seq);
	for (; n < size && n < sizeof message; n++)
		message[n] = (char)('a' + n % 26);
	return n;
}

/* The -b template: {TS} the marker, {SEQ} a unique text, {PAD} words up to o.size. */
static size_t
fill_template(unsigned long seq)
{
	const char *s = wl.o.body;
	size_t len = strlen(s), pad, k;
	char *w = message, *end = message + sizeof message - 128;

	pad = (size_t)wl.o.size > len ? (size_t)wl.o.size - len : 0;
	while (*s != '\0' && w < end) {
		if (strncmp(s, "{TS}", 4) == 0) {
			w += snprintf(w, 64, "TS=%019llu;", (unsigned long long)now_ns());
			s += 4;
		} else if (strncmp(s, "{SEQ}", 5) == 0) {
			w += snprintf(w, 64, "%d-%lu", getpid(), seq);
			s += 5;
		} else if (strncmp(s, "{PAD}", 5) == 0) {
			for (k = 0; k < pad && w < end; k++)
				*w++ = k % 12 == 11 ? ' ' : (char)('a' + k % 26);
			s += 5;
		} else {
			*w++ = *s++;
		}
	}
	return (size_t)(w - message);
}

static void
publish_mqtt(struct wl_conn *c, size_t n)
{
	unsigned char *b = (unsigned char *)packet;
	size_t w = 0, topic = strlen(wl.o.topic);

	b[w++] = 0x32; /* PUBLISH, QoS 1 */
	w += mqtt_len(b + w, 2 + topic + 2 + n);
	w += mqtt_string(b + w, wl.o.topic, topic);
	b[w++] = 0;
	b[w++] = 1;
	conn_queue(c, b, w);
	conn_queue(c, message, n);
}

static void
publish_nats(struct wl_conn *c, size_t n)
{
	int w = snprintf(packet, sizeof packet, "PUB %s _INBOX.p%d.%d %zu\r\n",
	    wl.o.topic, getpid(), c->idx, n);

	conn_queue(c, packet, (size_t)w);
	conn_queue(c, message, n);
	conn_queue(c, "\r\n", 2);
}

/* The next line of -L, which must have one for each request. */
static const char *
next_line(void)
{
	const char *line = wl.o.lines;

	if (line == NULL)
		return NULL;
	if (*line == '\0') {
		fputs("wireload: -L has too few lines\n", stderr);
		exit(2);
	}
	(void)strsep(&wl.o.lines, "\n");
	return line;
}

static void
publish_http(struct wl_conn *c, size_t n)
{
	char *head = expand(wl.o.head, c->idx);
	const char *line = next_line();
	int w = snprintf(packet, sizeof packet,
	    "POST %s HTTP/1.1\r\nHost: localhost\r\n%s%s%sContent-Length: %zu\r\n\r\n",
	    wl.o.path, head, line != NULL ? line : "", line != NULL ? "\r\n" : "", n);

	free(head);
	/* One piece, so that it leaves as one record. */
	memcpy(packet + w, message, n);
	conn_queue(c, packet, (size_t)w + n);
}

void
peer_publish(struct wl_conn *c)
{
	unsigned long seq;
	size_t n;

	if (wl.sent >= wl.o.count)
		return;
	if (wl.o.rate > 0 &&
	    now_ns() < wl.t_pub + (uint64_t)((double)wl.sent * 1e9 / wl.o.rate)) {
		c->state = S_READY;
		return;
	}
	seq = wl.sent++;
	c->t0 = now_ns();
	c->state = S_WAIT;
	n = wl.o.proto == PROTO_HTTP && wl.o.body != NULL ? fill_template(seq)
							  : fill_payload(seq);
	if (wl.o.proto == PROTO_MQTT)
		publish_mqtt(c, n);
	else if (wl.o.proto == PROTO_NATS)
		publish_nats(c, n);
	else
		publish_http(c, n);
	(void)conn_flush(c);
}

/* One packet of c->in; 0 when none is complete. */
static int
mqtt_packet(struct wl_conn *c)
{
	size_t len = 0, k = 1, off;
	unsigned shift = 0, type, qos;
	unsigned char *v, answer[4] = { 0x40, 2, 0, 0 };

	do {
		if (k >= c->in_len)
			return 0;
		len |= (size_t)(c->in[k] & 127) << shift;
		shift += 7;
	} while ((c->in[k++] & 128) != 0);
	if (c->in_len < k + len)
		return 0;
	type = c->in[0] >> 4;
	qos = (c->in[0] >> 1) & 3;
	v = c->in + k;
	if ((type == 2 && wl.mode == MODE_PUB) || type == 9)
		conn_ready(c);
	if (type == 3) {
		off = 2 + ((size_t)v[0] << 8 | v[1]);
		memcpy(answer + 2, v + off, 2);
		off += qos != 0 ? 2 : 0;
		c->tail_len = 0;
		conn_scan(c, (char *)v + off, len - off);
		if (qos != 0)
			conn_queue(c, answer, sizeof answer);
	}
	conn_eat(c, k + len);
	if (type == 4 && wl.mode == MODE_PUB)
		conn_acked(c);
	return 1;
}

static int
on_nats(struct wl_conn *c, char *p, size_t n)
{
	unsigned char *s, *end;

	if (memmem(p, n, "PONG\r\n", 6) != NULL)
		conn_ready(c);
	if (memmem(p, n, "PING\r\n", 6) != NULL)
		conn_queue(c, "PONG\r\n", 6);
	if (wl.mode == MODE_SUB) {
		conn_scan(c, p, n);
		return conn_flush(c);
	}
	conn_keep(c, p, n);
	while (c->in_len != 0 && (s = memmem(c->in, c->in_len, "\"seq\":", 6)) != NULL) {
		end = memchr(s, '}', (size_t)(c->in + c->in_len - s));
		if (end == NULL)
			break;
		conn_eat(c, (size_t)(end + 1 - c->in));
		conn_acked(c);
	}
	return conn_flush(c);
}

/* One answer to a POST; 0 when none is complete. */
static int
http_answer(struct wl_conn *c)
{
	unsigned char *end, *q, *last;
	size_t head, body = 0;
	int has_length = 0;

	end = c->in_len != 0 ? memmem(c->in, c->in_len, "\r\n\r\n", 4) : NULL;
	if (end == NULL)
		return 0;
	head = (size_t)(end + 4 - c->in);
	for (q = c->in; q < end && !has_length; q++)
		if (strncasecmp((char *)q, "\nContent-Length:", 16) == 0) {
			body = strtoul((char *)q + 16, NULL, 10);
			has_length = 1;
		}
	if (!has_length && memmem(c->in, head, "chunked", 7) != NULL) {
		last = memmem(c->in + head, c->in_len - head, "0\r\n\r\n", 5);
		if (last == NULL)
			return 0;
		body = (size_t)(last + 5 - c->in) - head;
	}
	if (c->in_len < head + body)
		return 0;
	if (memcmp(c->in, "HTTP/1.1 2", 10) != 0 && wl.bad++ < 3)
		fprintf(stderr, "bad answer: %.*s\n", (int)(head + body), (char *)c->in);
	conn_eat(c, head + body);
	conn_acked(c);
	return 1;
}

static int
on_stream(struct wl_conn *c, char *p, size_t n)
{
	const char *sign = wl.o.ready != NULL ? wl.o.ready : "\r\n\r\n";

	if (!c->ready_seen) {
		conn_keep(c, p, n);
		if (memmem(c->in, c->in_len, sign, strlen(sign)) != NULL) {
			if (memcmp(c->in, "HTTP/1.1 200", 12) != 0) {
				fprintf(stderr, "%.*s\n", (int)c->in_len, (char *)c->in);
				conn_die(c, "not 200");
				return -1;
			}
			conn_ready(c);
			free(c->in);
			c->in = NULL;
			c->in_len = c->in_cap = 0;
		}
	}
	conn_scan(c, p, n);
	return 0;
}

/* Mode conn: any answer ends it. */
static int
on_first_answer(struct wl_conn *c)
{
	c->state = S_DONE;
	hist_add(now_ns() - c->t0);
	wl.acked++;
	wl.t_last = now_ns();
	if (wl.o.resume && wl.session == NULL)
		wl.session = SSL_get1_session(c->ssl);
	SSL_shutdown(c->ssl);
	close(c->fd);
	SSL_free(c->ssl);
	c->ssl = NULL;
	wl.handshaking--;
	return -1;
}

int
peer_data(struct wl_conn *c, char *p, size_t n)
{
	if (wl.mode == MODE_CONN)
		return on_first_answer(c);
	if (wl.o.proto == PROTO_MQTT) {
		conn_keep(c, p, n);
		while (c->in_len >= 2 && mqtt_packet(c))
			;
		return conn_flush(c);
	}
	if (wl.o.proto == PROTO_NATS)
		return on_nats(c, p, n);
	if (wl.mode == MODE_PUB) {
		conn_keep(c, p, n);
		while (http_answer(c))
			;
		return 0;
	}
	return on_stream(c, p, n);
}
