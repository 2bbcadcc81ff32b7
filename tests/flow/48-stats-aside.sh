#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: what an agency reports and what the centre sends stand in the table as rows of their own: a
# bulletin once, its next revision, an exercise and a secretariat's text not; a call by telephone is no agency's.
exec python3 "$(dirname "$0")/stats_aside.py"
