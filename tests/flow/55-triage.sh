#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: 300 copies of one mail are one item; who holds it, what is set aside and comes back, through a crash.
exec python3 "$(dirname "$0")/triage.py"
