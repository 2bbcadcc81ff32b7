#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: every call of proto/openapi.yaml answers as it says, and every route is in it.
# Debian's python3-jsonschema and python3-yaml belong to Debian's python3.
exec /usr/bin/python3 "$(dirname "$0")/openapi.py"
