#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a reporter can keep the government out; a ministry hears of the CEPTOARs that it answers
# for, a community of what is sent to it, and of nothing else.
exec python3 "$(dirname "$0")/offices.py"
