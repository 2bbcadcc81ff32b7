#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: readers that take a byte a second, or nothing, or hang about in hundreds delay nobody
# and go when their time is over; the hub's memory does not grow with them.
# alone
exec python3 "$(dirname "$0")/hostile.py"
