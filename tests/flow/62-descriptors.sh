#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a front without descriptors pauses accepting, does not spin, serves who is there, and
# resumes by itself; a blocked standard error stops no program.
# shellcheck source=tests/flow/lib-ptrace.sh
. "$(dirname "$0")/lib-ptrace.sh"
exec python3 "$(dirname "$0")/descriptors.py"
