/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wireload: one load generator for every peer, so that all are measured by one client.
 *
 *   wireload sub  ...   N TLS subscribers; counts the "TS=<19 digits of ns>" markers that
 * reach each wireload pub  ...   N TLS publishers, one message outstanding each; every
 * message has a marker wireload conn ...   N TLS connections one after another (C at
 * once), closed after an answer
 *
 * Protocols (-P): http (SSE or POST), mqtt (3.1.1, QoS 1), nats.  Latency is
 * CLOCK_MONOTONIC, so both ends must run on one machine.  Single-threaded epoll.
 */
#include "wireload.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>

struct wl wl = { .o = { .host = "127.0.0.1",
		     .n = 1,
		     .conc = 64,
		     .size = 2048,
		     .count = 1,
		     .timeout = 60,
		     .path = "/",
		     .topic = "t",
		     .head = "" } };

static const char usage_text[] =
    "wireload sub|pub|conn [-h host] [-p port] [-n connections] [-c handshakes at once]\n"
    "  [-m messages] [-s size] [-r rate a second] [-T seconds] [-P http|mqtt|nats]\n"
    "  [-H request of a subscriber] [-R text that means ready] [-u path] [-g headers]\n"
    "  [-b body template file] [-L file of header lines, one a request] [-t topic] [-A "
    "ca] [-C cert] [-K key] [-N certificates]\n"
    "  [-S server pid]... [-F file to make when ready] [-z resume sessions] [-q]\n";

enum { FILE_MAX = 16 << 20 };

static char *
read_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char *b = calloc(1, FILE_MAX);

	if (f == NULL || b == NULL || fread(b, 1, FILE_MAX - 1, f) == 0) {
		perror(path);
		exit(2);
	}
	fclose(f);
	return b;
}

static int
number(const char *s)
{
	return (int)strtol(s, NULL, 10);
}

static int
option_target(int ch)
{
	switch (ch) {
	case 'h':
		wl.o.host = optarg;
		break;
	case 'p':
		wl.o.port = number(optarg);
		break;
	case 'H':
		wl.o.hello = optarg;
		break;
	case 'u':
		wl.o.path = optarg;
		break;
	case 'R':
		wl.o.ready = optarg;
		break;
	case 't':
		wl.o.topic = optarg;
		break;
	case 'g':
		wl.o.head = optarg;
		break;
	case 'A':
		wl.o.ca = optarg;
		break;
	case 'C':
		wl.o.cert = optarg;
		break;
	case 'K':
		wl.o.key = optarg;
		break;
	case 'N':
		wl.o.certs = number(optarg);
		break; /* names hold %d, 0..N-1 */
	case 'b':
		wl.o.body = read_file(optarg);
		break;
	case 'F':
		wl.o.readyfile = optarg;
		break;
	case 'L':
		wl.o.lines = read_file(optarg);
		break;
	default:
		return 0;
	}
	return 1;
}

static int
option_load(int ch)
{
	switch (ch) {
	case 'n':
		wl.o.n = number(optarg);
		break;
	case 'c':
		wl.o.conc = number(optarg);
		break;
	case 'm':
		wl.o.count = strtoul(optarg, NULL, 10);
		break;
	case 's':
		wl.o.size = number(optarg);
		break;
	case 'r':
		wl.o.rate = strtod(optarg, NULL);
		break;
	case 'T':
		wl.o.timeout = strtod(optarg, NULL);
		break;
	case 'P':
		wl.o.proto = strcmp(optarg, "mqtt") == 0   ? PROTO_MQTT
			     : strcmp(optarg, "nats") == 0 ? PROTO_NATS
							   : PROTO_HTTP;
		break;
	case 'S':
		if (wl.o.pid_count < 8)
			wl.o.server_pids[wl.o.pid_count++] = optarg;
		break;
	case 'z':
		wl.o.resume = 1;
		break;
	case 'q':
		wl.o.quiet = 1;
		break;
	default:
		return 0;
	}
	return 1;
}

static void
options(int argc, char **argv)
{
	int ch;

	if (argc < 2) {
		fputs(usage_text, stderr);
		exit(2);
	}
	wl.mode = strcmp(argv[1], "sub") == 0	? MODE_SUB
		  : strcmp(argv[1], "pub") == 0 ? MODE_PUB
						: MODE_CONN;
	optind = 2;
	while ((ch = getopt(
		    argc, argv, "L:h:p:n:c:m:s:r:T:P:H:u:b:R:t:A:C:K:S:F:g:qzN:")) != -1)
		if (!option_target(ch) && !option_load(ch)) {
			fputs(usage_text, stderr);
			exit(2);
		}
}

enum { NAME_MAX_LEN = 1024 };

/* The pattern with the number in place of %d; NULL of NULL. */
static const char *
numbered(const char *pattern, int i, char room[NAME_MAX_LEN])
{
	const char *at = pattern != NULL ? strstr(pattern, "%d") : NULL;

	if (pattern == NULL)
		return NULL;
	if (at == NULL)
		snprintf(room, NAME_MAX_LEN, "%s", pattern);
	else
		snprintf(room, NAME_MAX_LEN, "%.*s%d%s", (int)(at - pattern), pattern, i,
		    at + 2);
	return room;
}

static void
setup(void)
{
	char cert[NAME_MAX_LEN], key[NAME_MAX_LEN];
	struct rlimit rl;
	int i;

	(void)signal(SIGPIPE, SIG_IGN);
	getrlimit(RLIMIT_NOFILE, &rl);
	rl.rlim_cur = rl.rlim_max;
	setrlimit(RLIMIT_NOFILE, &rl);
	wl.nctx = wl.o.certs != 0 ? wl.o.certs : 1;
	wl.ctxs = calloc((size_t)wl.nctx, sizeof *wl.ctxs);
	wl.conns = calloc((size_t)wl.o.n, sizeof *wl.conns);
	if (wl.ctxs == NULL || wl.conns == NULL)
		abort();
	for (i = 0; i < wl.nctx; i++)
		wl.ctxs[i] =
		    conn_ctx(numbered(wl.o.cert, i, cert), numbered(wl.o.key, i, key));
	wl.ep = epoll_create1(0);
}

static void
all_ready(double cpu0, long rss0, double cpu1, long rss1)
{
	double s;
	FILE *f;
	int i;

	if (wl.t_ready == 0)
		wl.t_ready = now_ns();
	s = (double)(wl.t_ready - wl.t_start) / 1e9;
	if (wl.mode == MODE_SUB) {
		printf(
		    "connected %lu of %d in %.2f s: %.0f/s; server cpu %.2f s (%.3f ms a "
		    "connection), rss %ld KiB -> %ld KiB (%.1f KiB a connection)\n",
		    wl.ready, wl.o.n, s, (double)wl.ready / s, cpu1 - cpu0,
		    (cpu1 - cpu0) * 1000 / wl.o.n, rss0, rss1,
		    (double)(rss1 - rss0) / (double)wl.o.n);
		fflush(stdout);
	}
	if (wl.o.readyfile != NULL) {
		f = fopen(wl.o.readyfile, "w");
		if (f != NULL)
			fclose(f);
	}
	if (wl.mode != MODE_PUB)
		return;
	wl.t_pub = now_ns();
	for (i = 0; i < wl.o.n; i++)
		if (wl.conns[i].state == S_READY)
			peer_publish(&wl.conns[i]);
}

static int
finished(int announced)
{
	int i;

	if (wl.mode == MODE_CONN)
		return wl.acked + wl.failed >= (unsigned long)wl.o.n;
	if (!announced)
		return 0;
	if (wl.mode == MODE_SUB)
		return wl.total >= wl.o.count * wl.ready;
	if (wl.o.rate > 0)
		for (i = 0; i < wl.o.n && wl.sent < wl.o.count; i++)
			if (wl.conns[i].state == S_READY)
				peer_publish(&wl.conns[i]);
	return wl.acked >= wl.o.count;
}

static void
report_sub(double cpu, long rss)
{
	unsigned long lost = 0;
	struct rusage ru;
	int i, behind = 0;

	for (i = 0; i < wl.o.n; i++)
		if (wl.conns[i].got < wl.o.count) {
			lost += wl.o.count - wl.conns[i].got;
			behind++;
		}
	getrusage(RUSAGE_SELF, &ru);
	printf("received %lu of %lu (missing %lu on %d connections); latency ms p50 %.2f "
	       "p90 %.2f "
	       "p99 %.2f p99.9 %.2f max %.2f; server cpu %.2f s (%.2f us a delivery), "
	       "rss %ld KiB; "
	       "client cpu %.2f s; failed %lu; span %.3f s\n",
	    wl.total, wl.o.count * (unsigned long)wl.o.n, lost, behind, hist_ms(.5),
	    hist_ms(.9), hist_ms(.99), hist_ms(.999), hist_max_ms(), cpu,
	    cpu * 1e6 / (double)(wl.total != 0 ? wl.total : 1), rss,
	    (double)(ru.ru_utime.tv_sec + ru.ru_stime.tv_sec) +
		(double)(ru.ru_utime.tv_usec + ru.ru_stime.tv_usec) / 1e6,
	    wl.failed, (double)(wl.t_last - wl.t_ready) / 1e9);
}

static int
report(double cpu0, double cpu1)
{
	double cpu2 = server_cpu_s(), s;
	unsigned long want = wl.mode == MODE_PUB ? wl.o.count : (unsigned long)wl.o.n;

	if (wl.mode == MODE_SUB) {
		report_sub(cpu2 - cpu1, server_rss_kb());
		return wl.total < wl.o.count * (unsigned long)wl.o.n;
	}
	s = (double)(wl.t_last - (wl.mode == MODE_PUB ? wl.t_pub : wl.t_start)) / 1e9;
	printf("%s %lu of %lu in %.3f s: %.0f/s; latency ms p50 %.2f p90 %.2f p99 %.2f "
	       "max %.2f; "
	       "server cpu %.2f s; bad %lu failed %lu resumed %lu\n",
	    wl.mode == MODE_PUB ? "acked" : "made", wl.acked, want, s,
	    (double)wl.acked / s, hist_ms(.5), hist_ms(.9), hist_ms(.99), hist_max_ms(),
	    cpu2 - cpu0, wl.bad, wl.failed, wl.resumed);
	return wl.mode == MODE_PUB ? wl.acked < wl.o.count || wl.bad != 0 : wl.failed > 0;
}

int
main(int argc, char **argv)
{
	struct epoll_event ev[512];
	double cpu0, cpu1 = 0;
	int announced = 0, limit, i, k;
	uint64_t end;
	long rss0;

	options(argc, argv);
	setup();
	wl.t_start = now_ns();
	end = wl.t_start + (uint64_t)(wl.o.timeout * 1e9);
	cpu0 = server_cpu_s();
	rss0 = server_rss_kb();
	while (now_ns() < end) {
		/* With -z the first connection is alone: it brings the session. */
		limit = wl.o.resume && wl.session == NULL ? 1 : wl.o.conc;
		while (wl.opened < wl.o.n && wl.handshaking < limit)
			conn_open(wl.opened++);
		k = epoll_wait(wl.ep, ev, 512, wl.o.rate > 0 ? 1 : 20);
		for (i = 0; i < k; i++)
			conn_event(ev[i].data.ptr, ev[i].events);
		if (wl.mode != MODE_CONN && !announced &&
		    wl.ready + wl.failed >= (unsigned long)wl.o.n) {
			announced = 1;
			cpu1 = server_cpu_s();
			all_ready(cpu0, rss0, cpu1, server_rss_kb());
		}
		if (finished(announced))
			break;
	}
	return report(cpu0, cpu1);
}
