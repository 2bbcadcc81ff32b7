#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: how long an answer takes tells neither which of two like members sent a report, nor
# that k holds its bulletin back.
# alone
# slow
# timeout: 300
exec python3 "$(dirname "$0")/latency.py"
