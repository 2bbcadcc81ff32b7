#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: cursors, hello, replay and two fronts, as the contract says.
exec python3 "$(dirname "$0")/stream.py"
