#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a reporter lets the centre and a ministry know who it is; they open the envelope with
# openssl, and nobody else gets one or sees that there is one.
# timeout: 180
exec python3 "$(dirname "$0")/named.py"
