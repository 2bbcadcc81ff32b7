#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: SIGHUP reads certificate, revocation list, limits and policy anew; a broken file keeps
# the old settings, is told by status, and is told no more when it is mended.
exec python3 "$(dirname "$0")/reload.py"
