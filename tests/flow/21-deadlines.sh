#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: whoever sends a request slowly gets 408 at the absolute deadline, whoever sends on an
# open stream is cut off, and others are served meanwhile.
# alone
# slow
exec python3 "$(dirname "$0")/deadlines.py"
