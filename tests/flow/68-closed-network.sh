#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: two hubs without a network between them: bulletins, updates and cancels go over in signed
# files, once however often they are read; acknowledgements come back as counts; what is forged is refused.
exec python3 "$(dirname "$0")/ferry.py"
