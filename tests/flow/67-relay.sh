#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a desk passes another CEPTOAR's warning on to its members and affiliates, once, with the
# original's signature; a wrapper is never wrapped; the original's end reaches whom the relay reached.
exec python3 "$(dirname "$0")/relayed.py"
