#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: every case of the framing table gets its answer over TLS from the running hub, sent as
# one record and byte by byte, and the connection ends where it must.
exec python3 "$(dirname "$0")/framing.py"
