#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: who has no client of the hub acknowledges by the link of a mail: once, and only from the
# page.  Looking changes nothing, a scanner's answer is flagged, used and unknown links are one page.
exec python3 "$(dirname "$0")/answers.py"
