#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: whoever dies between a receiver's answer and its place in the store, the bulletin comes again
# under the same id and at once; what a receiver sends back to the hub does nothing there.
exec python3 "$(dirname "$0")/webhook_window.py"
