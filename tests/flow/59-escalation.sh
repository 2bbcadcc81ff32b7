#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: silence about the highest level is followed by a second route, then by second
# contacts, each marked; it ends with the acknowledgement; the centre has one figure.
exec python3 "$(dirname "$0")/escalation.py"
