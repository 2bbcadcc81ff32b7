#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a long poll gives the rows of the stream and wakes for a new one; bad cursors are refused.
# alone
exec python3 "$(dirname "$0")/poll.py"
