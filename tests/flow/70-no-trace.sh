#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: after every flow no file but the member registry holds a trace of the sender.
# shellcheck source=tests/flow/lib-ptrace.sh
. "$(dirname "$0")/lib-ptrace.sh"
exec python3 "$(dirname "$0")/no_trace.py"
