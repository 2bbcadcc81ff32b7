#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: the same key and body give one report, 100 posts at once and after a crash; another body is refused.
exec python3 "$(dirname "$0")/idempotency.py"
