#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal (fault 102): 10,000 subscribers, a tenth of them dead: the living get a bulletin as soon as
# without the dead, within 50 ms, and the dead are gone in 35 s.
# timeout: 600
SUBSCRIBERS=10000 exec bash "$(dirname "$0")/../flow/42-dead-tenth.sh"
