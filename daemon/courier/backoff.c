/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/courier/backoff.h"

#include <string.h>

#include <curl/curl.h>

uint32_t
backoff_delay(const struct backoff *b, unsigned tries, uint32_t dice)
{
	uint64_t d = b->first;
	uint64_t less;

	while (tries-- > 1 && d < b->last)
		d *= 2;
	if (d > b->last)
		d = b->last;
	less = dice % (d / 2 + 1);
	return d - less < b->first ? b->first : (uint32_t)(d - less);
}

static int64_t
clamp(const struct backoff *b, int64_t s)
{
	return s < (int64_t)b->first ? b->first : s > (int64_t)b->last ? b->last : s;
}

int64_t
backoff_retry_after(const struct backoff *b, const char *text, unsigned n, int64_t now)
{
	char s[64];
	int64_t v = 0;
	unsigned i;
	time_t at;

	while (n > 0 && (text[0] == ' ' || text[0] == '\t')) {
		text++;
		n--;
	}
	while (
	    n > 0 && (text[n - 1] == '\r' || text[n - 1] == '\n' || text[n - 1] == ' '))
		n--;
	if (n == 0 || n >= sizeof s)
		return -1;
	memcpy(s, text, n);
	s[n] = '\0';
	if (s[0] == '-' && n > 1 && s[1] >= '0' && s[1] <= '9')
		return b->first;
	for (i = 0; i < n && s[i] >= '0' && s[i] <= '9'; i++)
		v = v > b->last ? v : v * 10 + (s[i] - '0');
	if (i == n)
		return clamp(b, v);
	at = curl_getdate(s, NULL);
	return at == -1 ? -1 : clamp(b, (int64_t)at - now);
}
