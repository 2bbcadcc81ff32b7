#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: no desk looks unseen: a case secret beside the certificate hides no row of the audit log,
# and whom it asks about by /v1/names stands there before the answer.
exec python3 "$(dirname "$0")/audit_looks.py"
