#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal (fault 93): SIGTERM with 5,000 streams, half of them at the desks' front: a farewell with the
# time to come back for each, all within 5 s, and what was acknowledged is there.
# timeout: 400
exec python3 "$(dirname "$0")/drain_many.py" 5000
