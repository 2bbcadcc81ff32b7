#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: every bulletin verifies with the published keys, over a rotation too; one altered byte and
# it does not; watch and show pin the keys and warn.
exec python3 "$(dirname "$0")/signature.py"
