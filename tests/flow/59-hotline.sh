#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a call of the hotline pages the centre's roster through a gateway, level by level,
# until somebody takes it; who telephones goes on with words; no name is in any of it.
exec python3 "$(dirname "$0")/hotline.py"
