#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal (faults 87 to 89): kill -9 at each of the first twelve writes and answers of a desk's release,
# update and cancel: made once, told to everybody concerned, the same answer for the same key.
# timeout: 600
POINTS=12 exec bash "$(dirname "$0")/../flow/53-crash-desk.sh"
