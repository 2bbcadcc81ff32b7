#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: the escrow ceremony from the holders' keys to the destroyed ones: two keys are made, take over
# from the pair before, each pair opens its own envelopes, and the old one retires.
# timeout: 240
exec python3 "$(dirname "$0")/escrow.py"
