#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: half the subscribers lose the network for a minute: cut off within 35 s, also silent ones, and
# not counted as reached meanwhile; the others notice nothing; back, they resume and miss nothing.
# slow
# timeout: 240
# shellcheck source=tests/flow/lib-netns.sh
. "$(dirname "$0")/lib-netns.sh"
exec python3 "$(dirname "$0")/partition.py" "${AWAY:-60}"
