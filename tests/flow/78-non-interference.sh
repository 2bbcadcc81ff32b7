#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: what anybody else sees of a hub is the same, byte for byte and in time, whichever of two
# like members plays the script: sealed, and blind.
# slow
# timeout: 900
cd "$(dirname "$0")" || exit 1
python3 noninterference.py "$@" && exec python3 latency.py
