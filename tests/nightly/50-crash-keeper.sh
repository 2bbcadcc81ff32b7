#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal (faults 86 to 89): kill -9 of the keeper in mid-batch, 200 rounds with dice of another day: every
# 201 is in the store and was delivered, nothing twice under one idempotency key, no gap.
# timeout: 1200
SEED=$(date +%j) ROUNDS=200 exec bash "$(dirname "$0")/../flow/50-crash-keeper.sh"
