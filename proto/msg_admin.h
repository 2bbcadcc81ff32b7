/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_MSG_ADMIN_H
#define PROTO_MSG_ADMIN_H

/* What ceptoarctl asks the keeper for, in KM_A_AUDIT and KM_A_SIGNING. */

/* What of the audit log: a page {n u16, rows, points or keys of proto/audit.h} whose
 * first number is `from` or more; or a signature over its last row now, body empty. */
enum audit_ask { AUDIT_ASK_ROWS, AUDIT_ASK_POINTS, AUDIT_ASK_KEYS, AUDIT_ASK_SIGN };
enum signing_verb { SIGNING_LIST, SIGNING_ROTATE, SIGNING_RETIRE };

#endif
