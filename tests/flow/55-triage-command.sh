#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a desk works through its triage on the command line: lock, ask, aside, back, merge; what
# another person holds is refused and named, and so is whoever has no duty at a desk.
exec python3 "$(dirname "$0")/triage_command.py"
