#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: whose certificate it is says its key and nothing written in it; what is out of date,
# too long or too large is refused at little cost; it ends an open stream when it ends.
exec python3 "$(dirname "$0")/certificates.py"
