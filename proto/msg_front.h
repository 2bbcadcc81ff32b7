/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_MSG_FRONT_H
#define PROTO_MSG_FRONT_H

/* Messages of a front's admin socket (front-admin), for ceptoarctl. */
enum front_msg {
	FM_A_STATUS =
	    1, /* {} -> JSON text: streams, connections, handshakes, ring, links,
		  crl_left_s, reload_error ("" when the last SIGHUP went well) */
};
enum { FRONT_FRAME_MAX = 65536 };

#endif
