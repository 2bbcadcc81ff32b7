/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/front/out_stream.h"

#include <string.h>

#include "daemon/front/in_http.h"
#include "daemon/front/ring.h"
#include "daemon/front/route.h"
#include "daemon/front/who.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "lib/tls.h"
#include "proto/sse.h"

enum {
	SILENCE_MS = 15000,
	STUCK_MS = 60000,
	ROTATE_MS = 6 * 3600 * 1000,
	INPUT_MAX = 1024,    /* plain bytes that a client may send on a stream */
	RAW_MAX = 64 * 1024, /* bytes on the wire for those: records without content */
	RETRY_MIN_MS = 1000,
	RETRY_SPAN_MS = 4000,
	HELLO_MAX = 2048,
};

uint64_t
stream_owner(const struct list *mates_link)
{
	return list_of((struct list *)(uintptr_t)mates_link, struct stream, mates)->c->id;
}

/* What a record that is under way is repeated with: its bytes are encrypted, these are
 * not looked at, and would tell nobody anything if they were. */
static const char nothing[RECORD];

static void
blocked(struct stream *s)
{
	s->blocked = 1;
	list_del(&s->turn);
	pager_blocked(s, 1);
	/* With a record half sent nothing is read: OpenSSL 3.0 would answer a KeyUpdate
	 * at once, find the record in its way, and end the connection. */
	conn_want(s->c, s->pend == 0, 1);
}

int
stream_write(struct stream *s, const void *p, size_t n)
{
	struct conn *c = s->c;
	enum tls_did did = tls_write(c->ssl, p, n);

	if (did == TLS_NOT_TAKEN) {
		blocked(s);
		return STREAM_REFUSED;
	}
	if (did != TLS_DONE && did != TLS_WANT_WRITE) {
		c->peer_done = 1;
		conn_close(c);
		return STREAM_ENDED;
	}
	c->f->stats.records++;
	c->f->stats.delivered_bytes += n;
	if (did == TLS_DONE) {
		s->moved = clock_timer_ms();
		return STREAM_SENT;
	}
	s->pend = (uint16_t)n;
	blocked(s);
	return STREAM_TAKEN;
}

void
stream_writable(struct conn *c)
{
	struct stream *s = c->st;
	enum tls_did did;

	if (s->pend != 0) {
		did = tls_write(c->ssl, nothing, s->pend);
		if (did == TLS_WANT_WRITE)
			return;
		if (did != TLS_DONE) {
			c->peer_done = 1;
			conn_close(c);
			return;
		}
		s->pend = 0;
		s->moved = clock_timer_ms();
	}
	s->blocked = 0;
	conn_want(c, 1, 0);
	pager_blocked(s, 0);
	fan_join(s);
}

void
stream_readable(struct conn *c)
{
	struct stream *s = c->st;
	size_t n;

	for (;;) {
		switch (tls_read(c->ssl, c->f->scratch, sizeof c->f->scratch, &n)) {
		case TLS_DONE:
			if (n > INPUT_MAX - (size_t)s->drained) {
				conn_close(c);
				return;
			}
			s->drained = (uint16_t)(s->drained + n);
			continue;
		case TLS_WANT_READ:
		case TLS_WANT_WRITE:
		case TLS_NOT_TAKEN:
			if (tls_raw_in(c->ssl) - c->raw_mark > RAW_MAX)
				conn_close(c);
			return;
		case TLS_FAILED:
			c->peer_done = 1;
			/* fall through */
		case TLS_CLOSED:
			conn_close(c);
			return;
		}
	}
}

void
stream_end(struct conn *c)
{
	struct stream *s = c->st;

	if (s == NULL)
		return;
	/* Of a record that is half written nobody knows what the peer makes of it. */
	sent_moved(c, s->pend == 0 ? s->next : c->sent.mark);
	pager_free(s);
	list_del(&s->turn);
	list_del(&s->mates);
	s->counted->streams--;
	c->st = NULL;
	mem_free(s);
}

void
stream_bye(struct conn *c, const char *reason)
{
	struct stream *s = c->st;
	struct buf b;

	/* In the middle of an event nothing can be said but the end. */
	if (!s->blocked && s->off == 0) {
		buf_init(&b, 128);
		buf_adds(&b, "event: bye\ndata: {\"reason\":\"");
		buf_adds(&b, reason);
		buf_adds(&b, "\"}\n\n");
		if (buf_err(&b) == 0 && stream_write(s, b.p, b.n) == STREAM_ENDED) {
			buf_done(&b);
			return;
		}
		buf_done(&b);
	}
	if (c->st->blocked)
		conn_close(c);
	else
		conn_finish(c);
}

void
stream_tick(struct conn *c)
{
	struct stream *s = c->st;
	int64_t now = clock_timer_ms();

	if (who_check(c) != P_OK) {
		c->f->stats.revoked++;
		stream_bye(c, "revoked");
		return;
	}
	if (s->blocked && now - s->moved >= STUCK_MS) {
		c->f->stats.slow++;
		conn_close(c);
		return;
	}
	if (!s->blocked && now >= s->rotate) {
		c->f->stats.rotated++;
		stream_bye(c, "rotate");
		return;
	}
	if (!s->blocked && s->off == 0 && now - s->moved >= SILENCE_MS &&
	    stream_write(s, ":\n\n", 3) == STREAM_ENDED)
		return;
	now -= s->moved;
	conn_deadline(c, now < SILENCE_MS && now >= 0 ? SILENCE_MS - now : SILENCE_MS);
}

static void
reset_one(struct conn *c, void *arg)
{
	struct stream *s = c->st;

	(void)arg;
	if (c->state != CONN_STREAMING)
		return;
	pager_free(s);
	if (s->off != 0) { /* the rest of that event is nowhere any more */
		conn_close(c);
		return;
	}
	s->next = start_earliest(c->f) + 1;
	s->want_reset = s->want_sync = 1;
	sent_begin(c, s->next, &s->query);
	if (!s->blocked)
		fan_join(s);
}

void
stream_reset_all(struct front *f)
{
	conns_each(f, reset_one, NULL);
}

/* hello: where the stream stands, in cursors that this reader may know. */
static void
say_hello(struct conn *c, const struct start *at, struct buf *out)
{
	static const char *const how[] = { "live", "exact", "gap", "gap" };
	struct front *f = c->f;
	char cursor[CURSOR_TEXT + 1], earliest[CURSOR_TEXT + 1];
	uint64_t seq = at->how == START_LIVE ? start_newest_visible(c) : at->next - 1;
	struct buf data;
	uint16_t r;

	buf_init(&data, 512);
	if (cursor_write(f->log.box, seq, cursor) != 0 ||
	    cursor_write(f->log.box, start_earliest(f), earliest) != 0)
		out->err = ERR_CRYPTO;
	front_random(f, &r, sizeof r);
	sse_retry(out, RETRY_MIN_MS + r % RETRY_SPAN_MS);
	buf_addf(&data,
	    "{\"cursor\":\"%s\",\"earliest\":\"%s\",\"epoch\":%u,\"mode\":\"%s\","
	    "\"resume\":\"%s\"}",
	    cursor, earliest, f->log.epoch, hub_mode_word(f->mode.mode), how[at->how]);
	/* With an id, so that who comes back before the first row loses none. */
	sse_event(out, cursor, "hello", buf_slice(&data));
	if (buf_err(&data) != 0)
		out->err = buf_err(&data);
	buf_done(&data);
}

/* One more than allowed: the oldest goes. */
static void
make_room(struct front *f, struct reader *r)
{
	struct stream *s;

	while (f->opt.streams_per_member != 0 &&
	       r->streams >= (unsigned)f->opt.streams_per_member &&
	       !list_empty(&r->open)) {
		s = list_of(r->open.next, struct stream, mates);
		stream_bye(s->c, "limit");
	}
}

static struct stream *
stream_new(struct conn *c, const struct start *at, const struct frame_query *q)
{
	struct stream *s = mem_zalloc(sizeof *s);
	int64_t now = clock_timer_ms();
	uint32_t r;

	if (s == NULL)
		return NULL;
	list_init(&s->turn);
	list_init(&s->mates);
	s->c = c;
	s->next = at->next;
	s->query = *q;
	s->want_sync = 1;
	s->want_gap = at->how == START_GAP;
	s->want_reset = at->how == START_RESET;
	s->moved = now;
	front_random(c->f, &r, sizeof r);
	s->rotate = now + ROTATE_MS / 10 * 9 + r % (ROTATE_MS / 5);
	return s;
}

static void
begin(struct conn *c)
{
	struct front *f = c->f;
	struct frame_query q;
	struct start at;
	struct stream *s;
	struct buf out;
	const char *why;
	enum problem p = start_query(c, &q, &why);

	if (p == P_OK)
		p = start_find(c, &at);
	if (p != P_OK) {
		http_problem(c, p, NULL, why);
		return;
	}
	make_room(f, c->who->reader);
	s = stream_new(c, &at, &q);
	buf_init(&out, HELLO_MAX);
	http_reply_stream(&out);
	say_hello(c, &at, &out);
	if (s == NULL || buf_err(&out) != 0) {
		buf_done(&out);
		mem_free(s);
		http_no_answer(c, ERR_NOMEM);
		return;
	}
	f->stats.answers[2]++;
	http_drop(c);
	c->st = s;
	s->counted = c->who->reader;
	s->counted->streams++;
	list_add(&s->counted->open, &s->mates);
	conn_set_state(c, CONN_STREAMING);
	sent_begin(c, s->next, &s->query);
	c->raw_mark = tls_raw_in(c->ssl);
	conn_deadline(c, SILENCE_MS);
	conn_want(c, 1, 0);
	tls_pad(c->ssl, 0);
	tls_slim(c->ssl);
	switch (stream_write(s, out.p, out.n)) {
	case STREAM_SENT:
		fan_join(s);
		break;
	case STREAM_REFUSED: /* so early only somebody who plays with us */
		conn_close(c);
		break;
	default:
		break;
	}
	buf_done(&out);
}

void
out_stream_get(struct conn *c)
{
	start_with_wants(c, begin);
}
