#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: names that never answer, do not exist, or lead inside, at once or only at a later try, are refused,
# and a receiver in another network whose name is well waits for none of them.
# The hub gets a network and a name server of its own: whatever it looks up is this test's to say.
if [ -z "${NETWORK_IS_OURS:-}" ]; then
	unshare --map-root-user --net --mount true ||
		{ echo "FAIL: this flow needs a network of its own (unshare --map-root-user --net --mount), which is refused here"; exit 1; }
	NETWORK_IS_OURS=yes exec unshare --map-root-user --net --mount bash "$0"
fi
exec python3 "$(dirname "$0")/webhook_names.py"
