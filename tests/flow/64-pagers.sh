#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: the highest level and its end go through the gateway to pagers, exercises and lower
# levels do not; the call list names who has a telephone; a changed secret overlaps.
exec python3 "$(dirname "$0")/pagers.py"
