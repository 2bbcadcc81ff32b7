#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: 429 and 409 are the same on both listeners, and one idempotency key used on both joins nothing.
# slow
# timeout: 300
exec python3 "$(dirname "$0")/leak_answers.py"
