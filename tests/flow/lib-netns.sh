#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Sourced first by the flows that cut cables: they go on in a network of their own, in which
# tests/flow/far.py makes places and the switch between them.  Where no such network can be
# made the flow fails and says why; nothing passes without having run.
# shellcheck source=tests/flow/lib-ptrace.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib-ptrace.sh"
if [ "${FAR_NETWORK:-}" != "$(readlink /proc/self/ns/net)" ]; then
	if ! why=$(unshare --net true 2>&1); then
		echo "FAIL: no network namespace can be made here: $why" >&2
		exit 1
	fi
	# shellcheck disable=SC2016 # the inner shell reads the name of its own network
	exec unshare --net bash -c 'FAR_NETWORK=$(readlink /proc/self/ns/net) exec bash "$@"' - "$0" "$@"
fi
ip link set lo up || exit 1
