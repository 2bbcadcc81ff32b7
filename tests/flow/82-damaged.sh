#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a database that is in use, newer, of another program or damaged is refused and left as
# it was; one bit of a bulletin is found and never delivered.
exec python3 "$(dirname "$0")/damaged.py"
