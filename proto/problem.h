/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_PROBLEM_H
#define PROTO_PROBLEM_H

#include "lib/buf.h"
#include "lib/err.h"

/*
 * RFC 9457 problems.  The one table that maps a code to its HTTP status and title; the
 * number is what travels between programs.  X(NAME, status, "code", "title").
 */
#define PROBLEM_TABLE(X) \
	X(OK, 200, "ok", "Done") \
	X(FRAMING, 400, "framing", "The request breaks HTTP/1.1 framing") \
	X(BAD_REQUEST, 400, "bad_request", "The request cannot be understood") \
	X(JSON_SYNTAX, 400, "json_syntax", "The body is not one JSON text") \
	X(JSON_DEPTH, 400, "json_depth", "The JSON text is nested too deeply") \
	X(JSON_DUPLICATE, 400, "json_duplicate", "A key stands twice in one object") \
	X(JSON_ENCODING, 400, "json_encoding", "The JSON text is not valid Unicode") \
	X(JSON_NUMBER, 400, "json_number", \
	    "A number is out of range or not allowed here") \
	X(NAMES_SENDER, 400, "names_sender", \
	    "The blind listener takes nothing that names a sender") \
	X(CURSOR_INVALID, 400, "cursor_invalid", "The cursor is not one of ours") \
	X(UNAUTHORIZED, 401, "unauthorized", "Credentials are missing or do not fit") \
	X(TOKEN_INVALID, 401, "token_invalid", "The token is not one of ours") \
	X(FORBIDDEN, 403, "forbidden", "This role may not do that") \
	X(UNKNOWN_MEMBER, 403, "unknown_member", "The certificate belongs to no member") \
	X(DISABLED_MEMBER, 403, "disabled_member", "The membership is suspended") \
	X(NOT_FOUND, 404, "not_found", "No such thing, or not for this reader") \
	X(METHOD, 405, "method_not_allowed", "The method is not allowed here") \
	X(NOT_ACCEPTABLE, 406, "not_acceptable", "No form of the answer fits Accept") \
	X(TIMEOUT, 408, "timeout", "The request took too long") \
	X(CONFLICT, 409, "conflict", "The state does not allow that") \
	X(TEXT_CHANGED, 409, "text_changed", \
	    "The text would differ from the approved one") \
	X(TOKEN_SPENT, 409, "token_spent", "The token was used before") \
	X(K_TOO_SMALL, 409, "k_too_small", "Too few members could have sent this") \
	X(SECOND_PERSON, 409, "second_person_required", "A second person has to agree") \
	X(CONSENT, 409, "consent_exceeded", "The reporter has not allowed that") \
	X(CURSOR_EXPIRED, 410, "cursor_expired", \
	    "The cursor is of another epoch or too old") \
	X(TOO_LARGE, 413, "too_large", "The body is larger than allowed") \
	X(URI_TOO_LONG, 414, "uri_too_long", "The request line is longer than allowed") \
	X(MEDIA_TYPE, 415, "media_type", "The content type or coding is not supported") \
	X(EXPECTATION, 417, "expectation", "The expectation cannot be met") \
	X(MISDIRECTED, 421, "misdirected", "This host is not served here") \
	X(INVALID_FIELD, 422, "invalid_field", \
	    "A field has a value that is not allowed") \
	X(UNKNOWN_FIELD, 422, "unknown_field", "The field is not known") \
	X(MISSING_FIELD, 422, "missing_field", "A required field is missing") \
	X(WRONG_TYPE, 422, "wrong_type", "A field has the wrong type") \
	X(TEXT_CONTROL, 422, "text_control", \
	    "A text holds characters that are not allowed") \
	X(IDENTITY_IN_TEXT, 422, "identity_in_text", \
	    "A field that is never masked names you") \
	X(NOT_PUBLIC, 422, "not_public", "The text still holds what must not be shared") \
	X(IDEMPOTENCY_MISMATCH, 422, "idempotency_mismatch", \
	    "The key was used for another body") \
	X(EARLY_DATA, 425, "too_early", "Early data is not accepted") \
	X(RATE, 429, "rate_limited", "Too many requests; try again later") \
	X(HEADERS_TOO_LARGE, 431, "headers_too_large", \
	    "The header block is larger than allowed") \
	X(INTERNAL, 500, "internal", "The hub failed; the fault is ours") \
	X(NOT_IMPLEMENTED, 501, "not_implemented", "The method is not known") \
	X(UNAVAILABLE, 503, "unavailable", "A part of the hub is away; try again") \
	X(OUTCOME_UNKNOWN, 503, "outcome_unknown", \
	    "Stored or not is unknown; repeat with the same key") \
	X(HTTP_VERSION, 505, "http_version", "The HTTP version is not supported") \
	X(STORAGE_FULL, 507, "storage_full", "The storage is full")

enum problem {
#define X(name, status, code, title) P_##name,
	PROBLEM_TABLE(X)
#undef X
	    P_COUNT
};

int problem_status(enum problem p);
const char *problem_code(enum problem p);
const char *problem_title(enum problem p);
/* The problem for an error of lib/err.h (ERR_NOMEM -> UNAVAILABLE, ERR_FULL ->
 * STORAGE_FULL ...). */
enum problem problem_of(int err);
/* Writes
 * {"type":"about:blank","status":..,"code":..,"title":..,"pointer":..,"detail":..};
 * pointer and detail may be NULL.  Nothing from the request is echoed but the pointer,
 * which is escaped; detail is a literal of ours. */
void problem_write(
    struct buf *out, enum problem p, const char *pointer, const char *detail);

#endif
