#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a backup under load is whole and tells its progress; restored elsewhere it is a hub that
# says reset to old cursors.
exec python3 "$(dirname "$0")/backup.py"
