/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/courier/transfer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "daemon/courier/sender.h"
#include "daemon/courier/smtp.h"
#include "daemon/courier/steps.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/mem.h"

enum { URL_ROOM = 32 + TARGET_HOST + TARGET_PATH, PINNED_MAX = 8 };

/* A socket of libcurl's, as events. */
struct watch {
	struct event *ev;
};

struct transfers {
	struct courier *c;
	CURLM *multi;
	struct loop_timer *timer;
};

static void act(struct transfers *t, curl_socket_t fd, int what);

static void
on_event(evutil_socket_t fd, short what, void *arg)
{
	act(arg, fd,
	    ((what & EV_READ) != 0 ? CURL_CSELECT_IN : 0) |
		((what & EV_WRITE) != 0 ? CURL_CSELECT_OUT : 0));
}

static void
on_timer(void *arg)
{
	act(arg, CURL_SOCKET_TIMEOUT, 0);
}

static int
on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *kept)
{
	struct transfers *t = arg;
	struct watch *w = kept;
	short want = EV_PERSIST;

	(void)easy;
	if (w != NULL && w->ev != NULL)
		event_free(w->ev);
	if (what == CURL_POLL_REMOVE) {
		mem_free(w);
		return 0;
	}
	if (w == NULL) {
		w = mem_zalloc(sizeof *w);
		if (w == NULL)
			return -1;
		if (curl_multi_assign(t->multi, fd, w) != CURLM_OK) {
			mem_free(w);
			return -1;
		}
	}
	if ((what & CURL_POLL_IN) != 0)
		want |= EV_READ;
	if ((what & CURL_POLL_OUT) != 0)
		want |= EV_WRITE;
	w->ev = event_new(loop_base(t->c->loop), fd, want, on_event, t);
	return w->ev != NULL && event_add(w->ev, NULL) == 0 ? 0 : -1;
}

static int
on_timeout(CURLM *multi, long ms, void *arg)
{
	struct transfers *t = arg;

	(void)multi;
	if (ms < 0)
		loop_timer_clear(t->timer);
	else
		loop_timer_set(t->timer, ms > 0 ? ms : 1, 0);
	return 0;
}

int
transfers_new(struct transfers **ret, struct courier *c)
{
	struct transfers *t = mem_zalloc(sizeof *t);

	if (t == NULL)
		return ERR_NOMEM;
	t->c = c;
	t->multi = curl_multi_init();
	t->timer = loop_timer_new(c->loop, on_timer, t);
	if (t->multi == NULL || t->timer == NULL ||
	    curl_multi_setopt(t->multi, CURLMOPT_SOCKETFUNCTION, on_socket) != CURLM_OK ||
	    curl_multi_setopt(t->multi, CURLMOPT_SOCKETDATA, t) != CURLM_OK ||
	    curl_multi_setopt(t->multi, CURLMOPT_TIMERFUNCTION, on_timeout) != CURLM_OK ||
	    curl_multi_setopt(t->multi, CURLMOPT_TIMERDATA, t) != CURLM_OK ||
	    curl_multi_setopt(t->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS,
		(long)(ENDPOINT_CONNECTIONS + ENDPOINT_URGENT)) != CURLM_OK ||
	    curl_multi_setopt(t->multi, CURLMOPT_MAX_HOST_CONNECTIONS,
		(long)(ENDPOINT_OURS + ENDPOINT_URGENT)) != CURLM_OK ||
	    curl_multi_setopt(t->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING) !=
		CURLM_OK) {
		transfers_free(t);
		return ERR_NOMEM;
	}
	*ret = t;
	return 0;
}

void
transfers_free(struct transfers *t)
{
	if (t == NULL)
		return;
	if (t->multi != NULL)
		(void)curl_multi_cleanup(t->multi);
	loop_timer_free(t->timer);
	mem_free(t);
}

/* The last word on an address, whatever libcurl has made of what was pinned. */
static curl_socket_t
on_open(void *arg, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct transfer *t = arg;
	struct delivery *d = delivery_find(t->c, t->delivery);

	if (purpose != CURLSOCKTYPE_IPCXN || d == NULL ||
	    (!d->sender->trusted && !target_may(&a->addr, &t->c->opt.rules))) {
		t->closed = 1;
		return CURL_SOCKET_BAD;
	}
	return socket(a->family, a->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, a->protocol);
}

static size_t
on_body(char *p, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;

	(void)p;
	t->body += size * n;
	if (t->body <= TRANSFER_BODY_MAX)
		return size * n;
	t->cut = TRANSFER_CUT_BODY;
	return 0;
}

static size_t
on_header(char *p, size_t size, size_t n, void *arg)
{
	static const char name[] = "retry-after:";
	struct transfer *t = arg;
	size_t len = size * n, more;

	if (t->smtp != NULL)
		smtp_offered(t->smtp, (struct slice){ p, len });
	t->head += len;
	if (t->head > TRANSFER_HEAD_MAX) {
		t->cut = TRANSFER_CUT_HEAD;
		return 0;
	}
	if (len > sizeof name - 1 && curl_strnequal(p, name, sizeof name - 1)) {
		more = len - (sizeof name - 1);
		if (more >= sizeof t->retry_after)
			more = sizeof t->retry_after - 1;
		memcpy(t->retry_after, p + sizeof name - 1, more);
		t->retry_after[more] = '\0';
	}
	return len;
}

/* "host:port:address,address": libcurl asks nobody for this host. */
static int
pin(struct transfer *t, const struct target *to, const struct resolved *a)
{
	char text[INET6_ADDRSTRLEN];
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct buf b;
	unsigned i;
	int rc;

	buf_init(&b, 1024);
	buf_addf(&b, "%s:%u:", to->host, (unsigned)to->port);
	for (i = 0; i < a->n && i < PINNED_MAX; i++) {
		if (i > 0)
			buf_addc(&b, ',');
		if (a->address[i].ss_family == AF_INET) {
			memcpy(&v4, &a->address[i], sizeof v4);
			buf_adds(&b, inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text));
		} else {
			memcpy(&v6, &a->address[i], sizeof v6);
			buf_addf(&b, "[%s]",
			    inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text));
		}
	}
	rc = buf_err(&b);
	if (rc == 0)
		t->resolve = curl_slist_append(NULL, buf_cstr(&b));
	buf_done(&b);
	return rc == 0 && t->resolve == NULL ? ERR_NOMEM : rc;
}

#define SET(option, value) (curl_easy_setopt(e, option, value) != CURLE_OK)

/* What nobody may talk libcurl out of: not the environment, not a receiver. */
static int
set_safe(CURL *e, struct transfer *t, const char *scheme)
{
	return SET(CURLOPT_PROTOCOLS_STR, scheme) ||
	       SET(CURLOPT_REDIR_PROTOCOLS_STR, scheme) ||
	       SET(CURLOPT_FOLLOWLOCATION, 0L) || SET(CURLOPT_PROXY, "") ||
	       SET(CURLOPT_NOPROXY, "*") ||
	       SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) ||
	       SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) ||
	       SET(CURLOPT_HTTP09_ALLOWED, 0L) || SET(CURLOPT_SSL_SESSIONID_CACHE, 0L) ||
	       SET(CURLOPT_FRESH_CONNECT, 1L) || SET(CURLOPT_FORBID_REUSE, 1L) ||
	       SET(CURLOPT_CONNECTTIMEOUT_MS, (long)TRANSFER_CONNECT_MS) ||
	       SET(CURLOPT_TIMEOUT_MS, (long)TRANSFER_MS) ||
	       SET(CURLOPT_LOW_SPEED_LIMIT, 10L) || SET(CURLOPT_LOW_SPEED_TIME, 5L) ||
	       SET(CURLOPT_NOSIGNAL, 1L) || SET(CURLOPT_QUICK_EXIT, 1L) ||
	       SET(CURLOPT_PATH_AS_IS, 1L) || SET(CURLOPT_DNS_CACHE_TIMEOUT, 0L) ||
	       SET(CURLOPT_OPENSOCKETFUNCTION, on_open) ||
	       SET(CURLOPT_OPENSOCKETDATA, t) || SET(CURLOPT_WRITEFUNCTION, on_body) ||
	       SET(CURLOPT_WRITEDATA, t) || SET(CURLOPT_HEADERFUNCTION, on_header) ||
	       SET(CURLOPT_HEADERDATA, t);
}

static int
set_tls(CURL *e, const struct options *o)
{
	return SET(CURLOPT_SSL_VERIFYPEER, 1L) || SET(CURLOPT_SSL_VERIFYHOST, 2L) ||
	       SET(CURLOPT_CAINFO, o->ca) || SET(CURLOPT_CAPATH, NULL) ||
	       SET(CURLOPT_SSLVERSION,
		   (long)(o->tls13 ? CURL_SSLVERSION_TLSv1_3 : CURL_SSLVERSION_TLSv1_2));
}

struct transfer *
transfer_new(struct courier *c, const struct delivery *d, const struct resolved *a,
    const char *scheme)
{
	struct transfer *t = mem_zalloc(sizeof *t);
	char url[URL_ROOM];
	CURL *e;

	if (t == NULL)
		return NULL;
	t->c = c;
	t->delivery = d->id;
	t->easy = e = curl_easy_init();
	(void)snprintf(url, sizeof url, "%s://%s:%u%s", scheme, d->target.host,
	    (unsigned)d->target.port, d->target.path);
	if (e == NULL || pin(t, &d->target, a) != 0 || set_safe(e, t, scheme) ||
	    set_tls(e, &c->opt) || SET(CURLOPT_RESOLVE, t->resolve) ||
	    SET(CURLOPT_PRIVATE, t) || SET(CURLOPT_URL, url)) {
		transfer_free(t);
		return NULL;
	}
	return t;
}

void
transfer_free(struct transfer *t)
{
	if (t == NULL)
		return;
	smtp_free(t->smtp);
	if (t->easy != NULL)
		curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->headers);
	curl_slist_free_all(t->resolve);
	mem_free(t);
}

int
transfer_header(struct transfer *t, const char *name, const char *value)
{
	struct curl_slist *list;
	struct buf b;

	buf_init(&b, 4096);
	buf_addf(&b, "%s: %s", name, value);
	list = buf_err(&b) == 0 ? curl_slist_append(t->headers, buf_cstr(&b)) : NULL;
	buf_wipe(&b);
	if (list == NULL)
		return ERR_NOMEM;
	t->headers = list;
	return 0;
}

int
transfer_start(struct transfer *t, struct delivery *d)
{
	CURL *e = t->easy;

	t->began = clock_mono_ms();
	if (SET(CURLOPT_HTTPHEADER, t->headers) ||
	    curl_multi_add_handle(t->c->transfers->multi, e) != CURLM_OK)
		return ERR_NOMEM;
	d->transfer = t;
	return 0;
}

/* Its connection closes with that: what watches the socket has to go first. */
static void
leave(struct transfer *t)
{
	smtp_free(t->smtp);
	t->smtp = NULL;
	(void)curl_multi_remove_handle(t->c->transfers->multi, t->easy);
}

void
transfer_cancel(struct delivery *d)
{
	if (d->transfer == NULL)
		return;
	leave(d->transfer);
	transfer_free(d->transfer);
	d->transfer = NULL;
}

void
transfer_ended(struct transfer *t)
{
	struct courier *c = t->c;
	struct delivery *d = delivery_find(c, t->delivery);

	leave(t);
	if (d != NULL) {
		d->transfer = NULL;
		steps_leave(c, d, d->sender->ended(c, d, t));
	}
	transfer_free(t);
	courier_poke(c);
}

static void
act(struct transfers *t, curl_socket_t fd, int what)
{
	struct transfer *one = NULL;
	CURLMsg *m;
	int left;

	(void)curl_multi_socket_action(t->multi, fd, what, &left);
	while ((m = curl_multi_info_read(t->multi, &left)) != NULL) {
		if (m->msg != CURLMSG_DONE)
			continue;
		(void)curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&one);
		one->code = m->data.result;
		if (one->code == CURLE_OK && one->smtp != NULL) {
			if (smtp_begin(one) == 0)
				continue;
			one->code = CURLE_SEND_ERROR;
		}
		(void)curl_easy_getinfo(one->easy, CURLINFO_RESPONSE_CODE, &one->status);
		transfer_ended(one);
	}
}

int
transfer_awaits(const struct transfer *t)
{
	return t->smtp != NULL && smtp_awaits(t->smtp);
}

int
transfer_answered(const struct transfer *t)
{
	return t->code == CURLE_OK ||
	       (t->code == CURLE_WRITE_ERROR && t->cut == TRANSFER_CUT_BODY);
}

const char *
transfer_reason(const struct transfer *t, char *room, size_t n)
{
	if (t->closed)
		return "address is not allowed";
	if (t->cut == TRANSFER_CUT_HEAD)
		return "headers too long";
	switch (t->code) {
	case CURLE_OK:
		(void)snprintf(room, n, "status %ld", t->status);
		return room;
	case CURLE_OPERATION_TIMEDOUT:
		return "timeout";
	case CURLE_COULDNT_CONNECT:
		return "no connection";
	case CURLE_PEER_FAILED_VERIFICATION:
		return "certificate";
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
		return "pin";
	case CURLE_UNSUPPORTED_PROTOCOL:
		return "no HTTP/1.1";
	case CURLE_OUT_OF_MEMORY: /* what it says of a line beyond its own cap */
		return "headers too long";
	case CURLE_SSL_CONNECT_ERROR:
		return "tls";
	case CURLE_WEIRD_SERVER_REPLY:
		return "odd answer";
	default:
		(void)snprintf(room, n, "transfer error %d", (int)t->code);
		return room;
	}
}
