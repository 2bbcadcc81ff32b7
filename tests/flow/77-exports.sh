#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: an envelope leaves for a written reason only, the log of it is published and chained, and
# a row that is changed, removed or moved is found.
# timeout: 240
exec python3 "$(dirname "$0")/exports.py"
