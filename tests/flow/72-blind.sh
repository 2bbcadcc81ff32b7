#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: the blind listener asks for no certificate and takes a token once: 100 at once give one
# report; no forged one is taken, and none while too few members have drawn.
# timeout: 240
exec python3 "$(dirname "$0")/blind.py"
