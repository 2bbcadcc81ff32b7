/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_IN_ANSWER_H
#define FRONT_IN_ANSWER_H

#include "proto/http.h"

/*
 * The listener that links in mails lead to: who has no client of the hub acknowledges
 * there.  Nobody shows a certificate; the link's token is all there is.  Looking changes
 * nothing, an answer needs what only the page has.
 */

/* Before the body is read: P_OK, or why the head may not stand there. */
enum problem in_answer_look(const struct http_request *r);

#endif
