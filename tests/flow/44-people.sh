#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a person's certificate lets in as far as its duties go, until an import no longer names it,
# and nothing of a person stands beside a report.
exec python3 "$(dirname "$0")/people.py"
