#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: 20,000 guesses of ids find nothing, guesses of case secrets are let through at the rate of the
# limit alone, and who has the secret is served all the while.
# alone
exec python3 "$(dirname "$0")/guesses.py" 20000
