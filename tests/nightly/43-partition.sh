#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal (faults 98, 101): half the subscribers lose the network for ten minutes: cut off within 35 s and
# not counted as reached; back, they resume by cursor and miss nothing.
# timeout: 900
AWAY=600 exec bash "$(dirname "$0")/../flow/43-partition.sh"
