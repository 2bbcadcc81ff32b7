#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: what readers are shown of a sender fits k members or waits for a desk, and the preview says so before.
exec python3 "$(dirname "$0")/k_gate.py"
