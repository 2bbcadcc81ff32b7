#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: every operation of proto/openapi.yaml answers every kind of caller about every kind of
# object as the description says; what a caller may not see is not there, byte for byte.
# timeout: 600
exec /usr/bin/python3 "$(dirname "$0")/matrix.py"
