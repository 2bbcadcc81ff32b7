#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: the keeper is killed at each of its first system calls that write, sync or answer:
# what was acknowledged is stored, one report a key, all delivered, the sequence has no gap.
# slow
# timeout: 420
# shellcheck source=tests/flow/lib-ptrace.sh
. "$(dirname "$0")/lib-ptrace.sh"
exec python3 "$(dirname "$0")/kill_sweep.py" "${POINTS:-30}"
