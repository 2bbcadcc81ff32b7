/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/courier/mail_way.h"

#include <stdio.h>
#include <string.h>

#include "lib/file.h"
#include "lib/mem.h"
#include "proto/mail.h"
#include "proto/mail_mime.h"

enum { PORT_SMTPS = 465, PORT_SUBMISSION = 587 };

static int
wrong(struct buf *why, const char *name, const char *expected)
{
	buf_addf(why, "[mail] %s: expected %s", name, expected);
	return ERR_INVALID;
}

static int
is_host(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!((s[i] >= 'a' && s[i] <= 'z') || (s[i] >= '0' && s[i] <= '9') ||
			s[i] == '-' || s[i] == '.'))
			return 0;
	return n > 0 && n < TARGET_HOST;
}

/* "smtps://mail.example", "smtp://mail.example:587" */
static int
read_server(struct mail_options *o, struct buf *why)
{
	static const char expected[] =
	    "smtps://host or smtp://host, lower case, with :port perhaps";
	const char *p = o->server, *colon;
	unsigned long port;
	size_t i, n;

	o->implicit = strncmp(p, "smtps://", 8) == 0;
	if (!o->implicit && strncmp(p, "smtp://", 7) != 0)
		return wrong(why, "server", expected);
	p += o->implicit ? 8 : 7;
	colon = strchr(p, ':');
	n = colon != NULL ? (size_t)(colon - p) : strlen(p);
	port = o->implicit ? PORT_SMTPS : PORT_SUBMISSION;
	if (!is_host(p, n))
		return wrong(why, "server", expected);
	if (colon != NULL) {
		for (port = 0, i = 1; colon[i] >= '0' && colon[i] <= '9' && i < 6; i++)
			port = port * 10 + (unsigned long)(colon[i] - '0');
		if (colon[i] != '\0' || port == 0 || port > 65535)
			return wrong(why, "server", expected);
	}
	memcpy(o->at.host, p, n);
	o->at.host[n] = '\0';
	o->at.port = (uint16_t)port;
	return 0;
}

static int
read_password(struct mail_options *o, struct buf *why)
{
	struct buf b;
	size_t i;
	int rc;

	if (o->user[0] == '\0')
		return 0;
	if (o->password_file[0] == '\0')
		return wrong(why, "password_file", "a file, when there is a user");
	buf_init(&b, MAIL_TEXT);
	rc = file_read(o->password_file, &b);
	while (rc == 0 && b.n > 0 && (b.p[b.n - 1] == '\n' || b.p[b.n - 1] == '\r'))
		b.n--;
	if (rc != 0)
		buf_addf(why, "%s: %s", o->password_file, err_str(rc));
	for (i = 0; rc == 0 && i < b.n; i++)
		if ((unsigned char)b.p[i] < 0x20)
			rc = wrong(why, "password_file", "one line");
	if (rc == 0 && (b.n == 0 || b.n >= sizeof o->password))
		rc = wrong(why, "password_file", "a password of at most 255 bytes");
	if (rc == 0) {
		memcpy(o->password, b.p, b.n);
		o->password[b.n] = '\0';
	}
	buf_wipe(&b);
	return rc;
}

static int
read_answers(struct mail_options *o, struct buf *why)
{
	size_t i;

	if (o->answers_url[0] == '\0')
		return 0;
	for (i = 0; o->answers_url[i] != '\0'; i++)
		if (o->answers_url[i] <= ' ' || o->answers_url[i] > '~')
			return wrong(why, "answers_url", "an address without blanks");
	return strncmp(o->answers_url, "https://", 8) == 0 && i > 8
		   ? 0
		   : wrong(why, "answers_url", "https://host");
}

static int
read_whole(struct mail_options *o, struct buf *why)
{
	static const char *const names[] = { "TLP:CLEAR", "TLP:GREEN", "TLP:AMBER",
		"TLP:AMBER+STRICT", "TLP:RED" };
	uint8_t i;

	for (i = 0; i < 5; i++) {
		if (strcmp(o->whole_text, names[i]) == 0) {
			o->whole_up_to = i;
			return 0;
		}
	}
	return wrong(why, "full_text_up_to", "TLP:CLEAR to TLP:RED");
}

int
mail_way_read(struct mail_options *o, struct buf *why)
{
	const char *host;
	int rc;

	if (o->server[0] == '\0')
		return 0;
	rc = read_server(o, why);
	if (rc == 0 && !mail_address_ok(slice_of(o->from)))
		rc = wrong(why, "from", "an address, when there is a server");
	if (rc == 0)
		rc = read_password(o, why);
	if (rc == 0)
		rc = read_answers(o, why);
	if (rc == 0)
		rc = read_whole(o, why);
	if (rc != 0)
		return rc;
	host = strchr(o->from, '@');
	(void)snprintf(
	    o->at.path, sizeof o->at.path, "/%s", host != NULL ? host + 1 : "");
	o->on = 1;
	return 0;
}
