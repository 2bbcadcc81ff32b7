#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# tests/night/night.sh [--short]: night.py with its hub on a small disk of its own, which it fills.
# BUILD says where the programs are; TEST_TMP where all of it lies, a folder of its own without it.
if [ -z "${TEST_TMP:-}" ]; then
	TEST_TMP=$(mktemp -d "${TMPDIR:-/tmp}/ceptoar-night.XXXXXX") || exit 1
	export TEST_TMP
	bash "$0" "$@"
	status=$?
	rm -rf "$TEST_TMP"
	exit $status
fi
DISK=$([ "${1:-}" = --short ] && echo 128m || echo 512m)
# shellcheck source=tests/flow/lib-disk.sh
. "$(dirname "$0")/../flow/lib-disk.sh"
on_disk /usr/bin/python3 "$(dirname "$0")/night.py" "$@"
