#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: revoked by the vault or the authority's list, or suspended: no new connection, resumed
# or not, no waiting answer, and open streams end; the suspended member may come back.
exec python3 "$(dirname "$0")/revocation.py"
