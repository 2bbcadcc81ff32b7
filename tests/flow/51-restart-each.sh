#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: kill -9 of each program alone leaves a hub that answers 503 where it must, recovers
# by itself, and loses nothing.
# timeout: 180
exec python3 "$(dirname "$0")/restart_each.py"
