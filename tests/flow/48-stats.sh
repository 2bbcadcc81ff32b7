#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: the yearly table for the desks, as JSON, table and text; nothing small in it, no exercise,
# nothing that was taken back; the centre's word on how grave a case was stands beside the report.
exec python3 "$(dirname "$0")/stats.py"
