#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: who got a bulletin, stage by stage and by grade of evidence: nobody is counted whom it
# was not sent to, each desk sees its own, a member its own line, and a spreadsheet no formula.
exec python3 "$(dirname "$0")/reach.py"
