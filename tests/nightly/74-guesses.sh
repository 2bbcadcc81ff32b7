#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal (fault 54): a million guesses of 128-bit ids find nothing, guesses of case secrets are let
# through at the rate of the limit alone, and who has the secret is served all the while.
# timeout: 1200
exec python3 "$(dirname "$0")/../flow/guesses.py" 1000000
