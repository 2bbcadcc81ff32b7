#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: observers see GREEN at most, agencies and affiliates report, a member of two CEPTOARs
# says which and hears of each warning once; RED goes to nobody.
exec python3 "$(dirname "$0")/roles.py"
