/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ceptoar/http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>
#include <jansson.h>
#include <openssl/ssl.h>

#include "lib/clock.h"
#include "lib/term.h"

enum {
	BODY_MAX = 16 * 1024 * 1024,
	HEAD_MAX = 64 * 1024,
	CONNECT_MS = 5000,
	PROXY_MS = 60000, /* a circuit has to be built first */
	PROBLEM_ROOM = 8192,
	PADDING = 4096,
	LINE_MOST = 4096, /* of a request line: the hub takes no longer one */
};

static char why[CURL_ERROR_SIZE + 64];

/* One transfer. */
struct transfer {
	CURL *curl;
	struct curl_slist *headers, *by; /* by: instead of the URL's address */
	struct http_answer *ret;
	const struct http_stream *how; /* NULL: an answer as a whole */
	int64_t last_ms;	       /* when a byte came last */
	size_t head;
	int ended; /* by on_bytes or on_tick */
	int is_stream;
};

void
http_answer_init(struct http_answer *a)
{
	memset(a, 0, sizeof *a);
	a->retry_after = -1;
	buf_init(&a->body, BODY_MAX);
}

void
http_answer_done(struct http_answer *a)
{
	buf_done(&a->body);
}

static void
answer_reset(struct http_answer *a)
{
	buf_reset(&a->body);
	a->status = 0;
	a->retry_after = -1;
	a->is_json = 0;
}

static size_t
on_body(char *p, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;
	struct slice s = { p, size * n };

	t->last_ms = clock_mono_ms();
	if (t->is_stream && t->how != NULL) {
		if (t->how->on_bytes(t->how->arg, s) == 0)
			return s.n;
		t->ended = 1;
		return 0;
	}
	buf_add(&t->ret->body, s.p, s.n);
	return buf_err(&t->ret->body) == 0 ? s.n : 0;
}

/* Headers are small here; somebody who sends more is not our hub. */
static size_t
on_header(char *p, size_t size, size_t n, void *arg)
{
	static const char sse[] = "content-type: text/event-stream";
	struct transfer *t = arg;
	long status = 0;

	n *= size;
	t->head += n;
	if (t->head > HEAD_MAX)
		return 0;
	if (n >= sizeof sse - 1 && curl_strnequal(p, sse, sizeof sse - 1)) {
		(void)curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
		t->is_stream = status == 200;
	}
	return n;
}

static int
on_progress(void *arg, curl_off_t dt, curl_off_t dn, curl_off_t ut, curl_off_t un)
{
	struct transfer *t = arg;

	(void)dt;
	(void)dn;
	(void)ut;
	(void)un;
	if (t->how == NULL)
		return 0;
	if (t->how->on_tick(t->how->arg) != 0) {
		t->ended = 1;
		return 1;
	}
	return t->is_stream && clock_mono_ms() - t->last_ms > t->how->silent_s * 1000;
}

/* The library is started once; what the environment could make it do is taken away. */
static int
start_library(void)
{
	static const char *const names[] = { "SSLKEYLOGFILE", "OPENSSL_CONF",
		"OPENSSL_MODULES", "OPENSSL_ENGINES", "SSL_CERT_FILE", "SSL_CERT_DIR",
		"CURL_CA_BUNDLE" };
	static int started;
	size_t i;

	if (started)
		return 0;
	for (i = 0; i < sizeof names / sizeof names[0]; i++)
		(void)unsetenv(names[i]);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
		return ERR_CRYPTO;
	started = 1;
	(void)atexit(curl_global_cleanup);
	return 0;
}

/*
 * The context of the next connection, as it will be used.  What an eavesdropper sees of a
 * report's length is a multiple of PADDING.  And here, behind everything that could have
 * configured one, no certificate may stand in a context of the blind listener.
 */
static CURLcode
on_tls_context(CURL *c, void *ctx, void *arg)
{
	const struct session *s = arg;

	(void)c;
	if (s->blind && SSL_CTX_get0_certificate(ctx) != NULL) {
		(void)session_say(
		    0, "a certificate was about to be shown: a fault of ours");
		abort();
	}
	return SSL_CTX_set_block_padding(ctx, PADDING) == 1 ? CURLE_OK
							    : CURLE_OUT_OF_MEMORY;
}

#define SET(option, value) \
	if (curl_easy_setopt(c, (option), (value)) != CURLE_OK) \
	return ERR_CRYPTO

static int
set_tls(CURL *c, struct session *s)
{
	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_3);
	SET(CURLOPT_CAINFO, s->ca);
	SET(CURLOPT_CAPATH, NULL); /* the system's authorities are not ours */
	SET(CURLOPT_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_SSL_VERIFYHOST, 2L);
	if (!s->blind) {
		SET(CURLOPT_SSLCERT, s->cert);
		SET(CURLOPT_SSLKEY, s->key);
	}
	SET(CURLOPT_SSL_SESSIONID_CACHE, 0L);
	SET(CURLOPT_SSL_CTX_FUNCTION, on_tls_context);
	SET(CURLOPT_SSL_CTX_DATA, s);
	return 0;
}

/* Another address than the URL's, whose name TLS and Host keep; and a proxy, to which
 * names are given as they are. */
static int
set_way(CURL *c, struct transfer *t, const struct session *s)
{
	char to[WAY_ROOM + 2];

	if (s->relay[0] != '\0') {
		(void)snprintf(to, sizeof to, "::%s", s->relay);
		t->by = curl_slist_append(NULL, to);
		if (t->by == NULL)
			return ERR_NOMEM;
		SET(CURLOPT_CONNECT_TO, t->by);
	}
	if (s->proxy[0] != '\0') {
		SET(CURLOPT_PROXY, s->proxy);
		SET(CURLOPT_NOPROXY, "");
		SET(CURLOPT_CONNECTTIMEOUT_MS, (long)PROXY_MS);
	}
	return 0;
}

static int
set_transport(CURL *c)
{
	SET(CURLOPT_PROTOCOLS_STR, "https");
	SET(CURLOPT_PROXY, "");
	SET(CURLOPT_NOPROXY, "*");
	SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(CURLOPT_HTTP09_ALLOWED, 0L);
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	SET(CURLOPT_TCP_NODELAY, 1L);
	SET(CURLOPT_TCP_KEEPALIVE, 1L);
	SET(CURLOPT_TCP_KEEPIDLE, 15L);
	SET(CURLOPT_TCP_KEEPINTVL, 5L);
	return 0;
}

static int
set_request(CURL *c, struct transfer *t, const char *method, const struct slice *body)
{
	if (body != NULL) {
		SET(CURLOPT_POSTFIELDSIZE, (long)body->n);
		SET(CURLOPT_POSTFIELDS, body->p);
	} else if (strcmp(method, "GET") == 0) {
		SET(CURLOPT_HTTPGET, 1L);
	}
	if (strcmp(method, "GET") != 0)
		SET(CURLOPT_CUSTOMREQUEST, method);
	SET(CURLOPT_HTTPHEADER, t->headers);
	SET(CURLOPT_ERRORBUFFER, why);
	SET(CURLOPT_WRITEFUNCTION, on_body);
	SET(CURLOPT_WRITEDATA, t);
	SET(CURLOPT_HEADERFUNCTION, on_header);
	SET(CURLOPT_HEADERDATA, t);
	SET(CURLOPT_NOPROGRESS, 0L);
	SET(CURLOPT_XFERINFOFUNCTION, on_progress);
	SET(CURLOPT_XFERINFODATA, t);
	return 0;
}

static int
set_headers(struct transfer *t, const char *const *headers, int has_body)
{
	struct curl_slist *l = NULL, *more;
	static const char *const fixed[] = { "Expect:", "User-Agent: ceptoar",
		"Content-Type: application/json" };
	size_t i, n = has_body ? 3 : 2;

	for (i = 0; i < n; i++) {
		more = curl_slist_append(l, fixed[i]);
		if (more == NULL)
			goto bad;
		l = more;
	}
	for (; headers != NULL && *headers != NULL; headers++) {
		more = curl_slist_append(l, *headers);
		if (more == NULL)
			goto bad;
		l = more;
	}
	t->headers = l;
	return 0;
bad:
	curl_slist_free_all(l);
	return ERR_NOMEM;
}

static void
fill_answer(struct transfer *t)
{
	curl_off_t after = 0;
	const char *type = NULL;

	(void)curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &t->ret->status);
	if (curl_easy_getinfo(t->curl, CURLINFO_RETRY_AFTER, &after) == CURLE_OK &&
	    after > 0)
		t->ret->retry_after = (long)after;
	(void)curl_easy_getinfo(t->curl, CURLINFO_CONTENT_TYPE, &type);
	t->ret->is_json = type != NULL && strstr(type, "json") != NULL;
}

static int
outcome(struct transfer *t, CURLcode rc)
{
	curl_off_t sent = 0;

	fill_answer(t);
	if (t->ended)
		return 0;
	if (rc == CURLE_OK)
		return t->how != NULL ? (t->is_stream ? ERR_DOWN : ERR_DENIED) : 0;
	if (why[0] == '\0')
		(void)snprintf(why, sizeof why, "%s", curl_easy_strerror(rc));
	/* TLS 1.3 tells a refused client after its handshake, in the place of an answer.
	 */
	if (rc == CURLE_SSL_CERTPROBLEM || rc == CURLE_SSL_CACERT_BADFILE ||
	    (strstr(why, "alert") != NULL && strstr(why, "certificate") != NULL))
		return ERR_CRYPTO;
	(void)curl_easy_getinfo(t->curl, CURLINFO_SIZE_UPLOAD_T, &sent);
	return sent > 0 ? ERR_AGAIN : ERR_DOWN;
}

/* One try on one URL. */
static int
perform(struct session *s, const char *method, const char *path, const struct slice *body,
    const char *const *headers, const struct http_stream *how, struct http_answer *ret)
{
	struct transfer t = { .ret = ret, .how = how, .last_ms = clock_mono_ms() };
	char url[URL_ROOM + LINE_MOST];
	int rc = start_library();

	why[0] = '\0';
	answer_reset(ret);
	if (rc == 0 &&
	    snprintf(url, sizeof url, "%s%s", s->urls[s->at], path) >= (int)sizeof url)
		rc = ERR_LIMIT;
	if (rc == 0)
		rc = set_headers(&t, headers, body != NULL);
	if (rc != 0)
		return rc;
	t.curl = curl_easy_init();
	rc = t.curl == NULL ? ERR_NOMEM : set_tls(t.curl, s);
	if (rc == 0)
		rc = set_transport(t.curl);
	if (rc == 0 && s->blind)
		rc = set_way(t.curl, &t, s);
	if (rc == 0)
		rc = set_request(t.curl, &t, method, body);
	if (rc == 0 && (curl_easy_setopt(t.curl, CURLOPT_URL, url) != CURLE_OK ||
			   (how == NULL && curl_easy_setopt(t.curl, CURLOPT_TIMEOUT,
					       s->timeout_s) != CURLE_OK)))
		rc = ERR_NOMEM;
	if (rc == 0)
		rc = outcome(&t, curl_easy_perform(t.curl));
	curl_easy_cleanup(t.curl);
	curl_slist_free_all(t.headers);
	curl_slist_free_all(t.by);
	return rc;
}

int
http_do(struct session *s, const char *method, const char *path, const struct slice *body,
    const char *const *headers, struct http_answer *ret)
{
	unsigned i;
	int rc = ERR_DOWN, uncertain = 0;

	for (i = 0; i < s->n_urls; i++) {
		rc = perform(s, method, path, body, headers, NULL, ret);
		if (rc == 0 || (rc != ERR_DOWN && rc != ERR_AGAIN))
			return rc;
		uncertain |= rc == ERR_AGAIN;
		s->at = (s->at + 1) % s->n_urls;
	}
	return uncertain ? ERR_AGAIN : rc;
}

int
http_stream(struct session *s, const char *path, const char *const *headers,
    const struct http_stream *how, struct http_answer *ret)
{
	return perform(s, "GET", path, NULL, headers, how, ret);
}

const char *
http_why(void)
{
	return why[0] != '\0' ? why : "no answer";
}

static void
add_member(struct buf *out, const json_t *j, const char *key, const char *before)
{
	const json_t *v = json_object_get(j, key);
	struct slice s = { json_string_value(v), json_string_length(v) };

	if (s.p == NULL || s.n == 0)
		return;
	buf_adds(out, before);
	term_add(out, s, TERM_LINE);
}

int
http_refused(const struct http_answer *a)
{
	json_t *j = a->is_json ? json_loadb(a->body.p, a->body.n, 0, NULL) : NULL;
	struct buf out;

	buf_init(&out, PROBLEM_ROOM);
	if (json_is_string(json_object_get(j, "code"))) {
		add_member(&out, j, "title", "");
		add_member(&out, j, "code", " (");
		buf_adds(&out, ")");
		add_member(&out, j, "pointer", "\n  at      ");
		add_member(&out, j, "detail", "\n  detail  ");
	} else {
		buf_addf(&out, "the hub answered with status %ld", a->status);
	}
	if (a->retry_after > 0)
		buf_addf(&out, "\n  again in %ld s", a->retry_after);
	json_decref(j);
	(void)session_say(0, "%s", buf_cstr(&out));
	buf_done(&out);
	return a->status == 503 ? EXIT_DOWN : EXIT_REFUSED;
}

int
http_unreached(const struct session *s, int err)
{
	unsigned i;
	struct buf b;

	if (err == ERR_CRYPTO)
		return session_say(EXIT_REFUSED,
		    "our certificate or key cannot be used, or the hub does not accept "
		    "it: %s",
		    http_why());
	if (err != ERR_DOWN && err != ERR_AGAIN)
		return session_say(EXIT_REFUSED, "%s", err_str(err));

	buf_init(&b, 4096);
	for (i = 0; i < s->n_urls; i++)
		buf_addf(&b, "%s%s", i > 0 ? ", " : "", s->urls[i]);
	(void)session_say(
	    0, "the hub was not reached at %s: %s", buf_cstr(&b), http_why());
	buf_done(&b);
	return EXIT_DOWN;
}
