/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/err.h"

const char *
err_str(int code)
{
	static const char *const text[] = { "ok", "out of memory", "limit reached",
		"try again", "end of file", "input/output error", "protocol error",
		"invalid value", "not found", "denied", "exists already", "conflict",
		"peer is away", "storage is full", "stored data is corrupt",
		"outcome unknown", "version too new", "cryptographic failure",
		"rate limit" };
	if (code >= 0)
		return text[0];
	if (0u - (unsigned)code >= sizeof text / sizeof text[0])
		return "unknown error";
	return text[-code];
}
