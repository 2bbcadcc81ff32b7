/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/courier/smtp.h"

#include <string.h>

#include <event2/event.h>

#include "daemon/courier/courier.h"
#include "daemon/courier/transfer.h"
#include "lib/clock.h"
#include "lib/loop.h"
#include "lib/mem.h"

enum { NAP_MS = 10 };

/* What is said in turn, and the first digit of the answer that leads on. */
enum step { SAY_FROM, SAY_TO, SAY_DATA, SAY_TEXT };
static const int leads_on[] = { 2, 2, 3, 2 };

struct smtp {
	struct transfer *t;
	struct buf from, to, text;
	int64_t timeout_ms;
	enum step step;
	struct slice out; /* is being said; stays where it is until all has left */
	size_t at;
	struct smtp_answer answer;
	int offers_size; /* RFC 1870 */
	struct event *rd, *wr;
	struct loop_timer *timer, *nap;
};

size_t
smtp_answer_take(struct smtp_answer *a, const char *p, size_t n, int *ret)
{
	size_t i;

	*ret = 0;
	for (i = 0; i < n && *ret == 0; i++) {
		if (++a->n > SMTP_ANSWER_MAX) {
			*ret = -1;
		} else if (p[i] == '\n') {
			/* "250" alone is a last line as well */
			if (a->at < 3 || a->bad)
				*ret = -1;
			else if (!a->more)
				*ret = (int)a->code;
			else
				a->code = 0;
			a->at = 0;
			a->more = 0;
		} else if (a->at < 3) {
			a->bad |= p[i] < '0' || p[i] > '9';
			a->code = a->code * 10 + (unsigned)(p[i] - '0') % 10;
			a->at++;
		} else if (a->at++ == 3) {
			a->more = p[i] == '-';
			a->bad |= !a->more && p[i] != ' ' && p[i] != '\r';
		}
	}
	if (*ret > 0 && (*ret < 200 || *ret > 599))
		*ret = -1;
	if (*ret != 0)
		memset(a, 0, sizeof *a);
	return i;
}

void
smtp_add_text(struct buf *out, struct slice text)
{
	size_t i, from = 0;

	for (i = 0; i < text.n; i++) {
		if (text.p[i] == '.' && (i == 0 || text.p[i - 1] == '\n')) {
			buf_add(out, text.p + from, i - from);
			buf_addc(out, '.');
			from = i;
		}
	}
	buf_add(out, text.p + from, text.n - from);
	if (text.n > 0 &&
	    (text.n < 2 || text.p[text.n - 2] != '\r' || text.p[text.n - 1] != '\n'))
		buf_adds(out, "\r\n");
	buf_adds(out, ".\r\n");
}

int
smtp_new(struct transfer *t, const char *from, const char *to, struct buf *text,
    int64_t timeout_ms)
{
	struct smtp *s = mem_zalloc(sizeof *s);
	CURL *e = t->easy;

	if (s == NULL)
		return ERR_NOMEM;
	t->smtp = s;
	s->t = t;
	s->timeout_ms = timeout_ms;
	buf_init(&s->from, 1024);
	buf_addf(&s->from, "MAIL FROM:<%s>", from);
	buf_init_secret(&s->to, 1024);
	buf_addf(&s->to, "RCPT TO:<%s>\r\n", to);
	buf_init_secret(&s->text, text->n * 2 + 8);
	smtp_add_text(&s->text, buf_slice(text));
	buf_wipe(text);
	buf_init(text, text->cap);
	if (buf_err(&s->from) != 0 || buf_err(&s->to) != 0 || buf_err(&s->text) != 0)
		return ERR_NOMEM;
	/* Such a connection is used by nobody else, whatever is said of reuse. */
	return curl_easy_setopt(e, CURLOPT_CONNECT_ONLY, 1L) != CURLE_OK ||
		       curl_easy_setopt(e, CURLOPT_FORBID_REUSE, 0L) != CURLE_OK ||
		       curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)timeout_ms) !=
			   CURLE_OK
		   ? ERR_NOMEM
		   : 0;
}

void
smtp_free(struct smtp *s)
{
	if (s == NULL)
		return;
	if (s->rd != NULL)
		event_free(s->rd);
	if (s->wr != NULL)
		event_free(s->wr);
	loop_timer_free(s->timer);
	loop_timer_free(s->nap);
	buf_wipe(&s->from);
	buf_wipe(&s->to);
	buf_wipe(&s->text);
	mem_free(s);
}

static void
end(struct smtp *s, CURLcode code, int status)
{
	struct transfer *t = s->t;

	t->code = code;
	t->status = status;
	transfer_ended(t); /* frees both */
}

static void
on_timer(void *arg)
{
	end(arg, CURLE_OPERATION_TIMEDOUT, 0);
}

static void
say(struct smtp *s, enum step step)
{
	s->step = step;
	s->at = 0;
	if (step == SAY_FROM)
		s->out = buf_slice(&s->from);
	else if (step == SAY_TO)
		s->out = buf_slice(&s->to);
	else if (step == SAY_DATA)
		s->out = slice_of("DATA\r\n");
	else
		s->out = buf_slice(&s->text);
}

/* CURLE_AGAIN: more leaves when the socket takes it. */
static CURLcode
speak(struct smtp *s)
{
	CURLcode rc = CURLE_OK;
	size_t n;

	while (s->at < s->out.n && rc == CURLE_OK) {
		n = 0;
		rc = curl_easy_send(s->t->easy, s->out.p + s->at, s->out.n - s->at, &n);
		s->at += n;
	}
	if (s->step == SAY_TO && s->at == s->out.n)
		s->t->named = 1;
	return rc;
}

enum heard { HEARD_NOTHING, HEARD_ANSWER, HEARD_END };

/* An answer to what was said; to the text, it is the last. */
static enum heard
answered(struct smtp *s, int code)
{
	size_t n;

	if (code < 400 && (code / 100 != leads_on[s->step] || s->at < s->out.n)) {
		end(s, CURLE_WEIRD_SERVER_REPLY, 0);
		return HEARD_END;
	}
	if (code / 100 != leads_on[s->step]) {
		end(s, CURLE_SEND_ERROR, code);
		return HEARD_END;
	}
	if (s->step == SAY_TEXT) {
		/* A farewell for its log; nobody waits for what it says to that. */
		(void)curl_easy_send(s->t->easy, "QUIT\r\n", 6, &n);
		end(s, CURLE_OK, code);
		return HEARD_END;
	}
	say(s, s->step + 1);
	return HEARD_ANSWER;
}

/* Nothing more is said after it. */
static int
is_last(const struct smtp *s, int code)
{
	return code < 0 || code >= 400 || s->step == SAY_TEXT;
}

static enum heard
hear(struct smtp *s)
{
	char room[1024];
	size_t n, used;
	CURLcode rc;
	int code = 0;

	for (;;) {
		n = 0;
		rc = curl_easy_recv(s->t->easy, room, sizeof room, &n);
		if (rc == CURLE_AGAIN)
			return code != 0 ? answered(s, code) : HEARD_NOTHING;
		if (rc != CURLE_OK || n == 0) {
			end(s, CURLE_RECV_ERROR, 0);
			return HEARD_END;
		}
		/* Nobody answers what was not said yet; but a last word stands, whatever
		 * comes behind it. */
		if (code != 0)
			return answered(s, -1);
		used = smtp_answer_take(&s->answer, room, n, &code);
		if (code != 0 && (used < n || is_last(s, code)))
			return answered(s, is_last(s, code) ? code : -1);
	}
}

static void go_on(struct smtp *s, int was_writable);

static void
on_nap(void *arg)
{
	go_on(arg, 0);
}

static void
on_event(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	go_on(arg, (what & EV_WRITE) != 0);
}

static void
go_on(struct smtp *s, int was_writable)
{
	size_t before = s->at;
	enum heard heard;
	CURLcode rc;

	do {
		rc = speak(s);
		/* Why it takes no more may be there to be read. */
		heard = hear(s); /* all of it: TLS may hold what the socket has not */
	} while (heard == HEARD_ANSWER);
	if (heard == HEARD_END || rc == CURLE_OK)
		return;
	if (rc != CURLE_AGAIN)
		end(s, CURLE_SEND_ERROR, 0);
	else if (was_writable && s->at == before) /* TLS waits for something else */
		loop_timer_set(s->nap, NAP_MS, 0);
	else if (event_add(s->wr, NULL) != 0)
		end(s, CURLE_SEND_ERROR, 0);
}

void
smtp_offered(struct smtp *s, struct slice line)
{
	if (line.n < 8)
		return;
	/* What was said before TLS does not count. */
	if (memcmp(line.p, "220", 3) == 0)
		s->offers_size = 0;
	else if (memcmp(line.p, "250", 3) == 0 && curl_strnequal(line.p + 4, "SIZE", 4))
		s->offers_size = 1;
}

int
smtp_awaits(const struct smtp *s)
{
	return s->rd != NULL && s->step == SAY_TEXT && s->at == s->out.n;
}

int
smtp_begin(struct transfer *t)
{
	struct event_base *base = loop_base(t->c->loop);
	int64_t left = t->began + t->smtp->timeout_ms - clock_mono_ms();
	struct smtp *s = t->smtp;
	curl_socket_t fd;
	CURLcode rc;

	if (s->offers_size)
		buf_addf(&s->from, " SIZE=%zu", s->text.n);
	buf_adds(&s->from, "\r\n");
	if (buf_err(&s->from) != 0)
		return ERR_NOMEM;
	/* With its first word the connection is the handle's own again; until then
	 * libcurl may clear it away for another one. */
	say(s, SAY_FROM);
	rc = speak(s);
	if ((rc != CURLE_OK && rc != CURLE_AGAIN) ||
	    curl_easy_getinfo(t->easy, CURLINFO_ACTIVESOCKET, &fd) != CURLE_OK ||
	    fd == CURL_SOCKET_BAD)
		return ERR_IO;
	s->rd = event_new(base, fd, EV_READ | EV_PERSIST, on_event, s);
	s->wr = event_new(base, fd, EV_WRITE, on_event, s);
	s->timer = loop_timer_new(t->c->loop, on_timer, s);
	s->nap = loop_timer_new(t->c->loop, on_nap, s);
	if (s->rd == NULL || s->wr == NULL || s->timer == NULL || s->nap == NULL ||
	    event_add(s->rd, NULL) != 0 || event_add(s->wr, NULL) != 0)
		return ERR_NOMEM;
	loop_timer_set(s->timer, left > 1 ? left : 1, 0);
	return 0;
}
