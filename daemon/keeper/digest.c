/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/digest.h"

#include <string.h>

enum { DAY_S = 86400, JAPAN_S = 9 * 3600 };

static int
two(const char *p, int most, int *ret)
{
	if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
		return ERR_INVALID;
	*ret = (p[0] - '0') * 10 + (p[1] - '0');
	return *ret < most ? 0 : ERR_INVALID;
}

int
digest_read(const char *text, int *ret_of_day)
{
	size_t n = strlen(text);
	int hour, minute, second = 0;

	if ((n != 5 && n != 8) || text[2] != ':' || (n == 8 && text[5] != ':') ||
	    two(text, 24, &hour) != 0 || two(text + 3, 60, &minute) != 0 ||
	    (n == 8 && two(text + 6, 60, &second) != 0))
		return ERR_INVALID;
	*ret_of_day = (hour * 60 + minute) * 60 + second;
	return 0;
}

int64_t
digest_next(int of_day, int64_t now)
{
	int64_t today = (now + JAPAN_S) / DAY_S * DAY_S - JAPAN_S + of_day;

	return today > now ? today : today + DAY_S;
}
