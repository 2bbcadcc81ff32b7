#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: every third call that reads, writes, waits or sends is interrupted (EINTR) in front, vault and
# keeper: nobody notices, and nothing is stored or told twice.
# shellcheck source=tests/flow/lib-ptrace.sh
. "$(dirname "$0")/lib-ptrace.sh"
exec python3 "$(dirname "$0")/interrupted.py"
