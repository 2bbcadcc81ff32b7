#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Sourced first by the flows that fill a disk: they go on with a small one of their own at
# $TEST_TMP/disk (DISK says how large), in a mount namespace that ends with them.  on_disk runs a
# command and brings the hub that it leaves there to where files are searched after a flow.
# shellcheck source=tests/flow/lib-ptrace.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib-ptrace.sh"
if [ "${OWN_DISK:-}" != "$(readlink /proc/self/ns/mnt)" ]; then
	if ! why=$(unshare --mount true 2>&1); then
		echo "FAIL: no mount namespace can be made here: $why" >&2
		exit 1
	fi
	# shellcheck disable=SC2016 # the inner shell reads the name of its own namespace
	exec unshare --mount bash -c 'OWN_DISK=$(readlink /proc/self/ns/mnt) exec bash "$@"' - "$0" "$@"
fi
mkdir -p "$TEST_TMP/disk" && mount -t tmpfs -o "size=${DISK:-64m},mode=700" none "$TEST_TMP/disk" || exit 1
on_disk() {
	local status=0
	"$@" || status=$?
	cp -a "$TEST_TMP/disk" "$TEST_TMP/was-on-disk" || status=1
	umount "$TEST_TMP/disk" || status=1
	return $status
}
