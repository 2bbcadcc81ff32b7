/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/rand.h>

#include "cli/ceptoar/cmd.h"
#include "cli/ceptoar/seen.h"
#include "cli/ceptoar/trust.h"
#include "lib/clock.h"
#include "lib/file.h"
#include "lib/mem.h"
#include "lib/term.h"
#include "proto/sse.h"

enum {
	CURSOR_ROOM = 64,
	TARGET_MAX = 2048,
	DATA_MAX = 1024 * 1024,
	SILENCE_S = 35, /* two heartbeats of 15 s, and some */
	RETRY_MS = 1000,
	RETRY_MAX_MS = 60000,
};

struct watch {
	struct session *s;
	struct buf target;
	char cursor[CURSOR_ROOM]; /* where to go on; "" is now */
	const char *state;	  /* file that keeps it, or NULL */
	long count, shown;	  /* count 0: for ever */
	struct sse_reader reader;
	struct seen seen;
	struct trust *trust;
	int unverified;	   /* something that was shown did not verify */
	unsigned failures; /* tries in a row that brought no hello */
	int connected, over, rc;
};

static volatile sig_atomic_t asked_to_end;

static void
on_signal(int sig)
{
	(void)sig;
	asked_to_end = 1;
}

/* Where to go on: after what was shown, never before. */
static void
remember(struct watch *w, const char *cursor)
{
	size_t n = strlen(cursor);

	if (n == 0 || n >= sizeof w->cursor || strcmp(w->cursor, cursor) == 0)
		return;
	memcpy(w->cursor, cursor, n + 1);
	if (w->state != NULL && file_write(w->state, 0600, w->cursor, n) != 0) {
		w->rc = session_say(EXIT_REFUSED, "%s: cannot be written", w->state);
		w->over = 1;
	}
}

static int
is_signed(const char *event)
{
	return strcmp(event, "bulletin") == 0 || strcmp(event, "update") == 0 ||
	       strcmp(event, "cancel") == 0;
}

static int
show_row(struct watch *w, const char *event, const char *cursor, struct slice text,
    const json_t *data)
{
	int ok = 1, is = is_signed(event);
	struct buf out;

	if (is)
		ok = trust_check_json(w->trust, data, &text);
	w->unverified |= !ok;

	buf_init(&out, 4 * DATA_MAX);
	if (w->s->json) {
		/* The hub's own bytes, as they are signed. */
		buf_addf(&out,
		    "{\"event\":\"%s\",\"cursor\":\"%s\",\"at_ms\":%lld,%s\"data\":",
		    event, cursor, (long long)clock_wall_ms(),
		    !is	 ? ""
		    : ok ? "\"verified\":true,"
			 : "\"verified\":false,");
		if (w->s->terminal)
			term_add(&out, text, TERM_LINE);
		else
			buf_add(&out, text.p, text.n);
		buf_adds(&out, "}\n");
	} else {
		if (!ok)
			buf_adds(&out, "NOT VERIFIED  署名を確認できません\n");
		show_event(w->s, event, data, &out);
		buf_addc(&out, '\n');
	}
	return show_print(&out);
}

/* Words that are not rows: where the stream stands, that it ends, that something lacks.
 */
static void
on_control(struct watch *w, const char *event, const json_t *data)
{
	const char *text;

	if (strcmp(event, "hello") == 0) {
		w->connected = 1;
		w->failures = 0;
		text = json_string_value(json_object_get(data, "resume"));
		if (!w->s->json)
			(void)session_say(0, "connected (%s)",
			    text != NULL && strcmp(text, "live") == 0	 ? "live"
			    : text != NULL && strcmp(text, "exact") == 0 ? "resumed"
									 : "with a gap");
		text = json_string_value(json_object_get(data, "cursor"));
		if (text != NULL && w->cursor[0] == '\0')
			remember(w, text);
	} else if (strcmp(event, "gap") == 0) {
		(void)session_say(0,
		    "rows are missing: the hub keeps them no longer; see "
		    "ceptoar bulletins");
	} else if (strcmp(event, "reset") == 0) {
		(void)session_say(
		    0, "the hub's log is another one; what it keeps comes again");
	}
}

static int
is_name(const char *s)
{
	return *s != '\0' && s[strspn(s, "abcdefghijklmnopqrstuvwxyz_")] == '\0';
}

static int
is_control(const char *event)
{
	static const char *const names[] = { "hello", "sync", "gap", "reset", "bye" };
	size_t i;

	for (i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(event, names[i]) == 0)
			return 1;
	return 0;
}

static int
on_event(void *arg, const char *event, const char *id, struct slice text)
{
	struct watch *w = arg;
	json_t *data = json_loadb(text.p, text.n, JSON_DECODE_ANY, NULL);
	const char *cursor =
	    id != NULL && strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmn"
				     "opqrstuvwxyz0123456789_-") == strlen(id)
		? id
		: "";
	int control = is_control(event);

	if (data == NULL || !is_name(event)) {
		json_decref(data);
		return ERR_PROTO;
	}
	if (control)
		on_control(w, event, data);
	if (control ? w->s->json : !seen_before(&w->seen, event, cursor, data)) {
		if (show_row(w, event, cursor, text, data) != EXIT_DONE) {
			w->rc = EXIT_REFUSED;
			w->over = 1;
		}
		w->shown += !control;
	}
	json_decref(data);
	if (!w->over)
		remember(w, cursor);
	if (w->count > 0 && w->shown >= w->count)
		w->over = 1;
	return w->over;
}

static int
on_bytes(void *arg, struct slice bytes)
{
	struct watch *w = arg;

	return sse_reader_feed(&w->reader, bytes, on_event, w);
}

static int
on_tick(void *arg)
{
	(void)arg;
	return asked_to_end;
}

/* Some time between a half and the whole, so that thousands do not come back at once. */
static void
pause_before_retry(struct watch *w)
{
	unsigned base = w->reader.retry_ms > 0 ? w->reader.retry_ms : RETRY_MS;
	unsigned char r[2] = { 0, 0 };
	unsigned long ms;

	ms = (unsigned long)base << (w->failures < 6 ? w->failures : 6);
	if (ms > RETRY_MAX_MS)
		ms = RETRY_MAX_MS;
	if (w->s->n_urls > 1 && w->failures == 0)
		ms /= 4; /* the other hub has not been asked yet */
	(void)RAND_bytes(r, sizeof r);
	ms = ms / 2 + ms / 2 * ((unsigned long)r[0] << 8 | r[1]) / 65535;
	(void)poll(NULL, 0, (int)ms);
}

/* What a broken or refused stream means: 1 to go on trying, 0 when it is over. */
static int
after_break(struct watch *w, int rc, const struct http_answer *a)
{
	if (w->over || asked_to_end)
		return 0;
	if (rc == ERR_DENIED && a->status == 410 && strcmp(w->cursor, "earliest") != 0) {
		(void)session_say(0, "the cursor is too old; what is kept comes again");
		(void)snprintf(w->cursor, sizeof w->cursor, "earliest");
		return 1;
	}
	if (rc == ERR_DENIED && a->status >= 400 && a->status < 500 && a->status != 408 &&
	    a->status != 429) {
		w->rc = http_refused(a);
		return 0;
	}
	if (rc == ERR_CRYPTO) {
		w->rc = http_unreached(w->s, rc);
		return 0;
	}
	if (!w->connected && w->failures + 1 >= w->s->n_urls) {
		w->rc = rc == ERR_DENIED ? http_refused(a) : http_unreached(w->s, rc);
		return 0; /* never reached: somebody should know */
	}
	if (w->connected && w->failures == 0)
		(void)session_say(0, "the stream broke off (%s); trying again",
		    rc == 0 ? "bytes that are no event" : http_why());
	return 1;
}

static int
once(struct watch *w, struct http_answer *a)
{
	const struct http_stream how = { on_bytes, on_tick, w, SILENCE_S };
	const char *head[3] = { "Accept: text/event-stream", NULL, NULL };
	char last[CURSOR_ROOM + 32];
	unsigned retry = w->reader.retry_ms;
	struct buf target;
	int rc;

	sse_reader_done(&w->reader);
	sse_reader_init(&w->reader, DATA_MAX);
	w->reader.retry_ms = retry;
	buf_init(&target, TARGET_MAX + CURSOR_ROOM);
	buf_add(&target, w->target.p, w->target.n);
	if (strcmp(w->cursor, "earliest") == 0) {
		cmd_query(&target, "cursor", w->cursor);
	} else if (w->cursor[0] != '\0') {
		(void)snprintf(last, sizeof last, "Last-Event-ID: %s", w->cursor);
		head[1] = last;
	}
	rc = http_stream(w->s, buf_cstr(&target), head, &how, a);
	buf_done(&target);
	return rc;
}

static void
run(struct watch *w)
{
	struct http_answer a;
	unsigned before;
	int rc;

	http_answer_init(&a);
	for (;;) {
		before = w->failures;
		w->failures = before + 1; /* hello sets it to 0 */
		rc = once(w, &a);
		if (w->failures > 0)
			w->failures = before;
		if (!after_break(w, rc, &a))
			break;
		if (w->s->n_urls > 1)
			w->s->at = (w->s->at + 1) % w->s->n_urls;
		pause_before_retry(w);
		w->failures++;
	}
	http_answer_done(&a);
}

static int
read_options(struct watch *w, int argc, char **argv)
{
	static const struct option names[] = { { "count", 1, NULL, 'n' },
		{ "min-severity", 1, NULL, 'm' }, { "sector", 1, NULL, 's' },
		{ "cursor", 1, NULL, 'c' }, { "state", 1, NULL, 'f' },
		{ NULL, 0, NULL, 0 } };
	struct buf old;
	char *end;
	int o;

	while ((o = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (o == 'n') {
			w->count = strtol(optarg, &end, 10);
			if (*end != '\0' || w->count < 1)
				return session_say(
				    EXIT_USAGE, "--count: expected 1 or more");
		} else if (o == 'm') {
			cmd_query(&w->target, "min_severity", optarg);
		} else if (o == 's') {
			cmd_query(&w->target, "sector", optarg);
		} else if (o == 'c') {
			if (strlen(optarg) >= sizeof w->cursor)
				return session_say(EXIT_USAGE, "--cursor: too long");
			(void)snprintf(w->cursor, sizeof w->cursor, "%s", optarg);
		} else if (o == 'f') {
			w->state = optarg;
		} else {
			return EXIT_USAGE;
		}
	}
	if (optind != argc)
		return session_say(EXIT_USAGE, "watch: too many words");
	if (w->state != NULL && w->cursor[0] == '\0') {
		buf_init(&old, CURSOR_ROOM - 1);
		if (file_read(w->state, &old) == 0)
			memcpy(
			    w->cursor, buf_cstr(&old), strcspn(buf_cstr(&old), "\r\n"));
		buf_done(&old);
	}
	return EXIT_DONE;
}

int
cmd_watch(struct session *s, int argc, char **argv)
{
	struct sigaction act = { .sa_handler = on_signal };
	struct watch *w = mem_zalloc(sizeof *w);
	int rc;

	if (w == NULL)
		return session_say(EXIT_REFUSED, "out of memory");
	w->s = s;
	w->trust = trust_open(s);
	if (w->trust == NULL) {
		mem_free(w);
		return session_say(EXIT_REFUSED, "out of memory");
	}
	buf_init(&w->target, TARGET_MAX);
	buf_adds(&w->target, "/v1/stream");
	sse_reader_init(&w->reader, DATA_MAX);
	rc = read_options(w, argc, argv);
	if (rc == EXIT_DONE) {
		(void)sigaction(SIGINT, &act, NULL);
		(void)sigaction(SIGTERM, &act, NULL);
		run(w);
		rc = w->rc == EXIT_DONE && w->unverified ? EXIT_REFUSED : w->rc;
	}
	trust_close(w->trust);
	sse_reader_done(&w->reader);
	buf_done(&w->target);
	mem_free(w);
	return rc;
}
