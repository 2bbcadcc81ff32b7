#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: hundreds of handshakes of a byte a second end at 5 s and delay nobody.
# alone
exec python3 "$(dirname "$0")/handshakes.py"
