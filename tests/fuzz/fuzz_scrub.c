/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text, with a sender and indicators: what comes out is valid UTF-8, within its cap,
 * final, and reveals nothing.  The first byte chooses what of the sender is known; text
 * up to the first NUL is one more term, the rest is the text.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/scrub.h"

#include <utf8proc.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const struct {
	enum term_kind kind;
	const char *text;
} sender[] = {
	{ TERM_NAME, "医療法人社団青空会 青空中央病院" },
	{ TERM_NAME, "Aozora Chuo Hospital" },
	{ TERM_ALIAS, "ACH" },
	{ TERM_DOMAIN, "aozora-hp.example.or.jp" },
	{ TERM_NETWORK, "192.0.2.0/28" },
	{ TERM_ASN, "64500" },
	{ TERM_HOST_PREFIX, "ACH-" },
	{ TERM_SITE, "緑ヶ丘浄水場" },
	{ TERM_PERSON, "佐伯 真理子" },
	{ TERM_PERSON, "Mariko Saeki" },
};

static void
must(int holds)
{
	if (!holds)
		abort();
}

static int
is_utf8(const struct buf *b)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)b->p;
	utf8proc_int32_t c;
	utf8proc_ssize_t k;
	size_t i;

	for (i = 0; i < b->n; i += (size_t)k) {
		k = utf8proc_iterate(p + i, (utf8proc_ssize_t)(b->n - i), &c);
		if (k <= 0)
			return 0;
	}
	return 1;
}

static struct scrubber *
make(uint8_t which, struct slice term)
{
	struct scrubber *s = scrubber_new();
	size_t i;
	int r;

	must(s != NULL);
	for (i = 0; i < sizeof sender / sizeof sender[0]; i++)
		if ((which >> (i % 8) & 1) != 0)
			must(scrubber_add(s, sender[i].kind, slice_of(sender[i].text)) ==
			     0);
	r = scrubber_add(s, (enum term_kind)(1 + which % 8), term);
	must(r == 0 || r == ERR_INVALID || r == ERR_LIMIT);
	must(scrubber_ready(s) == 0);
	return s;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct slice term = { NULL, 0 }, text;
	struct scrubber *s;
	struct buf out, again;
	json_t *list;
	const uint8_t *nul;
	uint8_t which;
	int r;

	if (n == 0)
		return 0;
	which = data[0];
	text.p = (const char *)data + 1;
	text.n = n - 1;
	nul = memchr(data + 1, 0, n - 1);
	if (nul != NULL) {
		term.p = text.p;
		term.n = (size_t)(nul - data) - 1;
		text.p = (const char *)nul + 1;
		text.n = n - term.n - 2;
	}
	s = make(which, term);
	list = json_pack("[{s:s,s:s},{s:s,s:s},{s:s,s:s}]", "type", "domain", "value",
	    "evil.example", "type", "ipv4", "value", "10.9.8.7", "type", "other", "value",
	    "maint");
	buf_init(&out, text.n * 16 + 64);
	buf_init(&again, text.n * 256 + 1024);
	r = scrub_text(s, text, list, &out);
	if (r == 0) {
		must(is_utf8(&out));
		must(!scrub_text_reveals(buf_slice(&out), list));
		must(scrub_text(s, buf_slice(&out), list, &again) == 0);
		must(out.n == again.n &&
		     (out.n == 0 || memcmp(out.p, again.p, out.n) == 0));
	} else {
		must(r == ERR_INVALID);
	}
	buf_done(&out);
	buf_done(&again);
	json_decref(list);
	scrubber_free(s);
	return 0;
}
