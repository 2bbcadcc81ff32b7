#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: an unverified warning says so again after 6 h and ends after 72 h, once each, over
# restarts and steps of the clock; an Idempotency-Key is known for 7 days.
exec python3 "$(dirname "$0")/unverified.py"
