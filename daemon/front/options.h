/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_OPTIONS_H
#define FRONT_OPTIONS_H

#include "lib/buf.h"
#include "lib/conf.h"
#include "lib/log.h"

enum { HOSTS_MAX = 32, PATH_ROOM = 256 };

struct front_options {
	char vault_socket[108], keeper_socket[108], desk_socket[108];
	char host_list[1024];
	char cert[PATH_ROOM], key[PATH_ROOM], ca[PATH_ROOM], crl[PATH_ROOM];
	char answers_cert[PATH_ROOM], answers_key[PATH_ROOM];
	char ceptoars[PATH_ROOM], taxonomy[PATH_ROOM];
	long long streams_per_member, connections, connections_per_address;
	long long handshakes_per_second, handshakes_per_address, handshakes_at_once;
	long long blind_connections, blind_handshakes_per_second,
	    blind_reports_per_minute;
	long long answer_connections, answer_handshakes_per_second,
	    answer_failures_per_minute;
	long long reports_per_minute, case_failures_per_minute, calls_at_once, ring_bytes,
	    page_bytes;
	long long token_batch, token_epoch;
	char log_level[8];
	/* Made from the above by front_options_read. */
	char host_text[1024];
	const char *hosts[HOSTS_MAX + 1]; /* NULL-terminated, point into host_text */
	enum log_level level;
};

/* The table: parser, --check, --help and sample file come from it. */
extern const struct conf_option front_options[];
extern const size_t front_options_count;

/* Fallbacks, then the file, then what is derived.  *ret is written on success only;
 * otherwise `why` says what is wrong and where. */
int front_options_read(
    const char *path, struct front_options *ret, struct buf *why) MUST_CHECK;

#endif
