#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: readers choose by sector and level, by kind and by OT; a reporter can keep the government
# out; a ministry hears of the CEPTOARs that it answers for, a community of what is sent to it.
exec python3 "$(dirname "$0")/scope.py"
