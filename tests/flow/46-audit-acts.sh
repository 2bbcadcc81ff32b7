#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: whatever a desk does stands in the audit log with the person who did it: triage, drafts,
# release, second person, relay, orders, calls by telephone, answers to questions.
exec python3 "$(dirname "$0")/audit_acts.py"
