#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: what another hub has signed verifies inside a relay, and never as this hub's own: not after
# an import, not offline, not with keys that were kept before, and not for a file to import.
exec python3 "$(dirname "$0")/foreign_keys.py"
