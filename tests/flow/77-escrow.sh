#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: new escrow holders take over without a restart, each pair opens its own envelopes and no
# other, and the pair before retires when its last envelope is gone.
# timeout: 240
exec python3 "$(dirname "$0")/escrow.py"
