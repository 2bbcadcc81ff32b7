#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a failed fdatasync is outcome_unknown and fail-stop; the key decides after the restart.
exec python3 "$(dirname "$0")/fsync_fails.py"
