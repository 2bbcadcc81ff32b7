#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: the centre and ministries can be named as soon as they are registered; the key may lie
# elsewhere, an import does not take it away, and who is dropped or suspended cannot be named.
exec python3 "$(dirname "$0")/recipients.py"
