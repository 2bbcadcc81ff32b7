#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a standing order for a desk that sleeps: the centre's bulletin of level 3 passes on at
# night, a smaller one and one of the day do not; in the morning the desk's note follows, once.
exec python3 "$(dirname "$0")/asleep.py"
