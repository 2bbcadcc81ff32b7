#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: each look and act of a desk is in the audit log before it is answered, over a crash and a
# full disk too; a desk sees its own, and no row names a sender.
exec python3 "$(dirname "$0")/audit.py"
