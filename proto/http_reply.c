/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/http.h"

#include <string.h>

/* On every answer: what the hub says is for its reader alone. */
#define ALWAYS "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"

enum { PROBLEM_MAX = 4096 };

const char *
http_reason(int status)
{
	static const struct {
		int status;
		const char *reason;
	} table[] = { { 100, "Continue" }, { 200, "OK" }, { 201, "Created" },
		{ 202, "Accepted" }, { 204, "No Content" }, { 206, "Partial Content" },
		{ 304, "Not Modified" }, { 400, "Bad Request" }, { 401, "Unauthorized" },
		{ 403, "Forbidden" }, { 404, "Not Found" }, { 405, "Method Not Allowed" },
		{ 406, "Not Acceptable" }, { 408, "Request Timeout" },
		{ 409, "Conflict" }, { 410, "Gone" }, { 413, "Content Too Large" },
		{ 414, "URI Too Long" }, { 415, "Unsupported Media Type" },
		{ 417, "Expectation Failed" }, { 421, "Misdirected Request" },
		{ 422, "Unprocessable Content" }, { 425, "Too Early" },
		{ 429, "Too Many Requests" }, { 431, "Request Header Fields Too Large" },
		{ 500, "Internal Server Error" }, { 501, "Not Implemented" },
		{ 503, "Service Unavailable" }, { 505, "HTTP Version Not Supported" },
		{ 507, "Insufficient Storage" } };
	size_t i;

	for (i = 0; i < sizeof table / sizeof table[0]; i++)
		if (table[i].status == status)
			return table[i].reason;
	return "Unknown";
}

void
http_reply(struct buf *out, int status, const char *content_type, const char *extra,
    struct slice body, int keep_alive)
{
	buf_addf(out, "HTTP/1.1 %d %s\r\n", status, http_reason(status));
	if (content_type != NULL) {
		buf_adds(out, "Content-Type: ");
		buf_adds(out, content_type);
		buf_adds(out, "\r\n");
	}
	if (status != 204 && status != 304) /* these have no body by definition */
		buf_addf(out, "Content-Length: %zu\r\n", body.n);
	buf_adds(out, ALWAYS);
	if (!keep_alive)
		buf_adds(out, "Connection: close\r\n");
	if (extra != NULL)
		buf_adds(out, extra);
	buf_adds(out, "\r\n");
	if (body.p != NULL && status != 204 && status != 304)
		buf_add(out, body.p, body.n);
}

void
http_reply_problem_more(struct buf *out, enum problem p, const char *pointer,
    const char *detail, struct slice more, const char *extra, int keep_alive)
{
	struct buf body;

	/* RFC 9110 wants Allow with every 405; the parser's own knows no resource. */
	if (p == P_METHOD && extra == NULL)
		extra = "Allow: GET, POST, PUT, DELETE\r\n";
	buf_init(&body, PROBLEM_MAX + more.n);
	problem_write(&body, p, pointer, detail);
	if (more.n > 0 && buf_err(&body) == 0) {
		body.p[body.n - 1] = ','; /* in place of the brace */
		buf_add(&body, more.p, more.n);
		buf_addc(&body, '}');
	}
	if (buf_err(&body) != 0 && out->err == 0)
		out->err = buf_err(&body);
	http_reply(out, problem_status(p), "application/problem+json", extra,
	    buf_slice(&body), keep_alive);
	buf_done(&body);
}

void
http_reply_problem(struct buf *out, enum problem p, const char *pointer,
    const char *detail, const char *extra, int keep_alive)
{
	http_reply_problem_more(
	    out, p, pointer, detail, (struct slice){ "", 0 }, extra, keep_alive);
}

void
http_reply_cut(struct buf *out)
{
	const char *end = out->n != 0 ? memmem(out->p, out->n, "\r\n\r\n", 4) : NULL;

	if (end != NULL)
		out->n = (size_t)(end - out->p) + 4;
}

void
http_reply_continue(struct buf *out)
{
	buf_adds(out, "HTTP/1.1 100 Continue\r\n\r\n");
}

void
http_reply_stream(struct buf *out)
{
	buf_adds(out,
	    "HTTP/1.1 200 OK\r\n"
	    "Content-Type: text/event-stream\r\n" ALWAYS "X-Accel-Buffering: no\r\n"
	    "Connection: close\r\n\r\n");
}
