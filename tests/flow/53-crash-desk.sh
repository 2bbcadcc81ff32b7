#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: kill -9 at each write and answer of a desk's release, its update and its cancel: made once,
# told to everybody concerned at least once and in order, and a repeated call gives the first answer.
# timeout: 240
# shellcheck source=tests/flow/lib-ptrace.sh
. "$(dirname "$0")/lib-ptrace.sh"
exec python3 "$(dirname "$0")/crash_desk.py" "${POINTS:-3}"
