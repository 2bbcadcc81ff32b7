#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: while a sync of the disk takes seconds, acknowledgements wait for it and nothing else does:
# committed rows go out, heartbeats are on time, and a row leaves as soon as it is committed.
# alone
# shellcheck source=tests/flow/lib-ptrace.sh
. "$(dirname "$0")/lib-ptrace.sh"
exec python3 "$(dirname "$0")/slow_disk.py"
