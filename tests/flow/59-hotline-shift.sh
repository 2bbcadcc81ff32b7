#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a shift changes hands while a page runs, and whoever is on duty then is rung; who is
# on the roster without a contact takes no turn.
exec python3 "$(dirname "$0")/hotline_shift.py"
