#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a subscription is in force at once on the open streams of every front, narrows by
# threshold, sector, product and exercise, and outlives a restart.
exec python3 "$(dirname "$0")/subscription.py"
