#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a real HTTPS receiver gets each bulletin once or more, signed and never zero times,
# across kill -9 of the courier, of its child and of the keeper; corrections follow.
exec python3 "$(dirname "$0")/webhooks.py" "${ROUNDS:-6}"
