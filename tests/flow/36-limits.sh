#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: every limit holds for whom it is meant, says when to come back and nothing of others.
exec python3 "$(dirname "$0")/limits.py"
