/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/der.h"

#include <string.h>

#include "lib/err.h"

void
der_init(struct der *d, unsigned char *b, size_t room)
{
	d->b = b;
	d->room = d->at = room;
	d->err = 0;
}

void
der_bytes(struct der *d, const void *p, size_t n)
{
	if (d->err != 0 || n > d->at) {
		d->err = ERR_LIMIT;
		return;
	}
	d->at -= n;
	if (p != NULL)
		memcpy(d->b + d->at, p, n);
	else
		memset(d->b + d->at, 0, n);
}

size_t
der_mark(const struct der *d)
{
	return d->at;
}

void
der_wrap(struct der *d, unsigned tag, size_t end)
{
	size_t n = end - d->at;
	unsigned char head[4], *p = head;

	*p++ = (unsigned char)tag;
	if (n > 0xffff) {
		d->err = ERR_LIMIT;
		return;
	}
	if (n > 0xff) {
		*p++ = 0x82;
		*p++ = (unsigned char)(n >> 8);
	} else if (n > 0x7f) {
		*p++ = 0x81;
	}
	*p++ = (unsigned char)(n & 0xff);
	der_bytes(d, head, (size_t)(p - head));
}
