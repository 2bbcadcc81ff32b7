#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a tenth of 1,000 subscribers is dead (its network is gone) when bulletins come: the living get
# them as soon as without the dead, within 50 ms, and the dead are gone in 35 s.
# slow
# alone
# timeout: 240
# shellcheck source=tests/flow/lib-netns.sh
. "$(dirname "$0")/lib-netns.sh"
exec python3 "$(dirname "$0")/dead_tenth.py" "${SUBSCRIBERS:-1000}"
