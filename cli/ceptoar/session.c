/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ceptoar/session.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/term.h"

static void
copy(char *to, size_t room, const char *from)
{
	size_t n = from != NULL ? strlen(from) : 0;

	if (n >= room) /* a path cut short would name another file */
		n = 0;
	if (n > 0)
		memcpy(to, from, n);
	to[n] = '\0';
}

static const char *
locale_language(void)
{
	const char *l = getenv("LC_ALL");

	if (l == NULL || *l == '\0')
		l = getenv("LC_MESSAGES");
	if (l == NULL || *l == '\0')
		l = getenv("LANG");
	return l != NULL && strncmp(l, "ja", 2) == 0 ? "ja" : "en";
}

/* Of the certificate's path; "." when it has none. */
static void
set_folder(struct session *s)
{
	char *slash;

	copy(s->folder, sizeof s->folder, s->cert[0] != '\0' ? s->cert : ".");
	slash = strrchr(s->folder, '/');
	if (slash == NULL)
		copy(s->folder, sizeof s->folder, ".");
	else
		slash[slash == s->folder] = '\0';
}

void
session_init(struct session *s)
{
	const char *home = getenv("HOME");
	int n;

	memset(s, 0, sizeof *s);
	s->timeout_s = 30;
	s->terminal = isatty(STDOUT_FILENO);
	s->colour = s->terminal && getenv("NO_COLOR") == NULL;
	copy(s->lang, sizeof s->lang, locale_language());
	copy(s->ca, sizeof s->ca, getenv("CEPTOAR_CA"));
	copy(s->cert, sizeof s->cert, getenv("CEPTOAR_CERT"));
	copy(s->key, sizeof s->key, getenv("CEPTOAR_KEY"));
	set_folder(s);
	copy(s->blind_list, sizeof s->blind_list, getenv("CEPTOAR_BLIND_URL"));
	copy(s->desk_list, sizeof s->desk_list, getenv("CEPTOAR_DESK_URL"));
	copy(s->council, sizeof s->council, getenv("CEPTOAR_COUNCIL"));
	if (getenv("CEPTOAR_URL") != NULL && session_urls(s, getenv("CEPTOAR_URL")) != 0)
		s->n_urls = 0;
	n = snprintf(
	    s->state_dir, sizeof s->state_dir, "%s/.ceptoar", home != NULL ? home : "");
	if (home == NULL || home[0] != '/' || n < 0 || (size_t)n >= sizeof s->state_dir)
		s->state_dir[0] = '\0';
}

int
session_urls(struct session *s, const char *list)
{
	unsigned n = 0;
	size_t len;

	while (*list != '\0') {
		len = strcspn(list, ", ");
		if (len > 0) {
			if (n == URLS_MAX || len >= URL_ROOM ||
			    strncmp(list, "https://", 8) != 0)
				return ERR_INVALID;
			memcpy(s->urls[n], list, len);
			while (len > 0 && list[len - 1] == '/')
				len--;
			s->urls[n++][len] = '\0';
			list += strcspn(list, ", ");
		}
		list += strspn(list, ", ");
	}
	s->n_urls = n;
	s->at = 0;
	return n > 0 ? 0 : ERR_INVALID;
}

/* A value as hub.env writes it: bare, or in single quotes with '\'' for a quote. */
static void
unquote(const char *from, size_t n, char *out, size_t room)
{
	size_t i, o = 0;
	int quoted = 0;

	for (i = 0; i < n && o + 1 < room; i++) {
		if (from[i] == '\'')
			quoted = !quoted;
		else if (from[i] == '\\' && !quoted && i + 1 < n)
			out[o++] = from[++i];
		else
			out[o++] = from[i];
	}
	out[o] = '\0';
}

static void
take_env(struct session *s, const char *text)
{
	char value[PATH_MAX];
	const char *eq;
	size_t n;

	for (; *text != '\0'; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		eq = memchr(text, '=', n);
		if (eq == NULL)
			continue;
		unquote(eq + 1, n - (size_t)(eq + 1 - text), value, sizeof value);
		if (strncmp(text, "CEPTOAR_URL=", 12) == 0) {
			if (session_urls(s, value) != 0)
				s->n_urls = 0;
		} else if (strncmp(text, "CEPTOAR_BLIND_URL=", 18) == 0) {
			copy(s->blind_list, sizeof s->blind_list, value);
		} else if (strncmp(text, "CEPTOAR_DESK_URL=", 17) == 0) {
			copy(s->desk_list, sizeof s->desk_list, value);
		} else if (strncmp(text, "CEPTOAR_CA=", 11) == 0) {
			copy(s->ca, sizeof s->ca, value);
		}
	}
}

int
session_as(struct session *s, const char *folder)
{
	char env[PATH_MAX + 16], own[PATH_MAX + 16];
	struct buf b;
	int rc;

	if (snprintf(s->cert, sizeof s->cert, "%s/cert.pem", folder) >=
		(int)sizeof s->cert ||
	    snprintf(s->key, sizeof s->key, "%s/key.pem", folder) >= (int)sizeof s->key)
		return ERR_LIMIT;
	copy(s->folder, sizeof s->folder, folder);
	(void)snprintf(own, sizeof own, "%s/member.json", folder);
	if (s->terms[0] == '\0' && file_exists(own))
		copy(s->terms, sizeof s->terms, own);
	if (!file_exists(s->cert) && !file_exists(own)) {
		(void)session_say(0, "%s: no such member here", folder);
		return ERR_NOTFOUND;
	}
	(void)snprintf(env, sizeof env, "%s/../council.pem", folder);
	if (file_exists(env))
		copy(s->council, sizeof s->council, env);
	(void)snprintf(env, sizeof env, "%s/../hub.env", folder);
	buf_init(&b, 65536);
	rc = file_read(env, &b);
	if (rc == 0)
		take_env(s, buf_cstr(&b));
	buf_done(&b);
	return 0; /* without hub.env the environment or --url may say where the hub is */
}

/* HOST:PORT, the host a name or an address as in a URL. */
static int
is_address(const char *s)
{
	const char *colon = strrchr(s, ':');
	char *end;
	long port;

	if (colon == NULL || colon == s || strlen(s) >= WAY_ROOM ||
	    s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			"0123456789.-_:[]")] != '\0')
		return 0;
	if (s[0] != '[' && strchr(s, ':') != colon)
		return 0;
	port = strtol(colon + 1, &end, 10);
	return *end == '\0' && port > 0 && port < 65536;
}

/* Nothing but socks5h: with any other form this machine would ask its own resolver for
 * the hub's name first. */
int
session_proxy(struct session *s, const char *url)
{
	if (strncmp(url, "socks5h://", 10) != 0 || !is_address(url + 10))
		return ERR_INVALID;
	copy(s->proxy, sizeof s->proxy, url);
	return s->proxy[0] != '\0' ? 0 : ERR_INVALID;
}

int
session_relay(struct session *s, const char *address)
{
	if (!is_address(address))
		return ERR_INVALID;
	copy(s->relay, sizeof s->relay, address);
	return 0;
}

static int
check_ca(const struct session *s)
{
	if (s->ca[0] == '\0')
		return session_say(
		    EXIT_USAGE, "whom to trust? set CEPTOAR_CA or give --ca");
	return EXIT_DONE;
}

int
session_desk(const struct session *s, struct session *ret)
{
	*ret = *s;
	if (s->desk_list[0] == '\0')
		return session_say(EXIT_DOWN,
		    "where is the desks' front? no CEPTOAR_DESK_URL in hub.env or the "
		    "environment, no --desk-url");
	if (session_urls(ret, s->desk_list) != 0)
		return session_say(
		    EXIT_USAGE, "the desks' front: expected https://HOST[:PORT]");
	return session_check(ret);
}

int
session_blind(const struct session *s, struct session *ret)
{
	*ret = *s;
	ret->blind = 1;
	memset(ret->cert, 0, sizeof ret->cert);
	memset(ret->key, 0, sizeof ret->key);
	if (s->blind_list[0] == '\0')
		return session_say(EXIT_DOWN,
		    "where is the blind listener? no CEPTOAR_BLIND_URL in hub.env or the "
		    "environment, no --blind-url");
	if (session_urls(ret, s->blind_list) != 0)
		return session_say(
		    EXIT_USAGE, "the blind listener: expected https://HOST[:PORT]");
	return check_ca(ret);
}

int
session_note(const struct session *s, json_t *kept)
{
	if (!s->blind)
		return 0;
	return json_object_set_new(kept, "blind", json_true()) != 0 ||
		       json_object_set_new(kept, "proxy", json_string(s->proxy)) != 0 ||
		       json_object_set_new(kept, "relay", json_string(s->relay)) != 0
		   ? ERR_NOMEM
		   : 0;
}

int
session_for(const struct session *s, const json_t *kept, struct session *ret)
{
	const char *proxy = json_string_value(json_object_get(kept, "proxy"));
	const char *relay = json_string_value(json_object_get(kept, "relay"));
	int rc;

	if (!json_is_true(json_object_get(kept, "blind"))) {
		*ret = *s;
		return session_check(ret);
	}
	rc = session_blind(s, ret);
	if (rc != EXIT_DONE || ret->proxy[0] != '\0' || ret->relay[0] != '\0')
		return rc;
	if ((proxy != NULL && *proxy != '\0' && session_proxy(ret, proxy) != 0) ||
	    (relay != NULL && *relay != '\0' && session_relay(ret, relay) != 0))
		return session_say(EXIT_REFUSED, "the kept case or report is damaged");
	return EXIT_DONE;
}

int
session_check(const struct session *s)
{
	if (s->proxy[0] != '\0' || s->relay[0] != '\0')
		return session_say(EXIT_USAGE,
		    "--proxy and --relay are for what is blind: this would show our "
		    "certificate");
	if (s->cert[0] == '\0' || s->key[0] == '\0')
		return session_say(EXIT_USAGE,
		    "who are you? give --as DIR/MEMBER, or CEPTOAR_CERT and CEPTOAR_KEY");
	if (s->n_urls == 0)
		return session_say(EXIT_DOWN, "where is the hub? no hub.env beside the "
					      "member's folder (does it run?), "
					      "no --url, no CEPTOAR_URL");
	return check_ca(s);
}

/* What is said may quote a server, a file or the command line: made safe as one. */
int
session_say(int status, const char *fmt, ...)
{
	char text[8192];
	struct buf out;
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	buf_init(&out, 16 * sizeof text);
	buf_adds(&out, "ceptoar: ");
	term_add(&out, slice_of(text), TERM_TEXT);
	buf_addc(&out, '\n');
	(void)fwrite(out.p, 1, out.n, stderr);
	buf_done(&out);
	return status;
}
