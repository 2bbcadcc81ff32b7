#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: the command line shows a desk who is silent, writes down a telephone call, prints a table
# that a spreadsheet reads, and asks and answers questions.
exec python3 "$(dirname "$0")/reach_command.py"
