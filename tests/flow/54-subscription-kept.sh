#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a keeper that starts while the vault is away takes nobody's cross-sector subscription away.
exec python3 "$(dirname "$0")/subscription_kept.py"
