#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a holder's key is made offline, is never overwritten, and a passphrase protects it; what makes
# no pair is refused.
exec python3 "$(dirname "$0")/holders.py"
