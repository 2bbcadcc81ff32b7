#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: only what was released uses up an automatic release, only what was stored counts as said.
exec python3 "$(dirname "$0")/releases.py"
