#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a desk takes back what it has passed on with a wrong note: all whom it reached hear so,
# the original goes on without it, and the right note goes out with a new relay.
exec python3 "$(dirname "$0")/withdrawn.py"
