#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: who is let in: versions, certificates of every wrong kind, plain text on the TLS port.
exec python3 "$(dirname "$0")/tls.py"
