#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: vault and keeper share a disk that is full: calls for help come in and rouse the roster, level
# by level, with and without a certificate; ordinary reports get 507, and nothing taken is lost.
# timeout: 300
# shellcheck source=tests/flow/lib-disk.sh
. "$(dirname "$0")/lib-disk.sh"
on_disk python3 "$(dirname "$0")/disk_shared.py"
