/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/courier/target.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

/* Networks that are no part of the public one (IANA's registries of special purposes). */
struct net4 {
	uint32_t net;
	unsigned bits;
};
struct net6 {
	uint8_t net[16];
	unsigned bits;
};

static const struct net4 closed4[] = {
	{ 0x00000000, 8 },  /* "this network" */
	{ 0x0a000000, 8 },  /* RFC 1918 */
	{ 0x64400000, 10 }, /* 100.64/10: shared by carriers */
	{ 0x7f000000, 8 },  /* loopback */
	{ 0xa9fe0000, 16 }, /* link-local, metadata services among them */
	{ 0xac100000, 12 }, /* RFC 1918 */
	{ 0xc0000000, 24 }, /* IETF protocols */
	{ 0xc0000200, 24 }, /* documentation */
	{ 0xc0586300, 24 }, /* 6to4 relays */
	{ 0xc0a80000, 16 }, /* RFC 1918 */
	{ 0xc6120000, 15 }, /* benchmarks */
	{ 0xc6336400, 24 }, /* documentation */
	{ 0xcb007100, 24 }, /* documentation */
	{ 0xe0000000, 3 },  /* multicast, reserved, broadcast */
};

/* IPv6 is allowed inside 2000::/3 alone, without these. */
static const struct net6 closed6[] = {
	{ { 0x20, 0x01, 0x00 }, 23 },	    /* IETF protocols, Teredo */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, /* documentation */
	{ { 0x20, 0x02 }, 16 },		    /* 6to4: another address inside */
	{ { 0x3f, 0xff, 0x00 }, 20 },	    /* documentation */
};

static int
in6(const uint8_t *a, const struct net6 *n)
{
	unsigned whole = n->bits / 8, rest = n->bits % 8;

	if (memcmp(a, n->net, whole) != 0)
		return 0;
	return rest == 0 || (a[whole] ^ n->net[whole]) >> (8 - rest) == 0;
}

static int
is_public4(uint32_t a)
{
	size_t i;

	for (i = 0; i < sizeof closed4 / sizeof closed4[0]; i++)
		if ((a ^ closed4[i].net) >> (32 - closed4[i].bits) == 0)
			return 0;
	return 1;
}

static int
is_public6(const uint8_t *a)
{
	size_t i;

	/* Mapped and translated addresses, loopback, ULA, link-local and multicast all
	 * lie outside. */
	if ((a[0] & 0xe0) != 0x20)
		return 0;
	for (i = 0; i < sizeof closed6 / sizeof closed6[0]; i++)
		if (in6(a, &closed6[i]))
			return 0;
	return 1;
}

int
target_is_public(const struct sockaddr *a)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (a->sa_family == AF_INET) {
		memcpy(&v4, a, sizeof v4);
		return is_public4(ntohl(v4.sin_addr.s_addr));
	}
	if (a->sa_family == AF_INET6) {
		memcpy(&v6, a, sizeof v6);
		return is_public6(v6.sin6_addr.s6_addr);
	}
	return 0;
}

static int
is_loopback(const struct sockaddr *a)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (a->sa_family == AF_INET) {
		memcpy(&v4, a, sizeof v4);
		return ntohl(v4.sin_addr.s_addr) >> 24 == 127;
	}
	if (a->sa_family != AF_INET6)
		return 0;
	memcpy(&v6, a, sizeof v6);
	return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
}

/* The kernel answers from an address of ours to itself: nothing is sent to find out. */
static int
is_own(const struct sockaddr *a)
{
	struct sockaddr_storage to, from;
	socklen_t n = a->sa_family == AF_INET ? sizeof(struct sockaddr_in)
					      : sizeof(struct sockaddr_in6);
	int fd, own = 0;

	memset(&to, 0, sizeof to);
	memset(&from, 0, sizeof from);
	memcpy(&to, a, n);
	/* The port is at the same place in both. */
	((struct sockaddr_in *)&to)->sin_port = htons(9);
	fd = socket(a->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return 0;
	if (connect(fd, (struct sockaddr *)&to, n) == 0 &&
	    getsockname(fd, (struct sockaddr *)&from, &n) == 0) {
		if (a->sa_family == AF_INET)
			own = memcmp(&((struct sockaddr_in *)&to)->sin_addr,
				  &((struct sockaddr_in *)&from)->sin_addr, 4) == 0;
		else
			own = memcmp(&((struct sockaddr_in6 *)&to)->sin6_addr,
				  &((struct sockaddr_in6 *)&from)->sin6_addr, 16) == 0;
	}
	(void)close(fd);
	return own;
}

int
target_may(const struct sockaddr *a, const struct target_rules *rules)
{
	if (rules->loopback && is_loopback(a))
		return 1;
	return target_is_public(a) && !is_own(a);
}

int
target_ports(const char *text, struct target_rules *ret)
{
	unsigned long v;
	unsigned n = 0;
	char *end;

	for (; n < TARGET_PORTS && *text >= '0' && *text <= '9'; text = end + 1) {
		v = strtoul(text, &end, 10);
		if (v == 0 || v > 65535 || (*end != ',' && *end != '\0'))
			return ERR_INVALID;
		ret->ports[n++] = (uint16_t)v;
		if (*end == '\0') {
			ret->port_count = n;
			return 0;
		}
	}
	return ERR_INVALID;
}

static int
port_may(uint16_t port, const struct target_rules *r)
{
	unsigned i;

	for (i = 0; i < r->port_count; i++)
		if (r->ports[i] == port)
			return 1;
	return r->loopback;
}

/* A name of letters, digits and hyphens in labels, the last of which is no number: what
 * looks like an address in any of its spellings is no name. */
static const char *
check_host(const char *h, int loopback)
{
	const char *label = h, *p;
	unsigned dots = 0;

	for (p = h;; p++) {
		if (*p == '.' || *p == '\0') {
			if (p == label || p - label > 63 || label[0] == '-' ||
			    p[-1] == '-')
				return "host name";
			if (*p == '\0')
				break;
			dots++;
			label = p + 1;
		} else if (!((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') ||
			       *p == '-')) {
			return "host name";
		}
	}
	if (label[0] >= '0' && label[0] <= '9')
		return "host is an address";
	if (loopback)
		return NULL;
	if (dots == 0 || strcmp(label, "localhost") == 0 || strcmp(label, "local") == 0 ||
	    strcmp(label, "internal") == 0)
		return "host is not public";
	return NULL;
}

/* ":port" or nothing; *at ends behind it. */
static const char *
read_port(const char **at, uint16_t *ret)
{
	unsigned long v = 0;
	const char *p = *at;

	*ret = 443;
	if (*p != ':')
		return NULL;
	for (p++; *p >= '0' && *p <= '9' && v <= 65535; p++)
		v = v * 10 + (unsigned long)(*p - '0');
	if (v == 0 || v > 65535)
		return "port";
	*ret = (uint16_t)v;
	*at = p;
	return NULL;
}

static const char *
read_path(const char *p, struct target *t)
{
	size_t n = strlen(p), i;

	if (n > 0 && p[0] != '/' && p[0] != '?')
		return "address";
	for (i = 0; i < n; i++)
		if (p[i] <= ' ' || p[i] > '~' || strchr("\"<>\\^`{|}#", p[i]) != NULL)
			return "address";
	if (n + 2 > sizeof t->path)
		return "address too long";
	t->path[0] = '/';
	memcpy(t->path + (n > 0 && p[0] == '/' ? 0 : 1), p, n + 1);
	return NULL;
}

const char *
target_read(const char *url, const struct target_rules *rules, struct target *ret)
{
	struct target t;
	const char *why;
	size_t n, i;

	if (strncmp(url, "https://", 8) != 0)
		return "not https";
	url += 8;
	n = strcspn(url, ":/?#@[]");
	if (url[n] == '@')
		return "user in address";
	if (n == 0 || n >= sizeof t.host)
		return "host name";
	for (i = 0; i < n; i++)
		t.host[i] = url[i] >= 'A' && url[i] <= 'Z' ? (char)(url[i] + 32) : url[i];
	t.host[n] = '\0';
	why = check_host(t.host, rules->loopback);
	url += n;
	if (why == NULL)
		why = read_port(&url, &t.port);
	if (why == NULL && !port_may(t.port, rules))
		why = "port is not allowed";
	if (why == NULL)
		why = read_path(url, &t);
	if (why == NULL)
		*ret = t;
	return why;
}
