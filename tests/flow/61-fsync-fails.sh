#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a failed fdatasync is outcome_unknown and fail-stop; the key decides after the restart.
# shellcheck source=tests/flow/lib-ptrace.sh
. "$(dirname "$0")/lib-ptrace.sh"
exec python3 "$(dirname "$0")/fsync_fails.py"
