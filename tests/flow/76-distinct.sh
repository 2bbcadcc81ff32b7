#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a second member's report of the same hash brings the first one's warning to other
# sectors; desks hear when many report it; a lost count is said; no disk knows who it was.
exec python3 "$(dirname "$0")/distinct.py"
