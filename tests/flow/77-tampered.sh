#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a row of the log of exports that somebody with the disk changes, removes or moves is found,
# by the command and by the vault at its start; the database refuses the plain way.
# timeout: 240
exec python3 "$(dirname "$0")/tampered.py"
