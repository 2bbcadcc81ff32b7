#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Sourced first by the flows that look into a running program.  The programs are not dumpable,
# so their own user may neither trace them nor read /proc/PID/environ.  Root may; so may the
# root of a user namespace in which the hub is started, and the flow goes on as that one.
# Where such a namespace is refused (some containers do), sudo without a question will do.
if [ "$(id -u)" -ne 0 ]; then
	if unshare --map-root-user true 2>/dev/null; then
		exec unshare --map-root-user bash "$0" "$@"
	elif sudo -n true 2>/dev/null; then
		sudo -n env BUILD="${BUILD:-build}" TEST_TMP="${TEST_TMP:?}" SLOWER="${SLOWER:-1}" SANITIZED="${SANITIZED:-}" \
			PYTHONDONTWRITEBYTECODE=1 bash "$0" "$@"
		status=$?
		sudo -n chown -R "$(id -u):$(id -g)" "$TEST_TMP"
		exit $status
	fi
	echo "FAIL: this flow needs root, a user namespace (unshare --map-root-user), or sudo -n" >&2
	exit 1
fi
