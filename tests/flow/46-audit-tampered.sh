#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a changed, removed or reordered row of the audit log is found and named; rows cut off at
# the end with their signatures by a signature that was kept elsewhere.
exec python3 "$(dirname "$0")/audit_tampered.py"
