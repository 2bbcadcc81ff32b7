#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: who raised the threshold after an alarm still hears its correction, and nothing else.
exec python3 "$(dirname "$0")/raised_threshold.py"
