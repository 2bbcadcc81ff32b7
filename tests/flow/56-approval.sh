#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: two groups become one draft that a sealed and a blind reporter approve, and a bulletin; a refusal stops it.
exec python3 "$(dirname "$0")/approval.py"
