#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: the power fails at any moment: of what the keeper wrote since its last sync anything may be
# lost, out of order or torn, and still every 201 is stored, the file is whole, the sequence has no gap.
# shellcheck source=tests/flow/lib-ptrace.sh
. "$(dirname "$0")/lib-ptrace.sh"
exec python3 "$(dirname "$0")/power_loss.py" "${STATES:-300}"
