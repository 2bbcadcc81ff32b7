#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a blind report hides among those of its own CEPTOAR: who drew elsewhere in the sector
# group counts for nothing, at the hub and in the client, which refuses before it sends.
# timeout: 420
exec python3 "$(dirname "$0")/blind_crowd.py"
