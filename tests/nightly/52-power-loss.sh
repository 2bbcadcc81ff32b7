#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal (fault 78): 10,000 disks that a power cut may leave of the keeper's writes: every 201 is stored,
# the file is whole, the sequence has no gap.
# timeout: 1200
STATES=10000 exec bash "$(dirname "$0")/../flow/52-power-loss.sh"
