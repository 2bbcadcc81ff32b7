#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: acknowledgements are durable over a crash, idempotent, never go backwards, and tell
# nobody of bulletins that he may not know.
exec python3 "$(dirname "$0")/acks.py"
