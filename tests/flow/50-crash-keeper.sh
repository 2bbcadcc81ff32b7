#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: kill -9 of the keeper in mid-batch, 50 rounds: every 201 is in the store and was
# delivered, nothing twice under one idempotency key, the sequence has no gap.
# timeout: 420
exec python3 "$(dirname "$0")/crash_keeper.py" "${ROUNDS:-50}"
