#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: issuer keys pass from coming to current to grace with the clock and never back, over a
# killed vault; copies hold none, and a restored keeper ends them all.
# timeout: 900
# slow
exec python3 "$(dirname "$0")/issuer_epochs.py"
