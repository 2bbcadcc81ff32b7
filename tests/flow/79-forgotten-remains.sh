#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: what was deleted is in no file, the write-ahead log included; no core, swap or environment
# gets hold of a program's memory.
# slow
# timeout: 200
exec python3 "$(dirname "$0")/leak_remains.py"
