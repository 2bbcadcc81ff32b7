#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: what anybody else sees of a hub is the same, byte for byte, whichever of two like members
# plays the script with its certificate.
# slow
# timeout: 500
exec python3 "$(dirname "$0")/noninterference.py" sealed
