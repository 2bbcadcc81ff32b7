#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: the keeper comes back with an older copy of its database: open streams are told so by
# reset, and what is reported from then on is delivered.
exec python3 "$(dirname "$0")/older_copy.py"
