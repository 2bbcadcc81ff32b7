#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: routing level, consent and role decide who receives, on the stream and in the inbox.
exec python3 "$(dirname "$0")/who_gets_what.py"
