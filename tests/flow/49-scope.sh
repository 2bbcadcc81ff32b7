#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: readers choose by sector and level, by kind and by OT; a crisis of the own CEPTOAR comes through.
exec python3 "$(dirname "$0")/scope.py"
