#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: kill -9 between a token and its report leaves both or neither; a blind case goes on.
# timeout: 240
exec python3 "$(dirname "$0")/blind_crash.py"
