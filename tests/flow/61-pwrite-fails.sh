#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a failed write (EIO) rolls the transaction back: 503 and no acknowledgement, nobody hears of it,
# the keeper goes on, and the same key gives one report once the disk writes again.
# shellcheck source=tests/flow/lib-ptrace.sh
. "$(dirname "$0")/lib-ptrace.sh"
exec python3 "$(dirname "$0")/pwrite_fails.py" "${POINTS:-8}"
