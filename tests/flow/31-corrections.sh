#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: an update or cancel reaches everybody whom an earlier revision reached; whose right ended gets a stub.
exec python3 "$(dirname "$0")/corrections.py"
