#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: SIGTERM with open streams and running requests: bye, all acknowledged is durable, exit 0 within 5 s.
# alone
exec python3 "$(dirname "$0")/drain.py"
