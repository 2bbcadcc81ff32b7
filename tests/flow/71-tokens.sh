#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: members draw one batch of blind tokens in each epoch, whatever breaks on the way, and
# only from keys that the council signed; a second or another key is refused and named.
# timeout: 600
set -eu
python3 "$(dirname "$0")/tokens.py"
python3 "$(dirname "$0")/issuer_keys.py"
