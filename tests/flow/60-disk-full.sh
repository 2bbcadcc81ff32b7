#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a full disk: 507, reads and fan-out go on, and it recovers by itself.
# alone
exec python3 "$(dirname "$0")/disk_full.py"
