#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: connections in all, of one address and a second are limited; who is connected, and
# another address, do not notice.
exec python3 "$(dirname "$0")/connections.py"
