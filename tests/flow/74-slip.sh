#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a call-back slip opens for the desk it is for and nobody else, ends with the case and
# after 72 h, and no file of the hub holds what it says; guessing case secrets is throttled.
set -e
python3 "$(dirname "$0")/slip.py"
exec python3 "$(dirname "$0")/guessing.py"
